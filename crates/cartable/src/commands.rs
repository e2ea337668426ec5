//! Which command runs what.

pub(crate) mod board;
pub(crate) mod card;
pub(crate) mod configuration;
pub(crate) mod demo;
pub(crate) mod emulator;
mod manual;
pub(crate) mod pronote;
pub(crate) mod serve;

use std::future::Future;

use anyhow::Context as _;

use crate::cli::{Cli, Command};

/// Runs a command to its end.
pub(crate) fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Demo(args) => block_on(demo::run(&cli.global, args)),
        Command::Emulator(args) => block_on(emulator::run(args)),
        Command::Serve(args) => block_on(serve::run(&cli.global, args)),
        Command::Board(args) => block_on(board::run(&cli.global, args)),
        Command::Card(args) => block_on(card::run(&cli.global, args)),
        Command::Pronote(args) => block_on(pronote::run(&cli.global, args)),
        Command::Check => block_on(configuration::check(&cli.global)),
        Command::Config { command } => configuration::run(&command),
        Command::Completions { shell } => manual::completions(shell),
        Command::Man { dir } => manual::pages(&dir),
    }
}

fn block_on(command: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("could not start")?.block_on(command)
}
