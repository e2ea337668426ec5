//! Sessions: a key for a password, and the keys that an account has.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use board::{Error, KeyInfo, KeyKind};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{self, Answer, List};
use super::body::{Body, SMALL};
use super::caller::{Caller, Name};
use super::users::{self, Account};
use crate::problem::ProblemBody;
use crate::{App, ClientAddress};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
pub(super) struct SignIn {
    /// The name of the account.
    user: String,
    /// Its password.
    #[schema(value_type = String, format = Password)]
    password: SecretString,
}

/// Somebody who has just signed in.
#[derive(Serialize, ToSchema)]
pub(super) struct SignedIn {
    /// The key, to be shown with each request as `Authorization: Bearer …`. It is good for 30 days from its last use.
    key: String,
    /// The key's name among those of the account.
    id: String,
    /// The account.
    user: Account,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub(super) struct Session {
    /// The name of its key.
    id: String,
    /// What it is for: this API, the one before it, or the editor's pages.
    kind: Kind,
    /// From where it was begun.
    address: String,
    /// Since when it is there.
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    /// Until when it is good if it is not used.
    #[schema(value_type = String, format = DateTime)]
    expires: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// What a key is for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Php,
    Api,
    Web,
}

/// Who asks.
#[derive(Serialize, ToSchema)]
pub(super) struct CurrentSession {
    /// The name of the session's key.
    id: String,
    /// The account.
    user: Account,
}

/// Signs in.
#[utoipa::path(post, path = "/sessions", tag = "sessions", request_body = SignIn, security(()), responses(
    (status = 201, description = "Signed in", body = SignedIn),
    (status = 401, description = "The password is wrong, or nobody has that name", body = ProblemBody, content_type = "application/problem+json"),
    (status = 403, description = "The account is disabled", body = ProblemBody, content_type = "application/problem+json"),
    (status = 429, description = "The password was wrong too often; `Retry-After` says when to try again", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    from: ClientAddress,
    Body(SignIn { user, password }, _): Body<SignIn, SignIn, SMALL>,
) -> Answer {
    let signed_in = app.board.sign_in(&user, &password, from.0, KeyKind::Api).await?;
    let session = app.board.check(&signed_in.key, from.0, KeyKind::Api).await?;
    let user = users::shown(&app.board, &signed_in.user).await?;
    let mut response = answer::json(StatusCode::CREATED, &SignedIn { key: signed_in.key, id: session.id, user });
    answer::locate(response.headers_mut(), "/api/v2/sessions/current");
    response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The sessions of whoever asks, the newest first, those of other doors among them.
#[utoipa::path(get, path = "/sessions", tag = "sessions", responses((status = 200, description = "The sessions", body = List<Session>)))]
pub(super) async fn list(caller: Caller) -> Answer {
    let keys = caller.board().keys_of(caller.session.user.id).await?;
    let sessions = keys.into_iter().map(|key| {
        let KeyInfo { id, kind, address, created, expires } = key;
        let kind = match kind {
            KeyKind::Php => Kind::Php,
            KeyKind::Api => Kind::Api,
            KeyKind::Web => Kind::Web,
        };
        Session { current: id == caller.session.id, id, kind, address, created, expires }
    });
    List::whole(sessions.collect()).answer()
}

/// Who asks.
#[utoipa::path(get, path = "/sessions/current", tag = "sessions", responses((status = 200, description = "The session and its account", body = CurrentSession)))]
pub(super) async fn current(caller: Caller) -> Answer {
    let user = users::shown(caller.board(), &caller.session.user).await?;
    Ok(answer::json(StatusCode::OK, &CurrentSession { id: caller.session.id, user }))
}

/// Signs out.
#[utoipa::path(delete, path = "/sessions/current", tag = "sessions", responses((status = 204, description = "The key is good no more")))]
pub(super) async fn sign_out(caller: Caller) -> Answer {
    caller.board().sign_out(&caller.session).await?;
    answer::done()
}

/// Ends a session of whoever asks.
#[utoipa::path(delete, path = "/sessions/{session}", tag = "sessions", params(("session" = String, Path, description = "Its name")), responses((status = 204, description = "Its key is good no more")))]
pub(super) async fn end(caller: Caller, Name(id): Name) -> Answer {
    let ended = caller.board().forget_key(caller.session.user.id, &id).await?;
    if ended { answer::done() } else { Err(Error::Missing("session").into()) }
}
