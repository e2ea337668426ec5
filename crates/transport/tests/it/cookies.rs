//! Cookies: kept, sent, bounded, saved.

use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, IntoResponseParts, Redirect};
use axum::routing::get;
use proptest::prelude::*;
use transport::{Browser, Config, Error, Transport, Url};

use crate::server::{Server, browser};

async fn sent(headers: HeaderMap) -> String {
    headers.get(header::COOKIE).map_or_else(String::new, |cookie| cookie.to_str().unwrap().to_owned())
}

fn setting<const N: usize>(cookies: [&'static str; N]) -> impl IntoResponseParts + IntoResponse {
    AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie)))
}

#[tokio::test]
async fn cookies_go_back_to_their_host_and_path_only() {
    let app = Router::new()
        .route("/set", get(|| async { setting(["a=1; Path=/", "b=2; Path=/deep", "c=3; HttpOnly; Path=/"]) }))
        .route("/", get(sent))
        .route("/deep/er", get(sent));
    let server = Server::start(app).await;
    let browser = browser();
    browser.send(&server.url("/set")).await.unwrap();

    assert_eq!(browser.send(&server.url("/")).await.unwrap().text(), "a=1; c=3");
    assert_eq!(browser.send(&server.url("/deep/er")).await.unwrap().text(), "b=2; a=1; c=3");
    assert_eq!(browser.send(&server.named("/")).await.unwrap().text(), "");
}

#[tokio::test]
async fn cookies_set_by_a_redirect_are_sent_to_the_next_page() {
    let app = Router::new()
        .route("/", get(|| async { (setting(["step=1; Path=/"]), Redirect::to("/next")) }))
        .route("/next", get(sent));
    let server = Server::start(app).await;

    assert_eq!(browser().follow(&server.url("/")).await.unwrap().text(), "step=1");
}

#[tokio::test]
async fn each_browser_has_its_own_jar() {
    let app = Router::new().route("/set", get(|| async { setting(["a=1; Path=/"]) })).route("/", get(sent));
    let server = Server::start(app).await;
    let transport = Transport::new(Config::default()).unwrap();
    let (first, second) = (transport.browser(), transport.browser());
    first.send(&server.url("/set")).await.unwrap();

    assert_eq!(first.send(&server.url("/")).await.unwrap().text(), "a=1");
    assert_eq!(second.send(&server.url("/")).await.unwrap().text(), "");
}

#[tokio::test]
async fn a_cookie_can_be_replaced_and_taken_back() {
    let app = Router::new()
        .route("/1", get(|| async { setting(["a=1; Path=/"]) }))
        .route("/2", get(|| async { setting(["a=2; Path=/"]) }))
        .route("/3", get(|| async { setting(["a=; Path=/; Max-Age=0"]) }));
    let server = Server::start(app).await;
    let browser = browser();
    let url = server.url("/");

    for (path, value) in [("/1", Some("1")), ("/2", Some("2")), ("/3", None)] {
        browser.send(&server.url(path)).await.unwrap();
        assert_eq!(browser.cookie(&url, "a").as_deref(), value);
    }
}

#[tokio::test]
async fn a_jar_full_of_a_bomb_still_serves_what_it_held_before() {
    async fn bomb(Path(turn): Path<u32>) -> impl IntoResponse {
        let mut headers = HeaderMap::new();
        for number in 0..60 {
            let cookie = format!("bomb-{turn}-{number}={}; Path=/", "x".repeat(1000));
            headers.append(header::SET_COOKIE, cookie.parse().unwrap());
        }
        let giant = format!("giant={}; Path=/", "x".repeat(5000));
        headers.append(header::SET_COOKIE, giant.parse().unwrap());
        headers
    }
    let app = Router::new()
        .route("/set", get(|| async { setting(["session=1; Path=/"]) }))
        .route("/renew", get(|| async { setting(["session=2; Path=/"]) }))
        .route("/bomb/{turn}", get(bomb));
    let server = Server::start(app).await;
    let browser = browser();
    browser.send(&server.url("/set")).await.unwrap();

    for turn in 0..10 {
        browser.send(&server.url(&format!("/bomb/{turn}"))).await.unwrap();
    }
    browser.send(&server.url("/renew")).await.unwrap();

    let url = server.url("/");
    assert_eq!(browser.cookie(&url, "session").as_deref(), Some("2"));
    assert_eq!(browser.cookie(&url, "giant"), None);
    assert!(browser.export().len() < 256 * 1024, "{}", browser.export().len());
}

#[tokio::test]
async fn cookies_for_other_hosts_and_whole_countries_are_dropped() {
    let url: Url = "https://lycee.example.fr/".parse().unwrap();
    let app = Router::new().route(
        "/",
        get(|| async { setting(["a=1; Domain=example.org", "b=2; Domain=0.0.1", "c=3; Domain=localhost", "=", "d"]) }),
    );
    let server = Server::start(app).await;
    let browser = browser();

    browser.send(&server.url("/")).await.unwrap();
    assert_eq!(browser.export(), "[]");

    browser.set_cookie(&url, "mine", "1").unwrap();
    assert_eq!(browser.cookie(&"https://other.fr/".parse().unwrap(), "mine"), None);
    assert_eq!(browser.cookie(&url, "mine").as_deref(), Some("1"));
}

#[tokio::test]
async fn a_restored_browser_sends_the_same_cookies() {
    let app = Router::new()
        .route(
            "/set",
            get(|| async { setting(["a=1; Path=/", "b=2; Path=/; Max-Age=3600", "old=0; Path=/; Max-Age=0"]) }),
        )
        .route("/", get(sent));
    let server = Server::start(app).await;
    let transport = Transport::new(Config::default()).unwrap();
    let browser = transport.browser();
    browser.send(&server.url("/set")).await.unwrap();
    browser.set_cookie(&server.url("/"), "c", "3").unwrap();

    let restored = Browser::restore(&transport, &browser.export()).unwrap();

    assert_eq!(restored.send(&server.url("/")).await.unwrap().text(), "a=1; b=2; c=3");
}

#[test]
fn what_is_no_jar_is_not_restored() {
    let transport = Transport::new(Config::default()).unwrap();
    let one =
        r#"{"raw_cookie":"a=1; Path=/","path":["/",true],"domain":{"HostOnly":"a.example"},"expires":"SessionEnd"}"#;
    assert!(Browser::restore(&transport, &format!("[{one}]")).is_ok());

    let many: Vec<_> = (0..1000).map(|n| one.replace("a=1", &format!("a{n}=1"))).collect();
    let large = format!("[{}]", one.replace("a=1", &format!("a={}", "x".repeat(100_000))));
    for text in ["", "{}", "[1]", "[{}]", &one[..40], &format!("[{}]", many.join(",")), &large] {
        assert!(matches!(Browser::restore(&transport, text), Err(Error::InvalidJar)), "{text:.80}");
    }
}

#[test]
fn a_cookie_that_would_break_its_header_is_refused() {
    let browser = browser();
    let url: Url = "https://a.example/".parse().unwrap();

    for (name, value) in [("", "v"), ("a b", "v"), ("a=b", "v"), ("a", "v; Domain=b"), ("a", "v\r\nX: y"), ("é", "v")]
    {
        assert!(matches!(browser.set_cookie(&url, name, value), Err(Error::InvalidCookie)), "{name} {value}");
    }
    assert_eq!(browser.export(), "[]");
}

proptest! {
    #[test]
    fn every_cookie_that_is_accepted_is_exported_and_restored(
        cookies in proptest::collection::btree_map("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,12}", "[!-:<-~]{0,40}", 0..20),
    ) {
        static TRANSPORT: LazyLock<Transport> = LazyLock::new(|| Transport::new(Config::default()).unwrap());
        let browser = TRANSPORT.browser();
        let url: Url = "https://a.example/".parse().unwrap();
        for (name, value) in &cookies {
            browser.set_cookie(&url, name, value).unwrap();
        }
        let restored = Browser::restore(&TRANSPORT, &browser.export()).unwrap();
        for (name, value) in &cookies {
            prop_assert_eq!(restored.cookie(&url, name), Some(value.clone()));
        }
    }
}
