#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use gateway::viewers::Config;
use gateway::{Unanswered, Viewer, Whose};
use pronote::Space;
use pronote::functions::homework;

use crate::house::{house, signed_in};
use crate::school::strict;

/// The handles of the files of a pupil's homework.
async fn handles(viewer: &Viewer) -> Vec<(String, String)> {
    let weeks = 1..=viewer.instance().last_week();
    let page = viewer.begin(true).read(Whose::OWN, &homework::Request { weeks }).await.unwrap();
    let files = page.iter().flat_map(|piece| &piece.attachments);
    files.filter_map(|file| Some((file.name.clone(), viewer.file_handle(file)?))).collect()
}

#[tokio::test]
async fn a_file_is_opened_by_its_name_for_its_account_only() {
    let (school, (_data, viewers)) = (strict().await, house(Config::default()));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let (_other_token, other) = signed_in(&viewers, &school, Space::Student).await;
    let (name, handle) = handles(&viewer).await.into_iter().next().unwrap();
    assert!(handle.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    let mut file = viewer.open_file(&handle).await.unwrap();
    assert_eq!((file.name, file.download.status), (name, 200));
    assert!(file.download.chunk().await.unwrap().is_some());
    assert!(matches!(other.open_file(&handle).await, Err(Unanswered::UnknownFile)));
    for wrong in ["", "AAAA", &handle[1..], &"A".repeat(100_000)] {
        assert!(matches!(viewer.open_file(wrong).await, Err(Unanswered::UnknownFile)));
    }
}

#[tokio::test]
async fn a_file_named_before_a_renewal_has_to_be_named_anew() {
    let config = Config { keep_sign_ins: true, ..Config::default() };
    let (school, (_data, viewers)) = (strict().await, house(config));
    let (_token, viewer) = signed_in(&viewers, &school, Space::Student).await;
    let (_, old) = handles(&viewer).await.remove(0);
    school.expire_sessions().await;
    let (_, new) = handles(&viewer).await.remove(0);
    assert!(matches!(viewer.open_file(&old).await, Err(Unanswered::StaleFile)));
    viewer.open_file(&new).await.unwrap();
}
