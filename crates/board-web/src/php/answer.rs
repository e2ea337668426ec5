//! Answers, and refusals: an error is an answer like any other, with status 200, since the original's clients look no
//! further when it is not (`board-api.md`, sections 2 and 4).

use std::borrow::Cow;

use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use board::{Error, KeyFault};
use serde::Serialize;

/// When to come back to a board at which too many sign in.
const BUSY_SECONDS: u64 = 2;

/// An answer, as JSON.
pub(super) fn json(answer: &impl Serialize) -> Response {
    // Nothing that is answered has anything in it that JSON has not.
    let text = serde_json::to_vec(answer).unwrap_or_default();
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

/// A request that is refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    /// What it is to a program.
    code: u8,
    /// What it is to a person; the original's clients show it.
    text: Cow<'static, str>,
    retry_after: Option<u64>,
    allow: Option<&'static str>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    errorcode: u8,
}

impl Refusal {
    pub(super) const WRONG_PASSWORD: Self = Self::new(3, "Incorrect login or password");
    pub(super) const WRONG_KEY: Self = Self::new(4, "Key is invalid for this IP address");
    const EXPIRED_KEY: Self = Self::new(5, "Key is expired");
    pub(super) const NO_PASSWORD: Self = Self::new(6, "Authorisation data is missing");
    pub(super) const PARAMETERS: Self = Self::new(7, "Parameters are invalid");
    pub(super) const NO_SUBJECT: Self = Self::new(7, "Subject with this ID does not exist");
    pub(super) const OWN_USER: Self = Self::new(7, "You can not delete your own user");
    pub(super) const FORBIDDEN: Self = Self::new(9, "Method can not be executed by this user");
    pub(super) const NO_CLASS: Self = Self::with(StatusCode::NOT_FOUND, 7, "There is no such class");
    pub(super) const TOO_LARGE: Self = Self::with(StatusCode::PAYLOAD_TOO_LARGE, 7, "The body is over 8 MiB");
    pub(super) const TOO_SLOW: Self = Self::with(StatusCode::REQUEST_TIMEOUT, 7, "The body takes too long");

    const fn new(code: u8, text: &'static str) -> Self {
        Self::with(StatusCode::OK, code, text)
    }

    const fn with(status: StatusCode, code: u8, text: &'static str) -> Self {
        Refusal { status, code, text: Cow::Borrowed(text), retry_after: None, allow: None }
    }

    /// The body is an object, but not one that will do.
    pub(super) fn invalid(messages: String) -> Self {
        Refusal { text: messages.into(), ..Refusal::PARAMETERS }
    }

    /// The method is called by another method of HTTP.
    pub(super) fn not_by(allowed: &Method) -> Self {
        let (allow, text) = match *allowed {
            Method::GET => ("GET, HEAD", "This method is called by GET"),
            _ => ("POST", "This method is called by POST"),
        };
        Refusal { allow: Some(allow), ..Refusal::with(StatusCode::METHOD_NOT_ALLOWED, 7, text) }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Unreachable(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "The class board has no database");
                Refusal::new(1, "Failed to connect to database")
            }
            Error::Database(..) | Error::Folder(..) | Error::Damaged(_) | Error::TooNew | Error::NoRandomness => {
                tracing::error!(error = &error as &dyn std::error::Error, "The class board failed");
                Refusal::new(2, "Failed to execute SQL query")
            }
            Error::WrongPassword | Error::Disabled => Refusal::WRONG_PASSWORD,
            Error::TooManyTries(wait) => {
                let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                let text = format!("Too many wrong passwords, try again in {seconds} seconds");
                Refusal { text: text.into(), retry_after: Some(seconds), ..Refusal::WRONG_PASSWORD }
            }
            Error::Busy => {
                let text = "Too many sign in at this moment, try again soon";
                Refusal { retry_after: Some(BUSY_SECONDS), ..Refusal::new(2, text) }
            }
            Error::Forbidden => Refusal::FORBIDDEN,
            Error::Invalid { message, .. } => Refusal::invalid(format!("Failed to validate parameters: {message}")),
            Error::Missing("class") => Refusal::NO_CLASS,
            // What else may be missing, taken or stale is told apart where it is asked for.
            Error::Missing(_) | Error::Taken(_) | Error::Stale { .. } => Refusal::PARAMETERS,
        }
    }
}

impl From<KeyFault> for Refusal {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Unknown => Refusal::WRONG_KEY,
            KeyFault::Expired => Refusal::EXPIRED_KEY,
            KeyFault::Failed(error) => error.into(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = json(&Body { error: &self.text, errorcode: self.code });
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn too_many_tries_say_how_long_to_wait() {
        let refusal = Refusal::from(Error::TooManyTries(Duration::from_millis(7001)));
        assert_eq!((refusal.code, refusal.retry_after), (3, Some(8)));
        assert_eq!(refusal.text, "Too many wrong passwords, try again in 8 seconds");
    }

    #[test]
    fn what_goes_wrong_among_us_is_a_number_only() {
        let refusal = Refusal::from(Error::Damaged("users: secret".to_owned()));
        assert_eq!((refusal.status, refusal.code), (StatusCode::OK, 2));
        assert_eq!(refusal.text, "Failed to execute SQL query");
    }
}
