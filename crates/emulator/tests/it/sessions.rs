//! The strict order of a session's calls, and its end.

use std::time::Duration;

use emulator::{Config, Emulator, IdScope, Profile};
use pronote::protocol::envelope::{Direction, Envelope};
use pronote::protocol::{Flags, Generation};
use serde_json::{Value, json};

use crate::client::{Client, Failure, SignIn};
use crate::http::send;
use crate::{emulator, emulator_of, school};

const LOGIN: &str = "demonstration";

#[tokio::test]
async fn the_last_call_may_come_again_and_gets_the_same_bytes() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let message = client.message("ParametresUtilisateur", &json!({}));
    let first = Client::post(&message).await;
    let second = Client::post(&message).await;
    assert_eq!(first.body, second.body);
    assert_eq!(school.count("ParametresUtilisateur"), 1);
    client.order += 2;
    client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
    assert_eq!(client.read(&Client::post(&message).await, ""), Err(Failure::Error(14)), "but not the one before it");
}

#[tokio::test]
async fn the_sign_in_itself_may_be_replayed_under_its_old_key() {
    let school = emulator().await;
    let mut client = Client::open(&school, "eleve.html").await;
    client.parameters().await.unwrap();
    let (challenge, keys) = client.identify(&SignIn::password(LOGIN, "pronotevs")).await.unwrap();
    let solved = pronote::protocol::challenge::answer(
        pronote::protocol::challenge::Rule::Scrambled,
        &keys,
        challenge["challenge"].as_str().unwrap(),
    );
    let payload = client.payload(json!({ "connexion": 0, "challenge": solved.unwrap(), "espace": 3 }), None);
    let message = client.message("Authentification", &payload);
    let first = Client::post(&message).await;
    assert_eq!(first.body, Client::post(&message).await.body);
    assert!(client.read(&first, "Authentification").unwrap()["data"]["cle"].is_string());
    assert_eq!(school.sign_ins(), 1);
}

#[tokio::test]
async fn a_call_out_of_order_is_refused_and_the_right_one_still_works() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    client.order += 2;
    assert_eq!(client.ask("Navigation", Value::Null, Some(7)).await, Err(Failure::Error(14)));
    client.order -= 4;
    client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
}

#[tokio::test]
async fn a_message_that_contradicts_its_address_is_refused() {
    let school = emulator().await;
    let client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let (url, body) = client.message("Navigation", &json!({}));
    let order = url.rsplit('/').next().unwrap();
    let number = client.page.session.to_string();
    for (url, body, code) in [
        (url.clone(), body.replace(order, &"0".repeat(32)), 14),
        (url.replace(order, "zz"), body.clone(), 14),
        (url.clone(), body.replace(&number, "1"), 14),
        (url.replace(&number, "1"), body.clone(), 10),
        (url.replace("/3/", "/6/"), body.clone(), 3),
        (url.clone(), body.replace("\"no\"", "\"numeroOrdre\""), 14),
        (url.clone(), "not json".to_owned(), 14),
        (url.clone(), String::new(), 14),
    ] {
        assert_eq!(client.read(&Client::post(&(url, body)).await, ""), Err(Failure::Error(code)));
    }
    // What is written otherwise but means the same is taken.
    let loud = (
        url.replace("appelfonction", "/AppelFonction/").replace(order, &order.to_uppercase()),
        body.replace(&number, &format!("\"{number}\"")),
    );
    client.read(&Client::post(&loud).await, "Navigation").unwrap();
}

#[tokio::test]
async fn payloads_that_cannot_be_read_are_refused() {
    for flags in [Flags { encrypt: true, compress: false }, Flags { encrypt: false, compress: true }] {
        let school = emulator_of(Generation::G25, flags).await;
        let client = Client::signed_in(&school, "eleve.html", LOGIN).await;
        let (url, body) = client.message("Navigation", &json!({}));
        let start = body.find("\"dataSec\":").unwrap();
        for payload in ["\"\"", "\"zz\"", "\"00\"", "12", "\"00112233445566778899aabbccddeeff\""] {
            let body = format!("{}\"dataSec\":{payload}}}", &body[..start]);
            assert_eq!(
                client.read(&Client::post(&(url.clone(), body)).await, ""),
                Err(Failure::Error(14)),
                "{payload}"
            );
        }
    }
}

#[tokio::test]
async fn a_bomb_is_refused_without_being_unfolded() {
    let flags = Flags { encrypt: false, compress: true };
    let school = emulator_of(Generation::G25, flags).await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let huge = json!({ "data": { "filler": "0".repeat(9 << 20) } });
    let message = client.message("Navigation", &huge);
    assert!(message.1.len() < 1 << 20, "it is small on the wire");
    assert_eq!(client.read(&Client::post(&message).await, ""), Err(Failure::Error(14)));
    client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let mut config = Config::new(school());
    config.limits.call = 1_000;
    let school = Emulator::start(config).await.unwrap();
    let client = Client::open(&school, "eleve.html").await;
    let (url, _) = client.message("FonctionParametres", &json!({}));
    assert_eq!(send("POST", &url, &[], &[b' '; 1_001]).await.status, 413);
}

#[tokio::test]
async fn a_page_is_not_answered_before_the_sign_in() {
    let school = emulator().await;
    let mut client = Client::open(&school, "eleve.html").await;
    assert_eq!(client.ask("Identification", json!({}), None).await, Err(Failure::Error(3)));
    let mut client = Client::open(&school, "eleve.html").await;
    client.parameters().await.unwrap();
    for function in ["ParametresUtilisateur", "PageMenus", "JetonAppliMobile", "Authentification", "SaisieDeconnexion"]
    {
        assert_eq!(client.ask(function, json!({}), None).await, Err(Failure::Error(3)), "{function}");
    }
}

#[tokio::test]
async fn a_function_that_nobody_knows_is_refused() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    assert_eq!(client.ask("FonctionInconnue", json!({}), Some(7)).await, Err(Failure::Error(3)));
}

#[tokio::test]
async fn an_iv_must_be_sixteen_bytes() {
    let school = emulator().await;
    for uuid in ["", "AAEC", "not base64"] {
        let mut client = Client::open(&school, "eleve.html").await;
        let answer = client.ask("FonctionParametres", json!({ "Uuid": uuid }), None).await;
        assert_eq!(answer, Err(Failure::Error(21)), "{uuid}");
    }
}

#[tokio::test]
async fn a_session_ends_by_sign_out_by_beacon_by_silence_and_at_will() {
    let school = emulator().await;
    let navigate = async |client: &mut Client| client.ask("Navigation", Value::Null, Some(7)).await;

    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    client.ask("SaisieDeconnexion", json!({}), None).await.unwrap();
    assert_eq!(navigate(&mut client).await, Err(Failure::Error(10)));

    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let order = client.keys.encrypt_hex(client.order.to_string().as_bytes());
    let beacon = json!({ "ns": client.page.session, "no": order }).to_string();
    send("POST", &format!("{}appeldeconnexion/{order}/1", school.url()), &[], beacon.as_bytes()).await;
    assert_eq!(navigate(&mut client).await, Err(Failure::Error(10)));

    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    school.pass(Duration::from_secs(299));
    navigate(&mut client).await.unwrap();
    school.pass(Duration::from_secs(301));
    assert_eq!(navigate(&mut client).await, Err(Failure::Error(13)));
    assert_eq!(navigate(&mut client).await, Err(Failure::Error(10)));

    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    school.expire_sessions().await;
    assert_eq!(navigate(&mut client).await, Err(Failure::Error(13)));
    assert_eq!(school.open_sessions().await, 0);
}

#[tokio::test]
async fn identifiers_die_with_their_session_unless_told_otherwise() {
    let period = async |school: &Emulator| {
        let mut client = Client::open(school, "eleve.html").await;
        client.parameters().await.unwrap()["General"]["ListePeriodes"][0]["N"].clone()
    };
    let scoped = emulator().await;
    assert_ne!(period(&scoped).await, period(&scoped).await);
    let stable = Emulator::start(Config { ids: IdScope::Stable, ..Config::new(school()) }).await.unwrap();
    assert_eq!(period(&stable).await, period(&stable).await);
}

#[tokio::test]
async fn a_server_may_answer_in_the_names_of_the_request() {
    let config = Config { follow_dialect: true, ..Config::new(school()) };
    let school = Emulator::start(config).await.unwrap();
    let page = crate::http::get(&format!("{}eleve.html", school.url())).await;
    assert!(page.text().contains("sCrA:true,sCoA:true"), "older clients are told that nothing is done to payloads");
    for generation in [Generation::G23, Generation::G24, Generation::G25] {
        let mut client = Client::open(&school, "eleve.html").await;
        client.generation = generation;
        client.sign_in(SignIn::password(LOGIN, "pronotevs")).await.unwrap();
        client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
        client.ask("ParametresUtilisateur", Value::Null, None).await.unwrap();
    }
}

#[tokio::test]
async fn an_exact_server_holds_to_the_names_of_its_version() {
    for (server, spoken) in
        [(Generation::G22, Generation::G24), (Generation::G24, Generation::G23), (Generation::G25, Generation::G24)]
    {
        let school = emulator_of(server, Flags::default()).await;
        let mut client = Client::open(&school, "eleve.html").await;
        client.generation = spoken;
        assert!(client.sign_in(SignIn::password(LOGIN, "pronotevs")).await.is_err(), "{server:?} {spoken:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_people_work_at_once() {
    let school = std::sync::Arc::new(emulator().await);
    let mut people = tokio::task::JoinSet::new();
    for number in 0..24 {
        let school = school.clone();
        people.spawn(async move {
            let (page, login) =
                [("eleve.html", LOGIN), ("parent.html", LOGIN), ("eleve.html", "demonstration2")][number % 3];
            let mut client = Client::signed_in(&school, page, login).await;
            for _ in 0..5 {
                client
                    .ask("PageMenus", json!({ "date": { "_T": 7, "V": "16/11/2026 0:0:0" } }), Some(10))
                    .await
                    .unwrap();
                client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
            }
        });
    }
    let worked = tokio::time::timeout(Duration::from_secs(60), people.join_all()).await;
    assert_eq!(worked.unwrap().len(), 24);
    assert_eq!((school.sign_ins(), school.count("PageMenus")), (24, 120));
}

#[tokio::test]
async fn two_calls_at_once_are_one_too_many() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    school.faults().next("Navigation", 1, emulator::Fault::Delay(Duration::from_millis(300)));
    let first = client.message("Navigation", &json!({}));
    client.order += 2;
    let second = client.message("Presence", &json!({}));
    client.order -= 2;
    let slow = tokio::spawn(async move { Client::post(&first).await });
    while school.count("Navigation") == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.read(&Client::post(&second).await, ""), Err(Failure::Error(14)));
    client.read(&slow.await.unwrap(), "Navigation").unwrap();
}

#[tokio::test]
async fn a_poll_is_held_beside_the_calls_and_echoes_its_own_number() {
    for (generation, first, second) in [(Generation::G24, 1, 2), (Generation::G25, -1, -2)] {
        let config =
            Config { poll_hold: Duration::from_millis(200), profile: Profile::of(generation), ..Config::new(school()) };
        let school = Emulator::start(config).await.unwrap();
        let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
        let message = |number: i64| {
            let order = client.keys.encrypt_hex(number.to_string().as_bytes());
            let url = format!("{}appelpolling/3/{}/{order}", school.url(), client.page.session);
            let body = pronote::protocol::envelope::write(generation, client.page.session, &order, "polling", "{}");
            (order, (url, body))
        };
        let (order, poll) = message(first);
        let (_, skipped) = message(second + first);
        let (_, next) = message(second);
        assert_eq!(client.read(&Client::post(&skipped).await, ""), Err(Failure::Error(14)));
        let held = tokio::spawn(async move { Client::post(&poll).await });
        while school.count("polling") == 0 {
            tokio::task::yield_now().await;
        }
        client.ask("Navigation", Value::Null, Some(7)).await.unwrap();
        assert!(!held.is_finished(), "the call did not wait for the poll");
        let reply = held.await.unwrap();
        let envelope = Envelope::parse(reply.text()).unwrap();
        assert_eq!(envelope.order.as_deref(), Some(order.as_str()));
        assert!(envelope.payload(Direction::Response, Flags::default(), &client.keys).is_ok());
        assert_eq!(Client::post(&next).await.status, 200);
    }
}

#[tokio::test]
async fn stopping_does_not_wait_for_polls() {
    let school = emulator().await;
    let client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let order = client.keys.encrypt_hex(b"-1");
    let url = format!("{}appelpolling/3/{}/{order}", school.url(), client.page.session);
    let body = pronote::protocol::envelope::write(Generation::G25, client.page.session, &order, "polling", "{}");
    let held = tokio::spawn(async move { Client::post(&(url, body)).await });
    while school.count("polling") == 0 {
        tokio::task::yield_now().await;
    }
    tokio::time::timeout(Duration::from_secs(5), school.shutdown()).await.unwrap();
    assert_eq!(held.await.unwrap().status, 200);
}
