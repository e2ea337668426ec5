//! What the server receives.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{ConnectInfo, Multipart as Received};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use tokio::task::JoinSet;
use transport::{Config, Error, Multipart, Request, Transport, header};

use crate::server::{Server, browser, with};

async fn echo(headers: HeaderMap, body: String) -> String {
    let header = |name: &str| headers.get(name).map_or("-", |value| value.to_str().unwrap()).to_owned();
    format!("{} | {} | {} | {body}", header("content-type"), header("content-length"), header("user-agent"))
}

#[tokio::test]
async fn a_body_arrives_with_its_type_and_length() {
    let server = Server::start(Router::new().route("/", post(echo))).await;
    let browser = with(Config { user_agent: "Sac/1".to_owned(), ..Config::default() });

    let answer = browser.send(Request::post(&server.url("/"), "application/json", "{}")).await.unwrap();
    assert_eq!(answer.text(), "application/json | 2 | Sac/1 | {}");

    let empty = browser.send(Request::post(&server.url("/"), "text/plain", "")).await.unwrap();
    assert_eq!(empty.text(), "text/plain | 0 | Sac/1 | ");
}

#[tokio::test]
async fn browsers_of_one_transport_share_a_connection() {
    let port = |ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.port().to_string() };
    let server = Server::start(Router::new().route("/", post(port))).await;
    let transport = Transport::new(Config::default()).unwrap();

    let mut ports = BTreeSet::new();
    for _ in 0..10 {
        let request = Request::post(&server.url("/"), "application/json", "{}");
        ports.insert(transport.browser().send(request).await.unwrap().text().into_owned());
    }
    assert_eq!(ports.len(), 1);
}

#[tokio::test]
async fn several_tasks_share_a_browser() {
    let server = Server::start(Router::new().route("/", get(echo))).await;
    let (browser, url) = (Arc::new(browser()), server.url("/"));

    let mut tasks = JoinSet::new();
    for _ in 0..50 {
        let (browser, url) = (Arc::clone(&browser), url.clone());
        tasks.spawn(async move {
            let mut download = browser.stream(&url).await.unwrap();
            let length = download.chunk().await.unwrap().unwrap().len();
            length == browser.follow(&url).await.unwrap().body.len()
        });
    }
    assert_eq!(tasks.join_all().await, [true; 50]);
}

#[tokio::test]
async fn a_url_too_long_for_a_request_is_refused() {
    let url = format!("http://127.0.0.1/?{}", "x".repeat(70_000)).parse().unwrap();
    let error = browser().send(&url).await.unwrap_err();

    assert!(matches!(error, Error::InvalidUrl { .. }), "{error}");
}

#[tokio::test]
async fn form_fields_are_encoded() {
    let server = Server::start(Router::new().route("/", post(echo))).await;
    let fields = [("name", "Émilie & co"), ("pass", "a=b+c")];

    let answer = browser().send(Request::form(&server.url("/"), fields)).await.unwrap();

    assert!(answer.text().ends_with("| name=%C3%89milie+%26+co&pass=a%3Db%2Bc"), "{}", answer.text());
    assert!(answer.text().starts_with("application/x-www-form-urlencoded |"));
}

#[tokio::test]
async fn a_header_of_one_request_replaces_the_default() {
    let server = Server::start(Router::new().route("/", get(echo))).await;
    let request = Request::get(&server.url("/")).header(header::USER_AGENT, "iPhone").unwrap();

    assert!(browser().send(request).await.unwrap().text().contains("| iPhone |"));
}

#[tokio::test]
async fn a_header_with_a_line_break_is_refused() {
    let url = "http://127.0.0.1/".parse().unwrap();
    let error = Request::get(&url).header(header::ACCEPT, "a\r\nCookie: b").unwrap_err();

    assert_eq!(error.to_string(), "the value of header `accept` cannot be sent");
}

#[tokio::test]
async fn fields_and_files_of_a_form_arrive_as_they_were() {
    async fn list(mut form: Received) -> String {
        let mut lines = Vec::new();
        while let Some(field) = form.next_field().await.unwrap() {
            let head = format!("{:?} {:?} {:?}", field.name(), field.file_name(), field.content_type());
            lines.push(format!("{head} {}", String::from_utf8(field.bytes().await.unwrap().to_vec()).unwrap()));
        }
        lines.join("\n")
    }
    let server = Server::start(Router::new().route("/", post(list))).await;
    let form = Multipart::new().text("no", "3fa9").file("files[]", "dé\"\r\nX: y.txt", "text/plain", b"--\r\nun\r\n");

    let answer = browser().send(Request::multipart(&server.url("/"), form)).await.unwrap();

    assert_eq!(
        answer.text(),
        "Some(\"no\") None None 3fa9\n\
         Some(\"files[]\") Some(\"dé%22%0D%0AX: y.txt\") Some(\"text/plain\") --\r\nun\r\n"
    );
}

#[tokio::test]
async fn an_answer_gives_its_status_and_headers_even_when_it_is_an_error() {
    let app =
        Router::new().route("/", get(|| async { (axum::http::StatusCode::IM_A_TEAPOT, [("x-tea", "oolong")], "tea") }));
    let server = Server::start(app).await;

    let answer = browser().send(&server.url("/")).await.unwrap();

    assert_eq!((answer.status, answer.is_success()), (418, false));
    assert_eq!(answer.header(header::HeaderName::from_static("x-tea")), Some("oolong"));
    assert_eq!(answer.text(), "tea");
}

#[test]
fn nothing_printed_for_debugging_holds_a_secret() {
    let url = "https://school.example/page?ticket=SECRET".parse().unwrap();
    let request = Request::form(&url, [("password", "SECRET")]).header(header::COOKIE, "SECRET").unwrap();
    let browser = browser();
    browser.set_cookie(&url, "session", "SECRET").unwrap();

    let printed = format!("{request:?} {browser:?} {:?}", Multipart::new().text("password", "SECRET"));

    assert!(!printed.contains("SECRET"), "{printed}");
    assert!(printed.contains("school.example"), "{printed}");
}
