//! What is answered when nothing can be answered (`card.md`, section 1.3), and the headers of every answer.

use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, REFERRER_POLICY, RETRY_AFTER,
    WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The token is missing, wrong, or for something else.
    Unauthorized,
    /// The address is not one that may ask.
    Forbidden,
    /// There is only reading here.
    Method,
    /// It was too often; how long to wait.
    TooMany(Duration),
    /// What is asked for cannot be made like that.
    BadRequest,
    /// There is nothing here.
    NotFound,
    /// It is our fault.
    Internal,
}

impl Problem {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Problem::Unauthorized => StatusCode::UNAUTHORIZED,
            Problem::Forbidden => StatusCode::FORBIDDEN,
            Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
            Problem::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Problem::BadRequest => StatusCode::BAD_REQUEST,
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Its name, in answers and in the audit.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Problem::Unauthorized => "unauthorized",
            Problem::Forbidden => "forbidden",
            Problem::Method => "method_not_allowed",
            Problem::TooMany(_) => "too_many_requests",
            Problem::BadRequest => "bad_request",
            Problem::NotFound => "not_found",
            Problem::Internal => "internal_error",
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = format!(r#"{{"error":"{}"}}"#, self.name());
        let mut response = (self.status(), [(CONTENT_TYPE, card::answer::CONTENT_TYPE)], body).into_response();
        let headers = response.headers_mut();
        match self {
            Problem::Unauthorized => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Problem::Method => {
                headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            Problem::TooMany(wait) => {
                // Rounded up: whoever comes back then is let in.
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                headers.insert(RETRY_AFTER, seconds.max(1).into());
            }
            Problem::Forbidden | Problem::BadRequest | Problem::NotFound | Problem::Internal => {}
        }
        response
    }
}

/// Sends every answer with the headers that keep it where it belongs.
pub(crate) async fn careful(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.remove(ETAG);
    headers.remove(ACCESS_CONTROL_ALLOW_ORIGIN);
    response
}
