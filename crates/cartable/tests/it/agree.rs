//! What clients that know nothing of each other read of one pupil's year is the same.
//!
//! Each client writes its reading in one form (`peers/agree.py`, `peers/agree.mjs`): lists of flat objects by kind. Not all
//! know the same fields, so objects are compared in those they share.

mod ours;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::peers::{installed, judge, node, python};
use crate::person::Person;

type Fields = Map<String, Value>;
type Reading = BTreeMap<String, Vec<Fields>>;

/// What is asked period by period: a thing that lies in two of them is read twice.
const OF_PERIODS: [&str; 5] = ["grades", "evaluations", "absences", "delays", "punishments"];

fn agree_in_shared_fields(one: &Fields, other: &Fields) -> bool {
    one.iter().all(|(field, value)| other.get(field).is_none_or(|found| found == value))
}

/// Pairs the objects of two lists and returns those nobody else saw.
fn left_over<'a>(one: &'a [Fields], other: &'a [Fields]) -> (Vec<&'a Fields>, Vec<&'a Fields>) {
    let mut unmatched: Vec<_> = other.iter().collect();
    let alone = one
        .iter()
        .filter(|object| {
            let twin = unmatched.iter().position(|found| agree_in_shared_fields(object, found));
            twin.map(|index| unmatched.swap_remove(index)).is_none()
        })
        .collect();
    (alone, unmatched)
}

/// Expects two readings to be the same in every kind and field both know.
fn expect_agreement((name, one): (&str, &Reading), (other_name, other): (&str, &Reading)) {
    let mut faults = String::new();
    for (kind, objects) in one {
        let Some(others) = other.get(kind) else {
            continue;
        };
        assert!(!objects.is_empty(), "{name} read no {kind}, so nothing is compared");
        let (alone, unmatched) = left_over(objects, others);
        for (reader, objects) in [(name, alone), (other_name, unmatched)] {
            for object in objects.iter().take(3) {
                faults += &format!("{kind}: only {reader} read {}\n", Value::Object((*object).clone()));
            }
        }
    }
    assert!(faults.is_empty(), "{name} and {other_name} disagree\n{faults}");
}

fn reading(said: &str) -> Reading {
    serde_json::from_str(said).expect("a reading is lists of objects by kind")
}

/// Takes away what may differ between clients that read the same: how white space stands in for tags, how nothing is
/// written, what order people and messages of one minute come in; and what two periods list both.
fn leveled(reading: Reading) -> Reading {
    let level = |mut object: Fields| {
        for (field, value) in &mut object {
            level_value(field, value);
        }
        object
    };
    let level_all = |(kind, objects): (String, Vec<Fields>)| {
        let mut objects: Vec<Fields> = objects.into_iter().map(level).collect();
        if OF_PERIODS.contains(&&*kind) {
            objects.sort_by_cached_key(|object| format!("{object:?}"));
            objects.dedup();
        }
        (kind, objects)
    };
    reading.into_iter().map(level_all).collect()
}

fn level_value(field: &str, value: &mut Value) {
    match value {
        Value::String(text) if text.is_empty() => *value = Value::Null,
        Value::String(text) if field == "color" => text.make_ascii_lowercase(),
        Value::String(text) if field == "text" || field == "messages" => text.retain(|letter| !letter.is_whitespace()),
        Value::Array(values) => {
            values.iter_mut().for_each(|value| level_value(field, value));
            if field == "participants" || field == "messages" && values.iter().all(Value::is_array) {
                values.sort_by_key(Value::to_string);
            }
        }
        _ => {}
    }
}

#[test]
fn clients_that_know_nothing_of_each_other_read_the_same() {
    let Some(peers) = installed() else { return };
    let pupil = Person::pupil();
    let url = &pupil.school.url;
    let pronotepy = leveled(reading(&judge(python(&peers.join("pronotepy-2.15.7"), "agree.py").arg(url))));
    let pawnote = leveled(reading(&judge(node(peers, "agree.mjs").arg(url))));
    let ours = leveled(ours::read(&pupil, ("2026-08-31", "2027-07-04")));
    expect_agreement(("pronotepy", &pronotepy), ("pawnote", &pawnote));
    expect_agreement(("pronotepy", &pronotepy), ("cartable", &ours));
    expect_agreement(("pawnote", &pawnote), ("cartable", &ours));
}
