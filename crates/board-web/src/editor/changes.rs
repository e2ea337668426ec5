//! Changes to the timetable: of days, and without a date.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Changes, Error, Expect, NO_CHANGE, NO_LESSON, ROWS, Role, Snapshot};
use jiff::ToSpan as _;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::fault::{Fault, see_other};
use super::form::{Choice, Fields, Form};
use super::homework::{near, source};
use super::overview::subject_name;
use super::visit::{Asked, At, ClassVisit, Posted};
use super::words::Arg;

/// What the form of changes holds.
fn fill(changes: &Changes) -> Fields {
    let rows = changes.rows.iter().enumerate().map(|(row, change)| (format!("row{}", row + 1), change.to_string()));
    rows.chain([("text".to_owned(), changes.text.clone())]).collect()
}

/// Lists those of days to come, and those without a date.
pub(crate) async fn list(visit: ClassVisit) -> Result<Response, Fault> {
    let snapshot = visit.snapshot().await?;
    let form = Form::of(fill(&snapshot.changes));
    Ok(overview(&visit, &snapshot, StatusCode::OK, &form))
}

fn overview(visit: &ClassVisit, snapshot: &Snapshot, status: StatusCode, form: &Form) -> Response {
    let today = visit.today();
    let day = |(date, changes): (&Date, &Changes)| {
        context! {
            date => date.to_string(),
            name => visit.day(*date),
            lines => lines(visit, snapshot, changes),
            text => changes.text.trim(),
            source => source(&changes.source),
        }
    };
    let changes = &snapshot.changes;
    let rows = (0..ROWS).map(|row| context! { name => format!("row{}", row + 1), label => lesson(visit, row) });
    let view = context! {
        next_date => snapshot.school_day_after(today).unwrap_or(today).to_string(),
        days => snapshot.dated_changes.range(today..).map(day).collect::<Vec<_>>(),
        undated => context! { lines => lines(visit, snapshot, changes), text => changes.text.trim() },
        form => form.view(visit.language),
        rows => rows.collect::<Vec<_>>(),
        options => options(visit, snapshot, form),
    };
    visit.class_page(status, "changes.html", "changes", view)
}

fn lesson(visit: &ClassVisit, row: usize) -> String {
    visit.say("editor-lesson-number", &[("number", Arg::from((row + 1).to_string()))])
}

/// What changes say, row by row.
fn lines(visit: &ClassVisit, snapshot: &Snapshot, changes: &Changes) -> Vec<String> {
    let line = |(row, change): (usize, &i64)| {
        let what = match *change {
            NO_CHANGE => return None,
            NO_LESSON => visit.say("editor-change-cancelled", &[]),
            number => subject_name(visit, snapshot, number),
        };
        Some(format!("{}: {what}", lesson(visit, row)))
    };
    changes.rows.iter().enumerate().filter_map(line).collect()
}

/// What a row can be changed to; whatever is chosen is in it even if it is gone.
fn options(visit: &ClassVisit, snapshot: &Snapshot, form: &Form) -> Vec<Choice> {
    let mut options = vec![
        Choice::new(NO_CHANGE, visit.say("editor-change-none", &[])),
        Choice::new(NO_LESSON, visit.say("editor-change-cancelled", &[])),
    ];
    let mut subjects: Vec<_> = snapshot.subjects.values().collect();
    subjects.sort_by_key(|subject| subject.name.to_lowercase());
    options.extend(subjects.into_iter().map(|subject| Choice::new(subject.number, &subject.name)));
    options.extend(gone(visit, snapshot, (1..=ROWS).filter_map(|row| form.number(&format!("row{row}")))));
    options
}

/// Choices of what is there no more.
pub(crate) fn gone(visit: &ClassVisit, snapshot: &Snapshot, chosen: impl Iterator<Item = i64>) -> Vec<Choice> {
    let mut gone: Vec<i64> = chosen
        .filter(|number| ![NO_CHANGE, NO_LESSON].contains(number) && !snapshot.subjects.contains_key(number))
        .collect();
    gone.sort_unstable();
    gone.dedup();
    gone.into_iter().map(|number| Choice::gone(number, subject_name(visit, snapshot, number))).collect()
}

/// Goes to the changes of the day that was asked for.
pub(crate) async fn go(Asked(query): Asked, visit: ClassVisit) -> Result<Response, Fault> {
    let date = query.get("date").and_then(|date| date.parse::<Date>().ok()).filter(near);
    Ok(see_other(&visit.at(&date.map_or("changes".to_owned(), |date| format!("changes/{date}")))))
}

/// Shows those of a day.
pub(crate) async fn show(At((_, date)): At<(String, Date)>, visit: ClassVisit) -> Result<Response, Fault> {
    let snapshot = around(&visit, date).await?;
    let form = match snapshot.dated_changes.get(&date) {
        Some(changes) => Form::of(fill(changes)),
        None => Form::new(fill(&Changes::default())),
    };
    Ok(page(&visit, &snapshot, date, StatusCode::OK, &form))
}

/// The class around a day, which may lie in the past.
async fn around(visit: &ClassVisit, date: Date) -> Result<Snapshot, Fault> {
    if !near(&date) {
        return Err(Fault::Missing);
    }
    Ok(visit.app.board.snapshot_around(visit.class.id, date, date).await?)
}

fn page(visit: &ClassVisit, snapshot: &Snapshot, date: Date, status: StatusCode, form: &Form) -> Response {
    let changes = snapshot.dated_changes.get(&date);
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    let planned = snapshot.week_on(date).rows.get(weekday).map_or(&[][..], Vec::as_slice);
    let row = |row: usize| {
        let planned = planned.get(row).filter(|number| **number > 0);
        let planned = planned.map_or_else(
            || visit.say("editor-planned-nothing", &[]),
            |number| visit.say("editor-planned", &[("name", Arg::from(subject_name(visit, snapshot, *number)))]),
        );
        context! { name => format!("row{}", row + 1), label => lesson(visit, row), planned }
    };
    let shown = changes.cloned().unwrap_or_default();
    let view = context! {
        date => date.to_string(),
        name => visit.day(date),
        previous => date.saturating_sub(1.day()).to_string(),
        next => date.saturating_add(1.day()).to_string(),
        holiday => snapshot.class.settings.holiday(date).map(|holiday| holiday.name.clone()),
        exists => changes.is_some(),
        source => source(&shown.source),
        rows => (0..ROWS).map(row).collect::<Vec<Value>>(),
        options => options(visit, snapshot, form),
        lines => lines(visit, snapshot, &shown),
        text => shown.text.trim(),
        form => form.view(visit.language),
    };
    visit.class_page(status, "change.html", "changes", view)
}

/// What a form says, if nothing is wrong with it.
fn read(form: &mut Form, snapshot: &Snapshot, before: &Changes) -> Option<Changes> {
    let mut changes = Changes { source: before.source.clone(), ..Changes::default() };
    for row in 0..ROWS {
        let name = format!("row{}", row + 1);
        let known = |number: &i64| {
            [NO_CHANGE, NO_LESSON, before.rows[row]].contains(number) || snapshot.subjects.contains_key(number)
        };
        match form.number(&name).filter(known) {
            Some(number) => changes.rows[row] = number,
            None => form.wrong(&name, "editor-error-subject"),
        }
    }
    changes.text = form.text("text", &before.text);
    form.is_fine().then_some(changes)
}

/// Keeps those without a date.
pub(crate) async fn save_undated(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let mut snapshot = visit.snapshot().await?;
    let current = &snapshot.changes;
    let Some(changes) = read(&mut form, &snapshot, current) else {
        return Ok(overview(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, &form));
    };
    if form.was_made_of(Some(&fill(current))) {
        let expect = Expect::Tag(board::tag(current));
        match visit.app.board.set_changes(&visit.actor(), visit.class.id, None, changes, expect).await {
            Ok(_) => return Ok(visit.told(&visit.at("changes"), "editor-notice-saved")),
            Err(Error::Stale { .. }) => snapshot = visit.snapshot().await?,
            Err(error) => return Err(error.into()),
        }
    }
    form.meet(Some(fill(&snapshot.changes)), visit.changed_by("changes", "").await?);
    Ok(overview(&visit, &snapshot, StatusCode::CONFLICT, &form))
}

/// Keeps those of a day.
pub(crate) async fn save(
    At((_, date)): At<(String, Date)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let mut snapshot = around(&visit, date).await?;
    let current = snapshot.dated_changes.get(&date).cloned();
    let Some(changes) = read(&mut form, &snapshot, &current.clone().unwrap_or_default()) else {
        return Ok(page(&visit, &snapshot, date, StatusCode::UNPROCESSABLE_ENTITY, &form));
    };
    if form.was_made_of(current.as_ref().map(fill).as_ref()) {
        let expect = current.as_ref().map_or(Expect::Nothing, |current| Expect::Tag(board::tag(current)));
        match visit.app.board.set_changes(&visit.actor(), visit.class.id, Some(date), changes, expect).await {
            Ok(_) => return Ok(visit.told(&visit.at("changes"), "editor-notice-saved")),
            Err(Error::Stale { .. }) => snapshot = around(&visit, date).await?,
            Err(error) => return Err(error.into()),
        }
    }
    let theirs = snapshot.dated_changes.get(&date).map(fill);
    form.meet(theirs, visit.changed_by("changes", &date.to_string()).await?);
    Ok(page(&visit, &snapshot, date, StatusCode::CONFLICT, &form))
}

/// Takes those of a day away; the history brings them back.
pub(crate) async fn remove(
    At((_, date)): At<(String, Date)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = around(&visit, date).await?;
    let Some(current) = snapshot.dated_changes.get(&date) else {
        return Ok(visit.told(&visit.at("changes"), "editor-notice-gone"));
    };
    if form.was_made_of(Some(&fill(current))) {
        let expect = Expect::Tag(board::tag(current));
        match visit.app.board.remove_changes(&visit.actor(), visit.class.id, date, expect).await {
            Ok(()) => return Ok(visit.told(&visit.at("changes"), "editor-notice-removed")),
            Err(Error::Stale { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let snapshot = around(&visit, date).await?;
    let now = snapshot.dated_changes.get(&date).map(fill);
    for (name, value) in now.clone().unwrap_or_default() {
        form.set(name, value);
    }
    form.meet(now, visit.changed_by("changes", &date.to_string()).await?);
    Ok(page(&visit, &snapshot, date, StatusCode::CONFLICT, &form))
}
