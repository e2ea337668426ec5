//! The timetable: lessons, detentions, activities.

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::Serialize;

use super::{Break, Color, Subject, codes};
use crate::wire::{RemoteId, Set};

/// Some days or weeks of a timetable, in the order of time.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Timetable {
    /// Everything, also what a person would not be shown: see [`Timetable::visible`].
    pub entries: Vec<TimetableEntry>,
    /// The school weeks that the entries fall in.
    pub weeks: Vec<TimetableWeek>,
    /// Whether the school shows cancelled lessons.
    pub show_cancelled: bool,
    /// The breaks of a day.
    pub breaks: Vec<Break>,
    /// The token of the calendar, where older servers gave it.
    #[serde(skip)]
    pub calendar: Option<CalendarToken>,
}

/// A school week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimetableWeek {
    /// Its number, counted from the first Monday.
    pub number: u32,
    /// Its Monday.
    pub monday: Date,
    /// The label of its fortnight (`Q1`, `A`), where weeks alternate.
    pub fortnight: Option<String>,
}

/// Something in a timetable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TimetableEntry {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// When it begins.
    pub start: DateTime,
    /// When it ends.
    pub end: DateTime,
    /// The school week.
    pub week: u32,
    /// Its place in the week, in slots.
    pub slot: Option<u32>,
    /// How many slots it lasts.
    pub slot_count: Option<u32>,
    /// Of several entries at the same place, the server draws the one of the largest rank.
    pub rank: i64,
    /// Its place among the entries as the server sent them.
    #[serde(skip)]
    pub position: usize,
    /// What it is.
    #[serde(flatten)]
    pub kind: EntryKind,
    /// Whether it is cancelled; never true of detentions and activities.
    pub cancelled: bool,
    /// What the school says of it: `Cours annulé`, `Prof. absent`, `Changement de salle`.
    pub status: Option<String>,
    /// A note.
    pub memo: Option<String>,
    /// Its color.
    pub color: Option<Color>,
    /// The teachers.
    pub teachers: Vec<String>,
    /// The other staff.
    pub staff: Vec<String>,
    /// The rooms.
    pub rooms: Vec<String>,
    /// The classes and parts of classes.
    pub classes: Vec<String>,
    /// The groups.
    pub groups: Vec<String>,
    /// Single pupils that it is for, where the server names them.
    #[serde(skip)]
    pub pupils: Vec<String>,
    /// Whether and how the pupil is exempted.
    pub exemption: Option<Exemption>,
    /// Where to join it from afar.
    pub video_links: Vec<String>,
}

/// What an entry of a timetable is. Serialises as `type`, beside its own fields.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntryKind {
    /// A lesson.
    Lesson(Lesson),
    /// A detention.
    Detention {
        /// What the school calls it.
        title: Option<String>,
    },
    /// An outing or another activity.
    Activity(Activity),
}

codes! {
    /// How a lesson came to be.
    LessonKind {
        /// An ordinary lesson.
        Normal = 0,
        /// A class council.
        ClassCouncil = 1,
        /// A lesson taught in place of another.
        Replacement = 2,
        /// A lesson kept for the record.
        Historical = 3,
        /// A lesson by a substitute.
        Substitute = 4,
    }
}

/// What only lessons have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lesson {
    /// How it came to be.
    pub lesson_kind: LessonKind,
    /// The subject.
    pub subject: Option<Subject>,
    /// A label of the school's own.
    pub label: Option<String>,
    /// Whether the status says that the teacher is absent.
    pub teacher_absent: bool,
    /// Whether it is a study hall.
    pub study_hall: bool,
    /// Whether a test is planned.
    pub test: bool,
    /// Whether homework was given or is due.
    pub has_homework: bool,
    /// The contents of the lesson, to be asked for by this identifier.
    pub content_id: Option<RemoteId>,
}

/// What only outings and activities have.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Activity {
    /// What it is about.
    pub title: Option<String>,
    /// Who goes along.
    pub companions: Vec<String>,
    /// What kind of public it is for, for instance `Classe`.
    pub audience_kind: Option<String>,
    /// Whom it is for.
    pub audience: Option<String>,
    /// When it begins, in the school's words.
    pub start_label: Option<String>,
    /// When it ends, in the school's words.
    pub end_label: Option<String>,
}

/// An exemption from a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exemption {
    /// Why, in the school's words.
    pub label: Option<String>,
    /// Whether the pupil follows from home.
    pub remote: bool,
}

/// The weeks and days on which a person has lessons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresenceDomain {
    /// The school weeks.
    pub weeks: Set,
    /// The days of the week.
    pub days: Set,
}

/// The right to read a calendar without signing in: shown by no `Debug`, left out of every JSON.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct CalendarToken {
    /// What the calendar is called.
    pub label: String,
    #[serde(skip)]
    secret: String,
    #[serde(skip)]
    options: Option<String>,
}

impl CalendarToken {
    /// Keeps a token, and the options that go with it in an address.
    #[must_use]
    pub fn new(label: String, secret: String, options: Option<String>) -> Self {
        CalendarToken { label, secret, options }
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    pub(crate) fn options(&self) -> Option<&str> {
        self.options.as_deref()
    }
}

impl fmt::Debug for CalendarToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CalendarToken").field("label", &self.label).finish_non_exhaustive()
    }
}

impl TimetableEntry {
    /// The subject of a lesson.
    #[must_use]
    pub fn subject(&self) -> Option<&Subject> {
        match &self.kind {
            EntryKind::Lesson(lesson) => lesson.subject.as_ref(),
            _ => None,
        }
    }

    /// What a person calls it: the subject, the label, the title.
    #[must_use]
    pub fn title(&self) -> &str {
        let title = match &self.kind {
            EntryKind::Lesson(lesson) => lesson.subject.as_ref().map(|subject| &subject.name).or(lesson.label.as_ref()),
            EntryKind::Detention { title } => title.as_ref(),
            EntryKind::Activity(activity) => activity.title.as_ref(),
        };
        title.map_or("", String::as_str)
    }

    /// Whether both are held at the same time of the same week: by their slots, else by the clock.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self.slot, self.slot_count, other.slot, other.slot_count) {
            (Some(slot), Some(count), Some(other_slot), Some(other_count)) => {
                self.week == other.week
                    && slot < other_slot.saturating_add(other_count)
                    && other_slot < slot.saturating_add(count)
            }
            _ => self.start < other.end && other.start < self.end,
        }
    }
}

impl Timetable {
    /// What a person is shown: no cancelled lesson under one that takes place, or none at all when cancelled ones are
    /// hidden (data §5.5, rule a).
    pub fn visible(&self, show_cancelled: bool) -> impl Iterator<Item = &TimetableEntry> {
        self.entries.iter().filter(move |entry| {
            !entry.cancelled
                || show_cancelled && !self.entries.iter().any(|other| !other.cancelled && other.overlaps(entry))
        })
    }
}
