//! What went wrong, as an answer: `{"code":…,"message":…}` with the status that fits, and nothing of ours in it.

mod portal;

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gateway::Unanswered;
use jiff::Timestamp;
use pronote::pace::{Paused, Why};
use pronote::protocol::page::Closed;
use pronote::{Cause, Refusal, Secret};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::numbered::{self, Numbered};

/// A school's code of a login and a secret that do not go together.
const WRONG_SECRET: i64 = 1;
/// When to come back to a school that is closed for a while.
const CLOSED_RETRY_SECONDS: u64 = 300;
/// When to come back after too many requests, when nobody says from when.
const BUSY_RETRY_SECONDS: u64 = 3600;
/// When to come back to a server that has no room for another account.
const FULL_RETRY_SECONDS: u64 = 60;
/// When to come back to a server that may be starting anew.
const STOPPING_RETRY_SECONDS: u64 = 10;

/// A request that failed.
#[derive(Debug, PartialEq)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) code: Option<Code>,
    pub(crate) message: Cow<'static, str>,
    /// Seconds after which trying again may help.
    pub(crate) retry_after: Option<u64>,
    /// What a portal has to do with it.
    pub(crate) portal: Option<Box<portal::AtPortal>>,
}

/// What went wrong, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Code {
    /// A number that clients of `pronote-api` know.
    Known(i32),
    /// A name of our own.
    Ours(&'static str),
}

/// The body of a failed request.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// What went wrong, for programs: a number from -1 to 7, or a name; absent when the message is all there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    /// What went wrong, for people.
    message: &'a str,
    /// What a portal has to do with it, if it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    portal: Option<&'a portal::AtPortal>,
}

/// How a question is turned away before it is looked at.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it documents what is answered")]
pub(crate) enum TurnedAway {
    #[response(status = 401, description = "The token is missing or unknown")]
    Stranger(ProblemBody<'static>),
    #[response(status = 429, description = "Too often; `Retry-After` says when to come back")]
    TooOften(ProblemBody<'static>),
}

impl Problem {
    pub(crate) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Problem { status, code: None, message: message.into(), retry_after: None, portal: None }
    }

    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, message)
    }

    pub(crate) fn unauthorized(message: &'static str) -> Self {
        Problem::new(StatusCode::UNAUTHORIZED, message)
    }

    pub(crate) fn internal() -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal error")
    }

    /// A limit of this server, not of a school.
    pub(crate) fn too_often(retry_after: u64) -> Self {
        let message = "Too many requests, try again later";
        Problem::new(StatusCode::TOO_MANY_REQUESTS, message).ours("TOO_MANY_REQUESTS").after(retry_after)
    }

    pub(crate) fn ours(self, code: &'static str) -> Self {
        Problem { code: Some(Code::Ours(code)), ..self }
    }

    fn known(status: StatusCode, code: i32, message: impl Into<Cow<'static, str>>) -> Self {
        Problem { code: Some(Code::Known(code)), ..Problem::new(status, message) }
    }

    fn numbered(status: StatusCode, (code, message): Numbered) -> Self {
        Problem::known(status, code, message)
    }

    pub(crate) fn after(self, seconds: u64) -> Self {
        Problem { retry_after: Some(seconds), ..self }
    }

    pub(crate) fn unknown_portal(id: &str) -> Self {
        let message = format!("Unknown CAS '{id}' (use 'none' for no CAS)");
        Problem::known(StatusCode::BAD_REQUEST, numbered::UNKNOWN_PORTAL, message)
    }

    /// A portal that is known, and cannot be signed in through.
    fn unavailable(message: impl Into<Cow<'static, str>>) -> Self {
        Problem::new(StatusCode::NOT_IMPLEMENTED, message).ours("PORTAL_UNAVAILABLE")
    }

    fn closed(seconds: u64) -> Self {
        Problem::numbered(StatusCode::SERVICE_UNAVAILABLE, numbered::CLOSED).after(seconds)
    }

    fn banned(seconds: u64) -> Self {
        Problem::numbered(StatusCode::TOO_MANY_REQUESTS, numbered::BANNED).after(seconds)
    }

    fn wrong_credentials() -> Self {
        Problem::numbered(StatusCode::UNAUTHORIZED, numbered::WRONG_CREDENTIALS)
    }

    fn rate_limited(seconds: u64) -> Self {
        Problem::numbered(StatusCode::TOO_MANY_REQUESTS, numbered::RATE_LIMITED).after(seconds)
    }

    fn school(message: impl Into<Cow<'static, str>>) -> Self {
        Problem::known(StatusCode::BAD_GATEWAY, numbered::SCHOOL, message)
    }

    /// What a failed conversation with a school means to whoever asked for it.
    pub(crate) fn of_school(error: &pronote::Error, now: Timestamp) -> Self {
        match &error.cause {
            Cause::Address(why) => Problem::bad_request(format!("'url' is not the address of a school: {why}")),
            Cause::Transport(error) => Problem::of_network(error),
            Cause::Closed(Closed::Suspended) => Problem::banned(BUSY_RETRY_SECONDS),
            Cause::Closed(Closed::Unavailable | Closed::Busy) => Problem::closed(CLOSED_RETRY_SECONDS),
            Cause::Paused(Paused { why, until }) => {
                let seconds = until.duration_since(now).as_secs().max(1).unsigned_abs();
                match why {
                    // It was refused before, and is as wrong as it was.
                    Why::SameSecret => Problem::wrong_credentials(),
                    Why::Suspended => Problem::banned(seconds),
                    Why::PortalClosed => Problem::closed(seconds),
                    Why::Refusals | Why::RateLimited | Why::Budget => Problem::rate_limited(seconds),
                }
            }
            Cause::RateLimited => Problem::rate_limited(BUSY_RETRY_SECONDS),
            // The school says why, and it is not the secret.
            Cause::Refused(refusal @ Refusal { code: Some(code), .. }) if *code != WRONG_SECRET => {
                let message = capitalized(&refusal.to_string());
                Problem { message: message.into(), ..Problem::wrong_credentials() }
            }
            Cause::Unopened(Secret::Password | Secret::Portal)
            | Cause::Refused(Refusal { secret: Secret::Password | Secret::Portal, .. }) => Problem::wrong_credentials(),
            Cause::Unopened(_) | Cause::Refused(_) => Problem {
                message: format!("Wrong user credentials: {} is no longer good", what(&error.cause)).into(),
                ..Problem::wrong_credentials()
            },
            Cause::Expired | Cause::StaleIdentifiers => Problem::numbered(StatusCode::UNAUTHORIZED, numbered::EXPIRED),
            Cause::Server { title, .. } => Problem::school(title.clone()),
            Cause::PortalRequired { .. } => {
                Problem::bad_request("The school signs people in through its portal only").ours("PORTAL_REQUIRED")
            }
            Cause::QrPin => Problem::unauthorized("The QR code does not open with this PIN").ours("WRONG_PIN"),
            Cause::NotAQrCode(why) => {
                Problem::bad_request(format!("'qr' is not a sign-in QR code: {why}")).ours("BAD_QR_CODE")
            }
            Cause::AnswerNeeded(what) => {
                Problem::bad_request(format!("The school asks for {what}")).ours("ANSWER_NEEDED")
            }
            Cause::StepRefused(what) => {
                Problem::new(StatusCode::UNAUTHORIZED, format!("The school refuses {what}")).ours("STEP_REFUSED")
            }
            Cause::StepNeeded => {
                Problem::unauthorized("The school asks for a second factor").ours("SECOND_FACTOR_REQUIRED")
            }
            Cause::NothingThere(_) => {
                Problem::new(StatusCode::NOT_FOUND, "The school has no such file").ours("NOT_FOUND")
            }
            Cause::Denied | Cause::NoTab | Cause::ReadOnly | Cause::NoChild => {
                Problem::new(StatusCode::FORBIDDEN, capitalized(&error.cause.to_string())).ours("FORBIDDEN")
            }
            Cause::NotKept(_) => Problem::internal(),
            _ => Problem::school(capitalized(&error.cause.to_string())),
        }
    }

    fn of_network(error: &transport::Error) -> Self {
        use transport::Error::{ForbiddenAddress, InsecureRedirect, InvalidRedirect, InvalidUrl};
        match error {
            ForbiddenAddress { .. } | InsecureRedirect { .. } | InvalidRedirect { .. } | InvalidUrl { .. } => {
                Problem::bad_request("The school has to be at an https address of the public internet")
                    .ours("FORBIDDEN_ADDRESS")
            }
            _ => Problem::new(StatusCode::BAD_GATEWAY, "The school could not be reached").ours("UPSTREAM_UNREACHABLE"),
        }
    }

    /// The same of a question that has no answer.
    pub(crate) fn of_question(why: &Unanswered, now: Timestamp) -> Self {
        match why {
            Unanswered::Pronote(error) => Problem::of_school(error, now),
            Unanswered::StaleFile => Problem::new(StatusCode::GONE, capitalized(&why.to_string())).ours("STALE_FILE"),
            other => Problem::new(StatusCode::NOT_FOUND, capitalized(&other.to_string())).ours("NOT_FOUND"),
        }
    }

    /// The same of an error of the gateway; what is our own fault is logged here, once, and not told.
    pub(crate) fn of_gateway(error: &gateway::Error, now: Timestamp) -> Self {
        match error {
            gateway::Error::Pronote(error) => {
                let problem = Problem::of_school(error, now);
                if problem.status == StatusCode::INTERNAL_SERVER_ERROR {
                    tracing::error!(error = %error.cause, "A sign-in could not be kept");
                }
                problem
            }
            gateway::Error::Portal(error) => Problem::of_portal(error, now),
            gateway::Error::Unconfirmed { portal, .. } => Problem::unavailable(format!(
                "Signing in through the portal '{portal}' has to be confirmed first by whoever runs this server"
            )),
            gateway::Error::NotAnAnswer(why) => Problem::bad_request(format!("'answer': {why}")).ours("ANSWER_NEEDED"),
            gateway::Error::UnservedSpace => Problem::bad_request("Accounts of this space are not served"),
            gateway::Error::AddressFull => {
                let message = "Too many accounts are signed in from this address";
                Problem::new(StatusCode::TOO_MANY_REQUESTS, message).ours("TOO_MANY_SESSIONS").after(FULL_RETRY_SECONDS)
            }
            gateway::Error::Full | gateway::Error::TooManySteps => {
                let message = "Too many accounts are signed in";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, message).ours("FULL").after(FULL_RETRY_SECONDS)
            }
            gateway::Error::Closing => {
                let message = "The server is stopping";
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, message).ours("STOPPING").after(STOPPING_RETRY_SECONDS)
            }
            gateway::Error::Left => Problem::unauthorized("Unknown session token"),
            gateway::Error::NoSteps => {
                Problem::unauthorized("No sign-in waits for these answers any more").ours("UNKNOWN_CONTINUATION")
            }
            gateway::Error::StepsBusy => {
                let message = "Other answers are being given at this moment";
                Problem::new(StatusCode::CONFLICT, message).ours("CONFLICT")
            }
            error => {
                tracing::error!(%error, "The gateway failed");
                Problem::internal()
            }
        }
    }
}

fn what(cause: &Cause) -> Secret {
    match cause {
        Cause::Unopened(secret) | Cause::Refused(Refusal { secret, .. }) => *secret,
        _ => Secret::Password,
    }
}

fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = ProblemBody { code: self.code, message: &self.message, portal: self.portal.as_deref() };
        let mut response = (self.status, json(&body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The content type of JSON answers.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// A compact JSON answer, with its charset for those who need to be told.
pub(crate) fn json(value: &impl Serialize) -> Response {
    let mut response = Json(value).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(JSON));
    response
}

#[cfg(test)]
mod tests {
    use pronote::Step;

    use super::*;

    fn of(cause: Cause) -> (u16, String) {
        let error = pronote::Error { step: Step::Bootstrap, cause, version: None };
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let problem = Problem::of_school(&error, now);
        let body = ProblemBody { code: problem.code, message: &problem.message, portal: None };
        (problem.status.as_u16(), serde_json::to_string(&body).unwrap())
    }

    #[test]
    fn known_failures_have_their_old_codes_and_texts() {
        let refused = |code| Cause::Refused(Refusal { secret: Secret::Password, code, message: None });
        let paused = |why| Cause::Paused(Paused { why, until: Timestamp::from_second(1_800_000_060).unwrap() });
        let wrong = (401, r#"{"code":3,"message":"Wrong user credentials"}"#.to_owned());
        assert_eq!(of(Cause::Unopened(Secret::Password)), wrong);
        assert_eq!(of(refused(Some(1))), wrong);
        assert_eq!(of(paused(Why::SameSecret)), wrong);
        let (status, body) = of(refused(Some(6)));
        assert!(status == 401 && body.starts_with(r#"{"code":3,"#) && body.contains("has left the school"), "{body}");
        assert_eq!(
            of(Cause::Closed(Closed::Suspended)),
            (429, r#"{"code":2,"message":"Your IP address is temporarily banned because of too many failed authentication attempts"}"#.to_owned())
        );
        assert_eq!(
            of(Cause::Closed(Closed::Unavailable)),
            (503, r#"{"code":7,"message":"The instance is closed, try again later"}"#.to_owned())
        );
        assert_eq!(
            of(Cause::RateLimited),
            (
                429,
                r#"{"code":6,"message":"You are being rate limited because of too many failed requests"}"#.to_owned()
            )
        );
        assert_eq!(
            of(Cause::Expired),
            (401, r#"{"code":5,"message":"Session has expired due to inactivity or error"}"#.to_owned())
        );
        let server = Cause::Server { code: 8, title: "Titre - Message".to_owned() };
        assert_eq!(of(server), (502, r#"{"code":-1,"message":"Titre - Message"}"#.to_owned()));
    }

    #[test]
    fn a_pause_says_when_it_ends() {
        let until = Timestamp::from_second(1_800_000_060).unwrap();
        let cause = Cause::Paused(Paused { why: Why::Refusals, until });
        let error = pronote::Error { step: Step::Bootstrap, cause, version: None };
        let problem = Problem::of_school(&error, Timestamp::from_second(1_800_000_000).unwrap());
        assert_eq!(problem.into_response().headers()[header::RETRY_AFTER], "60");
    }

    #[test]
    fn no_host_is_named() {
        let host = || "secret.example".to_owned();
        for error in [
            transport::Error::ForbiddenAddress { host: host() },
            transport::Error::Timeout { host: host() },
            transport::Error::TooManyRedirects { host: host() },
        ] {
            let (_, body) = of(Cause::from(error));
            assert!(!body.contains("secret"), "{body}");
        }
        assert!(!of(Cause::PortalRequired { host: host() }).1.contains("secret"));
    }
}
