//! A request of somebody who is signed in: who, in which class, with which rights; and the form it brings.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, RawPathParams, Request};
use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::Response;
use board::{Actor, Class, History, KeyFault, KeyKind, Role, Session, Snapshot};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use minijinja::Value;
use serde::de::DeserializeOwned;

use super::fault::{Fault, see_other};
use super::form::Form;
use super::page::page;
use super::sign_in::Wanted;
use super::words::{self, Arg, Language};
use super::{cookies, guard};
use crate::{App, ClientAddress, RequestId};

/// The largest form that is read: six texts of 100 000 letters of two bytes, each byte written with three characters.
const LARGEST: usize = 8 * 1024 * 1024;

/// How far back the last change of a thing is looked for: it was a moment ago.
const RECENT: u32 = 50;

/// Somebody who is signed in, on a page.
pub(crate) struct Visit {
    pub(crate) app: Arc<App>,
    pub(crate) language: Language,
    pub(crate) session: Session,
    /// Their key itself.
    pub(crate) key: String,
    /// From where they came.
    pub(crate) from: IpAddr,
    /// What they asked for, to come back to it.
    address: String,
    notice: Option<String>,
    request: String,
}

/// Somebody who is signed in, on a page of a class in which they have a part.
pub(crate) struct ClassVisit {
    visit: Visit,
    pub(crate) class: Class,
    role: Role,
}

impl Deref for ClassVisit {
    type Target = Visit;

    fn deref(&self) -> &Visit {
        &self.visit
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let Ok(ClientAddress(from)) = ClientAddress::from_request_parts(parts, app).await;
        let Ok(RequestId(request)) = RequestId::from_request_parts(parts, app).await;
        let address = parts.uri.path_and_query().map_or("/board/", |address| address.as_str()).to_owned();
        let https = app.settings.https;
        let Some(key) = cookies::read(&parts.headers, cookies::SESSION).map(str::to_owned) else {
            let site = parts.headers.get(HeaderName::from_static("sec-fetch-site"));
            if parts.method == Method::GET && site.is_some_and(|site| site == "cross-site") {
                return Err(Fault::Outside(address));
            }
            return Err(Fault::SignedOut(Wanted::new(address, &parts.method, false, https)));
        };
        let session = match app.board.check(&key, from, KeyKind::Web).await {
            Ok(session) => session,
            Err(KeyFault::Failed(error)) => return Err(error.into()),
            Err(_) => return Err(Fault::SignedOut(Wanted::new(address, &parts.method, true, https))),
        };
        let language = words::language(&parts.headers);
        let notice = cookies::read(&parts.headers, cookies::NOTICE).filter(|key| !key.is_empty()).map(str::to_owned);
        Ok(Visit { app: Arc::clone(app), language, session, key, from, address, notice, request })
    }
}

impl FromRequestParts<Arc<App>> for ClassVisit {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Fault> {
        let visit = Visit::from_request_parts(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(|_| Fault::Missing)?;
        let (_, slug) = params.iter().find(|(name, _)| *name == "class").ok_or(Fault::Missing)?;
        let class = app.board.class(slug).await?.ok_or(Fault::Missing)?;
        // Whoever has no part in a class does not learn that it is there.
        let role = visit.session.user.role_in(class.id).ok_or(Fault::Missing)?;
        Ok(ClassVisit { visit, class, role })
    }
}

impl Visit {
    /// A message in their language.
    pub(crate) fn say(&self, key: &str, args: &[(&str, Arg)]) -> String {
        words::say(self.language, key, args)
    }

    /// Them, for the history.
    pub(crate) fn actor(&self) -> Actor {
        self.session.actor("editor", &self.request)
    }

    /// Only who administers the school goes on.
    pub(crate) fn admin(&self) -> Result<(), Fault> {
        if self.session.user.admin { Ok(()) } else { Err(Fault::Forbidden) }
    }

    /// The time zone of a page that belongs to no class: that of the class that is meant when none is named.
    pub(crate) async fn zone(&self) -> Result<TimeZone, Fault> {
        let class = self.app.board.default_class().await;
        Ok(class.map_or(TimeZone::UTC, |class| self.app.board.zone_of(&class)))
    }

    /// A page that belongs to no class.
    pub(crate) fn page(&self, status: StatusCode, template: &str, here: &str, view: Value) -> Response {
        self.framed(status, template, here, None, view)
    }

    /// Sends them on to another page, which tells them something.
    pub(crate) fn told(&self, address: &str, notice: &'static str) -> Response {
        let mut response = see_other(address);
        if let Some(cookie) = cookies::set(cookies::NOTICE, notice, Some(60), self.app.settings.https) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    fn framed(&self, status: StatusCode, template: &str, here: &str, class: Option<Value>, view: Value) -> Response {
        let user = &self.session.user;
        let notice =
            self.notice.as_deref().filter(|key| key.starts_with("editor-notice-")).map(|key| self.say(key, &[]));
        let frame = minijinja::context! {
            csrf => guard::token(&self.key),
            user => minijinja::context! { name => &user.name, admin => user.admin },
            address => &self.address,
            here,
            class,
            notice,
        };
        let context = minijinja::context! { ..view, ..minijinja::context! { frame } };
        let mut response = page(self.language, status, template, context);
        if self.notice.is_some()
            && let Some(cookie) = cookies::drop(cookies::NOTICE, self.app.settings.https)
        {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }
}

impl ClassVisit {
    /// Only who has at least this role goes on.
    pub(crate) fn needs(&self, role: Role) -> Result<(), Fault> {
        if self.role >= role { Ok(()) } else { Err(Fault::Forbidden) }
    }

    /// Whether they may change what is taught.
    pub(crate) fn writes(&self) -> bool {
        self.role >= Role::Editor
    }

    /// Whether they keep the class.
    pub(crate) fn heads(&self) -> bool {
        self.role >= Role::Head
    }

    /// The class as it is now.
    pub(crate) async fn snapshot(&self) -> Result<Arc<Snapshot>, Fault> {
        Ok(self.app.board.snapshot(self.class.id).await?)
    }

    /// The time zone of the class.
    pub(crate) fn zone(&self) -> TimeZone {
        self.app.board.zone_of(&self.class)
    }

    /// The day it is in the class.
    pub(crate) fn today(&self) -> Date {
        self.app.board.today(&self.class)
    }

    /// A day, for people.
    pub(crate) fn day(&self, date: Date) -> String {
        words::day(self.language, date, self.today())
    }

    /// An instant, for people.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        words::moment(self.language, at, &self.zone(), self.app.board.now())
    }

    /// Who changed a thing last, and when, for whoever meets their version.
    pub(crate) async fn changed_by(&self, resource: &str, key: &str) -> Result<Option<String>, Fault> {
        let wanted = History { class: Some(self.class.id), before: None, limit: RECENT };
        let entries = self.app.board.history(&wanted).await?;
        let last = entries.into_iter().find(|entry| entry.resource == resource && entry.key == key);
        Ok(last.map(|entry| {
            let args = [("name", Arg::from(entry.by.name)), ("moment", Arg::from(self.moment(entry.at)))];
            self.say("editor-conflict-by", &args)
        }))
    }

    /// The address of a page of the class.
    pub(crate) fn at(&self, page: &str) -> String {
        format!("/board/{}/{page}", self.class.slug)
    }

    /// A page of the class.
    pub(crate) fn class_page(&self, status: StatusCode, template: &str, here: &str, view: Value) -> Response {
        let class = minijinja::context! {
            name => &self.class.settings.name,
            root => self.at(""),
            archived => self.class.archived.is_some(),
            strict => self.class.settings.strict,
            writes => self.writes(),
            heads => self.heads(),
        };
        self.framed(status, template, here, Some(class), view)
    }
}

/// The parts of an address; one that cannot be what it has to be names no page.
pub(crate) struct At<T>(pub(crate) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let Path(parts) = Path::from_request_parts(parts, state).await.map_err(|_| Fault::Missing)?;
        Ok(At(parts))
    }
}

/// What an address asks for behind its question mark; of a name that stands twice, the last.
pub(crate) struct Asked(pub(crate) BTreeMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        Ok(Asked(url::form_urlencoded::parse(query).into_owned().collect()))
    }
}

/// A form that somebody sent who is signed in.
pub(crate) struct Posted<V> {
    pub(crate) visit: V,
    pub(crate) form: Form,
}

impl<V> FromRequest<Arc<App>> for Posted<V>
where
    V: FromRequestParts<Arc<App>, Rejection = Fault> + AsRef<Visit>,
{
    type Rejection = Fault;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        if !guard::is_ours(&parts.headers) {
            return Err(Fault::Foreign);
        }
        let body = read(body).await?;
        let form = Form::parse(&body);
        let visit = match V::from_request_parts(&mut parts, app).await {
            Err(Fault::SignedOut(wanted)) => return Err(Fault::SignedOut(wanted.keeping(&form))),
            visit => visit?,
        };
        if !guard::holds(&visit.as_ref().key, form.get("csrf")) {
            return Err(Fault::Foreign);
        }
        Ok(Posted { visit, form })
    }
}

impl AsRef<Visit> for Visit {
    fn as_ref(&self) -> &Visit {
        self
    }
}

impl AsRef<Visit> for ClassVisit {
    fn as_ref(&self) -> &Visit {
        &self.visit
    }
}

/// The whole body of a form, unless it is too large.
pub(crate) async fn read(body: Body) -> Result<axum::body::Bytes, Fault> {
    axum::body::to_bytes(body, LARGEST).await.map_err(|_| Fault::Large)
}
