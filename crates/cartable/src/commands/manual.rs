//! `completions` and `man`: the command line about itself.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::output;

/// Prints the completions of a shell.
pub(crate) fn completions(shell: Shell) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "cartable", &mut script);
    output::bytes(&script)
}

/// Writes one man page per command.
pub(crate) fn pages(dir: &Path) -> anyhow::Result<()> {
    let write = || {
        fs::create_dir_all(dir)?;
        clap_mangen::generate_to(Cli::command(), dir)
    };
    write().with_context(|| format!("could not write man pages into {}", dir.display()))
}
