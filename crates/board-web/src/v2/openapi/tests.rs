//! The description against what it describes.

use std::collections::BTreeSet;

use board::{
    Assignment, Bell, Changes, ClassSettings, Document, Holiday, Parity, Plan, Snapshot, Source, Subject,
    SubjectChange, Task, Timetable, Week,
};
use jiff::civil::{date, time};
use proptest::prelude::*;
use serde::de::DeserializeOwned;

use super::*;
use crate::v2::judge::judge;

fn operations() -> impl Iterator<Item = &'static Value> {
    let paths = DOCUMENT["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    paths.flat_map(|path| path.as_object().into_iter().flat_map(|path| path.values()))
}

#[test]
fn every_operation_has_a_name_of_its_own_and_a_word_about_it() {
    let names: Vec<_> = operations().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    assert!(operations().all(|operation| operation["summary"].is_string()));
}

#[test]
fn what_is_referred_to_is_described() {
    fn refer(value: &Value, to: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                to.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
                members.values().for_each(|value| refer(value, to));
            }
            Value::Array(items) => items.iter().for_each(|value| refer(value, to)),
            _ => {}
        }
    }
    let mut to = BTreeSet::new();
    refer(&DOCUMENT, &mut to);
    let name = |place: &str| place.strip_prefix("#/components/schemas/").map(str::to_owned);
    let missing: Vec<_> = to.iter().filter(|place| schema(&name(place).unwrap()).is_null()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Whether something is written as it is described.
fn is_described(thing: &impl serde::Serialize, name: &str) {
    let mut value = json!(thing);
    let faults = judge(&mut value, schema(name), schemas());
    assert!(faults.is_empty(), "{name}: {faults:?} in {value}");
}

#[test]
fn what_the_board_holds_is_written_as_it_is_described() {
    let bell = Bell { from: time(8, 30, 0, 0), to: time(9, 15, 0, 0) };
    let day = date(2025, 9, 1);
    let settings = ClassSettings {
        zone: Some("Europe/Moscow".to_owned()),
        bells: vec![bell],
        holidays: vec![Holiday { from: day, to: day, name: "1 сентября".to_owned() }],
        week_a: Some(day),
        ..ClassSettings::named("9Б")
    };
    let source = Source::Pronote { origin: "MATHS".to_owned() };
    let subject =
        Subject { number: 1, name: "Алгебра".to_owned(), note: "№ 1".to_owned(), source: source.clone() };
    let week = Week { rows: [vec![1, -1], vec![], vec![], vec![], vec![], vec![]], ..Week::default() };
    let changes = Changes { rows: [3, -1, -2, -2, -2, -2, -2, 1], ..Changes::default() };
    let plan = Plan {
        valid_from: day,
        valid_to: Some(day),
        parity: Parity::Every,
        week: week.clone(),
        source: source.clone(),
    };
    let links = vec!["https://example.org/1".to_owned()];
    let task = Task { subject: 1, given: day, due: day, text: "№ 2".to_owned(), links, source };
    let timetable = Timetable { id: 1, plan: plan.clone() };
    let assignment = Assignment { id: 1, task: task.clone() };
    let class = board::Class {
        id: board::ClassId(1),
        slug: "9b".to_owned(),
        code: "9Б-1".to_owned(),
        archived: None,
        settings: settings.clone(),
    };
    let snapshot = Snapshot {
        class,
        revision: 1,
        subjects: [(1, subject.clone())].into(),
        week: week.clone(),
        changes: changes.clone(),
        timetables: vec![],
        dated_changes: [(day, changes.clone())].into(),
        assignments: vec![assignment.clone()],
        since: day,
    };
    let document = Document {
        version: 1,
        settings: settings.clone(),
        subjects: vec![subject.clone()],
        week: week.clone(),
        changes: changes.clone(),
        timetables: vec![plan],
        days: [(day, changes.clone())].into(),
        assignments: vec![task],
    };
    is_described(&settings, "Settings");
    is_described(&subject, "Subject");
    is_described(&week, "Week");
    is_described(&changes, "Changes");
    is_described(&timetable, "Timetable");
    is_described(&assignment, "Assignment");
    is_described(&snapshot.day(day), "Day");
    is_described(&snapshot.references(1), "References");
    is_described(&document, "Document");
}

/// A value that somebody may send.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop_oneof![".{0,4}", Just("08:30".to_owned()), Just("2025-09-14".to_owned()), Just("a".to_owned())]
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..9).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4).prop_map(|members| json!(members)),
        ]
    })
}

/// Replaces, or takes away, something in a value: the part of it that a number means.
fn damage(value: &mut Value, place: &mut usize, instead: &Value) {
    if *place == 0 {
        *value = instead.clone();
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| damage(item, place, instead)),
        Value::Object(members) => {
            if *place == 0 {
                let first = members.keys().next().cloned();
                first.map(|name| members.remove(&name));
            }
            members.values_mut().for_each(|member| damage(member, place, instead));
        }
        _ => {}
    }
}

/// Whether a value that fits its schema is understood.
fn is_understood<T: DeserializeOwned>(mut value: Value, name: &str) {
    if judge(&mut value, schema(name), schemas()).is_empty() {
        let read = serde_json::from_value::<T>(value.clone());
        assert!(read.is_ok(), "{name}: {:?} in {value}", read.err());
    }
}

proptest! {
    #[test]
    fn what_fits_its_description_is_understood(place in 0..120_usize, instead in anything()) {
        let bell = json!({"from": "08:30", "to": "09:15:00"});
        let holiday = json!({"from": "2025-09-01", "to": "2025-09-02", "name": "x"});
        let settings = json!({
            "name": "9Б", "language": "fr", "zone": null, "strict": true, "days": 5, "bells": [bell], "holidays": [holiday],
            "week_a": "2025-09-01"
        });
        let week = json!({"texts": ["", "", "", "", "", ""], "rows": [[1, -1], [], [], [], [], []]});
        let changes = json!({"text": "x", "rows": [-2, -2, -2, -2, -2, -2, -1, 4]});
        let plan = json!({"valid_from": "2025-09-01", "valid_to": null, "parity": "a", "week": week});
        let task = json!({
            "subject": 1, "given": "2025-09-01", "due": "2025-09-02", "text": "x", "links": ["https://example.org"]
        });
        let subject = json!({"number": 1, "name": "Алгебра", "note": ""});
        let document = json!({
            "version": 1, "settings": settings, "subjects": [subject], "week": week, "changes": changes,
            "timetables": [plan], "days": {"2025-09-01": changes}, "assignments": [task]
        });
        let damaged = |value: &Value| {
            let mut value = value.clone();
            damage(&mut value, &mut place.clone(), &instead);
            value
        };
        is_understood::<ClassSettings>(damaged(&settings), "Settings");
        is_understood::<Week>(damaged(&week), "Week");
        is_understood::<Changes>(damaged(&changes), "Changes");
        is_understood::<Plan>(damaged(&plan), "Timetable");
        is_understood::<Document>(damaged(&document), "Document");
        is_understood::<SubjectChange>(damaged(&json!({"name": "Алгебра", "note": "x"})), "SubjectPatch");
        let user = json!({"admin": true, "disabled": null, "roles": {"9b": "head", "9v": null}});
        is_understood::<users::Change>(damaged(&user), "UserPatch");
        let asked = json!({"text": "дз", "date": "2025-09-01", "platform": "vk", "private": true});
        is_understood::<bots::Asked>(damaged(&asked), "Asked");
    }
}
