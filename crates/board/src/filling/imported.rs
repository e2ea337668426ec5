//! What was read elsewhere, in plain values that outlive the session that read them.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{Bell, DAYS, ROWS};

/// What was read in one pass. Subjects are named as PRONOTE names them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Imported {
    /// The hours of the school, for a class that has none of its own.
    pub bells: Vec<Bell>,
    /// The weeks that were read.
    pub weeks: Vec<ImportedWeek>,
    /// What differs from them, by day.
    pub changes: BTreeMap<Date, ImportedChanges>,
    /// The homework, if it was read.
    pub homework: Option<ImportedHomework>,
}

/// A week as it is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedWeek {
    /// Its Monday.
    pub monday: Date,
    /// Whether it was read in full: then what is not in it, and not in the changes of its days, is no more.
    pub complete: bool,
    /// What it is, for people.
    pub origin: String,
    /// Monday to Saturday, as people read it.
    pub texts: [Vec<Line>; DAYS],
    /// Monday to Saturday, the subjects by row; nothing where there is no lesson.
    pub rows: [[Option<String>; ROWS]; DAYS],
}

/// What differs from the plan on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedChanges {
    /// What it is, for people.
    pub origin: String,
    /// As people read it.
    pub text: Vec<Line>,
    /// Row by row.
    pub rows: [Row; ROWS],
}

/// What becomes of a row of the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Row {
    /// The plan holds.
    #[default]
    Same,
    /// There is no lesson.
    NoLesson,
    /// There is a lesson of this subject.
    Subject(String),
}

/// A line that people read. It names subjects as the board does, and is left out when its first one was put away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line(pub Vec<Piece>);

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Text(String),
    /// The name of a subject.
    Subject(String),
}

/// The homework due on some days.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedHomework {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Whether all of it was read: then what is not among it is no more.
    pub complete: bool,
    /// The pieces of homework.
    pub tasks: Vec<ImportedTask>,
}

/// A piece of homework. It is the same one in another pass when subject and day of giving are the same, and its words or
/// its due day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedTask {
    /// Its subject.
    pub subject: String,
    /// The day it was given.
    pub given: Date,
    /// The day it is due.
    pub due: Date,
    /// What is to be done.
    pub text: String,
    /// Addresses that go with it.
    #[serde(default)]
    pub links: Vec<String>,
    /// What it is, for people.
    pub origin: String,
}

impl Line {
    /// The subjects that it names, as PRONOTE does.
    pub(super) fn subjects(&self) -> impl Iterator<Item = &String> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Subject(name) => Some(name),
            Piece::Text(_) => None,
        })
    }
}
