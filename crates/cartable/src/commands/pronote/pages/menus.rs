//! `menus`: what the canteen serves.

use anyhow::Result;
use jiff::civil::Date;
use pronote::Session;
use pronote::functions::menus::Request;
use pronote::model::Menus;
use pronote::wire::Diagnostic;

use super::Span;
use super::desk::{Desk, Shown, today};
use crate::commands::pronote::Invocation;
use crate::present;
use crate::when::{monday, shifted};

pub(super) async fn run(invocation: &Invocation, span: Span) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show_once(async |session| {
        let today = today(&session.instance());
        let (from, to) = span.days(today, monday(today), 7);
        let (menus, diagnostics) = read(session, from, to).await?;
        Ok(Shown { text: present::menus::menus(&menus, desk.look), data: serde_json::to_value(&menus)?, diagnostics })
    })
    .await
}

/// Reads the menus of some days, week by week as the server gives them.
pub(super) async fn read(session: &Session, from: Date, to: Date) -> Result<(Menus, Vec<Diagnostic>)> {
    let mut all: Option<Menus> = None;
    let mut diagnostics = Vec::new();
    let mut week = monday(from);
    while week <= to {
        let page = session.read(&Request { date: week }).await?;
        diagnostics.extend(page.diagnostics.iter().cloned());
        match &mut all {
            None => all = Some(page.value),
            Some(all) => all.days.extend(page.value.days),
        }
        if shifted(week, 7) == week {
            break; // the end of the calendar
        }
        week = shifted(week, 7);
    }
    let mut all = all.unwrap_or_default();
    all.days.retain(|day| (from..=to).contains(&day.date));
    all.days.sort_by_key(|day| day.date);
    all.days.dedup_by_key(|day| day.date);
    Ok((all, diagnostics))
}
