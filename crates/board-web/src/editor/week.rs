//! The week without a date.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Error, Expect, Role, Snapshot};
use minijinja::context;

use super::fault::Fault;
use super::form::Form;
use super::versions;
use super::visit::{ClassVisit, Posted};

/// Shows its form.
pub(crate) async fn show(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    let form = Form::of(versions::fill(&snapshot.week, &snapshot));
    Ok(page(&visit, &snapshot, StatusCode::OK, &form))
}

fn page(visit: &ClassVisit, snapshot: &Snapshot, status: StatusCode, form: &Form) -> Response {
    let view = context! {
        title => visit.say("editor-timetable-undated", &[]),
        page => "week",
        dated => false,
        id => None::<i64>,
        source => None::<()>,
        days => versions::days(visit, &snapshot.week),
        options => versions::options(visit, snapshot, form),
        modes => versions::modes(visit),
        form => form.view(visit.language),
    };
    visit.class_page(status, "plan.html", "timetable", view)
}

/// Keeps it.
pub(crate) async fn save(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let mut snapshot = visit.snapshot().await?;
    let week = versions::read(&mut form, &snapshot.week, &snapshot);
    if !form.is_fine() {
        return Ok(page(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, &form));
    }
    if form.was_made_of(Some(&versions::fill(&snapshot.week, &snapshot))) {
        let expect = Expect::Tag(board::tag(&snapshot.week));
        match visit.app.board.set_week(&visit.actor(), visit.class.id, week, expect).await {
            Ok(_) => return Ok(visit.told(&visit.at("timetable"), "editor-notice-saved")),
            Err(Error::Stale { .. }) => snapshot = visit.snapshot().await?,
            Err(error) => return Err(error.into()),
        }
    }
    let by = visit.changed_by("week", "").await?;
    versions::meet(&mut form, Some(versions::fill(&snapshot.week, &snapshot)), by);
    Ok(page(&visit, &snapshot, StatusCode::CONFLICT, &form))
}
