//! The control port: modes, the passing of time and the journal, for tests in other languages.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{RawQuery, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Trap;
use super::asked::Pairs;
use super::state::State;

/// Serves until told to stop.
pub(super) async fn run(listener: TcpListener, state: Arc<State>, stop: CancellationToken) {
    let router = Router::new()
        .route("/reset", post(reset))
        .route("/idp", post(idp))
        .route("/school", post(school))
        .route("/trap", post(trap))
        .route("/pass", post(pass))
        .route("/journal", get(journal))
        .route("/violations", get(violations))
        .with_state(state);
    if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
        tracing::error!(%error, "The control port of the emulated portals stopped");
    }
}

async fn reset(Shared(state): Shared<Arc<State>>) {
    state.reset();
}

async fn idp(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Response {
    let query = pairs(query);
    match query.get("mode").unwrap_or_default().parse() {
        Ok(mode) => state.set_idp(mode),
        Err(error) => return refuse(&error.to_string()),
    }
    StatusCode::OK.into_response()
}

async fn school(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Response {
    let query = pairs(query);
    let portal = query.get("portal").unwrap_or_default();
    if state.place(portal).is_none() {
        return refuse("no such portal");
    }
    match query.get("mode").unwrap_or_default().parse() {
        Ok(mode) => state.set_school(portal, mode),
        Err(error) => return refuse(&error.to_string()),
    }
    StatusCode::OK.into_response()
}

async fn trap(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Response {
    match pairs(query).filled("kind").map(str::parse::<Trap>).transpose() {
        Ok(trap) => state.set_trap(trap),
        Err(error) => return refuse(&error.to_string()),
    }
    StatusCode::OK.into_response()
}

async fn pass(Shared(state): Shared<Arc<State>>, RawQuery(query): RawQuery) -> Response {
    match pairs(query).get("seconds").unwrap_or_default().parse() {
        Ok(seconds) => state.watch.pass(Duration::from_secs(seconds)),
        Err(_) => return refuse("seconds is a whole number"),
    }
    StatusCode::OK.into_response()
}

async fn journal(Shared(state): Shared<Arc<State>>) -> Response {
    Json(state.journal.visits()).into_response()
}

async fn violations(Shared(state): Shared<Arc<State>>) -> Response {
    Json(state.journal.violations()).into_response()
}

fn pairs(query: Option<String>) -> Pairs {
    Pairs::read(query.unwrap_or_default().as_bytes())
}

fn refuse(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, format!("{why}\n")).into_response()
}
