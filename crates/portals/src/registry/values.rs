//! Readers of the values that several fields have in common, each with its fault (portals §4.3).

use std::fmt::Display;

use crate::page::is_hidden;

use super::document::{Item, Value, meant};
use super::row::{Marker, Pairs};
use super::selector::Selector;

/// Nobody writes longer ones, and every one is walked through at each hop.
const LONGEST_LIST: usize = 64;
/// Long enough for any address and any note.
const LONGEST_TEXT: usize = 1000;

/// Something wrong with a value, and where.
pub(super) struct At {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) why: String,
}

impl At {
    pub(super) fn new(item: &Item, why: impl Display) -> At {
        At { file: item.file.clone(), line: item.line, why: why.to_string() }
    }
}

pub(super) fn names<T>(known: &[(&str, T)]) -> String {
    known.iter().map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

pub(super) fn text(item: &Item) -> Result<String, At> {
    match &item.value {
        Value::Text(text) if text.trim().is_empty() => Err(At::new(item, "is empty")),
        Value::Text(text) if text.len() > LONGEST_TEXT => {
            Err(At::new(item, format!("is longer than {LONGEST_TEXT} bytes")))
        }
        Value::Text(text) if text.chars().any(|letter| letter.is_control() || is_hidden(letter)) => {
            Err(At::new(item, "holds control characters, or some that are not seen"))
        }
        Value::Text(text) => Ok(text.clone()),
        _ => Err(At::new(item, "is a text in quotes")),
    }
}

pub(super) fn parsed<T>(item: &Item, parse: impl FnOnce(&str) -> Result<T, String>) -> Result<T, At> {
    parse(&text(item)?).map_err(|why| At::new(item, why))
}

pub(super) fn identifier(item: &Item) -> Result<String, At> {
    let text = text(item)?;
    let fits = (2..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    match fits {
        true => Ok(text),
        false => Err(At::new(item, "an identifier is 2 to 40 of `a` to `z`, `0` to `9` and `-`")),
    }
}

pub(super) fn one_of<T: Copy>(item: &Item, known: &[(&str, T)]) -> Result<T, At> {
    let text = text(item)?;
    known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value).ok_or_else(|| {
        let hint = meant(&text, &known.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        At::new(item, format!("`{}` is none of {}{hint}", shown(&text), names(known)))
    })
}

/// The beginning of what somebody wrote, for a message.
pub(super) fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

pub(super) fn list<T>(item: &Item, read: impl Fn(&Item) -> Result<T, At>) -> Result<Vec<T>, At> {
    match &item.value {
        Value::List(items) if items.len() > LONGEST_LIST => {
            Err(At::new(item, format!("has more than {LONGEST_LIST} entries")))
        }
        Value::List(items) => items.iter().map(read).collect(),
        _ => Err(At::new(item, "is a list in brackets")),
    }
}

/// A table whose names are known.
pub(super) fn table<'i>(item: &'i Item, known: &[&str]) -> Result<&'i [(String, Item)], At> {
    let Value::Table(fields) = &item.value else { return Err(At::new(item, "is a table in braces")) };
    match fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, item)) => Err(At::new(item, format!("`{}` is unknown{}", shown(name), meant(name, known)))),
        None => Ok(fields),
    }
}

pub(super) fn of<'i>(fields: &'i [(String, Item)], name: &str) -> Option<&'i Item> {
    fields.iter().find(|(other, _)| other == name).map(|(_, item)| item)
}

pub(super) fn pairs(item: &Item) -> Result<Pairs, At> {
    let Value::Table(fields) = &item.value else { return Err(At::new(item, "is a table of names and texts")) };
    if fields.len() > LONGEST_LIST {
        return Err(At::new(item, format!("has more than {LONGEST_LIST} entries")));
    }
    let value = |item: &Item| match &item.value {
        Value::Text(empty) if empty.is_empty() => Ok(String::new()),
        _ => text(item),
    };
    fields.iter().map(|(name, item)| Ok((name.clone(), value(item)?))).collect()
}

pub(super) fn optional<T>(item: Option<&Item>, read: impl FnOnce(&Item) -> Result<T, At>) -> Result<Option<T>, At> {
    item.map(read).transpose()
}

pub(super) fn marker(item: &Item) -> Result<Marker, At> {
    let fields = table(item, &["selector", "text", "url_contains"])?;
    if fields.is_empty() {
        return Err(At::new(item, "a marker has a `selector`, a `text` or `url_contains`"));
    }
    // Two letters are on any page: see what a test for `IP` has hidden elsewhere (portals §2.3).
    let long = |item: &Item| {
        text(item).and_then(|text| match text.trim().chars().count() {
            0..4 => Err(At::new(item, "a text of less than 4 letters is found anywhere")),
            _ => Ok(text),
        })
    };
    Ok(Marker {
        selector: optional(of(fields, "selector"), |item| parsed(item, Selector::parse))?,
        text: optional(of(fields, "text"), long)?,
        url_contains: optional(of(fields, "url_contains"), long)?,
    })
}
