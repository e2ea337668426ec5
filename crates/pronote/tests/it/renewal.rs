//! What a session does when it has expired, and what becomes of its token whatever happens meanwhile.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use emulator::{Emulator, Fault};
use pronote::login::{Credentials, Keeper, SavedLogin, SignIn};
use pronote::{Cause, Session, Space, Step};
use serde_json::json;
use tokio::sync::Notify;

use crate::desk::{client, device, enter, fanny, password, school_with, this_week};

/// A school where a token is good once and never again, whatever happened to the answer.
async fn strict_school() -> Emulator {
    school_with(|config| config.token_grace = false).await
}

/// Keeps logins in a list, and tells when one came.
#[derive(Clone, Default)]
struct Shelf {
    kept: Arc<Mutex<Vec<SavedLogin>>>,
    came: Arc<Notify>,
}

impl Shelf {
    fn keeper(&self) -> Keeper {
        let shelf = self.clone();
        Keeper::new(move |login| {
            shelf.kept.lock().unwrap().push(login);
            shelf.came.notify_one();
            async { Ok(()) }
        })
    }

    fn latest(&self) -> SavedLogin {
        self.kept.lock().unwrap().last().unwrap().clone()
    }
}

async fn expired_session(school: &Emulator, keeper: Keeper) -> Session {
    let session = enter(&client(), fanny(school).kept_by(keeper)).await.unwrap();
    school.expire_sessions().await;
    session
}

#[tokio::test]
async fn a_page_that_fails_after_a_renewal_does_not_lose_the_new_token() {
    let school = strict_school().await;
    let session = expired_session(&school, Shelf::default().keeper()).await;
    school.faults().next("ParametresUtilisateur", 1, Fault::Status(500));
    let week = this_week(&session);
    let error = session.read(&week).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Status(500)), "{error}");
    session.read(&week).await.unwrap();
    assert_eq!((school.sign_ins(), school.refusals()), (3, 0));
}

#[tokio::test]
async fn a_caller_who_goes_away_during_a_renewal_does_not_lose_the_token() {
    let school = strict_school().await;
    let session = expired_session(&school, Shelf::default().keeper()).await;
    school.faults().next("Authentification", 1, Fault::Delay(Duration::from_secs(2)));
    let week = this_week(&session);
    let gone = tokio::time::timeout(Duration::from_millis(1000), session.read(&week)).await;
    assert!(gone.is_err());
    session.read(&week).await.unwrap();
    assert_eq!((school.sign_ins(), school.refusals()), (2, 0));
}

#[tokio::test]
async fn a_caller_who_goes_away_while_signing_in_does_not_lose_the_token() {
    let school = strict_school().await;
    let (client, shelf) = (client(), Shelf::default());
    enter(&client, fanny(&school).kept_by(shelf.keeper())).await.unwrap();
    shelf.came.notified().await;
    let by_token = || SignIn::new(Credentials::Token(shelf.latest()), device()).kept_by(shelf.keeper());
    school.faults().next("Authentification", 1, Fault::Delay(Duration::from_secs(2)));
    let gone = tokio::time::timeout(Duration::from_millis(1000), client.sign_in(by_token())).await;
    assert!(gone.is_err());
    shelf.came.notified().await;
    enter(&client, by_token()).await.unwrap();
    assert_eq!(school.refusals(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_kept_ends_the_renewals() {
    let school = strict_school().await;
    let full = Arc::new(Mutex::new(false));
    let disk = Arc::clone(&full);
    let keeper = Keeper::new(move |_| {
        let full = std::mem::replace(&mut *disk.lock().unwrap(), true);
        async move { if full { Err("the disk is full".into()) } else { Ok(()) } }
    });
    let session = expired_session(&school, keeper).await;
    let week = this_week(&session);
    assert_eq!(session.read(&week).await.unwrap_err().step, Step::Keeping);
    assert!(matches!(session.read(&week).await.unwrap_err().cause, Cause::Expired));
    assert_eq!((school.sign_ins(), school.refusals()), (2, 0), "the used-up token is not tried again");
}

#[tokio::test]
async fn a_token_brings_the_identifier_of_its_device() {
    let school = strict_school().await;
    let (client, shelf) = (client(), Shelf::default());
    enter(&client, fanny(&school).kept_by(shelf.keeper())).await.unwrap();
    let first = shelf.latest();
    enter(&client, SignIn::new(Credentials::Token(first.clone()), device()).kept_by(shelf.keeper())).await.unwrap();
    assert!(first.navigator.is_some());
    assert_eq!(shelf.latest().navigator, first.navigator);
}

#[tokio::test]
async fn a_change_by_name_is_not_sent_to_another_session() {
    let school = strict_school().await;
    let session = enter(&client(), fanny(&school).writing()).await.unwrap();
    school.expire_sessions().await;
    let change = json!({ "listeTAF": [] });
    let error = session.request("SaisieTAFFaitEleve", Some(88), &change).await.unwrap_err();
    assert!(matches!(error.cause, Cause::StaleIdentifiers), "{error}");
    assert_eq!((school.count("SaisieTAFFaitEleve"), school.sign_ins()), (0, 2));
}

#[tokio::test]
async fn a_child_s_place_never_shows_another_child() {
    let school = strict_school().await;
    let parent = enter(&client(), password(&school, Space::Parent, "demonstration", "pronotevs")).await.unwrap();
    let second = parent.for_child(1).unwrap();
    let week = this_week(&second);
    for person in school.school().people.iter_mut() {
        person.children.reverse();
    }
    school.expire_sessions().await;
    assert!(matches!(second.read(&week).await.unwrap_err().cause, Cause::Expired));
    assert!(matches!(second.read(&week).await.unwrap_err().cause, Cause::Expired));
    assert_eq!((school.count("PageEmploiDuTemps"), school.sign_ins()), (0, 2));
}
