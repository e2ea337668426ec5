use std::path::PathBuf;

use super::*;
use crate::functions::{instance, user};

#[test]
fn both_names_of_the_payload_and_none_are_read() {
    let context = Context::default();
    let inside = r#"{"General":{"PremierLundi":{"_T":7,"V":"01/09/2025"}}}"#;
    let bare = decode("FonctionParametres", None, inside, &context).unwrap();
    assert_eq!(bare.value["first_monday"], "2025-09-01");
    for name in ["data", "donnees"] {
        let whole = format!(r#"{{"{name}":{inside},"nom":"FonctionParametres"}}"#);
        assert_eq!(decode("FonctionParametres", None, &whole, &context).unwrap(), bare, "{name}");
    }
}

#[test]
fn what_cannot_be_decoded_says_why() {
    let decode = |name, text| decode(name, None, text, &Context::default()).unwrap_err();
    assert!(matches!(decode("PageInconnue", "{}"), DecodeError::UnknownFunction));
    assert!(matches!(decode("FonctionParametres", "<html>"), DecodeError::NotJson(_)));
    assert!(matches!(decode("FonctionParametres", "[]"), DecodeError::Malformed(_)));
}

#[test]
fn two_pages_of_one_name_are_told_apart_by_what_they_hold() {
    let decode = |text| decode("PageActualites", Some(8), text, &Context::default()).unwrap().value;
    assert_eq!(decode(r#"{"detailsActualite":{"listeQuestions":[]}}"#), serde_json::json!([]));
    assert_eq!(decode(r#"{"listeModesAff":[]}"#)["items"], serde_json::json!([]));
    let contents = super::decode("PageCahierDeTexte", None, r#"{"ListeCahierDeTextes":[]}"#, &Context::default());
    assert!(contents.unwrap().value["lessons"].is_array());
}

/// Whatever stands in an answer, no decoder panics, and most have something to say.
#[test]
fn no_decoder_panics_on_an_answer_of_another_function() {
    let context = Context::default();
    for text in ["null", "3", "[]", "[[]]", r#"{"data":7}"#, r#"{"data":[{"N":{}}]}"#, r#"{"data":{"_T":24,"V":[]}}"#] {
        for (name, tab) in known() {
            let _ = decode(name, tab, text, &context);
        }
    }
}

fn fixture(name: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/fixtures");
    let folder = std::env::var_os("CARTABLE_FIXTURES").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let text = std::fs::read_to_string(folder.join("pronote-demo-2025.2.6").join(name)).ok();
    if text.is_none() {
        eprintln!("skipped: no captured answers (set CARTABLE_FIXTURES to their folder)");
    }
    text
}

#[test]
fn captured_answers_decode_without_a_diagnostic() {
    let Some(text) = fixture("FonctionParametres_students_1.json") else { return };
    let (school, noted) = read::<instance::Request>(&text, &Context::default()).unwrap();
    assert_eq!(noted, []);
    assert_eq!((school.periods.len(), school.slots.len(), school.sequence_minutes), (8, 21, 60));
    let mut context = Context { instance: school.into(), ..Context::default() };

    let Some(text) = fixture("ParametresUtilisateur_students_1.json") else { return };
    let (user, noted) = read::<user::Request>(&text, &context).unwrap();
    assert_eq!(noted, []);
    assert_eq!(user.person.periods.current().unwrap().name, "Trimestre 1");
    assert!(user.may_open(88) && !user.may_open(250));
    context.user = user.into();

    let Some(text) = fixture("PageEmploiDuTemps_students_1.json") else { return };
    let page = decode("PageEmploiDuTemps", Some(16), &text, &context).unwrap();
    assert_eq!(page.diagnostics, []);
    let entries = page.value["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 5);
    assert_eq!(entries[0]["start"], "2025-11-17T09:00:00");
    assert_eq!(entries[0]["end"], "2025-11-17T10:00:00", "computed from the hours of the school");
    assert_eq!(entries[0]["type"], "lesson");
    assert!(entries[0]["content_id"].is_string());
}

/// Every value of every page is replaced in turn by something it should not be.
#[test]
fn a_wrong_value_costs_at_most_its_page_and_never_panics() {
    let pages: Value = serde_json::from_str(include_str!("../../../benches/decode/pages.json")).unwrap();
    let wrong = [
        r#"null"#,
        r#"true"#,
        r#"-1"#,
        r#"1e300"#,
        r#""""#,
        r#""NaN""#,
        r#""31/02/2025 25:61:00""#,
        r#""[9..1]""#,
        r#""|9|é""#,
        r#"[]"#,
        r#"{}"#,
        r#"[[{"N":[]}]]"#,
        r#"{"_T":24,"V":{"_T":7,"V":"é"}}"#,
        r#"18446744073709551615"#,
        r#""0""#,
    ];
    let wrong: Vec<Value> = wrong.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let (school, _) = read::<instance::Request>(&pages["FonctionParametres"].to_string(), &Context::default()).unwrap();
    let context = Context { instance: school.into(), ..Context::default() };
    for (name, page) in pages.as_object().unwrap() {
        let (function, tab) =
            name.split_once(' ').map_or((name.as_str(), None), |(name, tab)| (name, tab.parse().ok()));
        let mut pointers = Vec::new();
        pointers_of(page, String::new(), &mut pointers);
        for (place, pointer) in pointers.iter().enumerate() {
            for turn in 0..2 {
                let mut broken = page.clone();
                *broken.pointer_mut(pointer).unwrap() = wrong[(place + turn * 5) % wrong.len()].clone();
                let outcome = decode(function, tab, &broken.to_string(), &context);
                assert!(matches!(outcome, Ok(_) | Err(DecodeError::Malformed(_))), "{name}{pointer}: {outcome:?}");
                // Below the page's own members, nothing costs the whole page but what names the school or the person.
                let deep = pointer.matches('/').count() > 2;
                assert!(outcome.is_ok() || !deep, "{name}{pointer}: {outcome:?}");
            }
        }
    }
}

fn pointers_of(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, member)| pointers_of(member, format!("{pointer}/{name}"), pointers));
        }
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(place, item)| pointers_of(item, format!("{pointer}/{place}"), pointers));
        }
        _ => {}
    }
    if !pointer.is_empty() {
        pointers.push(pointer);
    }
}
