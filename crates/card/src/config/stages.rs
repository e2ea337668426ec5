//! What templates and expressions may speak of, by when they are evaluated: samples in which nothing is known of anybody.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use minijinja::Value;

use super::Field;
use crate::expression::{Day, Facts, Labels, Tables};
use crate::record::Record;

/// A sample for each moment at which something is evaluated.
pub(super) struct Stages {
    /// What source identified the person says.
    pub(super) identity: Facts,
    /// All sources.
    pub(super) joined: Facts,
    /// The layout besides.
    pub(super) affiliated: Facts,
    /// The year of enrolment besides.
    pub(super) fields: Facts,
    /// The fields besides.
    pub(super) rules: Facts,
    /// What codes are made of besides.
    pub(super) codes: Facts,
}

impl Stages {
    /// The samples for some sources, the first of which identifies people.
    pub(super) fn new(sources: &[String], tables: &Arc<Tables>, verified: bool) -> Self {
        let mut base = Facts::new("", Day::of(Timestamp::UNIX_EPOCH, &TimeZone::UTC));
        base.tell("academic_year", 1970);
        base.tell("tables", Value::from_object(Labels(tables.clone())));
        let identity = Self::with(&base, sources.iter().take(1));
        let joined = Self::with(&base, sources.iter());
        let mut affiliated = joined.clone();
        affiliated.tell("affiliation", "student");
        let mut fields = affiliated.clone();
        fields.tell("year", 1970);
        fields.tell("enrolled", false);
        let mut rules = fields.clone();
        let none = Value::from_pairs(Field::ALL.map(|field| (field.name(), Value::from(""))));
        rules.tell("field", none.clone());
        rules.tell("card", none);
        let mut codes = rules.clone();
        if verified {
            codes.tell("verify_url", Value::from_function(String::new));
        }
        Stages { identity, joined, affiliated, fields, rules, codes }
    }

    /// The sample for the key of a source: those before it have been asked.
    pub(super) fn key(&self, before: &[String]) -> Facts {
        let mut base = self.identity.clone();
        before.iter().for_each(|name| base.know(name, Record::default()));
        base
    }

    fn with<'a>(base: &Facts, sources: impl Iterator<Item = &'a String>) -> Facts {
        let mut facts = base.clone();
        sources.for_each(|name| facts.know(name, Record::default()));
        facts
    }
}
