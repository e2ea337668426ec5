//! The timetables: those that hold from a day on, and the one without a date.

use axum::http::StatusCode;
use axum::response::Response;
use board::{DAYS, Error, Expect, Parity, Plan, ROWS, Role, Snapshot, Source, Timetable, Week};
use minijinja::{Value, context};

use super::fault::Fault;
use super::form::{Choice, Fields, Form};
use super::homework::source;
use super::overview::{subject_name, time};
use super::versions;
use super::visit::{At, ClassVisit, Posted};
use super::words::{self, Arg};

/// Lists them.
pub(crate) async fn list(visit: ClassVisit) -> Result<Response, Fault> {
    let snapshot = visit.snapshot().await?;
    let now = snapshot.timetable_on(visit.today()).map(|timetable| timetable.id);
    let plan = |timetable: &Timetable| {
        context! {
            id => timetable.id,
            label => label(&visit, &timetable.plan),
            parity => parity_name(&visit, timetable.plan.parity),
            now => now == Some(timetable.id),
            source => source(&timetable.plan.source),
            days => days(&visit, &snapshot, &timetable.plan.week),
            times => times(&visit, &timetable.plan.week),
        }
    };
    let view = context! {
        subjects => !snapshot.subjects.is_empty(),
        plans => snapshot.timetables.iter().map(plan).collect::<Vec<_>>(),
        undated => context! {
            days => days(&visit, &snapshot, &snapshot.week),
            times => times(&visit, &snapshot.week),
        },
    };
    Ok(visit.class_page(StatusCode::OK, "timetable.html", "timetable", view))
}

/// When a timetable holds, for people.
fn label(visit: &ClassVisit, plan: &Plan) -> String {
    let day = |date| i18n::date_with_year(visit.language, date);
    let from = ("from", Arg::from(day(plan.valid_from)));
    match plan.valid_to {
        Some(last) => visit.say("editor-timetable-between", &[from, ("to", Arg::from(day(last)))]),
        None => visit.say("editor-timetable-from", &[from]),
    }
}

fn parity_name(visit: &ClassVisit, parity: Parity) -> Option<String> {
    match parity {
        Parity::Every => None,
        Parity::A => Some(visit.say("editor-parity-a", &[])),
        Parity::B => Some(visit.say("editor-parity-b", &[])),
    }
}

fn days(visit: &ClassVisit, snapshot: &Snapshot, week: &Week) -> Vec<Value> {
    let saturday = !week.rows[DAYS - 1].is_empty() || !week.texts[DAYS - 1].trim().is_empty();
    let count = if saturday { DAYS } else { usize::from(snapshot.class.settings.days).min(DAYS) };
    let day = |day: usize| {
        let lessons = week.rows[day].iter().enumerate().filter(|(_, number)| **number > 0);
        let lesson = |(row, number): (usize, &i64)| {
            context! { row => row + 1, time => time(&visit.class, row), name => subject_name(visit, snapshot, *number) }
        };
        context! {
            name => i18n::weekday(visit.language, words::weekday(day)),
            lessons => lessons.map(lesson).collect::<Vec<_>>(),
            text => week.texts[day].trim(),
        }
    };
    (0..count).map(day).collect()
}

/// The rows that a week has lessons in, with their times.
fn times(visit: &ClassVisit, week: &Week) -> Vec<Value> {
    let last = week.rows.iter().filter_map(|rows| rows.iter().rposition(|number| *number > 0)).max();
    let rows = 0..last.map_or(0, |last| last + 1).min(ROWS);
    rows.map(|row| context! { row => row + 1, time => time(&visit.class, row) }).collect()
}

/// What the form of a timetable holds.
fn fill(plan: &Plan, snapshot: &Snapshot) -> Fields {
    let mut fields = versions::fill(&plan.week, snapshot);
    fields.insert("from".to_owned(), plan.valid_from.to_string());
    fields.insert("to".to_owned(), plan.valid_to.map_or(String::new(), |last| last.to_string()));
    fields.insert("parity".to_owned(), parity_code(plan.parity).to_owned());
    fields
}

fn parity_code(parity: Parity) -> &'static str {
    match parity {
        Parity::Every => "every",
        Parity::A => "a",
        Parity::B => "b",
    }
}

/// A new timetable is made of the one that holds now.
fn draft(visit: &ClassVisit, snapshot: &Snapshot) -> Plan {
    let today = visit.today();
    Plan {
        valid_from: today,
        valid_to: None,
        parity: Parity::Every,
        week: snapshot.week_on(today).clone(),
        source: Source::Hand,
    }
}

/// Shows the form of a new one.
pub(crate) async fn show_new(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    let form = Form::new(fill(&draft(&visit, &snapshot), &snapshot));
    Ok(page(&visit, &snapshot, StatusCode::OK, None, &form))
}

/// Shows the form of one.
pub(crate) async fn show(At((_, id)): At<(String, i64)>, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    let timetable = find(&snapshot, id).ok_or(Fault::Missing)?;
    let form = Form::of(fill(&timetable.plan, &snapshot));
    Ok(page(&visit, &snapshot, StatusCode::OK, Some(timetable), &form))
}

fn find(snapshot: &Snapshot, id: i64) -> Option<&Timetable> {
    snapshot.timetables.iter().find(|timetable| timetable.id == id)
}

fn page(
    visit: &ClassVisit,
    snapshot: &Snapshot,
    status: StatusCode,
    timetable: Option<&Timetable>,
    form: &Form,
) -> Response {
    let week = timetable.map_or_else(|| snapshot.week_on(visit.today()), |timetable| &timetable.plan.week);
    let parities = [("every", "editor-parity-every"), ("a", "editor-parity-a"), ("b", "editor-parity-b")];
    let title = if timetable.is_some() { "editor-timetable-edit" } else { "editor-timetable-add" };
    let view = context! {
        title => visit.say(title, &[]),
        page => timetable.map_or("new".to_owned(), |timetable| timetable.id.to_string()),
        dated => true,
        id => timetable.map(|timetable| timetable.id),
        source => timetable.map(|timetable| source(&timetable.plan.source)),
        parities => parities.map(|(value, key)| Choice::new(value, visit.say(key, &[]))),
        days => versions::days(visit, week),
        options => versions::options(visit, snapshot, form),
        modes => versions::modes(visit),
        form => form.view(visit.language),
    };
    visit.class_page(status, "plan.html", "timetable", view)
}

/// What a form says, if nothing is wrong with it.
fn read(form: &mut Form, before: &Plan, snapshot: &Snapshot) -> Option<Plan> {
    let (valid_from, valid_to) = (form.date("from"), form.date_or_nothing("to"));
    if valid_to.is_some_and(|last| valid_from.is_some_and(|first| last < first)) {
        form.wrong("to", "editor-error-to");
    }
    let parity = match form.get("parity") {
        "a" => Parity::A,
        "b" => Parity::B,
        _ => Parity::Every,
    };
    if parity != Parity::Every && snapshot.class.settings.week_a.is_none() {
        form.wrong("parity", "editor-error-parity");
    }
    let week = versions::read(form, &before.week, snapshot);
    form.is_fine().then_some(())?;
    Some(Plan { valid_from: valid_from?, valid_to, parity, week, source: before.source.clone() })
}

/// Adds one.
pub(crate) async fn add(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    if let Some(plan) = read(&mut form, &draft(&visit, &snapshot), &snapshot) {
        match visit.app.board.add_timetable(&visit.actor(), visit.class.id, plan).await {
            Ok(_) => return Ok(visit.told(&visit.at("timetable"), "editor-notice-timetable-added")),
            Err(Error::Invalid { .. }) => form.wrong("from", "editor-error-invalid"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(page(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, None, &form))
}

/// Keeps one.
pub(crate) async fn save(
    At((_, id)): At<(String, i64)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let (board, class) = (&visit.app.board, visit.class.id);
    let mut snapshot = visit.snapshot().await?;
    let before = find(&snapshot, id).cloned();
    let base = before.as_ref().map_or_else(|| draft(&visit, &snapshot), |timetable| timetable.plan.clone());
    let Some(plan) = read(&mut form, &base, &snapshot) else {
        return Ok(page(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, before.as_ref(), &form));
    };
    if form.was_made_of(before.as_ref().map(|timetable| fill(&timetable.plan, &snapshot)).as_ref()) {
        let saved = match &before {
            Some(before) => {
                let expect = Expect::Tag(board::tag(before));
                board.set_timetable(&visit.actor(), class, id, plan.clone(), expect).await.map(|_| ())
            }
            None => board.add_timetable(&visit.actor(), class, plan.clone()).await.map(|_| ()),
        };
        match saved {
            Ok(()) => return Ok(visit.told(&visit.at("timetable"), "editor-notice-saved")),
            Err(Error::Stale { .. } | Error::Missing(_)) => snapshot = visit.snapshot().await?,
            Err(Error::Invalid { .. }) => {
                form.wrong("from", "editor-error-invalid");
                return Ok(page(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, before.as_ref(), &form));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let current = find(&snapshot, id).cloned();
    let by = visit.changed_by("timetable", &id.to_string()).await?;
    versions::meet(&mut form, current.as_ref().map(|timetable| fill(&timetable.plan, &snapshot)), by);
    let shown = current.unwrap_or(Timetable { id, plan });
    Ok(page(&visit, &snapshot, StatusCode::CONFLICT, Some(&shown), &form))
}

/// Removes one; the history brings it back.
pub(crate) async fn remove(
    At((_, id)): At<(String, i64)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    let Some(current) = find(&snapshot, id) else {
        return Ok(visit.told(&visit.at("timetable"), "editor-notice-gone"));
    };
    if form.was_made_of(Some(&fill(&current.plan, &snapshot))) {
        let expect = Expect::Tag(board::tag(current));
        match visit.app.board.remove_timetable(&visit.actor(), visit.class.id, id, expect).await {
            Ok(()) => return Ok(visit.told(&visit.at("timetable"), "editor-notice-removed")),
            Err(Error::Stale { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let snapshot = visit.snapshot().await?;
    let now = find(&snapshot, id).cloned().ok_or(Fault::Missing)?;
    let theirs = fill(&now.plan, &snapshot);
    for (name, value) in &theirs {
        form.set(name, value);
    }
    form.meet(Some(theirs), visit.changed_by("timetable", &id.to_string()).await?);
    Ok(page(&visit, &snapshot, StatusCode::CONFLICT, Some(&now), &form))
}
