//! `menus`: what the canteen serves.

use anyhow::Result;
use jiff::civil::Date;
use pronote::Session;
use pronote::functions::menus::Request;
use pronote::model::Menus;

use super::Span;
use super::desk::{Desk, Reading, Shown, school_week, today};
use crate::commands::pronote::Invocation;
use crate::present;
use crate::when::{monday, shifted};

/// The most weeks that are asked for: more than a school year.
const MOST_WEEKS: usize = 62;

pub(super) async fn run(invocation: &Invocation, span: Span) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let today = today(&session.instance());
        let (from, to) = span.days(today, school_week(&session.instance()), 7);
        let Reading { value: menus, diagnostics, .. } = read(session, from, to).await?;
        Ok(Shown { text: present::menus::menus(&menus, desk.look), data: serde_json::to_value(&menus)?, diagnostics })
    })
    .await
}

/// Reads the menus of some days, week by week as the server gives them.
async fn read(session: &Session, from: Date, to: Date) -> Result<Reading<Menus>> {
    let mut mondays = vec![monday(from)];
    while let Some(next) = mondays.last().map(|last| shifted(*last, 7)).filter(|next| *next <= to)
        && mondays.len() < MOST_WEEKS
    {
        mondays.push(next);
    }
    let mut reading = of_weeks(session, mondays).await?;
    reading.value.days.retain(|day| (from..=to).contains(&day.date));
    Ok(reading)
}

/// Reads the menus of the weeks of some days.
pub(super) async fn of_weeks(session: &Session, days: impl IntoIterator<Item = Date>) -> Result<Reading<Menus>> {
    let mut all = Reading::<Menus>::default();
    for date in days {
        let first = all.raw.is_empty();
        let page = all.add(session.read(&Request { date }).await?);
        if first {
            all.value = page;
        } else {
            all.value.days.extend(page.days);
        }
    }
    all.value.days.sort_by_key(|day| day.date);
    all.value.days.dedup_by_key(|day| day.date);
    Ok(all)
}
