//! A school, a board with a class that is bound to a pupil of it, and what fills it.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::sync::Arc;

use board::{Actor, Board, Class, ClassSettings, Expect, Filling, History, Language, Snapshot};
use emulator::Emulator;
use emulator::school::{Change, ChangeId, Extra, ExtraId, Lesson, PersonId, Whose};
use gateway::filling::{Config, Filler};
use gateway::{Gateway, NewLogin, Pace, ProfileName};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use pronote::Space;
use pronote::pace::Limits;
use tempfile::TempDir;
use transport::Transport;

use crate::school::{config, login, name, open, password};

/// The Monday of the week that the school is in.
pub(crate) const MONDAY: Date = date(2026, 11, 23);

pub(crate) struct Desk {
    pub(crate) school: Emulator,
    pub(crate) data: TempDir,
    pub(crate) gateway: Gateway,
    pub(crate) board: Board,
    pub(crate) class: Class,
    pub(crate) filler: Filler,
}

/// When the school is at ten on that Monday.
pub(crate) fn now() -> Timestamp {
    "2026-11-23T10:00:00[Europe/Paris]".parse::<jiff::Zoned>().unwrap().timestamp()
}

pub(crate) fn olga() -> Actor {
    Actor { name: "olga".to_owned(), ..Actor::program("editor") }
}

impl Desk {
    /// A class that is bound to the demonstration pupil.
    pub(crate) async fn new() -> Self {
        Desk::at(Emulator::start(config()).await.unwrap()).await
    }

    pub(crate) async fn at(school: Emulator) -> Self {
        Desk::with(school, Space::Student, Limits::default()).await
    }

    pub(crate) async fn with(school: Emulator, space: Space, limits: Limits) -> Self {
        let data = tempfile::tempdir().unwrap();
        let transport = Transport::new(transport::Config::default()).unwrap();
        let gateway = Gateway::open(data.path(), transport, limits, Arc::new(now)).unwrap();
        let config = board::Config { zone: TimeZone::UTC, clock: Arc::new(now), ..board::Config::new(data.path()) };
        let board = Board::open(config).await.unwrap();
        let class = board.default_class().await.unwrap();
        let settings = ClassSettings { language: Language::En, ..ClassSettings::named("3A") };
        let class = board.set_class(&olga(), class.id, settings, Expect::Anything).await.unwrap();
        let filler = Filler::new(gateway.clone(), board.clone(), Config::default());
        let desk = Desk { school, data, gateway, board, class, filler };
        desk.sign_in(space).await;
        desk.bind("").await;
        desk
    }

    /// Signs in as a person does, and keeps it under the name that the class is bound to.
    pub(crate) async fn sign_in(&self, space: Space) {
        let login: NewLogin = login(password(&self.school, space, "demonstration", "pronotevs"));
        open(self.gateway.sign_in(&profile(), login).await).log_out().await.unwrap();
    }

    pub(crate) async fn bind(&self, child: &str) -> Filling {
        self.board.bind_filling(&olga(), self.class.id, profile().as_str(), child).await.unwrap()
    }

    /// Lets the profile keep to a pace, as one of a real school does.
    pub(crate) fn pace(&self) {
        let (kept, secrets) = self.gateway.profiles().unseal(&profile()).unwrap();
        let kept = gateway::Profile { pace: Pace::Careful, ..kept };
        self.gateway.profiles().keep(&profile(), &kept, &secrets).unwrap();
    }

    #[track_caller]
    pub(crate) fn fill(&self) -> impl Future<Output = board::FillReport> {
        let caller = std::panic::Location::caller();
        async move { self.filler.now(self.class.id).await.unwrap_or_else(|error| panic!("{caller}: {error}")) }
    }

    pub(crate) async fn snapshot(&self) -> Arc<Snapshot> {
        self.board.snapshot(self.class.id).await.unwrap()
    }

    pub(crate) async fn filling(&self) -> Filling {
        self.board.filling(self.class.id).await.unwrap().unwrap()
    }

    /// All that anybody could read on the board, and who did what.
    pub(crate) async fn everything(&self) -> String {
        let wanted = History { class: Some(self.class.id), before: None, limit: 10_000 };
        let entries = self.board.history(&wanted).await.unwrap();
        let filled = entries.iter().filter(|entry| entry.by.via == "pronote");
        let states: Vec<_> = filled.map(|entry| (&entry.before, &entry.after)).collect();
        format!("{:?} {states:?} {:?}", self.snapshot().await, self.filling().await.outcome)
    }

    /// What the names on the board are, by number.
    pub(crate) async fn subject(&self, name: &str) -> i64 {
        let snapshot = self.snapshot().await;
        snapshot.subjects.values().find(|subject| subject.name == name).unwrap().number
    }

    /// A lesson of the pupil, of a day of the week: the first that begins in a slot.
    pub(crate) fn lesson(&self, day: Date, slot: u16) -> Lesson {
        let school = self.school.school();
        let pupil = school.people.get(PersonId(1)).unwrap();
        let week = school.timetable(Whose::Pupil(pupil), day, day);
        let entry = week.iter().find(|entry| entry.slots().0 == slot && entry.lesson().is_some());
        let id = entry.unwrap_or_else(|| panic!("there is no lesson on {day} at slot {slot}")).lesson().unwrap();
        school.lessons.get(id).unwrap().clone()
    }

    /// Changes a lesson of a day.
    pub(crate) fn change(&self, lesson: &Lesson, day: Date, alter: impl FnOnce(&mut Change)) {
        let mut school = self.school.school();
        let id = ChangeId(school.changes.last().map_or(0, |last| last.id.0) + 1);
        let mut change = Change::of(id, lesson.id, day);
        alter(&mut change);
        school.changes.put(change);
    }

    pub(crate) fn extra(&self, extra: Extra) {
        let mut school = self.school.school();
        let id = ExtraId(school.extras.last().map_or(0, |last| last.id.0) + 1);
        school.extras.put(Extra { id, ..extra });
    }

    /// Lets the weeks be as they are planned.
    pub(crate) fn calm(&self) {
        let mut school = self.school.school();
        school.changes = Vec::new().into_iter().collect();
        school.extras = Vec::new().into_iter().collect();
    }
}

pub(crate) fn profile() -> ProfileName {
    name("anna")
}
