//! Logs: on stderr, so that results on stdout stay clean.

use std::io;

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

use crate::exit::{Family, failure};

/// Starts logging; without a filter only warnings and errors are shown.
pub(crate) fn init(filter: Option<&str>) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter.unwrap_or("warn")).map_err(|error| {
        let advice = "Give for instance `info`, or `warn,pronote=debug`.";
        failure(Family::Usage, format!("the log filter cannot be read: {error}"), advice)
    })?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_target(false)
        .try_init()
        .map_err(anyhow::Error::from_boxed)
        .context("could not start logging")
}
