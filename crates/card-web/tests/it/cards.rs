//! Every row of the contract's table of answers, and its headers.

use std::time::Duration;

use axum::body::Body;
use axum::http::{Method, Request};
use serde_json::json;

use crate::house::{CARDS, CHECKS, House, Mood, VIEWS, access, careful};

const JSON: Option<&str> = Some("application/json; charset=utf-8");

#[tokio::test]
async fn a_card_is_answered() {
    let house = House::new();
    let reply = house.get("/card/alice").await;
    careful(&reply);
    assert_eq!((reply.status, reply.header("content-type")), (200, JSON));
    let card = reply.json();
    assert_eq!(card["lastname"], "Martin");
    assert_eq!(card["idNumber"], "0042");
    assert_eq!(card["endDate"], 2027);
    assert_eq!(card["errors"], json!([]));
    assert!(card["photo"].as_str().unwrap().starts_with("data:image/jpeg;base64,"));
}

#[tokio::test]
async fn why_there_is_no_card_is_answered_in_band() {
    let house = House::new();
    house.register.set("alice", "fees", "unpaid");
    house.register.set("bob", "photo", "no");
    let reply = house.get("/card/alice").await;
    careful(&reply);
    assert_eq!((reply.status, reply.json()), (200, json!({"affiliation": "student", "errors": ["UNPAID_FEES"]})));
    let reply = house.get("/card/bob").await;
    assert_eq!((reply.status, reply.json()), (200, json!({"affiliation": "staff", "errors": ["NO_PHOTO"]})));
}

#[tokio::test]
async fn who_is_not_known_is_not_found_whatever_the_login_is() {
    let house = House::new();
    let long = format!("/card/{}", "a".repeat(300));
    let encoded = format!("/card/{}", "%C3%A9".repeat(200));
    for path in [
        "/card/nobody",
        "/card/*",
        "/card/a*",
        "/card/)(uid=*",
        "/card/a%5C2a",
        "/card/%2F",
        "/card/a%2Fb",
        "/card/%00",
        "/card/alice%00",
        "/card/..",
        "/card/%2e%2e",
        "/card/%FF",
        "/card/a%C3",
        "/card/",
        "/card/%20",
        "/card/%0A",
        "/card/alic%D0%B5",
        "/card/%EF%BD%81lice",
        "/card/alice%2E",
        "/card/%2561lice",
        &long,
        &encoded,
    ] {
        let reply = house.get(path).await;
        careful(&reply);
        assert_eq!((reply.status, reply.header("content-type")), (404, JSON), "{path}");
        let body = reply.json();
        assert!(body["error"].as_str().unwrap().starts_with("user_not_found"), "{path}: {body}");
        assert!(body["error_description"].is_string(), "{path}");
    }
}

#[tokio::test]
async fn a_login_is_decoded_once_and_the_query_is_ignored() {
    let house = House::new();
    for path in ["/card/%61lice", "/card/alice?x=1", "/card/ALICE", "/card/alice?profile=staff&a=%00"] {
        assert_eq!(house.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_token_has_to_be_shown() {
    let house = House::new();
    let long = format!("Bearer {CARDS}x");
    for line in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer undefined",
        "Basic YTpi",
        CARDS,
        "Bearer wrong",
        &long,
        &format!("Bearer {VIEWS}"),
        &format!("Bearer {CHECKS}"),
    ] {
        let request = Request::get("/card/alice").header("authorization", line).body(Body::empty()).unwrap();
        let reply = house.ask(request).await;
        careful(&reply);
        assert_eq!((reply.status, reply.json()), (401, json!({"error": "unauthorized"})), "{line}");
        assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        assert_eq!(reply.header("content-type"), JSON);
    }
    let reply = house.ask(Request::get("/card/alice").body(Body::empty()).unwrap()).await;
    assert_eq!(reply.status, 401);
    assert_eq!(house.register.asked.load(std::sync::atomic::Ordering::Relaxed), 0, "nobody was asked about");
}

#[tokio::test]
async fn an_address_that_is_not_listed_is_refused_whatever_it_shows() {
    let house = House::with("allow_from = [\"192.0.2.0/24\"]", "");
    let request = || Request::get("/card/alice").header("authorization", format!("Bearer {CARDS}")).body(Body::empty());
    for (from, status) in
        [("192.0.2.9", 200), ("::ffff:192.0.2.9", 200), ("198.51.100.1", 403), ("127.0.0.1", 403), ("0.0.0.0", 403)]
    {
        let reply = house.ask_from(from, request().unwrap()).await;
        careful(&reply);
        assert_eq!(reply.status, status, "{from}");
        if status == 403 {
            assert_eq!(reply.json(), json!({"error": "forbidden"}));
        }
    }
}

#[tokio::test]
async fn there_is_only_reading() {
    let house = House::new();
    for path in
        ["/card/alice", "/card-eu/alice/extended", "/cards/alice", "/card-view/alice/card.svg", "/v/X", "/card-ready"]
    {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
            let request = Request::builder().method(&method).uri(path).header("origin", "https://evil.example");
            let reply = house.ask(request.body(Body::empty()).unwrap()).await;
            careful(&reply);
            assert_eq!((reply.status, reply.json()), (405, json!({"error": "method_not_allowed"})), "{method} {path}");
            assert_eq!(reply.header("allow"), Some("GET, HEAD"));
        }
    }
}

#[tokio::test]
async fn the_headers_alone_are_those_of_the_answer() {
    let house = House::new();
    let whole = house.get("/card/alice").await;
    let request = Request::head("/card/alice").header("authorization", format!("Bearer {CARDS}")).body(Body::empty());
    let head = house.ask(request.unwrap()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-type"), whole.header("content-type"));
    assert_eq!(head.header("content-length"), Some(&*whole.body.len().to_string()));
    careful(&head);
}

#[tokio::test]
async fn a_source_that_fails_is_never_somebody_who_is_not_known() {
    let house = House::new();
    for mood in [Mood::Down, Mood::WrongPassword, Mood::TwoOfThem, Mood::Slow(Duration::from_secs(30))] {
        house.register.be(mood);
        let begun = std::time::Instant::now();
        let reply = house.get("/card/alice").await;
        careful(&reply);
        assert_eq!(reply.status, 503, "{mood:?}");
        let body = reply.json();
        assert_eq!((&body["error"], &body["error_description"]), (&json!("source_unavailable"), &json!("register")));
        assert!(begun.elapsed() < Duration::from_millis(3500), "within the budget");
    }
    house.register.be(Mood::Well);
    assert_eq!(house.get("/card/alice").await.status, 200, "it recovers by itself");
}

#[tokio::test]
async fn a_bug_is_one_answer_and_tells_nothing() {
    let house = House::new();
    house.register.be(Mood::Broken);
    let reply = house.get("/card/alice").await;
    careful(&reply);
    assert_eq!((reply.status, reply.json()), (500, json!({"error": "internal_error"})));
    house.register.be(Mood::Well);
    assert_eq!(house.get("/card/alice").await.status, 200);
}

#[tokio::test]
async fn other_applications_are_answered_in_their_own_form() {
    let house = House::new();
    let legacy = house.get("/cards/alice").await;
    careful(&legacy);
    assert_eq!(legacy.status, 200);
    assert_eq!(legacy.json()["lastname"], "Martin");
    assert!(legacy.json()["cards"]["studentCard"].is_object());
    for path in ["/cards/nobody", "/card-eu/nobody/extended", "/card-eu/a%2Fb/extended"] {
        assert_eq!(house.get(path).await.status, 404, "{path}");
    }
    let european = house.get("/card-eu/alice/extended").await;
    careful(&european);
    assert_eq!(house.get_with("/card-eu/alice/extended", "wrong").await.status, 401);
    assert_eq!(house.get_with("/cards/alice", VIEWS).await.status, 401);
}

#[tokio::test]
async fn paths_are_a_setting() {
    let house = House::with("path = \"/api/people/cards\"\neu_path = \"\"\nlegacy_path = \"\"\nview_path = \"\"", "");
    assert_eq!(house.get("/api/people/cards/alice").await.status, 200);
    for path in ["/card/alice", "/card-eu/alice/extended", "/cards/alice", "/card-view/alice/card.svg", "/alice"] {
        assert_eq!(house.get(path).await.status, 404, "{path}");
    }
    let root = House::with("path = \"\"", "");
    assert_eq!(root.get("/alice").await.status, 200);
    assert_eq!(root.get("/card-ready").await.json()["ready"], true, "what is ours comes first");
}

#[tokio::test]
async fn without_tokens_only_this_machine_is_answered() {
    let house = House::with("auth = \"none\"\ntokens = []\nallow_from = [\"0.0.0.0/0\", \"::/0\"]", "");
    let request = || Request::get("/card/alice").body(Body::empty()).unwrap();
    assert_eq!(house.ask(request()).await.status, 200);
    assert_eq!(house.ask_from("::1", request()).await.status, 200);
    assert_eq!(house.ask_from("192.0.2.1", request()).await.status, 403);
    assert_eq!(house.ask_from("0.0.0.0", request()).await.status, 403);
}

#[tokio::test]
async fn it_is_told_which_sources_work() {
    let house = House::new();
    let ready = house.ask(Request::get("/card-ready").body(Body::empty()).unwrap()).await;
    careful(&ready);
    let source = json!({"name": "register", "ready": true, "optional": false, "last_success": "2026-11-22T11:00:00Z", "fault": null});
    assert_eq!((ready.status, ready.json()), (200, json!({"ready": true, "sources": [source]})));

    house.register.be(Mood::Down);
    house.pass(60);
    let ready = house.ask(Request::get("/card-ready").body(Body::empty()).unwrap()).await;
    assert_eq!((ready.status, ready.json()["ready"].clone()), (503, json!(false)));
    let source = ready.json()["sources"][0].clone();
    assert_eq!(source["last_success"], "2026-11-22T11:00:00Z");
    assert!(source["fault"].as_str().unwrap().contains("cannot be reached"));
    let outside = house.ask_from("192.0.2.1", Request::get("/card-ready").body(Body::empty()).unwrap()).await;
    assert_eq!(outside.status, 403);
}

#[tokio::test]
async fn what_is_counted_names_nobody() {
    let house = House::new();
    house.get("/card/alice").await;
    house.get("/card/nobody").await;
    house.register.set("bob", "lastname", " ");
    assert_eq!(house.get("/card/bob").await.status, 503, "what is said of him makes no card");
    house.register.be(Mood::Down);
    house.get("/card/bob").await;
    let mut registry = prometheus_client::registry::Registry::with_prefix("cartable");
    house.app.register(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    for line in [
        r#"cartable_card_answers_total{face="card",outcome="card"} 1"#,
        r#"cartable_card_answers_total{face="card",outcome="not_found"} 1"#,
        r#"cartable_card_answers_total{face="card",outcome="unavailable"} 2"#,
        r#"cartable_card_source_errors_total{source="register"} 2"#,
        "cartable_card_photo_size_bytes_count 1",
        "cartable_card_audit_lines_dropped_total 0",
        "cartable_card_data_faults_total 1",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(text.contains(r#"cartable_card_source_duration_seconds_count{source="register"}"#));
    assert!(!text.contains("alice") && !text.contains("nobody") && !text.contains("bob"));
}

#[tokio::test]
async fn paths_and_tokens_that_are_in_each_others_way_are_faults() {
    let faults = |card: &str, others: &[&str]| card_web::faults(&access(card), true, others).join("; ");
    assert_eq!(faults("", &["/graphql", "/board"]), "");
    assert_eq!(faults("path = \"\"", &["/graphql"]), "", "at the root the others come first");
    assert!(faults("path = \"/graphql\"", &["/graphql"]).contains("`path` is taken"));
    assert!(faults("path = \"/board/card\"", &["/board"]).contains("`path` is taken"));
    assert!(faults("path = \"/card-ready\"", &[]).contains("`path` is taken"));
    assert!(faults("legacy_path = \"/card/old\"", &[]).contains("`legacy_path` and `path`"));
    assert!(faults("legacy_path = \"/V\"", &[]).contains("`verify_path in capitals` and `legacy_path`"));
    assert!(faults("view_tokens = [\"env:CARDS\"]", &[]).contains("`tokens` and in `view_tokens`"));
}
