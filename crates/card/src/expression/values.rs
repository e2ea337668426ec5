//! The values of an attribute, as templates see them.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};

use super::notation::is_blank;
use crate::record::Datum;

/// A list of values: prints as the first of them, and is false when there is none. No value is blank.
#[derive(Debug)]
pub(super) struct Values(Vec<Value>);

impl Values {
    /// The values of an attribute, without those that are blank.
    pub(super) fn of(data: &[Datum]) -> Self {
        let value = |datum: &Datum| match datum {
            Datum::Text(text) if is_blank(text) => None,
            Datum::Text(text) => Some(Value::from(text.as_str())),
            Datum::Bytes(_) => Some(Value::from_object(Opaque)),
        };
        Values(data.iter().filter_map(value).collect())
    }
}

impl FromIterator<String> for Values {
    fn from_iter<T: IntoIterator<Item = String>>(texts: T) -> Self {
        Values(texts.into_iter().filter(|text| !is_blank(text)).map(Value::from).collect())
    }
}

impl Object for Values {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.first().map_or(Ok(()), |first| write!(f, "{first}"))
    }
}

/// A value that is no text, such as a photo: it is there, and prints as nothing.
#[derive(Debug)]
struct Opaque;

impl Object for Opaque {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Whether a value is a list of several, rather than one.
pub(super) fn is_list(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
}

/// The texts of a value: those of each element of a list, or its own. What is blank is no text.
pub(crate) fn texts(value: &Value) -> Result<Vec<String>, Error> {
    let mut texts = if is_list(value) {
        value.try_iter()?.map(|value| value.to_string()).collect()
    } else if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    } else if value.is_none() {
        Vec::new()
    } else {
        vec![value.as_str().map_or_else(|| value.to_string(), str::to_owned)]
    };
    texts.retain(|text| !is_blank(text));
    Ok(texts)
}

/// The texts of a value, paid for.
pub(super) fn paid(state: &State<'_, '_>, value: &Value) -> Result<Vec<String>, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    // Before the list is made, and after: an element may be long.
    state.consume_fuel(value.len().unwrap_or_default() as u64)?;
    let texts = texts(value)?;
    state.consume_fuel(texts.iter().map(String::len).sum::<usize>() as u64 / 64)?;
    Ok(texts)
}

/// What becomes of each text; those that become nothing are left out. One stays one, and a list a list.
pub(super) fn mapped(
    state: &State<'_, '_>,
    value: &Value,
    mut each: impl FnMut(&str) -> Result<Option<String>, Error>,
) -> Result<Value, Error> {
    let mut made = Vec::new();
    for text in paid(state, value)? {
        made.extend(each(&text)?);
    }
    if is_list(value) {
        Ok(Value::from_object(made.into_iter().collect::<Values>()))
    } else {
        Ok(Value::from(made.into_iter().next().unwrap_or_default()))
    }
}
