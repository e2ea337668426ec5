//! Signing in and out.
//!
//! ```text
//! POST /auth/login            a password, the school's or its portal's: the door that clients of `pronote-api` know
//! POST /auth/login/qrcode     a QR code and its PIN
//! POST /auth/login/token      what an earlier sign-in gave for the next one
//! POST /auth/login/continue   the answers to what the school or its portal asks for first
//! POST /auth/logout
//! ```

mod answer;
mod request;

use std::hash::Hash;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gateway::viewers::{Admission, Door, Way};
use pronote::login::Credentials;
use serde_json::json;
use utoipa::{IntoResponses, ToResponse};

pub(crate) use answer::{Continue, NeededItem, Opened};
pub(crate) use request::{Answers, Login, LoginWithQrCode, LoginWithToken};

use crate::app::App;
use crate::body::{Fields, UnreadBody};
use crate::client::{ClientAddress, ShownToken};
use crate::metrics::Outcome;
use crate::problem::{self, Problem, ProblemBody};

/// What every door that signs in answers.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it documents what is answered")]
enum AtTheDoor {
    #[response(status = 200, description = "Signed in")]
    Opened(Opened),
    #[response(status = 400)]
    Wrong(#[to_response] WrongRequest),
    #[response(
        status = 401,
        description = "Refused; with `continue`, the school or its portal asks for something first"
    )]
    Refused(Continue),
    #[response(status = 429, description = "Too often; `Retry-After` says when to come back")]
    TooOften(ProblemBody<'static>),
    #[response(status = 502, description = "The school answers nothing that makes sense")]
    Upstream(ProblemBody<'static>),
    #[response(status = 503, description = "The school is closed, or this server is full")]
    Unavailable(ProblemBody<'static>),
    #[response(status = 504, description = "The school takes too long")]
    TooLong(ProblemBody<'static>),
}

/// Something of the request is missing or wrong; in plain text, its body is no JSON
#[derive(ToResponse)]
#[expect(dead_code, reason = "it documents what is answered")]
enum WrongRequest {
    Problem(#[content("application/json")] ProblemBody<'static>),
    Text(#[content("text/plain")] String),
}

/// Signs in with a login and a password, at the school or through its portal.
#[utoipa::path(post, path = "/auth/login", tag = "sign-in", request_body = Login, responses(
    AtTheDoor,
    UnreadBody,
    (status = 501, description = "The portal is known, but cannot be signed in through", body = ProblemBody),
))]
pub(crate) async fn login(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    fields: Fields,
) -> Result<Response, Problem> {
    let door = request::with_password(&fields, app.viewers.portals())?;
    sign_in(&app, from, door).await
}

/// Signs in with a QR code made in PRONOTE.
#[utoipa::path(post, path = "/auth/login/qrcode", tag = "sign-in", request_body = LoginWithQrCode, responses(AtTheDoor, UnreadBody))]
pub(crate) async fn login_with_qr_code(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    fields: Fields,
) -> Result<Response, Problem> {
    sign_in(&app, from, request::with_qr_code(&fields)?).await
}

/// Signs in with what an earlier sign-in gave for the next one, which it uses up.
#[utoipa::path(post, path = "/auth/login/token", tag = "sign-in", request_body = LoginWithToken, responses(AtTheDoor, UnreadBody))]
pub(crate) async fn login_with_token(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    fields: Fields,
) -> Result<Response, Problem> {
    sign_in(&app, from, request::with_token(fields)?).await
}

/// Answers what the school or its portal asks for before it opens the account.
#[utoipa::path(post, path = "/auth/login/continue", tag = "sign-in", request_body = Answers, responses(
    AtTheDoor,
    UnreadBody,
    (status = 409, description = "Other answers are being given at this moment", body = ProblemBody),
))]
pub(crate) async fn go_on(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    fields: Fields,
) -> Result<Response, Problem> {
    let continuation = fields.needed_text("continue")?;
    let reply = request::reply(&fields)?;
    app.counters.sign_in(from, &continuation)?;
    let admission = app.viewers.go_on(continuation, reply).await;
    finish(&app, from, &continuation, admission)
}

/// Signs out, at the school too. It is no error to be signed out already.
#[utoipa::path(post, path = "/auth/logout", tag = "sign-in", params(
    ("Token" = Option<String>, Header, description = "The token to forget; `Authorization: Bearer` does as well"),
), responses((status = 200, description = "The token is good no more", body = inline(serde_json::Value), example = json!({ "success": true }))))]
pub(crate) async fn logout(State(app): State<Arc<App>>, ShownToken(token): ShownToken) -> Response {
    if let Some(token) = token {
        app.viewers.leave(&token).await;
    }
    problem::json(&json!({ "success": true }))
}

async fn sign_in(app: &App, from: IpAddr, door: Door) -> Result<Response, Problem> {
    let account = account(&door.way);
    app.counters.sign_in(from, &account)?;
    let admission = app.viewers.sign_in(from, door).await;
    finish(app, from, &account, admission)
}

fn finish(
    app: &App,
    from: IpAddr,
    account: &impl Hash,
    admission: Result<Admission, gateway::Error>,
) -> Result<Response, Problem> {
    let answer = match admission {
        Ok(admission) => Ok(answer::of(admission)),
        Err(error) => Err(Problem::of_gateway(&error, app.now())),
    };
    let outcome = match &answer {
        Ok(answer::Answer::Opened(_)) => Outcome::Open,
        Ok(answer::Answer::Steps(_)) => Outcome::Steps,
        Err(problem) if problem.status.is_client_error() => Outcome::Refused,
        Err(_) => Outcome::Failed,
    };
    app.metrics.sign_in(outcome);
    if outcome == Outcome::Refused {
        app.counters.refused(from, account);
    }
    answer.map(answer::Answer::into_response)
}

/// What tells an account from others. It is only ever hashed.
fn account(way: &Way) -> (String, String) {
    match way {
        Way::Portal(portals::SignIn { school, login, .. })
        | Way::Either(portals::SignIn { school, login, .. })
        | Way::Direct(Credentials::Password { school, login, .. }) => (school.key(), login.clone()),
        Way::Direct(Credentials::QrCode { code, .. }) => (code.school().key(), String::new()),
        Way::Direct(Credentials::Token(saved)) => (saved.school.clone(), saved.login.clone()),
        // No request brings one.
        Way::Direct(Credentials::Portal(_)) => Default::default(),
    }
}
