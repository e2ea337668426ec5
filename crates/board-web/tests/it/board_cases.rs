//! Every recorded case of the old face, in the order it was recorded.

use serde_json::json;

use crate::cases::{self, Case, Known, Setup, short};
use crate::house::{House, contract, form_urlencoded};
use crate::wire::Ask;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_recorded_case_is_answered_as_recorded_on_sqlite() {
    replay(&House::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_recorded_case_is_answered_as_recorded_on_postgresql() {
    if let Some(house) = House::on_postgres().await {
        replay(&house).await;
    }
}

async fn replay(house: &House) {
    let Some(text) = contract("board-cases.jsonl") else { return };
    let (mut known, mut failed, mut sane) = (Known::default(), Vec::new(), 0);
    known.words.insert("RUN", "r7".to_owned());
    let cases: Vec<Case> = cases::read(&text);
    for case in &cases {
        if let Some(setup) = &case.setup {
            known.keys = prepare(house, setup).await;
        }
        house.advance(case.before.advance);
        let ask = known.ask(&case.request);
        let told = house.ask_from(&case.request.client_ip, &ask).await;
        if case.sane.accept.iter().any(|accepted| known.accepts(accepted, &told)) {
            sane += 1;
        } else if !known.accepts(&case.response, &told) {
            let accepted: Vec<_> = [&case.response].into_iter().chain(&case.sane.accept).collect();
            let accepted: Vec<_> = accepted.into_iter().map(cases::Accepted::shown).collect();
            failed.push(format!(
                "{}: {} {} is answered by {} {}\n    accepted: {}",
                case.id,
                ask.method,
                ask.path,
                told.status,
                short(&told.text()),
                accepted.join("\n              ")
            ));
        }
    }
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
    println!("{} cases, {sane} of them quirks answered sanely", cases.len());
}

/// Brings a board into the state before a group, through its old face; gives the keys of the sessions.
pub(crate) async fn prepare(house: &House, setup: &Setup) -> std::collections::BTreeMap<String, String> {
    let filler = Known::default();
    let key = house.head().await;
    let call = async |name: &str, body: serde_json::Value| {
        let told = house.ask(&Ask::json(&format!("/api/{name}.php"), &body).key(&key)).await.json();
        assert!(told.get("error").is_none(), "{name} {body}: {told}");
        told
    };
    let present = house.ask(&Ask::get("/api/getSubjects.php").key(&key)).await.json();
    let numbers: Vec<_> = present.as_array().unwrap().iter().map(|subject| subject["ID"].clone()).collect();
    call("deleteSubjects", json!({"IDs": numbers})).await;
    let added = call("addSubjects", json!({"names": setup.subjects})).await;
    assert_eq!(added["added_subjects"], setup.subjects.len());
    for (number, text) in &setup.homework {
        call("updateHomework", json!({"ID": number, "Homework": filler.fill(text)})).await;
    }
    let filled = |body: &serde_json::Value| serde_json::from_str(&filler.fill(&body.to_string())).unwrap();
    let none = json!({"TextTimetable": ["", "", "", "", "", ""], "NumericTimetable": [[], [], [], [], [], []]});
    call("updateTimetable", setup.timetable.as_ref().map_or(none, filled)).await;
    let none = json!({"TextChanges": "", "NumericChanges": [-2, -2, -2, -2, -2, -2, -2, -2]});
    call("updateChanges", setup.changes.as_ref().map_or(none, filled)).await;
    let mut keys = std::collections::BTreeMap::new();
    for user in &setup.users {
        let query = form_urlencoded(&[("user", &user.user)]);
        house.ask(&Ask::get(&format!("/api/deleteUser.php?{query}")).key(&key)).await;
        let added = call("addUser", json!({"user": user.user, "pass": user.pass, "pr": user.pr})).await;
        assert_eq!(added["added"], true);
        for session in &user.sessions {
            let from = session.client_ip.as_deref().unwrap_or("127.0.0.1");
            keys.insert(session.name.clone(), house.sign_in_from(from, &user.user, &user.pass).await);
        }
    }
    keys
}
