//! `check` and `config`: the configuration itself.

use std::sync::Arc;

use clap::Subcommand;
use jiff::Timestamp;
use transport::Addresses;

use super::card as cards;
use crate::cli::Global;
use crate::config::{self, Config, sample};
use crate::exit::{Family, failure};
use crate::output;

/// What `config` does.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print a documented cartable.toml with every key at its default
    Example,
}

/// Says what is wrong with the configuration, or what it sets; and asks the sources of cards whether they work.
pub(crate) async fn check(options: &Global) -> anyhow::Result<()> {
    let config = config::load(options)?;
    // Certificates are read as such here.
    config.transport(Addresses::Any)?;
    let clock: card::Clock = Arc::new(Timestamp::now);
    let cards = cards::open(&config, &clock)?;
    for warning in &config.warnings {
        eprintln!("warning: {warning}");
    }
    match &config.file {
        Some(file) => output::line(format!("{} can be used.", file.display()))?,
        None => output::line("There is no configuration file.")?,
    }
    output::line(format!("What is kept is kept in {}.", config.data.display()))?;
    for given in &config.given {
        output::line(format!("  {given}"))?;
    }
    output::line("Everything else is at its default: `cartable config example` shows it.")?;
    portals(&config)?;
    let Some(cards) = cards else { return Ok(()) };
    let mut failed = Vec::new();
    for (source, said) in cards.connector.check().await {
        match said {
            Ok(said) => output::line(format!("Cards, source `{source}`: {said}."))?,
            Err(error) => failed.push(format!("`{source}`: {error}")),
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    let message = format!("a source of cards does not work: {}", failed.join("; "));
    Err(failure(Family::Unreachable, message, "Until it does, nobody has a card who is known by it."))
}

/// Says what the user's portals are, and what is wrong with them.
fn portals(config: &Config) -> anyhow::Result<()> {
    let (registry, faults) = config.portals();
    for portal in registry.iter() {
        let Some(file) = &portal.file else { continue };
        let changes = match portal.overrides.as_slice() {
            [] => String::new(),
            fields => format!("; in place of the one shipped, it changes {}", fields.join(", ")),
        };
        output::line(format!("Portal `{}` of {file}{changes}.", portal.id))?;
    }
    if faults.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
    let message = format!("portals that were added here cannot be used:{}", told.concat());
    Err(failure(Family::Configuration, message, "The other portals can; docs/portals.md says what a row holds."))
}

/// Runs `config`.
pub(crate) fn run(command: &ConfigCommand) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Example => output::bytes(sample::sample().as_bytes()),
    }
}
