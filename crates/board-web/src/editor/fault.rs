//! Why a page cannot be shown, and the page that says so. It never shows internals.

use std::sync::Arc;

use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use board::Error;

use super::{sign_in, words};
use crate::editor::page::page;

/// Why a page cannot be shown.
#[derive(Debug)]
pub(crate) enum Fault {
    /// There is no such page, or not for whoever asks.
    Missing,
    /// It takes a role they have not.
    Forbidden,
    /// The form was not sent from a page of ours, or from one of another session.
    Foreign,
    /// The form is larger than any that can be kept.
    Large,
    /// Nobody is signed in.
    SignedOut(sign_in::Wanted),
    /// The browser came from another site and kept its cookie to itself: it is sent on to the same page.
    Outside(String),
    /// The board did not do it.
    Board(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Forbidden => Fault::Forbidden,
            Error::Missing(_) => Fault::Missing,
            error => Fault::Board(error),
        }
    }
}

/// A fault on its way to where the language is known.
#[derive(Clone)]
pub(crate) struct Raised(Arc<Fault>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Raised::from(self));
        response
    }
}

impl From<Fault> for Raised {
    fn from(fault: Fault) -> Self {
        Raised(Arc::new(fault))
    }
}

impl Raised {
    /// The page that says it.
    pub(crate) fn page(&self, asked: &HeaderMap) -> Response {
        let language = words::language(asked);
        let problem = |status: StatusCode, title: &str, text: &str, seconds: Option<u64>| {
            let (title, text) = (words::say(language, title, &[]), words::say(language, text, &[]));
            let context = minijinja::context! { title, text, again => None::<String> };
            let mut response = page(language, status, "problem.html", context);
            if let Some(seconds) = seconds {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            }
            response
        };
        match &*self.0 {
            Fault::Missing => {
                problem(StatusCode::NOT_FOUND, "editor-problem-missing", "editor-problem-missing-text", None)
            }
            Fault::Forbidden => {
                problem(StatusCode::FORBIDDEN, "editor-problem-forbidden", "editor-problem-forbidden-text", None)
            }
            Fault::Foreign => {
                problem(StatusCode::FORBIDDEN, "editor-problem-foreign", "editor-problem-foreign-text", None)
            }
            Fault::Large => {
                problem(StatusCode::PAYLOAD_TOO_LARGE, "editor-problem-large", "editor-problem-large-text", None)
            }
            Fault::SignedOut(wanted) => sign_in::ask(asked, wanted),
            Fault::Outside(address) => {
                let title = words::say(language, "editor-outside", &[]);
                let context = minijinja::context! { title, text => "", again => address };
                page(language, StatusCode::OK, "problem.html", context)
            }
            Fault::Board(Error::Busy | Error::TooManyTries(_)) => {
                problem(StatusCode::SERVICE_UNAVAILABLE, "editor-problem-busy", "editor-problem-busy-text", Some(2))
            }
            Fault::Board(error) => {
                tracing::error!(error = error as &dyn std::error::Error, "The class board could not do what was asked");
                problem(StatusCode::SERVICE_UNAVAILABLE, "editor-problem-failed", "editor-problem-failed-text", Some(5))
            }
        }
    }
}

/// Sends a browser on to another page.
pub(crate) fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/board/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
