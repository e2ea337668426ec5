//! One pass: sign in, read a handful of pages, leave.

use std::time::Duration;

use board::filling::{Imported, ImportedHomework};
use board::{Class, Filling};
use jiff::ToSpan as _;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use pronote::Session;
use pronote::functions::timetable::When;
use pronote::functions::{homework, timetable};
use pronote::login::Entrance;
use pronote::model::{PersonKind, tab};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::Error;
use super::homework::task;
use super::hours::Hours;
use super::lessons::lessons;
use super::privacy::Privacy;
use super::week::{Layout, ReadWeek};
use super::words::Words;
use crate::range::week_of;
use crate::viewer::zone_of;
use crate::{Gateway, ProfileName};

/// How many weeks of the timetable are read, and of homework, from this one on.
const TIMETABLE_WEEKS: i64 = 2;
const HOMEWORK_WEEKS: i64 = 4;
/// The most homework that is taken over: several times what a class has in four weeks.
const MOST_HOMEWORK: usize = 500;
/// How long a pass may take: a busy school is given its time, a broken one is not waited for.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long the goodbye may take.
const GOODBYE: Duration = Duration::from_secs(5);

/// Which kept sign-in it is that was refused: what is kept later has another mark.
pub(super) fn mark(gateway: &Gateway, filling: &Filling) -> Option<String> {
    gateway.profiles().mark(&filling.profile.parse().ok()?).ok()
}

/// Reads what a class is filled with.
pub(super) async fn read(
    gateway: &Gateway,
    class: &Class,
    filling: &Filling,
    zone: &TimeZone,
    stop: &CancellationToken,
) -> Result<Imported, Error> {
    let name: ProfileName = filling.profile.parse()?;
    let mark = gateway.profiles().mark(&name)?;
    if filling.refused.as_ref() == Some(&mark) {
        return Err(Error::RefusedBefore);
    }
    let deadline = Instant::now() + PATIENCE;
    let late = |_| Error::TooSlow(PATIENCE.as_secs());
    let resumed = stop.run_until_cancelled(timeout_at(deadline, gateway.resume(&name, false)));
    let session = match resumed.await.ok_or(Error::Closing)?.map_err(late)?? {
        Entrance::Open(session) => session,
        Entrance::Steps(_) => return Err(Error::StepNeeded),
    };
    let reading = timeout_at(deadline, pages(&session, gateway, class, filling, zone));
    let read = stop.run_until_cancelled(reading).await;
    // Whether it went well or not: a session that nobody leaves is one more that the school sees at a time.
    if let Ok(Err(error)) = tokio::time::timeout(GOODBYE, session.log_out()).await {
        tracing::debug!(%error, "The session was left without a word");
    }
    read.ok_or(Error::Closing)?.map_err(late)?
}

async fn pages(
    session: &Session,
    gateway: &Gateway,
    class: &Class,
    filling: &Filling,
    zone: &TimeZone,
) -> Result<Imported, Error> {
    let session = about(session, &filling.child)?;
    let context = session.context();
    let (instance, user) = (&context.instance, &context.user);
    let has = |tab: u32| user.tabs.is_empty() || user.tabs.contains(tab);
    if !has(tab::TIMETABLE) && !has(tab::HOMEWORK) {
        return Err(Error::NothingToRead);
    }
    let zone = zone_of(instance, &class.settings.time_zone(zone));
    let today = instance.today(gateway.clock()().to_zoned(zone).date());
    let monday = monday_of(today);
    let privacy = Privacy::of(user, context.child);
    let words = Words::of(class.settings.language);
    // A week outside the school year has no number, and nothing in it.
    let number = |week: i64| {
        let number = week_of(instance.first_monday, monday.saturating_add((7 * week).days()));
        u32::try_from(number).ok().filter(|number| (1..=instance.last_week()).contains(number))
    };

    let mut weeks = Vec::new();
    for number in (0..TIMETABLE_WEEKS).filter_map(number).filter(|_| has(tab::TIMETABLE)) {
        let page = session.read(&timetable::Request { when: When::Week(number) }).await?;
        let (monday, fortnight) = (instance.monday_of(number), instance.fortnight(number));
        let mut lessons = lessons(&page, &privacy);
        lessons.retain(|lesson| monday_of(lesson.day) == monday);
        let fortnight = fortnight.map(|fortnight| fortnight.label.clone());
        weeks.push(ReadWeek { monday, fortnight, complete: page.is_whole(), lessons });
    }

    let numbers: Vec<u32> = (0..HOMEWORK_WEEKS).filter_map(number).filter(|_| has(tab::HOMEWORK)).collect();
    let homework = match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) => {
            let page = session.read(&homework::Request { weeks: *first..=*last }).await?;
            let (from, to) = (instance.monday_of(*first), instance.monday_of(*last).saturating_add(6.days()));
            let due = page.iter().filter(|homework| (from..=to).contains(&homework.due));
            let mut tasks: Vec<_> = due.filter_map(|homework| task(homework, &privacy, words)).collect();
            let complete = page.is_whole() && tasks.len() <= MOST_HOMEWORK;
            tasks.truncate(MOST_HOMEWORK);
            Some(ImportedHomework { from, to, complete, tasks })
        }
        _ => None,
    };

    let times: Vec<(Time, Time)> =
        weeks.iter().flat_map(|week| &week.lessons).map(|lesson| (lesson.from, lesson.to)).collect();
    let hours = Hours::of(&class.settings.bells, instance, &times);
    let layout = Layout { hours: &hours, words, weeks: &weeks };
    Ok(Imported {
        // Which hours matter is seen in lessons only.
        bells: if times.is_empty() { Vec::new() } else { hours.bells().to_vec() },
        changes: weeks.iter().flat_map(|week| layout.changes(week)).collect(),
        weeks: weeks.iter().map(|week| layout.plan(week)).collect(),
        homework,
    })
}

/// The session about a child: the one of that number, counted from 1, or the only one with that in its name; the only one
/// there is when none is named.
fn about(session: &Session, wanted: &str) -> Result<Session, Error> {
    let user = session.user();
    match user.person.kind {
        PersonKind::Pupil => return Ok(session.clone()),
        PersonKind::Guardian => {}
        _ => return Err(Error::NotAFamily),
    }
    let wanted = wanted.trim().to_lowercase();
    let names: Vec<String> = user.children.iter().map(|child| child.name.to_lowercase()).collect();
    let place = match wanted.parse::<usize>() {
        Ok(number) => number.checked_sub(1).filter(|place| *place < names.len()),
        Err(_) => {
            // Nothing is a part of every name.
            let mut named = (0..names.len()).filter(|place| names[*place].contains(&wanted));
            named.next().filter(|_| named.next().is_none())
        }
    };
    Ok(session.for_child(place.ok_or(Error::WhichChild)?)?)
}

fn monday_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}
