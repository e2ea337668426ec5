//! Classes, and what their heads set.

use board::{Class, ClassSettings, Error, Role, User};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::answer::{self, Answer, List};
use super::body::Body;
use super::caller::{At, Caller, Head, Reader};
use super::condition::{Expected, Known, WhenRead, WhenWritten};
use super::patch;
use super::query::{Listing, Page, Whole};
use super::shape;
use crate::problem::{Problem, ProblemBody};

/// A class.
#[derive(Serialize, ToSchema)]
#[schema(as = Class)]
pub(super) struct Shown {
    /// Its name in addresses.
    slug: String,
    /// What its head sets.
    #[schema(value_type = shape::Settings)]
    settings: ClassSettings,
    /// Since when it is put away.
    #[schema(value_type = Option<String>, format = DateTime)]
    archived: Option<Timestamp>,
    /// What whoever asks may do in it.
    #[schema(value_type = shape::Role)]
    role: Role,
    /// The code that binds a chat to it; only heads see it.
    code: Option<String>,
}

impl Shown {
    fn of(class: Class, user: &User) -> Option<Self> {
        let Class { slug, code, archived, settings, id } = class;
        let role = user.role_in(id)?;
        Some(Shown { slug, settings, archived, role, code: (role == Role::Head).then_some(code) })
    }

    fn answer(class: Class, user: &User) -> Answer {
        let shown = Shown::of(class, user).ok_or(Error::Forbidden)?;
        answer::written(&shown)
    }
}

/// A class to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewClass)]
pub(super) struct New {
    /// Its name in addresses: small Latin letters, digits and hyphens.
    #[schema(format = "class-slug", pattern = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
    slug: String,
    /// What its head sets.
    #[schema(value_type = shape::Settings)]
    settings: ClassSettings,
}

/// Whether a class is put away.
#[derive(Deserialize, ToSchema)]
#[schema(as = ClassPatch)]
pub(super) struct Change {
    /// Whether it is put away: nothing of it is lost, but the default class is never such a one.
    archived: bool,
}

/// What changes of the settings.
pub(super) type SettingsPatch = shape::Patch<shape::Settings>;

/// The classes that whoever asks has a part in, the oldest first.
#[utoipa::path(get, path = "/classes", tag = "classes", params(Page), responses((status = 200, description = "Classes", body = List<Shown>)))]
pub(super) async fn list(caller: Caller, Listing(_, page): Listing<Whole>) -> Answer {
    let classes = caller.board().classes().await?;
    let seen = classes.into_iter().filter_map(|class| Some((class.id, Shown::of(class, &caller.session.user)?)));
    let List { items, next } = page.of(seen, |(id, _)| *id)?;
    List { items: items.into_iter().map(|(_, class)| class).collect(), next }.answer()
}

/// Makes a class.
#[utoipa::path(post, path = "/classes", tag = "classes", request_body = New, responses(
    (status = 201, description = "The class", body = Shown),
    (status = 409, description = "The name is taken", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn create(caller: Caller, Body(new, _): Body<New>) -> Answer {
    caller.administers()?;
    let made = caller.board().add_class(&caller.by, &new.slug, new.settings).await;
    let class = made.map_err(|error| match error {
        Error::Invalid { pointer, .. } if pointer != "/slug" => Problem::from(error).below("/settings"),
        error => error.into(),
    })?;
    let location = format!("/api/v2/classes/{}", class.slug);
    answer::created(&location, &Shown::of(class, &caller.session.user))
}

/// A class.
#[utoipa::path(get, path = "/classes/{class}", tag = "classes", params(ClassPath, WhenRead), responses((status = 200, description = "The class", body = Shown)))]
pub(super) async fn show(at: At<Reader>, known: Known) -> Answer {
    answer::read(&known, &Shown::of(at.class, &at.caller.session.user))
}

/// Puts a class away, or takes it up again.
#[utoipa::path(patch, path = "/classes/{class}", tag = "classes", params(ClassPath), request_body = Change, responses((status = 200, description = "The class", body = Shown)))]
pub(super) async fn change(at: At<Head>, Body(change, _): Body<Change>) -> Answer {
    at.caller.administers()?;
    let class = at.board().archive_class(at.by(), at.class.id, change.archived).await?;
    Shown::answer(class, &at.caller.session.user)
}

/// Gives a class another code; chats that are bound stay so.
#[utoipa::path(post, path = "/classes/{class}/code", tag = "classes", params(ClassPath), responses((status = 200, description = "The class, with its new code", body = Shown)))]
pub(super) async fn renew_code(at: At<Head>) -> Answer {
    let class = at.board().renew_code(at.by(), at.class.id).await?;
    Shown::answer(class, &at.caller.session.user)
}

/// What the head of a class sets.
#[utoipa::path(get, path = "/classes/{class}/settings", tag = "classes", params(ClassPath, WhenRead), responses((status = 200, description = "The settings", body = shape::Settings)))]
pub(super) async fn settings(at: At<Reader>, known: Known) -> Answer {
    answer::read(&known, &at.class.settings)
}

/// Changes settings: the name of the class, its language, its holidays.
#[utoipa::path(patch, path = "/classes/{class}/settings", tag = "classes", params(ClassPath, WhenWritten), request_body = SettingsPatch, responses((status = 200, description = "The settings", body = shape::Settings)))]
pub(super) async fn set(
    at: At<Head>,
    Expected(expect): Expected,
    Body(patch, _): Body<SettingsPatch, Map<String, Value>>,
) -> Answer {
    let mut rounds = patch::rounds(expect);
    loop {
        let present = at.board().class(&at.class.slug).await?.ok_or(Error::Missing("class"))?.settings;
        let expect = rounds.next(&present);
        let settings: ClassSettings = patch::merged(&present, &patch)?;
        match at.board().set_class(at.by(), at.class.id, settings, expect).await {
            Err(Error::Stale { .. }) if rounds.again() => {}
            set => return answer::written(&set?.settings),
        }
    }
}

/// Which class.
#[derive(IntoParams)]
#[into_params(parameter_in = Path)]
#[expect(dead_code, reason = "it documents what is read")]
pub(super) struct ClassPath {
    /// The name of the class in addresses.
    class: String,
}
