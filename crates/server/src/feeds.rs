//! `GET /feeds/….ics`: calendars behind a secret address, for programs that know no tokens.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};

use crate::app::{App, not_found};
use crate::client::ClientAddress;
use crate::problem::{Problem, ProblemBody};

/// The most characters of an address that can be one of a feed.
const MOST_CHARACTERS: usize = 128;

/// Gives a calendar.
#[utoipa::path(get, path = "/feeds/{name}", tag = "questions", params(
    ("name" = String, Path, description = "The feed's secret, and `.ics`"),
), responses(
    (status = 200, description = "The calendar", body = String, content_type = "text/calendar"),
    (status = 304, description = "It is as it was"),
    (status = 404, description = "There is no such feed, or it was revoked"),
    (status = 401, description = "The account has to sign in again", body = ProblemBody),
    (status = 429, description = "Too often; `Retry-After` says when to come back", body = ProblemBody),
    (status = 502, description = "The school answers nothing that makes sense", body = ProblemBody),
    (status = 503, description = "The school is closed", body = ProblemBody),
))]
pub(crate) async fn send(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    app.counters.question(from)?;
    let secret = name.as_ref().ok().and_then(|name| name.strip_suffix(".ics"));
    let Some(secret) = secret.filter(|secret| secret.len() <= MOST_CHARACTERS) else { return Ok(not_found().await) };
    let calendar = app.viewers.feed(secret).await.map_err(|error| Problem::of_gateway(&error, app.now()))?;
    let Some(calendar) = calendar else { return Ok(not_found().await) };
    let tag = tag(&calendar);
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|line| names(line, &tag));
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { (StatusCode::OK, calendar).into_response() };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=0, must-revalidate"));
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    if !known {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    }
    Ok(response)
}

/// What tells this calendar from another.
fn tag(calendar: &str) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest(&SHA256, calendar.as_bytes()).as_ref()[..15]))
}

fn names(line: &HeaderValue, tag: &str) -> bool {
    let mut tags = line.to_str().unwrap_or_default().split(',').map(str::trim);
    tags.any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_tags_may_be_weak_or_several() {
        let names = |line: &'static str| names(&HeaderValue::from_static(line), "\"a\"");
        assert!(names("\"a\"") && names("W/\"a\"") && names("\"b\", \"a\"") && names("*"));
        assert!(!names("\"b\"") && !names("a"));
    }
}
