//! Signing in and out, by every door.

use emulator::{Emulator, Fault};
use serde_json::{Value, json};

use crate::house::{House, Plan, school};
use crate::wire::{JSON, Reply, send};

/// What a pupil's login sends.
fn pupil(school: &Emulator) -> Value {
    json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs" })
}

async fn post(house: &House, path: &str, body: &Value) -> Reply {
    send(house.address(), "POST", path, &[JSON], body.to_string()).await
}

async fn ask(house: &House, token: &str) -> Reply {
    let question = json!({ "query": "{__typename}" }).to_string();
    send(house.address(), "POST", "/graphql", &[JSON, ("Token", token)], question).await
}

#[track_caller]
fn token(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_password_gives_a_token_that_works_until_the_logout() {
    let (school, house) = (school().await, House::open().await);
    let reply = post(&house, "/auth/login", &pupil(&school)).await;
    assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(reply.json().as_object().unwrap().len(), 1, "a token and nothing else");
    let token = token(&reply);
    assert_eq!(token.len(), 36);
    assert_eq!(ask(&house, &token).await.json(), json!({ "data": { "__typename": "Query" } }));
    let bearer = format!("Bearer {token}");
    let question = json!({ "query": "{__typename}" }).to_string();
    let by_bearer = send(house.address(), "POST", "/graphql", &[JSON, ("Authorization", &bearer)], question).await;
    assert_eq!(by_bearer.status, 200);
    let out = send(house.address(), "POST", "/auth/logout", &[("Token", &token)], "").await;
    assert_eq!((out.status, out.text()), (200, r#"{"success":true}"#));
    assert_eq!(school.count("SaisieDeconnexion"), 1, "the school hears of it");
    let after = ask(&house, &token).await;
    assert_eq!((after.status, after.text()), (401, r#"{"message":"Unknown session token"}"#));
}

#[tokio::test]
async fn a_wrong_password_is_refused_in_the_old_words() {
    let (school, house) = (school().await, House::open().await);
    let mut login = pupil(&school);
    login["password"] = json!("wrong");
    let reply = post(&house, "/auth/login", &login).await;
    assert_eq!((reply.status, reply.text()), (401, r#"{"code":3,"message":"Wrong user credentials"}"#));
    let nobody = json!({ "url": "http://127.0.0.1:1/", "username": "u", "password": "p" });
    let reply = post(&house, "/auth/login", &nobody).await;
    assert_eq!((reply.status, &reply.json()["code"]), (502, &json!("UPSTREAM_UNREACHABLE")));
}

#[tokio::test]
async fn a_suspended_or_closed_school_says_when_to_come_back() {
    let (school, house) = (school().await, House::open().await);
    for (fault, status, code) in [(Fault::Closed, 503, 7), (Fault::Suspended, 429, 2)] {
        school.faults().next("page", 1, fault);
        let reply = post(&house, "/auth/login", &pupil(&school)).await;
        assert_eq!((reply.status, &reply.json()["code"]), (status, &json!(code)));
        assert!(reply.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    }
    let reply = post(&house, "/auth/login", &pupil(&school)).await;
    assert_eq!((reply.status, &reply.json()["code"]), (429, &json!(2)));
    assert_eq!(school.count("page"), 2, "while the address is suspended, nothing is asked");
}

#[tokio::test]
async fn every_space_has_its_door() {
    let (school, house) = (school().await, House::open().await);
    for (space, login) in [
        ("student", "demonstration"),
        ("parent", "demonstration"),
        ("teacher", "demonstration"),
        ("school-life", "demonstration2"),
    ] {
        let mut body = pupil(&school);
        body["space"] = json!(space);
        body["username"] = json!(login);
        let token = token(&post(&house, "/auth/login", &body).await);
        assert_eq!(ask(&house, &token).await.status, 200, "{space}");
    }
    let mut body = pupil(&school);
    body["space"] = json!("management");
    assert_eq!(post(&house, "/auth/login", &body).await.status, 400);
}

#[tokio::test]
async fn a_qr_code_opens_the_account_and_brings_what_the_next_sign_in_takes() {
    let (school, house) = (school().await, House::open().await);
    let code = school.qr_code("demonstration", emulator::school::Space::Student, "1234").unwrap();
    let qr: Value = serde_json::from_str(&code.json()).unwrap();
    let wrong = json!({ "qr": qr, "pin": "4321" });
    let reply = post(&house, "/auth/login/qrcode", &wrong).await;
    assert_eq!((reply.status, &reply.json()["code"]), (401, &json!("WRONG_PIN")));

    let reply = post(&house, "/auth/login/qrcode", &json!({ "qr": qr, "pin": "1234", "deviceName": "Etagère" })).await;
    assert_eq!(token(&reply).len(), 43);
    let first = reply.json()["next"].clone();
    assert_eq!(first["device"]["name"], "Etagère");
    let reply = post(&house, "/auth/login/token", &json!({ "next": first })).await;
    assert_eq!(ask(&house, &token(&reply)).await.status, 200);
    assert_ne!(reply.json()["next"]["token"], first["token"], "each is good once");
    let nonsense = json!({ "next": { "token": "x" } });
    assert_eq!(post(&house, "/auth/login/token", &nonsense).await.status, 400);
    assert_eq!(post(&house, "/auth/login/qrcode", &json!({ "qr": "x", "pin": "1" })).await.status, 400);
}

#[tokio::test]
async fn what_a_school_asks_for_first_is_answered_at_a_door_of_its_own() {
    let (school, house) = (school().await, House::open().await);
    let mut login = pupil(&school);
    login["username"] = json!("code");
    let reply = post(&house, "/auth/login", &login).await;
    let asked = reply.json();
    assert_eq!((reply.status, &asked["code"]), (401, &json!("SECOND_FACTOR_REQUIRED")));
    assert_eq!(asked.get("token"), None);
    let pin = asked["needed"].as_array().unwrap().iter().find(|needed| needed["what"] == "pin").unwrap();
    assert_eq!(pin["fields"], json!(["pin"]));

    let mut answer = json!({ "continue": asked["continue"] });
    let reply = post(&house, "/auth/login/continue", &answer).await;
    assert_eq!((reply.status, &reply.json()["code"]), (400, &json!("ANSWER_NEEDED")));
    answer["pin"] = json!("0000");
    let reply = post(&house, "/auth/login/continue", &answer).await;
    assert_eq!((reply.status, &reply.json()["code"]), (401, &json!("STEP_REFUSED")));
    answer["pin"] = json!("1234");
    let reply = post(&house, "/auth/login/continue", &answer).await;
    assert_eq!(ask(&house, &token(&reply)).await.status, 200);
    let again = post(&house, "/auth/login/continue", &answer).await;
    assert_eq!((again.status, &again.json()["code"]), (401, &json!("UNKNOWN_CONTINUATION")));

    login["pin"] = json!("1234");
    login["deviceName"] = json!("Other shelf");
    token(&post(&house, "/auth/login", &login).await);
}

#[tokio::test]
async fn a_portal_that_is_gone_is_not_asked() {
    let (school, house) = (school().await, House::open().await);
    let mut login = pupil(&school);
    login["cas"] = json!("portail-famille");
    let reply = post(&house, "/auth/login", &login).await;
    let told = reply.json();
    assert_eq!((reply.status, &told["code"]), (501, &json!("PORTAL_UNAVAILABLE")));
    assert_eq!((&told["portal"]["kind"], &told["portal"]["evaluated"]), (&json!("RETIRED"), &json!(false)));
    assert_eq!(school.count("page"), 0);
}

#[tokio::test]
async fn a_stop_answers_what_is_at_hand_and_logs_out_at_the_school() {
    let (school, house) = (school().await, House::with(Plan::default()).await);
    token(&post(&house, "/auth/login", &pupil(&school)).await);
    school.faults().next("Identification", 1, Fault::Delay(std::time::Duration::from_millis(300)));
    let (address, body) = (house.address(), pupil(&school).to_string());
    let at_hand = tokio::spawn(async move { send(address, "POST", "/auth/login", &[JSON], body).await });
    while school.count("page") < 2 {
        tokio::task::yield_now().await;
    }
    house.stop().await;
    assert_eq!(at_hand.await.unwrap().status, 200);
    assert_eq!(school.count("SaisieDeconnexion"), 2);
    assert_eq!(school.open_sessions().await, 0);
    assert!(tokio::net::TcpStream::connect(address).await.is_err(), "nobody listens any more");
}
