#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::{Path, PathBuf};

use emulator::Fault;
use gateway::{Error, Secrets};
use pronote::login::{Answers, Demand, Entrance};
use pronote::{Cause, Secret, Space, Step};
use secrecy::ExposeSecret as _;

use crate::school::{gateway, login, name, open, password, pupil, strict};

/// The token that is kept under a name.
fn token(data: &Path, profile: &str) -> String {
    let (_, secrets) = gateway(data).profiles().unseal(&name(profile)).unwrap();
    secrets.token.unwrap().expose_secret().to_owned()
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn each_process_goes_on_with_the_token_of_the_one_before() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    open(gateway(data.path()).sign_in(&name("anna"), pupil(&school)).await);
    let mut seen = vec![token(data.path(), "anna")];
    for _ in 0..3 {
        open(gateway(data.path()).resume(&name("anna"), false).await);
        let next = token(data.path(), "anna");
        assert!(!seen.contains(&next), "every token is used once");
        seen.push(next);
    }
    assert_eq!((school.sign_ins(), school.refusals()), (4, 0));
}

#[tokio::test]
async fn a_process_that_dies_after_the_token_changed_loses_nothing() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    open(gateway(data.path()).sign_in(&name("anna"), pupil(&school)).await);
    // The first call after the token was given never comes back.
    school.faults().next("ParametresUtilisateur", 100, Fault::Status(500));
    gateway(data.path()).resume(&name("anna"), false).await.unwrap_err();
    school.faults().clear();
    open(gateway(data.path()).resume(&name("anna"), false).await);
    assert_eq!(school.refusals(), 0);
}

#[tokio::test]
async fn nothing_is_asked_after_a_token_that_cannot_be_kept() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path());
    fs::create_dir(data.path().join("pronote/profiles/anna.json")).unwrap();
    let error = gateway.sign_in(&name("anna"), pupil(&school)).await.unwrap_err();
    let Error::Pronote(error) = error else { panic!("{error}") };
    assert_eq!(error.step, Step::Keeping);
    assert!(matches!(error.cause, Cause::NotKept(_)));
    assert_eq!(school.count("ParametresUtilisateur"), 0);
}

#[tokio::test]
async fn processes_that_start_together_do_not_race_on_one_token() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    open(gateway(data.path()).sign_in(&name("anna"), pupil(&school)).await);
    let run = || async {
        open(gateway(data.path()).resume(&name("anna"), false).await);
    };
    tokio::join!(run(), run(), run(), run());
    assert_eq!((school.sign_ins(), school.refusals()), (5, 0));
}

#[tokio::test]
async fn no_token_or_password_is_readable_under_the_data_folder() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let login = gateway::NewLogin { keep_password: true, ..pupil(&school) };
    open(gateway(data.path()).sign_in(&name("anna"), login).await);
    let token = token(data.path(), "anna");
    for path in files_under(data.path()) {
        let content = String::from_utf8_lossy(&fs::read(&path).unwrap()).to_lowercase();
        for secret in [&token, "pronotevs"] {
            assert!(!content.contains(&secret.to_lowercase()), "{}", path.display());
        }
    }
}

#[tokio::test]
async fn a_refused_password_is_not_tried_twice_and_keeps_nothing() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path());
    let wrong = || login(password(&school, Space::Student, "demonstration", "wrong"));
    let refused = gateway.sign_in(&name("anna"), wrong()).await.unwrap_err();
    assert!(matches!(refused, Error::Pronote(error) if matches!(error.cause, Cause::Unopened(Secret::Password))));
    let again = gateway.sign_in(&name("anna"), wrong()).await.unwrap_err();
    assert!(matches!(again, Error::Pronote(error) if matches!(error.cause, Cause::Paused(_))));
    assert!(gateway.profiles().names().unwrap().is_empty());
    assert_eq!(school.count("Identification"), 1);
}

#[tokio::test]
async fn a_token_that_is_no_longer_good_gives_way_to_a_kept_password() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path());
    let keeping = gateway::NewLogin { keep_password: true, ..pupil(&school) };
    open(gateway.sign_in(&name("anna"), keeping).await);
    let (profile, secrets) = gateway.profiles().unseal(&name("anna")).unwrap();
    let spoiled = Secrets { token: Some("0000".into()), ..secrets };
    gateway.profiles().keep(&name("anna"), &profile, &spoiled).unwrap();
    open(gateway.resume(&name("anna"), false).await);
    assert_ne!(token(data.path(), "anna"), "0000");

    let without = Secrets { token: Some("0000".into()), ..Secrets::default() };
    gateway.profiles().keep(&name("anna"), &profile, &without).unwrap();
    let refused = crate::school::gateway(data.path()).resume(&name("anna"), false).await.unwrap_err();
    assert!(matches!(refused, Error::Pronote(error) if matches!(error.cause, Cause::Unopened(Secret::DeviceToken))));
}

#[tokio::test]
async fn steps_are_answered_once_and_the_profile_opens_from_then_on() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let asked = login(password(&school, Space::Student, "code", "pronotevs"));
    let Entrance::Steps(mut steps) = gateway(data.path()).sign_in(&name("anna"), asked).await.unwrap() else {
        panic!("no PIN was asked for")
    };
    assert!(steps.demands().contains(&Demand::Pin));
    steps.finish(&Answers { pin: Some("1234".into()), ..Answers::default() }).await.unwrap();
    open(gateway(data.path()).resume(&name("anna"), false).await);
}

#[tokio::test]
async fn a_profile_that_is_not_there_asks_nobody() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let error = gateway(data.path()).resume(&name("anna"), false).await.unwrap_err();
    assert!(matches!(error, Error::NoProfile(_)));
    assert_eq!(school.count("page"), 0);
}

#[tokio::test]
async fn a_session_for_reading_cannot_write() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path());
    open(gateway.sign_in(&name("anna"), pupil(&school)).await);
    assert!(open(gateway.resume(&name("anna"), false).await).writer().is_err());
    assert!(open(gateway.resume(&name("anna"), true).await).writer().is_ok());
}
