//! PINs, devices, first sign-ins.

use pronote::login::{Answers, Demand, Entrance, SecuritySteps, SignIn, Strategy};
use pronote::{Cause, Client, Space, Step};

use crate::desk::{client, password, school, this_week};

async fn steps(client: &Client, sign_in: SignIn) -> Box<SecuritySteps> {
    match client.sign_in(sign_in).await.unwrap() {
        Entrance::Steps(steps) => steps,
        Entrance::Open(_) => panic!("the school asks for nothing"),
    }
}

#[tokio::test]
async fn a_pin_opens_the_account_and_the_device_is_remembered() {
    let school = school().await;
    let client = client();
    // The device is known by its identifier only when a token is asked for.
    let sign_in = || SignIn { ask_token: true, ..password(&school, Space::Student, "code", "pronotevs") };
    let mut asked = steps(&client, sign_in()).await;
    assert_eq!(asked.demands(), [Demand::Pin]);
    let answers = Answers { pin: Some("1234".into()), ..Answers::default() };
    let session = asked.finish(&answers).await.unwrap();
    assert!(session.read(&this_week(&session)).await.is_ok());
    assert!(matches!(client.sign_in(sign_in()).await.unwrap(), Entrance::Open(_)));
}

#[tokio::test]
async fn a_wrong_pin_can_be_corrected_and_three_are_the_end() {
    let school = school().await;
    let client = client();
    let mut asked = steps(&client, password(&school, Space::Student, "code", "pronotevs")).await;
    let pin = |pin: &str| Answers { pin: Some(pin.into()), ..Answers::default() };
    let error = asked.finish(&pin("0000")).await.unwrap_err();
    assert_eq!(error.step, Step::Device);
    assert!(matches!(error.cause, Cause::StepRefused("this PIN")), "{error}");
    assert!(asked.finish(&pin("1234")).await.is_ok());

    let mut asked = steps(&client, password(&school, Space::Student, "code", "pronotevs")).await;
    for _ in 0..3 {
        asked.finish(&pin("0000")).await.unwrap_err();
    }
    let calls = school.count("SecurisationCompteDoubleAuth");
    let error = asked.finish(&pin("1234")).await.unwrap_err();
    assert!(matches!(error.cause, Cause::StepRefused("any more PINs")), "{error}");
    assert_eq!(school.count("SecurisationCompteDoubleAuth"), calls);
}

#[tokio::test]
async fn an_answer_that_was_not_given_is_asked_for() {
    let school = school().await;
    let mut asked = steps(&client(), password(&school, Space::Student, "code", "pronotevs")).await;
    let error = asked.finish(&Answers::default()).await.unwrap_err();
    assert!(matches!(error.cause, Cause::AnswerNeeded("a PIN")), "{error}");
}

#[tokio::test]
async fn a_first_sign_in_sets_a_password_a_strategy_and_a_pin() {
    let school = school().await;
    let client = client();
    let mut asked = steps(&client, password(&school, Space::Student, "premier", "pronotevs")).await;
    assert_eq!(asked.demands(), [Demand::NewPassword, Demand::ChooseStrategy, Demand::NewPin]);
    let answers = |new_password: &str| Answers {
        new_password: Some(new_password.into()),
        strategy: Some(Strategy::Pin),
        pin: Some("4711".into()),
        ..Answers::default()
    };
    let error = asked.finish(&answers("x")).await.unwrap_err();
    assert!(matches!(error.cause, Cause::StepRefused("this new password")), "{error}");
    asked.finish(&answers("Soleil-2026")).await.unwrap();

    let old = client.sign_in(password(&school, Space::Student, "premier", "pronotevs")).await;
    assert!(matches!(old.unwrap_err().cause, Cause::Unopened(_)));
    assert!(client.sign_in(password(&school, Space::Student, "premier", "Soleil-2026")).await.is_ok());
}

#[tokio::test]
async fn a_device_only_needs_a_name() {
    let school = school().await;
    let client = client();
    let mut asked = steps(&client, password(&school, Space::Student, "appareil", "pronotevs")).await;
    assert_eq!(asked.demands(), [Demand::DeviceName]);
    assert!(asked.finish(&Answers::default()).await.is_ok());
}
