use std::collections::BTreeSet;

use emulator::Fault;
use gateway::viewers::Config;
use gateway::{Error, FeedKind, Viewers, Whose};
use pronote::{Cause, Space};

use crate::house::{house, signed_in};
use crate::school::{gateway, strict};

fn kinds(kinds: &[FeedKind]) -> BTreeSet<FeedKind> {
    kinds.iter().copied().collect()
}

fn count(text: &str, begin: &str) -> usize {
    text.lines().filter(|line| *line == format!("BEGIN:{begin}")).count()
}

#[tokio::test]
async fn a_calendar_shows_what_it_was_opened_for() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let mut found = Vec::new();
    for kind in FeedKind::ALL {
        let (secret, _) = viewers.open_feed(&viewer, Whose::OWN, kinds(&[kind])).await.unwrap();
        let text = viewers.feed(secret.expose()).await.unwrap().unwrap();
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
        found.push((kind, count(&text, "VEVENT"), count(&text, "VTODO"), text));
    }
    let [timetable, homework, tests, menu] = &found[..] else { panic!("four kinds") };
    assert!(timetable.1 > 500 && timetable.2 == 0, "{}", timetable.1);
    assert!(homework.1 == 0 && homework.2 > 5, "{}", homework.2);
    assert!(tests.1 > 0 && tests.1 < timetable.1 / 4 && !tests.3.contains("holiday"), "{}", tests.1);
    assert!(menu.1 > 3 && menu.3.contains("CATEGORIES:menu"), "{}", menu.1);
}

#[tokio::test]
async fn unchanged_pages_give_the_same_text_and_are_not_asked_again() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let (secret, _) = viewers.open_feed(&viewer, Whose::OWN, kinds(&FeedKind::ALL)).await.unwrap();
    let first = viewers.feed(secret.expose()).await.unwrap().unwrap();
    let asked = school.calls().len();
    assert_eq!(viewers.feed(secret.expose()).await.unwrap().unwrap(), first);
    assert_eq!(school.calls().len(), asked);
}

#[tokio::test]
async fn each_child_has_its_own_calendar() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Parent).await;
    let mut texts = Vec::new();
    for child in &viewer.user().children {
        let whose = viewer.child(&child.name).unwrap();
        let (secret, feed) = viewers.open_feed(&viewer, whose, kinds(&[FeedKind::Homework])).await.unwrap();
        assert_eq!(feed.child.as_ref(), Some(&child.name));
        let text = viewers.feed(secret.expose()).await.unwrap().unwrap();
        assert!(text.replace("\r\n ", "").contains(&child.name));
        texts.push(text);
    }
    assert!(texts.len() >= 2 && texts[0] != texts[1]);
}

#[tokio::test]
async fn a_revoked_calendar_is_gone_and_only_its_owner_revokes_it() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let (_, other) = signed_in(&viewers, &school, Space::Parent).await;
    let open = || viewers.open_feed(&viewer, Whose::OWN, kinds(&[FeedKind::Menu]));
    let (secret, feed) = open().await.unwrap();
    let (left, _) = open().await.unwrap();
    assert_eq!(viewers.feeds(&viewer).len(), 2);
    assert!(viewers.feeds(&other).is_empty());
    assert!(!viewers.revoke_feed(&other, &feed.id()).await.unwrap());
    assert!(viewers.feed(secret.expose()).await.unwrap().is_some());
    assert!(viewers.revoke_feed(&viewer, &feed.id()).await.unwrap());
    assert!(viewers.feed(secret.expose()).await.unwrap().is_none());
    assert!(!viewers.revoke_feed(&viewer, &feed.id()).await.unwrap());

    viewers.leave(token.expose()).await;
    assert!(viewers.feed(left.expose()).await.unwrap().is_none(), "it goes with its token");
    assert_eq!(viewers.census().feeds, 0);
    assert!(matches!(open().await.unwrap_err(), Error::Left));
}

#[tokio::test]
async fn the_calendars_of_one_account_are_bounded() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    for _ in 0..24 {
        viewers.open_feed(&viewer, Whose::OWN, kinds(&[FeedKind::Menu])).await.unwrap();
    }
    let more = viewers.open_feed(&viewer, Whose::OWN, kinds(&[FeedKind::Menu])).await.unwrap_err();
    assert!(matches!(more, Error::TooManyFeeds));
}

#[tokio::test]
async fn a_calendar_that_cannot_be_read_is_not_an_empty_one() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let (secret, _) = viewers.open_feed(&viewer, Whose::OWN, kinds(&[FeedKind::Homework])).await.unwrap();
    school.faults().next("PageCahierDeTexte", 1, Fault::Closed);
    viewers.feed(secret.expose()).await.unwrap_err();
    school.expire_sessions().await;
    let expired = viewers.feed(secret.expose()).await.unwrap_err();
    assert!(matches!(expired, Error::Pronote(error) if matches!(error.cause, Cause::Expired)));
}

#[tokio::test]
async fn kept_calendars_outlive_the_process_and_a_renewal_asks_for_little() {
    let (school, data) = (strict().await, tempfile::tempdir().unwrap());
    let config = || Config { keep_sign_ins: true, ..Config::default() };
    let start = || Viewers::open(gateway(data.path()), config()).unwrap();
    let viewers = start();
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let open = || viewers.open_feed(&viewer, Whose::OWN, kinds(&[FeedKind::Timetable]));
    let ((secret, feed), (revoked, other)) = (open().await.unwrap(), open().await.unwrap());
    let text = viewers.feed(secret.expose()).await.unwrap().unwrap();
    assert!(viewers.revoke_feed(&viewer, &other.id()).await.unwrap());
    viewers.close().await;
    drop((viewer, viewers));

    let viewers = start();
    assert_eq!(viewers.feed(secret.expose()).await.unwrap().unwrap(), text, "the same in every process");
    assert!(viewers.feed(revoked.expose()).await.unwrap().is_none());
    // What does not change from one session to the next is not asked again by the next.
    let (secret_of_now, asked) = (secret.expose(), school.count("PageEmploiDuTemps"));
    school.expire_sessions().await;
    assert_eq!(viewers.feed(secret_of_now).await.unwrap().unwrap(), text);
    assert_eq!(school.count("PageEmploiDuTemps"), asked);
    assert_eq!(feed.kinds, kinds(&[FeedKind::Timetable]));
}
