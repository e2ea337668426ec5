//! Whether the board can be asked.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::{self, Answer};
use crate::App;

/// How the board is.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Always `ready`: when its database does not answer, the status is 503.
    status: &'static str,
}

/// Whether the board's database answers.
#[utoipa::path(get, path = "/health", tag = "server", security(()), responses((status = 200, description = "It does", body = Health)))]
pub(super) async fn show(State(app): State<Arc<App>>) -> Answer {
    app.board.probe().await?;
    Ok(answer::json(StatusCode::OK, &Health { status: "ready" }))
}
