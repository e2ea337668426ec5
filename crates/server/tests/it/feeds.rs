//! Calendars behind secret addresses.

use std::collections::BTreeSet;

use gateway::{FeedKind, Whose};
use serde_json::json;

use crate::house::{House, school};
use crate::wire::{JSON, Reply, send};

async fn get(house: &House, secret: &str, headers: &[(&str, &str)]) -> Reply {
    send(house.address(), "GET", &format!("/feeds/{secret}.ics"), headers, "").await
}

#[tokio::test]
async fn a_calendar_is_sent_again_only_when_it_has_changed_and_no_more_when_it_is_revoked() {
    let (school, house) = (school().await, House::open().await);
    let login = json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs" }).to_string();
    let reply = send(house.address(), "POST", "/auth/login", &[JSON], login).await;
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    let viewer = house.viewers().viewer(&token).await.unwrap().unwrap();
    let kinds = BTreeSet::from([FeedKind::Timetable]);
    let (secret, feed) = house.viewers().open_feed(&viewer, Whose::OWN, kinds).await.unwrap();

    let reply = get(&house, secret.expose(), &[]).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("text/calendar; charset=utf-8")));
    assert!(reply.text().starts_with("BEGIN:VCALENDAR\r\n"));
    assert!(reply.header("cache-control").unwrap().starts_with("private"));
    let tag = reply.header("etag").unwrap();
    let again = get(&house, secret.expose(), &[("If-None-Match", tag)]).await;
    assert_eq!((again.status, again.text(), again.header("etag")), (304, "", Some(tag)));
    assert_eq!(get(&house, secret.expose(), &[("If-None-Match", "\"other\"")]).await.status, 200);

    assert!(house.viewers().revoke_feed(&viewer, &feed.id()).await.unwrap());
    let gone = get(&house, secret.expose(), &[]).await;
    assert_eq!((gone.status, gone.text(), gone.header("content-type")), (404, "Not Found", None));
}

#[tokio::test]
async fn a_secret_that_opens_nothing_is_like_any_other_address() {
    let house = House::open().await;
    for path in ["/feeds/nothing.ics", "/feeds/nothing", "/feeds/.ics", "/feeds/%ff.ics"] {
        let reply = send(house.address(), "GET", path, &[], "").await;
        assert_eq!((reply.status, reply.text()), (404, "Not Found"), "{path}");
    }
    let long = format!("/feeds/{}.ics", "a".repeat(5000));
    assert_eq!(send(house.address(), "GET", &long, &[], "").await.status, 404);
}
