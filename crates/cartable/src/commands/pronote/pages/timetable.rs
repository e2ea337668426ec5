//! `timetable`: the lessons of some days.

use anyhow::Result;
use clap::Args;
use jiff::civil::Date;
use pronote::Session;
use pronote::functions::timetable::{Request, When};
use pronote::model::{Instance, Timetable, TimetableEntry};
use pronote::wire::Diagnostic;
use serde_json::Value;

use super::Span;
use super::desk::{Desk, Shown, today};
use crate::commands::pronote::Invocation;
use crate::present;
use crate::when::{Week, monday, shifted};

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
        let (mut timetable, diagnostics) = read(session, from, to).await?;
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
        None => {
            let left = (0..7 - i64::from(today.weekday().to_monday_zero_offset())).map(|days| shifted(today, days));
            let school = |day: Date| {
                instance.working_days.contains(u32::from(day.weekday().to_monday_one_offset().unsigned_abs()))
            };
            let over = !instance.working_days.is_empty() && !left.into_iter().any(school);
            shifted(monday(today), if over { 7 } else { 0 })
        }
    };
    (begin, shifted(begin, 6))
}

/// Reads the weeks that some days fall in, and keeps the days.
pub(super) async fn read(session: &Session, from: Date, to: Date) -> Result<(Timetable, Vec<Diagnostic>)> {
    let mut all: Option<Timetable> = None;
    let mut diagnostics = Vec::new();
    for week in session.instance().week_range(from, to) {
        let page = session.read(&Request { when: When::Week(week) }).await?;
        diagnostics.extend(page.diagnostics.iter().cloned());
        match &mut all {
            None => all = Some(page.value),
            Some(all) => {
                all.entries.extend(page.value.entries);
                all.weeks.extend(page.value.weeks);
            }
        }
    }
    let mut all = all.unwrap_or_default();
    all.entries.retain(|entry: &TimetableEntry| (from..=to).contains(&entry.start.date()));
    Ok((all, diagnostics))
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
