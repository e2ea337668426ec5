//! `card revoke` and `card restore`: whose codes are good.

use std::sync::Arc;

use card::connector::is_login;
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
    issuer(options)?.revoke(login(args)?)?;
    output::line(format!("No code of `{}` is good any more.", login(args)?))
}

/// Takes that back.
pub(super) fn restore(options: &Global, args: &WithdrawArgs) -> anyhow::Result<()> {
    issuer(options)?.restore(login(args)?)?;
    output::line(format!("The codes of `{}` are good again.", login(args)?))
}

/// The login. What can be nobody's is a mistake, and better said than withdrawn.
fn login(args: &WithdrawArgs) -> anyhow::Result<&str> {
    let login = args.login.as_str();
    if is_login(login) { Ok(login) } else { Err(failure(Family::Usage, "this cannot be a login", "Give one.")) }
}

fn issuer(options: &Global) -> anyhow::Result<Arc<Issuer>> {
    let config = config::load(options)?;
    opened(&config)?.issuer.ok_or_else(|| {
        let advice = "Without them there is nothing to withdraw. `[card.verify] enabled = true` turns them on.";
        failure(Family::Configuration, "codes that prove a card are not configured", advice)
    })
}
