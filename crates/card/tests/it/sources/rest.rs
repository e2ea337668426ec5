//! Servers that speak JSON, each in its own way.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use card::record::Record;
use card::source::rest::Rest;
use card::source::{Source as _, SourceError};

use super::text;
use super::web::{Asked, Said, Web, json, transport};

const PERSON: &str = r#"{"etatCivil": {"nom": "Martin", "prenom": "Alice"}, "numero": 22100001,
    "inscriptions": [{"annee": 2025, "paye": true}, {"annee": 2026, "paye": false}], "photo": "QUJD"}"#;
const ATTRIBUTES: &str =
    "[attributes]\nlastname = '/etatCivil/nom'\nNumber = '/numero'\nyears = '/inscriptions/*/annee'\nphoto = '/photo'";

fn open(url: &str, more: &str) -> Rest {
    let config = format!("url = '{url}'\ntimeout_ms = 700\n{more}\n{ATTRIBUTES}");
    Rest::open(toml::from_str(&config).unwrap(), &transport()).unwrap()
}

fn fault(config: &str) -> String {
    Rest::open(toml::from_str(config).unwrap(), &transport()).err().unwrap()
}

async fn find(rest: &Rest, key: &str) -> Option<Record> {
    rest.find(key, &[]).await.unwrap()
}

#[tokio::test]
async fn attributes_are_where_the_pointers_lead() {
    let web = Web::answering(|_| json(PERSON)).await;
    let rest = open(&format!("{}/people/{{key}}/?v=2", web.url), "");
    let record = find(&rest, "a/b é?#..").await.unwrap();
    assert_eq!((text(&record, "lastname"), text(&record, "number")), (Some("Martin"), Some("22100001")));
    assert_eq!(record.get("years").len(), 2);
    assert_eq!(web.asked()[0].target, "/people/a%2Fb%20%C3%A9%3F%23../?v=2");
    assert_eq!(rest.columns().unwrap(), ["number", "lastname", "photo", "years"]);
    let photos = rest.photos("x", "photo", &record).await.unwrap();
    assert_eq!(&*photos[0].bytes, b"ABC");
    for key in ["..", ".", "", "a\0"] {
        assert_eq!(find(&rest, key).await, None);
    }
    assert_eq!(web.asked().len(), 1);
}

#[tokio::test]
async fn nobody_is_what_the_patterns_say_and_nothing_else() {
    let unknown: [Said; 4] = [
        (404, "text/plain", vec![]),
        (500, "application/json", "{\"message\": \"Apprenant 123 non trouvé\"}".into()),
        json("null"),
        json("[]"),
    ];
    for answer in unknown {
        let said = answer.clone();
        let web = Web::answering(move |_| said.clone()).await;
        let rest =
            open(&format!("{}/{{key}}", web.url), "not_found = [{status = 404}, {status = 500, text = 'non trouvé'}]");
        assert_eq!(find(&rest, "amartin").await, None, "{answer:?}");
        assert!(rest.check().await.is_ok());
    }
    let others: [Said; 6] = [
        (500, "application/json", b"amartin: NullPointerException".to_vec()),
        (302, "text/html", vec![]),
        (401, "text/html", vec![]),
        (200, "text/html", b"<html>".to_vec()),
        (200, "application/json", vec![b' '; 5000]),
        (200, "slow", vec![]),
    ];
    for answer in others {
        let said = answer.clone();
        let web = Web::answering(move |_| said.clone()).await;
        let rest = open(
            &format!("{}/{{key}}", web.url),
            "max_bytes = 4000\nnot_found = [{status = 500, text = 'non trouvé'}]",
        );
        let error = rest.find("amartin", &[]).await.unwrap_err();
        assert!(!error.to_string().contains("amartin"), "{error}");
        assert_eq!(web.asked().len(), 1, "{answer:?}: redirects are not followed");
    }
}

#[tokio::test]
async fn a_server_that_knows_everybody_is_told_of() {
    let web = Web::answering(|_| json("{}")).await;
    let error = open(&format!("{}/?q={{key}}", web.url), "").check().await.unwrap_err();
    assert!(error.to_string().contains("not_found"), "{error}");
}

#[tokio::test]
async fn each_way_of_being_let_in_is_known() {
    let basic = format!("Basic {}", STANDARD.encode("user:geheim"));
    for (more, header, value) in [
        ("auth = 'bearer'\ntoken = 'geheim'", "authorization", "Bearer geheim"),
        ("auth = 'basic'\nuser = 'user'\npassword = 'geheim'", "authorization", &basic),
        ("auth = 'header'\nheader = 'X-Api-Key'\ntoken = 'geheim'", "x-api-key", "geheim"),
    ] {
        let web = Web::answering(|_| json(PERSON)).await;
        find(&open(&format!("{}/{{key}}", web.url), more), "amartin").await.unwrap();
        assert_eq!(web.asked()[0].header(header), Some(value));
        assert_eq!(web.asked()[0].header("accept"), Some("application/json"));
    }
}

/// A CAS and what it guards: each token is good for so many answers.
async fn guarded(good_for: u32, life: u64) -> (Web, Rest) {
    let (tokens, uses) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let answer = move |asked: &Asked| {
        if asked.target == "/cas/v1/tickets" {
            uses.store(0, Ordering::SeqCst);
            let number = tokens.fetch_add(1, Ordering::SeqCst);
            let claims =
                URL_SAFE_NO_PAD.encode(format!("{{\"iat\": 1000, \"exp\": {}, \"n\": {number}}}", 1000 + life));
            return (201, "text/html", format!("e30.{claims}.x\n").into_bytes());
        }
        let is_bearer = asked.header("authorization").is_some_and(|header| header.starts_with("Bearer e30."));
        match is_bearer && uses.fetch_add(1, Ordering::SeqCst) < good_for {
            true => json(PERSON),
            false => (401, "text/html", vec![]),
        }
    };
    let web = Web::answering(answer).await;
    let more = format!("auth = 'cas'\ntoken_url = '{}/cas/v1/tickets'\nuser = 'us&er'\npassword = 'ge=heim'", web.url);
    let rest = open(&format!("{}/api/{{key}}", web.url), &more);
    (web, rest)
}

fn tickets(web: &Web) -> usize {
    web.asked().iter().filter(|asked| asked.method == "POST").count()
}

#[tokio::test]
async fn a_token_of_cas_is_used_until_it_ends() {
    let (web, rest) = guarded(100, 3600).await;
    for _ in 0..5 {
        assert!(find(&rest, "amartin").await.is_some());
    }
    assert_eq!(tickets(&web), 1);
    let asked = &web.asked()[0];
    assert_eq!(asked.body, "username=us%26er&password=ge%3Dheim&token=true");
    assert_eq!(asked.header("content-type"), Some("application/x-www-form-urlencoded"));

    let (web, rest) = guarded(100, 10).await;
    for _ in 0..3 {
        assert!(find(&rest, "amartin").await.is_some());
    }
    assert_eq!(tickets(&web), 3, "it ends before it is used again");
}

#[tokio::test]
async fn a_token_that_is_refused_is_fetched_anew_once() {
    let (web, rest) = guarded(2, 3600).await;
    for _ in 0..5 {
        assert!(find(&rest, "amartin").await.is_some());
    }
    assert_eq!(tickets(&web), 3);
    let (web, rest) = guarded(0, 3600).await;
    assert!(matches!(rest.find("amartin", &[]).await, Err(SourceError::Refused(_))));
    assert_eq!(tickets(&web), 2, "twice is enough");
}

#[tokio::test]
async fn many_who_need_a_token_fetch_one() {
    let (web, rest) = guarded(1000, 3600).await;
    let rest = Arc::new(rest);
    let asking: Vec<_> = (0..20)
        .map(|_| {
            let rest = Arc::clone(&rest);
            tokio::spawn(async move { rest.find("amartin", &[]).await.unwrap().is_some() })
        })
        .collect();
    for found in asking {
        assert!(found.await.unwrap());
    }
    assert_eq!(tickets(&web), 1);
}

#[tokio::test]
async fn an_account_that_cas_refuses_is_not_tried_again_and_again() {
    for (said, tried) in [((401, "text/html", vec![]), 1), ((201, "text/html", b"<html>".to_vec()), 3)] {
        let web = Web::answering(move |_| said.clone()).await;
        let more = format!("auth = 'cas'\ntoken_url = '{}/t'\nuser = 'u'\npassword = 'geheim'", web.url);
        let rest = open(&format!("{}/{{key}}", web.url), &more);
        for _ in 0..3 {
            let error = rest.find("amartin", &[]).await.unwrap_err();
            assert!(matches!(error, SourceError::Refused(_) | SourceError::Unreadable(_)), "{error}");
        }
        assert_eq!(tickets(&web), tried);
    }
}

#[tokio::test]
async fn a_photo_has_an_address_of_its_own() {
    let web = Web::answering(|asked| match asked.target.as_str() {
        "/photo/22100001" => (200, "image/png", b"a picture".to_vec()),
        target if target.starts_with("/photo/") => (404, "image/png", b"a placeholder".to_vec()),
        _ => json(PERSON),
    })
    .await;
    let rest = open(&format!("{}/{{key}}", web.url), &format!("photo_url = '{}/photo/{{Number}}'", web.url));
    let record = find(&rest, "amartin").await.unwrap();
    assert_eq!(&*rest.photos("amartin", "photo", &record).await.unwrap()[0].bytes, b"a picture");
    assert!(!rest.has_photo("amartin", "photo", &Record::default()).await.unwrap(), "nothing to ask by");
    let mut other = Record::default();
    other.add("number", "1/2");
    assert!(!rest.has_photo("amartin", "photo", &other).await.unwrap());
    assert_eq!(web.asked().last().unwrap().target, "/photo/1%2F2");
}

#[test]
fn settings_that_cannot_be_right_are_refused() {
    for (config, why) in [
        ("url = 'http://x/{key}'\nattributes = {}", "`attributes`"),
        ("url = 'http://x/{key}'\nattributes = { a = 'b' }", "`attributes.a`"),
        ("url = 'http://x/'\nattributes = { a = '/b' }", "no `{key}`"),
        ("url = 'http://{key}/x'\nattributes = { a = '/b' }", "in its path"),
        ("url = 'ftp://x/{key}'\nattributes = { a = '/b' }", "no address"),
        ("url = '{key}'\nattributes = { a = '/b' }", "no address"),
        ("url = 'http://x/{login}'\nattributes = { a = '/b' }", "`login` has no value"),
        ("url = 'http://x/{key}'\nphoto_url = 'http://x/{b}'\nattributes = { a = '/b' }", "`b` has no value"),
        ("url = 'https://x/{key}'\nauth = 'bearer'\nattributes = { a = '/b' }", "`token` is needed"),
        ("url = 'https://x/{key}'\nauth = 'header'\ntoken = 'x'\nattributes = { a = '/b' }", "`header` is needed"),
        (
            "url = 'https://x/{key}'\nauth = 'basic'\nuser = 'x'\npassword = ''\nattributes = { a = '/b' }",
            "`password` is needed",
        ),
        ("url = 'https://x/{key}'\nauth = 'cas'\nattributes = { a = '/b' }", "`token_url` is needed"),
        ("url = 'http://x/{key}'\nauth = 'bearer'\ntoken = 'geheim'\nattributes = { a = '/b' }", "for all to read"),
        (
            "url = 'https://x/{key}'\nauth = 'bearer'\ntoken = \"ge\\nheim\"\nattributes = { a = '/b' }",
            "cannot be sent",
        ),
    ] {
        let fault = fault(config);
        assert!(fault.contains(why), "{fault}");
        assert!(!fault.contains("heim"), "{fault}");
    }
}
