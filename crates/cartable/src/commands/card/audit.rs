//! `card audit`: the cards of all people.

use std::path::PathBuf;

use card::audit::Whom;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::{Moment, Opened, opened, reading};
use crate::cli::Global;
use crate::exit::{Family, failure};
use crate::{config, files, input, output};

/// The options of `card audit`.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// A file of logins, one on each line, instead of everybody whom the identity source lists
    #[arg(long, value_name = "FILE")]
    logins: Option<PathBuf>,
    /// Write each login with its outcome into a file for a spreadsheet
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Replace the file if it is there
    #[arg(long, requires = "csv")]
    force: bool,
    /// As if it were then: a day, or a day and a time
    #[arg(long, value_name = "WHEN")]
    at: Option<Moment>,
}

/// Looks at them, and counts.
pub(super) async fn run(options: &Global, args: AuditArgs, json: bool) -> anyhow::Result<()> {
    let config = config::load(options)?;
    let logins: Option<Vec<String>> = args
        .logins
        .as_deref()
        .map(input::text_of)
        .transpose()?
        .map(|text| text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect());
    let Opened { connector, pronote, .. } = opened(&config)?;
    let at = Moment::of(args.at, &connector.config().timezone)?;
    let reading = reading(&config, pronote).await?;
    let style =
        ProgressStyle::with_template("{spinner} {pos} people, {per_sec}").unwrap_or(ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style);
    let whom = logins.as_deref().map_or(Whom::Everybody, Whom::These);
    let audit = connector.audit(whom, at, args.csv.is_some(), |done| {
        bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    });
    // What is wrong with somebody is counted: told for each, it would hide the counts.
    let audit = Box::pin(audit.with_subscriber(NoSubscriber::new())).await;
    bar.finish_and_clear();
    reading.end().await;
    let audit = audit.map_err(|error| {
        let advice = "`cartable check` asks every source whether it works; `--logins FILE` names the people.";
        failure(Family::Unreachable, error.to_string(), advice)
    })?;
    if let Some(file) = &args.csv {
        files::write(file, audit.csv().as_bytes(), args.force)?;
    }
    if json { output::json(&audit) } else { output::line(audit.to_string().trim_end()) }
}
