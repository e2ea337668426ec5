//! What an import found and did.

use board::Role;
use board::filling::{Counts, FillReport};
use board::legacy::{Note, Outcome, Report};

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

/// What a class has lost that is filled no more.
pub(crate) fn taken_away(report: &FillReport) -> String {
    let removed = counted(report, |counts| counts.removed);
    if removed.is_empty() { "Nothing had to be taken away.".to_owned() } else { format!("Taken away: {removed}.") }
}

/// What came of filling a class.
pub(crate) fn filled(report: &FillReport) -> String {
    let parts = [
        ("New", counted(report, |counts| counts.added)),
        ("Changed", counted(report, |counts| counts.changed)),
        ("Taken away", counted(report, |counts| counts.removed)),
    ];
    let parts = parts.iter().filter(|(_, told)| !told.is_empty()).map(|(what, told)| format!("{what}: {told}."));
    let mut told = joined(parts, " ");
    if told.is_empty() {
        "Nothing is new.".clone_into(&mut told);
    }
    if report.by_hand > 0 {
        told.push_str(&format!(" As people wrote it: {}.", report.by_hand));
    }
    if report.left_out > 0 {
        told.push_str(&format!(" Left out, since it does not fit: {}.", report.left_out));
    }
    told
}

fn counted(report: &FillReport, count: impl Fn(&Counts) -> u32) -> String {
    let counts = [
        ("subjects", &report.subjects),
        ("weeks", &report.weeks),
        ("days of changes", &report.changes),
        ("pieces of homework", &report.assignments),
    ];
    let counts = counts.iter().map(|(what, counts)| (what, count(counts))).filter(|(_, count)| *count > 0);
    joined(counts.map(|(what, count)| format!("{count} {what}")), ", ")
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
