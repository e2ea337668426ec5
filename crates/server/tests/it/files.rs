//! Attachments, through the gateway.

use std::sync::Arc;

use emulator::{Emulator, Fault};
use gateway::{Viewer, Whose};
use pronote::functions::homework;
use serde_json::json;

use crate::house::{House, school};
use crate::wire::{JSON, Reply, send};

/// A token of the pupil's, and what it stands for.
async fn pupil(school: &Emulator, house: &House) -> (String, Arc<Viewer>) {
    let login = json!({ "url": school.url(), "username": "demonstration", "password": "pronotevs" }).to_string();
    let reply = send(house.address(), "POST", "/auth/login", &[JSON], login).await;
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    let viewer = house.viewers().viewer(&token).await.unwrap().unwrap();
    (token, viewer)
}

/// The name and the handle of a file of the pupil's homework.
async fn file(viewer: &Viewer) -> (String, String) {
    let weeks = 1..=viewer.instance().last_week();
    let page = viewer.read(Whose::OWN, &homework::Request { weeks }).await.unwrap();
    let mut files = page.iter().flat_map(|piece| &piece.attachments);
    files.find_map(|file| Some((file.name.clone(), viewer.file_handle(file)?))).unwrap()
}

async fn get(house: &House, handle: &str, token: &str) -> Reply {
    send(house.address(), "GET", &format!("/files/{handle}"), &[("Token", token)], "").await
}

#[tokio::test]
async fn a_file_comes_through_with_its_token_and_is_to_be_saved() {
    let (school, house) = (school().await, House::open().await);
    let (token, viewer) = pupil(&school, &house).await;
    let (name, handle) = file(&viewer).await;
    let reply = get(&house, &handle, &token).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let mut direct = viewer.open_file(&handle).await.unwrap().download;
    let mut expected = Vec::new();
    while let Some(chunk) = direct.chunk().await.unwrap() {
        expected.extend_from_slice(&chunk);
    }
    assert!(!expected.is_empty() && reply.body == expected);
    let disposition = reply.header("content-disposition").unwrap();
    let end = name.rsplit_once('.').unwrap().1;
    assert!(disposition.starts_with("attachment; filename*=UTF-8''") && disposition.ends_with(end), "{disposition}");
    assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(reply.header("server"), None, "the school's own headers stay here");

    let by_bearer = [("Authorization", format!("Bearer {token}"))];
    let headers = by_bearer.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(send(house.address(), "GET", &format!("/files/{handle}"), &headers, "").await.status, 200);
}

#[tokio::test]
async fn a_file_is_nobody_else_s() {
    let (school, house) = (school().await, House::open().await);
    let (token, viewer) = pupil(&school, &house).await;
    let (other, _) = pupil(&school, &house).await;
    let (_, handle) = file(&viewer).await;
    assert_eq!(send(house.address(), "GET", &format!("/files/{handle}"), &[], "").await.status, 401);
    assert_eq!(get(&house, &handle, "nobody").await.status, 401);
    for (handle, token) in [(handle.as_str(), &other), ("nonsense", &token), ("%ff", &token)] {
        let reply = get(&house, handle, token).await;
        assert_eq!((reply.status, &reply.json()["code"]), (404, &json!("NOT_FOUND")), "{handle}");
    }
}

#[tokio::test]
async fn a_school_that_does_not_give_a_file_is_not_shown() {
    let (school, house) = (school().await, House::open().await);
    let (token, viewer) = pupil(&school, &house).await;
    let (_, handle) = file(&viewer).await;
    for (fault, status) in [(Fault::Status(500), 502), (Fault::LostReply, 502), (Fault::Html, 404)] {
        school.faults().next("file", 1, fault);
        let reply = get(&house, &handle, &token).await;
        assert_eq!(reply.status, status, "{fault:?} {}", reply.text());
        assert!(reply.json()["message"].is_string());
        assert!(!reply.text().contains("Maintenance") && !reply.text().contains("127.0.0.1"));
    }
}
