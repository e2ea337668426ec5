//! A directory, against OpenLDAP.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use card::record::{Datum, Record};
use card::source::ldap::{Config, Ldap};
use card::source::{Source as _, SourceError};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;

use super::{names, text};
use crate::slapd::{ACCOUNT, BASE, PASSWORD, Slapd};

/// The settings for servers, with lines of TOML that take the place of others.
fn settings(urls: &[&str], more: &str) -> Config {
    let mut table: toml::Table = toml::from_str(&format!(
        "urls = {urls:?}\nbind_dn = '{ACCOUNT}'\nbind_password = '{PASSWORD}'\nbase = '{BASE}'"
    ))
    .unwrap();
    table.extend(toml::from_str::<toml::Table>(more).unwrap());
    table.try_into().unwrap()
}

fn open(urls: &[&str], more: &str) -> Ldap {
    Ldap::open(settings(urls, more), Path::new("/")).unwrap()
}

fn fault(urls: &[&str], more: &str) -> String {
    Ldap::open(settings(urls, more), Path::new("/")).err().unwrap()
}

async fn find(ldap: &Ldap, key: &str, attributes: &[&str]) -> Option<Record> {
    ldap.find(key, &names(attributes)).await.unwrap()
}

async fn error(ldap: &Ldap) -> SourceError {
    ldap.find("amartin", &names(&["sn"])).await.unwrap_err()
}

#[tokio::test]
async fn people_are_found_with_what_was_asked_for_and_no_more() {
    let Some(slapd) = Slapd::start() else { return };
    let ldap = open(&[&slapd.url()], "");
    for (asked, sn, given) in
        [("amartin", "Martin", "Alice"), ("AMARTIN", "Martin", "Alice"), ("blefevre", "Lefèvre", "Benoît")]
    {
        let record = find(&ldap, asked, &["SN", "givenname", "supannEtuId"]).await.unwrap();
        assert_eq!((text(&record, "sn"), text(&record, "givenName")), (Some(sn), Some(given)));
        let names: Vec<&str> = record.iter().map(|(name, _)| name).collect();
        assert!(names.iter().all(|name| ["givenname", "sn", "supannetuid", "uid"].contains(name)), "{names:?}");
    }
    let record = find(&ldap, "hnguyen", &["eduPersonAffiliation"]).await.unwrap();
    assert_eq!(record.get("edupersonaffiliation").len(), 3);
    assert_eq!(ldap.check().await.unwrap(), "it lets the account in, and has the base");
}

#[tokio::test]
async fn a_login_is_nothing_but_a_login() {
    let Some(slapd) = Slapd::start() else { return };
    let ldap = open(&[&slapd.url()], "");
    let long = "x".repeat(300);
    let hostile = ["nobody", "*", "a*", ")(uid=*", "a\\2a", "amartin)(sn=*", "a\0", "", &long];
    let alike = [" amartin", "amartin ", "ａｍａｒｔｉｎ", "a\u{301}martin", "amart\u{131}n"];
    for key in hostile.into_iter().chain(alike) {
        assert_eq!(find(&ldap, key, &["sn"]).await, None, "{key}");
        assert!(ldap.photos(key, "jpegPhoto", &Record::default()).await.unwrap().is_empty(), "{key}");
    }
}

#[tokio::test]
async fn photos_are_bytes_and_fetched_apart() {
    let Some(slapd) = Slapd::start() else { return };
    let ldap = open(&[&slapd.url()], "");
    let record = Record::default();
    let photos = ldap.photos("AMARTIN", "jpegphoto", &record).await.unwrap();
    assert!(photos.len() == 1 && photos[0].bytes.starts_with(&[0xff, 0xd8, 0xff]));
    assert!(ldap.has_photo("amartin", "jpegPhoto", &record).await.unwrap());
    assert!(!ldap.has_photo("cpetit", "jpegPhoto", &record).await.unwrap());
    assert!(!ldap.has_photo("nobody", "jpegPhoto", &record).await.unwrap());
    let whole = find(&ldap, "amartin", &["jpegPhoto"]).await.unwrap();
    assert_eq!(whole.get("jpegphoto"), [Datum::Bytes(photos[0].bytes.clone())]);
}

#[tokio::test]
async fn a_flag_is_what_a_filter_says_of_an_entry() {
    let Some(slapd) = Slapd::start() else { return };
    let ldap = open(&[&slapd.url()], "flags = { Unpaid = '(supannRessourceEtatDate={CARTE}S:DroitsImpayes:*)' }");
    assert_eq!(text(&find(&ldap, "droux", &["unpaid"]).await.unwrap(), "unpaid"), Some("true"));
    assert_eq!(text(&find(&ldap, "amartin", &["unpaid"]).await.unwrap(), "unpaid"), None);
}

#[tokio::test]
async fn what_is_hidden_from_the_account_is_not_there() {
    let Some(slapd) = Slapd::start() else { return };
    let ldap = open(&[&slapd.url()], "bind_dn = ''\nbind_password = ''");
    let record = find(&ldap, "amartin", &["sn", "jpegPhoto", "supannCodeINE"]).await.unwrap();
    assert_eq!(text(&record, "sn"), Some("Martin"));
    assert!(record.get("jpegPhoto").is_empty() && record.get("supannCodeINE").is_empty());
}

#[tokio::test]
async fn ldaps_and_start_tls_trust_the_certificates_they_are_given() {
    let Some(slapd) = Slapd::start() else { return };
    let ca = format!("ca = '{}'", slapd.ca().display());
    let by_name = slapd.url().replace("127.0.0.1", "localhost");
    for (url, more) in [(slapd.tls_url(), ca.clone()), (by_name.clone(), format!("{ca}\nstart_tls = true"))] {
        assert!(find(&open(&[&url], &more), "amartin", &["sn"]).await.is_some(), "{url}");
    }
    // Without that file, and by another name than the certificate's.
    let by_address = slapd.tls_url().replace("localhost", "127.0.0.1");
    for (url, more) in [
        (slapd.tls_url(), String::new()),
        (by_name, "start_tls = true".to_owned()),
        (by_address, ca.clone()),
        (slapd.url(), format!("{ca}\nstart_tls = true")),
    ] {
        let error = error(&open(&[&url], &more)).await;
        assert!(matches!(&error, SourceError::Unreachable(why) if why.contains("certificate")), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_server_without_start_tls_is_not_spoken_to_in_clear() {
    let without = |configuration: String| {
        let lines = configuration.lines().filter(|line| !line.starts_with("TLS"));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let Some(slapd) = Slapd::with("", without) else { return };
    let error = error(&open(&[&slapd.url()], "start_tls = true")).await;
    assert!(matches!(&error, SourceError::Unreachable(why) if why.contains("StartTLS")), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_told_and_not_tried_again_and_again() {
    let Some(slapd) = Slapd::start() else { return };
    let ldap = open(&[&slapd.url()], "bind_password = 'wrong'");
    for _ in 0..3 {
        let error = error(&ldap).await;
        assert!(matches!(&error, SourceError::Refused(why) if why == "wrong name or password (result 49)"), "{error}");
    }
    assert!(matches!(ldap.check().await, Err(SourceError::Refused(_))));
}

#[tokio::test]
async fn a_server_that_stops_is_unreachable_and_found_again() {
    let Some(mut slapd) = Slapd::start() else { return };
    let ldap = open(&[&slapd.url()], "");
    assert!(find(&ldap, "amartin", &["sn"]).await.is_some());
    slapd.stop();
    let began = Instant::now();
    let error = error(&ldap).await;
    assert!(matches!(error, SourceError::Unreachable(_)), "{error}");
    assert!(began.elapsed() < Duration::from_secs(2));
    slapd.resume();
    assert!(find(&ldap, "amartin", &["sn"]).await.is_some());

    // The connection that is kept is one that the server has closed: nobody notices.
    slapd.stop();
    slapd.resume();
    assert!(find(&ldap, "amartin", &["sn"]).await.is_some());
}

#[tokio::test]
async fn an_idle_connection_that_the_server_closes_is_replaced() {
    let closing = |configuration: String| configuration.replace("sizelimit", "idletimeout 1\nsizelimit");
    let Some(slapd) = Slapd::with("", closing) else { return };
    let ldap = open(&[&slapd.url()], "");
    for _ in 0..2 {
        assert!(find(&ldap, "amartin", &["sn"]).await.is_some());
        tokio::time::sleep(Duration::from_millis(2500)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_share_few_connections() {
    let Some(slapd) = Slapd::start() else { return };
    let ldap = Arc::new(open(&[&slapd.url()], "connections = 2\ntimeout_ms = 10000"));
    let asking: Vec<_> = (0..200)
        .map(|number| {
            let ldap = Arc::clone(&ldap);
            let (key, sn) = [("amartin", "Martin"), ("blefevre", "Lefèvre")][number % 2];
            tokio::spawn(async move {
                let find = find(&ldap, key, &["sn", "jpegPhoto"]);
                // Those who do not wait leave a connection on which an answer is still to come.
                let patience = Duration::from_millis(if number % 10 == 0 { 1 } else { 10_000 });
                let Ok(record) = tokio::time::timeout(patience, find).await else { return };
                assert_eq!(text(&record.unwrap(), "sn"), Some(sn));
            })
        })
        .collect();
    for asked in asking {
        asked.await.unwrap();
    }
}

#[tokio::test]
async fn the_next_server_is_asked_when_one_cannot_be() {
    let Some(slapd) = Slapd::start() else { return };
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("ldap://{}/", silent.local_addr().unwrap());
    let ldap = open(&["ldap://127.0.0.1:1/", &silent, &slapd.url()], "timeout_ms = 3000");
    assert!(find(&ldap, "amartin", &["sn"]).await.is_some());
    let began = Instant::now();
    assert!(find(&ldap, "blefevre", &["sn"]).await.is_some());
    assert!(began.elapsed() < Duration::from_millis(500), "it is known by now which one answers");
}

#[tokio::test]
async fn two_entries_for_one_login_are_told() {
    let twice = "dn: ou=more,ou=people,dc=univ-ville,dc=fr\nobjectClass: organizationalUnit\nou: more\n\n\
        dn: uid=amartin,ou=more,ou=people,dc=univ-ville,dc=fr\nobjectClass: inetOrgPerson\nuid: amartin\ncn: x\nsn: Other\n";
    let Some(slapd) = Slapd::with(twice, |configuration| configuration) else { return };
    let ldap = open(&[&slapd.url()], "");
    assert!(matches!(error(&ldap).await, SourceError::Ambiguous));
    let photos = ldap.photos("amartin", "jpegPhoto", &Record::default()).await;
    assert!(matches!(photos, Err(SourceError::Ambiguous)));
    assert!(find(&ldap, "blefevre", &["sn"]).await.is_some());
}

#[tokio::test]
async fn referrals_are_not_followed() {
    let elsewhere = "dn: ou=elsewhere,ou=people,dc=univ-ville,dc=fr\nobjectClass: referral\n\
        objectClass: extensibleObject\nou: elsewhere\nref: ldap://127.0.0.1:1/ou=people,dc=elsewhere\n";
    let Some(slapd) = Slapd::with(elsewhere, |configuration| configuration) else { return };
    let ldap = open(&[&slapd.url()], "");
    assert!(find(&ldap, "amartin", &["sn"]).await.is_some());
    assert_eq!(find(&ldap, "nobody", &["sn"]).await, None);
    for base in ["ou=elsewhere,ou=people,dc=univ-ville,dc=fr", "ou=nowhere,dc=univ-ville,dc=fr", "dc=other"] {
        let ldap = open(&[&slapd.url()], &format!("base = '{base}'"));
        let found = error(&ldap).await;
        assert!(matches!(found, SourceError::Unreadable(_)), "nobody is unknown because the base is wrong: {found}");
        assert!(ldap.check().await.is_err());
    }
}

#[tokio::test]
async fn what_is_slow_or_no_directory_is_told_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let began = Instant::now();
    let slow = error(&open(&[&format!("ldap://{}/", silent.local_addr().unwrap())], "timeout_ms = 300")).await;
    assert!(matches!(slow, SourceError::Slow(300) | SourceError::Unreachable(_)), "{slow}");
    assert!(began.elapsed() < Duration::from_secs(1));

    // Another protocol, an empty message, one without a result, one that would be endless, one that stops short.
    let others: [&[u8]; 5] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x30\x00",
        b"\x30\x05\x02\x01\x01\x61\x00",
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x03\x02\x01\x01",
    ];
    for said in others {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ldap://{}/", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(said).await;
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        });
        let error = error(&open(&[&url], "timeout_ms = 400")).await;
        assert!(!matches!(error, SourceError::Refused(_) | SourceError::Ambiguous), "{error}");
        server.abort();
    }
}

fn crowd(people: usize) -> String {
    (0..people).fold(String::new(), |mut ldif, number| {
        let dn = format!("uid=p{number:04},{BASE}");
        let _ = writeln!(ldif, "dn: {dn}\nobjectClass: inetOrgPerson\nuid: p{number:04}\ncn: x\nsn: x\n");
        ldif
    })
}

#[tokio::test]
async fn people_are_listed_in_pages() {
    let unlimited = |configuration: String| configuration.replace("sizelimit 50", "sizelimit unlimited");
    let Some(slapd) = Slapd::with(&crowd(1200), unlimited) else { return };
    let ldap = open(&[&slapd.url()], "");
    let (mut all, mut page) = (Vec::new(), ldap.keys(None).await.unwrap().unwrap());
    while let Some(last) = page.last().cloned() {
        all.append(&mut page);
        page = ldap.keys(Some(&last)).await.unwrap().unwrap();
    }
    assert_eq!(all.len(), 1208);
    assert!(all.is_sorted() && all.contains(&"amartin".to_owned()) && all.contains(&"p1199".to_owned()));

    let by_name = open(&[&slapd.url()], "filter = '(eduPersonPrincipalName={key}@univ-ville.fr)'");
    let listed = by_name.keys(None).await.unwrap().unwrap();
    assert!(listed.len() == 8 && listed.contains(&"amartin".to_owned()), "what is around the key is no part of it");
    assert!(find(&by_name, "amartin", &["sn"]).await.is_some());
}

#[tokio::test]
async fn a_list_that_the_server_cuts_short_is_no_list() {
    let Some(slapd) = Slapd::with(&crowd(100), |configuration| configuration) else { return };
    let error = open(&[&slapd.url()], "").keys(None).await.unwrap_err();
    assert!(matches!(&error, SourceError::Unreadable(why) if why.contains("limit")), "{error}");
}

#[test]
fn settings_that_cannot_be_right_are_refused() {
    let url = "ldap://127.0.0.1/";
    for (urls, more, why) in [
        (&[][..], "", "no server"),
        (&["http://x/"], "", "neither"),
        (&["ldap:"], "", "neither"),
        (&["ldap.univ-ville.fr"], "", "no address"),
        (&["ldap://ldap.univ-ville.fr/"], "", "for all to read"),
        (&[url], "bind_password = ''", "empty"),
        (&[url], "bind_dn = ''", "without `bind_dn`"),
        (&[url], "filter = '(uid=x)'", "no `{username}`"),
        (&[url], "filter = '(uid={username}'", "no filter"),
        (&[url], "flags = { unpaid = 'x' }", "`unpaid` is no filter"),
        (&[url], "ca = '/none.pem'", "/none.pem"),
        (&[url], "ca = '/etc/hostname'", "no certificate"),
    ] {
        let fault = fault(urls, more);
        assert!(fault.contains(why), "{fault}");
        assert!(!fault.contains(PASSWORD), "{fault}");
    }
    for more in ["start_tls = true", "allow_plain = true", "bind_dn = ''\nbind_password = ''"] {
        assert!(Ldap::open(settings(&["ldap://ldap.univ-ville.fr/"], more), Path::new("/")).is_ok(), "{more}");
    }
}
