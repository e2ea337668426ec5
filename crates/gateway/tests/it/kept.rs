#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use emulator::{Emulator, Fault};
use gateway::viewers::{Admission, Config};
use gateway::{Error, SessionState, Token, Unanswered, Viewers, Whose};
use pronote::functions::grades;
use pronote::login::Answers;
use pronote::{Cause, Secret, Space};

use crate::house::{HOME, door, open, signed_in, usual};
use crate::school::{gateway, password, strict};

const GRADES: grades::Request = grades::Request { period: None };

fn keeping() -> Config {
    Config { keep_sign_ins: true, ..Config::default() }
}

/// A server that starts with what is in a folder.
fn start(data: &Path, config: Config) -> Viewers {
    Viewers::open(gateway(data), config).unwrap()
}

/// Lets a server end as it should, and the next one start.
async fn restart(viewers: Viewers, data: &Path) -> Viewers {
    viewers.close().await;
    drop(viewers);
    start(data, keeping())
}

fn kept_files(data: &Path) -> Vec<PathBuf> {
    let folder = fs::read_dir(data.join("sign-ins")).unwrap().map(|entry| entry.unwrap().path());
    folder.filter(|path| path.extension().is_some_and(|ending| ending == "sealed")).collect()
}

async fn grades_of(viewers: &Viewers, token: &Token) {
    let viewer = viewers.viewer(token.expose()).await.unwrap().unwrap();
    viewer.begin(true).read(Whose::OWN, &GRADES).await.unwrap();
}

#[tokio::test]
async fn with_the_opt_in_an_expired_session_heals_once() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    viewer.read(Whose::OWN, &GRADES).await.unwrap();
    school.expire_sessions().await;
    grades_of(&viewers, &token).await;
    assert_eq!((school.sign_ins(), school.refusals()), (2, 0));
    assert_eq!(viewer.state(), SessionState::Open);
}

#[tokio::test]
async fn a_kept_token_opens_in_the_next_process() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, _) = signed_in(&viewers, &school, Space::Student).await;
    let mut viewers = viewers;
    for _ in 0..2 {
        viewers = restart(viewers, data.path()).await;
        let census = viewers.census();
        assert_eq!((census.tokens, census.kept, school.open_sessions().await), (1, 1, 0), "nobody is asked yet");
        grades_of(&viewers, &token).await;
    }
    assert_eq!((school.sign_ins(), school.refusals()), (3, 0));
}

#[tokio::test]
async fn a_process_that_dies_loses_no_token() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, _) = signed_in(&viewers, &school, Space::Student).await;
    // Without a word.
    drop(viewers);
    grades_of(&start(data.path(), keeping()), &token).await;
    assert_eq!(school.refusals(), 0);
}

#[tokio::test]
async fn callers_who_wake_one_token_together_sign_in_once() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, _) = signed_in(&viewers, &school, Space::Student).await;
    let viewers = restart(viewers, data.path()).await;
    let wake = || grades_of(&viewers, &token);
    tokio::join!(wake(), wake(), wake(), wake());
    assert_eq!((school.sign_ins(), school.refusals()), (2, 0));
}

#[tokio::test]
async fn a_refused_token_is_told_and_not_tried_again() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, _) = signed_in(&viewers, &school, Space::Student).await;
    viewers.close().await;
    drop(viewers);
    // The same token is used up elsewhere.
    let file = kept_files(data.path()).remove(0);
    let before = fs::read(&file).unwrap();
    let viewers = start(data.path(), keeping());
    grades_of(&viewers, &token).await;
    viewers.close().await;
    drop(viewers);
    fs::write(&file, before).unwrap();

    let viewers = start(data.path(), keeping());
    let refused = viewers.viewer(token.expose()).await.unwrap_err();
    assert!(matches!(refused, Error::Pronote(error) if matches!(error.cause, Cause::Unopened(Secret::DeviceToken))));
    assert!(viewers.viewer(token.expose()).await.unwrap().is_none());
    assert_eq!(kept_files(data.path()), Vec::<PathBuf>::new());
    assert_eq!(school.count("Identification"), 3);
}

#[tokio::test]
async fn a_school_that_is_closed_today_is_asked_again_later() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, _) = signed_in(&viewers, &school, Space::Student).await;
    let viewers = restart(viewers, data.path()).await;
    school.faults().next("page", 1, Fault::Closed);
    let closed = viewers.viewer(token.expose()).await.unwrap_err();
    assert!(matches!(closed, Error::Pronote(error) if matches!(error.cause, Cause::Closed(_))));
    grades_of(&viewers, &token).await;
}

#[tokio::test]
async fn what_is_kept_goes_with_its_token() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (left, _) = signed_in(&viewers, &school, Space::Student).await;
    let (_, logged_out) = signed_in(&viewers, &school, Space::Parent).await;
    assert_eq!(kept_files(data.path()).len(), 2);
    viewers.leave(left.expose()).await;
    assert_eq!(kept_files(data.path()).len(), 1);
    logged_out.log_out().await.unwrap();
    assert_eq!((kept_files(data.path()).len(), viewers.census().kept), (0, 0));
    school.expire_sessions().await;
    let error = logged_out.read(Whose::OWN, &GRADES).await.unwrap_err();
    assert!(matches!(error, Unanswered::Pronote(error) if matches!(error.cause, Cause::Expired)), "it does not heal");
}

#[tokio::test]
async fn a_sign_in_that_leads_nowhere_keeps_nothing() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    school.faults().next("ParametresUtilisateur", 100, Fault::Status(500));
    viewers.sign_in(HOME, usual(&school, Space::Student)).await.unwrap_err();
    assert_eq!(kept_files(data.path()), Vec::<PathBuf>::new());
    school.faults().clear();
    let asked = door(password(&school, Space::Student, "code", "pronotevs"));
    assert!(matches!(viewers.sign_in(HOME, asked).await.unwrap(), Admission::Steps { .. }));
    viewers.close().await;
    assert_eq!(kept_files(data.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn an_account_with_a_pin_is_kept_once_it_is_open() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let asked = door(password(&school, Space::Student, "code", "pronotevs"));
    let Admission::Steps { continuation, .. } = viewers.sign_in(HOME, asked).await.unwrap() else {
        panic!("no PIN was asked for")
    };
    let answers = Answers { pin: Some("1234".into()), ..Answers::default() };
    let (token, _) = open(viewers.go_on(continuation.expose(), answers).await);
    let viewers = restart(viewers, data.path()).await;
    grades_of(&viewers, &token).await;
}

#[tokio::test]
async fn without_the_opt_in_nothing_of_a_sign_in_touches_the_disk() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), Config::default());
    let wanted = gateway::viewers::Door { next: true, ..usual(&school, Space::Student) };
    let Admission::Open { next, .. } = viewers.sign_in(HOME, wanted).await.unwrap() else { panic!("it is open") };
    assert!(next.is_some(), "what signs in next time is the caller's to keep");
    assert!(!data.path().join("sign-ins").exists() && !data.path().join("key").exists());
    assert_eq!(fs::read_dir(data.path().join("pronote/profiles")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_kept_sign_in_is_sealed_whole() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let content = fs::read_to_string(&kept_files(data.path())[0]).unwrap();
    let name = kept_files(data.path())[0].display().to_string();
    for word in ["demonstration", "pronotevs", "127.0.0.1", token.expose(), &viewer.user().person.name] {
        assert!(!content.contains(word) && !name.contains(word), "{word}");
    }
}

#[tokio::test]
async fn two_servers_do_not_share_a_folder() {
    let data = tempfile::tempdir().unwrap();
    let _first = start(data.path(), keeping());
    let second = Viewers::open(gateway(data.path()), keeping()).unwrap_err();
    assert!(matches!(second, Error::FolderInUse(_)));
}

#[tokio::test]
async fn a_damaged_file_costs_its_own_token_only() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (damaged, _) = signed_in(&viewers, &school, Space::Student).await;
    let file = kept_files(data.path()).remove(0);
    let (whole, _) = signed_in(&viewers, &school, Space::Parent).await;
    viewers.close().await;
    drop(viewers);
    fs::write(&file, "AAAA").unwrap();
    let viewers = start(data.path(), keeping());
    assert!(viewers.viewer(damaged.expose()).await.unwrap().is_none());
    grades_of(&viewers, &whole).await;
}

#[tokio::test]
async fn an_unused_token_is_forgotten_in_time() {
    let (school, data): (Emulator, _) = (strict().await, tempfile::tempdir().unwrap());
    let viewers = start(data.path(), keeping());
    let (token, _) = signed_in(&viewers, &school, Space::Student).await;
    viewers.close().await;
    drop(viewers);
    let file = kept_files(data.path()).remove(0);
    let long_ago = SystemTime::now() - Duration::from_secs(91 * 24 * 60 * 60);
    fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
    let viewers = start(data.path(), keeping());
    assert!(viewers.viewer(token.expose()).await.unwrap().is_none());
    assert_eq!(kept_files(data.path()), Vec::<PathBuf>::new());
}
