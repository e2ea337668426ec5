//! The history: who changed what, when and from where; and undoing it.

use axum::http::StatusCode;
use board::{Class, ClassId, Entry, Error, History, Role};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::answer::{self, Answer, List};
use super::caller::{Caller, Number};
use super::query::{Listing, Page};
use crate::problem::Problem;

/// A change, in the history.
#[derive(Serialize, ToSchema)]
#[schema(as = Entry)]
pub(super) struct Shown {
    /// Its key; later ones are greater.
    id: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// The class that was changed, if one was.
    class: Option<String>,
    /// By whom.
    by: By,
    /// What was changed: `class`, `user`, `subject`, `week`, `changes`, `timetable`, `assignment`, `filling` or `import`.
    resource: String,
    /// Which of them: a number, a day, a name, or nothing where there is only one.
    key: String,
    /// What it was; `null` when it was not there.
    before: Value,
    /// What it became; `null` when it was taken away.
    after: Value,
    /// The entry that it undoes.
    undoes: Option<i64>,
    /// Whether it is of a kind that can be undone.
    can_be_undone: bool,
}

/// Who changed something.
#[derive(Serialize, ToSchema)]
struct By {
    /// The name of the account, or the part of the program.
    name: String,
    /// By which door: `v2`, `php`, `editor`, `command`, `pronote`, `import` or `chat`.
    via: String,
    /// From where; only heads see it.
    address: Option<String>,
    /// The name of the request in the logs; only heads see it.
    request: Option<String>,
}

/// Which of the history is wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Of a class; who does not administer the school has to name one.
    class: Option<String>,
}

/// The history, the latest first. Of a class for its editors; all of it for those who administer the school.
#[utoipa::path(get, path = "/audit", tag = "audit", params(Wanted, Page), responses((status = 200, description = "Entries", body = List<Shown>)))]
pub(super) async fn list(caller: Caller, Listing(wanted, page): Listing<Wanted>) -> Answer {
    let classes = caller.board().classes().await?;
    let class = match &wanted.class {
        None => {
            caller.administers()?;
            None
        }
        Some(slug) => {
            let class = classes.iter().find(|class| class.slug == *slug).ok_or(Error::Missing("class"))?;
            caller.session.may(class.id, Role::Editor)?;
            Some(class.id)
        }
    };
    let history = History { class, before: page.after()?, limit: page.one_more() };
    let List { items, next } = page.list(caller.board().history(&history).await?, |entry| entry.id);
    let items = items.into_iter().map(|entry| shown(entry, &classes, &caller)).collect();
    List { items, next }.answer()
}

/// An entry of the history.
#[utoipa::path(get, path = "/audit/{entry}", tag = "audit", params(("entry" = i64, Path, description = "Its key")), responses((status = 200, description = "The entry", body = Shown)))]
pub(super) async fn show(caller: Caller, Number(id): Number) -> Answer {
    let entry = found(&caller, id, Role::Editor).await?;
    let classes = caller.board().classes().await?;
    Ok(answer::json(StatusCode::OK, &shown(entry, &classes, &caller)))
}

/// Undoes a change, if what it made is still so. That of a subject or of settings takes a head.
#[utoipa::path(post, path = "/audit/{entry}/undo", tag = "audit", params(("entry" = i64, Path, description = "Its key")), responses(
    (status = 201, description = "It is undone, as this new entry says", body = Shown),
    (status = 409, description = "It would take the name of another", body = crate::problem::ProblemBody, content_type = "application/problem+json"),
    (status = 412, description = "It was changed again since; with what it is now", body = crate::problem::ProblemBody, content_type = "application/problem+json"),
    (status = 422, description = "This kind of change cannot be undone", body = crate::problem::ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn undo(caller: Caller, Number(id): Number) -> Answer {
    let entry = found(&caller, id, Role::Editor).await?;
    let class = entry.class.ok_or_else(irrevocable)?;
    if matches!(entry.resource.as_str(), "subject" | "class") {
        caller.session.may(class, Role::Head)?;
    }
    if !entry.can_be_undone() {
        return Err(irrevocable());
    }
    let noted = caller.board().undo(&caller.by, class, id).await?;
    let classes = caller.board().classes().await?;
    let mut response = answer::json(StatusCode::CREATED, &shown(noted.clone(), &classes, &caller));
    answer::locate(response.headers_mut(), &format!("/api/v2/audit/{}", noted.id));
    Ok(response)
}

fn irrevocable() -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "this kind of change cannot be undone").code(7)
}

/// An entry that whoever asks may see.
async fn found(caller: &Caller, id: i64, role: Role) -> Result<Entry, Problem> {
    let entry = caller.board().entry(id).await?.ok_or(Error::Missing("change"))?;
    match entry.class {
        Some(class) => caller.session.may(class, role)?,
        None => caller.administers()?,
    }
    Ok(entry)
}

fn shown(entry: Entry, classes: &[Class], caller: &Caller) -> Shown {
    let slug = |id: ClassId| classes.iter().find(|class| class.id == id).map(|class| class.slug.clone());
    let user = &caller.session.user;
    let heads = user.admin || entry.class.is_some_and(|class| user.role_in(class) == Some(Role::Head));
    let by = By {
        name: entry.by.name.clone(),
        via: entry.by.via.to_owned(),
        address: entry.by.address.filter(|_| heads).map(|address| address.to_string()),
        request: Some(entry.by.request.clone()).filter(|request| heads && !request.is_empty()),
    };
    Shown {
        can_be_undone: entry.can_be_undone(),
        id: entry.id,
        at: entry.at,
        class: entry.class.and_then(slug),
        by,
        resource: entry.resource,
        key: entry.key,
        before: entry.before.unwrap_or_default(),
        after: entry.after.unwrap_or_default(),
        undoes: entry.undoes,
    }
}
