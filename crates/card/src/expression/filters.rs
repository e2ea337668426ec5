//! The filters: what is made of values. Each takes one text or a list of them; what cannot be made is left out.

use jiff::civil::Date;
use jiff::fmt::strtime::BrokenDownTime;
use minijinja::value::{Kwargs, Object, ObjectRepr, Rest};
use minijinja::{Environment, Error, State, Value};

use super::day::Day;
use super::notation::{self, Resource};
use super::values::{mapped, paid};
use super::{Notes, fault};

/// How a day is written when nothing else is asked for: as the card application prints it.
const DAY: &str = "%d/%m/%Y";

/// Adds the filters.
pub(super) fn add(env: &mut Environment<'_>) {
    env.add_filter("label", label);
    env.add_filter("composite", composite);
    env.add_filter("state", state_of);
    env.add_filter("date", date);
    env.add_filter("hex", |state: &State, value: &Value| {
        mapped(state, value, |text| Ok(notation::bytes(text).map(|bytes| base16ct::upper::encode_string(&bytes))))
    });
    env.add_filter("hex_reversed", |state: &State, value: &Value| {
        mapped(state, value, |text| {
            let reversed = notation::bytes(text).map(|bytes| bytes.into_iter().rev().collect::<Vec<_>>());
            Ok(reversed.map(|bytes| base16ct::upper::encode_string(&bytes)))
        })
    });
    env.add_filter("decimal", |state: &State, value: &Value| {
        mapped(state, value, |text| Ok(notation::bytes(text).and_then(|b| notation::number(&b)).map(|n| n.to_string())))
    });
    env.add_filter("upper", |state: &State, value: &Value| mapped(state, value, |text| Ok(Some(text.to_uppercase()))));
    env.add_filter("lower", |state: &State, value: &Value| mapped(state, value, |text| Ok(Some(text.to_lowercase()))));
    env.add_filter("trim", |state: &State, value: &Value| {
        mapped(state, value, |text| Ok(Some(text.trim().to_owned())))
    });
    env.add_filter("add", |state: &State, value: &Value, more: i64| {
        mapped(state, value, |text| {
            let sum = text.trim().parse::<i64>().ok().and_then(|number| number.checked_add(more));
            Ok(sum.map(|sum| sum.to_string()))
        })
    });
    env.add_filter("table", table);
    env.add_filter("first", |state: &State, value: &Value| pick(state, value, |mut texts| texts.next()));
    env.add_filter("last", |state: &State, value: &Value| pick(state, value, Iterator::last));
    env.add_filter("min", |state: &State, value: &Value| {
        pick(state, value, |texts| texts.min_by_key(|text| rank(text)))
    });
    env.add_filter("max", |state: &State, value: &Value| {
        pick(state, value, |texts| texts.max_by_key(|text| rank(text)))
    });
    env.add_filter("only", only);
    env.add_filter("default", |value: &Value, other: Value| {
        let nothing = value.is_undefined() || !value.is_true() || notation::is_blank(&value.to_string());
        if nothing { other } else { value.clone() }
    });
}

/// Of values `{LABEL}rest` the rest of those with one of some labels, or with any when none is named.
fn label(state: &State, value: &Value, labels: Rest<String>) -> Result<Value, Error> {
    mapped(state, value, |text| {
        let wanted = |label: &str| labels.is_empty() || labels.iter().any(|wanted| wanted.eq_ignore_ascii_case(label));
        Ok(notation::labelled(text).filter(|(label, _)| wanted(label)).map(|(_, rest)| rest.to_owned()))
    })
}

/// Of values `[key=value]…` the value of a key, where other keys have the values that are asked for.
fn composite(state: &State, value: &Value, key: &str, wanted: Kwargs) -> Result<Value, Error> {
    let mut conditions = Vec::new();
    for name in wanted.args() {
        conditions.push((name, paid(state, &wanted.get::<Value>(name)?)?));
    }
    let composed = mapped(state, value, |text| {
        let pairs = notation::pairs(text);
        let get = |key: &str| pairs.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| *value);
        let fits = conditions
            .iter()
            .all(|(name, wanted)| get(name).is_some_and(|value| wanted.iter().any(|wanted| wanted.trim() == value)));
        Ok(get(key).filter(|_| fits).map(str::to_owned))
    })?;
    wanted.assert_all_used()?;
    Ok(composed)
}

/// The state of a resource, of values `{RESOURCE}STATE:substate:from:to`, with `letter`, `substate`, `from` and `to`.
fn state_of(state: &State, value: &Value, resource: &str) -> Result<Value, Error> {
    let read = paid(state, value)?.iter().find_map(|text| Resource::read(text, resource));
    Ok(Value::from_object(Found(read)))
}

/// The state of a resource, if one was found.
#[derive(Debug)]
struct Found(Option<Resource>);

impl Object for Found {
    fn repr(self: &std::sync::Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &std::sync::Arc<Self>) -> bool {
        self.0.is_some()
    }

    fn get_value_by_str(self: &std::sync::Arc<Self>, key: &str) -> Option<Value> {
        let part = |part: fn(&Resource) -> &str| Some(Value::from(self.0.as_ref().map_or("", part)));
        match key {
            "letter" => part(|found| &found.letter),
            "substate" => part(|found| &found.substate),
            "from" => part(|found| &found.from),
            "to" => part(|found| &found.to),
            _ => None,
        }
    }

    fn get_value(self: &std::sync::Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn render(self: &std::sync::Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.as_ref().map_or(Ok(()), |found| write!(f, "{}:{}", found.letter, found.substate))
    }
}

/// Days in another notation. They are read by the first pattern that fits, or as days are met when none is given.
fn date(state: &State, value: &Value, patterns: Rest<String>, options: Kwargs) -> Result<Value, Error> {
    let to = options.get::<Option<String>>("to")?.unwrap_or_else(|| DAY.to_owned());
    options.assert_all_used()?;
    let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    let wrong = patterns.iter().find(|pattern| BrokenDownTime::from(&sample).to_string(pattern).is_err());
    let wrong = wrong.or(Some(&to).filter(|to| BrokenDownTime::from(sample.date()).to_string(to).is_err()));
    if let Some(pattern) = wrong {
        return Err(fault(format!("`{pattern}` is no pattern for a date")));
    }
    let zone = zone(state);
    mapped(state, value, |text| {
        let read = |pattern: &String| BrokenDownTime::parse(pattern, text.trim()).and_then(|read| read.to_date()).ok();
        let day: Option<Date> =
            if patterns.is_empty() { Day::read(text, &zone) } else { patterns.iter().find_map(read) };
        Ok(day.and_then(|day| BrokenDownTime::from(day).to_string(&to).ok()))
    })
}

/// The zone in which days are.
pub(super) fn zone(state: &State) -> jiff::tz::TimeZone {
    let today = state.lookup("today").and_then(|today| today.downcast_object::<Day>());
    today.map_or(jiff::tz::TimeZone::UTC, |today| today.zone.clone())
}

/// The labels of codes. A code that the table does not hold gives nothing, and is noted.
fn table(state: &mut State, value: &Value, name: &str) -> Result<Value, Error> {
    let tables = state.lookup("tables").unwrap_or_default();
    let table = tables.get_attr(name)?;
    if table.is_undefined() {
        return Err(fault(format!("there is no table `{name}`")));
    }
    let mut unknown = Vec::new();
    let labels = mapped(state, value, |code| {
        let label = table.get_item(&Value::from(code.trim()))?;
        if label.is_undefined() {
            unknown.push((name.to_owned(), code.trim().to_owned()));
            return Ok(None);
        }
        Ok(Some(label.to_string()))
    })?;
    if !unknown.is_empty() {
        state.get_or_insert_extension_with(Notes::default).unknown_codes.extend(unknown);
    }
    Ok(labels)
}

/// One text of several; blank, if there is none.
fn pick(
    state: &State,
    value: &Value,
    pick: impl FnOnce(std::vec::IntoIter<String>) -> Option<String>,
) -> Result<Value, Error> {
    Ok(Value::from(pick(paid(state, value)?.into_iter()).unwrap_or_default()))
}

/// The one text there is; two different ones are a fault.
fn only(state: &State, value: &Value) -> Result<Value, Error> {
    let mut texts = paid(state, value)?;
    texts.dedup();
    match <[String; 1]>::try_from(texts) {
        Ok([text]) => Ok(Value::from(text)),
        Err(none) if none.is_empty() => Ok(Value::from("")),
        Err(_) => Err(fault("there is more than one value where there may be only one")),
    }
}

/// What texts are ordered by: numbers as numbers, and before all others.
fn rank(text: &str) -> (bool, i128, String) {
    match text.trim().parse::<i128>() {
        Ok(number) => (false, number, String::new()),
        Err(_) => (true, 0, text.to_owned()),
    }
}
