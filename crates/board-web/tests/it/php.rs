//! The old face beyond the recorded cases: classes, roles, limits, and what it leaves in the board.

use board::{Actor, ClassSettings, History, Role};
use serde_json::json;

use crate::house::{HEAD, House, form_urlencoded};
use crate::wire::{Ask, Line};

#[tokio::test]
async fn every_class_has_the_methods_below_its_address() {
    for house in House::all().await {
        let by = Actor::program("test");
        let other = house.board.add_class(&by, "9b", ClassSettings::named("9Б")).await.unwrap();
        house.add_user("olga", "Olga-2026", &[(other.id, Role::Editor)]).await;
        let form = form_urlencoded(&[("user", "olga"), ("pass", "Olga-2026")]);
        assert_eq!(
            house.ask(&Ask::form("/api/auth.php", &form)).await.code(),
            Some(3),
            "of the default class she is not"
        );
        let signed_in = house.ask(&Ask::form("/c/9b/api/auth.php", &form)).await.json();
        assert_eq!((&signed_in["username"], &signed_in["pr"]), (&json!("olga"), &json!(1)));
        let key = signed_in["key"].as_str().unwrap();
        let changes = json!({"TextChanges": "9Б", "NumericChanges": [1, 2, 3, 4, 5, 6, 7, 8]});
        let saved = house.ask(&Ask::json("/c/9b/api/updateChanges.php", &changes).key(key)).await;
        assert_eq!(saved.json(), json!({"updated": true}));
        assert_eq!(house.ask(&Ask::get("/c/9b/api/getChanges.php").key(key)).await.json(), changes);
        assert_eq!(house.ask(&Ask::get("/api/getChanges.php").key(key)).await.code(), Some(9));
        let head = house.head().await;
        assert_ne!(house.ask(&Ask::get("/api/getChanges.php").key(&head)).await.json(), changes);
        assert_eq!(house.ask(&Ask::get("/c/9b/api/getChanges.php").key(&head)).await.code(), Some(9));
        assert_eq!(house.ask(&Ask::get("/c/9v/api/getChanges.php").key(&head)).await.status, 404);
    }
}

#[tokio::test]
async fn whoever_only_reads_writes_nothing() {
    let house = House::on_sqlite().await;
    house.add_user("reader", "Reader-2026", &[(house.class, Role::Reader)]).await;
    let key = house.sign_in_from("127.0.0.1", "reader", "Reader-2026").await;
    assert_eq!(house.ask(&Ask::get("/api/getSubjects.php").key(&key)).await.json(), json!([]));
    let changes = json!({"TextChanges": "", "NumericChanges": [1, 2, 3, 4, 5, 6, 7, 8]});
    assert_eq!(house.ask(&Ask::json("/api/updateChanges.php", &changes).key(&key)).await.code(), Some(9));
}

#[tokio::test]
async fn the_names_of_older_clients_are_served() {
    let house = House::on_sqlite().await;
    let key = house.head().await;
    let week = json!({"TextTimetable": ["a", "b", "c", "d", "e", "f"], "NumericTimetable": [[1], [], [], [], [], [2]]});
    let saved = house.ask(&Ask::json("/api/updateSchedule.php", &week).key(&key)).await;
    assert_eq!(saved.json(), json!({"updated": true}));
    assert_eq!(house.ask(&Ask::get("/api/getSchedule.php").key(&key)).await.json(), week, "an empty day is empty");
}

#[tokio::test]
async fn a_method_is_called_by_its_own_method_of_http() {
    let house = House::on_sqlite().await;
    let key = house.head().await;
    for (by, path, allowed) in [
        ("POST", "/api/getSubjects.php", "GET, HEAD"),
        ("DELETE", "/api/deleteUser.php?user=head", "GET, HEAD"),
        ("GET", "/api/updateHomework.php", "POST"),
        ("PUT", "/c/main/api/addUser.php", "POST"),
    ] {
        let path = path.replace("/c/main", &format!("/c/{}", house.board.default_class().await.unwrap().slug));
        let ask = Ask { method: by.to_owned(), ..Ask::get(&path) };
        let told = house.ask(&ask.clone().key(&key)).await;
        assert_eq!((told.status, told.header("allow")), (405, Some(allowed)), "{by} {path}");
        assert_eq!(house.ask(&ask).await.code(), Some(4), "the key comes first");
    }
    let told = house.ask(&Ask { method: "HEAD".to_owned(), ..Ask::get("/api/getSubjects.php").key(&key) }).await;
    assert_eq!((told.status, told.header("content-type")), (200, Some("application/json")));
}

#[tokio::test]
async fn the_last_key_that_is_shown_counts() {
    let house = House::on_sqlite().await;
    let key = house.head().await;
    let first = "0".repeat(64);
    let ask = || Ask::get("/api/getSubjects.php");
    for shown in [ask().key(&first).key(&key), ask().key(&format!("{first}, {key}")), ask().key(&format!(" {key} "))] {
        assert_eq!(house.ask(&shown).await.json(), json!([]), "{shown:?}");
    }
    for shown in [ask().key(&key).key(&first), ask().key(&format!("{key}, {first}")), ask().key(&format!("{key},"))] {
        assert_eq!(house.ask(&shown).await.code(), Some(4), "{shown:?}");
    }
}

#[tokio::test]
async fn too_many_wrong_passwords_have_to_wait() {
    let house = House::on_sqlite().await;
    let wrong = Ask::form("/api/auth.php", &form_urlencoded(&[("user", HEAD.0), ("pass", "wrong")]));
    let right = Ask::form("/api/auth.php", &form_urlencoded(&[("user", HEAD.0), ("pass", HEAD.1)]));
    let mut told = house.ask(&wrong).await;
    for _ in 0..20 {
        if told.header("retry-after").is_some() {
            break;
        }
        assert_eq!(told.json(), json!({"error": "Incorrect login or password", "errorcode": 3}));
        told = house.ask(&wrong).await;
    }
    let seconds: i64 = told.header("retry-after").unwrap().parse().unwrap();
    let error = format!("Too many wrong passwords, try again in {seconds} seconds");
    assert_eq!((told.status, told.json()), (200, json!({"error": error, "errorcode": 3})));
    assert_eq!(house.ask(&right).await.code(), Some(3), "the right one waits too");
    house.advance(seconds);
    assert_eq!(house.ask(&right).await.json()["username"], HEAD.0);
}

#[tokio::test]
async fn a_name_of_any_script_is_good_everywhere() {
    for house in House::all().await {
        let key = house.head().await;
        let user = json!({"user": "учитель_2", "pass": " пароль\u{301} ", "pr": 2});
        assert_eq!(house.ask(&Ask::json("/api/addUser.php", &user).key(&key)).await.json(), json!({"added": true}));
        let form = form_urlencoded(&[("user", "учитель_2"), ("pass", " пароль\u{301} ")]);
        let signed_in = house.ask(&Ask::form("/api/auth.php", &form)).await.json();
        assert_eq!((&signed_in["username"], &signed_in["pr"]), (&json!("учитель_2"), &json!(2)));
        let query = form_urlencoded(&[("user", "учитель_2")]);
        let deleted = house.ask(&Ask::get(&format!("/api/deleteUser.php?{query}")).key(&key)).await;
        assert_eq!(deleted.json(), json!({"deleted": true}));
        let refused = house.ask(&Ask::get("/api/getSubjects.php").key(signed_in["key"].as_str().unwrap())).await;
        assert_eq!(refused.code(), Some(4), "the keys go with the account");
    }
}

#[tokio::test]
async fn what_the_original_let_through_is_refused_clearly() {
    let house = House::on_sqlite().await;
    let key = house.head().await;
    let long = "x".repeat(51);
    let refused = [
        ("addSubjects", json!({"names": ["ОБЖ", "  "]})),
        ("addSubjects", json!({"names": ["ОБЖ\n"]})),
        ("addUser", json!({"user": "x\n", "pass": "p", "pr": 1})),
        ("addUser", json!({"user": "x", "pass": "", "pr": 1})),
        ("addUser", json!({"user": long, "pass": "p", "pr": 1})),
    ];
    for (method, body) in refused {
        let told = house.ask(&Ask::json(&format!("/api/{method}.php"), &body).key(&key)).await;
        assert_eq!((told.status, told.code()), (200, Some(7)), "{body}");
        assert!(told.text().contains("Failed to validate parameters: "), "{}", told.text());
    }
    let none = house.ask(&Ask::json("/api/addSubjects.php", &json!({"names": []})).key(&key)).await;
    assert_eq!(none.json(), json!({"added_subjects": 0}));
    assert_eq!(house.ask(&Ask::get("/api/getSubjects.php").key(&key)).await.json(), json!([]), "none was added");
    for path in [
        "/bot.db",
        "/changes",
        "/NumericChanges",
        "/NumTimetable/1",
        "/TextTimetable/1",
        "/api/",
        "/api/API.php",
        "/board.db",
    ] {
        assert_eq!(house.ask(&Ask::get(path).key(&key)).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn every_write_is_in_the_history_with_who_and_from_where() {
    let house = House::on_sqlite().await;
    let key = house.head().await;
    let changes = |text: &str| json!({"TextChanges": text, "NumericChanges": [1, 2, 3, 4, 5, 6, 7, 8]});
    for text in ["one", "two"] {
        house.ask(&Ask::json("/api/updateChanges.php", &changes(text)).key(&key)).await;
    }
    let entries = house.board.history(&History { class: Some(house.class), before: None, limit: 1 }).await.unwrap();
    let entry = &entries[0];
    assert_eq!((entry.by.name.as_str(), entry.by.via), (HEAD.0, "php"));
    assert_eq!(entry.by.address, Some([127, 0, 0, 1].into()));
    assert_eq!(
        (&entry.before.as_ref().unwrap()["text"], &entry.after.as_ref().unwrap()["text"]),
        (&json!("one"), &json!("two"))
    );
}

#[tokio::test]
async fn an_account_with_a_part_elsewhere_only_leaves_the_class() {
    let house = House::on_sqlite().await;
    let by = Actor::program("test");
    let other = house.board.add_class(&by, "9b", ClassSettings::named("9Б")).await.unwrap();
    house.add_user("olga", "Olga-2026", &[(other.id, Role::Editor), (house.class, Role::Editor)]).await;
    let key = house.head().await;
    let deleted = house.ask(&Ask::get("/api/deleteUser.php?user=olga").key(&key)).await;
    assert_eq!(deleted.json(), json!({"deleted": true}));
    let again = house.ask(&Ask::get("/api/deleteUser.php?user=olga").key(&key)).await;
    assert_eq!(again.json(), json!({"deleted": false}));
    let form = form_urlencoded(&[("user", "olga"), ("pass", "Olga-2026")]);
    assert_eq!(house.ask(&Ask::form("/api/auth.php", &form)).await.code(), Some(3));
    assert_eq!(house.ask(&Ask::form("/c/9b/api/auth.php", &form)).await.json()["pr"], 1);
}

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other() {
    let house = House::on_sqlite().await;
    let key = house.head().await;
    let mut line = Line::open(house.at, "127.0.0.1").await;
    for _ in 0..3 {
        assert_eq!(line.ask(&Ask::get("/api/getSubjects.php").key(&key)).await.json(), json!([]));
        let refused = line.ask(&Ask::json("/api/updateHomework.php", &json!({"ID": 1})).key("nobody")).await;
        assert_eq!(refused.code(), Some(4));
    }
}
