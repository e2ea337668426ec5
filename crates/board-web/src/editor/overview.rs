//! The class at a glance: today, the next day of school, and what a new class needs first.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Class, Day, LessonState, Role, Snapshot};
use jiff::civil::Date;
use minijinja::{Value, context};

use super::fault::Fault;
use super::visit::ClassVisit;
use super::words::Arg;

/// Shows it.
pub(crate) async fn show(visit: ClassVisit) -> Result<Response, Fault> {
    let snapshot = visit.snapshot().await?;
    let today = visit.today();
    let next = snapshot.school_day_after(today).unwrap_or(today);
    let mut days = vec![day(&visit, &snapshot, today, "editor-day-today")];
    if next > today {
        days.push(day(&visit, &snapshot, next, "editor-day-next"));
    }
    let view = context! {
        days,
        steps => steps(&visit, &snapshot).await?,
        next_date => next.to_string(),
        next_name => visit.day(next),
    };
    Ok(visit.class_page(StatusCode::OK, "overview.html", "overview", view))
}

fn day(visit: &ClassVisit, snapshot: &Snapshot, date: Date, label: &'static str) -> Value {
    let day = snapshot.day(date);
    let notes = day.notes.iter().map(|note| context! { subject => &note.name, text => &note.text, links => [(); 0] });
    let due = day.assignments.iter().map(|one| {
        let subject = subject_name(visit, snapshot, one.task.subject);
        context! { subject, text => &one.task.text, links => &one.task.links }
    });
    context! {
        label => visit.say(label, &[]),
        name => visit.day(date),
        holiday => &day.holiday,
        lessons => lessons(visit, snapshot, &day),
        changes_text => if day.school { day.changes.text.trim() } else { "" },
        homework => notes.chain(due).collect::<Vec<_>>(),
    }
}

/// The lessons of a day, for people.
pub(crate) fn lessons(visit: &ClassVisit, snapshot: &Snapshot, day: &Day) -> Vec<Value> {
    let lesson = |lesson: &board::Lesson| {
        context! {
            row => lesson.row,
            time => time(&visit.class, lesson.row - 1),
            name => subject_name(visit, snapshot, lesson.subject),
            instead_of => lesson.instead_of.map(|number| subject_name(visit, snapshot, number)),
            state => match lesson.state {
                LessonState::Planned => "planned",
                LessonState::Cancelled => "cancelled",
                LessonState::Replaced => "replaced",
                LessonState::Added => "added",
            },
        }
    };
    day.lessons.iter().map(lesson).collect()
}

/// The time of a row of the timetable, from 0, if the class has bells.
pub(crate) fn time(class: &Class, row: usize) -> Option<String> {
    let bell = class.settings.bells.get(row)?;
    Some(format!("{}–{}", bell.from.strftime("%H:%M"), bell.to.strftime("%H:%M")))
}

/// The name of a subject; of one that is not there, its number.
pub(crate) fn subject_name(visit: &ClassVisit, snapshot: &Snapshot, number: i64) -> String {
    match snapshot.subjects.get(&number) {
        Some(subject) => subject.name.clone(),
        None => visit.say("editor-subject-gone", &[("number", Arg::from(number.to_string()))]),
    }
}

/// What a new class needs, for its head; nothing once it has it all.
async fn steps(visit: &ClassVisit, snapshot: &Snapshot) -> Result<Vec<Value>, Fault> {
    if visit.needs(Role::Head).is_err() {
        return Ok(Vec::new());
    }
    let board = &visit.app.board;
    let class = visit.class.id;
    let has_week = !snapshot.timetables.is_empty() || snapshot.week.rows.iter().any(|rows| !rows.is_empty());
    let others =
        board.users().await?.iter().any(|user| user.id != visit.session.user.id && user.roles.contains_key(&class));
    let steps = [
        (!snapshot.subjects.is_empty(), "subjects", "editor-step-subjects", "editor-step-subjects-why"),
        (has_week, "timetable/week", "editor-step-week", "editor-step-week-why"),
        (others, "users", "editor-step-users", "editor-step-users-why"),
        (!board.chats(class).await?.is_empty(), "chats", "editor-step-chats", "editor-step-chats-why"),
    ];
    if steps.iter().all(|(done, ..)| *done) {
        return Ok(Vec::new());
    }
    let step = |(done, page, label, why): (bool, &str, &str, &str)| {
        context! { done, page, label => visit.say(label, &[]), why => visit.say(why, &[]) }
    };
    Ok(steps.into_iter().map(step).collect())
}
