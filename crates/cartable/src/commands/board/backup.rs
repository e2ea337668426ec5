//! `board backup`: the database in a file.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::Invocation;
use crate::exit::{Family, failure};
use crate::output;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to make
    file: PathBuf,
    /// Replace it if it is there
    #[arg(long)]
    force: bool,
}

/// Copies the database.
pub(super) async fn backup(invocation: &Invocation, args: &BackupArgs) -> anyhow::Result<()> {
    let file = &args.file;
    if invocation.config.settings.board.is_on_postgres() {
        let advice = "Copy it with PostgreSQL's own tools, for instance `pg_dump --format=custom`.";
        return Err(failure(Family::Usage, "this class board is on a PostgreSQL", advice));
    }
    if !args.force && file.symlink_metadata().is_ok() {
        let exists = format!("{} is there already", file.display());
        return Err(failure(Family::Configuration, exists, "Add --force to replace it."));
    }
    // Beside its place, so that an earlier copy stays whole until this one is.
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = file.with_file_name(name);
    invocation.board.backup(&part).await?;
    let placed = if args.force { std::fs::rename(&part, file) } else { std::fs::hard_link(&part, file) };
    let _ = std::fs::remove_file(&part);
    placed.with_context(|| format!("could not write {}", file.display()))?;
    output::saved(file, invocation.json)
}
