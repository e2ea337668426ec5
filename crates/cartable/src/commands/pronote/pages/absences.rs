//! `absences`: absences, delays, punishments and the like.

use anyhow::Result;
use clap::Args;
use jiff::civil::Time;
use pronote::functions::school_life::Request;

use super::desk::{Desk, Shown, period, today};
use super::{Period, Span};
use crate::commands::pronote::Invocation;
use crate::present;

#[derive(Debug, Args)]
pub(crate) struct AbsencesArgs {
    #[command(flatten)]
    period: Period,
    #[command(flatten)]
    span: Span,
}

pub(super) async fn run(invocation: &Invocation, args: AbsencesArgs) -> Result<()> {
    let desk = Desk::open(invocation).await?;
    desk.show(async |session| {
        let instance = session.instance();
        let period = period(&instance, args.period.period.as_deref())?;
        let today = today(&instance);
        let from = args.span.from.map(|day| day.on(today).to_datetime(Time::midnight()));
        let to = args.span.to.map(|day| day.on(today).at(23, 59, 59, 0));
        let page = session.read(&Request { period, from, to }).await?;
        Shown::new(&page, present::absences::absences(&page, desk.look))
    })
    .await
}
