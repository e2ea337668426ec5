//! `GET /schema/…`: the GraphQL schema of each kind of account, as text.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use gateway::Role;

use crate::app::{App, not_found};

/// Gives the schema of a kind of account.
#[utoipa::path(get, path = "/schema/{name}", tag = "questions", params(
    ("name" = String, Path, description = "`student`, `parent`, `teacher` or `school-life`, and `.graphql`", example = "student.graphql"),
), responses(
    (status = 200, description = "The schema", body = String, content_type = "text/plain"),
    (status = 404, description = "There is no such kind of account"),
))]
pub(crate) async fn schema(State(app): State<Arc<App>>, name: Result<Path<String>, PathRejection>) -> Response {
    let role = match name.as_ref().map(|name| name.as_str()) {
        Ok("student.graphql") => Role::Student,
        Ok("parent.graphql") => Role::Parent,
        Ok("teacher.graphql") => Role::Teacher,
        Ok("school-life.graphql") => Role::SchoolLife,
        _ => return not_found().await,
    };
    ([(header::CACHE_CONTROL, "public, max-age=3600")], app.schemas.sdl(role)).into_response()
}
