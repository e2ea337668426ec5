//! The subjects of a class: adding, renaming, putting away.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use axum::response::Response;
use board::{Error, Expect, Role, Snapshot, Subject};
use minijinja::context;

use super::fault::Fault;
use super::form::{Fields, Form, fields, plain_lines};
use super::homework::source;
use super::visit::{At, ClassVisit, Posted};
use super::words::Arg;

/// Lists them.
pub(crate) async fn list(visit: ClassVisit) -> Result<Response, Fault> {
    let snapshot = visit.snapshot().await?;
    Ok(overview(&visit, &snapshot, StatusCode::OK, &Form::default()))
}

fn overview(visit: &ClassVisit, snapshot: &Snapshot, status: StatusCode, form: &Form) -> Response {
    let row = |subject: &Subject| {
        context! {
            number => subject.number,
            name => &subject.name,
            source => source(&subject.source),
            lessons => lessons(visit, snapshot, subject.number),
        }
    };
    let view = context! {
        subjects => snapshot.subjects.values().map(row).collect::<Vec<_>>(),
        form => form.view(visit.language),
    };
    visit.class_page(status, "subjects.html", "subjects", view)
}

/// How many lessons a week a subject has now.
fn lessons(visit: &ClassVisit, snapshot: &Snapshot, number: i64) -> usize {
    let week = snapshot.week_on(visit.today());
    week.rows.iter().flatten().filter(|lesson| **lesson == number).count()
}

/// Whether a name will do for a subject, as the old API has it; otherwise what is wrong with it.
fn fault(name: &str) -> Option<&'static str> {
    let fits = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_-()".contains(c);
    match name.chars().count() {
        0 => Some("editor-error-name-missing"),
        51.. => Some("editor-error-subject-long"),
        _ if !name.chars().all(fits) => Some("editor-error-subject-name"),
        _ => None,
    }
}

/// Adds some, one a line.
pub(crate) async fn add(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let snapshot = visit.snapshot().await?;
    let typed = plain_lines(form.get("names"));
    let names: Vec<String> = typed.lines().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let mut seen: BTreeSet<&str> = snapshot.subjects.values().map(|subject| subject.name.as_str()).collect();
    if names.is_empty() {
        form.wrong("names", "editor-error-name-missing");
    }
    for name in &names {
        let shown = || vec![("name", Arg::from(name.chars().take(60).collect::<String>()))];
        if let Some(key) = fault(name) {
            form.fault("names", key, shown());
        } else if !seen.insert(name) {
            form.fault("names", "editor-error-subject-taken", shown());
        }
    }
    if form.is_fine() {
        match visit.app.board.add_subjects(&visit.actor(), visit.class.id, &names).await {
            Ok(_) => return Ok(visit.told(&visit.at("subjects"), "editor-notice-subjects-added")),
            Err(Error::Taken(_)) => form.fault("names", "editor-error-subject-taken", vec![("name", Arg::from(""))]),
            Err(Error::Invalid { .. }) => form.wrong("names", "editor-error-invalid"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(overview(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, &form))
}

/// What the form of a name holds.
fn fill(subject: &Subject) -> Fields {
    fields([("name", subject.name.clone())])
}

/// Shows one.
pub(crate) async fn show(At((_, number)): At<(String, i64)>, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let snapshot = visit.snapshot().await?;
    let subject = snapshot.subjects.get(&number).ok_or(Fault::Missing)?;
    Ok(page(&visit, StatusCode::OK, subject, &Form::of(fill(subject))))
}

fn page(visit: &ClassVisit, status: StatusCode, subject: &Subject, form: &Form) -> Response {
    let view = context! {
        number => subject.number,
        name => &subject.name,
        source => source(&subject.source),
        form => form.view(visit.language),
    };
    visit.class_page(status, "subject.html", "subjects", view)
}

/// Renames one.
pub(crate) async fn rename(
    At((_, number)): At<(String, i64)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let snapshot = visit.snapshot().await?;
    let mut subject = snapshot.subjects.get(&number).cloned().ok_or(Fault::Missing)?;
    let name = form.line("name").to_owned();
    let shown = || vec![("name", Arg::from(name.chars().take(60).collect::<String>()))];
    if let Some(key) = fault(&name) {
        form.fault("name", key, shown());
    }
    if form.is_fine() && form.was_made_of(Some(&fill(&subject))) {
        let expect = Expect::Tag(board::tag(&subject));
        match visit.app.board.rename_subject(&visit.actor(), visit.class.id, number, &name, expect).await {
            Ok(_) => return Ok(visit.told(&visit.at("subjects"), "editor-notice-saved")),
            Err(Error::Taken(_)) => form.fault("name", "editor-error-subject-taken", shown()),
            Err(Error::Invalid { .. }) => form.wrong("name", "editor-error-invalid"),
            Err(Error::Stale { .. }) => {
                subject = visit.snapshot().await?.subjects.get(&number).cloned().ok_or(Fault::Missing)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    if !form.is_fine() {
        return Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &subject, &form));
    }
    form.meet(Some(fill(&subject)), visit.changed_by("subject", &number.to_string()).await?);
    Ok(page(&visit, StatusCode::CONFLICT, &subject, &form))
}

/// Asks whether one is to be put away, and says what names it.
pub(crate) async fn ask(At((_, number)): At<(String, i64)>, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let snapshot = visit.snapshot().await?;
    let subject = snapshot.subjects.get(&number).ok_or(Fault::Missing)?;
    let count = |count: usize| [("count", Arg::from(count))];
    let due = snapshot.assignments.iter().filter(|one| one.task.subject == number).count();
    let mut lines = vec![
        visit.say("editor-subject-archive-lessons", &count(lessons(&visit, &snapshot, number))),
        visit.say("editor-subject-archive-homework", &count(due)),
        visit.say("editor-subject-archive-undo", &[]),
    ];
    if !subject.note.is_empty() {
        lines.insert(0, visit.say("editor-subject-archive-note", &[("text", Arg::from(subject.note.clone()))]));
    }
    let view = context! {
        title => visit.say("editor-subject-archive-ask", &[("name", Arg::from(subject.name.clone()))]),
        lines,
        action => visit.at(&format!("subjects/{number}/archive")),
        back => visit.at("subjects"),
        button => visit.say("editor-subject-archive", &[]),
        form => Form::of(fill(subject)).view(visit.language),
    };
    Ok(visit.class_page(StatusCode::OK, "confirm.html", "subjects", view))
}

/// Puts one away; the history brings it back.
pub(crate) async fn archive(
    At((_, number)): At<(String, i64)>,
    Posted { visit, .. }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let away = visit.app.board.remove_subjects(&visit.actor(), visit.class.id, &[number]).await?;
    let notice = if away.is_empty() { "editor-notice-gone" } else { "editor-notice-subject-archived" };
    Ok(visit.told(&visit.at("subjects"), notice))
}
