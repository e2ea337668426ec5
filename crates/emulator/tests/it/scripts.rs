//! A test has its way with answers, and looks at what was asked.

use serde_json::{Value, json};

use crate::client::{Client, Failure};
use crate::emulator;

const LOGIN: &str = "demonstration";
const MENUS: &str = "PageMenus";
const MENU_TAB: Option<i64> = Some(10);

#[tokio::test]
async fn scripts_change_an_answer_one_after_the_other() {
    let school = emulator().await;
    school.script(MENUS, |asked, answer| answer["seen"] = asked["date"].clone());
    school.script(MENUS, |_, answer| answer["seen"] = json!([answer["seen"], "and more"]));
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let answer = client.ask(MENUS, json!({ "date": "18/11/2026" }), MENU_TAB).await.unwrap();
    assert_eq!(answer["seen"], json!(["18/11/2026", "and more"]));
    let other = client.ask("PageActualites", Value::Null, Some(8)).await.unwrap();
    assert_eq!(other["seen"], Value::Null);
}

#[tokio::test]
async fn calls_are_remembered_with_their_order_and_what_they_asked() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    client.ask(MENUS, json!({ "date": "18/11/2026" }), MENU_TAB).await.unwrap();
    let exchanges = school.exchanges();
    let [.., before, last] = &exchanges[..] else { panic!("{exchanges:?}") };
    assert_eq!((last.function.as_str(), last.order), (MENUS, before.order + 2));
    assert_eq!((&last.data["date"], &last.signature["onglet"]), (&json!("18/11/2026"), &json!(10)));
    assert_eq!(last.session, client.page.session);
}

#[tokio::test]
async fn calls_that_do_not_wait_for_each_other_are_counted() {
    let school = emulator().await;
    let client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    school.faults().next(MENUS, 1, emulator::Fault::Delay(std::time::Duration::from_millis(200)));
    let first = client.message(MENUS, &client.payload(json!({}), MENU_TAB));
    let mut later = client;
    later.order += 2;
    let second = later.message("Presence", &later.payload(json!({}), Some(7)));
    let waiting = Client::post(&first);
    let hasty = async {
        while school.count(MENUS) == 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(later.read(&Client::post(&second).await, "Presence"), Err(Failure::Error(14)));
    };
    tokio::join!(waiting, hasty);
    assert_eq!(school.overlaps(), 1);
}
