//! What a person reads: models in, text out. Nothing here asks, writes or knows where the text goes.
//!
//! A school's text may hold anything: it enters a text or a table through [`line()`], [`block`] or [`cell`], which leave no
//! character that could command a terminal.

pub(crate) mod absences;
pub(crate) mod board;
pub(crate) mod contents;
pub(crate) mod evaluations;
pub(crate) mod grades;
pub(crate) mod home;
pub(crate) mod homework;
pub(crate) mod menus;
pub(crate) mod messages;
pub(crate) mod news;
pub(crate) mod people;
pub(crate) mod report;
pub(crate) mod school;
pub(crate) mod timetable;

use comfy_table::{Attribute, Cell, Color, ColumnConstraint, ContentArrangement, Table, presets};
use pronote::model::Attachment;
use pronote::wire::{Annotation, Mark};
use rust_decimal::Decimal;

/// The columns no wider than this are never broken: dates, marks, identifiers to copy.
const SHORT: u16 = 12;

/// How the reader looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// How many columns the terminal has; none when the text goes elsewhere.
    pub(crate) width: Option<u16>,
    /// Whether colors are welcome.
    pub(crate) color: bool,
}

/// What a color says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    Good,
    Notice,
    Bad,
    Faint,
    Strong,
}

/// Text on one line, with nothing that commands a terminal.
pub(crate) fn line(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().filter(|c| !reorders(*c)).collect()
}

/// Text on its own lines, with nothing that commands a terminal.
pub(crate) fn block(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Whether a character changes the direction of those that follow, or hides.
pub(crate) fn reorders(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A cell of a table.
pub(crate) fn cell(text: impl AsRef<str>) -> Cell {
    Cell::new_owned(block(text.as_ref()))
}

/// A cell whose color says something that its text says too.
pub(crate) fn toned(text: impl AsRef<str>, tone: Option<Tone>) -> Cell {
    let cell = cell(text);
    match tone {
        None => cell,
        Some(Tone::Good) => cell.fg(Color::Green),
        Some(Tone::Notice) => cell.fg(Color::Yellow),
        Some(Tone::Bad) => cell.fg(Color::Red),
        Some(Tone::Faint) => cell.add_attribute(Attribute::Dim),
        Some(Tone::Strong) => cell.add_attribute(Attribute::Bold),
    }
}

/// An empty table: bordered on a terminal, plain columns elsewhere.
pub(crate) fn table<const N: usize>(look: Look, header: [&str; N]) -> Table {
    let mut table = Table::new();
    match look.width {
        Some(width) => {
            table.load_style(presets::UTF8_FULL_CONDENSED).set_width(width);
            table.set_content_arrangement(ContentArrangement::Dynamic);
        }
        None => {
            table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
        }
    }
    if look.color {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(header.map(|title| toned(title, Some(Tone::Strong))));
    if look.width.is_none() {
        table.column_iter_mut().for_each(|column| {
            column.set_padding((0, 2));
        });
    }
    table
}

/// A table as text, with a line feed after each line; nothing for an empty one.
pub(crate) fn text_of(table: &Table) -> String {
    if table.is_empty() {
        return String::new();
    }
    let mut table = table.clone();
    let widths = table.column_max_content_widths();
    for (column, width) in table.column_iter_mut().zip(widths) {
        if width <= SHORT {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
}

/// A table, or the words that say there is nothing in it.
pub(crate) fn table_or(table: &Table, nothing: &str) -> String {
    if table.is_empty() { format!("{nothing}\n") } else { text_of(table) }
}

/// Several names, each once.
pub(crate) fn names<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    let mut each: Vec<&str> = Vec::new();
    for name in names {
        if !each.contains(&name.as_str()) {
            each.push(name);
        }
    }
    joined(each, ", ")
}

/// Several short texts, the empty ones left out.
pub(crate) fn joined<T: AsRef<str>>(parts: impl IntoIterator<Item = T>, between: &str) -> String {
    let parts = parts.into_iter().filter(|part| !part.as_ref().trim().is_empty());
    parts.map(|part| part.as_ref().to_owned()).collect::<Vec<_>>().join(between)
}

/// The names of files, numbered as references to them are; links with where they lead.
pub(crate) fn file_names(files: &[&Attachment]) -> String {
    let named = files.iter().enumerate().map(|(place, file)| {
        let url = file.url.as_deref().filter(|url| *url != file.name).unwrap_or_default();
        line(&joined([format!("{}:", place + 1).as_str(), &file.name, url], " "))
    });
    named.collect::<Vec<_>>().join("\n")
}

/// A number as the school writes it: a decimal comma, no needless zeros.
pub(crate) fn number(value: Decimal) -> String {
    value.normalize().to_string().replace('.', ",")
}

/// A mark, or the annotation in its place.
pub(crate) fn mark(mark: &Mark) -> String {
    match mark {
        Mark::Value(value) => value.to_string().replace('.', ","),
        Mark::Annotated { annotation, .. } => match annotation {
            Annotation::Absent => "absent",
            Annotation::Exempted => "exempted",
            Annotation::NotGraded => "not graded",
            Annotation::Unfit => "unfit",
            Annotation::NotHandedIn => "not handed in",
            Annotation::AbsentZero => "absent, counts as 0",
            Annotation::NotHandedInZero => "not handed in, counts as 0",
            Annotation::Congratulations => "congratulations",
            _ => "?",
        }
        .into(),
    }
}

/// A mark with its scale: `15,5/20`.
pub(crate) fn out_of(value: &Mark, scale: Decimal) -> String {
    match value {
        Mark::Value(_) => format!("{}/{}", mark(value), number(scale)),
        Mark::Annotated { .. } => mark(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[31mb\u{7}\r\nc\u{9b}2J\u{202e}d\u{200b}";

    #[test]
    fn nothing_a_school_writes_commands_a_terminal() {
        assert_eq!(line(HOSTILE), "a [31mb c 2Jd");
        assert_eq!(block(HOSTILE), "a [31mb\nc 2Jd");
        for look in [Look { width: Some(40), color: false }, Look { width: None, color: false }] {
            let mut table = table(look, ["x"]);
            table.add_row([cell(HOSTILE)]);
            assert!(!text_of(&table).chars().any(|c| c.is_control() && c != '\n'));
        }
    }

    #[test]
    fn colors_come_only_where_they_are_welcome() {
        let shown = |look| {
            let mut table = table(look, ["x"]);
            table.add_row([toned("late", Some(Tone::Bad))]);
            text_of(&table)
        };
        assert!(shown(Look { width: Some(40), color: true }).contains("\u{1b}["));
        assert!(!shown(Look { width: Some(40), color: false }).contains('\u{1b}'));
        assert_eq!(shown(Look { width: None, color: false }), "x\nlate\n");
    }
}
