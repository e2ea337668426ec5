//! One's own account: another password, where it is signed in, and signing out everywhere.

use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use board::{Error, KeyKind};
use minijinja::context;
use secrecy::SecretString;

use super::fault::{Fault, see_other};
use super::form::Form;
use super::people::{judge_password, refuse};
use super::visit::{Posted, Visit};
use super::words::{self, Arg};
use super::{cookies, sign_in};

/// Shows it.
pub(crate) async fn show(visit: Visit) -> Result<Response, Fault> {
    page(&visit, StatusCode::OK, &Form::default()).await
}

async fn page(visit: &Visit, status: StatusCode, form: &Form) -> Result<Response, Fault> {
    let (board, zone) = (&visit.app.board, visit.zone().await?);
    let keys = board.keys_of(visit.session.user.id).await?;
    let key = |key: &board::KeyInfo| {
        let kind = match key.kind {
            KeyKind::Php => "editor-key-php",
            KeyKind::Api => "editor-key-api",
            KeyKind::Web => "editor-key-web",
        };
        context! {
            kind => visit.say(kind, &[]),
            address => &key.address,
            created => words::moment(visit.language, key.created, &zone, board.now()),
            this => key.id == visit.session.id,
        }
    };
    let view = context! { keys => keys.iter().map(key).collect::<Vec<_>>(), form => form.view(visit.language) };
    Ok(visit.page(status, "account.html", "account", view))
}

/// Changes the password, or signs out everywhere.
pub(crate) async fn save(Posted { visit, mut form }: Posted<Visit>) -> Result<Response, Fault> {
    if form.get("do") == "leave" {
        return leave_everywhere(&visit).await;
    }
    let (board, user) = (&visit.app.board, &visit.session.user);
    let (old, new) = (form.get("password").to_owned(), form.get("new-password").to_owned());
    let (old, new) = (SecretString::from(old), SecretString::from(new));
    judge_password(&mut form);
    form.forget("password");
    form.forget("new-password");
    if form.is_fine() {
        match board.prove(user, &old, visit.from).await {
            Ok(()) => {}
            Err(Error::WrongPassword) => form.wrong("password", "editor-error-password-now"),
            Err(Error::TooManyTries(wait)) => {
                let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).max(1);
                form.fault("password", "editor-error-tries", vec![("count", Arg::from(seconds))]);
            }
            Err(Error::Busy) => form.wrong("password", "editor-error-busy"),
            Err(error) => return Err(error.into()),
        }
    }
    if form.is_fine() {
        match board.set_password(&visit.actor(), user.id, &new).await {
            Ok(()) => return stay(&visit, &new).await,
            Err(error) => refuse(&mut form, error)?,
        }
    }
    page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form).await
}

/// All keys are gone with the old password: this browser gets a new one at once.
async fn stay(visit: &Visit, password: &SecretString) -> Result<Response, Fault> {
    let (board, https) = (&visit.app.board, visit.app.settings.https);
    let Ok(signed_in) = board.sign_in(&visit.session.user.name, password, visit.from, KeyKind::Web).await else {
        return Ok(see_other(sign_in::ADDRESS));
    };
    let mut response = visit.told("/board/account", "editor-notice-password");
    if let Some(cookie) = cookies::set(cookies::SESSION, &signed_in.key, None, https) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

async fn leave_everywhere(visit: &Visit) -> Result<Response, Fault> {
    let (board, user) = (&visit.app.board, visit.session.user.id);
    for key in board.keys_of(user).await? {
        board.forget_key(user, &key.id).await?;
    }
    let mut response = see_other(sign_in::ADDRESS);
    if let Some(cookie) = cookies::drop(cookies::SESSION, visit.app.settings.https) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
