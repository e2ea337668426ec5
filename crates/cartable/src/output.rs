//! How results are shown: tables and sentences for people, JSON for programs. Everything here writes to stdout.

use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use crate::present::Look;

/// The columns of a terminal that does not tell.
const USUAL_WIDTH: u16 = 80;

/// Writes a value as indented JSON.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// Writes a text as it is.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// How stdout looks: its columns and whether it has colors, when it is a terminal.
pub(crate) fn look() -> Look {
    let terminal = io::stdout().is_terminal();
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    // The table asks the terminal for its columns.
    let width = Table::new().width().filter(|width| *width > 0).unwrap_or(USUAL_WIDTH);
    Look { width: terminal.then_some(width), color: terminal && !plain }
}

/// Writes a line. Unlike `println!` it does not panic when nobody reads any more.
pub(crate) fn line(text: impl AsRef<str>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{}", text.as_ref())?;
    out.flush()?;
    Ok(())
}

/// Begins a table that fits the terminal.
pub(crate) fn table<const N: usize>(headers: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_header(headers);
    table
}
