//! The weekly timetable and what differs from it on a day.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{ChangeId, ClassId, ExtraId, GroupId, LessonId, PersonId, RoomId, SubjectId};

/// Whom a lesson or a piece of homework is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A whole class.
    Class(ClassId),
    /// A group.
    Group(GroupId),
    /// One pupil.
    Pupil(PersonId),
}

/// In which weeks a lesson takes place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frequency {
    /// Every school week.
    #[default]
    Weekly,
    /// The weeks of the first fortnight (Q1).
    First,
    /// The weeks of the second fortnight (Q2).
    Second,
}

impl Frequency {
    /// Whether a lesson of this frequency takes place in a week of a fortnight.
    pub fn in_fortnight(self, fortnight: u8) -> bool {
        match self {
            Self::Weekly => true,
            Self::First => fortnight == 1,
            Self::Second => fortnight == 2,
        }
    }
}

/// A lesson of the weekly timetable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// The number.
    pub id: LessonId,
    /// Who learns.
    pub audience: Audience,
    /// What is learnt.
    pub subject: SubjectId,
    /// Who teaches.
    #[serde(default)]
    pub teachers: Vec<PersonId>,
    /// Where.
    #[serde(default)]
    pub rooms: Vec<RoomId>,
    /// The day of the week: 0 is Monday, 4 is Friday.
    pub day: u8,
    /// The slot of the day in which it begins.
    pub slot: u16,
    /// How many slots it lasts.
    pub slots: u16,
    /// In which weeks.
    #[serde(default)]
    pub frequency: Frequency,
}

/// What differs from the weekly timetable in one lesson of one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The number.
    pub id: ChangeId,
    /// The lesson.
    pub lesson: LessonId,
    /// The day.
    pub date: Date,
    /// What people are told, such as `Prof. absent`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// Whether the lesson does not take place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cancelled: bool,
    /// Who teaches instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teachers: Option<Vec<PersonId>>,
    /// Where instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rooms: Option<Vec<RoomId>>,
    /// What instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    /// A note for everybody.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// Addresses of video conferences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub videos: Vec<String>,
    /// Pupils who do not take part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exempted: Vec<Exempted>,
}

impl Change {
    /// A change that changes nothing yet.
    pub fn of(id: ChangeId, lesson: LessonId, date: Date) -> Self {
        Self {
            id,
            lesson,
            date,
            status: String::new(),
            cancelled: false,
            teachers: None,
            rooms: None,
            subject: None,
            memo: String::new(),
            videos: Vec::new(),
            exempted: Vec::new(),
        }
    }
}

/// A pupil who does not take part in a lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exempted {
    /// The pupil.
    pub pupil: PersonId,
    /// Why, such as `Dispensé (présence obligatoire)`.
    pub label: String,
    /// Whether the pupil follows the lesson from home.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_home: bool,
}

/// Something of one day that is not in the weekly timetable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    /// The number.
    pub id: ExtraId,
    /// The day.
    pub date: Date,
    /// The slot of the day in which it begins.
    pub slot: u16,
    /// How many slots it lasts.
    pub slots: u16,
    /// Whom it is for.
    pub audience: Audience,
    /// The teachers, supervisors or chaperones.
    #[serde(default)]
    pub adults: Vec<PersonId>,
    /// Where.
    #[serde(default)]
    pub rooms: Vec<RoomId>,
    /// What people are told, such as `Exceptionnel`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// A note for everybody.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// What it is.
    pub what: Occasion,
}

/// The kinds of [`Extra`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A lesson of its own.
    Lesson(SubjectId),
    /// A lesson in place of a cancelled one.
    Replacement(SubjectId),
    /// A detention, with its title.
    Detention(String),
    /// An outing or activity, with its title.
    Outing(String),
}

numbered! {
    Lesson: LessonId;
    Change: ChangeId;
    Extra: ExtraId;
}
