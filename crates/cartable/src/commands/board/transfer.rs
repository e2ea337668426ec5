//! `board import` and `board export`: from the board before this one, and back.

use std::path::PathBuf;

use board::legacy::{Encoding, Export, ExportOptions, ImportOptions, Legacy};
use clap::Args;
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::{ClassArg, Invocation, person};
use crate::exit::{Family, failure};
use crate::output;
use crate::present::{board as shown, line};

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The folder of the old installation; nothing in it is changed
    dir: PathBuf,
    #[command(flatten)]
    class: ClassArg,
    /// Only tell what would become of everything
    #[arg(long)]
    dry_run: bool,
    /// The encoding of texts that are not UTF-8: windows-1251
    #[arg(long, value_name = "ENCODING", default_value = "utf-8", value_parser = encoding)]
    encoding: Encoding,
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The folder to write into: a new one, or an empty one
    dir: PathBuf,
    #[command(flatten)]
    class: ClassArg,
    /// Give accounts whose password is not known in its old form another one, and print it; they are left out otherwise
    #[arg(long)]
    new_passwords: bool,
}

fn encoding(text: &str) -> Result<Encoding, String> {
    text.parse().map_err(str::to_owned)
}

/// Imports an old installation.
pub(super) async fn import(invocation: &Invocation, args: &ImportArgs) -> anyhow::Result<()> {
    let class = invocation.class(args.class.class.as_deref()).await?;
    let legacy = Legacy::read(&args.dir, args.encoding).await?;
    let options = ImportOptions { dry_run: args.dry_run };
    let report = invocation.board.import(&person(), class.id, &legacy, options).await?;
    if invocation.json {
        output::answer(&report, &[])?;
    } else {
        output::bytes(shown::report(&report, output::look()).as_bytes())?;
        if legacy.vk.is_some() {
            let told = "APIInfo.php holds the token and the confirmation of a VK community: they go into [vk] of \
                        cartable.toml.";
            output::line(told)?;
        }
    }
    if !report.faults.is_empty() {
        let advice = "Nothing was changed. Mend what is told above, and import again.";
        return Err(failure(Family::Configuration, format!("{} cannot be imported", args.dir.display()), advice));
    }
    if report.imported && !invocation.board.users().await?.iter().any(|user| user.admin) {
        eprintln!(
            "note: nobody administers the school yet; `cartable board user add NAME --admin` makes somebody who does"
        );
    }
    if invocation.json {
        return Ok(());
    }
    let slug = &class.slug;
    output::line(match report.imported {
        true => format!("Imported into class `{slug}`."),
        false => format!("This was a dry run: nothing was written. It would go into class `{slug}`."),
    })
}

/// Writes a class for the old board.
pub(super) async fn export(invocation: &Invocation, args: &ExportArgs) -> anyhow::Result<()> {
    let class = invocation.class(args.class.class.as_deref()).await?;
    let options = ExportOptions { new_passwords: args.new_passwords };
    let Export { legacy, passwords } = invocation.board.export(class.id, options).await?;
    legacy.write(&args.dir).await?;
    let passwords = passwords.iter().map(|(name, password)| (name.as_str(), password.expose_secret()));
    if invocation.json {
        let passwords: serde_json::Map<String, _> =
            passwords.map(|(name, password)| (name.to_owned(), password.into())).collect();
        let saved = args.dir.to_string_lossy();
        return output::answer(&json!({ "saved": saved, "report": legacy.report, "passwords": passwords }), &[]);
    }
    output::bytes(shown::notes("Left out, or odd", &legacy.report.oddities).as_bytes())?;
    for (name, password) in passwords {
        output::line(line(&format!("New password of {name}: {password}")))?;
    }
    output::line(format!(
        "Saved {}: {} accounts, {} subjects. The old board also needs its programs, and an APIInfo.php.",
        args.dir.display(),
        legacy.users.len(),
        legacy.subjects.len()
    ))
}
