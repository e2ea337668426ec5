//! What requests say: typed or plain, padded or not, in either letter case (data §21.1).

use jiff::civil::{Date, DateTime};
use pronote::wire::{Set, parse_date_time};
use serde_json::Value;

use super::{Ids, Refusal, genre};
use crate::School;
use crate::school::{Period, PeriodKind};

/// The content of a typed value; any other value is its own content.
pub(crate) fn bare(value: &Value) -> &Value {
    match value.get("V") {
        Some(content) if value.get("_T").is_some() => content,
        _ => value,
    }
}

/// The first of some keys that is there.
pub(crate) fn any<'a>(data: &'a Value, keys: &[&str]) -> &'a Value {
    keys.iter().map(|key| bare(&data[*key])).find(|value| !value.is_null()).unwrap_or(&Value::Null)
}

/// The elements of a list, bare or wrapped.
pub(crate) fn list<'a>(data: &'a Value, key: &str) -> &'a [Value] {
    bare(&data[key]).as_array().map_or(&[], Vec::as_slice)
}

/// A whole number, as a number or as text.
pub(crate) fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// A moment.
pub(crate) fn moment(value: &Value) -> Option<DateTime> {
    parse_date_time(bare(value).as_str()?)
}

/// A day.
pub(crate) fn day(value: &Value) -> Option<Date> {
    moment(value).map(DateTime::date)
}

/// A set of weeks.
pub(crate) fn weeks(value: &Value) -> Option<Set> {
    Set::parse(bare(value).as_str()?)
}

/// Whether a flag is there and false.
pub(crate) fn is_refused(data: &Value, flag: &str) -> bool {
    data[flag] == Value::Bool(false)
}

/// The period a request names, by its `N` alone; the whole year when it names none, nothing when the school has no such period.
pub(crate) fn period<'a>(school: &'a School, ids: &Ids, data: &Value) -> Result<Option<&'a Period>, Refusal> {
    let id = ids.of(any(data, &["periode", "Periode"]))?;
    Ok(match id {
        None => school.year.periods.iter().find(|period| period.kind == PeriodKind::Year),
        Some(id) => {
            school.year.periods.iter().find(|period| id.genre == genre::PERIOD && u64::from(period.id) == id.key)
        }
    })
}
