//! The doors of chat platforms: where they post what was written to the bot.
//!
//! VK posts to `/index.php`, as it always did, or to that of one class; Telegram to `/telegram`.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use bots::CallbackAnswer;
use bytes::BytesMut;

use crate::App;
use crate::receive::{self, Unreceived};

/// The most bytes of an event: a message with all that hangs on it.
const MOST_BYTES: usize = 1 << 20;

/// Its routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/index.php", post(vk))
        .route("/c/{class}/index.php", post(vk))
        .route("/telegram", post(telegram))
}

async fn vk(State(app): State<Arc<App>>, class: Option<Path<String>>, request: Request) -> Response {
    let Some(bots) = &app.bots else { return answer(&CallbackAnswer::Absent) };
    let class = match class {
        Some(Path(slug)) => match app.board.class_id(Some(&slug)).await {
            Ok(class) => Some(class),
            Err(board::Error::Missing(_)) => return answer(&CallbackAnswer::Absent),
            Err(error) => return crate::problem::Problem::from(error).into_response(),
        },
        None => None,
    };
    let (head, body) = request.into_parts();
    let retry = number(&head.headers, "x-retry-counter");
    match receive(body, &app).await {
        Ok(event) => answer(&bots.vk_callback(&event, retry, class).await),
        Err(status) => status.into_response(),
    }
}

async fn telegram(State(app): State<Arc<App>>, request: Request) -> Response {
    let Some(bots) = &app.bots else { return answer(&CallbackAnswer::Absent) };
    let (head, body) = request.into_parts();
    let secret = head.headers.get("x-telegram-bot-api-secret-token").map(HeaderValue::as_bytes);
    match receive(body, &app).await {
        Ok(update) => answer(&bots.telegram_webhook(&update, secret).await),
        Err(status) => status.into_response(),
    }
}

async fn receive(body: Body, app: &App) -> Result<BytesMut, StatusCode> {
    receive::whole(body, MOST_BYTES, app).await.map_err(|unreceived| match unreceived {
        Unreceived::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Unreceived::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Unreceived::CutShort => StatusCode::BAD_REQUEST,
    })
}

fn number(headers: &HeaderMap, name: &str) -> Option<u32> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

fn answer(answer: &CallbackAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body().to_owned()).into_response();
    if let CallbackAnswer::Later(wait) = answer {
        response.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
    }
    response
}
