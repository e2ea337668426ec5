//! What fills the class from PRONOTE, what came of it last, and unbinding. Binding takes a sign-in that is kept on the
//! server, so whoever runs it does that.

use axum::http::StatusCode;
use axum::response::Response;
use board::filling::Counts;
use board::{Error, FillReport, Filling, Outcome, PassState, Role, Snapshot, Source};
use minijinja::{Value, context};

use super::fault::{Fault, see_other};
use super::form::Form;
use super::visit::{ClassVisit, Posted};
use super::words::Arg;

/// Shows it.
pub(crate) async fn show(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let snapshot = visit.snapshot().await?;
    let filling = visit.app.board.filling(visit.class.id).await?;
    let view = context! {
        filling => filling.map(|filling| of_filling(&visit, &filling)),
        counts => counts(&visit, &snapshot),
        slug => &visit.class.slug,
    };
    Ok(visit.class_page(StatusCode::OK, "pronote.html", "pronote", view))
}

fn of_filling(visit: &ClassVisit, filling: &Filling) -> Value {
    let outcome = filling.outcome.as_ref();
    context! {
        account => &filling.profile,
        child => &filling.child,
        by => &filling.by,
        since => visit.moment(filling.bound),
        last => filling.last.map(|at| visit.moment(at)),
        state => outcome.map(|outcome| visit.say(state(outcome.state), &[])),
        troubled => outcome.is_some_and(|outcome| outcome.state != PassState::Filled),
        words => outcome.map_or("", |outcome| &outcome.words),
        advice => outcome.map_or("", |outcome| &outcome.advice),
        until => outcome.and_then(|outcome| outcome.until).map(|at| visit.moment(at)),
        report => outcome.map(|outcome| report(visit, outcome)),
    }
}

fn state(state: PassState) -> &'static str {
    match state {
        PassState::Filled => "editor-pronote-filled",
        PassState::Waiting => "editor-pronote-later",
        PassState::Failed => "editor-pronote-failed",
        PassState::Stopped => "editor-pronote-stopped",
    }
}

/// What the last pass changed, line by line.
fn report(visit: &ClassVisit, outcome: &Outcome) -> Vec<String> {
    let FillReport { subjects, weeks, changes, assignments, by_hand, left_out } = outcome.report;
    let line = |key: &str, counts: Counts| {
        let args = [
            ("what", Arg::from(visit.say(key, &[]))),
            ("added", Arg::from(i64::from(counts.added))),
            ("changed", Arg::from(i64::from(counts.changed))),
            ("removed", Arg::from(i64::from(counts.removed))),
        ];
        (counts != Counts::default()).then(|| visit.say("editor-pronote-line", &args))
    };
    let many = |key: &str, count: u32| (count > 0).then(|| visit.say(key, &[("count", Arg::from(i64::from(count)))]));
    let lines = [
        line("editor-subjects", subjects),
        line("editor-timetable", weeks),
        line("editor-changes", changes),
        line("editor-homework", assignments),
        many("editor-pronote-by-hand", by_hand),
        many("editor-pronote-left-out", left_out),
    ];
    lines.into_iter().flatten().collect()
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
    if visit.app.board.filling(visit.class.id).await?.is_none() {
        return Ok(see_other(&visit.at("pronote")));
    }
    let view = context! {
        title => visit.say("editor-pronote-unbind-ask", &[]),
        lines => [visit.say("editor-pronote-unbind-text", &[])],
        action => visit.at("pronote/unbind"),
        back => visit.at("pronote"),
        button => visit.say("editor-pronote-unbind", &[]),
        form => Form::default().view(visit.language),
    };
    Ok(visit.class_page(StatusCode::OK, "confirm.html", "pronote", view))
}

/// Unbinds it.
pub(crate) async fn unbind(Posted { visit, .. }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let notice = match visit.app.board.unbind_filling(&visit.actor(), visit.class.id).await {
        Ok(_) => "editor-notice-unbound",
        Err(Error::Missing(_)) => "editor-notice-gone",
        Err(error) => return Err(error.into()),
    };
    Ok(visit.told(&visit.at("pronote"), notice))
}
