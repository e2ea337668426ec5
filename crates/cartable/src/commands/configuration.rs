//! `check` and `config`: the configuration itself.

use clap::Subcommand;

use crate::cli::Global;
use crate::config::{self, sample};
use crate::output;

/// What `config` does.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print a documented cartable.toml with every key at its default
    Example,
}

/// Says what is wrong with the configuration, or what it sets.
pub(crate) fn check(options: &Global) -> anyhow::Result<()> {
    let config = config::load(options)?;
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
    output::line("Everything else is at its default: `cartable config example` shows it.")
}

/// Runs `config`.
pub(crate) fn run(command: &ConfigCommand) -> anyhow::Result<()> {
    match command {
        ConfigCommand::Example => output::bytes(sample::sample().as_bytes()),
    }
}
