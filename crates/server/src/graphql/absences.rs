//! `absences`: absences, delays, punishments, observations, and the hours missed.

mod punishments;

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Fresh, Viewer};
use pronote::model::{self, AbsenceStatus, Observation, SchoolLife, SubjectHours};

use super::asked::Asked;
use super::date::{self, Date, Given};
use super::failure::Failure;
use super::files::Holder;
use super::id::{Fingerprint, Ids, distinct};
use super::number::{Float, int};
use punishments::Punishment;

/// Answers `absences`.
///
/// # Errors
/// There is no such period, a date makes no sense, or the school does not answer.
pub(crate) async fn absences(
    asked: Result<Asked, Failure>,
    period: Option<String>,
    from: Option<Given>,
    to: Option<Given>,
) -> Result<Option<Absences>, Failure> {
    let Asked { viewer, whose } = asked?;
    let (from, to) = (date::moment(&viewer, "from", from)?, date::moment(&viewer, "to", to)?);
    let page = viewer.school_life(whose, period.as_deref(), from, to).await?;
    Ok(page.map(|page| Absences(Arc::new(Shown { holder: Holder { viewer, whose }, page, ids: Default::default() }))))
}

struct Shown {
    holder: Holder,
    page: Fresh<SchoolLife>,
    /// Of absences, delays, punishments, others.
    ids: [Ids; 4],
}

impl Shown {
    fn viewer(&self) -> &Viewer {
        &self.holder.viewer
    }

    fn at(&self, clock: jiff::civil::DateTime) -> Date {
        Date::at(self.viewer(), clock)
    }
}

/// The first reason, as the original gives it: an empty text when there is none.
fn reason(reasons: &[String]) -> Option<&str> {
    Some(reasons.first().map_or("", String::as_str))
}

/// What happened to a pupil besides lessons.
pub(crate) struct Absences(Arc<Shown>);

impl Absences {
    fn each<T>(&self, count: usize, of: impl Fn(Arc<Shown>, usize) -> T) -> Vec<T> {
        (0..count).map(|place| of(Arc::clone(&self.0), place)).collect()
    }
}

#[Object]
impl Absences {
    async fn absences(&self) -> Vec<Absence> {
        self.each(self.0.page.absences.len(), |shown, place| Absence { shown, place })
    }
    async fn delays(&self) -> Vec<Delay> {
        self.each(self.0.page.delays.len(), |shown, place| Delay { shown, place })
    }
    async fn punishments(&self) -> Vec<Punishment> {
        self.each(self.0.page.punishments.len(), |shown, place| Punishment { shown, place })
    }
    async fn other(&self) -> Vec<OtherEvent> {
        self.each(self.0.page.observations.len(), |shown, place| OtherEvent { shown, place })
    }
    async fn totals(&self) -> Vec<SubjectAbsences<'_>> {
        let hours = &self.0.page.subject_hours;
        hours.iter().filter(|line| line.in_group.is_none()).map(|line| SubjectAbsences { hours, line }).collect()
    }
    /// What the school says in place of the page.
    async fn notice(&self) -> Option<&str> {
        self.0.page.notice.as_deref()
    }
    /// The hours missed over all subjects: absent or excluded.
    async fn hours_missed(&self) -> Option<Float> {
        Some(hours(self.0.page.missed_seconds))
    }
}

fn hours(seconds: u64) -> Float {
    #[expect(clippy::cast_precision_loss, reason = "no school year has so many seconds")]
    Float::from(seconds as f64 / 3600.0)
}

/// An absence.
pub(crate) struct Absence {
    shown: Arc<Shown>,
    place: usize,
}

impl Absence {
    fn model(&self) -> &model::Absence {
        &self.shown.page.absences[self.place]
    }
}

#[Object]
impl Absence {
    async fn id(&self) -> &str {
        self.shown.ids[0].of(self.place, || {
            distinct(self.shown.page.absences.iter().map(|absence| {
                let (from, to) = (self.shown.at(absence.from).0, self.shown.at(absence.to).0);
                Fingerprint::new().date("from", from).date("to", to).id()
            }))
        })
    }
    async fn from(&self) -> Date {
        self.shown.at(self.model().from)
    }
    async fn to(&self) -> Date {
        self.shown.at(self.model().to)
    }
    async fn justified(&self) -> bool {
        self.model().status.justified
    }
    async fn solved(&self) -> bool {
        self.model().status.settled
    }
    async fn hours(&self) -> Float {
        Float::from(f64::from(self.model().missed_minutes.unwrap_or_default()) / 60.0)
    }
    async fn reason(&self) -> Option<&str> {
        reason(&self.model().status.reasons)
    }
    /// Whether the pupil has not returned yet.
    async fn is_open(&self) -> Option<bool> {
        Some(self.model().open)
    }
    /// How many days were missed.
    async fn days(&self) -> Option<Float> {
        self.model().missed_days.map(Float::from)
    }
    #[graphql(flatten)]
    async fn status(&self) -> Status<'_> {
        Status(&self.model().status)
    }
}

/// What absences and delays share.
struct Status<'a>(&'a AbsenceStatus);

#[Object(name = "AbsenceOrDelayStatus")]
impl Status<'_> {
    /// All reasons.
    async fn reasons(&self) -> Option<&[String]> {
        Some(&self.0.reasons)
    }
    /// Whether the reason is not known yet.
    async fn is_reason_unknown(&self) -> Option<bool> {
        Some(self.0.reason_unknown)
    }
    /// Whether a guardian has to justify it.
    async fn must_be_justified(&self) -> Option<bool> {
        Some(self.0.guardian_must_justify)
    }
    /// Whether the guardian is expected to act on it.
    async fn needs_action(&self) -> Option<bool> {
        Some(self.0.needs_action)
    }
    /// What was said to justify it.
    async fn justified_by(&self) -> Option<&str> {
        self.0.justification.as_deref()
    }
}

/// A delay.
pub(crate) struct Delay {
    shown: Arc<Shown>,
    place: usize,
}

impl Delay {
    fn model(&self) -> &model::Delay {
        &self.shown.page.delays[self.place]
    }
}

#[Object]
impl Delay {
    async fn id(&self) -> &str {
        self.shown.ids[1].of(self.place, || {
            distinct(self.shown.page.delays.iter().map(|delay| {
                let date = Fingerprint::new().date("date", self.shown.at(delay.at).0);
                date.number("minutesMissed", delay.minutes.unwrap_or_default()).id()
            }))
        })
    }
    async fn date(&self) -> Date {
        self.shown.at(self.model().at)
    }
    async fn justified(&self) -> bool {
        self.model().status.justified
    }
    async fn solved(&self) -> bool {
        self.model().status.settled
    }
    async fn justification(&self) -> &str {
        self.model().status.justification.as_deref().unwrap_or_default()
    }
    async fn minutes_missed(&self) -> i32 {
        self.model().minutes.map_or(0, int)
    }
    async fn reason(&self) -> Option<&str> {
        reason(&self.model().status.reasons)
    }
    #[graphql(flatten)]
    async fn status(&self) -> Status<'_> {
        Status(&self.model().status)
    }
}

/// An observation.
pub(crate) struct OtherEvent {
    shown: Arc<Shown>,
    place: usize,
}

impl OtherEvent {
    fn model(&self) -> &Observation {
        &self.shown.page.observations[self.place]
    }
}

#[Object]
impl OtherEvent {
    async fn id(&self) -> &str {
        self.shown.ids[3].of(self.place, || {
            distinct(self.shown.page.observations.iter().map(|event| {
                Fingerprint::new().text("kind", &event.heading).date("date", self.shown.at(event.at).0).id()
            }))
        })
    }
    async fn kind(&self) -> &str {
        &self.model().heading
    }
    async fn date(&self) -> Date {
        self.shown.at(self.model().at)
    }
    async fn giver(&self) -> &str {
        self.model().author.as_deref().unwrap_or_default()
    }
    async fn comment(&self) -> &str {
        self.model().comment.as_deref().unwrap_or_default()
    }
    async fn subject(&self) -> Option<&str> {
        self.model().subject.as_ref().map(|subject| subject.name.as_str())
    }
    /// Whether it has been read.
    async fn read(&self) -> Option<bool> {
        Some(self.model().read)
    }
    /// Whether the guardian is asked to acknowledge it.
    async fn wants_acknowledgement(&self) -> Option<bool> {
        Some(self.model().wants_acknowledgement)
    }
}

/// The hours of a subject, or of a family of subjects.
pub(crate) struct SubjectAbsences<'a> {
    hours: &'a [SubjectHours],
    line: &'a SubjectHours,
}

#[Object]
impl SubjectAbsences<'_> {
    async fn subject(&self) -> &str {
        &self.line.subject.name
    }
    async fn hours_assisted(&self) -> Float {
        hours(self.line.attended_seconds)
    }
    async fn hours_missed(&self) -> Float {
        hours(self.line.absent_seconds)
    }
    async fn subs(&self) -> Option<Vec<SubjectAbsences<'_>>> {
        let group = self.line.heads_group?;
        let below = self.hours.iter().filter(|line| line.in_group == Some(group));
        Some(below.map(|line| SubjectAbsences { hours: self.hours, line }).collect())
    }
    /// The hours excluded from lessons.
    async fn hours_excluded_from_lessons(&self) -> Option<Float> {
        Some(hours(self.line.excluded_from_lessons_seconds))
    }
    /// The hours excluded from school.
    async fn hours_excluded_from_school(&self) -> Option<Float> {
        Some(hours(self.line.excluded_from_school_seconds))
    }
    /// The hours in the infirmary.
    async fn hours_in_infirmary(&self) -> Option<Float> {
        Some(hours(self.line.infirmary_seconds))
    }
}
