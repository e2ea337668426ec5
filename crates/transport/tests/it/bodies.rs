//! Bodies and downloads within their limits.

use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use transport::{Config, Error};

use crate::server::{After, Server, browser, with};

const KIB: usize = 1024;

fn small() -> Config {
    Config { max_body: 64 * KIB, max_download: 64 * KIB as u64, ..Config::default() }
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_taken() {
    let server = Server::start(Router::new().route("/", get(|| async { vec![b'x'; 64 * KIB] }))).await;

    assert_eq!(with(small()).send(&server.url("/")).await.unwrap().body.len(), 64 * KIB);
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_before_it_comes() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n";
    let server = Server::raw(answer, After::Hold).await;
    let browser = with(small());

    for error in
        [browser.send(&server.url("/")).await.unwrap_err(), browser.stream(&server.url("/")).await.unwrap_err()]
    {
        assert!(matches!(error, Error::TooLarge { limit: 65536, .. }), "{error}");
        assert!(error.outcome_unknown());
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut() {
    let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let server = Server::raw(head, After::Repeat(b"a\r\n0123456789\r\n")).await;

    let error = with(small()).send(&server.url("/")).await.unwrap_err();

    assert!(matches!(error, Error::TooLarge { limit: 65536, .. }), "{error}");
}

#[tokio::test]
async fn headers_without_end_are_cut() {
    let server = Server::raw(b"HTTP/1.1 200 OK\r\n", After::Repeat(b"X-More: and more\r\n")).await;

    let error = browser().send(&server.url("/")).await.unwrap_err();

    assert!(matches!(error, Error::Interrupted { .. }), "{error}");
}

#[tokio::test]
async fn a_body_in_many_pieces_is_put_together() {
    let head =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nun\r\n5\r\n deux\r\n6\r\n trois\r\n0\r\n\r\n";
    let server = Server::raw(head, After::Hold).await;

    assert_eq!(browser().send(&server.url("/")).await.unwrap().text(), "un deux trois");
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_still_text() {
    let server = Server::start(Router::new().route("/", get(|| async { vec![b'L', 0xe9, b'o'] }))).await;

    assert_eq!(browser().send(&server.url("/")).await.unwrap().text(), "L\u{fffd}o");
}

#[tokio::test]
async fn a_download_comes_chunk_by_chunk_after_its_redirect() {
    let app = Router::new()
        .route("/", get(|| async { Redirect::to("/file") }))
        .route("/file", get(|| async { ([("content-type", "application/pdf")], vec![b'x'; 60 * KIB]) }));
    let server = Server::start(app).await;

    let mut download = with(small()).stream(&server.url("/")).await.unwrap();

    assert_eq!((download.status, download.content_type()), (200, Some("application/pdf")));
    assert_eq!(download.url, server.url("/file"));
    assert_eq!(download.length(), Some(60 * KIB as u64));
    let mut taken = 0;
    while let Some(chunk) = download.chunk().await.unwrap() {
        taken += chunk.len();
    }
    assert_eq!(taken, 60 * KIB);
}

#[tokio::test]
async fn a_download_without_end_is_cut() {
    let head = b"HTTP/1.1 200 OK\r\n\r\n";
    let server = Server::raw(head, After::Repeat(&[b'x'; 1024])).await;
    let mut download = with(small()).stream(&server.url("/")).await.unwrap();

    let mut taken = 0;
    let error = loop {
        match download.chunk().await {
            Ok(chunk) => taken += chunk.unwrap().len(),
            Err(error) => break error,
        }
    };

    assert!(matches!(error, Error::TooLarge { limit: 65536, .. }), "{error}");
    assert!(taken <= 64 * KIB);
}

#[tokio::test]
async fn a_download_that_stalls_times_out() {
    let server = Server::raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf-", After::Hold).await;
    let browser = with(Config { timeout: Duration::from_secs(1), ..Config::default() });
    let mut download = browser.stream(&server.url("/")).await.unwrap();

    assert_eq!(download.chunk().await.unwrap().unwrap(), "half-");
    assert!(matches!(download.chunk().await, Err(Error::Timeout { .. })));
}
