//! What went wrong, as RFC 9457 tells it: `application/problem+json` with the status that fits, and nothing of ours in
//! it.

use std::borrow::Cow;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use board::{Error, KeyFault};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// When to come back to a board that is too busy.
const BUSY_SECONDS: u64 = 2;
/// When to come back to a database that fails.
const FAILED_SECONDS: u64 = 10;

/// A request that failed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// What went wrong this time, for people.
    pub(crate) detail: Cow<'static, str>,
    /// The number that clients of the old face know it by, if there is one.
    pub(crate) code: Option<u8>,
    /// What exactly is wrong with what was sent.
    pub(crate) faults: Vec<Fault>,
    /// Seconds after which trying again may help.
    pub(crate) retry_after: Option<u64>,
    /// What a thing is now that was changed meanwhile.
    pub(crate) current: Option<Value>,
}

/// Something that is wrong with what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Fault {
    /// Where, as a JSON pointer into the body.
    pub(crate) pointer: String,
    /// What is wrong.
    pub(crate) message: String,
}

/// The body of a failed request.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// Always `about:blank`: the status says what kind of problem it is.
    r#type: &'static str,
    /// The name of the status.
    title: &'a str,
    /// The status.
    status: u16,
    /// What went wrong this time, for people.
    detail: &'a str,
    /// The number that clients of the old face know it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u8>,
    /// What exactly is wrong with what was sent.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    faults: &'a [Fault],
    /// What the thing is now that was changed meanwhile; `null` when it is gone. With status 412 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<&'a Value>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        Problem { status, detail, code: None, faults: Vec::new(), retry_after: None, current: None }
    }

    /// The same, with the number of the old face.
    pub(crate) fn code(self, code: u8) -> Self {
        Problem { code: Some(code), ..self }
    }

    /// The same, with when to come back.
    pub(crate) fn after(self, seconds: u64) -> Self {
        Problem { retry_after: Some(seconds), ..self }
    }

    /// The same, about something that stands below a place of the body.
    pub(crate) fn below(mut self, place: &str) -> Self {
        for fault in &mut self.faults {
            fault.pointer.insert_str(0, place);
        }
        self
    }

    /// Something is wrong with what was sent, in one place or several.
    pub(crate) fn invalid(faults: Vec<Fault>) -> Self {
        let detail = "the body is not as it has to be";
        Problem { faults, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail).code(7) }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        match error {
            Error::Unreachable(_) => {
                tracing::error!(error = &error as &dyn std::error::Error, "The class board has no database");
                let detail = "the database cannot be reached";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).code(1).after(FAILED_SECONDS)
            }
            Error::Database(..) => {
                tracing::error!(error = &error as &dyn std::error::Error, "The database of the class board failed");
                let detail = "the database did not carry it out";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).code(2).after(FAILED_SECONDS)
            }
            Error::Folder(..) | Error::Damaged(_) | Error::TooNew | Error::NoRandomness => {
                tracing::error!(error = &error as &dyn std::error::Error, "The class board failed");
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error").code(2)
            }
            Error::WrongPassword => Problem::new(StatusCode::UNAUTHORIZED, detail).code(3),
            Error::Disabled => Problem::new(StatusCode::FORBIDDEN, detail),
            Error::Forbidden => Problem::new(StatusCode::FORBIDDEN, detail).code(9),
            Error::TooManyTries(wait) => {
                Problem::new(StatusCode::TOO_MANY_REQUESTS, detail).code(3).after(wait.as_secs().max(1))
            }
            Error::Busy => Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).after(BUSY_SECONDS),
            Error::Missing(_) => Problem::new(StatusCode::NOT_FOUND, detail),
            Error::Taken(_) => Problem::new(StatusCode::CONFLICT, detail),
            Error::Invalid { pointer, message } => {
                Problem::invalid(vec![Fault { pointer: pointer.to_owned(), message }])
            }
            Error::Stale { current } => {
                let current = Some(current.unwrap_or(Value::Null));
                Problem { current, ..Problem::new(StatusCode::PRECONDITION_FAILED, detail) }
            }
        }
    }
}

impl From<KeyFault> for Problem {
    fn from(fault: KeyFault) -> Self {
        match fault {
            KeyFault::Unknown => Problem::new(StatusCode::UNAUTHORIZED, "the key is unknown").code(4),
            KeyFault::Expired => Problem::new(StatusCode::UNAUTHORIZED, "the key has expired").code(5),
            KeyFault::Failed(error) => error.into(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: &self.detail,
            code: self.code,
            faults: &self.faults,
            current: self.current.as_ref(),
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let mut response = (self.status, [(header::CONTENT_TYPE, "application/problem+json")], text).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;

    async fn told(problem: impl Into<Problem>) -> (u16, Value, Option<u64>) {
        let response = problem.into().into_response();
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let retry = response.headers().get("retry-after").map(|seconds| seconds.to_str().unwrap().parse().unwrap());
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap(), retry)
    }

    #[tokio::test]
    async fn a_fault_says_where_it_is() {
        let message = "it is too long".to_owned();
        let (status, body, _) = told(Error::Invalid { pointer: "/name", message }).await;
        assert_eq!(status, 422);
        assert_eq!(
            body,
            json!({
                "type": "about:blank", "title": "Unprocessable Entity", "status": 422, "code": 7,
                "detail": "the body is not as it has to be",
                "faults": [{"pointer": "/name", "message": "it is too long"}],
            })
        );
    }

    #[tokio::test]
    async fn what_was_changed_meanwhile_is_shown() {
        let (status, body, _) = told(Error::Stale { current: Some(json!({"text": "new"})) }).await;
        assert_eq!((status, &body["current"]), (412, &json!({"text": "new"})));
        let (_, body, _) = told(Error::Stale { current: None }).await;
        assert_eq!(body.get("current"), Some(&Value::Null));
    }

    #[tokio::test]
    async fn too_many_tries_say_how_long_to_wait() {
        let (status, body, retry) = told(Error::TooManyTries(std::time::Duration::from_secs(30))).await;
        assert_eq!((status, retry), (429, Some(30)));
        assert_eq!(body["detail"], "too many wrong passwords; try again in 30 seconds");
    }

    #[tokio::test]
    async fn what_is_damaged_stays_among_us() {
        let (status, body, _) = told(Error::Damaged("users: secret".to_owned())).await;
        assert_eq!((status, &body["detail"]), (500, &json!("internal error")));
    }
}
