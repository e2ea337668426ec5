//! Writes typed values: what a client puts in a request, and what a server puts in an answer.

use jiff::civil::{Date, DateTime};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Mark, Set};

/// `{_T, V}`, the envelope of every typed value (protocol §6.2).
pub fn typed(kind: u8, value: impl Serialize) -> Value {
    json!({ "_T": kind, "V": value })
}

/// An element or a list of elements (`_T` 24).
pub fn list(value: impl Serialize) -> Value {
    typed(24, value)
}

/// A set of weeks (`_T` 8).
#[must_use]
pub fn weeks(weeks: &Set) -> Value {
    typed(8, weeks.to_string())
}

/// A date and time as clients send it: not padded, the time always there (`_T` 7).
#[must_use]
pub fn request_date(date: Date) -> Value {
    typed(7, request_date_time(date.to_datetime(jiff::civil::Time::midnight())))
}

/// A mark (`_T` 10).
#[must_use]
pub fn mark(mark: &Mark) -> Value {
    typed(10, mark.to_string())
}

/// A fragment of HTML (`_T` 21).
#[must_use]
pub fn html(html: &str) -> Value {
    typed(21, html)
}

/// `D/M/YYYY h:m:s`, the form clients send.
#[must_use]
pub fn request_date_time(at: DateTime) -> String {
    format!("{}/{}/{:04} {}:{}:{}", at.day(), at.month(), at.year(), at.hour(), at.minute(), at.second())
}

/// `DD/MM/YYYY`, the form servers send.
#[must_use]
pub fn padded_date(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `DD/MM/YYYY HH:MM:SS`, the form servers send.
#[must_use]
pub fn padded_date_time(at: DateTime) -> String {
    format!("{} {:02}:{:02}:{:02}", padded_date(at.date()), at.hour(), at.minute(), at.second())
}
