//! Homework: what is due on days, and beside it what stands without a date.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Assignment, Assignments, Error, Expect, Role, Snapshot, Source, Task};
use jiff::ToSpan as _;
use jiff::civil::Date;
use minijinja::{Value, context};

use super::fault::Fault;
use super::form::{Choice, Fields, Form, fields, plain_lines};
use super::notes;
use super::overview::subject_name;
use super::visit::{Asked, At, ClassVisit, Posted};
use super::words::Arg;

/// The most pieces of homework on a page.
const MOST: u32 = 300;
/// The most links of a piece of homework, and the longest one, as the board has it.
const MOST_LINKS: usize = 20;
const LONGEST_LINK: usize = 2000;

/// Lists what is due from today on or in a week, and the notes of all subjects.
pub(crate) async fn list(Asked(query): Asked, visit: ClassVisit) -> Result<Response, Fault> {
    let snapshot = visit.snapshot().await?;
    let today = visit.today();
    let week = query.get("week").and_then(|day| day.parse().ok()).filter(near).map(monday);
    let wanted = Assignments {
        from: Some(week.unwrap_or(today)),
        to: week.map(|monday| monday.saturating_add(6.days())),
        limit: MOST,
        ..Assignments::default()
    };
    let found = visit.app.board.assignments(visit.class.id, &wanted).await?;
    let mut days: Vec<(Date, Vec<Value>)> = Vec::new();
    for one in &found {
        let shown = row(&visit, &snapshot, one);
        match days.last_mut() {
            Some((due, assignments)) if *due == one.task.due => assignments.push(shown),
            _ => days.push((one.task.due, vec![shown])),
        }
    }
    let mut subjects: Vec<_> = snapshot.subjects.values().collect();
    subjects.sort_by_key(|subject| subject.name.to_lowercase());
    let note = |subject: &&board::Subject| {
        let form = Form::of(notes::fill(subject)).named(format!("note-{}", subject.number));
        context! {
            number => subject.number,
            name => &subject.name,
            note => &subject.note,
            form => form.view(visit.language),
        }
    };
    let named = |(date, assignments): (Date, Vec<Value>)| context! { name => visit.day(date), assignments };
    let view = context! {
        days => days.into_iter().map(named).collect::<Vec<_>>(),
        more => found.len() >= MOST as usize,
        subjects => subjects.iter().map(note).collect::<Vec<_>>(),
        last_week => monday(today.saturating_sub(7.days())).to_string(),
        week => week.map(|monday| context! {
            label => visit.say("editor-week-of", &[("day", Arg::from(i18n::date_with_year(visit.language, monday)))]),
            previous => monday.saturating_sub(7.days()).to_string(),
            next => monday.saturating_add(7.days()).to_string(),
        }),
    };
    Ok(visit.class_page(StatusCode::OK, "homework.html", "homework", view))
}

fn row(visit: &ClassVisit, snapshot: &Snapshot, one: &Assignment) -> Value {
    context! {
        id => one.id,
        subject => subject_name(visit, snapshot, one.task.subject),
        text => &one.task.text,
        links => &one.task.links,
        source => source(&one.task.source),
    }
}

/// Where something comes from, for a template.
pub(crate) fn source(source: &Source) -> Value {
    match source {
        Source::Hand => context! { kind => "hand", origin => "" },
        Source::Pronote { origin } => context! { kind => "pronote", origin },
        Source::Override { origin } => context! { kind => "override", origin },
    }
}

/// Whether a day is one that anybody has school on: others are not counted from.
pub(crate) fn near(date: &Date) -> bool {
    (2000..2100).contains(&date.year())
}

/// The Monday of a day's week.
fn monday(date: Date) -> Date {
    date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days())
}

/// What the form of a piece of homework holds.
fn fill(task: &Task) -> Fields {
    fields([
        ("subject", task.subject.to_string()),
        ("due", task.due.to_string()),
        ("given", task.given.to_string()),
        ("text", task.text.clone()),
        ("links", task.links.join("\n")),
    ])
}

/// Shows the form of a new one.
pub(crate) async fn show_new(Asked(query): Asked, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    let next = snapshot.school_day_after(visit.today()).unwrap_or(visit.today());
    let asked = |name: &str| query.get(name).cloned().unwrap_or_default();
    let due = query.get("due").cloned().unwrap_or_else(|| next.to_string());
    let given = visit.today().to_string();
    let form = Form::new(fields([("subject", asked("subject")), ("due", due), ("given", given)]));
    Ok(page(&visit, &snapshot, StatusCode::OK, None, &form))
}

/// Shows the form of one.
pub(crate) async fn show(At((_, id)): At<(String, i64)>, visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let one = visit.app.board.assignment(visit.class.id, id).await?.ok_or(Fault::Missing)?;
    let form = Form::of(fill(&one.task));
    Ok(page(&visit, &*visit.snapshot().await?, StatusCode::OK, Some(&one), &form))
}

fn page(
    visit: &ClassVisit,
    snapshot: &Snapshot,
    status: StatusCode,
    one: Option<&Assignment>,
    form: &Form,
) -> Response {
    let subjects = subjects(visit, snapshot, form.number("subject"));
    let view = context! {
        id => one.map(|one| one.id),
        source => one.map(|one| source(&one.task.source)),
        form => form.view(visit.language),
        subjects,
    };
    visit.class_page(status, "assignment.html", "homework", view)
}

/// The subjects by name, for a list; the chosen one is in it even if it is gone.
fn subjects(visit: &ClassVisit, snapshot: &Snapshot, chosen: Option<i64>) -> Vec<Choice> {
    let mut subjects: Vec<_> = snapshot.subjects.values().collect();
    subjects.sort_by_key(|subject| subject.name.to_lowercase());
    let mut choices = vec![Choice::new("", visit.say("editor-choose", &[]))];
    choices.extend(subjects.into_iter().map(|subject| Choice::new(subject.number, &subject.name)));
    if let Some(gone) = chosen.filter(|number| !snapshot.subjects.contains_key(number)) {
        choices.push(Choice::gone(gone, subject_name(visit, snapshot, gone)));
    }
    choices
}

/// What a form says, if nothing is wrong with it.
fn read(form: &mut Form, visit: &ClassVisit, snapshot: &Snapshot, before: Option<&Task>) -> Option<Task> {
    let subject = form.number("subject");
    let known =
        |number: &i64| snapshot.subjects.contains_key(number) || before.is_some_and(|before| before.subject == *number);
    if subject.is_none() {
        form.wrong("subject", "editor-error-subject-missing");
    } else if !subject.as_ref().is_some_and(known) {
        form.wrong("subject", "editor-error-subject");
    }
    let due = form.date("due");
    let given = form.date_or_nothing("given").or(before.map(|before| before.given)).unwrap_or(visit.today());
    // Whoever gives homework for the past writes down what was forgotten.
    let given = if form.line("given").is_empty() { due.map_or(given, |due| due.min(given)) } else { given };
    if due.is_some_and(|due| due < given) {
        form.wrong("due", "editor-error-due");
    }
    let text = form.text("text", before.map_or("", |before| &before.text));
    if text.trim().is_empty() {
        form.wrong("text", "editor-error-text-missing");
    }
    let typed = plain_lines(form.get("links"));
    let links: Vec<String> = typed.lines().map(str::trim).filter(|link| !link.is_empty()).map(str::to_owned).collect();
    if links.len() > MOST_LINKS {
        form.fault("links", "editor-error-links-many", vec![("count", Arg::from(MOST_LINKS))]);
    }
    let web = |link: &String| {
        let parsed = url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        parsed && link.len() <= LONGEST_LINK && !link.contains(char::is_whitespace)
    };
    if let Some(bad) = links.iter().find(|link| !web(link)) {
        let shown: String = bad.chars().take(60).collect();
        form.fault("links", "editor-error-link", vec![("link", Arg::from(shown))]);
    }
    if !form.is_fine() {
        return None;
    }
    let source = before.map_or(Source::Hand, |before| before.source.clone());
    Some(Task { subject: subject?, given, due: due?, text, links, source })
}

/// Gives homework.
pub(crate) async fn add(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let snapshot = visit.snapshot().await?;
    if let Some(task) = read(&mut form, &visit, &snapshot, None) {
        match visit.app.board.add_assignment(&visit.actor(), visit.class.id, task).await {
            Ok(_) => return Ok(visit.told(&visit.at("homework"), "editor-notice-homework-added")),
            Err(Error::Invalid { .. }) => form.wrong("text", "editor-error-invalid"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(page(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, None, &form))
}

/// Keeps a piece of homework.
pub(crate) async fn save(
    At((_, id)): At<(String, i64)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let (board, class) = (&visit.app.board, visit.class.id);
    let snapshot = visit.snapshot().await?;
    let mut current = board.assignment(class, id).await?;
    let task = read(&mut form, &visit, &snapshot, current.as_ref().map(|one| &one.task));
    let Some(task) = task else {
        return Ok(page(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, current.as_ref(), &form));
    };
    let now = current.as_ref().map(|one| fill(&one.task));
    if form.was_made_of(now.as_ref()) {
        let saved = match &current {
            Some(one) => board
                .set_assignment(&visit.actor(), class, id, task.clone(), Expect::Tag(board::tag(one)))
                .await
                .map(|_| ()),
            // It was taken away, and whoever wrote it knows.
            None => board.add_assignment(&visit.actor(), class, task.clone()).await.map(|_| ()),
        };
        match saved {
            Ok(()) => return Ok(visit.told(&visit.at("homework"), "editor-notice-saved")),
            Err(Error::Stale { .. } | Error::Missing(_)) => current = board.assignment(class, id).await?,
            Err(Error::Invalid { .. }) => {
                form.wrong("text", "editor-error-invalid");
                return Ok(page(&visit, &snapshot, StatusCode::UNPROCESSABLE_ENTITY, current.as_ref(), &form));
            }
            Err(error) => return Err(error.into()),
        }
    }
    let by = visit.changed_by("assignment", &id.to_string()).await?;
    form.meet(current.as_ref().map(|one| fill(&one.task)), by);
    // The page keeps its address, so that what is saved next is judged by the same rules.
    let shown = current.unwrap_or(Assignment { id, task });
    Ok(page(&visit, &snapshot, StatusCode::CONFLICT, Some(&shown), &form))
}

/// Takes a piece of homework away; the history brings it back.
pub(crate) async fn remove(
    At((_, id)): At<(String, i64)>,
    Posted { visit, mut form }: Posted<ClassVisit>,
) -> Result<Response, Fault> {
    visit.needs(Role::Editor)?;
    let (board, class) = (&visit.app.board, visit.class.id);
    let Some(one) = board.assignment(class, id).await? else {
        return Ok(visit.told(&visit.at("homework"), "editor-notice-gone"));
    };
    let removed = if form.was_made_of(Some(&fill(&one.task))) {
        board.remove_assignment(&visit.actor(), class, id, Expect::Tag(board::tag(&one))).await
    } else {
        Err(Error::Stale { current: None })
    };
    match removed {
        Ok(()) => Ok(visit.told(&visit.at("homework"), "editor-notice-removed")),
        Err(Error::Stale { .. }) => {
            let now = board.assignment(class, id).await?.unwrap_or(one);
            for (name, value) in fill(&now.task) {
                form.set(name, value);
            }
            form.meet(Some(fill(&now.task)), visit.changed_by("assignment", &id.to_string()).await?);
            Ok(page(&visit, &*visit.snapshot().await?, StatusCode::CONFLICT, Some(&now), &form))
        }
        Err(error) => Err(error.into()),
    }
}
