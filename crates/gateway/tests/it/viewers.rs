use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use emulator::{Emulator, Fault};
use gateway::viewers::{Admission, Config, TokenShape};
use gateway::{Error, KeepAlive, SessionState, Unanswered, Whose};
use pronote::functions::{grades, homework};
use pronote::login::{Answers, Demand};
use pronote::{Cause, Space};

use crate::house::{HOME, door, eventually, house, open, signed_in, usual};
use crate::school::{config, password, strict};

const GRADES: grades::Request = grades::Request { period: None };

fn cause(error: Unanswered) -> Cause {
    match error {
        Unanswered::Pronote(error) => error.cause,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn two_sign_ins_give_two_tokens_and_both_open() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (one, _) = signed_in(&viewers, &school, Space::Student).await;
    let (other, _) = signed_in(&viewers, &school, Space::Student).await;
    assert_ne!(one.expose(), other.expose());
    for token in [&one, &other] {
        let viewer = viewers.viewer(token.expose()).await.unwrap().unwrap();
        viewer.read(Whose::OWN, &GRADES).await.unwrap();
    }
    assert_eq!(viewers.census().tokens, 2);
}

#[tokio::test]
async fn a_token_has_the_shape_that_was_asked_for() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let short = gateway::viewers::Door { shape: TokenShape::Uuid, ..usual(&school, Space::Student) };
    assert_eq!(open(viewers.sign_in(HOME, short).await).0.expose().len(), 36);
    assert_eq!(signed_in(&viewers, &school, Space::Student).await.0.expose().len(), 43);
}

#[tokio::test]
async fn an_unknown_token_opens_nothing() {
    let (_data, viewers) = house(Config::default());
    for token in ["", "zzz", "constructor", "__proto__", &"é".repeat(10_000)] {
        assert!(viewers.viewer(token).await.unwrap().is_none());
        viewers.leave(token).await;
    }
}

#[tokio::test]
async fn a_space_that_is_not_served_is_refused_before_the_school_is_asked() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let refused = viewers.sign_in(HOME, usual(&school, Space::Company)).await.unwrap_err();
    assert!(matches!(refused, Error::UnservedSpace));
    assert_eq!(school.count("page"), 0);
}

#[tokio::test]
async fn a_left_token_opens_nothing_and_its_session_is_logged_out() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (token, _) = signed_in(&viewers, &school, Space::Student).await;
    viewers.leave(token.expose()).await;
    assert!(viewers.viewer(token.expose()).await.unwrap().is_none());
    assert_eq!((school.count("SaisieDeconnexion"), school.open_sessions().await), (1, 0));
}

#[tokio::test]
async fn a_logged_out_viewer_still_knows_who_it_is_and_nothing_else() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    viewer.read(Whose::OWN, &GRADES).await.unwrap();
    viewer.set_keep_alive(true);
    viewer.log_out().await.unwrap();
    let viewer = viewers.viewer(token.expose()).await.unwrap().unwrap();
    assert_eq!(viewer.state(), SessionState::LoggedOut);
    assert!(matches!(viewer.keep_alive_state(), KeepAlive::Off));
    assert!(!viewer.user().person.name.is_empty() && !viewer.instance().periods.is_empty());
    let asked = school.calls().len();
    assert!(matches!(cause(viewer.read(Whose::OWN, &GRADES).await.unwrap_err()), Cause::Expired));
    assert_eq!(school.calls().len(), asked, "the school has nothing to add");
}

#[tokio::test]
async fn without_the_opt_in_an_expired_session_is_not_renewed() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    school.expire_sessions().await;
    assert_eq!(viewer.state(), SessionState::Open, "nobody has noticed yet");
    for _ in 0..2 {
        assert!(matches!(cause(viewer.read(Whose::OWN, &GRADES).await.unwrap_err()), Cause::Expired));
    }
    assert_eq!(viewer.state(), SessionState::Expired);
    assert!(matches!(cause(viewer.keep_alive().await.unwrap_err()), Cause::Expired));
    assert!(!viewer.user().person.name.is_empty());
    assert_eq!(school.sign_ins(), 1);
    assert!(viewers.viewer(token.expose()).await.unwrap().is_some());
}

#[tokio::test]
async fn refused_credentials_are_told_and_counted() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let wrong = door(password(&school, Space::Student, "demonstration", "wrong"));
    let refused = viewers.sign_in(HOME, wrong).await.unwrap_err();
    assert!(matches!(refused, Error::Pronote(error) if matches!(error.cause, Cause::Unopened(_))));
    let census = viewers.census();
    assert_eq!((census.tokens, census.sign_ins), (0, 0));
    assert_eq!(census.failed_sign_ins.get("sign-in refused"), Some(&1));
}

#[tokio::test]
async fn a_wrong_pin_may_be_followed_by_the_right_one() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let asked = door(password(&school, Space::Student, "code", "pronotevs"));
    let Admission::Steps { continuation, demands, .. } = viewers.sign_in(HOME, asked).await.unwrap() else {
        panic!("no PIN was asked for")
    };
    assert!(demands.contains(&Demand::Pin));
    assert_eq!(viewers.census().steps, 1);
    let pin = |pin: &str| Answers { pin: Some(pin.into()), ..Answers::default() };
    let wrong = viewers.go_on(continuation.expose(), pin("9999")).await.unwrap_err();
    assert!(matches!(wrong, Error::Pronote(error) if matches!(error.cause, Cause::StepRefused(_))));
    let (_, viewer) = open(viewers.go_on(continuation.expose(), pin("1234")).await);
    viewer.read(Whose::OWN, &GRADES).await.unwrap();
    let again = viewers.go_on(continuation.expose(), pin("1234")).await.unwrap_err();
    assert!(matches!(again, Error::NoSteps), "a continuation is used once");
    assert_eq!(viewers.census().steps, 0);
}

#[tokio::test]
async fn a_pin_known_beforehand_saves_the_question() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let answers = Some(Answers { pin: Some("1234".into()), ..Answers::default() });
    let asked = door(password(&school, Space::Student, "code", "pronotevs"));
    open(viewers.sign_in(HOME, gateway::viewers::Door { answers, ..asked }).await);
}

#[tokio::test]
async fn one_continuation_serves_one_caller_at_a_time() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let asked = door(password(&school, Space::Student, "code", "pronotevs"));
    let Admission::Steps { continuation, .. } = viewers.sign_in(HOME, asked).await.unwrap() else {
        panic!("no PIN was asked for")
    };
    let answer = || viewers.go_on(continuation.expose(), Answers { pin: Some("1234".into()), ..Answers::default() });
    let (one, other) = tokio::join!(answer(), answer());
    open(one);
    assert!(matches!(other.unwrap_err(), Error::StepsBusy));
}

#[tokio::test]
async fn sign_ins_that_wait_for_answers_are_bounded() {
    let (school, (_data, viewers)) = (strict().await, house(Config { most_steps: 1, ..Config::default() }));
    let asked = || viewers.sign_in(HOME, door(password(&school, Space::Student, "code", "pronotevs")));
    assert!(matches!(asked().await.unwrap(), Admission::Steps { .. }));
    assert!(matches!(asked().await.unwrap_err(), Error::TooManySteps));
}

#[tokio::test]
async fn one_address_leaves_room_for_the_others() {
    let config = Config { most_tokens: 3, most_per_address: 2, ..Config::default() };
    let (school, (_data, viewers)) = (strict().await, house(config));
    let enter = |from: &str| viewers.sign_in(from.parse::<IpAddr>().unwrap(), usual(&school, Space::Student));
    let (first, _) = open(enter("192.0.2.1").await);
    open(enter("192.0.2.1").await);
    assert!(matches!(enter("192.0.2.1").await.unwrap_err(), Error::AddressFull));
    open(enter("192.0.2.2").await);
    assert!(matches!(enter("192.0.2.3").await.unwrap_err(), Error::Full));
    viewers.leave(first.expose()).await;
    open(enter("192.0.2.3").await);
}

#[tokio::test]
async fn a_session_that_is_over_gives_its_place_away() {
    let config = Config { most_per_address: 1, ..Config::default() };
    let (school, (_data, viewers)) = (strict().await, house(config));
    let (first, viewer) = signed_in(&viewers, &school, Space::Student).await;
    viewer.log_out().await.unwrap();
    signed_in(&viewers, &school, Space::Student).await;
    assert!(viewers.viewer(first.expose()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_session_is_kept_alive_until_it_is_left() {
    let config = Config { keep_alive_every: Duration::from_millis(40), ..Config::default() };
    let (school, (_data, viewers)) = (strict().await, house(config));
    let (token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    viewer.set_keep_alive(true);
    viewer.set_keep_alive(true);
    eventually("three beats", || school.count("Navigation") >= 3).await;
    eventually("told", || matches!(viewer.keep_alive_state(), KeepAlive::On { last: Some(_), .. })).await;
    assert_eq!(viewers.census().kept_alive, 1);
    viewers.leave(token.expose()).await;
    let beats = school.count("Navigation");
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(school.count("Navigation"), beats);
}

#[tokio::test]
async fn one_beat_comes_with_each_interval_however_often_it_is_asked_for() {
    let config = Config { keep_alive_every: Duration::from_millis(500), ..Config::default() };
    let (school, (_data, viewers)) = (strict().await, house(config));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let begun = tokio::time::Instant::now();
    viewer.set_keep_alive(true);
    viewer.set_keep_alive(false);
    for _ in 0..20 {
        viewer.set_keep_alive(true);
    }
    eventually("three beats", || school.count("Navigation") >= 3).await;
    assert!(begun.elapsed() >= Duration::from_millis(1250), "half an interval, then two whole ones");
    assert_eq!(school.count("Navigation"), 3);
}

#[tokio::test]
async fn a_failed_beat_is_the_last_and_is_told() {
    let config = Config { keep_alive_every: Duration::from_millis(20), ..Config::default() };
    let (school, (_data, viewers)) = (strict().await, house(config));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    school.expire_sessions().await;
    viewer.set_keep_alive(true);
    eventually("it fails", || matches!(viewer.keep_alive_state(), KeepAlive::Failed { .. })).await;
    let KeepAlive::Failed { why, .. } = viewer.keep_alive_state() else { panic!("it failed") };
    assert!(matches!(cause(why), Cause::Expired));
    viewer.set_keep_alive(false);
    assert!(matches!(viewer.keep_alive_state(), KeepAlive::Off));
}

#[tokio::test]
async fn a_page_is_read_once_and_anew_on_demand() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let first = viewer.begin(false);
    let (one, other) = tokio::join!(first.read(Whose::OWN, &GRADES), first.read(Whose::OWN, &GRADES));
    assert_eq!(one.unwrap().stamp, other.unwrap().stamp);
    assert_eq!(school.count("DernieresNotes"), 1);
    let readings = first.readings();
    assert!(readings.oldest().is_some() && viewer.still_fresh(&readings));

    let second = viewer.begin(false);
    second.read(Whose::OWN, &GRADES).await.unwrap();
    assert_eq!(school.count("DernieresNotes"), 1);

    let anew = viewer.begin(true);
    anew.read(Whose::OWN, &GRADES).await.unwrap();
    anew.read(Whose::OWN, &GRADES).await.unwrap();
    assert_eq!(school.count("DernieresNotes"), 2, "anew, but once");
    assert!(!viewer.still_fresh(&readings) && viewer.still_fresh(&anew.readings()));

    viewer.forget_pages();
    assert!(!viewer.still_fresh(&anew.readings()));
    viewer.read(Whose::OWN, &GRADES).await.unwrap();
    assert_eq!(school.count("DernieresNotes"), 3);
    let census = viewers.census();
    assert_eq!(census.page_misses, 3);
    assert!(census.page_bytes > 0 && census.calls > 3);
}

#[tokio::test]
async fn an_answer_with_a_hole_is_not_given_again() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let asked = viewer.begin(false);
    asked.read(Whose::OWN, &GRADES).await.unwrap();
    school.faults().next("PageCahierDeTexte", 1, Fault::Closed);
    asked.read(Whose::OWN, &homework::Request { weeks: 1..=2 }).await.unwrap_err();
    assert!(!viewer.still_fresh(&asked.readings()));
}

#[tokio::test]
async fn an_answer_during_which_something_changed_is_not_given_again() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let asked = viewer.begin(false);
    viewer.set_keep_alive(true);
    asked.read(Whose::OWN, &GRADES).await.unwrap();
    assert!(!viewer.still_fresh(&asked.readings()), "some of it may have been made before");
    let later = viewer.begin(false);
    later.read(Whose::OWN, &GRADES).await.unwrap();
    assert!(viewer.still_fresh(&later.readings()));
}

#[tokio::test]
async fn twenty_viewers_at_once_see_each_their_own() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let logins: Vec<(Space, String, String)> = {
        let base = school.school();
        let accounts = base.accounts.iter().filter(|account| !account.locked && account.second_factor.is_none());
        let of = |account: &emulator::school::Account| {
            let space = match account.space {
                emulator::school::Space::Student => Space::Student,
                emulator::school::Space::Guardian => Space::Parent,
                _ => return None,
            };
            Some((space, account.login.clone(), base.people.get(account.person)?.name()))
        };
        accounts.filter_map(of).cycle().take(20).collect()
    };
    let viewers = Arc::new(viewers);
    let school = Arc::new(school);
    let mut tasks = tokio::task::JoinSet::new();
    for (space, login, name) in logins {
        let (viewers, school) = (Arc::clone(&viewers), Arc::clone(&school));
        tasks.spawn(async move {
            let (token, _) = open(viewers.sign_in(HOME, door(password(&school, space, &login, "pronotevs"))).await);
            for _ in 0..3 {
                let viewer = viewers.viewer(token.expose()).await.unwrap().unwrap();
                assert_eq!(viewer.user().person.name, name);
                viewer.begin(true).read(Whose::OWN, &GRADES).await.unwrap();
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
}

#[tokio::test]
async fn closing_logs_everyone_out_and_lets_nobody_in() {
    let (school, (_data, viewers)) = (Emulator::start(config()).await.unwrap(), house(Config::default()));
    for _ in 0..3 {
        signed_in(&viewers, &school, Space::Parent).await.1.set_keep_alive(true);
    }
    viewers.close().await;
    assert_eq!((viewers.census().tokens, school.open_sessions().await), (0, 0));
    assert!(matches!(viewers.sign_in(HOME, usual(&school, Space::Student)).await.unwrap_err(), Error::Closing));
}

#[tokio::test]
async fn a_school_that_does_not_answer_does_not_hold_up_the_end() {
    let config_ = Config { close_within: Duration::from_millis(100), ..Config::default() };
    let (school, (_data, viewers)) = (Emulator::start(config()).await.unwrap(), house(config_));
    signed_in(&viewers, &school, Space::Student).await;
    school.faults().next("SaisieDeconnexion", 1, Fault::Delay(Duration::from_secs(60)));
    tokio::time::timeout(Duration::from_secs(5), viewers.close()).await.unwrap();
}

#[tokio::test]
async fn nothing_shows_who_is_signed_in() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let shown = format!("{token:?} {viewer:?} {viewers:?} {:?}", viewers.census());
    for secret in [token.expose(), &viewer.user().person.name, "127.0.0.1", "demonstration"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
