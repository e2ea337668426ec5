//! The new face: resources below `/api/v2`, in JSON, with the statuses and conditions of HTTP (`board-api.md`, section 18).
//!
//! ```text
//! caller.rs     who asks, about which class, and whether they may
//! body.rs       what is sent        judge.rs     whether it is as its schema says     query.rs    queries; lists in parts
//! condition.rs  If-Match, If-None-Match          patch.rs    changes to some members
//! answer.rs     what is answered    openapi.rs   the description of it all            shape.rs    the forms of what a board holds
//! ```
//!
//! The other files are one resource each. What goes wrong is a [`Problem`].

mod answer;
mod assignments;
mod audit;
mod body;
mod bots;
mod caller;
mod changes;
mod classes;
mod condition;
mod days;
mod documents;
mod health;
mod judge;
mod openapi;
mod patch;
mod pronote;
mod query;
mod sessions;
mod shape;
mod subjects;
mod timetables;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{any, delete, get, post};
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::problem::Problem;
use crate::{App, RequestId};

/// The header that names a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The longest name that a client may give to its request.
const LONGEST_ID: usize = 64;

/// Its routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    let of_class = Router::new()
        .route("/", get(classes::show).patch(classes::change))
        .route("/code", post(classes::renew_code))
        .route("/settings", get(classes::settings).patch(classes::set))
        .route("/subjects", get(subjects::list).post(subjects::add))
        .route("/subjects/{subject}", get(subjects::show).patch(subjects::change).delete(subjects::remove))
        .route("/timetables", get(timetables::list).post(timetables::add))
        .route("/timetables/undated", get(timetables::undated).put(timetables::set_undated))
        .route("/timetables/current", get(timetables::current))
        .route("/timetables/{timetable}", get(timetables::show).put(timetables::set).delete(timetables::remove))
        .route("/changes", get(changes::list))
        .route("/changes/undated", get(changes::undated).put(changes::set_undated))
        .route("/changes/{date}", get(changes::show).put(changes::set).delete(changes::remove))
        .route("/assignments", get(assignments::list).post(assignments::give))
        .route(
            "/assignments/{assignment}",
            get(assignments::show).patch(assignments::change).delete(assignments::remove),
        )
        .route("/days/{date}", get(days::show))
        .route("/bot/preview", post(bots::preview))
        .route("/chats", get(bots::chats))
        .route("/chats/{platform}/{peer}", delete(bots::unbind))
        .route("/pronote", get(pronote::show).put(pronote::bind).delete(pronote::unbind))
        .route("/export", get(documents::export))
        .route("/import", post(documents::import));
    let routes = Router::new()
        .route("/sessions", get(sessions::list).post(sessions::sign_in))
        .route("/sessions/current", get(sessions::current).delete(sessions::sign_out))
        .route("/sessions/{session}", delete(sessions::end))
        .route("/classes", get(classes::list).post(classes::create))
        .nest("/classes/{class}", of_class)
        .route("/users", get(users::list).post(users::create))
        .route("/users/{user}", get(users::show).patch(users::change).delete(users::remove))
        .route("/users/{user}/password", post(users::set_password))
        .route("/audit", get(audit::list))
        .route("/audit/{entry}", get(audit::show))
        .route("/audit/{entry}/undo", post(audit::undo))
        .route("/bots", get(bots::list))
        .route("/health", get(health::show))
        .route("/openapi.json", get(openapi::show))
        .fallback(nowhere)
        .method_not_allowed_fallback(async || {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "this address does not know the method; `Allow` says which it knows",
            )
        })
        .layer(middleware::from_fn(surround));
    // What is nested does not take its own address with a slash at the end.
    let end = any(nowhere).layer(middleware::from_fn(surround));
    Router::new().nest("/api/v2", routes).route("/api/v2/", end)
}

async fn nowhere() -> Problem {
    caller::nothing_there()
}

/// Around every request: its name, for the history and for whoever asked; and that nothing is kept without asking again.
async fn surround(mut request: Request, next: Next) -> Response {
    let id = match request.extensions().get::<RequestId>() {
        Some(id) => id.clone(),
        None => RequestId(name_of(request.headers().get(REQUEST_ID))),
    };
    let shown = HeaderValue::from_str(&id.0);
    request.extensions_mut().insert(id);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(shown) = shown {
        headers.insert(REQUEST_ID, shown);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// The name of a request: the one that the client gives it, if it is a sane one, or else one of ours.
fn name_of(given: Option<&HeaderValue>) -> String {
    let sane = |id: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        (1..=LONGEST_ID).contains(&id.len()) && id.bytes().all(plain)
    };
    if let Some(id) = given.and_then(|value| value.to_str().ok()).filter(sane) {
        return id.to_owned();
    }
    let mut bytes = [0; 8];
    // It is a name only: without randomness it is the same for all.
    let _ = SystemRandom::new().fill(&mut bytes);
    format!("{:016x}", u64::from_ne_bytes(bytes))
}
