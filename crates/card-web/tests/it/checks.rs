//! The pages on which a card is verified.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::house::{CHECKS, House, Mood, Reply, careful};

async fn page(house: &House, code: &str) -> Reply {
    let request = Request::get(format!("/V/{code}")).header("accept", "text/html").header("accept-language", "en");
    house.ask_from("203.0.113.9", request.body(Body::empty()).unwrap()).await
}

async fn gate(house: &House, code: &str) -> (u16, Value) {
    let request = Request::get(format!("/v/{code}")).header("accept", "application/json");
    let reply = house.ask_from("203.0.113.9", request.body(Body::empty()).unwrap()).await;
    careful(&reply);
    (reply.status, reply.json())
}

#[tokio::test]
async fn a_phone_sees_at_once_that_a_card_is_good_and_whose() {
    let house = House::new();
    let reply = page(&house, &house.code("alice")).await;
    careful(&reply);
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/html; charset=utf-8")));
    for text in [
        "<h1>Card valid</h1>",
        "class=\"good\"",
        "Alice M.",
        "Student card",
        "2026–2027",
        "12:00:00",
        "22 November 2026",
    ] {
        assert!(reply.text().contains(text), "{text} is not in {}", reply.text());
    }
    for text in ["Martin", "alice", "0042", "data:image", "<script"] {
        assert!(!reply.text().contains(text), "{text} is in {}", reply.text());
    }
    assert_eq!(reply.header("x-robots-tag"), Some("noindex, nofollow, noarchive"));
    assert!(reply.header("content-security-policy").unwrap().starts_with("default-src 'none'; style-src 'sha256-"));
}

#[tokio::test]
async fn the_code_of_an_answer_is_verified_by_the_login_that_was_asked() {
    let house = House::new();
    let card = house.get("/card/alice").await.json();
    assert_eq!(card["qrCode"]["type"], "url");
    let address = card["qrCode"]["value"].as_str().unwrap();
    let code = address.strip_prefix("HTTPS://CARD.UNIV-VILLE.FR/V/").unwrap();
    assert_eq!(gate(&house, code).await.1["verdict"], "valid", "though another login is shown");
}

#[tokio::test]
async fn a_screenshot_that_is_older_than_its_life_is_refused() {
    let house = House::new();
    let code = house.code("alice");
    house.pass(91);
    let reply = page(&house, &code).await;
    assert_eq!(reply.status, 410);
    assert!(reply.text().contains("<h1>Code expired</h1>") && !reply.text().contains("Alice"));
    assert_eq!(gate(&house, &code).await, (410, json!({"verdict": "expired", "at": "2026-11-22T11:01:31Z"})));
}

#[tokio::test]
async fn a_code_that_is_seen_twice_says_when_it_was_seen_first() {
    let house = House::new();
    let code = house.code("alice");
    let (status, told) = gate(&house, &code).await;
    let valid = json!({
        "verdict": "valid", "at": "2026-11-22T11:00:00Z", "layout": "student", "year": "2026/2027", "name": "Alice M.",
    });
    assert_eq!((status, told), (200, valid));
    house.pass(7);
    let (status, told) = gate(&house, &code).await;
    assert_eq!(
        (status, &told["verdict"], &told["first_shown"]),
        (409, &json!("already_shown"), &json!("2026-11-22T11:00:00Z"))
    );
    let reply = page(&house, &code).await;
    assert!(reply.text().contains("<h1>Already shown</h1>") && reply.text().contains("checked at 12:00:00"));
}

#[tokio::test]
async fn looking_at_the_headers_alone_leaves_no_trace() {
    let house = House::new();
    let code = house.code("alice");
    let head = house.ask(Request::head(format!("/v/{code}")).body(Body::empty()).unwrap()).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(gate(&house, &code).await.0, 200);
}

#[tokio::test]
async fn a_card_that_was_withdrawn_a_moment_ago_is_refused() {
    let house = House::new();
    for (change, login) in [("lost", "alice"), ("revoked", "bob"), ("gone", "alice")] {
        house.register.set("alice", "card", "there");
        let code = house.code(login);
        house.pass(10);
        match change {
            "lost" => house.register.set(login, "card", "lost"),
            "gone" => house.register.remove(login),
            _ => house.issuer.revoke(login).unwrap(),
        }
        let (status, told) = gate(&house, &code).await;
        assert_eq!((status, &told["verdict"], told.get("name")), (410, &json!("revoked"), None), "{change}");
        let reply = page(&house, &house.code(login)).await;
        assert!(reply.text().contains("<h1>Card withdrawn</h1>"), "{change}: {}", reply.text());
    }
}

#[tokio::test]
async fn when_the_sources_cannot_answer_the_code_counts() {
    let house = House::new();
    for mood in [Mood::Down, Mood::Broken] {
        house.register.be(mood);
        let (status, told) = gate(&house, &house.code("alice")).await;
        assert_eq!((status, &told["name"], &told["year"]), (200, &json!("Alice M."), &json!("2026/2027")), "{mood:?}");
    }
}

#[tokio::test]
async fn what_is_forged_and_what_never_was_are_the_same() {
    let house = House::new();
    let code = house.code("alice");
    let forged = format!("{}{}", &code[..55], if code.ends_with('A') { "B" } else { "A" });
    let never = page(&house, "A").await;
    assert_eq!(never.status, 404);
    assert!(never.text().contains("<h1>Code unknown</h1>"));
    for code in [&*forged, &code.to_lowercase(), "%00", "%FF", "..", "a%2Fb", &"A".repeat(5000), "%3Cscript%3E"] {
        let reply = page(&house, code).await;
        assert_eq!((reply.status, reply.text()), (404, never.text()), "{code}");
        assert_eq!(reply.headers, never.headers, "{code}");
    }
}

#[tokio::test]
async fn a_page_speaks_the_language_of_the_phone() {
    let house = House::new();
    for (header, words) in
        [("fr-FR,fr;q=0.9", "Code inconnu"), ("en", "Code unknown"), ("ru", "Код неизвестен"), ("de", "Code inconnu")]
    {
        let request = Request::get("/v/X").header("accept-language", header).body(Body::empty()).unwrap();
        assert!(house.ask(request).await.text().contains(words), "{header}");
    }
}

#[tokio::test]
async fn whoever_checks_signs_in_once_and_sees_photos() {
    let house = House::new();
    let form = house.ask(Request::get("/v/checker").header("accept-language", "en").body(Body::empty()).unwrap()).await;
    assert!(
        form.text().contains("<form method=\"post\" action=\"/v/checker\">")
            && form.text().contains("type=\"password\"")
    );
    let enter = |token: &str, site: &str| {
        let request = Request::post("/v/checker").header("sec-fetch-site", site).header("accept-language", "en");
        request.body(Body::from(format!("token={token}"))).unwrap()
    };
    let wrong = house.ask(enter("a-token-that-is-wrong", "same-origin")).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("This token is not valid.") && wrong.header("set-cookie").is_none());
    assert_eq!(house.ask(enter(CHECKS, "cross-site")).await.status, 403, "another site's form");

    let right = house.ask(enter(CHECKS, "same-origin")).await;
    assert_eq!((right.status, right.header("location")), (303, Some("/v/checker")));
    let cookie = right.header("set-cookie").unwrap();
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains(CHECKS));
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let look = |code: String, cookie: &str| {
        Request::get(format!("/V/{code}")).header("cookie", cookie).body(Body::empty()).unwrap()
    };
    let seen = house.ask(look(house.code("alice"), &cookie)).await;
    assert!(seen.text().contains("<img src=\"data:image/jpeg;base64,"));
    let forged = cookie.replace("cartable_checker=1", "cartable_checker=2");
    assert_ne!(forged, cookie);
    for cookie in ["", "cartable_checker=1.2", "cartable_checker=99999999999.abc", &forged] {
        assert!(!house.ask(look(house.code("alice"), cookie)).await.text().contains("<img"), "{cookie}");
    }
    house.pass(12 * 3600);
    assert!(!house.ask(look(house.code("alice"), &cookie)).await.text().contains("<img"), "a day of work is over");
    let leave = house.ask(Request::post("/v/checker").body(Body::from("leave=1")).unwrap()).await;
    assert!(leave.header("set-cookie").unwrap().contains("Max-Age=0"));
}

#[tokio::test]
async fn a_gate_with_a_token_gets_the_photo() {
    let house = House::new();
    let code = house.code("alice");
    let request = Request::get(format!("/v/{code}")).header("accept", "application/json");
    let request = request.header("authorization", format!("Bearer {CHECKS}")).body(Body::empty()).unwrap();
    let told = house.ask(request).await.json();
    assert!(told["photo"].as_str().unwrap().starts_with("data:image/jpeg;base64,"));
}

#[tokio::test]
async fn verifying_and_guessing_have_an_end() {
    let house = House::new();
    let mut last = page(&house, "A").await;
    for _ in 0..200 {
        last = page(&house, "A").await;
    }
    assert_eq!(last.status, 429);
    assert!(last.text().contains("<h1>Too often</h1>") && last.header("retry-after").is_some());
    assert_eq!(gate(&house, "A").await.0, 429);
    assert_eq!(house.get("/v/A").await.status, 404, "another address is not held up");

    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(house.ask(Request::post("/v/checker").body(Body::from("token=wrong")).unwrap()).await.status);
    }
    assert_eq!((statuses[0], statuses[39]), (401, 429));
}

#[tokio::test]
async fn a_large_or_broken_form_is_refused() {
    let house = House::new();
    let request = Request::post("/v/checker").body(Body::from("token=".to_owned() + &"x".repeat(10_000))).unwrap();
    assert_eq!(house.ask(request).await.status, 400);
    for body in [&b"token=%ff"[..], b"\xff\xfe", b""] {
        let reply = house.ask(Request::post("/v/checker").body(Body::from(body)).unwrap()).await;
        assert_eq!(reply.status, 303, "it is nothing but leaving");
    }
}

#[tokio::test]
async fn the_public_keys_are_there_for_everybody() {
    let house = House::new();
    let request = Request::get("/.well-known/cartable-keys.json").body(Body::empty()).unwrap();
    let reply = house.ask_from("203.0.113.9", request).await;
    assert_eq!(reply.header("cache-control"), Some("public, max-age=3600"));
    let keys = reply.json();
    assert_eq!((&keys["slot_seconds"], &keys["slots_around"]), (&json!(30), &json!(1)));
    assert_eq!((&keys["keys"][0]["kty"], &keys["keys"][0]["crv"]), (&json!("OKP"), &json!("Ed25519")));
}
