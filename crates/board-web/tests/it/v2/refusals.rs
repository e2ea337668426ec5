//! What is refused, and how: absurd input is told clearly, all of it at once, and breaks nothing.

use board::Role;
use serde_json::{Value, json};

use super::{Api, changes, places, week};
use crate::house::House;
use crate::wire::{Ask, Told};

fn is_problem(told: &Told, status: u16) {
    assert_eq!(told.status, status, "{}", told.text());
    assert_eq!(told.header("content-type"), Some("application/problem+json"));
    let body = told.json();
    assert_eq!((&body["type"], &body["status"]), (&json!("about:blank"), &json!(status)));
    assert!(body["title"].is_string() && body["detail"].is_string());
    assert!(told.header("x-request-id").is_some());
}

#[tokio::test]
async fn every_fault_is_told_at_once_with_its_place() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    let wrong = json!({
        "name": "", "zone": "Mars/Olympus", "days": 7, "bells": [{"from": "8:30"}], "week_a": "2025-02-29",
        "holidays": [{"from": "2025-09-01", "to": 5}], "colour": "red"
    });
    let told = head.patch("settings", &wrong).await;
    is_problem(&told, 422);
    let expected = ["/bells/0/to", "/bells/0/from", "/colour", "/days", "/holidays/0/to", "/name", "/week_a", "/zone"];
    assert_eq!(places(&told), expected);
    assert_eq!(told.json()["code"], 7);
    let told = head
        .put(
            "timetables/undated",
            &json!({"texts": ["", 1], "rows": [[1.5, 2], [], [], [], [], [1, 2, 3, 4, 5, 6, 7, 8, 9]]}),
        )
        .await;
    assert_eq!(places(&told), ["/rows/0/0", "/rows/5", "/texts", "/texts/1"]);
    let order = head.patch("settings", &json!({"bells": [{"from": "09:00", "to": "08:00"}]})).await;
    assert_eq!(places(&order), ["/bells"]);
    let late = json!({"valid_from": "2025-09-08", "valid_to": "2025-09-01", "week": week("", &[])});
    assert_eq!(places(&head.post("timetables", &late).await), ["/valid_to"]);
}

#[tokio::test]
async fn absurd_bodies_are_refused() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    head.post("subjects", &json!({"name": "Физика"})).await;
    let send = async |body: &[u8]| {
        let ask = head.request("PATCH", "subjects/1").header("Content-Type", "application/json");
        head.ask(&Ask { body: body.to_vec(), ..ask }).await
    };
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_member = format!("{{\"note\":{}1{}}}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    let malformed: [&[u8]; 11] = [
        b"",
        b"{",
        b"nonsense",
        b"{\"note\":\"\\ud83d\"}",
        b"{\"note\":\"\xff\"}",
        b"{\"note\":\"a\nb\"}",
        b"{} {}",
        b"\xef\xbb\xbf{}",
        b"{\"note\":1e999}",
        deep.as_bytes(),
        deep_member.as_bytes(),
    ];
    for body in malformed {
        let told = send(body).await;
        is_problem(&told, 400);
    }
    for (body, place) in [
        ("null", ""),
        ("[]", ""),
        ("{\"note\":null}", "/note"),
        ("{\"name\":99999999999999999999}", "/name"),
        ("{\"name\":\"Физика!\"}", "/name"),
        ("{\"name\":\"\\u00a0\"}", "/name"),
        ("{\"a/b\":1}", "/a~1b"),
    ] {
        let told = send(body.as_bytes()).await;
        is_problem(&told, 422);
        assert_eq!(places(&told), [place], "{body}");
    }
    let number =
        head.put("changes/undated", &json!({"text": "", "rows": [u64::MAX, 1e30, -1, -1, -1, -1, -1, -1]})).await;
    assert_eq!(places(&number), ["/rows/0", "/rows/1"]);
    let least = json!({"text": "", "rows": [i64::MIN, i64::MAX, -1, -1, -1, -1, -1, -1]});
    assert_eq!(head.put("changes/undated", &least).await.json()["rows"], least["rows"]);
    assert_eq!(head.get("subjects/1").await.json()["name"], "Физика");
}

#[tokio::test]
async fn a_nul_is_kept_or_refused_but_breaks_nothing() {
    for house in House::all().await {
        let admin = Api::admin(&house).await;
        admin.post("subjects", &json!({"name": "Физика"})).await;
        let mut document = admin.get("export").await.json();
        document["changes"]["text"] = json!("\0");
        document["subjects"][0]["note"] = json!("\0");
        let homework = json!({"subject": 1, "due": "2025-09-03", "text": "\0", "links": ["https://example.org/\0"]});
        let holiday = json!({"from": "2025-09-03", "to": "2025-09-03", "name": "\0"});
        let kept = [
            ("PATCH", "subjects/1", json!({"note": "\0"})),
            ("PATCH", "settings", json!({"holidays": [holiday]})),
            ("PUT", "timetables/undated", week("\0", &[])),
            ("POST", "timetables", json!({"valid_from": "2025-09-03", "week": week("\0", &[])})),
            ("PUT", "changes/undated", changes("\0")),
            ("PUT", "changes/2025-09-02", changes("\0")),
            ("POST", "assignments", homework),
            ("POST", "bot/preview", json!({"text": "\0"})),
            ("POST", "import", document),
        ];
        for (method, path, body) in kept {
            let told = admin.ask(&admin.with_body(method, path, &body)).await;
            assert!(matches!(told.status, 200 | 201), "{path}: {}", told.text());
        }
        let password = "Parol-2026\0";
        let refused = [
            ("POST", "subjects", json!({"name": "a\0"}), 422),
            ("PATCH", "settings", json!({"name": "a\0"}), 422),
            ("PATCH", "settings", json!({"zone": "Europe/\0"}), 422),
            ("PUT", "pronote", json!({"profile": "a\0"}), 422),
            ("PUT", "pronote", json!({"profile": "a", "child": "\0"}), 422),
            ("POST", "/classes", json!({"slug": "\0", "settings": {"name": "9В"}}), 422),
            ("POST", "/users", json!({"name": "a\0", "password": password}), 422),
            ("PATCH", "/users/head", json!({"roles": {"\0": "head"}}), 422),
            ("POST", "/sessions", json!({"user": "\0", "password": password}), 401),
        ];
        for (method, path, body, status) in refused {
            is_problem(&admin.ask(&admin.with_body(method, path, &body)).await, status);
        }
        is_problem(&admin.get("/audit?class=%00").await, 404);
        assert_eq!(admin.get("subjects/1").await.json()["note"], "\0");
    }
}

#[tokio::test]
async fn a_body_is_json_within_its_limit() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    head.post("subjects", &json!({"name": "Физика"})).await;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "json"] {
        let ask = head.request("PATCH", "subjects/1").header("Content-Type", kind);
        is_problem(&head.ask(&Ask { body: b"{}".to_vec(), ..ask }).await, 415);
    }
    is_problem(&head.ask(&Ask { body: b"{}".to_vec(), ..head.request("PATCH", "subjects/1") }).await, 415);
    let packed = head.with_body("PATCH", "subjects/1", &json!({})).header("Content-Encoding", "gzip");
    is_problem(&head.ask(&packed).await, 415);

    let long = json!({"note": "ж".repeat(3 << 20)});
    assert_eq!(head.patch("subjects/1", &long).await.status, 200);
    assert_eq!(head.get("subjects/1").await.json()["note"], long["note"]);
    is_problem(&head.patch("subjects/1", &json!({"note": "x".repeat(8 << 20)})).await, 413);
    is_problem(&head.post("subjects", &json!({"name": "x".repeat(1 << 20)})).await, 413);
    is_problem(&head.patch("subjects/1", &json!({"note": "x".repeat(100 << 20)})).await, 413);
    let claimed = head.with_body("PATCH", "subjects/1", &json!({})).header("Content-Length", "104857600");
    is_problem(&head.ask(&claimed).await, 413);
}

#[tokio::test]
async fn addresses_and_queries_that_mean_nothing_are_refused() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    for path in [
        "/nothing",
        "/classes/class/",
        "/",
        "subjects/x",
        "subjects/+1",
        "subjects/-1",
        "subjects/1.0",
        "subjects/99999999999999999999",
        "subjects/%00",
        "subjects/%FF",
        "subjects/1/",
        "days/2025-02-29",
        "days/10000-01-01",
        "days/0000-12-31",
        "days/-001-01-01",
        "days/20250901",
        "days/2025-09-01T00:00",
        "changes/tomorrow",
        "timetables/1",
        "assignments/9223372036854775807",
        "/classes/%D0%B9",
        "/classes/class%2Fsubjects",
        "/users/%00",
        "/audit/0",
    ] {
        is_problem(&head.get(path).await, 404);
    }
    for path in [
        "subjects?limit=0",
        "subjects?limit=201",
        "subjects?limit=x",
        "subjects?limit=99999999999999999999",
        "subjects?cursor=%00",
        "subjects?cursor=bm9uc2Vuc2U",
        "subjects?cursor=",
        "assignments?due=today",
        "assignments?from=10000-01-01",
        "assignments?subject=1.5",
        "assignments?form=2025-09-01",
        "changes?to=2025-9-1",
        "timetables/current?date=",
        "assignments?cursor=WyJhIiwxXQ",
    ] {
        is_problem(&head.get(path).await, 400);
    }
    let told = head.get("assignments?due=today&subject=x&form=1").await.json();
    for name in ["due:", "subject:", "form:"] {
        assert!(told["detail"].as_str().unwrap().contains(name), "{told}");
    }
    is_problem(&head.put("changes/2025-02-29", &changes("")).await, 404);
    let tag = head.with_body("PUT", "changes/undated", &changes("")).header("If-Match", "unquoted");
    is_problem(&head.ask(&tag).await, 400);
}

#[tokio::test]
async fn a_method_that_an_address_does_not_know_is_told_which_it_knows() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    for (method, path, allowed) in [
        ("DELETE", "subjects", &["GET", "HEAD", "POST"][..]),
        ("POST", "subjects/1", &["GET", "HEAD", "PATCH", "DELETE"]),
        ("GET", "/sessions/abc", &["DELETE"]),
        ("TRACE", "/health", &["GET", "HEAD"]),
        ("QUERY", "", &["GET", "HEAD", "PATCH"]),
    ] {
        let told = head.ask(&head.request(method, path)).await;
        is_problem(&told, 405);
        let mut allow: Vec<_> = told.header("allow").unwrap().split(',').map(str::trim).collect();
        let mut allowed = allowed.to_vec();
        allow.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(allow, allowed, "{method} {path}");
    }
    let read = head.ask(&head.request("HEAD", "subjects")).await;
    assert_eq!((read.status, read.body.len()), (200, 0));
}

#[tokio::test]
async fn nothing_is_kept_by_caches_without_asking_again() {
    let house = House::on_sqlite().await;
    let head = Api::with(&house, "olga", Role::Head).await;
    assert_eq!(head.get("subjects").await.header("cache-control"), Some("no-store"));
    assert_eq!(head.get("timetables/undated").await.header("cache-control"), Some("private, no-cache"));
    assert_eq!(house.ask(&Ask::get("/api/v2/health")).await.json(), json!({"status": "ready"}));
    let nobody = house.ask(&Ask::get("/api/v2/classes")).await;
    is_problem(&nobody, 401);
    assert_eq!(nobody.json()["faults"], Value::Null);
}
