//! `GET /openapi.json`: what every door takes and gives.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use utoipa::OpenApi;

use crate::problem::{JSON, ProblemBody};
use crate::{ask, auth, documents, feeds, files, health, metrics, portals, uploads};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cartable",
        description = "The school information of an account, by GraphQL. A sign-in gives a token; the token asks questions.",
        license(name = "MIT OR Apache-2.0")
    ),
    paths(
        auth::login,
        auth::login_with_qr_code,
        auth::login_with_token,
        auth::go_on,
        auth::logout,
        portals::list,
        ask::answer,
        files::send,
        feeds::send,
        uploads::hand_in,
        documents::schema,
        show,
        health::show,
        metrics::show,
    ),
    components(schemas(auth::NeededItem, auth::Opened, auth::Continue, portals::Listed, ProblemBody))
)]
struct Document;

/// The description of every route, as OpenAPI.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// Gives this description.
#[utoipa::path(get, path = "/openapi.json", tag = "server", responses((status = 200, description = "This document", body = inline(serde_json::Value))))]
pub(crate) async fn show() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| openapi().to_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, JSON)], TEXT.as_str()).into_response()
}
