//! What is known of a person, as templates see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};

use super::day::Day;
use super::values::Values;
use super::{Reference, is_blank, unknown};
use crate::record::Record;

/// What is known of a person: each source by its name with its attributes, and whatever else was told. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Facts(Arc<Known>);

#[derive(Debug, Clone)]
struct Known {
    sources: BTreeMap<Arc<str>, Arc<Attributes>>,
    others: BTreeMap<&'static str, Value>,
}

impl Facts {
    /// Begins with a login and a day.
    pub(crate) fn new(login: &str, today: Day) -> Self {
        let others = BTreeMap::from([("login", Value::from(login)), ("today", Value::from_object(today))]);
        Facts(Arc::new(Known { sources: BTreeMap::new(), others }))
    }

    /// Adds what a source says.
    pub(crate) fn know(&mut self, source: &str, record: Record) {
        let attributes = Arc::new(Attributes(record));
        Arc::make_mut(&mut self.0).sources.insert(source.into(), attributes);
    }

    /// Adds anything else.
    pub(crate) fn tell(&mut self, name: &'static str, value: impl Into<Value>) {
        Arc::make_mut(&mut self.0).others.insert(name, value.into());
    }

    /// What a source says.
    pub(crate) fn record(&self, source: &str) -> Option<&Record> {
        self.0.sources.get(source).map(|attributes| &attributes.0)
    }

    /// The first text of an attribute, without the white space around it.
    pub(super) fn first(&self, refers: &Reference) -> Option<String> {
        let values = self.record(&refers.source)?.get(&refers.attribute);
        // A value that is no text prints as nothing: it is the first none the less.
        let first = values.iter().find(|datum| datum.text().is_none_or(|text| !is_blank(text)))?;
        first.text().map(|text| text.trim().to_owned())
    }

    /// Whether something of that name was told.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.0.others.contains_key(name)
    }

    /// What is wrong with a name below another, if that one has names below it and not this.
    pub(super) fn lacks(&self, name: &str, below: Option<&str>) -> Option<String> {
        let value = self.0.others.get(name).filter(|value| value.kind() == ValueKind::Map)?;
        let below = below?.split('.').next()?;
        let known: Vec<String> = value.try_iter().ok()?.map(|key| key.to_string()).collect();
        let lacks = !known.is_empty() && !known.iter().any(|known| known == below);
        lacks.then(|| unknown(below, known.iter().map(String::as_str)))
    }

    /// The names of all that is known.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let sources = self.0.sources.keys().map(AsRef::as_ref);
        sources.chain(self.0.others.keys().copied()).map(str::to_owned)
    }

    /// As templates see it.
    pub(crate) fn value(&self) -> Value {
        Value::from_dyn_object(self.0.clone())
    }
}

impl Object for Known {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let source = || self.sources.get(key).map(|attributes| Value::from_dyn_object(attributes.clone()));
        source().or_else(|| self.others.get(key).cloned())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names =
            self.sources.keys().map(|name| Value::from(&**name)).chain(self.others.keys().map(|k| Value::from(*k)));
        Enumerator::Values(names.collect())
    }
}

/// What one source says. An attribute that it does not have is empty.
#[derive(Debug)]
struct Attributes(Record);

impl Object for Attributes {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        Some(Value::from_object(Values::of(self.0.get(key))))
    }
}

/// Tables of labels, as templates see them.
#[derive(Debug)]
pub(crate) struct Labels(pub(crate) Arc<super::Tables>);

impl Object for Labels {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        self.0.contains_key(name).then(|| Value::from_object(Table(self.0.clone(), name.to_owned())))
    }
}

/// One of them.
#[derive(Debug)]
struct Table(Arc<super::Tables>, String);

impl Object for Table {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(&self.1)?.get(key.as_str()?).map(|label| Value::from(label.as_str()))
    }
}
