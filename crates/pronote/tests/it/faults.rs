//! When the server, or the way to it, misbehaves.

use emulator::Fault;
use pronote::functions::submission::Submit;
use pronote::pace::Why;
use pronote::protocol::page::Closed;
use pronote::wire::RemoteId;
use pronote::{Cause, Retry, Step};

use crate::desk::{client, enter, fanny, school, this_week};

#[tokio::test]
async fn a_call_whose_outcome_is_unknown_is_sent_again_and_done_once() {
    for fault in [Fault::LostRequest, Fault::LostReply, Fault::Truncated] {
        let school = school().await;
        let session = enter(&client(), fanny(&school)).await.unwrap();
        school.faults().next("PageEmploiDuTemps", 2, fault);
        let week = session.read(&this_week(&session)).await;
        assert!(week.is_ok(), "{fault:?}: {week:?}");
        session.keep_alive().await.unwrap();
        assert_eq!((school.count("PageEmploiDuTemps"), school.sign_ins()), (1, 1), "{fault:?}");
    }
}

#[tokio::test]
async fn a_lost_reply_to_a_sign_in_does_not_lose_the_token() {
    let school = school().await;
    school.faults().next("Authentification", 1, Fault::LostReply);
    enter(&client(), fanny(&school)).await.unwrap();
    assert_eq!(school.count("Authentification"), 1);
}

#[tokio::test]
async fn each_refusal_of_the_server_has_its_name() {
    for (fault, expected) in [
        (Fault::Status(500), "HTTP status 500"),
        (Fault::Html, "cannot be read"),
        (Fault::Closed, "closed the site"),
        (Fault::Suspended, "suspended this IP address"),
        (Fault::RateLimited, "too many requests"),
    ] {
        let school = school().await;
        let session = enter(&client(), fanny(&school)).await.unwrap();
        school.faults().next("PageEmploiDuTemps", 1, fault);
        let error = session.read(&this_week(&session)).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{fault:?}: {error}");
        assert_eq!(error.step, Step::Page("PageEmploiDuTemps".into()));
        assert!(error.to_string().contains("2026.1.3"), "{error}");
        assert!(!error.advice().is_empty());
        assert_eq!(school.sign_ins(), 1, "{fault:?}");
    }
}

#[tokio::test]
async fn nothing_is_asked_after_a_rate_limit_or_a_suspension() {
    for (fault, why) in [(Fault::RateLimited, Why::RateLimited), (Fault::Suspended, Why::Suspended)] {
        let school = school().await;
        let client = client();
        let session = enter(&client, fanny(&school)).await.unwrap();
        school.faults().next("PageEmploiDuTemps", 1, fault);
        let error = session.read(&this_week(&session)).await.unwrap_err();
        assert!(matches!(error.cause, Cause::RateLimited | Cause::Closed(Closed::Suspended)), "{error}");
        assert!(matches!(error.retry(), Retry::Later(_)));
        let calls = school.calls().len();
        let error = session.keep_alive().await.unwrap_err();
        assert!(matches!(&error.cause, Cause::Paused(paused) if paused.why == why), "{error}");
        let error = enter(&client, fanny(&school)).await.unwrap_err();
        assert!(matches!(&error.cause, Cause::Paused(paused) if paused.why == why), "{error}");
        assert_eq!(school.calls().len(), calls);
    }
}

#[tokio::test]
async fn a_server_that_says_wait_is_waited_for() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    school.faults().next("PageEmploiDuTemps", 1, Fault::Wait(2));
    assert!(!session.read(&this_week(&session)).await.unwrap().entries.is_empty());
}

#[tokio::test]
async fn one_bad_element_costs_that_element() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let whole = session.read(&this_week(&session)).await.unwrap();
    school.faults().next("PageEmploiDuTemps", 1, Fault::Malformed);
    let damaged = session.read(&this_week(&session)).await.unwrap();
    assert_eq!(damaged.entries.len(), whole.entries.len() - 1);
    assert!(!damaged.diagnostics.is_empty());
    assert!(damaged.diagnostics.iter().all(|diagnostic| diagnostic.path.starts_with("data.")));
}

#[tokio::test]
async fn what_is_optional_may_be_missing_and_what_is_new_may_be_there() {
    for fault in [Fault::Missing, Fault::NewField, Fault::NewCode] {
        let school = school().await;
        let session = enter(&client(), fanny(&school)).await.unwrap();
        school.faults().next("PageEmploiDuTemps", 1, fault);
        assert!(session.read(&this_week(&session)).await.is_ok(), "{fault:?}");
    }
}

#[tokio::test]
async fn a_suspension_is_seen_while_a_file_is_sent_or_received() {
    let school = school().await;
    let client = client();
    let session = enter(&client, fanny(&school).writing()).await.unwrap();
    let link = session.file_link(r#"{"N":"1#a","Actif":true}"#, "a.pdf").await.unwrap();
    school.faults().next("file", 1, Fault::Suspended);
    let error = session.download(&link).await.unwrap_err();
    assert_eq!(error.step, Step::Download);
    assert!(matches!(error.cause, Cause::Closed(Closed::Suspended)), "{error}");
    let files = school.count("file");
    let error = session.download(&link).await.unwrap_err();
    assert!(matches!(&error.cause, Cause::Paused(paused) if paused.why == Why::Suspended), "{error}");
    assert_eq!(school.count("file"), files);

    let client = crate::desk::client();
    let session = enter(&client, fanny(&school).writing()).await.unwrap();
    school.faults().next("upload", 1, Fault::Suspended);
    let submit = |file_key| Submit { homework: RemoteId::new("1#a"), file_name: "a.pdf".into(), file_key };
    let error = session.writer().unwrap().save_with_file("a.pdf", b"%PDF", submit).await.unwrap_err();
    assert_eq!(error.step, Step::Upload);
    assert!(matches!(error.cause, Cause::Closed(Closed::Suspended)), "{error}");
    assert!(matches!(session.keep_alive().await.unwrap_err().cause, Cause::Paused(_)));
}

#[tokio::test]
async fn a_page_is_never_taken_for_a_file() {
    let school = school().await;
    let session = enter(&client(), fanny(&school)).await.unwrap();
    let link = session.file_link(r#"{"N":"1#a","Actif":true}"#, "a.pdf").await.unwrap();
    school.faults().next("file", 1, Fault::Html);
    let error = session.download(&link).await.unwrap_err();
    assert!(matches!(error.cause, Cause::NothingThere(_)), "{error}");
}
