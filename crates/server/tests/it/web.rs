//! What every answer has in common, and the documents beside the questions.

use serde_json::json;
use server::Config;

use crate::house::{House, Plan, school};
use crate::wire::{JSON, Reply, send};

async fn get(house: &House, path: &str, headers: &[(&str, &str)]) -> Reply {
    send(house.address(), "GET", path, headers, "").await
}

async fn token(house: &House, school: &emulator::Emulator) -> String {
    let login = json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs" }).to_string();
    let reply = send(house.address(), "POST", "/auth/login", &[JSON], login).await;
    reply.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_nowhere_is_not_found_and_has_no_kind() {
    let house = House::open().await;
    for (method, path) in [
        ("GET", "/"),
        ("GET", "/graphql"),
        ("OPTIONS", "/graphql"),
        ("DELETE", "/health"),
        ("POST", "/GRAPHQL"),
        ("POST", "/graphql//"),
        ("POST", "/auth/login/x"),
        ("GET", "/schema/nobody.graphql"),
        ("GET", "/schema/%ff"),
    ] {
        let reply = send(house.address(), method, path, &[], "").await;
        assert_eq!((reply.status, reply.text()), (404, "Not Found"), "{method} {path}");
        assert_eq!(reply.header("content-type"), None, "{method} {path}");
    }
}

#[tokio::test]
async fn browsers_are_told_to_be_careful() {
    let house = House::open().await;
    for path in ["/health", "/nowhere", "/openapi.json"] {
        let reply = get(&house, path, &[("Origin", "https://example.org")]).await;
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"), "{path}");
        assert!(reply.header("content-security-policy").unwrap().starts_with("default-src 'none'"), "{path}");
        assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
    }
    assert_eq!(get(&house, "/health", &[]).await.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn pages_of_origins_that_are_named_may_ask() {
    let origins = vec!["https://app.example".parse().unwrap()];
    let house = House::with(Plan { server: Config { origins, ..Config::default() }, ..Plan::default() }).await;
    let preflight = async |origin: &str| {
        let headers = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type,token"),
        ];
        send(house.address(), "OPTIONS", "/graphql", &headers, "").await
    };
    let reply = preflight("https://app.example").await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (200, Some("https://app.example")));
    assert!(reply.header("access-control-allow-headers").unwrap().contains("token"));
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    assert_eq!(preflight("https://other.example").await.header("access-control-allow-origin"), None);
    let reply = get(&house, "/health", &[("Origin", "https://app.example")]).await;
    assert_eq!(reply.header("access-control-allow-origin"), Some("https://app.example"));
}

#[tokio::test]
async fn the_metrics_count_and_may_be_kept_for_those_who_know_their_token() {
    let (school, house) = (school().await, House::open().await);
    let token = token(&house, &school).await;
    let question = json!({ "query": "{user{name}}" }).to_string();
    send(house.address(), "POST", "/graphql", &[JSON, ("Token", &token)], question).await;
    get(&house, "/nowhere/in/particular", &[]).await;
    let reply = get(&house, "/metrics", &[]).await;
    for line in [
        r#"cartable_requests_total{route="/graphql",status="200"} 1"#,
        r#"cartable_requests_total{route="other",status="404"} 1"#,
        r#"cartable_sign_ins_total{outcome="open"} 1"#,
        r#"cartable_request_duration_seconds_count{route="/auth/login"} 1"#,
        "cartable_tokens 1",
        "cartable_connections 1",
    ] {
        assert!(reply.text().lines().any(|found| found == line), "{line} in {}", reply.text());
    }

    let config = Config { metrics_token: Some("watcher".into()), ..Config::default() };
    let house = House::with(Plan { server: config, ..Plan::default() }).await;
    assert_eq!(get(&house, "/metrics", &[]).await.status, 401);
    assert_eq!(get(&house, "/metrics", &[("Authorization", "Bearer watche")]).await.status, 401);
    assert_eq!(get(&house, "/metrics", &[("Authorization", "Bearer watcher")]).await.status, 200);
}

#[tokio::test]
async fn the_health_tells_how_busy_the_server_is() {
    let (school, house) = (school().await, House::open().await);
    token(&house, &school).await;
    let health = get(&house, "/health", &[]).await.json();
    assert_eq!((&health["status"], &health["tokens"], &health["connections"]), (&json!("ok"), &json!(1), &json!(1)));
}

#[tokio::test]
async fn large_answers_are_packed_for_those_who_can_unpack_them() {
    let house = House::open().await;
    let plain = get(&house, "/schema/student.graphql", &[]).await;
    assert!(plain.text().contains("type Query"));
    assert!(plain.header("content-length").is_some());
    let packed = get(&house, "/schema/student.graphql", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 2 < plain.body.len());
    let small = get(&house, "/health", &[("Accept-Encoding", "gzip")]).await;
    assert_eq!(small.header("content-encoding"), None);
}

#[tokio::test]
async fn statuses_tell_of_bad_questions_when_the_client_says_so() {
    let (school, house) = (school().await, House::open().await);
    let token = token(&house, &school).await;
    let ask = async |query: &str, accept: &str| {
        let headers = [JSON, ("Token", token.as_str()), ("Accept", accept)];
        send(house.address(), "POST", "/graphql", &headers, json!({ "query": query }).to_string()).await
    };
    let strict = "application/graphql-response+json";
    let reply = ask("{nope}", strict).await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.header("content-type"), Some("application/graphql-response+json; charset=utf-8"));
    assert_eq!(ask("{user{name}}", strict).await.status, 200);
    let reply = ask("{nope}", "*/*").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json; charset=utf-8")));
}

#[test]
fn the_description_of_the_routes_is_the_one_that_was_agreed_on() {
    insta::assert_snapshot!(server::openapi().to_pretty_json().unwrap());
}
