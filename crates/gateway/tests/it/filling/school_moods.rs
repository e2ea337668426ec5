//! A school that refuses, is slow, asks for more, or is not to be asked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use board::PassState;
use emulator::school::{PersonId, SecondFactor};
use emulator::{Emulator, Fault};
use gateway::Secrets;
use gateway::filling::Error;
use jiff::ToSpan as _;
use pronote::Space;
use pronote::pace::Limits;

use crate::filling::desk::{Desk, MONDAY, now, olga, profile};
use crate::school::{config, strict};

impl Desk {
    async fn error(&self) -> Error {
        self.filler.now(self.class.id).await.unwrap_err()
    }

    /// Makes the kept token one that the school does not know.
    fn spoil(&self) {
        let (kept, secrets) = self.gateway.profiles().unseal(&profile()).unwrap();
        let spoiled = Secrets { token: Some("0000".into()), ..secrets };
        self.gateway.profiles().keep(&profile(), &kept, &spoiled).unwrap();
    }
}

#[tokio::test]
async fn a_pass_is_a_handful_of_calls_and_leaves_politely() {
    let desk = Desk::new().await;
    let before = desk.school.exchanges().len();
    desk.fill().await;
    let asked: Vec<String> = desk.school.exchanges().split_off(before).into_iter().map(|call| call.function).collect();
    assert_eq!(
        asked,
        [
            "FonctionParametres",
            "Identification",
            "Authentification",
            "ParametresUtilisateur",
            "PageEmploiDuTemps",
            "PageEmploiDuTemps",
            "PageCahierDeTexte",
            "SaisieDeconnexion",
        ]
    );
    assert_eq!(desk.school.open_sessions().await, 0);
}

#[tokio::test]
async fn a_session_that_expires_in_the_middle_is_renewed_once() {
    let desk = Desk::at(strict().await).await;
    desk.school.faults().next("PageCahierDeTexte", 1, Fault::Expired);
    assert_eq!(desk.fill().await.assignments.added, 10);
    assert!(desk.fill().await.is_empty(), "and the token that followed was kept");
    assert_eq!(desk.school.refusals(), 0);
}

#[tokio::test]
async fn a_slow_and_shaky_school_is_given_its_time() {
    let desk = Desk::new().await;
    desk.school.faults().next("PageEmploiDuTemps", 1, Fault::Wait(1));
    desk.school.faults().next("PageCahierDeTexte", 1, Fault::LostReply);
    desk.school.faults().next("Authentification", 1, Fault::Delay(Duration::from_millis(100)));
    assert_eq!(desk.fill().await.weeks.added, 2);
}

#[tokio::test]
async fn a_page_that_fails_changes_nothing_and_is_told_by_its_step() {
    let desk = Desk::new().await;
    desk.fill().await;
    desk.calm();
    desk.school.faults().next("PageCahierDeTexte", 100, Fault::Status(500));
    let error = desk.error().await;
    assert!(error.to_string().starts_with("page PageCahierDeTexte: "), "{error}");
    let outcome = desk.filling().await.outcome.unwrap();
    assert_eq!((outcome.state, outcome.step.as_str()), (PassState::Failed, "page PageCahierDeTexte"));
    assert!(!outcome.advice.is_empty());
    assert_eq!(desk.snapshot().await.dated_changes.len(), 6, "although the timetable could be read");
    desk.school.faults().clear();
    assert_eq!(desk.fill().await.changes.removed, 6);
    assert_eq!(desk.filling().await.outcome.unwrap().state, PassState::Filled);
}

#[tokio::test]
async fn a_refused_sign_in_stops_it_and_is_never_tried_again() {
    let desk = Desk::at(strict().await).await;
    desk.fill().await;
    desk.spoil();
    let error = desk.error().await;
    assert!(error.to_string().starts_with("challenge: "), "{error}");
    let outcome = desk.filling().await.outcome.unwrap();
    assert_eq!((outcome.state, outcome.words.as_str()), (PassState::Stopped, "challenge: sign-in refused"));
    assert!(outcome.advice.contains("Sign in once more"), "{}", outcome.advice);
    let asked = desk.school.calls().len();
    assert!(matches!(desk.error().await, Error::Stopped(_)));
    // Bound again without signing in anew, it would be the same secret; also after a restart.
    desk.bind("").await;
    let other = gateway::filling::Filler::new(
        crate::school::gateway(desk.data.path()),
        desk.board.clone(),
        gateway::filling::Config::default(),
    );
    assert!(matches!(other.now(desk.class.id).await.unwrap_err(), Error::RefusedBefore));
    desk.bind("").await;
    assert!(matches!(desk.error().await, Error::RefusedBefore));
    assert!(desk.filling().await.is_stopped());
    assert_eq!(desk.school.calls().len(), asked, "nobody was asked");
    // Signed in anew, and bound again, it goes on.
    desk.sign_in(Space::Student).await;
    assert!(matches!(desk.error().await, Error::Stopped(_)), "not before it is bound again");
    desk.bind("").await;
    assert!(desk.fill().await.is_empty());
    assert_eq!(desk.filling().await.refused, None);
}

#[tokio::test]
async fn a_kept_password_that_was_changed_at_school_is_tried_once() {
    let desk = Desk::at(strict().await).await;
    let (kept, secrets) = desk.gateway.profiles().unseal(&profile()).unwrap();
    let secrets = Secrets { password: Some("pronotevs".into()), token: Some("0000".into()), ..secrets };
    desk.gateway.profiles().keep(&profile(), &kept, &secrets).unwrap();
    for account in 1..50 {
        if let Some(account) = desk.school.school().accounts.get_mut(emulator::school::AccountId(account)) {
            account.password = "another".to_owned();
        }
    }
    desk.error().await;
    let tried = desk.school.count("Identification");
    for _ in 0..3 {
        desk.bind("").await;
        assert!(matches!(desk.error().await, Error::RefusedBefore));
    }
    assert_eq!(desk.school.count("Identification"), tried);
}

#[tokio::test]
async fn a_suspended_address_is_left_alone_until_the_pacers_moment() {
    let desk = Desk::new().await;
    desk.school.faults().next("page", 1, Fault::Suspended);
    desk.error().await;
    assert_eq!(desk.filling().await.outcome.unwrap().state, PassState::Waiting);
    let asked = desk.school.count("page");
    desk.error().await;
    let outcome = desk.filling().await.outcome.unwrap();
    assert_eq!((outcome.state, outcome.words.as_str()), (PassState::Waiting, "identification: held back"));
    assert_eq!(outcome.until, Some(now() + 1.hour()));
    assert_eq!(desk.school.count("page"), asked);
}

#[tokio::test]
async fn a_spent_budget_waits_for_the_next_day() {
    let limits = Limits { calls_per_day: 12, seconds_per_call: 0.0, ..Limits::default() };
    let desk = Desk::with(Emulator::start(config()).await.unwrap(), Space::Student, limits).await;
    desk.pace();
    desk.fill().await;
    let asked = desk.school.calls().len();
    desk.error().await;
    let outcome = desk.filling().await.outcome.unwrap();
    assert_eq!(outcome.state, PassState::Waiting);
    assert_eq!(outcome.until, Some("2026-11-24T00:00:00Z".parse().unwrap()));
    assert!(desk.school.calls().len() - asked <= 4, "what was left of the day");
    let left = desk.school.calls().len();
    desk.error().await;
    assert_eq!(desk.school.calls().len(), left);
}

#[tokio::test]
async fn a_security_step_stops_it_and_says_what_to_do() {
    let desk = Desk::new().await;
    let (kept, secrets) = desk.gateway.profiles().unseal(&profile()).unwrap();
    desk.gateway.profiles().keep(&profile(), &kept, &Secrets { navigator: None, ..secrets }).unwrap();
    for account in 1..50 {
        if let Some(account) = desk.school.school().accounts.get_mut(emulator::school::AccountId(account)) {
            account.second_factor = Some(SecondFactor { pin: Some("1234".to_owned()), actions: vec![3], strategy: 3 });
        }
    }
    assert!(matches!(desk.error().await, Error::StepNeeded));
    let outcome = desk.filling().await.outcome.unwrap();
    assert_eq!((outcome.state, outcome.words.as_str()), (PassState::Stopped, "the school asks for a security step"));
    assert!(outcome.advice.contains("answer what the school asks, then bind the class again"));
}

#[tokio::test]
async fn a_parent_says_which_child_is_meant() {
    let school = Emulator::start(config()).await.unwrap();
    let desk = Desk::with(school, Space::Parent, Limits::default()).await;
    for child in ["", "parent", "Zoé", "3", "0"] {
        desk.bind(child).await;
        assert!(matches!(desk.error().await, Error::WhichChild), "{child}");
        assert!(desk.filling().await.is_stopped());
    }
    desk.bind("2").await;
    desk.fill().await;
    let second = desk.snapshot().await.day(MONDAY).text;
    desk.bind("léo").await;
    assert!(desk.fill().await.is_empty(), "the second child is Léo");
    desk.bind("Fanny").await;
    assert!(!desk.fill().await.is_empty());
    assert_ne!(desk.snapshot().await.day(MONDAY).text, second);
    let everything = desk.everything().await;
    let school = desk.school.school();
    for pupil in [PersonId(1), PersonId(2)] {
        assert!(!everything.contains(&school.people.get(pupil).unwrap().first_name));
    }
}

#[tokio::test]
async fn a_teachers_account_is_no_ones_class() {
    let school = Emulator::start(config()).await.unwrap();
    let desk = Desk::with(school, Space::Teacher, Limits::default()).await;
    assert!(matches!(desk.error().await, Error::NotAFamily));
    assert_eq!(desk.school.count("PageEmploiDuTemps"), 0);
}

#[tokio::test]
async fn a_class_that_cannot_be_filled_asks_nobody() {
    let desk = Desk::new().await;
    let asked = desk.school.calls().len();
    desk.board.bind_filling(&olga(), desk.class.id, "boris", "").await.unwrap();
    assert!(matches!(desk.error().await, Error::Gateway(gateway::Error::NoProfile(_))));
    let outcome = desk.filling().await.outcome.unwrap();
    assert_eq!((outcome.state, outcome.words.as_str()), (PassState::Failed, "nothing is kept of this sign-in"));
    desk.bind("").await;
    desk.board.archive_class(&olga(), desk.class.id, true).await.unwrap();
    assert!(matches!(desk.error().await, Error::Archived));
    desk.board.unbind_filling(&olga(), desk.class.id).await.unwrap();
    assert!(matches!(desk.error().await, Error::Unbound));
    assert_eq!(desk.school.calls().len(), asked);
}
