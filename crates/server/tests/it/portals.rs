//! Signing in through portals, as clients of the gateway see it.

use emulator::portals::{BIRTH_DATE, Config, PASSWORD, Portals, SchoolMode};
use emulator::{Clock, School};
use portals::Registry;
use pronote::pace::Limits;
use serde_json::{Value, json};
use transport::Detour;

use crate::house::{House, Plan};
use crate::wire::{JSON, Reply, send};

/// A portal of Skolengo, with EduConnect behind it.
const PORTAL: &str = "ac-reims";

async fn open() -> (Portals, House) {
    let school = emulator::Config::new(School::demo(Clock::Fixed("2026-11-23T10:00:00".parse().unwrap())));
    let portals = Portals::start(Config::new(school)).await.unwrap();
    let detour = Some(Detour::to(portals.address(), portals.authority()));
    let transport = transport::Config { detour, ..transport::Config::default() };
    let pace = Limits { seconds_per_call: 0.0, ..Limits::default() };
    let house = House::with(Plan { transport, pace, ..Plan::default() }).await;
    (portals, house)
}

fn login(portals: &Portals, username: &str) -> Value {
    json!({ "url": portals.school_url(PORTAL), "username": username, "password": PASSWORD, "cas": PORTAL })
}

async fn post(house: &House, path: &str, body: &Value) -> Reply {
    send(house.address(), "POST", path, &[JSON], body.to_string()).await
}

/// Whether a token answers for somebody.
#[track_caller]
fn token(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["token"].as_str().unwrap().to_owned()
}

async fn user(house: &House, token: &str) -> Value {
    let question = json!({ "query": "{ user { name } }" }).to_string();
    send(house.address(), "POST", "/graphql", &[JSON, ("Token", token)], question).await.json()
}

fn passwords(portals: &Portals) -> usize {
    assert_eq!(portals.violations(), [""; 0]);
    portals.journal().iter().filter(|visit| visit.holds_password).count()
}

#[tokio::test]
async fn a_pupil_and_a_guardian_sign_in_with_what_clients_of_pronote_api_send() {
    let (portals, house) = open().await;
    let pupil = token(&post(&house, "/auth/login", &login(&portals, "eleve.ok")).await);
    assert_eq!(pupil.len(), 36);
    assert!(user(&house, &pupil).await["data"]["user"]["name"].is_string());
    let mut guardian = login(&portals, "parent.ok");
    guardian["account"] = json!("parent");
    let guardian = token(&post(&house, "/auth/login", &guardian).await);
    assert!(user(&house, &guardian).await["data"]["user"]["name"].is_string());
    assert_eq!(passwords(&portals), 2);
}

#[tokio::test]
async fn the_portal_is_found_when_none_is_named() {
    let (portals, house) = open().await;
    portals.set_school(PORTAL, SchoolMode::PortalOnly);
    for cas in [Value::Null, json!("auto")] {
        let mut login = login(&portals, "eleve.ok");
        login["cas"] = cas;
        token(&post(&house, "/auth/login", &login).await);
    }
    let mut none = login(&portals, "eleve.ok");
    none["cas"] = json!("none");
    let reply = post(&house, "/auth/login", &none).await;
    assert_ne!(reply.status, 200, "{}", reply.text());
    assert_eq!(passwords(&portals), 2);
}

#[tokio::test]
async fn the_next_sign_in_needs_no_portal() {
    let (portals, house) = open().await;
    let mut wanted = login(&portals, "eleve.ok");
    wanted["next"] = json!(true);
    let next = post(&house, "/auth/login", &wanted).await.json()["next"].clone();
    assert!(next.is_object());
    token(&post(&house, "/auth/login/token", &json!({ "next": next })).await);
    assert_eq!(passwords(&portals), 1);
}

#[tokio::test]
async fn what_a_portal_asks_is_answered_under_the_continuation() {
    let (portals, house) = open().await;
    let reply = post(&house, "/auth/login", &login(&portals, "naissance")).await;
    let asked = reply.json();
    assert_eq!((reply.status, &asked["code"]), (401, &json!("PORTAL_QUESTION")));
    let needed = json!([{ "what": "birthDate", "fields": ["answer"], "host": "educonnect.education.gouv.fr" }]);
    assert_eq!(asked["needed"], needed);

    let mut answer = json!({ "continue": asked["continue"] });
    let reply = post(&house, "/auth/login/continue", &answer).await;
    assert_eq!((reply.status, &reply.json()["code"]), (400, &json!("ANSWER_NEEDED")));
    answer["answer"] = json!(format!("{}/{}/{}", &BIRTH_DATE[..2], &BIRTH_DATE[2..4], &BIRTH_DATE[4..]));
    token(&post(&house, "/auth/login/continue", &answer).await);
    assert_eq!(passwords(&portals), 1);
}

#[tokio::test]
async fn a_refusal_has_the_old_number_and_says_where_it_was() {
    let (portals, house) = open().await;
    for _ in 0..2 {
        let reply = post(&house, "/auth/login", &login(&portals, "faux.mdp")).await;
        let told = reply.json();
        assert_eq!((reply.status, &told["code"]), (401, &json!(3)));
        assert_eq!((&told["message"], &told["portal"]["id"]), (&json!("Wrong user credentials"), &json!(PORTAL)));
        assert_eq!(told["portal"]["host"], "educonnect.education.gouv.fr");
        assert!(!reply.text().contains(PASSWORD) && !reply.text().contains("faux.mdp"), "{}", reply.text());
    }
    assert_eq!(passwords(&portals), 1, "it is not sent again");
}

#[tokio::test]
async fn what_the_school_says_behind_its_portal_has_the_old_numbers() {
    let (portals, house) = open().await;
    for (mode, status, code) in [
        (SchoolMode::Closed, 503, json!(7)),
        (SchoolMode::Suspended, 429, json!(2)),
        (SchoolMode::NoRight, 403, json!("NO_PRONOTE_ACCESS")),
    ] {
        // A suspension is remembered for a school: each has one of its own.
        let portal = match mode {
            SchoolMode::Closed => "ac-lyon",
            SchoolMode::Suspended => "ac-dijon",
            _ => PORTAL,
        };
        portals.set_school(portal, mode);
        let mut login = login(&portals, "eleve.ok");
        login["url"] = json!(portals.school_url(portal));
        login["cas"] = json!(portal);
        let reply = post(&house, "/auth/login", &login).await;
        assert_eq!((reply.status, &reply.json()["code"]), (status, &code), "{}", reply.text());
        assert_eq!(reply.header("retry-after").is_some(), status != 403);
    }
}

#[tokio::test]
async fn programs_list_the_portals_that_a_sign_in_may_name() {
    let ours = r#"schema = 1
[[portal]]
id = "ours"
extends = "ac-lyon"
display = "Ours of Lyon"
"#;
    let (registry, faults) = Registry::with_files(&[("ours.toml".to_owned(), ours.to_owned())]);
    assert_eq!(faults, []);
    let house = House::with(Plan { portals: registry, ..Plan::default() }).await;
    let list = async |query: &str| {
        let reply = send(house.address(), "GET", &format!("/portals{query}"), &[], String::new()).await;
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
        reply.json().as_array().unwrap().clone()
    };
    let ids = |list: &[Value]| list.iter().map(|portal| portal["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();

    let all = list("").await;
    let shipped: Vec<_> = Registry::builtin().iter().map(|portal| portal.id.clone()).collect();
    assert_eq!(ids(&all), shipped, "one that nobody has confirmed cannot be named");
    let lyon = all.iter().find(|portal| portal["id"] == "ac-lyon").unwrap();
    assert_eq!(lyon["name"], "Académie de Lyon");
    assert_eq!(lyon["credentialHosts"], json!(["educonnect.education.gouv.fr"]));
    let gone = all.iter().find(|portal| portal["id"] == "portail-famille").unwrap();
    assert_eq!((&gone["status"], &gone["replacedBy"]), (&json!("retired"), &json!("ac-orleans-tours")));

    assert_eq!(ids(&list("?search=acad%C3%A9mie%20LYON").await), ["ac-lyon"]);
    assert_eq!(ids(&list("?host=cas.eclat-bfc.fr").await), ["ac-besancon", "ac-dijon"]);
    assert_eq!(ids(&list("?host=https://cas.eclat-bfc.fr/login&search=dijon").await), ["ac-dijon"]);
    assert_eq!(list("?search=&host=%20&other=x").await, all, "an empty field of a form asks for nothing");
    for nothing in ["?search=nulle-part", "?host=%ff", "?host=pronote.example", "?search=a&host=:"] {
        assert_eq!(list(nothing).await, Vec::<Value>::new(), "{nothing}");
    }
}
