//! Signing in, in every mode and generation.

use std::time::Duration;

use emulator::school::Space;
use emulator::{ChallengeRule, Config, Emulator, Profile};
use pronote::protocol::challenge::{Rule, open_qr_field};
use pronote::protocol::{Flags, Generation};
use serde_json::{Value, json};

use crate::client::{Client, Failure, SignIn};
use crate::http::{get, send};
use crate::{emulator, emulator_of, school};

const LOGIN: &str = "demonstration";
const PASSWORD: &str = "pronotevs";
const ASK_TOKEN: &[&str] = &["demandeConnexionAppliMobile"];
const WITH_CODE: &[&str] = &["demandeConnexionAppliMobile", "demandeConnexionAppliMobileJeton"];
const WITH_TOKEN: &[&str] = &["enConnexionAppliMobile"];

fn token(answer: &Value) -> String {
    answer["jetonConnexionAppliMobile"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_generation_and_folding_lets_a_pupil_in() {
    for generation in Generation::ALL {
        for (encrypt, compress) in [(false, false), (true, false), (false, true), (true, true)] {
            let school = emulator_of(generation, Flags { encrypt, compress }).await;
            let mut client = Client::open(&school, "eleve.html").await;
            assert_eq!(client.generation, generation);
            assert_eq!(client.flags(), Flags { encrypt, compress });
            let parameters = client.parameters().await.unwrap();
            assert_eq!(parameters["General"]["versionPN"], Profile::of(generation).version.short());
            assert!(client.sign_in(SignIn::password(LOGIN, PASSWORD)).await.unwrap()["cle"].is_string());
            let user = client.ask("ParametresUtilisateur", Value::Null, None).await.unwrap();
            assert_eq!(user["ressource"]["L"], "PARENT Fanny");
            client.ask("Navigation", json!({ "onglet": 7, "ongletPrec": 7 }), Some(7)).await.unwrap();
            assert_eq!(school.sign_ins(), 1);
        }
    }
}

#[tokio::test]
async fn the_first_orders_are_those_of_the_golden_transcript() {
    let school = emulator().await;
    let mut client = Client::open(&school, "mobile.eleve.html").await;
    let order = |client: &Client| client.message("x", &json!({})).0.rsplit('/').next().unwrap().to_owned();
    assert_eq!(order(&client), "3fa959b13967e0ef176069e01e23c8d7");
    client.parameters().await.unwrap();
    assert_eq!(order(&client), "18e4c3eb97be7e4cf58efbbe3c4a505e");
    let (_, keys) = client.identify(&SignIn::password(LOGIN, PASSWORD)).await.unwrap();
    assert_eq!(order(&client), "516448a18390d8607d3e2f70306f14cd");
    assert_eq!(client.authenticate(&keys.encrypt_hex(b"no"), &keys).await.unwrap(), json!({ "Acces": 1 }));
}

#[tokio::test]
async fn each_space_has_its_people_and_both_its_pages() {
    let school = emulator().await;
    for (page, login, genre) in
        [("eleve", LOGIN, 4), ("parent", LOGIN, 5), ("professeur", LOGIN, 3), ("viescolaire", "demonstration2", 34)]
    {
        for page in [format!("{page}.html"), format!("mobile.{page}.html")] {
            let mut client = Client::signed_in(&school, &page, login).await;
            let user = client.ask("ParametresUtilisateur", Value::Null, None).await.unwrap();
            assert_eq!(user["ressource"]["G"], genre, "{page}");
        }
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_login_look_the_same() {
    let school = emulator().await;
    let mut client = Client::open(&school, "eleve.html").await;
    for (login, password) in [(LOGIN, "wrong"), ("nobody", PASSWORD), ("", "")] {
        let answer = client.sign_in(SignIn::password(login, password)).await.unwrap();
        assert_eq!(answer, json!({ "Acces": 1 }), "{login}");
    }
    assert_eq!((school.sign_ins(), school.refusals()), (0, 3));
    assert!(
        client.sign_in(SignIn::password(LOGIN, PASSWORD)).await.unwrap()["cle"].is_string(),
        "and then the right one"
    );
}

#[tokio::test]
async fn a_challenge_is_answered_once() {
    let school = emulator().await;
    let mut client = Client::open(&school, "eleve.html").await;
    client.parameters().await.unwrap();
    let (challenge, keys) = client.identify(&SignIn::password(LOGIN, PASSWORD)).await.unwrap();
    client.authenticate("00", &keys).await.unwrap();
    let solved = pronote::protocol::challenge::answer(Rule::Scrambled, &keys, challenge["challenge"].as_str().unwrap());
    assert_eq!(client.authenticate(&solved.unwrap(), &keys).await, Err(Failure::Error(3)));
}

#[tokio::test]
async fn a_tolerant_server_takes_both_answers_and_an_exact_one_its_own() {
    for (challenge, unscrambled, as_it_came) in [
        (ChallengeRule::Tolerant, true, true),
        (ChallengeRule::Scrambled, true, false),
        (ChallengeRule::Direct, false, true),
    ] {
        let profile = Profile { challenge, ..Profile::recommended() };
        let school = Emulator::start(Config { profile, ..Config::new(school()) }).await.unwrap();
        for (rule, good) in [(Rule::Scrambled, unscrambled), (Rule::Direct, as_it_came)] {
            let mut client = Client::open(&school, "eleve.html").await;
            let sign_in = SignIn { rule: Some(rule), ..SignIn::password(LOGIN, PASSWORD) };
            let answer = client.sign_in(sign_in).await.unwrap();
            assert_eq!(answer["cle"].is_string(), good, "{challenge:?} {rule:?}");
        }
    }
}

#[tokio::test]
async fn a_locked_account_is_told_so_to_its_owner_only() {
    let school = emulator().await;
    let mut client = Client::open(&school, "eleve.html").await;
    assert_eq!(client.sign_in(SignIn::password("bloque", PASSWORD)).await.unwrap()["Acces"], 10);
    assert_eq!(client.sign_in(SignIn::password("bloque", "wrong")).await.unwrap()["Acces"], 1);
}

#[tokio::test]
async fn a_token_is_good_once_on_its_device_and_for_its_login() {
    let school = emulator().await;
    let mut client = Client::open(&school, "mobile.eleve.html").await;
    let answer = client.sign_in(SignIn::password(LOGIN, PASSWORD).with_phone("phone", ASK_TOKEN)).await.unwrap();
    let first = token(&answer);
    assert_eq!(first.len(), 64);

    let try_token = async |login: &str, phone: &str, token: &str| {
        let mut client = Client::open(&school, "mobile.eleve.html").await;
        client.sign_in(SignIn::password(login, token).with_phone(phone, WITH_TOKEN)).await.unwrap()
    };
    assert_eq!(try_token(LOGIN, "other", &first).await["Acces"], 1, "on another device");
    assert_eq!(try_token("demonstration2", "phone", &first).await["Acces"], 1, "for another login");
    let second = token(&try_token(LOGIN, "phone", &first).await);
    assert_eq!(try_token(LOGIN, "phone", &first).await["Acces"], 1, "a second time");
    assert_ne!(first, second);
    assert!(try_token(LOGIN, "phone", &second).await["cle"].is_string());
}

#[tokio::test]
async fn a_qr_code_opens_once_and_within_ten_minutes() {
    let school = emulator().await;
    let mut owner = Client::signed_in(&school, "eleve.html", LOGIN).await;
    let code = owner.ask("JetonAppliMobile", json!({ "code": "1234" }), Some(7)).await.unwrap();
    let login = open_qr_field("1234", code["login"].as_str().unwrap()).unwrap();
    let jeton = open_qr_field("1234", code["jeton"].as_str().unwrap()).unwrap();
    assert_eq!(login, LOGIN);

    let mut phone = Client::open(&school, "mobile.eleve.html").await;
    let sign_in = SignIn::password(&login, &jeton).with_phone("phone", WITH_CODE);
    assert_eq!(token(&phone.sign_in(sign_in.clone()).await.unwrap()).len(), 64);
    let mut again = Client::open(&school, "mobile.eleve.html").await;
    assert_eq!(again.sign_in(sign_in).await.unwrap()["Acces"], 1);

    let late = school.qr_code(LOGIN, Space::Student, "1234").unwrap();
    assert!(late.url.ends_with("/pronote/mobile.eleve.html"));
    let jeton = open_qr_field("1234", &late.token).unwrap();
    school.pass(Duration::from_secs(601));
    let mut phone = Client::open(&school, "mobile.eleve.html").await;
    let answer = phone.sign_in(SignIn::password(LOGIN, &jeton).with_phone("phone", WITH_CODE)).await.unwrap();
    assert_eq!(answer["Acces"], 1);
}

#[tokio::test]
async fn a_qr_code_needs_a_pin_of_four_digits() {
    let school = emulator().await;
    let mut owner = Client::signed_in(&school, "eleve.html", LOGIN).await;
    for pin in ["", "123", "12345", "abcd"] {
        let answer = owner.ask("JetonAppliMobile", json!({ "code": pin }), Some(7)).await;
        assert_eq!(answer, Err(Failure::Error(3)), "{pin}");
    }
}

#[tokio::test]
async fn a_browser_may_be_remembered() {
    let school = emulator().await;
    let mut client = Client::open(&school, "eleve.html").await;
    let sign_in = SignIn { flags: &["demandeConnexionAuto"], ..SignIn::password(LOGIN, PASSWORD) };
    let answer = client.sign_in(sign_in).await.unwrap();
    let remembered = answer["jetonConnexionAuto"].as_str().unwrap().to_owned();
    for (navigator, good) in [(json!("another"), false), (client.navigator.clone(), true)] {
        let mut later = Client::open(&school, "eleve.html").await;
        later.navigator = navigator;
        let sign_in = SignIn { flags: &["enConnexionAuto"], ..SignIn::password(LOGIN, &remembered) };
        assert_eq!(later.sign_in(sign_in).await.unwrap()["cle"].is_string(), good);
    }
}

#[tokio::test]
async fn a_portal_keeps_the_door_and_leaves_a_key_that_fits_once() {
    let config = Config { portal: true, ..Config::new(school()) };
    let school = Emulator::start(config).await.unwrap();
    let page = format!("{}eleve.html", school.url());
    let away = get(&page).await;
    assert_eq!(away.status, 302);
    let portal = away.header("location").unwrap().to_owned();
    assert!(portal.contains("/cas/login?service=http"));
    assert!(!get(&format!("{page}?login=true")).await.text().contains("\"e\":"), "whoever asks gets the own sign-in");

    let wrong = send("POST", &portal, &[], b"username=demonstration&password=wrong").await;
    assert_eq!(wrong.status, 401);
    let back = send("POST", &portal, &[], b"username=demonstration&password=pronotevs").await;
    assert_eq!((back.status, back.header("location")), (302, Some(page.as_str())));
    let cookie = back.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();

    let reply = send("GET", &page, &[("Cookie", &format!("a=b; {cookie}"))], b"").await;
    let entry = pronote::protocol::page::EntryPage::parse(reply.text(), None).unwrap();
    let ticket = entry.portal.clone().unwrap();
    let mut client = Client::on(&school, entry);
    let sign_in = SignIn { flags: &["pourENT"], ..SignIn::password(&ticket.account, &ticket.key) };
    let answer = client.sign_in(sign_in.clone()).await.unwrap();
    assert_eq!(answer["libelleUtil"], "PARENT Fanny");

    let mut other = Client::open(&school, "eleve.html?login=true").await;
    assert_eq!(other.sign_in(sign_in).await.unwrap()["Acces"], 1, "the key belongs to its page");
}

#[tokio::test]
async fn too_many_refused_sign_ins_suspend_the_address() {
    let mut config = Config::new(school());
    config.limits.refusals = Some(2);
    let school = Emulator::start(config).await.unwrap();
    let mut client = Client::open(&school, "eleve.html").await;
    for _ in 0..2 {
        client.sign_in(SignIn::password(LOGIN, "wrong")).await.unwrap();
    }
    let page = get(&format!("{}eleve.html", school.url())).await;
    assert!(page.text().contains("Votre adresse IP est provisoirement suspendue"));
    school.forgive();
    Client::signed_in(&school, "eleve.html", LOGIN).await;
}
