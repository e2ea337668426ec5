//! What was found in an old installation, and what became of it.

use std::fmt;

use serde::Serialize;

use crate::model::Role;

/// The most oddities, and the most faults, that are listed: after so many, it is another file altogether.
const MOST_NOTES: usize = 500;

/// What an import found, and what it did with it or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether it was written to the board.
    pub imported: bool,
    /// The accounts.
    pub users: Vec<User>,
    /// The subjects.
    pub subjects: Vec<Subject>,
    /// The days of the timetable.
    pub days: Vec<Day>,
    /// What became of the timetable.
    pub week: Outcome,
    /// What became of the changes.
    pub changes: Outcome,
    /// Numbers in the timetable and in the changes that no subject has. They are kept.
    pub unknown: Vec<Unknown>,
    /// What is not as it should be, and what was made of it.
    pub oddities: Vec<Note>,
    /// What cannot be read whole. With one of them nothing is imported.
    pub faults: Vec<Note>,
    /// What stands on the board, is not in the old installation, and stays.
    pub untouched: Vec<String>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct User {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Why nobody could sign in with it at the old board, if nobody could.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub never: Option<&'static str>,
    /// What became of it.
    pub outcome: Outcome,
}

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Whether it has homework.
    pub homework: bool,
    /// What became of it.
    pub outcome: Outcome,
}

/// A day of the timetable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// Its number; Monday is 1.
    pub day: usize,
    /// How many lines its text has.
    pub lines: usize,
    /// The numbers of its lessons.
    pub lessons: Vec<i64>,
}

/// A number that no subject has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unknown {
    /// The file it stands in.
    pub place: String,
    /// The number.
    pub number: i64,
}

/// Something to be told, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The file, perhaps with the line, or the thing.
    pub place: String,
    /// What is to be told.
    pub what: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// What became of something, or would.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was only read.
    #[default]
    Read,
    /// It was not on the board.
    New,
    /// It was another, and is changed.
    Changed,
    /// It is on the board already.
    Same,
    /// It was left out; an oddity says why.
    LeftOut,
}

impl Report {
    /// Notes an oddity.
    pub(super) fn odd(&mut self, place: impl Into<String>, what: impl Into<String>) {
        note(&mut self.oddities, place.into(), what.into());
    }

    /// Whether the import changes anything.
    pub(super) fn changes_something(&self) -> bool {
        let users = self.users.iter().map(|user| user.outcome);
        let subjects = self.subjects.iter().map(|subject| subject.outcome);
        let mut all = users.chain(subjects).chain([self.week, self.changes]);
        all.any(|outcome| matches!(outcome, Outcome::New | Outcome::Changed))
    }

    /// Notes what stops the import.
    pub(super) fn fault(&mut self, place: impl Into<String>, what: impl Into<String>) {
        note(&mut self.faults, place.into(), what.into());
    }
}

/// Adds a note, unless there are too many.
pub(super) fn note(notes: &mut Vec<Note>, place: String, what: String) {
    match notes.len() {
        MOST_NOTES => notes.push(Note { place, what: "and more, which is not listed".to_owned() }),
        few if few < MOST_NOTES => notes.push(Note { place, what }),
        _ => {}
    }
}
