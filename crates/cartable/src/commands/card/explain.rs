//! `card explain`: why somebody has a card, or none.

use clap::Args;
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::{Moment, Opened, opened, reading};
use crate::cli::Global;
use crate::{config, output};

/// The options of `card explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The login, as the application asks with it
    login: String,
    /// As if it were then: a day, or a day and a time
    #[arg(long, value_name = "WHEN")]
    at: Option<Moment>,
}

/// Explains it.
pub(super) async fn run(options: &Global, args: ExplainArgs, json: bool) -> anyhow::Result<()> {
    let config = config::load(options)?;
    let Opened { connector, pronote, .. } = opened(&config)?;
    let at = Moment::of(args.at, &connector.config().timezone)?;
    let reading = reading(&config, pronote).await?;
    // What is noticed on the way is part of the explanation.
    let explaining = connector.explain_at(&args.login, at).with_subscriber(NoSubscriber::new());
    let explanation = Box::pin(explaining).await;
    reading.end().await;
    if json { output::json(&explanation) } else { output::line(explanation.to_string().trim_end()) }
}
