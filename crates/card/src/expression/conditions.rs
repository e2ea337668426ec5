//! The tests: what holds of a value. Of a list they hold when they hold of one of its values.

use std::sync::Arc;

use jiff::civil::Date;
use minijinja::value::{Kwargs, Rest};
use minijinja::{Environment, Error, State, Value};
use quick_cache::sync::Cache;
use regex::{Regex, RegexBuilder};

use super::day::Day;
use super::fault;
use super::filters::zone;
use super::values::paid;

/// The most that one regular expression may take in memory, compiled, in bytes.
const MOST_OF_PATTERN: usize = 1 << 18;
/// The regular expressions that are kept compiled: more than any configuration has.
const KEPT_PATTERNS: usize = 256;

/// Adds the tests.
pub(super) fn add(env: &mut Environment<'_>) {
    let patterns = Arc::new(Cache::new(KEPT_PATTERNS));
    env.add_test("matching", move |state: &State, value: &Value, pattern: &str, options: Kwargs| {
        let pattern = compiled(&patterns, pattern)?;
        let unless = match options.get::<Option<&str>>("unless")? {
            Some(unless) => Some(compiled(&patterns, unless)?),
            None => None,
        };
        options.assert_all_used()?;
        let fits =
            |text: &String| pattern.is_match(text) && !unless.as_ref().is_some_and(|unless| unless.is_match(text));
        Ok::<_, Error>(paid(state, value)?.iter().any(fits))
    });
    env.add_test("holding", |state: &State, value: &Value, wanted: Rest<Value>| {
        let mut texts = Vec::new();
        for wanted in wanted.iter() {
            texts.extend(paid(state, wanted)?);
        }
        Ok::<_, Error>(paid(state, value)?.iter().any(|value| texts.contains(value)))
    });
    env.add_test("before", |state: &State, value: &Value, day: &Value| {
        let (day, days) = (one(state, day)?, days(state, value)?);
        Ok::<_, Error>(days.iter().flatten().any(|value| *value < day))
    });
    env.add_test("after", |state: &State, value: &Value, day: &Value| {
        let (day, days) = (one(state, day)?, days(state, value)?);
        Ok::<_, Error>(days.iter().flatten().any(|value| *value > day))
    });
    // One that cannot be read is not known to be before.
    env.add_test("all_before", |state: &State, value: &Value, day: &Value| {
        let (day, days) = (one(state, day)?, days(state, value)?);
        Ok::<_, Error>(!days.is_empty() && days.iter().all(|value| value.is_some_and(|value| value < day)))
    });
}

/// The days of a value; what cannot be read is none.
fn days(state: &State, value: &Value) -> Result<Vec<Option<Date>>, Error> {
    let zone = zone(state);
    Ok(paid(state, value)?.iter().map(|text| Day::read(text, &zone)).collect())
}

/// The one day that is compared with.
fn one(state: &State, day: &Value) -> Result<Date, Error> {
    if let Some(day) = day.downcast_object_ref::<Day>() {
        return Ok(day.date);
    }
    let read = paid(state, day)?.first().and_then(|text| Day::read(text, &zone(state)));
    read.ok_or_else(|| fault("it compares with what is no date: write `today`, or a date such as '2026-09-01'"))
}

/// A regular expression, compiled once.
fn compiled(patterns: &Cache<String, Regex>, pattern: &str) -> Result<Regex, Error> {
    patterns.get_or_insert_with(pattern, || {
        let built = RegexBuilder::new(pattern).size_limit(MOST_OF_PATTERN).build();
        built.map_err(|error| fault(format!("`{pattern}` is no regular expression: {}", short(&error))))
    })
}

/// What is wrong with a pattern, in one line.
fn short(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
