//! What went wrong in a resolver, as an error of the answer: the one place where its text and code are decided.

use async_graphql::{Error, ErrorExtensions as _};
use gateway::{Unanswered, Unchanged};
use pronote::Cause;
use pronote::protocol::page::Closed;

use crate::numbered::{BANNED, CLOSED, EXPIRED, RATE_LIMITED, SCHOOL, WRONG_CREDENTIALS};

/// Why a field has no value.
///
/// A field that may be null gives an `Option<Result<_, Failure>>`: then only it is null. With a `Result<Option<_>, _>`
/// everything around it would be null too.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// The school, the network, the pace, or a name the school does not know.
    Unanswered(Unanswered),
    /// What was to be changed was not, or what was asked for by its key is gone.
    Unchanged(Unchanged),
    /// The account has as many calendars as it may have.
    TooManyFeeds,
    /// Something of ours does not work.
    Internal,
    /// An argument that makes no sense.
    BadInput {
        /// The argument's name.
        argument: &'static str,
        /// What it should be.
        expected: &'static str,
    },
}

impl From<Unanswered> for Failure {
    fn from(error: Unanswered) -> Self {
        Failure::Unanswered(error)
    }
}

impl From<Unchanged> for Failure {
    fn from(error: Unchanged) -> Self {
        match error {
            Unchanged::Unanswered(error) => Failure::Unanswered(error),
            error => Failure::Unchanged(error),
        }
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::BadInput { argument, expected } => {
                coded(format!("Invalid value for the argument '{argument}': expected {expected}"), "BAD_USER_INPUT")
            }
            Failure::TooManyFeeds => {
                coded("This account has as many calendars as it may: revoke one", "TOO_MANY_FEEDS")
            }
            Failure::Internal => coded("Internal error", "INTERNAL"),
            Failure::Unchanged(error) => {
                let code = match &error {
                    Unchanged::ReadOnly => "READ_ONLY",
                    Unchanged::Gone { .. } => "STALE_KEY",
                    Unchanged::Unfit(_) | Unchanged::Unanswered(_) => "BAD_USER_INPUT",
                };
                coded(error.to_string(), code)
            }
            Failure::Unanswered(Unanswered::Pronote(error)) => of_cause(&error.cause),
            Failure::Unanswered(unknown @ Unanswered::UnknownStudent(_)) => {
                coded(unknown.to_string(), "UNKNOWN_STUDENT")
            }
            Failure::Unanswered(unknown) => coded(unknown.to_string(), "BAD_USER_INPUT"),
        }
    }
}

fn coded(message: impl Into<String>, code: &'static str) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", code))
}

/// What clients have always had to match for an error that PRONOTE numbers, and the number beside it.
fn numbered((number, text): (i32, &str), code: &'static str) -> Error {
    let text = serde_json::Value::from(text);
    Error::new(format!("Unexpected error value: {{ code: {number}, message: {text} }}")).extend_with(|_, extensions| {
        extensions.set("code", code);
        extensions.set("pronoteCode", number);
    })
}

/// Nothing here tells an address, a path, or anything of the school's server but its own title of an error.
fn of_cause(cause: &Cause) -> Error {
    match cause {
        Cause::Closed(Closed::Suspended) => numbered(BANNED, "BANNED"),
        Cause::Refused(_) | Cause::Unopened(_) => numbered(WRONG_CREDENTIALS, "UNAUTHENTICATED"),
        Cause::StaleIdentifiers => {
            coded("The session was renewed meanwhile, and nothing was changed: ask again", "STALE_KEY")
        }
        Cause::SaveRefused(_) => coded(cause.to_string(), "SAVE_REFUSED"),
        Cause::Expired | Cause::StepNeeded => numbered(EXPIRED, "SESSION_EXPIRED"),
        Cause::RateLimited => numbered(RATE_LIMITED, "RATE_LIMITED"),
        Cause::Closed(_) => numbered(CLOSED, "CLOSED"),
        Cause::Server { title, .. } => numbered((SCHOOL, title), "UPSTREAM_ERROR"),
        Cause::Paused(paused) => coded(paused.to_string(), "RATE_LIMITED"),
        Cause::Transport(_) | Cause::Status(_) => {
            coded("The server of the school could not be reached", "UPSTREAM_UNREACHABLE")
        }
        Cause::NoTab => coded("This account does not have this page", "TAB_UNAVAILABLE"),
        Cause::ReadOnly => coded(Unchanged::ReadOnly.to_string(), "READ_ONLY"),
        Cause::NoChild => coded("Unknown student", "UNKNOWN_STUDENT"),
        Cause::StepRefused(_) | Cause::Denied => coded(cause.to_string(), "UPSTREAM_ERROR"),
        Cause::Unreadable(_) | Cause::Mismatch(_) | Cause::Malformed(_) | Cause::StillWaiting(_) => {
            numbered((SCHOOL, &cause.to_string()), "UPSTREAM_ERROR")
        }
        _ => coded("Internal error", "INTERNAL"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cause: Cause) -> serde_json::Value {
        let error = of_cause(&cause).into_server_error(async_graphql::Pos::default());
        serde_json::json!({ "message": error.message, "extensions": error.extensions })
    }

    #[test]
    fn an_error_that_pronote_numbers_keeps_its_old_text_and_gains_a_code() {
        let told = told(Cause::Expired);
        assert_eq!(
            told["message"],
            r#"Unexpected error value: { code: 5, message: "Session has expired due to inactivity or error" }"#
        );
        assert_eq!(told["extensions"], serde_json::json!({ "code": "SESSION_EXPIRED", "pronoteCode": 5 }));
    }

    #[test]
    fn the_title_of_the_server_is_told_and_nothing_else_of_it() {
        let told = told(Cause::Server { code: 22, title: "Erreur \"x\"".into() });
        assert_eq!(told["message"], r#"Unexpected error value: { code: -1, message: "Erreur \"x\"" }"#);
        assert_eq!(told["extensions"]["pronoteCode"], -1);
        let unknown: Error = Failure::from(Unanswered::UnknownStudent("nobody".into())).into();
        assert_eq!(unknown.message, "Unknown student 'nobody'");
    }
}
