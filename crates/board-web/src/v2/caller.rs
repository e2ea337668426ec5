//! Who asks, about which class, and whether they may.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use board::{Actor, Board, Class, Error, KeyKind, Role, Session};
use jiff::civil::Date;

use super::judge;
use crate::problem::Problem;
use crate::{App, ClientAddress, RequestId};

/// By which door changes come in here.
const DOOR: &str = "v2";

/// Somebody who has shown a key.
pub(super) struct Caller {
    pub(super) app: Arc<App>,
    pub(super) session: Session,
    /// The same, for the history.
    pub(super) by: Actor,
    /// Where the request comes from.
    pub(super) from: ClientAddress,
}

impl Caller {
    pub(super) fn board(&self) -> &Board {
        &self.app.board
    }

    /// Whether the account administers the school.
    pub(super) fn administers(&self) -> Result<(), Problem> {
        if self.session.user.admin { Ok(()) } else { Err(Error::Forbidden.into()) }
    }

    /// Whether the account is the head of any class, or administers the school.
    pub(super) fn heads_any(&self) -> Result<(), Problem> {
        let user = &self.session.user;
        let heads = user.admin || user.roles.values().any(|role| *role == Role::Head);
        if heads { Ok(()) } else { Err(Error::Forbidden.into()) }
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Ok(from) = ClientAddress::from_request_parts(parts, app).await;
        let Ok(request) = RequestId::from_request_parts(parts, app).await;
        let shown = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, key) = shown.and_then(|shown| shown.split_once(' ')).ok_or_else(no_key)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(no_key());
        }
        let session = app.board.check(key.trim(), from.0, KeyKind::Api).await?;
        let by = session.actor(DOOR, &request.0);
        Ok(Caller { app: Arc::clone(app), session, by, from })
    }
}

fn no_key() -> Problem {
    let detail = "a key is needed, which POST /api/v2/sessions gives, as `Authorization: Bearer …`";
    Problem::new(StatusCode::UNAUTHORIZED, detail).code(4)
}

/// What it takes to ask.
pub(super) trait Needed {
    /// The least role in the class.
    const ROLE: Role;
}

/// It takes a reader of the class.
pub(super) struct Reader;
/// It takes an editor of the class.
pub(super) struct Editor;
/// It takes a head of the class.
pub(super) struct Head;

impl Needed for Reader {
    const ROLE: Role = Role::Reader;
}

impl Needed for Editor {
    const ROLE: Role = Role::Editor;
}

impl Needed for Head {
    const ROLE: Role = Role::Head;
}

/// Somebody who asks about a class, and may.
pub(super) struct At<R> {
    pub(super) caller: Caller,
    pub(super) class: Class,
    role: PhantomData<R>,
}

impl<R> At<R> {
    pub(super) fn board(&self) -> &Board {
        self.caller.board()
    }

    /// Whoever asks, for the history.
    pub(super) fn by(&self) -> &Actor {
        &self.caller.by
    }

    /// The address of something of the class.
    pub(super) fn address(&self, of: std::fmt::Arguments<'_>) -> String {
        format!("/api/v2/classes/{}/{of}", self.class.slug)
    }
}

impl<R: Needed> FromRequestParts<Arc<App>> for At<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let slug = part(parts, app, Some("class")).await;
        let class = match slug {
            Some(slug) => app.board.class(&slug).await?,
            None => None,
        };
        let class = class.ok_or(Error::Missing("class"))?;
        caller.session.may(class.id, R::ROLE)?;
        Ok(At { caller, class, role: PhantomData })
    }
}

/// The last part of the path, as a text.
pub(super) struct Name(pub(super) String);

impl FromRequestParts<Arc<App>> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        part(parts, app, None).await.map(Name).ok_or_else(nothing_there)
    }
}

/// The last part of the path, as a number.
pub(super) struct Number(pub(super) i64);

impl FromRequestParts<Arc<App>> for Number {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Name(text) = Name::from_request_parts(parts, app).await?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| digits).map(Number).ok_or_else(nothing_there)
    }
}

/// The last part of the path, as a day.
pub(super) struct Day(pub(super) Date);

impl FromRequestParts<Arc<App>> for Day {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Name(text) = Name::from_request_parts(parts, app).await?;
        let no_day = || Problem::new(StatusCode::NOT_FOUND, judge::NO_DAY);
        judge::day(&text).map(Day).ok_or_else(no_day)
    }
}

/// A part of the path, decoded: the one of a name, or the last. Nothing when it is no UTF-8.
async fn part(parts: &mut Parts, app: &Arc<App>, name: Option<&str>) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, app).await.ok()?;
    let wanted = params.iter().filter(|(other, _)| name.is_none_or(|name| *other == name)).last();
    wanted.map(|(_, value)| value.to_owned())
}

pub(super) fn nothing_there() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address")
}
