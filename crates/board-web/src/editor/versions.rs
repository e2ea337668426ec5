//! A week in a form: six days of eight pickers, and the texts, written from the pickers or freely.

use board::{DAYS, NO_LESSON, ROWS, Snapshot, Week};
use minijinja::{Value, context};

use super::changes::gone;
use super::form::{Choice, Fields, Form};
use super::overview::time;
use super::visit::ClassVisit;
use super::words;

fn cell(day: usize, row: usize) -> String {
    format!("s{day}{row}")
}

fn mode(day: usize) -> String {
    format!("mode{day}")
}

fn text(day: usize) -> String {
    format!("text{day}")
}

/// The text of a day, written from its rows: `1. Algebra`, a line for each lesson.
pub(crate) fn written(rows: &[i64], snapshot: &Snapshot) -> String {
    let line = |(row, number): (usize, &i64)| {
        snapshot.subjects.get(number).map(|subject| format!("{}. {}\n", row + 1, subject.name))
    };
    rows.iter().enumerate().filter_map(line).collect()
}

/// What the fields of a week hold.
pub(crate) fn fill(week: &Week, snapshot: &Snapshot) -> Fields {
    let mut fields = Fields::new();
    for day in 0..DAYS {
        let rows = &week.rows[day];
        for row in 0..ROWS {
            fields.insert(cell(day, row), shown(rows.get(row).copied()));
        }
        let follows = week.texts[day].trim().is_empty() || week.texts[day] == written(rows, snapshot);
        fields.insert(mode(day), if follows { "grid" } else { "free" }.to_owned());
        fields.insert(text(day), week.texts[day].clone());
    }
    fields
}

/// A row in its picker: what is no subject is no lesson.
fn shown(number: Option<i64>) -> String {
    number.filter(|number| *number > 0).map_or(String::new(), |number| number.to_string())
}

/// The week that a form says; what is wrong with it is noted in the form. A day that the form does not show stays.
pub(crate) fn read(form: &mut Form, before: &Week, snapshot: &Snapshot) -> Week {
    let mut week = before.clone();
    for day in 0..DAYS {
        if !form.all().contains_key(&cell(day, 0)) {
            continue;
        }
        let stored = &before.rows[day];
        let mut rows = Vec::new();
        for row in 0..ROWS {
            let name = cell(day, row);
            let typed = form.line(&name).to_owned();
            let number = if typed == shown(stored.get(row).copied()) {
                stored.get(row).copied().unwrap_or(NO_LESSON)
            } else if typed.is_empty() {
                NO_LESSON
            } else {
                let known = typed.parse().ok().filter(|number| snapshot.subjects.contains_key(number));
                known.unwrap_or_else(|| {
                    form.wrong(&name, "editor-error-subject");
                    NO_LESSON
                })
            };
            rows.push(number);
        }
        // Rows that were there stay, even if they say nothing: old clients count them.
        while rows.len() > stored.len() && rows.last() == Some(&NO_LESSON) {
            rows.pop();
        }
        week.texts[day] = match form.get(&mode(day)) {
            "free" => form.text(&text(day), &before.texts[day]),
            _ => written(&rows, snapshot),
        };
        week.rows[day] = rows;
    }
    week
}

/// Notes what others made of the week meanwhile. Texts that are written from the grid on both sides are not compared.
pub(crate) fn meet(form: &mut Form, theirs: Option<Fields>, by: Option<String>) {
    form.meet(theirs, by);
    for day in 0..DAYS {
        if form.get(&mode(day)) == "grid" && form.agrees(&mode(day)) {
            form.pass_over(&text(day));
        }
    }
}

/// The days of the form, for its template.
pub(crate) fn days(visit: &ClassVisit, week: &Week) -> Vec<Value> {
    let settings = &visit.class.settings;
    let saturday = !week.rows[DAYS - 1].is_empty() || !week.texts[DAYS - 1].trim().is_empty();
    let days = if saturday { DAYS } else { usize::from(settings.days).min(DAYS) };
    let day = |day: usize| {
        let row = |row: usize| context! { name => cell(day, row), number => row + 1, time => time(&visit.class, row) };
        context! {
            place => day,
            name => i18n::weekday(visit.language, words::weekday(day)),
            rows => (0..ROWS).map(row).collect::<Vec<_>>(),
            mode => mode(day),
            text => text(day),
        }
    };
    (0..days).map(day).collect()
}

/// What can be picked; whatever is picked is in it even if it is gone.
pub(crate) fn options(visit: &ClassVisit, snapshot: &Snapshot, form: &Form) -> Vec<Choice> {
    let mut subjects: Vec<_> = snapshot.subjects.values().collect();
    subjects.sort_by_key(|subject| subject.name.to_lowercase());
    let mut options = vec![Choice::new("", "—")];
    options.extend(subjects.into_iter().map(|subject| Choice::new(subject.number, &subject.name)));
    let picked = (0..DAYS).flat_map(|day| (0..ROWS).map(move |row| cell(day, row)));
    options.extend(gone(visit, snapshot, picked.filter_map(|name| form.number(&name))));
    options
}

/// How the text of a day comes about.
pub(crate) fn modes(visit: &ClassVisit) -> Vec<Choice> {
    vec![
        Choice::new("grid", visit.say("editor-text-from-grid", &[])),
        Choice::new("free", visit.say("editor-text-free", &[])),
    ]
}
