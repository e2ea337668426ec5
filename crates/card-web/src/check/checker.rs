//! Whoever checks cards signs in once with a token, and sees photos from then on.
//!
//! The cookie holds when it ends and what follows from that and the token: nothing is kept here, and when a token is taken
//! from the configuration its cookies are worth nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use i18n::Language;
use minijinja::{Value, context};
use ring::hmac;
use subtle::{Choice, ConstantTimeEq as _};

use super::page;
use crate::App;
use crate::access::digest_of;
use crate::app::Asked;
use crate::client;
use crate::path::decoded;
use crate::problem::Problem;

/// The cookie.
const NAME: &str = "cartable_checker";
/// How long it is good, in seconds: a day of work.
const LASTS: i64 = 12 * 60 * 60;
/// The most bytes of the form, and how long they may take.
const MOST_BYTES: usize = 4096;
const PATIENCE: Duration = Duration::from_secs(10);
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The page, and its form.
pub(super) async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    let language = super::language(request.headers());
    match *request.method() {
        Method::GET | Method::HEAD => show(&app, language, StatusCode::OK, is_in(&app, request.headers()), false),
        Method::POST => enter(&app, language, request).await,
        _ => Problem::Method.into_response(),
    }
}

fn show(app: &App, language: Language, status: StatusCode, inside: bool, wrong: bool) -> Response {
    // A path is made of letters that HTML does not read.
    let address = Value::from_safe_string(page::checker_address(app));
    let context = context! { inside, wrong, address };
    page::page(language, status, "checker.html", context)
}

async fn enter(app: &App, language: Language, request: Request) -> Response {
    let asked = Asked { face: "checker", from: client::address(&request), login: None, begun: Instant::now() };
    let refused = |why: &'static str, status: StatusCode| app.refused(&asked, why, status.as_u16());
    // A page of another site has no business here. An old browser says nothing about it.
    let site = request.headers().get(SEC_FETCH_SITE).map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        refused("forbidden", StatusCode::FORBIDDEN);
        return Problem::Forbidden.into_response();
    }
    let body = tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), MOST_BYTES)).await;
    let Ok(Ok(body)) = body else { return Problem::BadRequest.into_response() };
    let Some(token) = field(&body, b"token") else { return leave(app) };
    let token = token.trim();
    if !app.gate.checkers().hold(token) {
        if let Err(wait) = app.rates.wrong_token(asked.from) {
            refused("too_many_requests", StatusCode::TOO_MANY_REQUESTS);
            return page::too_often(language, Problem::TooMany(wait.0).into_response());
        }
        refused("unauthorized", StatusCode::UNAUTHORIZED);
        return show(app, language, StatusCode::UNAUTHORIZED, false, true);
    }
    app.told(&asked, &["checker"], StatusCode::SEE_OTHER.as_u16(), &[]);
    let ends = app.now().as_second().saturating_add(LASTS);
    let value = format!("{ends}.{}", seal(&digest_of(token), ends));
    go(app, &format!("{value}; Max-Age={LASTS}"))
}

fn leave(app: &App) -> Response {
    go(app, "; Max-Age=0")
}

/// Back to the page, with a cookie that no script reads and no other site makes a browser send.
fn go(app: &App, value: &str) -> Response {
    let secure =
        if app.access().public_url.as_ref().is_some_and(|url| url.scheme() == "https") { "; Secure" } else { "" };
    let cookie = HeaderValue::from_str(&format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Strict{secure}"));
    let location = HeaderValue::from_str(&page::checker_address(app));
    let (Ok(cookie), Ok(location)) = (cookie, location) else { return Problem::Internal.into_response() };
    (StatusCode::SEE_OTHER, [(SET_COOKIE, cookie), (LOCATION, location)]).into_response()
}

/// Whether a browser has signed in.
pub(super) fn is_in(app: &App, headers: &HeaderMap) -> bool {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let Some((_, value)) = pairs.find(|(name, _)| *name == NAME) else { return false };
    let Some((ends, shown)) = value.split_once('.') else { return false };
    let Ok(ends) = ends.parse::<i64>() else { return false };
    let sealed = app
        .gate
        .checkers()
        .digests()
        .iter()
        .fold(Choice::from(0), |found, digest| found | seal(digest, ends).as_bytes().ct_eq(shown.as_bytes()));
    bool::from(sealed) && app.now().as_second() < ends
}

/// What follows from a token and an end, and from nothing else.
fn seal(digest: &[u8; 32], ends: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, digest);
    let mac = hmac::sign(&key, format!("cartable checker {ends}").as_bytes());
    mac.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A field of a form, if it is there.
fn field(body: &[u8], name: &[u8]) -> Option<String> {
    let value = body.split(|byte| *byte == b'&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix(b"="))?;
    let spaced: Vec<u8> = value.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    String::from_utf8(decoded(&spaced)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_whole_name_and_decoded() {
        let body = b"mytoken=1&token=a%2Bb+c&x";
        assert_eq!(field(body, b"token").as_deref(), Some("a+b c"));
        assert_eq!(field(b"leave=1", b"token"), None);
        assert_eq!(field(b"token=%ff", b"token"), None);
    }

    #[test]
    fn a_seal_is_of_one_token_and_one_end() {
        let (one, other) = (digest_of("one"), digest_of("other"));
        assert_eq!(seal(&one, 1), seal(&one, 1));
        assert_ne!(seal(&one, 1), seal(&one, 2));
        assert_ne!(seal(&one, 1), seal(&other, 1));
    }
}
