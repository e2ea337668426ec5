//! One line for many callers: queueing, merging, renewing, giving up.

use std::time::Duration;

use emulator::Fault;
use pronote::functions::menus;
use pronote::{Cause, Space};
use serde_json::{Value, json};

use crate::desk::{TODAY, client, enter, fanny, password, school, this_week};

#[tokio::test]
async fn an_expired_session_is_renewed_once() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    school.expire_sessions().await;
    let week = this_week(&session);
    let (first, second) = tokio::join!(session.read(&week), session.read(&menus::Request { date: TODAY }));
    assert!(!first.unwrap().entries.is_empty());
    assert!(second.is_ok());
    assert_eq!(school.sign_ins(), 2);
}

#[tokio::test]
async fn a_session_that_keeps_expiring_is_not_renewed_for_ever() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    school.faults().next("PageEmploiDuTemps", 5, Fault::Expired);
    let error = session.read(&this_week(&session)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Expired), "{error}");
    assert_eq!(school.sign_ins(), 2);
}

#[tokio::test]
async fn those_who_ask_the_same_at_once_share_one_call() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let week = this_week(&session);
    let asked = std::iter::repeat_with(|| session.read(&week)).take(20);
    let answers = futures_util::future::join_all(asked).await;
    assert!(answers.into_iter().all(|answer| answer.is_ok()));
    assert_eq!(school.count("PageEmploiDuTemps"), 1);
    session.read(&week).await.unwrap();
    assert_eq!(school.count("PageEmploiDuTemps"), 2);
}

#[tokio::test]
async fn callers_with_different_questions_queue() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let asked = (0..20).map(|days| {
        let date = TODAY.checked_add(jiff::Span::new().days(days * 7)).unwrap();
        let session = &session;
        async move { session.read(&menus::Request { date }).await }
    });
    let answers = futures_util::future::join_all(asked).await;
    assert!(answers.into_iter().all(|answer| answer.is_ok()));
    assert_eq!(school.sign_ins(), 1);
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_break_the_line() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let week = this_week(&session);
    school.faults().next("PageEmploiDuTemps", 1, Fault::Delay(Duration::from_secs(5)));
    let gone = tokio::time::timeout(Duration::from_millis(200), session.read(&week)).await;
    assert!(gone.is_err());
    assert!(session.read(&menus::Request { date: TODAY }).await.is_ok());
    assert_eq!(school.sign_ins(), 1);
}

#[tokio::test]
async fn a_session_that_may_only_read_cannot_write() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    assert!(matches!(session.writer().unwrap_err().cause, Cause::ReadOnly));
    let error = session.request("SaisieTAFFaitEleve", Some(88), &json!({ "listeTAF": [] })).await.unwrap_err();
    assert!(matches!(error.cause, Cause::ReadOnly), "{error}");
    assert_eq!(school.count("SaisieTAFFaitEleve"), 0);
    let writing = enter(&client(), fanny(&school).writing()).await.unwrap();
    assert!(writing.writer().is_ok());
}

#[tokio::test]
async fn a_parent_asks_about_each_child() {
    let school = school().await;
    let parent = enter(&client(), password(&school, Space::Parent, "demonstration", "pronotevs")).await.unwrap();
    let mut weeks = Vec::new();
    for child in 0..parent.user().children.len() {
        let session = parent.for_child(child).unwrap();
        weeks.push(session.read(&this_week(&session)).await.unwrap().json().to_owned());
    }
    assert_eq!(weeks.len(), 2);
    assert_ne!(weeks[0], weeks[1]);
    assert!(matches!(parent.for_child(2).unwrap_err().cause, Cause::NoChild));
}

#[tokio::test]
async fn any_function_can_be_asked_by_name() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let answer = session.request("PageInfosPerso", Some(49), &Value::Null).await.unwrap();
    assert!(answer.contains("Informations"));
    let error = session.request("PageQuiNExistePas", Some(7), &Value::Null).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Server { .. } | Cause::Denied), "{error}");
}

#[tokio::test]
async fn a_page_the_account_does_not_have_is_not_asked() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let error = session.request("ListeRessources", Some(105), &Value::Null).await.unwrap_err();
    assert!(matches!(error.cause, Cause::NoTab), "{error}");
    assert_eq!(school.count("ListeRessources"), 0);
}

#[tokio::test]
async fn a_poll_does_not_disturb_the_calls() {
    let school = crate::desk::school_with(|config| config.poll_hold = Duration::from_millis(300)).await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    for _ in 0..2 {
        let week = this_week(&session);
        let (polled, read) = tokio::join!(session.poll(), session.read(&week));
        polled.unwrap();
        read.unwrap();
    }
}

#[tokio::test]
async fn a_session_that_was_left_cannot_ask_any_more() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let week = this_week(&session);
    session.clone().log_out().await.unwrap();
    assert!(matches!(session.read(&week).await.unwrap_err().cause, Cause::Expired));
    assert_eq!(school.sign_ins(), 1);
}
