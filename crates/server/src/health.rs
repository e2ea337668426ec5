//! `GET /health`: whether the server lives, and how busy it is.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::json;

/// How the server is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Health {
    /// Always `ok`: a server that is not answers nothing.
    status: &'static str,
    /// The version of Cartable.
    version: &'static str,
    /// For how long it has run.
    uptime_seconds: u64,
    /// The tokens that are good.
    tokens: usize,
    /// The connections open.
    connections: usize,
}

/// Says that the server lives.
#[utoipa::path(get, path = "/health", tag = "server", responses((status = 200, description = "It lives", body = Health)))]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Response {
    json(&Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: app.started.elapsed().as_secs(),
        tokens: app.viewers.census().tokens,
        connections: app.seats.taken(),
    })
}
