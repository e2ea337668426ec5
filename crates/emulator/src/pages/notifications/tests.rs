use serde_json::{Value, json};

use super::counters;
use crate::pages::testing::{Desk, FLORE, elements};

fn waiting(desk: &Desk, tab: u8) -> u64 {
    let flore = desk.school.people.iter().find(|person| person.name() == "PARENT Flore").unwrap().id;
    let counters = counters(&desk.school, flore);
    let counter = counters.as_array().unwrap().iter().find(|counter| counter["onglet"] == tab).cloned();
    counter.unwrap()["nb"].as_u64().unwrap()
}

#[test]
fn reading_lowers_the_counters() {
    let mut desk = Desk::open();
    let (news, messages) = (waiting(&desk, 8), waiting(&desk, 131));
    assert!(news > 0 && messages > 0);
    let centre = desk.read(FLORE, "CentraleNotifications", json!({}));
    assert_eq!(centre["nbNotifs"], news + messages);
    assert_eq!(elements(&centre["liste"]).len(), 2);

    let page = desk.read(FLORE, "PageActualites", json!({}));
    let unread: Vec<Value> = elements(&page["listeModesAff"][0]["listeActualites"])
        .iter()
        .map(|item| json!({ "N": item["N"], "lue": true }))
        .collect();
    desk.save(FLORE, "SaisieActualites", json!({ "listeActualites": unread })).unwrap();
    assert_eq!((waiting(&desk, 8), waiting(&desk, 131)), (0, messages));
}
