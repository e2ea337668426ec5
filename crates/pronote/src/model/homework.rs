//! Homework, and what pupils return for it.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::{Attachment, Color, Subject, Theme, codes};
use crate::wire::{Html, RemoteId};

codes! {
    /// How hard a teacher thinks homework is.
    Difficulty {
        /// Not said.
        Unsaid = 0,
        /// Easy.
        Easy = 1,
        /// Medium.
        Medium = 2,
        /// Hard.
        Hard = 3,
    }
}

codes! {
    /// How homework is returned.
    ReturnKind {
        /// It is not.
        None = 0,
        /// On paper.
        Paper = 1,
        /// As a file, through the server.
        File = 2,
        /// In a digital manual.
        Manual = 3,
        /// As a recording, through the server.
        Recording = 4,
    }
}

/// A piece of homework (data §7.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Homework {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// The subject.
    pub subject: Option<Subject>,
    /// What is to be done.
    pub description: Html,
    /// When it was given.
    pub given: Option<Date>,
    /// When it is due.
    pub due: Date,
    /// Whether the pupil marked it as done.
    pub done: bool,
    /// Its color.
    pub color: Option<Color>,
    /// How hard it is.
    pub difficulty: Difficulty,
    /// How long it should take, in minutes.
    pub estimated_minutes: Option<u32>,
    /// The class or group it was given to.
    pub audience: Option<String>,
    /// Its files and links.
    pub attachments: Vec<Attachment>,
    /// Its themes.
    pub themes: Vec<Theme>,
    /// What is to be returned.
    pub submission: Submission,
    /// The contents of the lesson it was given in.
    pub content_id: Option<RemoteId>,
    /// The lesson it was given in.
    pub lesson_id: Option<RemoteId>,
    /// The quiz it consists of.
    pub quiz: Option<Quiz>,
}

/// What a pupil returns for homework.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Submission {
    /// How.
    pub kind: ReturnKind,
    /// Whether it is still possible.
    pub possible: bool,
    /// What was returned.
    pub file: Option<Attachment>,
    /// When it was returned.
    pub at: Option<DateTime>,
    /// What the teacher says of it.
    pub correction_comment: Option<String>,
}

/// A quiz given as homework, as far as it can be told without answering it (data §7.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quiz {
    /// The run of the quiz, in this session.
    pub id: Option<RemoteId>,
    /// What it is called.
    pub name: String,
    /// How many questions it has.
    pub questions: Option<u32>,
    /// Whether the pupil has begun.
    pub begun: bool,
    /// From when it can be answered.
    pub opens: Option<DateTime>,
    /// Until when it can be answered.
    pub closes: Option<DateTime>,
}
