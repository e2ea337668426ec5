//! How often a client may ask, and what it is told when that was too often.

use serde_json::json;
use server::{Config, Rate, Rates};

use crate::house::{House, Plan, school};
use crate::wire::{JSON, Reply, send};

async fn house(server: Config) -> House {
    House::with(Plan { server, ..Plan::default() }).await
}

fn rates(rates: Rates) -> Config {
    Config { rates, ..Config::default() }
}

async fn login(house: &House, url: &str, username: &str, headers: &[(&str, &str)]) -> Reply {
    let body = json!({ "url": url, "username": username, "password": "pronotevs" }).to_string();
    send(house.address(), "POST", "/auth/login", &[&[JSON], headers].concat(), body).await
}

#[track_caller]
fn assert_too_often(reply: &Reply) {
    assert_eq!((reply.status, &reply.json()["code"]), (429, &json!("TOO_MANY_REQUESTS")));
    assert!((1..=61).contains(&reply.header("retry-after").unwrap().parse::<u64>().unwrap()));
}

const FEW: Rate = Rate { per_minute: 1, burst: 5 };

#[tokio::test]
async fn an_account_that_is_guessed_at_is_left_alone_and_others_are_not() {
    let school = school().await;
    let house = house(rates(Rates { sign_ins_per_account: FEW, ..Rates::default() })).await;
    let wrong = json!({ "url": school.url(), "username": "demonstration", "password": "guess" }).to_string();
    let reply = send(house.address(), "POST", "/auth/login", &[JSON], &wrong).await;
    assert_eq!(reply.status, 401);
    // A refused sign-in costs as much as five.
    assert_too_often(&login(&house, school.url(), "demonstration", &[]).await);
    assert_eq!(login(&house, school.url(), "code", &[]).await.status, 401, "another account is asked for its PIN");
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_count() {
    let school = school().await;
    let rates = Rates { sign_ins_per_address: FEW, sign_ins_per_account: Rate::NONE, ..Rates::default() };
    let proxied = Config { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..self::rates(rates) };
    let house = house(proxied).await;
    let from = |address| [("X-Forwarded-For", address)];
    for _ in 0..5 {
        assert_eq!(login(&house, school.url(), "demonstration", &from("203.0.113.7")).await.status, 200);
    }
    assert_too_often(&login(&house, school.url(), "demonstration", &from("203.0.113.7")).await);
    assert_too_often(&login(&house, school.url(), "demonstration", &from("198.51.100.1, 203.0.113.7")).await);
    assert_eq!(login(&house, school.url(), "demonstration", &from("203.0.113.8")).await.status, 200);
}

#[tokio::test]
async fn questions_are_counted_by_token() {
    let school = school().await;
    let house = house(rates(Rates { questions_per_token: FEW, ..Rates::default() })).await;
    let mut tokens = Vec::new();
    for _ in 0..2 {
        let reply = login(&house, school.url(), "demonstration", &[]).await;
        tokens.push(reply.json()["token"].as_str().unwrap().to_owned());
    }
    let ask = async |token: &str| {
        let question = r#"{"query":"{__typename}"}"#;
        send(house.address(), "POST", "/graphql", &[JSON, ("Token", token)], question).await
    };
    for _ in 0..5 {
        assert_eq!(ask(&tokens[0]).await.status, 200);
    }
    assert_too_often(&ask(&tokens[0]).await);
    assert_eq!(ask(&tokens[1]).await.status, 200);
}

#[tokio::test]
async fn questions_are_counted_by_address_whatever_the_token() {
    let house = house(rates(Rates { questions_per_address: FEW, ..Rates::default() })).await;
    let ask = async |token: &str| {
        send(house.address(), "POST", "/graphql", &[JSON, ("Token", token)], r#"{"query":"{a}"}"#).await
    };
    for guess in ["a", "b", "c", "d", "e"] {
        assert_eq!(ask(guess).await.status, 401);
    }
    assert_too_often(&ask("f").await);
}
