//! `card revoke` and `card restore`: whose codes are good.

use std::sync::Arc;

use card::verify::Issuer;
use clap::Args;

use super::opened;
use crate::cli::Global;
use crate::config;
use crate::exit::{Family, failure};
use crate::output;

/// The options of `card revoke` and `card restore`.
#[derive(Debug, Args)]
pub(super) struct WithdrawArgs {
    /// The login
    login: String,
}

/// Withdraws somebody's codes.
pub(super) fn revoke(options: &Global, args: &WithdrawArgs) -> anyhow::Result<()> {
    issuer(options)?.revoke(&args.login)?;
    output::line("No code of this card is good any more.")
}

/// Takes that back.
pub(super) fn restore(options: &Global, args: &WithdrawArgs) -> anyhow::Result<()> {
    issuer(options)?.restore(&args.login)?;
    output::line("The codes of this card are good again.")
}

fn issuer(options: &Global) -> anyhow::Result<Arc<Issuer>> {
    let config = config::load(options)?;
    opened(&config)?.issuer.ok_or_else(|| {
        let advice = "Without them there is nothing to withdraw. `[card.verify] enabled = true` turns them on.";
        failure(Family::Configuration, "codes that prove a card are not configured", advice)
    })
}
