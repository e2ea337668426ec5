//! The accounts of a class, and for who administers the school, all of them.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use axum::response::Response;
use board::{Error, NewUser, Role, User, UserChange};
use minijinja::{Value, context};
use secrecy::SecretString;

use super::classes::{role_code, role_name, role_of, roles};
use super::fault::Fault;
use super::form::{Form, fields};
use super::visit::{ClassVisit, Posted, Visit};
use super::words;

/// The accounts of every class.
const ALL: &str = "/board/_users";

/// Lists those of a class.
pub(crate) async fn list(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    overview(&visit, StatusCode::OK, &fresh()).await
}

fn fresh() -> Form {
    Form::new(fields([("role", role_code(Role::Editor).to_owned())]))
}

async fn overview(visit: &ClassVisit, status: StatusCode, form: &Form) -> Result<Response, Fault> {
    let row = |user: &User| {
        let role = user.role_in(visit.class.id)?;
        let name = if user.admin { visit.say("editor-role-admin", &[]) } else { role_name(visit, role) };
        Some(context! {
            name => &user.name,
            role => name,
            disabled => user.disabled,
            last => user.last_sign_in.map(|at| visit.moment(at)),
            page => visit.at(&format!("users/{}", user.id.0)),
        })
    };
    let users: Vec<Value> = visit.app.board.users().await?.iter().filter_map(row).collect();
    let view = context! { users, roles => roles(visit, false), form => form.view(visit.language) };
    Ok(visit.class_page(status, "users.html", "users", view))
}

/// Adds an account to a class; one that is there already gets its part in it.
pub(crate) async fn add(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let (board, class) = (&visit.app.board, visit.class.id);
    let name = form.line("name").to_owned();
    let password = SecretString::from(form.get("new-password").to_owned());
    let empty = form.get("new-password").is_empty();
    let role = role_of(form.get("role"));
    if role.is_none() {
        form.wrong("role", "editor-error-choose");
    }
    let there = board.user(&name).await?;
    match &there {
        Some(user) if user.role_in(class).is_some() => form.wrong("name", "editor-error-user-here"),
        // Somebody of another class keeps their password.
        Some(_) if !empty => form.wrong("name", "editor-error-user-elsewhere"),
        Some(_) => {}
        None => judge(&mut form),
    }
    form.forget("new-password");
    let (true, Some(role)) = (form.is_fine(), role) else {
        return overview(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form).await;
    };
    let added = match there {
        Some(user) => {
            let change = UserChange { roles_in: BTreeMap::from([(class, Some(role))]), ..UserChange::default() };
            board.set_user(&visit.actor(), user.id, change).await
        }
        None => {
            let roles = BTreeMap::from([(class, role)]);
            board.add_user(&visit.actor(), NewUser { name, password, strong: true, admin: false, roles }).await
        }
    };
    match added {
        Ok(_) => Ok(visit.told(&visit.at("users"), "editor-notice-user-added")),
        Err(error) => {
            refuse(&mut form, error)?;
            overview(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form).await
        }
    }
}

/// Whether the name and the password of a new account will do.
fn judge(form: &mut Form) {
    let name = form.line("name").to_owned();
    if name.is_empty() {
        form.wrong("name", "editor-error-user-missing");
    } else if board::judge_user(&name).is_err() {
        form.wrong("name", "editor-error-user-name");
    }
    judge_password(form);
}

/// Whether a new password is long enough; whether it is one of the common ones the board says.
pub(crate) fn judge_password(form: &mut Form) {
    match form.get("new-password").chars().count() {
        0 => form.wrong("new-password", "editor-error-password-missing"),
        1..8 => form.wrong("new-password", "editor-error-password-short"),
        1025.. => form.wrong("new-password", "editor-error-password-long"),
        _ => {}
    }
}

/// Notes what the board said of an account, beside its field; what is not about a field goes on as it is.
pub(crate) fn refuse(form: &mut Form, error: Error) -> Result<(), Fault> {
    match error {
        Error::Taken(_) => form.wrong("name", "editor-error-user-taken"),
        Error::Invalid { pointer: "/password", .. } => form.wrong("new-password", "editor-error-password-common"),
        Error::Invalid { pointer: "/admin", .. } => form.wrong("admin", "editor-error-last-admin"),
        Error::Invalid { .. } => form.wrong("name", "editor-error-user-name"),
        Error::Busy => form.wrong("new-password", "editor-error-busy"),
        error => return Err(error.into()),
    }
    Ok(())
}

/// Lists all accounts.
pub(crate) async fn list_all(visit: Visit) -> Result<Response, Fault> {
    visit.admin()?;
    all(&visit, StatusCode::OK, &Form::default()).await
}

async fn all(visit: &Visit, status: StatusCode, form: &Form) -> Result<Response, Fault> {
    let (board, language) = (&visit.app.board, visit.language);
    let classes = board.classes().await?;
    let (zone, now) = (visit.zone().await?, board.now());
    let row = |user: &User| {
        let part = |class: &board::Class| {
            let role = user.roles.get(&class.id)?;
            Some(format!("{}: {}", class.settings.name, role_name(visit, *role)))
        };
        let admin = user.admin.then(|| visit.say("editor-role-admin", &[]));
        let parts: Vec<String> = admin.into_iter().chain(classes.iter().filter_map(part)).collect();
        let none = || visit.say("editor-role-none", &[]);
        context! {
            name => &user.name,
            role => if parts.is_empty() { none() } else { parts.join(", ") },
            disabled => user.disabled,
            last => user.last_sign_in.map(|at| words::moment(language, at, &zone, now)),
            page => format!("{ALL}/{}", user.id.0),
        }
    };
    let users: Vec<Value> = board.users().await?.iter().map(row).collect();
    let view = context! { users, roles => roles(visit, false), form => form.view(language) };
    Ok(visit.page(status, "users.html", "classes", view))
}

/// Adds an account that has no part in a class yet.
pub(crate) async fn add_anywhere(Posted { visit, mut form }: Posted<Visit>) -> Result<Response, Fault> {
    visit.admin()?;
    let name = form.line("name").to_owned();
    let password = SecretString::from(form.get("new-password").to_owned());
    judge(&mut form);
    form.forget("new-password");
    if form.is_fine() {
        let new = NewUser { name, password, strong: true, admin: form.ticked("admin"), roles: BTreeMap::new() };
        match visit.app.board.add_user(&visit.actor(), new).await {
            Ok(user) => return Ok(visit.told(&format!("{ALL}/{}", user.id.0), "editor-notice-user-added")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    all(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form).await
}
