//! How results are shown: tables and sentences for people, JSON for programs. Everything here writes to stdout.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use anyhow::Context as _;
use comfy_table::Table;
use pronote::wire::Diagnostic;
use serde::Serialize;

use crate::present::{Look, reorders};

/// The columns of a terminal that does not tell.
const USUAL_WIDTH: u16 = 80;

/// Nobody reads stdout any more: whoever did has seen enough.
#[derive(Debug, thiserror::Error)]
#[error("nobody reads the output any more")]
pub(crate) struct NobodyReads;

/// Writes a value as indented JSON, with what could command a terminal escaped.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    line(escaped(&serde_json::to_string_pretty(value)?))
}

/// Writes the characters of a JSON that a terminal obeys as `\uXXXX`: they stand in its texts only, and mean the same there.
pub(crate) fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '\n' | '\r' | '\t' => text.push(c),
            _ if c.is_control() || reorders(c) => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => text.push(c),
        }
    }
    text
}

/// Writes an answer in the form that all of them have: what it says, and what could not be read of it.
pub(crate) fn answer(data: &impl Serialize, diagnostics: &[Diagnostic]) -> anyhow::Result<()> {
    json(&serde_json::json!({ "data": data, "diagnostics": diagnostics }))
}

/// Says where something was saved.
pub(crate) fn saved(path: &Path, json: bool) -> anyhow::Result<()> {
    if json {
        return answer(&serde_json::json!({ "saved": path.to_string_lossy() }), &[]);
    }
    line(format!("Saved {}", path.display()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_commands_no_terminal_and_says_the_same() {
        let text = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}é\n";
        let json = escaped(&serde_json::to_string_pretty(&[text]).unwrap());
        assert!(!json.chars().any(|c| (c.is_control() && c != '\n') || reorders(c)), "{json}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&json).unwrap(), [text]);
    }
}
