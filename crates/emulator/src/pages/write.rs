//! PRONOTE's typed values, as the server writes them (data §1.2 to §1.4, protocol §6).

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use super::{Ids, genre};
use crate::school::{File, Person};

/// A typed value of any kind.
pub(crate) fn typed(kind: u8, value: impl Into<Value>) -> Value {
    json!({ "_T": kind, "V": value.into() })
}

/// `_T` 24 around a list.
pub(crate) fn list(elements: impl IntoIterator<Item = Value>) -> Value {
    typed(24, elements.into_iter().collect::<Vec<_>>())
}

/// `_T` 24 around one element.
pub(crate) fn element(value: Value) -> Value {
    typed(24, value)
}

/// A date, padded.
pub(crate) fn date(day: Date) -> Value {
    typed(7, day.strftime("%d/%m/%Y").to_string())
}

/// A date with its time, padded.
pub(crate) fn date_time(moment: DateTime) -> Value {
    typed(7, moment.strftime("%d/%m/%Y %H:%M:%S").to_string())
}

/// HTML that the client must sanitise.
pub(crate) fn html(text: &str) -> Value {
    typed(21, text)
}

/// A domain of weeks, merged into ranges.
pub(crate) fn domain(numbers: impl IntoIterator<Item = u32>) -> Value {
    typed(8, ranges(numbers))
}

/// A set of small numbers that may hold 0, merged into ranges.
pub(crate) fn set(numbers: impl IntoIterator<Item = u32>) -> Value {
    typed(26, ranges(numbers))
}

/// A mark, or any text standing for one: `15,50`, `|1`.
pub(crate) fn mark(text: impl Into<String>) -> Value {
    typed(10, text.into())
}

/// Numbers as text: `[1,3..4,6]`.
pub(crate) fn ranges(numbers: impl IntoIterator<Item = u32>) -> String {
    let numbers: BTreeSet<u32> = numbers.into_iter().collect();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == number => *end = number,
            _ => runs.push((number, number)),
        }
    }
    let items: Vec<String> = runs
        .into_iter()
        .map(|(start, end)| if start == end { start.to_string() } else { format!("{start}..{end}") })
        .collect();
    format!("[{}]", items.join(","))
}

/// An attachment (data §1.9).
pub(crate) fn attachment(ids: &Ids, file: &File) -> Value {
    let mut value = json!({ "N": ids.write(genre::FILE, file.id), "G": i32::from(!file.is_link()), "L": file.name });
    if let crate::school::Body::Url(url) = &file.body {
        value["url"] = json!(url);
    }
    value
}

/// Somebody as `{N, L, G}`, named as in lists.
pub(crate) fn person(ids: &Ids, person: &Person) -> Value {
    json!({ "N": ids.write(person.kind.genre(), person.id), "L": person.label(), "G": person.kind.genre() })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    #[test]
    fn neighbours_are_merged_into_ranges() {
        assert_eq!(ranges([]), "[]");
        assert_eq!(ranges([4, 1, 3, 6]), "[1,3..4,6]");
        assert_eq!(ranges([0, 1]), "[0..1]");
    }

    #[test]
    fn dates_are_padded() {
        assert_eq!(date(day(2025, 9, 3))["V"], "03/09/2025");
        assert_eq!(date_time(day(2025, 9, 3).at(8, 5, 0, 0))["V"], "03/09/2025 08:05:00");
    }
}
