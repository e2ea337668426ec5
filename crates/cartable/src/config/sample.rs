//! The configuration as a document: a sample with every key at its default, and the reference of the keys.

use std::path::Path;

use super::reader::{Environment, KnownKey, KnownSection};

/// The columns of a comment.
const WIDTH: usize = 100;

/// Every section and key there is.
fn known() -> Vec<KnownSection> {
    super::read(Path::new(super::FILE), "", &Environment::new()).1.known
}

/// A whole `cartable.toml` with every key at its default.
pub(crate) fn sample() -> String {
    let mut text = comment(
        "The configuration of Cartable. Every key may be left out: what stands here is its default. A key that has none \
         is shown behind a #. `cartable check` says what is wrong with this file.",
    );
    for section in known() {
        let KnownSection { name, about, keys } = section;
        // One that is read elsewhere has keys that have to be given.
        let off = if keys.is_empty() { "#" } else { "" };
        text.push_str(&format!("\n{}{off}[{name}]\n", comment(about)));
        for KnownKey { name, sample, has_default, about } in keys {
            let off = if has_default { "" } else { "#" };
            text.push_str(&format!("{}{off}{name} = {sample}\n", comment(about)));
        }
    }
    text
}

/// A text as comment lines.
fn comment(text: &str) -> String {
    let mut lines = String::new();
    let mut line = "#".to_owned();
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line.truncate(1);
        }
        line.push(' ');
        line.push_str(word);
    }
    lines + &line + "\n"
}

/// The keys as tables, for `docs/configuration.md`.
#[cfg(test)]
pub(super) fn reference() -> String {
    use std::fmt::Write as _;

    let mut text = String::new();
    for section in known() {
        write!(text, "\n## `[{}]`\n\n{}\n\n", section.name, section.about).unwrap();
        if section.keys.is_empty() {
            continue;
        }
        text.push_str("| key | default | meaning |\n|---|---|---|\n");
        for KnownKey { name, sample, has_default, about } in &section.keys {
            let default = if *has_default { format!("`{sample}`") } else { "none".to_owned() };
            writeln!(text, "| `{name}` | {default} | {about} |").unwrap();
        }
    }
    text
}
