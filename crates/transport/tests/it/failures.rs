//! Servers that are absent, slow, rude or not what they claim.

use std::error::Error as _;
use std::time::Duration;

use tokio::net::TcpListener;
use transport::{Config, Error, Request, Url};

use crate::server::{After, Server, browser, with};

fn impatient() -> Config {
    Config { timeout: Duration::from_millis(200), ..Config::default() }
}

#[tokio::test]
async fn a_refused_connection_was_certainly_not_served() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/page?ticket=SECRET", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);

    let error = browser().send(&url).await.unwrap_err();

    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert!(!error.outcome_unknown() && error.is_temporary());
    assert_eq!(error.to_string(), "could not reach 127.0.0.1");
    assert!(error.source().is_some());
    assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_unreachable() {
    // No label is this long: the system refuses the name without asking anyone.
    let url = format!("http://{}.invalid/", "x".repeat(64)).parse().unwrap();
    let error = browser().send(&url).await.unwrap_err();

    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn a_connection_dropped_after_the_request_leaves_the_outcome_unknown() {
    for answer in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-"] {
        let server = Server::raw(answer, After::Close).await;
        let error = browser().send(Request::post(&server.url("/?SECRET"), "text/plain", "x")).await.unwrap_err();

        assert!(matches!(error, Error::Interrupted { .. }), "{error}");
        assert!(error.outcome_unknown() && error.is_temporary());
        assert!(!format!("{error:?}").contains("SECRET"), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_in_time_leaves_the_outcome_unknown() {
    for answer in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-"] {
        let server = Server::raw(answer, After::Hold).await;
        let error = with(impatient()).send(&server.url("/")).await.unwrap_err();

        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        assert!(error.outcome_unknown() && error.is_temporary());
        assert_eq!(error.to_string(), "127.0.0.1 did not answer in time");
    }
}

#[tokio::test]
async fn one_request_may_have_its_own_patience() {
    let server = Server::raw(b"", After::Hold).await;
    let request = Request::get(&server.url("/")).timeout(Duration::from_millis(100));

    assert!(matches!(browser().send(request).await, Err(Error::Timeout { .. })));
}

#[tokio::test]
async fn what_is_not_http_is_an_interrupted_exchange() {
    let server = Server::raw(b"220 mail.example ESMTP\r\n", After::Close).await;

    let error = browser().send(&server.url("/")).await.unwrap_err();

    assert!(matches!(error, Error::Interrupted { .. }), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_no_secure_server() {
    let server = Server::raw(b"HTTP/1.1 400 Bad Request\r\n\r\n", After::Hold).await;

    let error = browser().send(&server.secure("/")).await.unwrap_err();

    assert!(matches!(error, Error::Tls { .. }), "{error:?}");
    assert!(!error.outcome_unknown() && !error.is_temporary());
}

#[tokio::test]
async fn only_web_addresses_without_a_password_are_asked_for() {
    for text in
        ["ftp://a.example/", "file:///etc/hostname", "data:,x", "http://user@a.example/", "http://:p@a.example/"]
    {
        let error = browser().send(&text.parse().unwrap()).await.unwrap_err();
        assert!(matches!(error, Error::InvalidUrl { .. }), "{text} {error}");
    }
}

#[test]
fn a_user_agent_with_a_line_break_is_refused_at_once() {
    let config = Config { user_agent: "a\r\nb".to_owned(), ..Config::default() };

    assert!(matches!(transport::Transport::new(config), Err(Error::Setup { .. })));
}
