//! What fills the class from PRONOTE, and what came of it.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Role, Snapshot, Source};
use minijinja::{Value, context};

use super::fault::{Fault, see_other};
use super::visit::{ClassVisit, Posted};

/// Shows it.
pub(crate) async fn show(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let snapshot = visit.snapshot().await?;
    let view = context! { filling => None::<()>, counts => counts(&visit, &snapshot) };
    Ok(visit.class_page(StatusCode::OK, "pronote.html", "pronote", view))
}

/// How much of the board came from PRONOTE, and how much of that was written over.
fn counts(visit: &ClassVisit, snapshot: &Snapshot) -> Vec<Value> {
    let count = |key: &'static str, sources: Vec<&Source>| {
        let from = sources.iter().filter(|source| matches!(source, Source::Pronote { .. })).count();
        let over = sources.iter().filter(|source| matches!(source, Source::Override { .. })).count();
        context! { label => visit.say(key, &[]), from, over }
    };
    vec![
        count("editor-subjects", snapshot.subjects.values().map(|one| &one.source).collect()),
        count("editor-timetables", snapshot.timetables.iter().map(|one| &one.plan.source).collect()),
        count("editor-changes", snapshot.dated_changes.values().map(|one| &one.source).collect()),
        count("editor-homework", snapshot.assignments.iter().map(|one| &one.task.source).collect()),
    ]
}

/// Asks whether it is to be unbound.
pub(crate) async fn ask(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    Ok(see_other(&visit.at("pronote")))
}

/// Unbinds it.
pub(crate) async fn unbind(Posted { visit, .. }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    Ok(see_other(&visit.at("pronote")))
}
