//! What an import found and did.

use board::legacy::{Note, Outcome, Report};
use board::{FillReport, Role};

use super::{Look, Tone, cell, joined, line, table, text_of, toned};

/// A report, part by part; what there is nothing to tell of is left out.
pub(crate) fn report(report: &Report, look: Look) -> String {
    let parts = [
        users(report, look),
        subjects(report, look),
        days(report, look),
        unknown(report),
        list("Stays in the class, and is not in the old installation", report.untouched.iter().cloned()),
        notes("Odd", &report.oddities),
        notes("Cannot be imported", &report.faults),
    ];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { parts.join("\n") + "\n" }
}

/// Notes, one a line, below a title.
pub(crate) fn notes(title: &str, notes: &[Note]) -> String {
    list(title, notes.iter().map(ToString::to_string))
}

/// What an unbound class has lost.
pub(crate) fn taken_away(report: &FillReport) -> String {
    let counted = [
        ("subjects", report.subjects.removed),
        ("weeks", report.weeks.removed),
        ("days of changes", report.changes.removed),
        ("pieces of homework", report.assignments.removed),
    ];
    let counted = counted.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}"));
    match joined(counted, ", ") {
        none if none.is_empty() => "Nothing had to be taken away.".to_owned(),
        counted => format!("Taken away: {counted}."),
    }
}

fn list(title: &str, things: impl Iterator<Item = String>) -> String {
    let lines: String = things.map(|thing| format!("  {}\n", line(&thing))).collect();
    if lines.is_empty() { lines } else { format!("{title}:\n{lines}") }
}

fn users(report: &Report, look: Look) -> String {
    let mut table = table(look, ["account", "may", "", "could not sign in at the old board"]);
    for user in &report.users {
        let role = match user.role {
            Role::Reader => "reader",
            Role::Editor => "editor",
            Role::Head => "head",
        };
        let (told, tone) = outcome(user.outcome);
        table.add_row([cell(&user.name), cell(role), toned(told, tone), cell(user.never.unwrap_or_default())]);
    }
    text_of(&table)
}

fn subjects(report: &Report, look: Look) -> String {
    let mut table = table(look, ["number", "subject", "", "homework"]);
    for subject in &report.subjects {
        let (told, tone) = outcome(subject.outcome);
        let homework = if subject.homework { "yes" } else { "" };
        table.add_row([cell(subject.number.to_string()), cell(&subject.name), toned(told, tone), cell(homework)]);
    }
    text_of(&table)
}

fn days(report: &Report, look: Look) -> String {
    let mut table = table(look, ["day", "lines of text", "lessons"]);
    let names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    for day in &report.days {
        let name = names.get(day.day.wrapping_sub(1)).copied().unwrap_or_default();
        let lessons = joined(day.lessons.iter().map(ToString::to_string), " ");
        table.add_row([name.to_owned(), day.lines.to_string(), lessons].map(cell));
    }
    let told = [("Timetable", report.week), ("Changes", report.changes)];
    let told = told.map(|(what, became)| format!("{what}: {}\n", outcome(became).0)).concat();
    let told = if report.week == Outcome::Read { String::new() } else { told };
    text_of(&table) + &told
}

fn unknown(report: &Report) -> String {
    let told = report.unknown.iter().map(|unknown| format!("{}: {}", unknown.place, unknown.number));
    list("Numbers that no subject has; they are kept", told)
}

fn outcome(outcome: Outcome) -> (&'static str, Option<Tone>) {
    match outcome {
        Outcome::Read => ("", None),
        Outcome::New => ("new", Some(Tone::Good)),
        Outcome::Changed => ("changed", Some(Tone::Notice)),
        Outcome::Same => ("the same", Some(Tone::Faint)),
        Outcome::LeftOut => ("left out", Some(Tone::Bad)),
    }
}
