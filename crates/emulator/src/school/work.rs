//! What was done in lessons, and homework.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{Audience, ContentId, FileId, HomeworkId, LessonId, PersonId, School, SubjectId};

/// What was done in one lesson of one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The number.
    pub id: ContentId,
    /// The lesson.
    pub lesson: LessonId,
    /// The day.
    pub date: Date,
    /// What was done, piece by piece.
    pub items: Vec<Item>,
}

impl Content {
    /// Whether a test is planned in the lesson.
    pub fn has_test(&self) -> bool {
        self.items.iter().any(|item| matches!(item.category, 3 | 4 | 7))
    }
}

/// A piece of what was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The title.
    pub title: String,
    /// The description.
    pub html: String,
    /// PRONOTE's category: 0 none, 1 lesson, 2 correction, 3 supervised test, 4 oral test, 5 tutorial work, 6 practical work, 7
    /// skills evaluation, 8 interdisciplinary, 9 personal support, 12 video conference (data §6.4).
    #[serde(default)]
    pub category: u8,
    /// Files and links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<FileId>,
    /// Themes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
}

/// The French name of a category of [`Item`]; none for category 0 and unknown ones.
pub fn category_name(category: u8) -> Option<&'static str> {
    Some(match category {
        1 => "Cours",
        2 => "Correction",
        3 => "Devoir sur table",
        4 => "Interrogation orale",
        5 => "Travaux dirigés",
        6 => "Travaux pratiques",
        7 => "Évaluation de compétences",
        8 => "EPI",
        9 => "Accompagnement personnalisé",
        12 => "Visioconférence",
        _ => return None,
    })
}

/// A piece of homework.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Homework {
    /// The number.
    pub id: HomeworkId,
    /// The subject.
    pub subject: SubjectId,
    /// Whom it is for.
    pub audience: Audience,
    /// The day it was given.
    pub given: Date,
    /// The day it is due.
    pub due: Date,
    /// What is to be done.
    pub html: String,
    /// The lesson in which it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lesson: Option<LessonId>,
    /// 0 none, 1 easy, 2 medium, 3 hard.
    #[serde(default)]
    pub difficulty: u8,
    /// The estimated time; 0 when not estimated.
    #[serde(default)]
    pub minutes: u16,
    /// Files and links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<FileId>,
    /// Themes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<String>,
    /// How it is handed in.
    #[serde(default)]
    pub hand_in: HandIn,
    /// The pupils who ticked it as done.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub done: BTreeSet<PersonId>,
    /// What pupils have handed in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handed_in: Vec<HandedIn>,
}

impl School {
    /// Whether a file can be handed in for it: until the day it is due, and on to the next day of school.
    pub fn takes_files(&self, homework: &Homework) -> bool {
        let by_file = matches!(homework.hand_in, HandIn::File | HandIn::Recording);
        by_file && homework.due >= self.year.last_open(self.clock.today())
    }
}

/// How homework is handed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandIn {
    /// Not at all.
    #[default]
    None,
    /// On paper.
    Paper,
    /// As a file.
    File,
    /// In a digital manual.
    Manual,
    /// As an audio recording.
    Recording,
}

impl HandIn {
    /// PRONOTE's number for it (data §7.1, `genreRendu`).
    pub fn genre(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Paper => 1,
            Self::File => 2,
            Self::Manual => 3,
            Self::Recording => 4,
        }
    }
}

/// What one pupil has handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandedIn {
    /// The pupil.
    pub pupil: PersonId,
    /// The file.
    pub file: FileId,
    /// When.
    pub at: DateTime,
    /// What the teacher remarked; empty before the correction.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub correction: String,
}

numbered! {
    Content: ContentId;
    Homework: HomeworkId;
}
