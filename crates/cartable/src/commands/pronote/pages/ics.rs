//! `ics`: an iCalendar of lessons, homework and holidays, for any calendar program.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use gateway::calendar::{Calendar, USUAL_ZONE};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use pronote::functions::homework;
use pronote::model::{Homework, Instance, TimetableEntry};
use pronote::{Cause, Session};

use super::Span;
use super::desk::{Desk, today};
use super::timetable::of_weeks;
use crate::commands::pronote::Invocation;
use crate::exit::{Family, failure};
use crate::{files, output};

#[derive(Debug, Args)]
pub(crate) struct IcsArgs {
    #[command(flatten)]
    span: Span,
    /// What to include, separated by commas [default: everything]
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// The time zone of the school
    #[arg(long, value_name = "ZONE", default_value = USUAL_ZONE)]
    zone: String,
    /// The file to write [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, requires = "out")]
    force: bool,
}

/// What a calendar is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Lessons, detentions and outings
    Lessons,
    /// Homework, as tasks
    Homework,
    /// Holidays
    Holidays,
}

pub(super) async fn run(invocation: &Invocation, args: IcsArgs) -> Result<()> {
    if invocation.json && args.out.is_none() {
        return Err(failure(
            Family::Usage,
            "an iCalendar is not JSON",
            "Leave --json out, or save it with --out FILE.",
        ));
    }
    let desk = Desk::open(invocation).await?;
    let session = desk.one_child()?;
    let instance = session.instance();
    let (from, to) = days(&args.span, &instance);
    let wants = |part| args.only.is_empty() || args.only.contains(&part);
    let mut lessons = Vec::new();
    let mut homework = Vec::new();
    if wants(Part::Lessons) {
        lessons = of_weeks(&session, instance.week_range(from, to)).await?.value.entries;
        lessons.retain(|entry| (from..=to).contains(&entry.start.date()));
    }
    if wants(Part::Homework) {
        homework = match session.read(&homework::Request { weeks: instance.week_range(from, to) }).await {
            Ok(page) => page.value,
            // A teacher's calendar is one without homework, unless homework was asked for.
            Err(error) if args.only.is_empty() && matches!(error.cause, Cause::NoTab | Cause::Denied) => {
                eprintln!("note: this account has no homework page; the calendar is without it");
                Vec::new()
            }
            Err(error) => return Err(error.into()),
        };
        homework.retain(|item| (from..=to).contains(&item.due));
    }
    let mut calendar = begin(&session, &args.zone)?;
    calendar.entries(&lessons).homework(&homework);
    if wants(Part::Holidays) {
        calendar.holidays(&instance.holidays);
    }
    match &args.out {
        None => output::bytes(calendar.finish().as_bytes()),
        Some(target) => {
            files::write(target, calendar.finish().as_bytes(), args.force)?;
            output::saved(target, invocation.json)
        }
    }
}

/// The whole calendar of a year.
pub(super) fn whole(session: &Session, lessons: &[TimetableEntry], homework: &[Homework]) -> Result<String> {
    let mut calendar = begin(session, USUAL_ZONE)?;
    calendar.entries(lessons).homework(homework).holidays(&session.instance().holidays);
    Ok(calendar.finish())
}

/// Without a wish the whole year.
fn days(span: &Span, instance: &Instance) -> (Date, Date) {
    let today = today(instance);
    let from = span.from.map_or(instance.first_date, |day| day.on(today));
    let to = span.to.map_or(instance.last_date, |day| day.on(today));
    (from.min(to), from.max(to))
}

fn begin(session: &Session, zone: &str) -> Result<Calendar> {
    let context = session.context();
    // Written at the school's time, so that the same school gives the same calendar.
    let school_time = context.instance.server_time.or(context.instance.demo_date);
    let in_zone = school_time.and_then(|time| TimeZone::get(zone).ok()?.to_timestamp(time).ok());
    let stamp = in_zone.unwrap_or_else(Timestamp::now);
    Calendar::new(&context, &session.school().key(), zone, stamp)
        .map_err(|error| failure(Family::Usage, error.to_string(), "A zone has a name such as Europe/Paris."))
        .context("no calendar could be made")
}
