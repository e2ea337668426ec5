//! Absences, delays, punishments and the like.

use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use super::{Attachment, Subject, codes};
use crate::wire::RemoteId;

/// What happened to a pupil besides lessons, over some days (data §11).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SchoolLife {
    /// What the school says in place of the page.
    pub notice: Option<String>,
    /// The absences.
    pub absences: Vec<Absence>,
    /// The delays.
    pub delays: Vec<Delay>,
    /// The punishments.
    pub punishments: Vec<Punishment>,
    /// The observations.
    pub observations: Vec<Observation>,
    /// The precautionary measures.
    pub measures: Vec<Measure>,
    /// The exemptions from a subject.
    pub exemptions: Vec<SubjectExemption>,
    /// Everything else, as it came.
    pub others: Vec<OtherEvent>,
    /// Hours attended and missed, subject by subject.
    pub subject_hours: Vec<SubjectHours>,
    /// All seconds missed, over the subjects.
    pub missed_seconds: u64,
    /// The totals the school shows.
    pub totals: Vec<EventTotal>,
    /// The kinds of events the account may see.
    pub visible: Vec<Visible>,
}

codes! {
    /// What happened (data §11.2).
    EventKind {
        /// An absence.
        Absence = 13,
        /// A delay.
        Delay = 14,
        /// An exclusion from a lesson.
        Exclusion = 15,
        /// A stay in the infirmary.
        Infirmary = 21,
        /// An absence from a meal.
        MealAbsence = 22,
        /// An exemption from a subject.
        Exemption = 40,
        /// A punishment.
        Punishment = 41,
        /// A sanction.
        Sanction = 42,
        /// An absence from the boarding house.
        BoardingAbsence = 44,
        /// An observation.
        Observation = 46,
        /// A precautionary measure. Some servers number it 72.
        Measure = 71,
        /// An incident.
        Incident = 73,
        /// A commission.
        Commission = 105,
        /// A delay at the boarding house.
        BoardingDelay = 121,
    }
}

/// A kind of event, or an action, that the account is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Visible {
    Absences,
    GiveAbsenceReason,
    Delays,
    GiveDelayReason,
    Punishments,
    Exclusions,
    Sanctions,
    Measures,
    Infirmary,
    MealAbsences,
    BoardingAbsences,
    BoardingDelays,
    Observations,
    Incidents,
    Commissions,
    Exemptions,
    MissedHours,
}

/// An absence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Absence {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// When it began.
    pub from: DateTime,
    /// When it ended, as far as is known.
    pub to: DateTime,
    /// Whether the pupil has not returned yet.
    pub open: bool,
    /// How and why.
    pub status: AbsenceStatus,
    /// How many minutes of lessons were missed.
    pub missed_minutes: Option<u32>,
    /// How many days were missed.
    pub missed_days: Option<Decimal>,
}

/// A delay.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delay {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// When the pupil arrived.
    pub at: DateTime,
    /// How late, in minutes.
    pub minutes: Option<u32>,
    /// How and why.
    pub status: AbsenceStatus,
}

/// What absences and delays share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AbsenceStatus {
    /// Whether it is justified.
    pub justified: bool,
    /// Whether the school has settled it.
    pub settled: bool,
    /// Whether the reason is not known yet.
    pub reason_unknown: bool,
    /// Whether a guardian has to justify it.
    pub guardian_must_justify: bool,
    /// The reasons.
    pub reasons: Vec<String>,
    /// What was said to justify it.
    pub justification: Option<String>,
    /// Whether the guardian is expected to act on it.
    pub needs_action: bool,
}

codes! {
    /// What a punishment consists of.
    PunishmentKind {
        /// Exclusion from class.
        Exclusion = 0,
        /// Detention.
        Detention = 1,
        /// Extra work.
        ExtraWork = 2,
        /// Something else.
        Else = 3,
    }
}

/// A punishment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Punishment {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// What the school calls it.
    pub title: String,
    /// What it consists of.
    pub kind: PunishmentKind,
    /// The day it was given.
    pub given: Date,
    /// The moment it was given, as far as it was told.
    #[serde(skip)]
    pub given_at: DateTime,
    /// The beginning of the lesson it was given in.
    pub lesson_start: Option<Time>,
    /// Whether it was given in a lesson.
    pub during_lesson: bool,
    /// Whether the pupil was sent out of the lesson.
    pub exclusion: bool,
    /// Who gave it.
    pub giver: Option<String>,
    /// The subject of the lesson.
    pub subject: Option<Subject>,
    /// Why.
    pub reasons: Vec<String>,
    /// What happened.
    pub circumstances: Option<String>,
    /// The files about what happened.
    pub circumstance_files: Vec<Attachment>,
    /// The work to do.
    pub work: Option<String>,
    /// The files of the work to do.
    pub work_files: Vec<Attachment>,
    /// How long it lasts, in minutes.
    pub minutes: Option<u32>,
    /// Whether it takes place at given times.
    pub can_be_scheduled: bool,
    /// When it takes place.
    pub sessions: Vec<PunishmentSession>,
    /// Whether it belongs to an incident.
    pub from_incident: bool,
    /// Whether the guardian is expected to acknowledge it.
    pub needs_action: bool,
}

/// A time at which a punishment takes place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PunishmentSession {
    /// The day.
    pub date: Date,
    /// When it begins.
    pub start: Option<DateTime>,
    /// When it ends.
    pub end: Option<DateTime>,
    /// How long it lasts, in minutes.
    pub minutes: Option<u32>,
}

codes! {
    /// What an observation is about.
    ObservationKind {
        /// The correspondence book was missing.
        BookMissing = 0,
        /// A word to the guardians.
        ToGuardians = 1,
        /// An encouragement.
        Encouragement = 2,
        /// Something else.
        Else = 3,
    }
}

/// An observation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Observation {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// Its heading.
    pub heading: String,
    /// What it is about.
    pub kind: ObservationKind,
    /// When it was made.
    pub at: DateTime,
    /// What it says.
    pub comment: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// The subject of the lesson.
    pub subject: Option<Subject>,
    /// Whether it has been read.
    pub read: bool,
    /// Whether the guardian is asked to acknowledge it.
    pub wants_acknowledgement: bool,
    /// Whether the guardian is expected to act on it.
    pub needs_action: bool,
}

codes! {
    /// Where a pupil may not go.
    ForbiddenPlace {
        /// The boarding house.
        Boarding = 0,
        /// The school.
        School = 1,
        /// The canteen.
        Canteen = 2,
    }
}

/// A precautionary measure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measure {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// What the school calls it.
    pub title: String,
    /// A comment.
    pub comment: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// Whether the pupil is excluded.
    pub exclusion: bool,
    /// What happened.
    pub circumstances: Option<String>,
    /// The files about what happened.
    pub circumstance_files: Vec<Attachment>,
    /// Who decided it.
    pub decided_by: Option<String>,
    /// Who asked for it.
    pub requested_by: Option<String>,
    /// When it was asked for.
    pub requested: Option<DateTime>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// Where the pupil may not go.
    pub forbidden: Vec<ForbiddenPlace>,
    /// Whether it belongs to an incident.
    pub from_incident: bool,
}

/// An exemption from a subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubjectExemption {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// The first moment.
    pub from: DateTime,
    /// The last moment.
    pub to: DateTime,
    /// The subject.
    pub subject: Option<Subject>,
    /// What kind it is, in the school's words.
    pub label: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// Whether it is justified.
    pub justified: bool,
    /// Whether it is not granted yet.
    pub pending: bool,
    /// Whether the school has settled it.
    pub settled: bool,
}

/// An event that has no model of its own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherEvent {
    /// What happened.
    pub kind: EventKind,
    /// The event as it came, in the server's own names.
    pub raw: Value,
}

/// The hours of a subject (data §11.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubjectHours {
    /// The subject.
    pub subject: Subject,
    /// The number of the family of subjects this line sums up.
    pub heads_group: Option<u32>,
    /// The number of the family of subjects this line belongs to.
    pub in_group: Option<u32>,
    /// Seconds attended.
    pub attended_seconds: u64,
    /// Seconds absent.
    pub absent_seconds: u64,
    /// Seconds excluded from lessons.
    pub excluded_from_lessons_seconds: u64,
    /// Seconds excluded from school.
    pub excluded_from_school_seconds: u64,
    /// Seconds in the infirmary.
    pub infirmary_seconds: u64,
}

impl SubjectHours {
    /// Seconds missed: absent or excluded.
    #[must_use]
    pub fn missed_seconds(&self) -> u64 {
        let excluded = self.excluded_from_lessons_seconds.saturating_add(self.excluded_from_school_seconds);
        self.absent_seconds.saturating_add(excluded)
    }
}

/// A total the school shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventTotal {
    /// Of what.
    pub kind: EventKind,
    /// How many; half-days for absences.
    pub count: Option<Decimal>,
    /// How many minutes.
    pub minutes: Option<u32>,
    /// How many are not justified.
    pub unjustified: Option<Decimal>,
}
