//! What clients that know nothing of each other read of one pupil's year is the same.
//!
//! Each client writes its reading in one form (`peers/agree.py`, `peers/agree.mjs`): lists of flat objects by kind. Not all
//! know the same fields, so objects are compared in those they share.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::peers::{installed, judge, node, python};
use crate::school::School;

type Fields = Map<String, Value>;
type Reading = BTreeMap<String, Vec<Fields>>;

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

#[test]
fn clients_that_know_nothing_of_each_other_read_the_same() {
    let Some(peers) = installed() else { return };
    let school = School::start(&[]);
    let pronotepy = reading(&judge(python(&peers.join("pronotepy-2.15.7"), "agree.py").arg(&school.url)));
    let pawnote = reading(&judge(node(peers, "agree.mjs").arg(&school.url)));
    expect_agreement(("pronotepy", &pronotepy), ("pawnote", &pawnote));
}
