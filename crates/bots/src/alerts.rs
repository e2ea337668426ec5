//! What chats are told without having asked: new homework and changes, as they come or at a time of day.
//!
//! What is new is read from the history. A chat remembers the last entry that it was told of, and the message that tells
//! it of more goes into the queue in the same transaction as the entry it is told until: nothing is told twice.

use std::collections::BTreeMap;
use std::time::Duration;

use board::{Alerts, Board, Changes, Chat, ClassId, Entry, Intake, NO_CHANGE, Platform, Snapshot, Subject, Task};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::answer::{self, News};
use crate::intake::{Desk, body};
use crate::{language_of, split};

/// The most entries of the history that one alert looks at.
const MOST_ENTRIES: u32 = 500;

/// How soon chats are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertPace {
    /// How often it is looked for news.
    pub look: Duration,
    /// How long nothing more must have come before chats are told "at once": who writes homework writes several.
    pub quiet: Duration,
    /// After which time they are told all the same.
    pub longest: Duration,
}

impl Default for AlertPace {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        AlertPace { look: seconds(5), quiet: seconds(30), longest: seconds(300) }
    }
}

/// Whoever tells chats of news.
pub(crate) struct Teller {
    board: Board,
    desks: Vec<(Platform, Desk)>,
    pace: AlertPace,
    /// Classes whose chats know everything, as of a revision of the class and an entry of the history.
    told: BTreeMap<ClassId, (i64, i64)>,
}

impl Teller {
    pub(crate) fn new(board: Board, desks: Vec<(Platform, Desk)>, pace: AlertPace) -> Self {
        Teller { board, desks, pace, told: BTreeMap::new() }
    }

    /// Works until it is stopped.
    pub(crate) async fn run(mut self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.pace.look) => {}
            }
            if let Err(error) = self.look().await {
                tracing::warn!(%error, "It could not be looked for news");
            }
        }
    }

    /// Looks for news once, and tells those whose turn it is.
    pub(crate) async fn look(&mut self) -> Result<(), board::Error> {
        let mut classes: BTreeMap<ClassId, Vec<Chat>> = BTreeMap::new();
        for chat in self.board.all_chats().await? {
            if chat.alerts.is_some() && self.desks.iter().any(|(platform, _)| *platform == chat.platform) {
                classes.entry(chat.class).or_default().push(chat);
            }
        }
        let mut intakes: BTreeMap<Platform, Vec<Intake>> = BTreeMap::new();
        for (id, chats) in classes {
            for (platform, intake) in self.look_at(id, &chats).await? {
                intakes.entry(platform).or_default().push(intake);
            }
        }
        for (platform, desk) in &self.desks {
            if let Some(intakes) = intakes.remove(platform)
                && desk.tell(intakes).await.is_err()
            {
                tracing::warn!(%platform, "Chats could not be told of news, they will be later");
            }
        }
        Ok(())
    }

    /// What is to be said to the chats of a class.
    async fn look_at(&mut self, id: ClassId, chats: &[Chat]) -> Result<Vec<(Platform, Intake)>, board::Error> {
        // Taken first: what is read after a moment holds all that came before it.
        let now = self.board.now();
        let class = self.board.snapshot(id).await?;
        let told = chats.iter().map(|chat| chat.told).min().unwrap_or(i64::MAX);
        if self.told.get(&id) == Some(&(class.revision, told)) {
            return Ok(Vec::new());
        }
        let entries = self.board.news(id, told, MOST_ENTRIES).await?;
        if entries.is_empty() {
            self.told.insert(id, (class.revision, told));
        }
        let zone = self.board.zone_of(&class.class);
        let today = now.to_zoned(zone.clone()).date();
        let mut intakes = Vec::new();
        for chat in chats {
            let new = &entries[entries.partition_point(|entry| entry.id <= chat.told)..];
            let due = chat.alerts.is_some_and(|alerts| is_due(alerts, new, now, &zone, self.pace));
            let Some(last) = new.last().filter(|_| due) else { continue };
            let news = if class.class.archived.is_some() { Vec::new() } else { news(new, &class, today) };
            let mut messages = Vec::new();
            if !news.is_empty() {
                let settings = &class.class.settings;
                let alert = answer::alert(language_of(settings.language), &settings.name, &news);
                messages.extend(split(alert).iter().map(|message| (chat.peer, body(message))));
            }
            // Also what is of no interest is done with.
            let told = vec![(chat.peer, last.id)];
            intakes.push((chat.platform, Intake { event: None, messages, told }));
        }
        Ok(intakes)
    }
}

/// Whether it is time to tell a chat of what came since it was told last, the earliest first.
fn is_due(alerts: Alerts, new: &[Entry], now: Timestamp, zone: &TimeZone, pace: AlertPace) -> bool {
    let (Some(first), Some(last)) = (new.first(), new.last()) else { return false };
    let before = |wait: Duration| now.checked_sub(wait).unwrap_or(Timestamp::MIN);
    match alerts {
        Alerts::AtOnce => last.at <= before(pace.quiet) || first.at <= before(pace.longest),
        // If the program did not run at the time, it is told when it runs again.
        Alerts::Daily(time) => latest(time, now, zone).is_some_and(|latest| first.at <= latest),
    }
}

/// When it was that time of day last.
fn latest(time: Time, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let today = now.to_zoned(zone.clone()).date();
    let at = |date: Date| Some(zone.to_zoned(date.to_datetime(time)).ok()?.timestamp());
    at(today).filter(|at| *at <= now).or_else(|| at(today.yesterday().ok()?))
}

/// A thing on the board, before and after some entries.
struct Thing<'a> {
    /// The place of its first entry.
    place: usize,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

/// What is new for pupils in some entries of the history of a class, as it is now.
fn news(entries: &[Entry], class: &Snapshot, today: Date) -> Vec<News> {
    let mut things: BTreeMap<(&str, &str), Thing<'_>> = BTreeMap::new();
    for (place, entry) in entries.iter().enumerate() {
        let first = Thing { place, before: entry.before.as_ref(), after: None };
        things.entry((&entry.resource, &entry.key)).or_insert(first).after = entry.after.as_ref();
    }
    let mut things: Vec<_> = things.into_iter().filter(|(_, thing)| thing.before != thing.after).collect();
    things.sort_by_key(|(_, thing)| thing.place);
    let news = |((resource, key), Thing { before, after, .. }): ((&str, &str), Thing<'_>)| match resource {
        "subject" => new_note(before, after),
        "assignment" => new_assignment(before, after, class, today),
        "changes" => new_changes(key, before, after, class, today),
        _ => None,
    };
    things.into_iter().filter_map(news).collect()
}

fn new_note(before: Option<&Value>, after: Option<&Value>) -> Option<News> {
    let after: Subject = state(after)?;
    let before = state::<Subject>(before).map(|before| before.note).unwrap_or_default();
    let new = after.note != before && !after.note.trim().is_empty();
    new.then_some(News::Homework { subject: after.name, due: None, text: after.note })
}

fn new_assignment(before: Option<&Value>, after: Option<&Value>, class: &Snapshot, today: Date) -> Option<News> {
    let (before, after): (Option<Task>, Task) = (state(before), state(after)?);
    let said = |task: &Task| (task.subject, task.due, task.text.clone());
    let new = before.as_ref().map(said) != Some(said(&after)) && after.due >= today;
    let subject = class.subjects.get(&after.subject).map(|subject| subject.name.clone()).unwrap_or_default();
    new.then_some(News::Homework { subject, due: Some(after.due), text: after.text })
}

fn new_changes(
    key: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    class: &Snapshot,
    today: Date,
) -> Option<News> {
    let day: Option<Date> = if key.is_empty() { None } else { Some(key.parse().ok()?) };
    if day.is_some_and(|day| day < today) {
        return None;
    }
    let (before, after): (Option<Changes>, Option<Changes>) = (state(before), state(after));
    let says = |changes: &Changes| !changes.text.trim().is_empty() || changes.rows.iter().any(|row| *row != NO_CHANGE);
    let said = |changes: &Option<Changes>| {
        changes.as_ref().filter(|changes| says(changes)).map(|changes| (changes.text.clone(), changes.rows))
    };
    if said(&before) == said(&after) {
        // Only where they come from is another.
        return None;
    }
    let language = language_of(class.class.settings.language);
    let text = said(&after).and_then(|(text, _)| match day {
        Some(day) => answer::changes(language, class, day),
        None if text.trim().is_empty() => answer::changes(language, class, today),
        None => Some(text.trim_end().to_owned()),
    });
    Some(News::Changes { day, text })
}

fn state<T: DeserializeOwned>(value: Option<&Value>) -> Option<T> {
    serde_json::from_value(value?.clone()).ok()
}

#[cfg(test)]
mod tests;
