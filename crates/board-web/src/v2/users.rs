//! Accounts: who may do what in which class.
//!
//! Those who administer the school see and change all of them. The head of a class sees those who have a part in it, gives
//! and takes parts in it, and decides about those who have no other ([`User::governs`]).

use std::collections::BTreeMap;

use axum::http::StatusCode;
use board::{Board, Class, ClassId, Error, NewUser, Role, User, UserChange};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, Schema};
use utoipa::openapi::{Ref, Type};
use utoipa::{IntoParams, ToSchema};

use super::answer::{self, Answer, List};
use super::body::Body;
use super::caller::{Caller, Name};
use super::condition::{Expected, WhenWritten};
use super::judge::MOST_FAULTS;
use super::query::{Listing, Page};
use super::shape;
use crate::problem::{Fault, Problem, ProblemBody};

/// An account.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct Account {
    /// Its name.
    name: String,
    /// Whether it administers the school: every class, as its head, and the list of classes.
    admin: bool,
    /// Whether it is kept out for now.
    disabled: bool,
    /// What it may do, by class; of classes that whoever asks heads.
    #[schema(value_type = BTreeMap<String, shape::Role>)]
    roles: BTreeMap<String, Role>,
    /// When it last signed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_sign_in: Option<Timestamp>,
}

/// An account to be made.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewUser)]
pub(super) struct New {
    /// Its name: letters and digits of any script, and `_`.
    #[schema(format = "user-name", min_length = 1, max_length = 50)]
    name: String,
    /// Its password: at least 8 characters, and none of those that everybody tries first.
    #[schema(value_type = String, format = "new-password", min_length = 8)]
    password: SecretString,
    /// Whether it administers the school.
    #[serde(default)]
    admin: bool,
    /// What it may do, by class.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, shape::Role>)]
    roles: BTreeMap<String, Role>,
}

/// What changes of an account: what is not sent stays as it is.
#[derive(Deserialize, ToSchema)]
#[schema(as = UserPatch)]
pub(super) struct Change {
    /// Whether it administers the school.
    admin: Option<bool>,
    /// Whether it is kept out.
    disabled: Option<bool>,
    /// What it may do, by class: `null` takes a part away, other classes stay as they are.
    #[serde(default)]
    #[schema(schema_with = parts, required = false)]
    roles: BTreeMap<String, Option<Role>>,
}

/// Parts in classes, and those that are taken away.
fn parts() -> Schema {
    let nothing = ObjectBuilder::new().schema_type(Type::Null);
    let part = OneOfBuilder::new().item(nothing).item(Ref::from_schema_name("Role"));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .additional_properties(Some(AdditionalProperties::RefOr(Schema::OneOf(part.build()).into())))
        .description(Some("What it may do, by class: `null` takes a part away, other classes stay as they are."))
        .into()
}

/// Another password.
#[derive(Deserialize, ToSchema)]
pub(super) struct NewPassword {
    /// The password there was: whoever changes their own has to know it.
    #[schema(value_type = Option<String>, format = Password)]
    old: Option<SecretString>,
    /// The new one: at least 8 characters, and none of those that everybody tries first.
    #[schema(value_type = String, format = "new-password", min_length = 8)]
    password: SecretString,
}

/// Which accounts are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Those with a part in a class.
    class: Option<String>,
}

/// The accounts, by name: all of them, or those of the classes that whoever asks heads.
#[utoipa::path(get, path = "/users", tag = "users", params(Wanted, Page), responses((status = 200, description = "Accounts", body = List<Account>)))]
pub(super) async fn list(caller: Caller, Listing(wanted, page): Listing<Wanted>) -> Answer {
    caller.heads_any()?;
    let classes = Classes::of(&caller).await?;
    let class = match &wanted.class {
        Some(slug) => Some(classes.headed(slug).ok_or(Error::Missing("class"))?),
        None => None,
    };
    let users = caller.board().users().await?;
    let seen = users.into_iter().filter(|user| classes.show(user));
    let seen = seen.filter(|user| class.is_none_or(|class| user.roles.contains_key(&class)));
    let list = page.of(seen, |user| user.name.clone())?;
    let items = list.items.iter().map(|user| classes.shown(user)).collect();
    List { items, next: list.next }.answer()
}

/// Makes an account.
#[utoipa::path(post, path = "/users", tag = "users", request_body = New, responses(
    (status = 201, description = "The account", body = Account),
    (status = 409, description = "The name is taken", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn create(caller: Caller, Body(new, _): Body<New>) -> Answer {
    caller.heads_any()?;
    let classes = Classes::of(&caller).await?;
    let New { name, password, admin, roles } = new;
    let roles = classes.headed_ones(roles)?;
    if admin || roles.is_empty() {
        caller.administers()?;
    }
    let new = NewUser { name, password, strong: true, admin, roles };
    let user = caller.board().add_user(&caller.by, new).await?;
    let location = format!("/api/v2/users/{}", percent_encoded(&user.name));
    let mut response = answer::tagged(answer::json(StatusCode::CREATED, &classes.shown(&user)), &user.tag());
    answer::locate(response.headers_mut(), &location);
    Ok(response)
}

/// An account. Everybody sees their own.
#[utoipa::path(get, path = "/users/{user}", tag = "users", params(("user" = String, Path, description = "Its name")), responses((status = 200, description = "The account", body = Account)))]
pub(super) async fn show(caller: Caller, Name(name): Name) -> Answer {
    let classes = Classes::of(&caller).await?;
    let own = |user: &User| user.id == caller.session.user.id;
    let all = caller.board().users().await?;
    let user = all.into_iter().find(|user| user.name == name && (own(user) || classes.show(user)));
    let user = user.ok_or(Error::Missing("user"))?;
    let account = if own(&user) { shown(caller.board(), &user).await? } else { classes.shown(&user) };
    Ok(answer::tagged(answer::json(StatusCode::OK, &account), &user.tag()))
}

/// Changes what an account may do.
#[utoipa::path(patch, path = "/users/{user}", tag = "users", params(("user" = String, Path, description = "Its name"), WhenWritten), request_body = Change, responses((status = 200, description = "The account", body = Account)))]
pub(super) async fn change(
    caller: Caller,
    Name(name): Name,
    Expected(expect): Expected,
    Body(change, _): Body<Change>,
) -> Answer {
    caller.heads_any()?;
    let classes = Classes::of(&caller).await?;
    let user = caller.board().user(&name).await?.ok_or(Error::Missing("user"))?;
    let roles_in = classes.headed_ones(change.roles)?;
    if change.admin.is_some() {
        caller.administers()?;
    }
    let whole = change.disabled.is_some() && !caller.session.user.governs(&user);
    if whole || (user.admin && !caller.session.user.admin) {
        return Err(Error::Forbidden.into());
    }
    let change = UserChange { admin: change.admin, disabled: change.disabled, roles: None, roles_in, expect };
    let user = caller.board().set_user(&caller.by, user.id, change).await?;
    Ok(answer::tagged(answer::json(StatusCode::OK, &classes.shown(&user)), &user.tag()))
}

/// Gives an account another password: whoever asks their own, by the old one; or somebody else's, by who decides about them. All
/// sessions of the account end.
#[utoipa::path(post, path = "/users/{user}/password", tag = "users", params(("user" = String, Path, description = "Its name")), request_body = NewPassword, responses(
    (status = 204, description = "The password is another"),
    (status = 429, description = "The old password was wrong too often; `Retry-After` says when to try again", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn set_password(caller: Caller, Name(name): Name, Body(new, _): Body<NewPassword>) -> Answer {
    let (board, own) = (caller.board(), &caller.session.user);
    if own.name == name {
        let old = new.old.as_ref().ok_or_else(|| fault("/old", "the old password is needed".to_owned()))?;
        match board.prove(own, old, caller.from.0).await {
            // The session is good: 401 would say that it is not.
            Err(Error::WrongPassword) => return Err(fault("/old", "it is not the password".to_owned()).code(3)),
            proved => proved?,
        }
        board.set_password(&caller.by, own.id, &new.password).await?;
        return answer::done();
    }
    caller.heads_any()?;
    let user = board.user(&name).await?.ok_or(Error::Missing("user"))?;
    if !own.governs(&user) {
        return Err(Error::Forbidden.into());
    }
    board.set_password(&caller.by, user.id, &new.password).await?;
    answer::done()
}

/// Removes an account, and ends its sessions.
#[utoipa::path(delete, path = "/users/{user}", tag = "users", params(("user" = String, Path, description = "Its name")), responses(
    (status = 204, description = "There is no such account any more"),
    (status = 409, description = "It is the account of whoever asks", body = ProblemBody, content_type = "application/problem+json"),
))]
pub(super) async fn remove(caller: Caller, Name(name): Name) -> Answer {
    caller.heads_any()?;
    let user = caller.board().user(&name).await?.ok_or(Error::Missing("user"))?;
    if user.id == caller.session.user.id {
        return Err(Problem::new(StatusCode::CONFLICT, "nobody can remove their own account").code(7));
    }
    if !caller.session.user.governs(&user) {
        return Err(Error::Forbidden.into());
    }
    caller.board().remove_user(&caller.by, user.id).await?;
    answer::done()
}

/// An account with all of its parts, as its owner sees it.
pub(super) async fn shown(board: &Board, user: &User) -> Result<Account, Problem> {
    let all = Classes { all: board.classes().await?, of: None };
    // What is kept in memory does not know of the last sign-ins.
    let user = board.users().await?.into_iter().find(|other| other.id == user.id).ok_or(Error::Missing("user"))?;
    Ok(all.shown(&user))
}

/// The classes, and whose they are.
struct Classes<'a> {
    all: Vec<Class>,
    /// Of those that somebody heads; nothing where all are shown.
    of: Option<&'a User>,
}

impl<'a> Classes<'a> {
    async fn of(caller: &'a Caller) -> Result<Self, Problem> {
        Ok(Classes { all: caller.board().classes().await?, of: Some(&caller.session.user) })
    }

    fn heads(&self, class: ClassId) -> bool {
        self.of.is_none_or(|user| user.role_in(class) == Some(Role::Head))
    }

    /// The key of a class of that name in addresses, if it is headed.
    fn headed(&self, slug: &str) -> Option<ClassId> {
        self.all.iter().find(|class| class.slug == slug && self.heads(class.id)).map(|class| class.id)
    }

    /// What was sent by class, if all of them are headed.
    fn headed_ones<T>(&self, sent: BTreeMap<String, T>) -> Result<BTreeMap<ClassId, T>, Problem> {
        let unknown: Vec<Fault> = sent
            .keys()
            .filter(|slug| self.all.iter().all(|class| class.slug != **slug))
            .map(|slug| {
                let pointer = format!("/roles/{}", slug.replace('~', "~0").replace('/', "~1"));
                Fault { pointer, message: "there is no such class".to_owned() }
            })
            .take(MOST_FAULTS)
            .collect();
        if !unknown.is_empty() {
            return Err(Problem::invalid(unknown));
        }
        let headed = |(slug, thing): (String, T)| Ok((self.headed(&slug).ok_or(Error::Forbidden)?, thing));
        sent.into_iter().map(headed).collect()
    }

    /// Whether an account is shown: it has a part in a class that is headed.
    fn show(&self, user: &User) -> bool {
        self.of.is_none_or(|of| of.admin) || user.roles.keys().any(|class| self.heads(*class))
    }

    fn shown(&self, user: &User) -> Account {
        let slug = |id: &ClassId| self.all.iter().find(|class| class.id == *id).map(|class| class.slug.clone());
        let headed = user.roles.iter().filter(|(class, _)| self.heads(**class));
        Account {
            name: user.name.clone(),
            admin: user.admin,
            disabled: user.disabled,
            roles: headed.filter_map(|(class, role)| Some((slug(class)?, *role))).collect(),
            last_sign_in: user.last_sign_in,
        }
    }
}

fn fault(pointer: &str, message: String) -> Problem {
    Problem::invalid(vec![Fault { pointer: pointer.to_owned(), message }])
}

/// A name as it stands in an address.
fn percent_encoded(name: &str) -> String {
    // Names are of letters, digits and `_`: nothing that a form would write otherwise.
    url::form_urlencoded::byte_serialize(name.as_bytes()).collect()
}
