//! `timetable`: the lessons of some days.

use anyhow::Result;
use clap::Args;
use jiff::civil::Date;
use pronote::Session;
use pronote::functions::timetable::{Request, When};
use pronote::model::{Instance, Timetable};
use serde_json::Value;

use super::Span;
use super::desk::{Desk, Reading, Shown, school_week, today};
use crate::commands::pronote::Invocation;
use crate::present;
use crate::when::{Week, shifted};

#[derive(Debug, Args)]
pub(crate) struct TimetableArgs {
    #[command(flatten)]
    span: Span,
    /// A whole week: its number in the school year, or a day in it [default: this week]
    #[arg(long, value_name = "WEEK", conflicts_with_all = ["from", "to"], allow_hyphen_values = true)]
    week: Option<Week>,
    /// Show also what lies under something else, and hidden cancelled lessons
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(invocation: &Invocation, args: TimetableArgs) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let instance = session.instance();
        let (from, to) = days(&args, &instance);
        let Reading { value: mut timetable, diagnostics, .. } = read(session, from, to).await?;
        let text = present::timetable::timetable(&timetable, &instance, (from, to), args.all, desk.look);
        if !args.all {
            timetable.entries = timetable.visible(timetable.show_cancelled).cloned().collect();
        }
        Ok(Shown { text, data: json(&timetable)?, diagnostics })
    })
    .await
}

/// The days asked for: without a wish this week, or the next one once the last school day of this one is over.
fn days(args: &TimetableArgs, instance: &Instance) -> (Date, Date) {
    let today = today(instance);
    if args.span.from.is_some() || args.span.to.is_some() {
        return args.span.days(today, today, 1);
    }
    let begin = match args.week {
        Some(week) => week.monday(instance, today),
        None => school_week(instance),
    };
    (begin, shifted(begin, 6))
}

/// Reads the weeks that some days fall in, and keeps the days.
async fn read(session: &Session, from: Date, to: Date) -> Result<Reading<Timetable>> {
    let weeks = session.instance().week_range(from, to);
    let mut reading = of_weeks(session, weeks).await?;
    reading.value.entries.retain(|entry| (from..=to).contains(&entry.start.date()));
    Ok(reading)
}

/// Reads some school weeks, one after the other.
pub(super) async fn of_weeks(session: &Session, weeks: impl IntoIterator<Item = u32>) -> Result<Reading<Timetable>> {
    let mut all = Reading::<Timetable>::default();
    for week in weeks {
        let first = all.raw.is_empty();
        let page = all.add(session.read(&Request { when: When::Week(week) }).await?);
        if first {
            all.value = page;
        } else {
            all.value.entries.extend(page.entries);
            all.value.weeks.extend(page.weeks);
        }
    }
    Ok(all)
}

/// The JSON of a timetable, with identifiers that last.
pub(super) fn json(timetable: &Timetable) -> Result<Value> {
    let mut value = serde_json::to_value(timetable)?;
    let ids = gateway::ids::ids(&timetable.entries);
    for (entry, id) in value["entries"].as_array_mut().into_iter().flatten().zip(ids) {
        entry["id"] = id.into();
    }
    Ok(value)
}
