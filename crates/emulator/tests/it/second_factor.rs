//! What comes after the password.

use emulator::Emulator;
use emulator::school::{SecondFactor, Space};
use serde_json::{Value, json};

use crate::client::{Client, Failure, SignIn};
use crate::emulator;

const PASSWORD: &str = "pronotevs";
const ASK_TOKEN: &[&str] = &["demandeConnexionAppliMobile"];

/// A school whose pupil `demonstration` is asked for these steps.
async fn asking(actions: &[u8], pin: Option<&str>) -> Emulator {
    let school = emulator().await;
    let id = school.school().account("demonstration", Space::Student).unwrap().id;
    school.school().accounts.get_mut(id).unwrap().second_factor =
        Some(SecondFactor { pin: pin.map(str::to_owned), actions: actions.to_vec(), strategy: 3 });
    school
}

async fn step(client: &mut Client, data: Value) -> Value {
    client.ask("SecurisationCompteDoubleAuth", data, None).await.unwrap()
}

fn sealed(client: &Client, text: &str) -> String {
    client.keys.encrypt_hex(text.as_bytes())
}

#[tokio::test]
async fn nothing_opens_before_the_pin() {
    let school = asking(&[3], Some("1234")).await;
    let mut client = Client::open(&school, "mobile.eleve.html").await;
    let sign_in = SignIn::password("demonstration", PASSWORD).with_phone("phone", ASK_TOKEN);
    let answer = client.sign_in(sign_in.clone()).await.unwrap();
    assert_eq!(answer["actionsDoubleAuth"], json!({ "_T": 26, "V": "[3]" }));
    assert!(answer["jetonConnexionAppliMobile"].is_string(), "the token is given all the same");
    assert_eq!(client.ask("ParametresUtilisateur", Value::Null, None).await, Err(Failure::Error(3)));

    let wrong = sealed(&client, "4321");
    assert_eq!(step(&mut client, json!({ "action": 0, "codePin": wrong })).await["result"], false);
    let right = sealed(&client, "1234");
    assert_eq!(step(&mut client, json!({ "action": 0, "codePin": right })).await["result"], true);
    assert_eq!(step(&mut client, json!({ "action": 2, "libelle": "Téléphone" })).await["dejaConnu"], false);
    let data = json!({ "action": 3, "codePin": right, "avecIdentification": true, "strIdentification": "Téléphone" });
    assert_eq!(step(&mut client, data).await, json!({ "result": true }));
    let token = answer["jetonConnexionAppliMobile"].as_str().unwrap().to_owned();
    client.ask("ParametresUtilisateur", Value::Null, None).await.unwrap();

    let mut again = Client::open(&school, "mobile.eleve.html").await;
    let with_token = SignIn::password("demonstration", &token).with_phone("phone", &["enConnexionAppliMobile"]);
    assert!(again.sign_in(with_token).await.unwrap().get("actionsDoubleAuth").is_none(), "the device is known");
    let mut elsewhere = Client::open(&school, "mobile.eleve.html").await;
    let other_phone = sign_in.with_phone("other", ASK_TOKEN);
    assert!(elsewhere.sign_in(other_phone).await.unwrap().get("actionsDoubleAuth").is_some(), "another is not");
}

#[tokio::test]
async fn a_device_without_a_name_is_asked_again() {
    let school = asking(&[3], Some("1234")).await;
    let mut client = Client::open(&school, "eleve.html").await;
    client.sign_in(SignIn::password("demonstration", PASSWORD)).await.unwrap();
    let pin = sealed(&client, "1234");
    assert_eq!(step(&mut client, json!({ "action": 3, "codePin": pin })).await["result"], true);
    let mut again = Client::open(&school, "eleve.html").await;
    again.navigator = client.navigator.clone();
    let answer = again.sign_in(SignIn::password("demonstration", PASSWORD)).await.unwrap();
    assert!(answer.get("actionsDoubleAuth").is_some());
}

#[tokio::test]
async fn three_wrong_pins_end_the_session() {
    let school = asking(&[3], Some("1234")).await;
    let mut client = Client::open(&school, "eleve.html").await;
    client.sign_in(SignIn::password("demonstration", PASSWORD)).await.unwrap();
    let wrong = sealed(&client, "0000");
    for _ in 0..3 {
        assert_eq!(step(&mut client, json!({ "action": 3, "codePin": wrong })).await["result"], false);
    }
    let answer = client.ask("SecurisationCompteDoubleAuth", json!({ "action": 0 }), None).await;
    assert_eq!(answer, Err(Failure::Error(10)));
}

#[tokio::test]
async fn a_new_password_must_follow_the_rules_and_is_good_from_then_on() {
    let school = asking(&[0], None).await;
    let mut client = Client::open(&school, "eleve.html").await;
    let sign_in = SignIn::password("demonstration", PASSWORD).with_phone("phone", ASK_TOKEN);
    let before = client.sign_in(sign_in).await.unwrap()["jetonConnexionAppliMobile"].clone();
    for (password, short, rules) in
        [("a1", true, "[]"), ("abcdefgh", false, "[1]"), ("12345678", false, "[0]"), ("demonstration", false, "[1,4]")]
    {
        let password = sealed(&client, password);
        let answer = step(&mut client, json!({ "action": 1, "nouveauMDP": password })).await;
        assert_eq!(answer["result"], false);
        assert_eq!(answer["erreurMDP"]["erreurTailleMDP"], short);
        assert_eq!(answer["erreurMDP"]["reglesNonRespectes"]["V"], rules);
    }
    let good = sealed(&client, "Éclair-2026");
    assert_eq!(step(&mut client, json!({ "action": 1, "nouveauMDP": good })).await["result"], true);
    assert_eq!(step(&mut client, json!({ "action": 3 })).await["result"], false, "it has to be there in the end");
    let answer = step(&mut client, json!({ "action": 3, "nouveauMDP": good })).await;
    assert_eq!(answer["result"], true);
    let token = answer["jetonConnexionAppliMobile"].as_str().unwrap();
    assert_ne!(before, token, "a fresh token takes the place of the one that came with the old password");
    let mut phone = Client::open(&school, "eleve.html").await;
    let with_token = SignIn::password("demonstration", token).with_phone("phone", &["enConnexionAppliMobile"]);
    assert!(phone.sign_in(with_token).await.unwrap()["cle"].is_string());
    let mut again = Client::open(&school, "eleve.html").await;
    assert!(again.sign_in(SignIn::password("demonstration", "Éclair-2026")).await.unwrap()["cle"].is_string());
}

#[tokio::test]
async fn a_strategy_and_its_pin_are_chosen_together() {
    let school = asking(&[1], None).await;
    let mut client = Client::open(&school, "eleve.html").await;
    client.sign_in(SignIn::password("demonstration", PASSWORD)).await.unwrap();
    assert_eq!(step(&mut client, json!({ "action": 3, "mode": 3 })).await["result"], false, "no PIN");
    let (short, good) = (sealed(&client, "12"), sealed(&client, "246810"));
    assert_eq!(step(&mut client, json!({ "action": 3, "mode": 3, "codePin": short })).await["result"], false);
    assert_eq!(step(&mut client, json!({ "action": 3, "mode": 3, "codePin": good })).await["result"], true);
    let account = school.school().account("demonstration", Space::Student).unwrap().clone();
    assert_eq!(
        account.second_factor,
        Some(SecondFactor { pin: Some("246810".to_owned()), actions: vec![3], strategy: 3 })
    );
}

#[tokio::test]
async fn a_forgotten_pin_is_reset_with_the_code_of_a_mail() {
    let school = asking(&[4], Some("1234")).await;
    let mut client = Client::open(&school, "eleve.html").await;
    client.sign_in(SignIn::password("demonstration", PASSWORD)).await.unwrap();
    assert_eq!(step(&mut client, json!({ "action": 10 })).await["ok"], true);
    let code = school.mails().pop().unwrap().text;
    assert_eq!(code.len(), 6);
    let (code, wrong, pin) = (sealed(&client, &code), sealed(&client, "ABCDEF"), sealed(&client, "8642"));
    assert_eq!(step(&mut client, json!({ "action": 11, "codePin": wrong })).await["result"], false);
    assert_eq!(step(&mut client, json!({ "action": 11, "codePin": code })).await["result"], true);
    let data = |code: &str| json!({ "action": 3, "codePin": pin, "reinitPIN_OK": true, "codePINVerifReinit": code });
    assert_eq!(step(&mut client, data(&wrong)).await["result"], false);
    assert_eq!(step(&mut client, data(&code)).await["result"], true);
}

#[tokio::test]
async fn the_account_page_changes_password_and_pin() {
    let school = emulator().await;
    let mut client = Client::signed_in(&school, "eleve.html", "demonstration").await;
    let (old, wrong, new) = (sealed(&client, PASSWORD), sealed(&client, "x"), sealed(&client, "Soleil-2026"));
    let change = async |client: &mut Client, data: Value| {
        client.ask("SecurisationComptePreference", data, Some(49)).await.unwrap()["result"].clone()
    };
    assert_eq!(change(&mut client, json!({ "action": 8, "ancienMDP": wrong, "nouveauMDP": new })).await, false);
    assert_eq!(change(&mut client, json!({ "action": 8, "ancienMDP": old, "nouveauMDP": new })).await, true);
    let pin = sealed(&client, "1357");
    assert_eq!(change(&mut client, json!({ "action": 5, "codePin": pin })).await, true);
    let mut again = Client::open(&school, "eleve.html").await;
    let answer = again.sign_in(SignIn::password("demonstration", "Soleil-2026")).await.unwrap();
    assert_eq!(answer["actionsDoubleAuth"]["V"], "[3]");
}
