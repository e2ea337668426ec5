//! What goes wrong on demand.

use std::time::{Duration, Instant};

use emulator::{Emulator, Fault};
use pronote::protocol::{Flags, Generation};
use serde_json::{Value, json};

use crate::client::{Client, Failure, SignIn};
use crate::http::get;
use crate::{emulator, emulator_of};

const LOGIN: &str = "demonstration";

/// A school in which the next call of `ParametresUtilisateur` meets a fault, and a client about to make it.
async fn about_to_fail(fault: Fault) -> (Emulator, Client) {
    let school = emulator().await;
    let client = Client::signed_in(&school, "eleve.html", LOGIN).await;
    school.faults().next("ParametresUtilisateur", 1, fault);
    (school, client)
}

async fn ask(client: &mut Client) -> Result<Value, Failure> {
    client.ask("ParametresUtilisateur", Value::Null, None).await
}

#[tokio::test]
async fn a_lost_request_was_never_done_and_may_be_sent_again() {
    for fault in [Fault::LostRequest, Fault::Status(500), Fault::Html, Fault::Suspended, Fault::Closed] {
        let (school, mut client) = about_to_fail(fault).await;
        let message = client.message("ParametresUtilisateur", &json!({}));
        assert_eq!(ask(&mut client).await, Err(Failure::Broken), "{fault:?}");
        assert_eq!(school.count("ParametresUtilisateur"), 0);
        client.order -= 2;
        client.read(&Client::post(&message).await, "ParametresUtilisateur").unwrap();
    }
}

#[tokio::test]
async fn a_lost_answer_can_be_had_by_a_replay() {
    for fault in [Fault::LostReply, Fault::Truncated] {
        let (school, mut client) = about_to_fail(fault).await;
        let message = client.message("ParametresUtilisateur", &json!({}));
        let reply = Client::post(&message).await;
        assert!(!reply.whole, "{fault:?}");
        client.read(&Client::post(&message).await, "ParametresUtilisateur").unwrap();
        assert_eq!(school.count("ParametresUtilisateur"), 1);
        client.order += 2;
        ask(&mut client).await.unwrap();
    }
}

#[tokio::test]
async fn sessions_expire_and_calls_are_throttled() {
    let (_school, mut client) = about_to_fail(Fault::Expired).await;
    assert_eq!(ask(&mut client).await, Err(Failure::Error(13)));
    assert_eq!(ask(&mut client).await, Err(Failure::Error(10)));
    let (_school, mut client) = about_to_fail(Fault::RateLimited).await;
    assert_eq!(ask(&mut client).await, Err(Failure::Error(25)));
    ask(&mut client).await.unwrap();
}

#[tokio::test]
async fn a_delay_is_waited_for() {
    let (_school, mut client) = about_to_fail(Fault::Delay(Duration::from_millis(150))).await;
    let start = Instant::now();
    ask(&mut client).await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[tokio::test]
async fn answers_can_be_spoiled() {
    let (_school, mut client) = about_to_fail(Fault::Malformed).await;
    let spoiled = ask(&mut client).await.unwrap();
    let clean = ask(&mut client).await.unwrap();
    assert_eq!(spoiled["listeOnglets"][0], json!({ "G": [true] }));
    assert_eq!(clean["listeOnglets"][0], json!({ "G": 7 }));

    let (_school, mut client) = about_to_fail(Fault::NewField).await;
    assert_eq!(ask(&mut client).await.unwrap()["ressource"]["champInconnu"]["_T"], 99);
    let (_school, mut client) = about_to_fail(Fault::NewCode).await;
    assert_eq!(ask(&mut client).await.unwrap()["ressource"]["G"], 997);
    let (_school, mut client) = about_to_fail(Fault::Missing).await;
    let missing = ask(&mut client).await.unwrap();
    assert_eq!(missing["ressource"]["L"], "PARENT Fanny");
}

#[tokio::test]
async fn the_answer_may_have_to_be_waited_for() {
    for generation in [Generation::G23, Generation::G25] {
        let school = emulator_of(generation, Flags { encrypt: true, compress: true }).await;
        let mut client = Client::signed_in(&school, "eleve.html", LOGIN).await;
        school.faults().next("ParametresUtilisateur", 1, Fault::Wait(2));
        let names = generation.names();
        let mut payload = json!({});
        for _ in 0..2 {
            let answer = client.exchange("ParametresUtilisateur", payload).await.unwrap();
            assert!(answer.get(names.data).is_none());
            assert!(answer[names.wait][names.wait_parameters]["delai"].is_number());
            payload = json!({ names.wait: answer[names.wait] });
        }
        let answer = client.exchange("ParametresUtilisateur", payload).await.unwrap();
        assert_eq!(answer[names.data]["ressource"]["L"], "PARENT Fanny");
    }
}

#[tokio::test]
async fn a_sign_in_can_be_refused_for_any_reason() {
    let school = emulator().await;
    for code in [2, 6, 9] {
        school.faults().next("Authentification", 1, Fault::Access(code));
        let mut client = Client::open(&school, "eleve.html").await;
        let answer = client.sign_in(SignIn::password(LOGIN, "pronotevs")).await.unwrap();
        assert_eq!(answer["Acces"], code);
        assert_eq!(answer["AccesMessage"]["titre"].is_string(), code == 9);
        assert!(answer.get("cle").is_none());
    }
}

#[tokio::test]
async fn a_token_whose_successor_was_lost_stays_good() {
    let school = emulator().await;
    let token = |answer: &Value| answer["jetonConnexionAppliMobile"].as_str().unwrap().to_owned();
    let mut client = Client::open(&school, "mobile.eleve.html").await;
    let sign_in = SignIn::password(LOGIN, "pronotevs").with_phone("phone", &["demandeConnexionAppliMobile"]);
    let first = token(&client.sign_in(sign_in).await.unwrap());

    let with_token = |secret| SignIn::password(LOGIN, secret).with_phone("phone", &["enConnexionAppliMobile"]);
    school.faults().next("Authentification", 1, Fault::LostReply);
    let mut unlucky = Client::open(&school, "mobile.eleve.html").await;
    assert_eq!(unlucky.sign_in(with_token(&first)).await, Err(Failure::Broken));
    let mut again = Client::open(&school, "mobile.eleve.html").await;
    let second = token(&again.sign_in(with_token(&first)).await.unwrap());
    let mut late = Client::open(&school, "mobile.eleve.html").await;
    assert_eq!(late.sign_in(with_token(&first)).await.unwrap()["Acces"], 1);
    let mut next = Client::open(&school, "mobile.eleve.html").await;
    assert!(next.sign_in(with_token(&second)).await.unwrap()["cle"].is_string());
}

#[tokio::test]
async fn a_page_can_be_closed_and_the_address_suspended() {
    let school = emulator().await;
    let page = format!("{}eleve.html", school.url());
    school.faults().next("page", 1, Fault::Suspended);
    school.faults().next("page", 1, Fault::Closed);
    school.faults().next("page", 1, Fault::Status(503));
    school.faults().next("page", 1, Fault::LostReply);
    assert!(get(&page).await.text().contains("Votre adresse IP est provisoirement suspendue"));
    assert!(get(&page).await.text().contains("Le site n'est pas disponible"));
    assert_eq!(get(&page).await.status, 503);
    assert!(!get(&page).await.whole);
    assert!(get(&page).await.text().contains("Start ("));
    school.faults().sometimes("*", 1.0, Fault::Closed);
    assert!(get(&page).await.text().contains("Le site n'est pas disponible"));
    school.faults().clear();
    assert!(get(&page).await.text().contains("Start ("));
}
