//! Events of school life: absences, delays, punishments and the like.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{EventId, FileId, PersonId, SubjectId};

/// Something that happened to a pupil.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The number.
    pub id: EventId,
    /// The pupil.
    pub pupil: PersonId,
    /// When it began.
    pub at: DateTime,
    /// Why; empty when the reason is not known yet.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// What happened.
    pub what: Happening,
}

/// The kinds of [`Event`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// Not there for some lessons.
    Absence(Absence),
    /// Came late.
    Delay(Delay),
    /// Punished.
    Punishment(Punishment),
    /// Something written to the guardians.
    Observation(Observation),
    /// Kept away until a decision is taken.
    Measure(Measure),
    /// Exempted from a subject.
    Exemption(Exemption),
    /// A kind about which little is told.
    Other(Other),
}

/// An absence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// When the pupil came back, or should have.
    pub until: DateTime,
    /// Whether the pupil is still away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open: bool,
    /// Whether it is excused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub justified: bool,
    /// Whether the school has closed the matter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    /// The minutes of lessons missed.
    pub minutes: u32,
    /// The days missed.
    pub days: u32,
}

/// A delay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// How late.
    pub minutes: u32,
    /// Whether it is excused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub justified: bool,
    /// Whether the school has closed the matter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settled: bool,
    /// What the pupil said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub justification: String,
}

/// A punishment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Punishment {
    /// Its title, such as `Retenue`.
    pub title: String,
    /// PRONOTE's nature: 0 exclusion from class, 1 detention, 2 extra work, 3 other.
    pub nature: u8,
    /// Who gave it.
    pub by: PersonId,
    /// Whether it was not given in a lesson.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outside_lessons: bool,
    /// What happened.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub circumstances: String,
    /// What is to be done.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub work: String,
    /// The files of the work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub work_files: Vec<FileId>,
    /// When it is served: day, slot, minutes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<(Date, u16, u32)>,
    /// The minutes it lasts; 0 for none.
    #[serde(default)]
    pub minutes: u32,
}

/// Something written to the guardians.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// The heading.
    pub heading: String,
    /// PRONOTE's kind: 0 logbook missing, 1 observation, 2 encouragement, 3 other.
    pub kind: u8,
    /// The text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// Who wrote it.
    pub by: PersonId,
    /// The subject, if it was in a lesson.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectId>,
    /// Whether a guardian has read it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read: bool,
}

/// A precautionary measure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its title.
    pub title: String,
    /// The last day.
    pub until: Date,
    /// Who asked for it.
    pub asked_by: PersonId,
    /// Who decided it.
    pub decided_by: PersonId,
    /// Where the pupil may not go: 0 boarding, 1 school, 2 canteen.
    #[serde(default)]
    pub banned_from: Vec<u8>,
}

/// An exemption from a subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// The subject.
    pub subject: SubjectId,
    /// The last moment.
    pub until: DateTime,
    /// Its label, such as `Dispense d'EPS`.
    pub label: String,
}

/// A kind about which little is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    /// PRONOTE's kind: 15 exclusion, 21 infirmary, 22 meal absence, 42 sanction, 44 boarding absence, 73 incident, 105 commission,
    /// 121 boarding delay.
    pub genre: u8,
    /// Its label.
    pub label: String,
    /// When it ended.
    pub until: DateTime,
}

impl Happening {
    /// PRONOTE's kind of event (data §11.2). Measures are written 72, which both spellings of clients understand.
    pub fn genre(&self) -> u16 {
        match self {
            Self::Absence(_) => 13,
            Self::Delay(_) => 14,
            Self::Punishment(_) => 41,
            Self::Observation(_) => 46,
            Self::Measure(_) => 72,
            Self::Exemption(_) => 40,
            Self::Other(other) => u16::from(other.genre),
        }
    }

    /// When it ended, if it lasts.
    pub fn until(&self) -> Option<DateTime> {
        match self {
            Self::Absence(absence) => Some(absence.until),
            Self::Measure(measure) => Some(measure.until.at(23, 59, 59, 0)),
            Self::Exemption(exemption) => Some(exemption.until),
            Self::Other(other) => Some(other.until),
            Self::Delay(_) | Self::Punishment(_) | Self::Observation(_) => None,
        }
    }
}

numbered! {
    Event: EventId;
}
