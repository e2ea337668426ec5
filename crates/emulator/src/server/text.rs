//! Plain HTTP answers.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use pronote::protocol::envelope::ascii;
use serde_json::Value;

/// JSON in pure ASCII, as every client reads it (protocol §3.3).
pub(super) fn json(value: &Value) -> Response {
    raw_json(Bytes::from(ascii(&value.to_string())))
}

/// JSON that is written already.
pub(super) fn raw_json(body: Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], body).into_response()
}

/// A status and its name.
pub(super) fn status(status: StatusCode) -> Response {
    (status, status.canonical_reason().unwrap_or_default()).into_response()
}

/// The answer, of which only the first half arrives before the connection breaks.
pub(super) fn truncated(body: &Bytes) -> Response {
    broken(body.slice(..body.len() / 2), body.len())
}

/// Nothing: the connection breaks.
pub(super) fn dropped() -> Response {
    broken(Bytes::new(), 1)
}

/// Promises `length` bytes, sends fewer, and fails, which makes the server close the connection.
fn broken(sent: Bytes, length: usize) -> Response {
    let parts = [Ok(sent), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
    let body = Body::from_stream(stream::iter(parts));
    ([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_LENGTH, length.to_string())], body)
        .into_response()
}
