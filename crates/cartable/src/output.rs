//! How results are shown: tables and sentences for people, JSON for programs. Everything here writes to stdout.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use comfy_table::Table;
use pronote::wire::Diagnostic;
use serde::Serialize;

use crate::present::Look;

/// The columns of a terminal that does not tell.
const USUAL_WIDTH: u16 = 80;

/// Nobody reads stdout any more: whoever did has seen enough.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub(crate) struct NobodyReads;

/// Writes a value as indented JSON.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(serde_json::to_string_pretty(value)?)
}

/// Writes an answer in the form that all of them have: what it says, and what could not be read of it.
pub(crate) fn answer(data: &impl Serialize, diagnostics: &[Diagnostic]) -> anyhow::Result<()> {
    json(&serde_json::json!({ "data": data, "diagnostics": diagnostics }))
}

/// Writes a line. Unlike `println!` it does not panic when nobody reads any more.
pub(crate) fn line(text: impl AsRef<str>) -> anyhow::Result<()> {
    bytes(format!("{}\n", text.as_ref()).as_bytes())
}

/// Writes bytes as they are.
pub(crate) fn bytes(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Err(NobodyReads.into()),
        written => written.context("could not write the output"),
    }
}

/// How stdout looks: its columns and whether it has colors, when it is a terminal.
pub(crate) fn look() -> Look {
    let terminal = io::stdout().is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    // The table asks the terminal for its columns.
    let width = Table::new().width().filter(|width| *width > 0).unwrap_or(USUAL_WIDTH);
    Look { width: terminal.then_some(width), color: terminal && !plain }
}

/// Saves a file that may hold something private: on Unix for its owner alone.
pub(crate) fn save(path: &Path, content: &[u8]) -> anyhow::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut file| file.write_all(content));
    written.with_context(|| format!("could not write {}", path.display()))
}
