//! School life beyond absences, delays and punishments.

use gateway::{Viewer, Whose};
use pronote::functions::school_life;
use pronote::model::{self, tab};

use super::view::{Attachment, Pen, Show, choice, view};
use super::{Answer, Date, Float, Given, day, page};

view! {
    /// What happened to a pupil besides lessons. Absences, delays, punishments and the hours missed are in `absences`.
    SchoolLife of SchoolLife {
        /// What the school says in place of the page.
        notice: Option<String>,
        /// The observations.
        observations: Vec<Observation>,
        /// The precautionary measures.
        measures: Vec<Measure>,
        /// The exemptions from a subject.
        exemptions: Vec<SubjectExemption>,
        /// What else happened, as far as it can be told.
        others: Vec<EventKind> = |it, pen| it.others.iter().map(|event| event.kind.show(pen)).collect(),
        /// The totals the school shows.
        totals: Vec<EventTotal>,
        /// The kinds of events the account may see, and what it may do about them.
        visible: Vec<VisibleEvent>,
        /// All hours missed, over the subjects.
        hours_missed: Float = |it, _| (it.missed_seconds as f64 / 3600.0).into(),
    }
}

choice! {
    /// What happened.
    EventKind of EventKind {
        /// An absence.
        Absence,
        /// A delay.
        Delay,
        /// An exclusion from a lesson.
        Exclusion,
        /// A stay in the infirmary.
        Infirmary,
        /// An absence from a meal.
        MealAbsence,
        /// An exemption from a subject.
        Exemption,
        /// A punishment.
        Punishment,
        /// A sanction.
        Sanction,
        /// An absence from the boarding house.
        BoardingAbsence,
        /// An observation.
        Observation,
        /// A precautionary measure.
        Measure,
        /// An incident.
        Incident,
        /// A commission.
        Commission,
        /// A delay at the boarding house.
        BoardingDelay,
    }
}

choice! {
    /// What an observation is about.
    ObservationKind of ObservationKind {
        /// The correspondence book was missing.
        BookMissing,
        /// A word to the guardians.
        ToGuardians,
        /// An encouragement.
        Encouragement,
        /// Something else.
        Else,
    }
}

view! {
    /// An observation.
    Observation of Observation {
        /// Its heading.
        heading: String,
        /// What it is about.
        kind: ObservationKind,
        /// When it was made.
        date: Date = |it, pen| it.at.show(pen),
        /// What it says.
        comment: Option<String>,
        /// Who made it.
        author: Option<String>,
        /// The subject of the lesson.
        subject: Option<String>,
        /// Whether it has been read.
        read: bool,
        /// Whether the guardian is asked to acknowledge it.
        wants_acknowledgement: bool,
        /// Whether the guardian is expected to act on it.
        needs_action: bool,
    }
}

choice! {
    /// Where a pupil may not go.
    ForbiddenPlace of ForbiddenPlace {
        /// The boarding house.
        Boarding,
        /// The school.
        School,
        /// The canteen.
        Canteen,
    }
}

view! {
    /// A precautionary measure.
    Measure of Measure {
        /// What the school calls it.
        title: String,
        /// A comment.
        comment: Option<String>,
        /// Why.
        reasons: Vec<String>,
        /// Whether the pupil is excluded.
        exclusion: bool,
        /// What happened.
        circumstances: Option<String>,
        /// The files about what happened.
        circumstance_files: Vec<Attachment>,
        /// Who decided it.
        decided_by: Option<String>,
        /// Who asked for it.
        requested_by: Option<String>,
        /// When it was asked for.
        requested: Option<Date>,
        /// The first day.
        from: Option<Date>,
        /// The last day.
        to: Option<Date>,
        /// Where the pupil may not go.
        forbidden: Vec<ForbiddenPlace>,
        /// Whether it belongs to an incident.
        from_incident: bool,
    }
}

view! {
    /// An exemption from a subject.
    SubjectExemption of SubjectExemption {
        /// The first moment.
        from: Date,
        /// The last moment.
        to: Date,
        /// The subject.
        subject: Option<String>,
        /// What kind it is, in the school's words.
        label: Option<String>,
        /// Why.
        reasons: Vec<String>,
        /// Whether it is justified.
        justified: bool,
        /// Whether it is not granted yet.
        pending: bool,
        /// Whether the school has settled it.
        settled: bool,
    }
}

view! {
    /// A total the school shows.
    EventTotal of EventTotal {
        /// Of what.
        kind: EventKind,
        /// How many; half-days for absences.
        count: Option<Float>,
        /// How many minutes.
        minutes: Option<i32>,
        /// How many are not justified.
        unjustified: Option<Float>,
    }
}

/// A kind of event the account may see, or an action it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, async_graphql::Enum)]
#[graphql(remote = "model::Visible")]
pub(crate) enum VisibleEvent {
    /// Absences.
    Absences,
    /// Giving the reason of an absence.
    GiveAbsenceReason,
    /// Delays.
    Delays,
    /// Giving the reason of a delay.
    GiveDelayReason,
    /// Punishments.
    Punishments,
    /// Exclusions.
    Exclusions,
    /// Sanctions.
    Sanctions,
    /// Precautionary measures.
    Measures,
    /// Stays in the infirmary.
    Infirmary,
    /// Absences from meals.
    MealAbsences,
    /// Absences from the boarding house.
    BoardingAbsences,
    /// Delays at the boarding house.
    BoardingDelays,
    /// Observations.
    Observations,
    /// Incidents.
    Incidents,
    /// Commissions.
    Commissions,
    /// Exemptions.
    Exemptions,
    /// The hours missed.
    MissedHours,
}

impl Show<VisibleEvent> for model::Visible {
    fn show(&self, _: &Pen<'_>) -> VisibleEvent {
        (*self).into()
    }
}

pub(super) async fn of_pupil(
    viewer: &Viewer,
    whose: Whose,
    period: Option<String>,
    from: Option<Given>,
    to: Option<Given>,
) -> Answer<SchoolLife> {
    // Both days count as a whole.
    let from = day(viewer, "from", from)?.map(|day| day.at(0, 0, 0, 0));
    let to = day(viewer, "to", to)?.map(|day| day.at(23, 59, 59, 0));
    let period = viewer.period(whose, tab::SCHOOL_LIFE, period.as_deref())?;
    let request = school_life::Request { period, from, to };
    page(viewer, whose, &request, Show::show).await
}
