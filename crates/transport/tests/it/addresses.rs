//! A server that is given addresses by strangers does not reach its own network.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use transport::{Addresses, Browser, Config, Error, Url};

use crate::server::{Server, with};

fn public(allowed: Vec<Url>) -> Browser {
    with(Config { addresses: Addresses::Public { allowed }, ..Config::default() })
}

/// The same address by https, so that nothing but the address stands in the way.
fn by_https(mut url: Url) -> Url {
    url.set_scheme("https").unwrap();
    url
}

/// A server of one's own network that counts who reached it.
async fn inner() -> (Server, Arc<AtomicUsize>) {
    let visits = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&visits);
    let page = move || async move { counter.fetch_add(1, Ordering::Relaxed).to_string() };
    (Server::start(Router::new().route("/", get(page))).await, visits)
}

#[tokio::test]
async fn an_inner_address_is_forbidden_as_number_and_as_name() {
    let (server, visits) = inner().await;
    let port = server.url("/").port().unwrap();

    for text in [
        server.url("/").to_string(),
        server.named("/").to_string(),
        by_https(server.url("/")).to_string(),
        by_https(server.named("/")).to_string(),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://0.0.0.0:{port}/"),
        format!("https://2130706433:{port}/"),
    ] {
        let error = public(Vec::new()).send(&text.parse().unwrap()).await.unwrap_err();
        assert!(matches!(error, Error::ForbiddenAddress { .. }), "{text} {error:?}");
        assert!(!error.outcome_unknown() && !error.is_temporary());
    }
    assert_eq!(visits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn http_is_forbidden_even_to_public_addresses() {
    for text in ["http://192.0.1.1/", "http://pronote.example/"] {
        let error = public(Vec::new()).send(&text.parse().unwrap()).await.unwrap_err();
        assert!(matches!(error, Error::ForbiddenAddress { .. }), "{text} {error:?}");
    }
}

#[tokio::test]
async fn an_origin_that_is_listed_may_be_reached_and_nothing_else_on_its_host() {
    let (listed, _) = inner().await;
    let (other, visits) = inner().await;

    for (listed, other) in
        [(listed.url("/any/path"), by_https(other.url("/"))), (listed.named("/"), by_https(other.named("/")))]
    {
        let browser = public(vec![listed.clone()]);
        assert_eq!(browser.send(&listed.join("/").unwrap()).await.unwrap().status, 200);
        let error = browser.send(&other).await.unwrap_err();
        assert!(matches!(error, Error::ForbiddenAddress { .. }), "{error:?}");
    }
    assert_eq!(visits.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_redirect_into_one_s_own_network_is_not_followed() {
    let (server, visits) = inner().await;
    let (by_number, by_name) = (by_https(server.url("/")).to_string(), by_https(server.named("/")).to_string());
    let app = Router::new()
        .route("/number", get(move || async move { Redirect::to(&by_number) }))
        .route("/name", get(move || async move { Redirect::to(&by_name) }));
    let portal = Server::start(app).await;
    let browser = public(vec![portal.url("/")]);

    for path in ["/number", "/name"] {
        let error = browser.follow(&portal.url(path)).await.unwrap_err();
        assert!(matches!(error, Error::ForbiddenAddress { .. }), "{path} {error:?}");
    }
    assert_eq!(visits.load(Ordering::Relaxed), 0);
}
