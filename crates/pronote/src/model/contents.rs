//! What was done in lessons, and what teachers share.

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::{Attachment, Color, Homework, Subject, Theme, codes};
use crate::wire::{Html, RemoteId};

/// The contents of the lessons of some weeks (data §6.2).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Contents {
    /// Lesson by lesson; a lesson without contents is not listed.
    pub lessons: Vec<LessonContent>,
    /// The files and links that teachers share.
    pub shared: Vec<SharedResource>,
    /// The digital manuals.
    pub manuals: Vec<SharedResource>,
}

/// What was done in one lesson.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LessonContent {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// The lesson in the timetable.
    pub lesson_id: Option<RemoteId>,
    /// The subject.
    pub subject: Option<Subject>,
    /// The teachers.
    pub teachers: Vec<String>,
    /// The groups.
    pub groups: Vec<String>,
    /// When the lesson began.
    pub start: Option<DateTime>,
    /// When the lesson ended.
    pub end: Option<DateTime>,
    /// Its color.
    pub color: Option<Color>,
    /// Whether it can no longer change.
    pub locked: bool,
    /// When homework given in it is next due.
    pub homework_due: Option<Date>,
    /// What was done.
    pub items: Vec<ContentItem>,
    /// The parts of the curriculum it belongs to.
    pub curriculum: Vec<String>,
    /// The homework given in it, when the server sends it along.
    pub homework: Vec<Homework>,
}

codes! {
    /// What kind of work was done.
    ContentCategory {
        /// Not said.
        Unsaid = 0,
        /// A lesson.
        Lesson = 1,
        /// A correction.
        Correction = 2,
        /// A supervised test.
        Test = 3,
        /// An oral test.
        OralTest = 4,
        /// Tutorial work.
        Tutorial = 5,
        /// Practical work.
        Practical = 6,
        /// An evaluation of skills.
        SkillsEvaluation = 7,
        /// Interdisciplinary work.
        Interdisciplinary = 8,
        /// Personal support.
        PersonalSupport = 9,
        /// A video conference.
        VideoConference = 12,
    }
}

/// One thing that was done in a lesson.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ContentItem {
    /// Its identifier in this session.
    pub id: Option<RemoteId>,
    /// Its title.
    pub title: Option<String>,
    /// What was done.
    pub description: Html,
    /// What kind of work it was.
    pub category: ContentCategory,
    /// The school's own name for that kind.
    pub category_name: Option<String>,
    /// Its files and links.
    pub attachments: Vec<Attachment>,
    /// Its themes.
    pub themes: Vec<Theme>,
}

/// A file or a link that a teacher shares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SharedResource {
    /// The file or link.
    pub file: Attachment,
    /// When it was shared.
    pub shared_on: Option<Date>,
    /// The subject it belongs to.
    pub subject: Option<Subject>,
}
