//! The classes somebody has a part in, and new ones.

use axum::http::StatusCode;
use axum::response::Response;
use board::{ClassSettings, Error, Language, Role};
use minijinja::{Value, context};

use super::fault::{Fault, see_other};
use super::form::{Choice, Form, fields};
use super::visit::{Posted, Visit};
use super::words;

/// Lists them; whoever has one only is there at once.
pub(crate) async fn list(visit: Visit) -> Result<Response, Fault> {
    let user = &visit.session.user;
    let (mut classes, mut archived) = (Vec::new(), Vec::new());
    for class in visit.app.board.classes().await? {
        let Some(role) = user.role_in(class.id) else { continue };
        let root = format!("/board/{}/", class.slug);
        let tile = context! { name => class.settings.name, root => root.clone(), role => role_name(&visit, role) };
        if class.archived.is_some() { archived.push(tile) } else { classes.push((root, tile)) }
    }
    if let [(root, _)] = &classes[..]
        && !user.admin
    {
        return Ok(see_other(root));
    }
    let classes: Vec<Value> = classes.into_iter().map(|(_, tile)| tile).collect();
    Ok(visit.page(StatusCode::OK, "classes.html", "classes", context! { classes, archived }))
}

/// A role, for people.
pub(crate) fn role_name(visit: &Visit, role: Role) -> String {
    visit.say(
        match role {
            Role::Reader => "editor-role-reader",
            Role::Editor => "editor-role-editor",
            Role::Head => "editor-role-head",
        },
        &[],
    )
}

/// The roles, for a list; perhaps with none.
pub(crate) fn roles(visit: &Visit, none: bool) -> Vec<Choice> {
    let no_part = none.then(|| Choice::new("", visit.say("editor-role-none", &[])));
    let all = [Role::Reader, Role::Editor, Role::Head];
    no_part.into_iter().chain(all.map(|role| Choice::new(role_code(role), role_name(visit, role)))).collect()
}

/// A role, in a form.
pub(crate) fn role_code(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Editor => "editor",
        Role::Head => "head",
    }
}

/// A role, out of a form.
pub(crate) fn role_of(code: &str) -> Option<Role> {
    [Role::Reader, Role::Editor, Role::Head].into_iter().find(|role| role_code(*role) == code)
}

/// The languages of classes, for a list.
pub(crate) fn tongues() -> Vec<Choice> {
    i18n::Language::ALL.map(|one| Choice::new(one.tag(), one.own_name())).into()
}

/// The language of a class, out of a form.
pub(crate) fn tongue(tag: &str) -> Option<Language> {
    [Language::Ru, Language::Fr, Language::En].into_iter().find(|one| words::of_class(*one).tag() == tag)
}

/// Shows the form of a new class.
pub(crate) async fn show_new(visit: Visit) -> Result<Response, Fault> {
    visit.admin()?;
    let language = visit.language.tag().to_owned();
    Ok(new(&visit, StatusCode::OK, &Form::new(fields([("language", language)]))))
}

fn new(visit: &Visit, status: StatusCode, form: &Form) -> Response {
    let view = context! { form => form.view(visit.language), tongues => tongues() };
    visit.page(status, "class.html", "classes", view)
}

/// Makes a class.
pub(crate) async fn add(Posted { visit, mut form }: Posted<Visit>) -> Result<Response, Fault> {
    visit.admin()?;
    let (name, slug) = (form.line("name").to_owned(), form.line("slug").to_lowercase());
    judge_name(&mut form);
    if board::judge_slug(&slug).is_err() {
        form.wrong("slug", "editor-error-slug");
    }
    let settings =
        ClassSettings { language: tongue(form.get("language")).unwrap_or_default(), ..ClassSettings::named(&name) };
    if form.is_fine() {
        match visit.app.board.add_class(&visit.actor(), &slug, settings).await {
            Ok(class) => return Ok(visit.told(&format!("/board/{}/", class.slug), "editor-notice-class-added")),
            Err(Error::Taken(_)) => form.wrong("slug", "editor-error-slug-taken"),
            Err(Error::Invalid { .. }) => form.wrong("name", "editor-error-invalid"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(new(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form))
}

/// Whether the name of a class will do.
pub(crate) fn judge_name(form: &mut Form) {
    let name = form.line("name");
    if name.is_empty() {
        form.wrong("name", "editor-error-name-missing");
    } else if name.chars().count() > 100 || name.chars().any(char::is_control) {
        form.wrong("name", "editor-error-class-name");
    }
}
