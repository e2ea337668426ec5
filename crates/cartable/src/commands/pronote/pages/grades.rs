//! `grades`: the grades and averages of a period.

use anyhow::Result;
use pronote::functions::grades::Request;
use pronote::model::Grades;
use serde_json::Value;

use super::Period;
use super::desk::{Desk, Shown, period};
use crate::commands::pronote::Invocation;
use crate::items::{self, Listed, listed};
use crate::present;

pub(super) async fn run(invocation: &Invocation, args: Period) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let period = period(&session.instance(), args.period.as_deref())?;
        let page = session.read(&Request { period }).await?;
        let grades = listed(page.grades.clone());
        let text = present::grades::grades(&page, &grades, desk.look);
        Ok(Shown { text, data: json(&page, &grades)?, diagnostics: page.diagnostics.clone() })
    })
    .await
}

/// The JSON of a page of grades, with identifiers that last.
pub(super) fn json(page: &Grades, grades: &[Listed<pronote::model::Grade>]) -> Result<Value> {
    let mut value = serde_json::to_value(page)?;
    value["grades"] = items::json(grades)?;
    Ok(value)
}
