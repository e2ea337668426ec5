//! Sources, each against what it is made for.

mod ldap;
mod rest;
mod sgc;
pub(crate) mod sql;
mod web;

use card::record::{Datum, Record};

/// The first text of an attribute.
fn text<'a>(record: &'a Record, name: &str) -> Option<&'a str> {
    record.get(name).first().and_then(Datum::text)
}

/// The names of attributes.
fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}
