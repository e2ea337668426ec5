//! Answers: one thing with its tag, a list, or nothing.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use board::tag;
use serde::Serialize;
use utoipa::ToSchema;

use super::condition::Known;
use crate::problem::Problem;

/// What a route answers.
pub(super) type Answer = Result<Response, Problem>;

/// Some of a list.
#[derive(Serialize, ToSchema)]
pub(super) struct List<T> {
    /// What is there.
    pub(super) items: Vec<T>,
    /// What `cursor` to ask with for what follows; nothing when this is the end.
    pub(super) next: Option<String>,
}

impl<T: Serialize> List<T> {
    pub(super) fn answer(&self) -> Answer {
        Ok(json(StatusCode::OK, self))
    }

    /// A list that is given whole.
    pub(super) fn whole(items: Vec<T>) -> Self {
        List { items, next: None }
    }
}

/// A thing without a tag.
pub(super) fn json(status: StatusCode, thing: &impl Serialize) -> Response {
    // Nothing that is answered has anything in it that JSON has not.
    let text = serde_json::to_vec(thing).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

/// Something that was read, unless the client has it already.
pub(super) fn read(known: &Known, thing: &impl Serialize) -> Answer {
    read_as(known, &tag(thing), thing)
}

/// The same, where the tag is that of something else.
pub(super) fn read_as(known: &Known, tag: &str, thing: &impl Serialize) -> Answer {
    let response = if known.has(tag) { StatusCode::NOT_MODIFIED.into_response() } else { json(StatusCode::OK, thing) };
    Ok(tagged(response, tag))
}

/// Something as it is after it was written.
pub(super) fn written(thing: &impl Serialize) -> Answer {
    Ok(tagged(json(StatusCode::OK, thing), &tag(thing)))
}

/// Something that was not there before, and where it is.
pub(super) fn created(location: &str, thing: &impl Serialize) -> Answer {
    let mut response = tagged(json(StatusCode::CREATED, thing), &tag(thing));
    locate(response.headers_mut(), location);
    Ok(response)
}

/// Says where something is.
pub(super) fn locate(headers: &mut HeaderMap, location: &str) {
    if let Ok(location) = location.parse() {
        headers.insert(header::LOCATION, location);
    }
}

/// That something is done, and there is nothing to say about it.
pub(super) fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// An answer with the tag of what it shows. A client may keep it, and asks whether it still holds.
pub(super) fn tagged(mut response: Response, tag: &str) -> Response {
    let headers = response.headers_mut();
    if let Ok(tag) = format!("\"{tag}\"").parse() {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    response
}
