//! `card example`: a configuration to begin with.

use clap::{Args, ValueEnum};

use crate::output;

/// The options of `card example`.
#[derive(Debug, Args)]
pub(super) struct ExampleArgs {
    /// Whose
    #[arg(value_enum, default_value_t = Sample::University)]
    sample: Sample,
}

/// Whose configuration it is.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Sample {
    /// A university with a directory that follows SUPANN
    University,
    /// A small school with a file of people and a folder of photos
    School,
}

/// Prints it.
pub(super) fn run(args: &ExampleArgs) -> anyhow::Result<()> {
    output::bytes(match args.sample {
        Sample::University => card::samples::UNIVERSITY.as_bytes(),
        Sample::School => card::samples::SCHOOL.as_bytes(),
    })
}
