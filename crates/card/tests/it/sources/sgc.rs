//! The card manager, faked after its own answers.

use card::record::Record;
use card::source::sgc::Sgc;
use card::source::{Source as _, SourceError};

use super::text;
use super::web::{Said, Web, json, transport};

const ALICE: &str = r#"[{"eppn": "amartin@univ-ville.fr", "name": "Martin", "firstname": "Alice", "birthday": "2004-02-29",
    "email": "alice@univ-ville.fr", "dueDate": "2027-10-31", "crous": true, "difPhoto": false, "cards": [
    {"id": 1, "csn": "0401", "etat": "DISABLED", "dateEtat": "2026-10-01", "escnUid": "x"},
    {"id": 2, "csn": "0402", "etat": "ENABLED", "dateEtat": "2026-09-01", "escnUid": "escn-2"},
    {"id": 3, "csn": "0403", "etat": "ENABLED", "dateEtat": "2026-09-15", "escnUid": "escn-3"},
    {"id": 4, "csn": "0404", "etat": "REQUEST_CHECKED", "dateEtat": "2026-11-01"}]}]"#;

async fn sgc(answer: impl Fn(&str) -> Said + Clone + Send + Sync + 'static) -> (Web, Sgc) {
    sgc_with("", answer).await
}

async fn sgc_with(more: &str, answer: impl Fn(&str) -> Said + Clone + Send + Sync + 'static) -> (Web, Sgc) {
    let web = Web::answering(move |asked| answer(&asked.target)).await;
    let config = toml::from_str(&format!("url = '{}/sgc/'\ntimeout_ms = 500\n{more}", web.url)).unwrap();
    let sgc = Sgc::open(config, &transport()).unwrap();
    (web, sgc)
}

async fn find(sgc: &Sgc, key: &str) -> Option<Record> {
    sgc.find(key, &[]).await.unwrap()
}

#[tokio::test]
async fn the_card_is_the_enabled_one_that_was_enabled_last() {
    let (web, sgc) = sgc(|_| json(ALICE)).await;
    let record = find(&sgc, "AMARTIN@univ-ville.fr").await.unwrap();
    for (name, value) in [
        ("csn", "0403"),
        ("escn", "escn-3"),
        ("state", "ENABLED"),
        ("due_date", "2027-10-31"),
        ("birthday", "2004-02-29"),
        ("name", "Martin"),
        ("crous", "true"),
        ("photo_agreed", "false"),
    ] {
        assert_eq!(text(&record, name), Some(value), "{name}");
    }
    assert!(record.iter().all(|(name, _)| sgc.columns().unwrap().iter().any(|column| column == name)));
    assert_eq!(web.asked()[0].target, "/sgc/wsrest/api/get?eppn=AMARTIN%40univ-ville.fr");
}

#[tokio::test]
async fn without_an_enabled_card_there_is_a_state_and_no_number() {
    let (_web, sgc) = sgc(|_| json(&ALICE.replace("ENABLED", "CADUC"))).await;
    let record = find(&sgc, "amartin@univ-ville.fr").await.unwrap();
    assert_eq!((text(&record, "csn"), text(&record, "state")), (None, Some("REQUEST_CHECKED")));
    let (_web, sgc) = self::sgc(|_| json(r#"[{"eppn": "a", "cards": null}]"#)).await;
    assert_eq!(text(&find(&sgc, "a").await.unwrap(), "state"), None);
}

#[tokio::test]
async fn an_empty_list_is_nobody_and_another_person_is_not_the_one_asked_for() {
    let (_web, sgc) = sgc(|_| json("[]")).await;
    assert_eq!(find(&sgc, "nobody@univ-ville.fr").await, None);
    assert_eq!(sgc.check().await.unwrap(), "it answers");
    let (web, sgc) = self::sgc(|_| json(ALICE)).await;
    for key in ["ａmartin@univ-ville.fr", "*"] {
        assert_eq!(find(&sgc, key).await, None);
    }
    let asked = web.asked().len();
    for key in ["", "a\0", &"x".repeat(300)] {
        assert_eq!(find(&sgc, key).await, None);
    }
    assert_eq!(web.asked().len(), asked, "these were not even asked");
    let (_web, sgc) = self::sgc(|_| json(&format!("[{0}, {0}]", ALICE.trim_matches(['[', ']'])))).await;
    assert!(matches!(sgc.find("amartin@univ-ville.fr", &[]).await, Err(SourceError::Ambiguous)));
}

#[tokio::test]
async fn a_photo_is_told_by_the_status_and_never_by_the_body() {
    let none = Record::default();
    for (status, has) in [(200, true), (403, false), (404, false)] {
        let (web, sgc) = sgc(move |_| (status, "image/jpeg", b"\xff\xd8 a picture".to_vec())).await;
        let photos = sgc.photos("amartin@univ-ville.fr", "photo", &none).await.unwrap();
        assert_eq!(photos.len(), usize::from(has), "{status}");
        assert_eq!(sgc.has_photo("amartin@univ-ville.fr", "photo", &none).await.unwrap(), has);
        assert_eq!(web.asked()[0].target, "/sgc/wsrest/photo/amartin@univ-ville.fr/photo?cardEtat=ENABLED");
        assert!(web.asked()[1].header("cookie").is_none(), "nothing is kept from one answer to the next");
    }
    for status in [302, 401, 500, 503] {
        let (_web, sgc) = sgc(move |_| (status, "image/jpeg", b"\xff\xd8 a picture".to_vec())).await;
        assert!(sgc.photos("a@b", "photo", &none).await.is_err(), "{status}");
    }
}

#[tokio::test]
async fn a_key_cannot_reach_another_address() {
    let none = Record::default();
    let (web, sgc) = sgc(|_| (404, "image/jpeg", vec![])).await;
    for key in ["../../admin", "..", ".", "a/b?c#d", "a%2Fb"] {
        assert!(!sgc.has_photo(key, "photo", &none).await.unwrap());
    }
    let paths: Vec<String> = web.asked().into_iter().map(|asked| asked.target).collect();
    let expected = ["..%2F..%2Fadmin", "a%2Fb%3Fc%23d", "a%252Fb"];
    assert_eq!(paths, expected.map(|key| format!("/sgc/wsrest/photo/{key}/photo?cardEtat=ENABLED")));
}

#[tokio::test]
async fn other_photos_have_other_addresses() {
    let none = Record::default();
    for (photo, path) in [("restricted", "a/restrictedPhoto"), ("student-number", "a/photoSupannEtuId")] {
        let (web, sgc) = sgc_with(&format!("photo = '{photo}'"), |_| (200, "image/jpeg", vec![1])).await;
        assert_eq!(sgc.photos("a", "PHOTO", &none).await.unwrap().len(), 1);
        assert_eq!(web.asked()[0].target, format!("/sgc/wsrest/photo/{path}?cardEtat=ENABLED"));
    }
    let (web, sgc) = sgc_with("photo = 'student-number'", |_| json("[]")).await;
    assert_eq!(find(&sgc, "22100001").await, Some(Record::default()));
    assert!(web.asked().is_empty(), "it knows people by another key");
}

#[tokio::test]
async fn what_is_no_answer_is_never_nobody() {
    let answers: [Said; 9] = [
        (200, "text/html", b"<html>sign in</html>".to_vec()),
        (200, "application/json", b"{}".to_vec()),
        (200, "application/json", b"[1]".to_vec()),
        (200, "application/json", b"[{".to_vec()),
        (302, "text/html", vec![]),
        (403, "text/html", vec![]),
        (404, "text/html", vec![]),
        (500, "text/html", b"amartin does not exist".to_vec()),
        (200, "slow", vec![]),
    ];
    for answer in answers {
        let said = answer.clone();
        let (web, sgc) = sgc(move |_| said.clone()).await;
        let error = sgc.find("amartin", &[]).await.unwrap_err();
        let expected = match answer {
            (_, "slow", _) => matches!(error, SourceError::Slow(500)),
            (403, ..) => matches!(error, SourceError::Refused(_)),
            _ => matches!(error, SourceError::Unreadable(_)),
        };
        assert!(expected, "{answer:?}: {error}");
        assert!(!error.to_string().contains("amartin"), "{error}");
        assert_eq!(web.asked().len(), 1, "redirects are not followed");
        assert!(sgc.check().await.is_err());
    }
    let config = toml::from_str("url = 'http://127.0.0.1:1'").unwrap();
    let sgc = Sgc::open(config, &transport()).unwrap();
    assert!(matches!(sgc.find("amartin", &[]).await, Err(SourceError::Unreachable(_))));
}
