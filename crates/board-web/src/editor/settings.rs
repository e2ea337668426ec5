//! What the head of a class sets: its name and language, its week, its bells and holidays.

use axum::http::StatusCode;
use axum::response::Response;
use board::{Bell, ClassSettings, Error, Expect, Holiday, ROWS, Role};
use jiff::civil::Time;
use jiff::tz::TimeZone;
use minijinja::context;

use super::classes::{judge_name, tongue, tongues};
use super::fault::Fault;
use super::form::{Choice, Fields, Form, fields};
use super::visit::{ClassVisit, Posted};
use super::words;

/// How many holidays can be added at once.
const BLANK: usize = 3;
/// The most holidays of a class, as the board has it.
const MOST_HOLIDAYS: usize = 200;

/// What its form holds.
fn fill(settings: &ClassSettings) -> Fields {
    let mut all = fields([
        ("name", settings.name.clone()),
        ("language", words::of_class(settings.language).tag().to_owned()),
        ("zone", settings.zone.clone().unwrap_or_default()),
        ("days", settings.days.to_string()),
        ("week_a", settings.week_a.map_or(String::new(), |day| day.to_string())),
    ]);
    if settings.strict {
        all.insert("strict".to_owned(), "on".to_owned());
    }
    for (row, bell) in settings.bells.iter().enumerate() {
        all.insert(format!("b{row}from"), bell.from.strftime("%H:%M").to_string());
        all.insert(format!("b{row}to"), bell.to.strftime("%H:%M").to_string());
    }
    for (place, holiday) in settings.holidays.iter().enumerate() {
        all.insert(format!("h{place}from"), holiday.from.to_string());
        all.insert(format!("h{place}to"), holiday.to.to_string());
        all.insert(format!("h{place}name"), holiday.name.clone());
    }
    all
}

/// Shows them.
pub(crate) async fn show(visit: ClassVisit) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let form = Form::of(fill(&visit.class.settings));
    Ok(page(&visit, StatusCode::OK, &form))
}

fn page(visit: &ClassVisit, status: StatusCode, form: &Form) -> Response {
    let bells = (0..ROWS).map(|row| context! { from => format!("b{row}from"), to => format!("b{row}to") });
    let holidays = (0..places(form)).map(|place| {
        context! { from => format!("h{place}from"), to => format!("h{place}to"), name => format!("h{place}name") }
    });
    let zones: Vec<String> =
        jiff::tz::db().available().map(|zone| zone.to_string()).filter(|zone| zone.contains('/')).collect();
    let view = context! {
        tongues => tongues(),
        weeks => ["5", "6"].map(|days| {
            let key = if days == "5" { "editor-days-five" } else { "editor-days-six" };
            Choice::new(days, visit.say(key, &[]))
        }),
        bells => bells.collect::<Vec<_>>(),
        holidays => holidays.collect::<Vec<_>>(),
        zones,
        form => form.view(visit.language),
    };
    visit.class_page(status, "settings.html", "settings", view)
}

/// How many holidays the form has room for: those that are filled in, and some more.
fn places(form: &Form) -> usize {
    let filled =
        |place: &usize| ["from", "to", "name"].iter().any(|part| !form.line(&format!("h{place}{part}")).is_empty());
    let last = (0..MOST_HOLIDAYS + BLANK).rev().find(filled);
    (last.map_or(0, |last| last + 1) + BLANK).min(MOST_HOLIDAYS)
}

/// Keeps them.
pub(crate) async fn save(Posted { visit, mut form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.needs(Role::Head)?;
    let (board, class) = (&visit.app.board, &visit.class);
    let before = &class.settings;
    let settings = read(&mut form, before);
    if !form.is_fine() {
        return Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form));
    }
    let mut current = before.clone();
    if form.was_made_of(Some(&fill(before))) {
        let expect = Expect::Tag(board::tag(before));
        match board.set_class(&visit.actor(), class.id, settings, expect).await {
            Ok(_) => return Ok(visit.told(&visit.at("settings"), "editor-notice-saved")),
            Err(Error::Stale { .. }) => {
                current = board.class(&class.slug).await?.ok_or(Fault::Missing)?.settings;
            }
            Err(Error::Invalid { .. }) => {
                form.wrong("name", "editor-error-invalid");
                return Ok(page(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form));
            }
            Err(error) => return Err(error.into()),
        }
    }
    form.meet(Some(fill(&current)), visit.changed_by("class", &class.slug).await?);
    Ok(page(&visit, StatusCode::CONFLICT, &form))
}

/// What a form says; what is wrong with it is noted in it.
fn read(form: &mut Form, before: &ClassSettings) -> ClassSettings {
    judge_name(form);
    let zone = Some(form.line("zone").to_owned()).filter(|zone| !zone.is_empty());
    if zone.as_deref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
        form.wrong("zone", "editor-error-zone");
    }
    ClassSettings {
        name: form.line("name").to_owned(),
        language: tongue(form.get("language")).unwrap_or(before.language),
        zone,
        strict: form.ticked("strict"),
        days: if form.get("days") == "5" { 5 } else { 6 },
        bells: bells(form),
        holidays: holidays(form),
        week_a: form.date_or_nothing("week_a"),
    }
}

fn bells(form: &mut Form) -> Vec<Bell> {
    let mut bells: Vec<Bell> = Vec::new();
    let mut gap = false;
    for row in 0..ROWS {
        let (from, to) = (format!("b{row}from"), format!("b{row}to"));
        if form.line(&from).is_empty() && form.line(&to).is_empty() {
            gap = true;
            continue;
        }
        let (begins, ends) = (time(form, &from), time(form, &to));
        let (Some(begins), Some(ends)) = (begins, ends) else { continue };
        if gap {
            form.wrong(&from, "editor-error-bell-gap");
        } else if ends <= begins {
            form.wrong(&to, "editor-error-bell-ends");
        } else if bells.last().is_some_and(|before| begins < before.to) {
            form.wrong(&from, "editor-error-bell-order");
        }
        bells.push(Bell { from: begins, to: ends });
    }
    bells
}

/// A time of day, which has to be there.
pub(crate) fn time(form: &mut Form, name: &str) -> Option<Time> {
    let typed = form.line(name);
    let parts = typed.split_once(':').map(|(hour, minute)| (hour.parse(), minute.get(..2).unwrap_or("?").parse()));
    let time = match parts {
        Some((Ok(hour), Ok(minute))) => Time::new(hour, minute, 0, 0).ok(),
        _ => None,
    };
    if time.is_none() {
        form.wrong(name, "editor-error-time");
    }
    time
}

fn holidays(form: &mut Form) -> Vec<Holiday> {
    let mut holidays = Vec::new();
    for place in 0..MOST_HOLIDAYS {
        let [from, to, name] = ["from", "to", "name"].map(|part| format!("h{place}{part}"));
        if [&from, &to, &name].iter().all(|field| form.line(field).is_empty()) {
            continue;
        }
        // A single day needs to be given once only.
        if form.line(&to).is_empty() && !form.line(&from).is_empty() {
            let day = form.line(&from).to_owned();
            form.set(to.clone(), day);
        }
        let (first, last) = (form.date(&from), form.date(&to));
        let called = form.line(&name);
        if called.chars().count() > 100 || called.chars().any(char::is_control) {
            form.wrong(&name, "editor-error-holiday-name");
        }
        if let (Some(first), Some(last)) = (first, last) {
            if last < first {
                form.wrong(&to, "editor-error-to");
            }
            holidays.push(Holiday { from: first, to: last, name: form.line(&name).to_owned() });
        }
    }
    holidays
}

/// Puts the class away, or takes it up again.
pub(crate) async fn archive(Posted { visit, form }: Posted<ClassVisit>) -> Result<Response, Fault> {
    visit.admin()?;
    let archived = form.get("archived") == "yes";
    visit.app.board.archive_class(&visit.actor(), visit.class.id, archived).await?;
    let notice = if archived { "editor-notice-class-archived" } else { "editor-notice-class-restored" };
    Ok(visit.told("/board/", notice))
}
