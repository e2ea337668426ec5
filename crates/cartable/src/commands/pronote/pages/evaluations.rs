//! `evaluations`: evaluations of skills.

use anyhow::Result;
use pronote::functions::evaluations::Request;

use super::Period;
use super::desk::{Desk, Shown, period};
use crate::commands::pronote::Invocation;
use crate::present;

pub(super) async fn run(invocation: &Invocation, args: Period) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let period = period(&session.instance(), args.period.as_deref())?;
        let page = session.read(&Request { period }).await?;
        Shown::new(&page, present::evaluations::evaluations(&page, desk.look))
    })
    .await
}
