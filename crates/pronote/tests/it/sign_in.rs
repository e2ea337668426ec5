//! Every way in, and every refusal.

use std::sync::{Arc, Mutex};

use emulator::school::Space as Door;
use emulator::{Fault, Profile};
use pronote::login::{Credentials, Keeper, Landing, SavedLogin, SignIn};
use pronote::pace::{Pacer, Why};
use pronote::protocol::page::{Closed, EntryPage};
use pronote::protocol::{Flags, Generation};
use pronote::{Cause, Secret, Space, Step};
use rust_decimal::Decimal;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use transport::Request;

use crate::desk::{address, careful_client, client, device, enter, fanny, password, school, school_with, this_week};

#[tokio::test]
async fn every_generation_signs_in_with_every_flag() {
    let profiles = Generation::ALL.map(Profile::of).into_iter().chain([Profile::recommended()]);
    for profile in profiles {
        for (encrypt, compress) in [(false, false), (true, false), (false, true), (true, true)] {
            let school = school_with(|config| {
                config.profile = profile;
                config.flags = Flags { encrypt, compress };
            })
            .await;
            let session = enter(&client(), fanny(&school)).await.unwrap();
            let week = session.read(&this_week(&session)).await.unwrap();
            assert!(!week.entries.is_empty(), "{profile:?}");
            assert_eq!(week.diagnostics, [], "{profile:?}");
            session.keep_alive().await.unwrap();
            assert_eq!(session.facts().generation, profile.generation());
            assert_eq!(session.facts().flags, Flags { encrypt, compress });
            session.log_out().await.unwrap();
            assert_eq!(school.open_sessions().await, 0, "{profile:?}");
        }
    }
}

#[tokio::test]
async fn each_space_opens_and_says_who_is_there() {
    let school = school().await;
    for (space, login, name, children) in [
        (Space::Student, "demonstration", "PARENT Fanny", 0),
        (Space::Parent, "demonstration", "PARENT Flore", 2),
        (Space::Parent, "demonstration2", "NOËL Marc", 1),
        (Space::Teacher, "demonstration", "BROWN J.", 0),
        (Space::SchoolLife, "demonstration2", "MARTIN P.", 0),
    ] {
        let session = enter(&client(), password(&school, space, login, "pronotevs")).await.unwrap();
        assert_eq!((session.user().person.name.as_str(), session.user().children.len()), (name, children));
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_once_and_never_sent_again() {
    let school = school().await;
    let client = client();
    let wrong = || password(&school, Space::Student, "demonstration", "wrong");
    let error = enter(&client, wrong()).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Unopened(Secret::Password)), "{error}");
    assert_eq!(error.step, Step::Challenge);
    let pages = school.count("page");
    let error = enter(&client, wrong()).await.unwrap_err();
    assert!(matches!(&error.cause, Cause::Paused(paused) if paused.why == Why::SameSecret), "{error}");
    assert_eq!(school.count("page"), pages);
    assert!(enter(&client, fanny(&school)).await.is_ok());
}

#[tokio::test]
async fn a_server_that_takes_any_answer_says_itself_that_it_is_wrong() {
    let school = school_with(|config| config.profile = Profile::of(Generation::G26)).await;
    let error = enter(&client(), password(&school, Space::Student, "demonstration", "wrong")).await.unwrap_err();
    assert!(
        matches!(&error.cause, Cause::Refused(refusal) if refusal.secret == Secret::Password && refusal.code == Some(1)),
        "{error}"
    );
}

#[tokio::test]
async fn three_refusals_close_the_account_on_this_side() {
    let school = school().await;
    let client = careful_client();
    for guess in ["a", "b", "c"] {
        enter(&client, password(&school, Space::Student, "demonstration", guess)).await.unwrap_err();
    }
    let pages = school.count("page");
    let error = enter(&client, fanny(&school)).await.unwrap_err();
    assert!(matches!(&error.cause, Cause::Paused(paused) if paused.why == Why::Refusals), "{error}");
    assert!(error.to_string().contains("nothing is sent before"), "{error}");
    assert_eq!(school.count("page"), pages);
}

#[tokio::test]
async fn guesses_made_at_once_are_refused_as_guesses_made_in_turn() {
    let school = school().await;
    let client = careful_client();
    let guesses = ["a", "b", "c", "d", "e", "f"];
    let tried = guesses.map(|guess| enter(&client, password(&school, Space::Student, "demonstration", guess)));
    for tried in futures_util::future::join_all(tried).await {
        assert!(tried.is_err());
    }
    assert_eq!(school.count("Identification"), 3);
}

#[tokio::test]
async fn refusals_are_counted_where_an_address_leads() {
    let school = school().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let short = format!("http://{}/", listener.local_addr().unwrap());
    let page = address(&school).below("mobile.eleve.html?fd=1&login=true").unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let answer =
                format!("HTTP/1.1 302 Found\r\nLocation: {page}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let client = careful_client();
    for guess in ["a", "b", "c", "d"] {
        let credentials = Credentials::Password {
            school: short.parse().unwrap(),
            space: Space::Student,
            login: "demonstration".into(),
            password: guess.into(),
        };
        enter(&client, SignIn::new(credentials, device())).await.unwrap_err();
    }
    assert_eq!(school.count("Identification"), 3);
}

#[tokio::test]
async fn a_locked_account_is_told_so() {
    let school = school().await;
    let error = enter(&client(), password(&school, Space::Student, "bloque", "pronotevs")).await.unwrap_err();
    assert!(matches!(&error.cause, Cause::Refused(refusal) if refusal.code != Some(1)), "{error}");
}

#[tokio::test]
async fn a_qr_code_gives_a_token_and_a_token_gives_the_next() {
    let school = school().await;
    let client = client();
    let kept: Arc<Mutex<Vec<SavedLogin>>> = Arc::default();
    let keeper = {
        let kept = Arc::clone(&kept);
        Keeper::new(move |login| {
            kept.lock().unwrap().push(login);
            async { Ok(()) }
        })
    };
    let code = || {
        let code = school.qr_code("demonstration", Door::Student, "1234").unwrap();
        Credentials::QrCode { code: code.json().parse().unwrap(), pin: "1234".into() }
    };
    let used = code();
    enter(&client, SignIn::new(used.clone(), device()).kept_by(keeper.clone())).await.unwrap();
    let first = kept.lock().unwrap().pop().unwrap();
    assert_eq!((first.login.as_str(), first.space), ("demonstration", Space::Student));

    let by_token = |saved: SavedLogin| SignIn::new(Credentials::Token(saved), device()).kept_by(keeper.clone());
    enter(&client, by_token(first.clone())).await.unwrap();
    let second = kept.lock().unwrap().pop().unwrap();
    enter(&client, by_token(second)).await.unwrap();

    let error = enter(&client, by_token(first)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Unopened(Secret::DeviceToken) | Cause::Refused(_)), "{error}");
    let error = enter(&client, SignIn::new(used, device())).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Unopened(Secret::QrToken) | Cause::Refused(_)), "{error}");
}

#[tokio::test]
async fn a_wrong_pin_never_reaches_the_school() {
    let school = school().await;
    let code = school.qr_code("demonstration", Door::Student, "1234").unwrap();
    let credentials = Credentials::QrCode { code: code.json().parse().unwrap(), pin: "4321".into() };
    let error = enter(&client(), SignIn::new(credentials, device())).await.unwrap_err();
    assert!(matches!(error.cause, Cause::QrPin), "{error}");
    assert_eq!(school.calls(), Vec::<String>::new());
}

#[tokio::test]
async fn a_new_token_is_kept_before_anything_else_is_asked() {
    let school = Arc::new(school().await);
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let keeper = {
        let (school, seen) = (Arc::clone(&school), Arc::clone(&seen));
        Keeper::new(move |_| {
            *seen.lock().unwrap() = school.calls();
            async { Ok(()) }
        })
    };
    enter(&client(), fanny(&school).kept_by(keeper)).await.unwrap();
    assert_eq!(seen.lock().unwrap().last().map(String::as_str), Some("Authentification"));
    assert_eq!(school.calls().last().map(String::as_str), Some("ParametresUtilisateur"));
}

#[tokio::test]
async fn a_token_that_cannot_be_kept_stops_the_sign_in() {
    let school = school().await;
    let keeper = Keeper::new(|_| async { Err("the disk is full".into()) });
    let error = enter(&client(), fanny(&school).kept_by(keeper)).await.unwrap_err();
    assert_eq!(error.step, Step::Keeping);
    assert!(error.to_string().contains("the disk is full"), "{error}");
    assert_eq!(school.count("ParametresUtilisateur"), 0);
}

#[tokio::test]
async fn the_page_that_a_portal_leads_to_opens_once() {
    let school = school_with(|config| config.portal = true).await;
    let client = client();
    let browser = client.transport().browser();
    let page = address(&school).below("eleve.html").unwrap();
    let portal = browser.send(Request::get(&page)).await.unwrap().location().unwrap();
    let form = [("username", "demonstration"), ("password", "pronotevs")];
    let landed = browser.follow(Request::form(&portal, form)).await.unwrap();
    let page = EntryPage::parse(&landed.text(), None).unwrap();
    let landing = Landing::new(address(&school), Space::Student, &browser, page).unwrap();
    let credentials = Credentials::Portal(Box::new(landing));
    let session = enter(&client, SignIn::new(credentials.clone(), device())).await.unwrap();
    assert_eq!(session.user().person.name, "PARENT Fanny");
    assert!(enter(&client, SignIn::new(credentials, device())).await.is_err());
}

#[tokio::test]
async fn a_page_that_no_portal_led_to_is_no_landing() {
    let school = school().await;
    let browser = client().transport().browser();
    let page = browser.send(Request::get(&address(&school).below("eleve.html").unwrap())).await.unwrap();
    let page = EntryPage::parse(&page.text(), None).unwrap();
    assert!(Landing::new(address(&school), Space::Student, &browser, page).is_none());
}

#[tokio::test]
async fn a_password_passes_by_the_portal() {
    let school = school_with(|config| config.portal = true).await;
    assert!(enter(&client(), fanny(&school)).await.is_ok());
}

#[tokio::test]
async fn a_suspension_is_reported_as_what_it_is_and_stops_everything() {
    let school = school().await;
    school.faults().next("page", 1, emulator::Fault::Suspended);
    let client = client();
    let error = enter(&client, fanny(&school)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Closed(Closed::Suspended)), "{error}");
    assert_eq!(error.step, Step::Bootstrap);
    let error = enter(&client, fanny(&school)).await.unwrap_err();
    assert!(matches!(&error.cause, Cause::Paused(paused) if paused.why == Why::Suspended), "{error}");
    assert_eq!(school.count("FonctionParametres"), 0);
}

#[tokio::test]
async fn a_closed_school_is_closed_and_not_a_wrong_password() {
    let school = school().await;
    school.faults().next("page", 1, emulator::Fault::Closed);
    let error = enter(&client(), fanny(&school)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Closed(Closed::Unavailable)), "{error}");
}

#[tokio::test]
async fn a_school_tells_what_it_is_before_anyone_signs_in() {
    let school = school().await;
    let client = client();
    let told = pronote::discovery::school(client.transport(), client.pacer(), &address(&school)).await.unwrap();
    assert_eq!(told.version.unwrap().short(), "2026.1.3");
    assert!(told.spaces.iter().any(|space| space.space == Some(Space::Student)));
    assert_eq!(told.diagnostics, []);
}

#[tokio::test]
async fn schools_near_a_point_come_nearest_first() {
    let school = school().await;
    let directory = school.directory_url().parse().unwrap();
    let transport = client().transport().clone();
    let found =
        pronote::discovery::near(&transport, &directory, Decimal::new(4885, 2), Decimal::new(235, 2)).await.unwrap();
    assert!(found[0].url.starts_with(&school.url().to_lowercase()[..20]));
    let empty = pronote::discovery::near(&transport, &directory, 0.into(), 100.into()).await.unwrap();
    assert_eq!(empty, []);
}

#[tokio::test]
async fn what_is_not_pronote_is_said_not_to_be() {
    let school = school().await;
    let elsewhere = school.url().replace("/pronote/", "/elsewhere/").parse().unwrap();
    let sign_in = SignIn::new(Credentials::demonstration(elsewhere, Space::Student), device());
    let error = enter(&client(), sign_in).await.unwrap_err();
    assert_eq!(error.step, Step::Bootstrap);
    assert!(matches!(error.cause, Cause::Closed(_) | Cause::Status(404)), "{error}");
}

#[tokio::test]
async fn a_server_that_fails_is_not_said_to_lack_the_space() {
    let school = school().await;
    school.faults().next("page", 1, Fault::Status(503));
    let error = enter(&client(), fanny(&school)).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Status(503)), "{error}");
}

#[tokio::test]
async fn nobody_listening_is_a_network_error() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/pronote", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let sign_in = SignIn::new(Credentials::demonstration(address, Space::Student), device());
    let error = enter(&client(), sign_in).await.unwrap_err();
    assert!(matches!(error.cause, Cause::Transport(_)), "{error}");
}

#[tokio::test]
async fn an_unlimited_pacer_still_counts_refusals() {
    let pacer = Pacer::unlimited(crate::desk::clock());
    for secret in ["a", "b", "c"] {
        pacer.refused("school", Space::Student, "anna", Some(secret));
    }
    assert_eq!(pacer.may_sign_in("school", Space::Student, "anna", "d").unwrap_err().why, Why::Refusals);
}
