//! How often may be asked, and what can be learned by asking.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::house::{CARDS, House, Mood, careful};

#[tokio::test]
async fn one_login_can_be_asked_about_a_few_times_a_minute() {
    let house = House::with("", "per_login_per_minute = 3");
    for _ in 0..3 {
        assert_eq!(house.get("/card/alice").await.status, 200);
    }
    let reply = house.get("/card/Alice").await;
    careful(&reply);
    assert_eq!((reply.status, reply.json()), (429, json!({"error": "too_many_requests"})));
    let wait: u64 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(house.get("/card/bob").await.status, 200);
    assert_eq!(house.get("/card-eu/alice/extended").await.status, 429, "by another path too");
}

#[tokio::test]
async fn there_is_an_end_to_all_questions_and_outsiders_do_not_use_them_up() {
    let house = House::with("", "per_second = 5");
    for _ in 0..20 {
        house.get_with("/card/alice", "a-token-that-is-wrong").await;
    }
    let mut statuses = Vec::new();
    for number in 0..8 {
        statuses.push(house.get(&format!("/card/alice{number}")).await.status);
    }
    assert_eq!(statuses[..5], [404; 5]);
    assert!(statuses[5..].contains(&429), "{statuses:?}");
}

#[tokio::test]
async fn a_storm_on_one_login_leaves_the_others_their_turns() {
    let house = House::with("", "per_second = 5\nper_login_per_minute = 1");
    for _ in 0..20 {
        house.get("/card/alice").await;
    }
    assert_eq!(house.get("/card/bob").await.status, 200);
}

#[tokio::test]
async fn guessing_tokens_has_an_end() {
    let house = House::new();
    let mut last = 401;
    for number in 0..60 {
        last = house.get_with("/card/alice", &format!("a-token-that-is-wrong-{number}")).await.status;
    }
    assert_eq!(last, 429);
    assert_eq!(house.get("/card/alice").await.status, 200, "who shows the right one is let in");
}

#[tokio::test]
async fn who_tries_names_is_stopped_and_let_in_again_after_an_hour() {
    let house = House::with("allow_from = [\"127.0.0.1\", \"192.0.2.1\"]", "unknown_per_hour = 5");
    for number in 0..5 {
        assert_eq!(house.get("/card/TRY0").await.status, 404, "the same name counts once");
        assert_eq!(house.get(&format!("/card/try{number}")).await.status, 404);
        house.pass(60);
    }
    for path in ["/card/try9", "/card/alice", "/card-eu/alice/extended", "/card/try0"] {
        let reply = house.get(path).await;
        careful(&reply);
        assert_eq!(reply.status, 429, "{path}: whether somebody is known is not to be seen");
        assert_eq!(reply.header("retry-after"), Some("3300"));
    }
    let request = Request::get("/card/alice").header("authorization", format!("Bearer {CARDS}"));
    let elsewhere = house.ask_from("192.0.2.1", request.body(Body::empty()).unwrap()).await;
    assert_eq!(elsewhere.status, 200, "another address is not held up");
    house.pass(3300);
    assert_eq!(house.get("/card/alice").await.status, 200);
}

#[tokio::test]
async fn the_time_does_not_tell_whether_somebody_is_known() {
    let house = House::new();
    house.register.be(Mood::Slow(Duration::from_millis(80)));
    for _ in 0..3 {
        house.get("/card/alice").await;
    }
    house.register.be(Mood::Well);
    let begun = Instant::now();
    assert_eq!(house.get("/card/nobody").await.status, 404);
    assert!(begun.elapsed() >= Duration::from_millis(75), "{:?}", begun.elapsed());
    let begun = Instant::now();
    assert_eq!(house.get("/card/%00").await.status, 404);
    assert!(begun.elapsed() >= Duration::from_millis(75), "{:?}", begun.elapsed());
}
