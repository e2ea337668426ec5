//! `contents` and `resources`: what was done in lessons, and what teachers share.

use anyhow::Result;
use pronote::Session;
use pronote::functions::contents::Request;
use pronote::model::{Contents, LessonContent, SharedResource};
use serde_json::{Value, json};

use super::Span;
use super::desk::{Desk, Reading, Shown, today};
use super::homework::whole_year;
use crate::commands::pronote::Invocation;
use crate::items::{self, Listed, listed};
use crate::present;
use crate::when::shifted;

/// How many days back are shown without a wish.
const DAYS: i64 = 7;

pub(super) async fn run(invocation: &Invocation, span: Span) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let instance = session.instance();
        let today = today(&instance);
        let (from, to) = span.days(today, shifted(today, 1 - DAYS), DAYS);
        let page = session.read(&Request { weeks: instance.week_range(from, to) }).await?;
        let diagnostics = page.diagnostics.clone();
        let mut lessons = in_order(page.value.lessons);
        lessons.retain(|lesson| lesson.start.is_none_or(|start| (from..=to).contains(&start.date())));
        Ok(Shown { text: present::contents::contents(&lessons, desk.look), data: items::json(&lessons)?, diagnostics })
    })
    .await
}

pub(super) async fn resources(invocation: &Invocation) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let Reading { value: year, diagnostics, .. } = of_the_year(session).await?;
        let text = present::contents::resources(&year.shared, &year.manuals, desk.look);
        Ok(Shown { text, data: year.resources()?, diagnostics })
    })
    .await
}

/// All that was written and shared in the year.
#[derive(Debug)]
pub(super) struct Year {
    pub(super) lessons: Vec<Listed<LessonContent>>,
    pub(super) shared: Vec<Listed<SharedResource>>,
    pub(super) manuals: Vec<Listed<SharedResource>>,
}

impl Year {
    /// The JSON of what is shared.
    pub(super) fn resources(&self) -> Result<Value> {
        Ok(json!({ "shared": items::json(&self.shared)?, "manuals": items::json(&self.manuals)? }))
    }
}

/// Reads the contents of every week of the year.
pub(super) async fn of_the_year(session: &Session) -> Result<Reading<Year>> {
    let page = session.read(&Request { weeks: whole_year(&session.instance()) }).await?;
    Ok(Reading::from(page).map(|Contents { lessons, shared, manuals }| Year {
        lessons: in_order(lessons),
        shared: listed(shared),
        manuals: listed(manuals),
    }))
}

fn in_order(mut lessons: Vec<LessonContent>) -> Vec<Listed<LessonContent>> {
    lessons.sort_by_key(|lesson| lesson.start);
    listed(lessons)
}
