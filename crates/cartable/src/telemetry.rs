//! Logs: on stderr, so that results on stdout stay clean.

use std::io;

use anyhow::Context as _;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

use crate::exit::{Family, failure};

/// The crates whose logs name nobody, at any level.
const OURS: [&str; 7] = ["cartable", "server", "gateway", "pronote", "portals", "transport", "emulator"];

/// Starts logging; without a filter only warnings and errors are shown.
pub(crate) fn init(filter: Option<&str>) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter.unwrap_or("warn")).map_err(|error| {
        let advice = "Give for instance `info`, or `warn,pronote=debug`.";
        failure(Family::Usage, format!("the log filter cannot be read: {error}"), advice)
    })?;
    tracing_subscriber::registry()
        .with(filter)
        .with(filter_fn(names_nobody))
        .with(fmt::layer().with_writer(io::stderr).with_target(false))
        .try_init()
        .map_err(anyhow::Error::new)
        .context("could not start logging")
}

/// Whether it can be logged: what libraries say below warnings tells which schools are asked.
fn names_nobody(event: &Metadata<'_>) -> bool {
    let of = event.target().split("::").next().unwrap_or_default();
    *event.level() <= Level::WARN || OURS.contains(&of)
}
