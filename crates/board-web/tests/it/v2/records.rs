//! The history and undoing, documents, chats, the bot's preview, the description.

use board::{Alerts, Platform, Role};
use serde_json::{Value, json};

use super::{Api, PASSWORD, changes, week};
use crate::house::House;
use crate::wire::Ask;

#[tokio::test]
async fn every_change_is_in_the_history_and_can_be_undone() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        head.post("subjects", &json!({"name": "Физика"})).await;
        let named = head.with_body("PATCH", "subjects/1", &json!({"note": "§ 1"})).header("X-Request-Id", "abc-123");
        assert_eq!(head.ask(&named).await.header("x-request-id"), Some("abc-123"));
        head.put("changes/2025-09-02", &changes("нет")).await;
        let all = head.all("/audit?class=class", 1).await;
        assert_eq!(all.len(), 3);
        let note = &all[1];
        assert_eq!((&note["before"]["note"], &note["after"]["note"]), (&json!(""), &json!("§ 1")));
        let by = json!({"name": "olga", "via": "v2", "address": "127.0.0.1", "request": "abc-123"});
        assert_eq!((&note["by"], &note["class"], &note["key"]), (&by, &json!("class"), &json!("1")));
        let place = format!("/audit/{}", note["id"]);
        assert_eq!(head.get(&place).await.json(), *note);

        let undone = head.ask(&head.request("POST", &format!("{place}/undo"))).await;
        assert_eq!((undone.status, &undone.json()["undoes"]), (201, &note["id"]), "{}", undone.text());
        assert_eq!(head.get("subjects/1").await.json()["note"], "");
        let again = head.ask(&head.request("POST", &format!("{place}/undo"))).await;
        assert_eq!((again.status, &again.json()["current"]["note"]), (412, &json!("")));
        assert_eq!(head.ask(&head.request("POST", "/audit/999999/undo")).await.status, 404);

        let editor = Api::with(&house, "petr", Role::Editor).await;
        let seen = editor.get(&place).await.json();
        assert_eq!(
            (&seen["by"]["name"], &seen["by"]["address"]),
            (&json!("olga"), &Value::Null),
            "only heads see addresses"
        );
        assert_eq!(editor.ask(&editor.request("POST", &format!("{place}/undo"))).await.status, 403);
        let account =
            head.post("/users", &json!({"name": "ivan", "password": PASSWORD, "roles": {"class": "editor"}})).await;
        assert_eq!(account.status, 201);
        let admin = Api::admin(&house).await;
        let latest = admin.get("/audit").await.json()["items"].clone();
        let user = latest.as_array().unwrap().iter().find(|entry| entry["key"] == "ivan").unwrap();
        let refused = admin.ask(&admin.request("POST", &format!("/audit/{}/undo", user["id"]))).await;
        assert_eq!((user["can_be_undone"].as_bool(), refused.status), (Some(false), 422));
    }
}

#[tokio::test]
async fn requests_without_a_sane_name_are_given_one() {
    let house = House::on_sqlite().await;
    for name in ["", "a b", "<script>", &"x".repeat(65)] {
        let told = house.ask(&Ask::get("/api/v2/health").header("X-Request-Id", name)).await;
        let given = told.header("x-request-id").unwrap();
        assert!(given.len() == 16 && given.bytes().all(|byte| byte.is_ascii_hexdigit()), "{given}");
    }
}

#[tokio::test]
async fn a_class_goes_out_as_a_document_and_into_another() {
    for house in House::all().await {
        let admin = Api::admin(&house).await;
        for name in ["Физика", "Химия"] {
            admin.post("subjects", &json!({"name": name})).await;
        }
        admin.patch("subjects/1", &json!({"note": "§ 1"})).await;
        admin.put("timetables/undated", &week("Физика", &[1, 7])).await;
        admin.post("timetables", &json!({"valid_from": "2025-09-08", "parity": "a", "week": week("", &[2])})).await;
        admin.put("changes/2025-09-02", &changes("нет")).await;
        admin.post("assignments", &json!({"subject": 2, "due": "2025-09-03", "text": "№ 1"})).await;
        let out = admin.get("export").await;
        assert_eq!(out.header("content-disposition"), Some("attachment; filename=\"class.json\""));
        let document = out.json();
        admin.post("/classes", &json!({"slug": "9v", "settings": {"name": "9В"}})).await;

        let told = admin.post("/classes/9v/import?dry_run=true", &document).await;
        assert_eq!(told.status, 200, "{}", told.text());
        assert_eq!((&told.json()["dry_run"], &told.json()["unknown"]), (&json!(true), &json!([7])));
        assert_eq!(told.json()["subjects"], json!({"added": 2, "changed": 0, "removed": 0, "same": 0}));
        assert_eq!(admin.get("/classes/9v/subjects").await.json()["items"], json!([]));
        assert_eq!(admin.post("/classes/9v/import", &document).await.status, 200);
        assert_eq!(admin.get("/classes/9v/export").await.json(), document);
        let again = admin.post("/classes/9v/import", &document).await.json();
        assert_eq!(again["assignments"], json!({"added": 0, "changed": 0, "removed": 0, "same": 1}));

        let mut wrong = document.clone();
        wrong["days"] = json!({"today": changes(""), "2025-09-02": {"text": 1}});
        wrong["subjects"][0]["number"] = json!(0);
        wrong["assignments"][0]["due"] = json!("2025-02-29");
        let refused = admin.post("/classes/9v/import", &wrong).await;
        let expected = [
            "/assignments/0/due",
            "/days/2025-09-02/rows",
            "/days/2025-09-02/text",
            "/days/today",
            "/subjects/0/number",
        ];
        assert_eq!((refused.status, super::places(&refused)), (422, expected.map(str::to_owned).to_vec()));
    }
}

#[tokio::test]
async fn the_chats_of_a_class_are_listed_and_unbound() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        let code = head.get("").await.json()["code"].as_str().unwrap().to_owned();
        for (platform, peer) in [(Platform::Telegram, -100_123), (Platform::Vk, 2_000_000_001)] {
            house.board.bind_chat(platform, peer, &code).await.unwrap();
        }
        let morning = Some(Alerts::Daily(jiff::civil::time(8, 0, 0, 0)));
        house.board.set_alerts(Platform::Vk, 2_000_000_001, morning).await.unwrap();
        let chats = head.all("chats", 1).await;
        assert_eq!(chats[0]["alerts"], json!({"when": "daily", "time": "08:00:00"}));
        assert_eq!((&chats[0]["platform"], &chats[1]["peer"]), (&json!("vk"), &json!(-100_123)));
        assert_eq!(
            head.get("/bots").await.json()["items"][1],
            json!({"platform": "telegram", "chats": 1, "waiting": 0})
        );
        assert_eq!(head.delete("chats/telegram/-100123").await.status, 204);
        for path in ["chats/telegram/-100123", "chats/icq/1", "chats/vk/x", "chats/vk/99999999999999999999"] {
            assert_eq!(head.delete(path).await.status, 404, "{path}");
        }
    }
}

#[tokio::test]
async fn a_class_is_bound_to_pronote_by_who_administers_and_unbound_by_its_head() {
    for house in House::all().await {
        let head = Api::with(&house, "olga", Role::Head).await;
        let admin = Api::admin(&house).await;
        assert_eq!(head.get("pronote").await.status, 404);
        assert_eq!(head.put("pronote", &json!({"profile": "family"})).await.status, 403);
        assert_eq!(super::places(&admin.put("pronote", &json!({"profile": " "})).await), ["/profile"]);
        let bound = admin.put("pronote", &json!({"profile": "family", "child": "1"})).await;
        assert_eq!(
            (bound.status, &bound.json()["by"], &bound.json()["outcome"]),
            (200, &json!("director"), &Value::Null)
        );
        assert_eq!(head.get("pronote").await.json(), bound.json());
        let gone = head.delete("pronote").await;
        assert_eq!((gone.status, &gone.json()["assignments"]["removed"]), (200, &json!(0)));
        assert_eq!(head.delete("pronote").await.status, 404);
    }
}

#[tokio::test]
async fn the_bot_is_asked_what_it_would_answer() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    head.post("subjects", &json!({"name": "Физика"})).await;
    head.patch("subjects/1", &json!({"note": "§ 1"})).await;
    head.put("timetables/undated", &week("1. Физика", &[1])).await;
    let ask = async |body: Value| {
        let told = head.post("bot/preview", &body).await;
        assert_eq!(told.status, 200, "{}", told.text());
        told.json()
    };
    let told = ask(json!({"text": "что задали", "date": "2025-09-07"})).await;
    assert!(told["messages"][0]["text"].as_str().unwrap().contains("§ 1"), "{told}");
    let silent = ask(json!({"text": "привет", "private": false, "platform": "vk"})).await;
    assert_eq!(silent, json!({"messages": [], "effect": null}));
    for date in ["0001-01-01", "9999-12-31"] {
        ask(json!({"text": "дз", "date": date})).await;
    }
    let long = head.post("bot/preview", &json!({"text": "х".repeat(10_001)})).await;
    assert_eq!(super::places(&long), ["/text"]);
}

#[tokio::test]
async fn the_description_of_the_routes_is_the_one_that_was_agreed_on() {
    let house = House::on_sqlite().await;
    let told = house.ask(&Ask::get("/api/v2/openapi.json")).await;
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("../snapshots");
    settings.bind(|| insta::assert_json_snapshot!("board_openapi", told.json()));
}
