//! Following redirects, and not following some.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect};
use axum::routing::{any, get};
use transport::{Error, Request};

use crate::server::{After, Server, browser};

async fn what(method: Method, headers: HeaderMap, body: String) -> String {
    format!("{method} {:?} {:?} {body}", headers.get(header::CONTENT_TYPE), headers.get("x-token"))
}

fn to(status: u16, target: &str) -> impl IntoResponse + use<> {
    (StatusCode::from_u16(status).unwrap(), [(header::LOCATION, target.to_owned())])
}

#[tokio::test]
async fn sending_does_not_follow() {
    let server = Server::start(Router::new().route("/a/b", get(|| async { to(302, "../c?d=e#f") }))).await;

    let answer = browser().send(&server.url("/a/b")).await.unwrap();

    assert_eq!(answer.status, 302);
    assert_eq!(answer.location(), Some(server.url("/c?d=e#f")));
    assert_eq!(answer.hops, []);
}

#[tokio::test]
async fn following_tells_every_hop() {
    let app = Router::new()
        .route("/1", get(|| async { Redirect::to("/2") }))
        .route("/2", get(|| async { Redirect::permanent("/3") }))
        .route("/3", get(|| async { "there" }));
    let server = Server::start(app).await;

    let answer = browser().follow(&server.url("/1")).await.unwrap();

    assert_eq!(answer.text(), "there");
    assert_eq!(answer.url, server.url("/3"));
    let hops: Vec<_> = answer.hops.iter().map(|hop| (hop.url.path(), hop.status)).collect();
    assert_eq!(hops, [("/1", 303), ("/2", 308)]);
}

#[tokio::test]
async fn a_form_becomes_a_page_or_is_sent_again_as_the_status_says() {
    let app = Router::new()
        .route("/{status}", any(|Path(status): Path<u16>| async move { to(status, "/x/end") }))
        .route("/x/end", any(what));
    let server = Server::start(app).await;
    let browser = browser();

    for status in [301, 302, 303] {
        let request = Request::form(&server.url(&format!("/{status}")), [("a", "b")]);
        assert_eq!(browser.follow(request).await.unwrap().text(), "GET None None ", "{status}");
    }
    for status in [307, 308] {
        let request = Request::form(&server.url(&format!("/{status}")), [("a", "b")]);
        let sent_again = r#"POST Some("application/x-www-form-urlencoded") None a=b"#;
        assert_eq!(browser.follow(request).await.unwrap().text(), sent_again, "{status}");
    }
}

#[tokio::test]
async fn another_origin_does_not_get_the_headers_of_this_one() {
    let other = Server::start(Router::new().route("/", any(what))).await;
    let target = other.url("/");
    let app = Router::new()
        .route("/away", any(move || async move { to(307, target.as_str()) }))
        .route("/near", any(|| async { to(307, "/end") }))
        .route("/end", any(what));
    let server = Server::start(app).await;
    let browser = browser();
    let ask = |path: &str| {
        let request = Request::post(&server.url(path), "text/plain", "hello");
        browser.follow(request.header("x-token".parse().unwrap(), "t").unwrap())
    };

    assert_eq!(ask("/near").await.unwrap().text(), r#"POST Some("text/plain") Some("t") hello"#);
    assert_eq!(ask("/away").await.unwrap().text(), r#"POST Some("text/plain") None hello"#);
}

#[tokio::test]
async fn a_loop_is_seen_at_its_first_turn() {
    let app = Router::new()
        .route("/a", get(|| async { Redirect::to("/b") }))
        .route("/b", get(|| async { Redirect::to("/a") }));
    let server = Server::start(app).await;

    let error = browser().follow(&server.url("/a")).await.unwrap_err();

    assert!(matches!(error, Error::TooManyRedirects { .. }), "{error}");
    assert_eq!(error.to_string(), "127.0.0.1 redirects too many times");
}

#[tokio::test]
async fn coming_back_with_a_new_cookie_is_no_loop() {
    async fn page(headers: HeaderMap) -> axum::response::Response {
        match headers.get(header::COOKIE) {
            Some(cookie) => cookie.to_str().unwrap().to_owned().into_response(),
            None => Redirect::to("/sign-in").into_response(),
        }
    }
    let app = Router::new().route("/", get(page)).route(
        "/sign-in",
        get(|| async { (AppendHeaders([(header::SET_COOKIE, "in=1; Path=/")]), Redirect::to("/")) }),
    );
    let server = Server::start(app).await;

    assert_eq!(browser().follow(&server.url("/")).await.unwrap().text(), "in=1");
}

#[tokio::test]
async fn ten_redirects_are_followed_and_an_eleventh_is_not() {
    let app = Router::new().route(
        "/{left}",
        get(|Path(left): Path<u8>| async move {
            if left == 0 { "end".into_response() } else { Redirect::to(&format!("/{}", left - 1)).into_response() }
        }),
    );
    let server = Server::start(app).await;
    let browser = browser();

    assert_eq!(browser.follow(&server.url("/10")).await.unwrap().hops.len(), 10);
    let error = browser.follow(&server.url("/11")).await.unwrap_err();
    assert!(matches!(error, Error::TooManyRedirects { .. }), "{error}");
}

#[tokio::test]
async fn a_redirect_to_no_page_is_an_error_that_shows_nothing_of_it() {
    let app = Router::new()
        .route("/invalid", get(|| async { to(302, "http://[SECRET") }))
        .route("/scheme", get(|| async { to(302, "app://callback?code=SECRET") }))
        .route("/password", get(|| async { to(302, "http://SECRET:SECRET@127.0.0.1/") }));
    let server = Server::start(app).await;
    let browser = browser();

    for path in ["/invalid", "/scheme", "/password"] {
        let error = browser.follow(&server.url(path)).await.unwrap_err();
        assert!(matches!(error, Error::InvalidRedirect { .. } | Error::InvalidUrl { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error:?}");
    }
}

#[tokio::test]
async fn a_redirect_without_a_target_is_an_answer() {
    let server = Server::start(Router::new().route("/", get(|| async { StatusCode::FOUND }))).await;

    assert_eq!(browser().follow(&server.url("/")).await.unwrap().status, 302);
}

#[tokio::test]
async fn an_accented_target_is_understood() {
    let raw = "HTTP/1.1 302 Found\r\nLocation: /été\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let server = Server::raw(raw.as_bytes(), After::Close).await;

    let answer = browser().send(&server.url("/")).await.unwrap();

    assert_eq!(answer.location(), Some(server.url("/%C3%A9t%C3%A9")));
}
