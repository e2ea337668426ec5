//! The command line of Cartable: reads the arguments, builds the parts, runs a command.
//!
//! ```text
//! cli.rs       every command and option, as clap reads them
//! commands.rs  which command runs what; commands/… one file per command
//! output.rs    how results are shown: tables for people, JSON for programs
//! present.rs   the tables and sentences themselves; present/… one file per page
//! config.rs    the configuration: one file, and variables
//! exit.rs      which error ends with which code
//! ```

mod cli;
mod commands;
mod config;
mod exit;
mod files;
mod input;
mod items;
mod output;
mod picture;
mod present;
mod signals;
mod telemetry;
mod when;

use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::parse();
    match telemetry::init(cli.global.log.as_deref()).and_then(|()| commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => exit::report(&error),
    }
}
