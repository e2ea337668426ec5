//! The homework without a date of a subject.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Error, Expect, Role, Subject};
use minijinja::context;

use super::fault::Fault;
use super::form::{Fields, Form, fields};
use super::visit::{At, ClassVisit, Posted};

/// What its form holds.
pub(crate) fn fill(subject: &Subject) -> Fields {
    fields([("text", subject.note.clone())])
}

/// Shows it alone.
pub(crate) async fn show(At((_, number)): At<(String, i64)>, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    let subject = snapshot.subjects.get(&number).ok_or(Fault::Missing)?;
    Ok(page(&visit, StatusCode::OK, &subject.name, number, &Form::of(fill(subject))))
}

fn page(visit: &ClassVisit, status: StatusCode, name: &str, number: i64, form: &Form) -> Response {
    visit.class_page(status, "note.html", "homework", context! { name, number, form => form.view(visit.language) })
}

/// Keeps it.
pub(crate) async fn save(
    At((_, number)): At<(String, i64)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    let subject = snapshot.subjects.get(&number).ok_or(Fault::Missing)?;
    let text = form.text("text", &subject.note);
    if !form.is_fine() {
        return Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &subject.name, number, &form));
    }
    let mut current = subject.clone();
    if form.was_made_of(Some(&fill(subject))) {
        let expect = Expect::Tag(board::tag(subject));
        match visit.app.board.set_note(&visit.actor(), visit.class.id, number, &text, expect).await {
            Ok(_) => return Ok(visit.told(&visit.at("homework"), "editor-notice-saved")),
            Err(Error::Stale { .. }) => {
                current = visit.snapshot().await?.subjects.get(&number).cloned().ok_or(Fault::Missing)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    form.meet(Some(fill(&current)), visit.changed_by("subject", &number.to_string()).await?);
    Ok(page(&visit, StatusCode::CONFLICT, &current.name, number, &form))
}
