//! Punishments, and when they take place.

use std::sync::Arc;

use async_graphql::Object;
use jiff::ToSpan as _;
use pronote::model::{self, PunishmentSession};

use super::{Shown, reason};
use crate::graphql::date::Date;
use crate::graphql::files::File;
use crate::graphql::id::{Fingerprint, distinct};
use crate::graphql::number::int;
use crate::graphql::words::PunishmentKind;

/// A punishment.
pub(crate) struct Punishment {
    pub(super) shown: Arc<Shown>,
    pub(super) place: usize,
}

impl Punishment {
    fn model(&self) -> &model::Punishment {
        &self.shown.page.punishments[self.place]
    }

    fn detention_at(&self, session: &PunishmentSession) -> Detention {
        let start = session.start.unwrap_or_else(|| session.date.to_datetime(jiff::civil::Time::midnight()));
        let minutes = session.minutes.or(self.model().minutes).unwrap_or_default();
        let end = start.checked_add(i64::from(minutes).minutes()).unwrap_or(start);
        Detention { from: self.shown.at(start), to: self.shown.at(end) }
    }

    fn files(&self, files: &[model::Attachment]) -> Vec<File> {
        let punishment = self.model();
        let subject = punishment.subject.as_ref().map_or("", |subject| subject.name.as_str());
        let given = self.shown.at(punishment.given_at);
        files.iter().map(|file| File::attached(&self.shown.holder, file, subject, given)).collect()
    }
}

#[Object]
impl Punishment {
    async fn id(&self) -> &str {
        self.shown.ids[2].of(self.place, || {
            let id = |punishment: &model::Punishment| {
                Fingerprint::new().date("date", self.shown.at(punishment.given_at).0).id()
            };
            distinct(self.shown.page.punishments.iter().map(id))
        })
    }
    async fn date(&self) -> Date {
        self.shown.at(self.model().given_at)
    }
    async fn is_exclusion(&self) -> bool {
        self.model().exclusion
    }
    async fn is_during_lesson(&self) -> bool {
        self.model().during_lesson
    }
    async fn homework(&self) -> &str {
        self.model().work.as_deref().unwrap_or_default()
    }
    async fn circumstances(&self) -> &str {
        self.model().circumstances.as_deref().unwrap_or_default()
    }
    async fn giver(&self) -> &str {
        self.model().giver.as_deref().unwrap_or_default()
    }
    async fn reason(&self) -> Option<&str> {
        reason(&self.model().reasons)
    }
    async fn detention(&self) -> Option<Detention> {
        let punishment = self.model();
        let session = punishment.sessions.first().filter(|_| punishment.kind == model::PunishmentKind::Detention)?;
        Some(self.detention_at(session))
    }
    /// What the school calls it.
    async fn title(&self) -> Option<&str> {
        Some(&self.model().title)
    }
    /// What it consists of.
    async fn kind(&self) -> Option<PunishmentKind> {
        Some(self.model().kind.into())
    }
    /// All reasons.
    async fn reasons(&self) -> Option<&[String]> {
        Some(&self.model().reasons)
    }
    /// The subject of the lesson.
    async fn subject(&self) -> Option<&str> {
        self.model().subject.as_ref().map(|subject| subject.name.as_str())
    }
    /// How long it lasts, in minutes.
    async fn minutes(&self) -> Option<i32> {
        self.model().minutes.map(int)
    }
    /// All times at which it takes place.
    async fn sessions(&self) -> Option<Vec<Detention>> {
        Some(self.model().sessions.iter().map(|session| self.detention_at(session)).collect())
    }
    /// Whether it belongs to an incident.
    async fn is_from_incident(&self) -> Option<bool> {
        Some(self.model().from_incident)
    }
    /// Whether the guardian is expected to acknowledge it.
    async fn needs_action(&self) -> Option<bool> {
        Some(self.model().needs_action)
    }
    /// The files of the work to do.
    async fn homework_files(&self) -> Option<Vec<File>> {
        Some(self.files(&self.model().work_files))
    }
    /// The files about what happened.
    async fn circumstances_files(&self) -> Option<Vec<File>> {
        Some(self.files(&self.model().circumstance_files))
    }
}

/// A time at which a punishment takes place.
pub(crate) struct Detention {
    from: Date,
    to: Date,
}

#[Object]
impl Detention {
    async fn id(&self) -> String {
        Fingerprint::new().date("from", self.from.0).date("to", self.to.0).id()
    }
    async fn from(&self) -> Date {
        self.from
    }
    async fn to(&self) -> Date {
        self.to
    }
}
