//! The tabs of an account, and the skills and periods they show.

use async_graphql::Object;
use pronote::model::{PeriodChoice, Person, Pillar, PillarLevel, TabBranch, TabPillars};

use super::PronoteNamedObject;
use crate::graphql::number::int;

/// A tab, and those below it.
pub(super) struct PronoteTab<'a>(pub(super) &'a TabBranch);

#[Object]
impl PronoteTab<'_> {
    async fn id(&self) -> i32 {
        int(self.0.tab)
    }
    async fn subs(&self) -> Vec<PronoteTab<'_>> {
        self.0.below.iter().map(PronoteTab).collect()
    }
}

/// The skills a tab shows.
pub(super) struct PronoteTabPillars<'a>(pub(super) &'a TabPillars);

#[Object]
impl PronoteTabPillars<'_> {
    async fn tab(&self) -> i32 {
        int(self.0.tab)
    }
    async fn levels(&self) -> Vec<PronotePillarLevel<'_>> {
        self.0.levels.iter().map(PronotePillarLevel).collect()
    }
}

/// The skills of a cycle of studies.
pub(super) struct PronotePillarLevel<'a>(&'a PillarLevel);

#[Object]
impl PronotePillarLevel<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn pillars(&self) -> Vec<PronotePillar<'_>> {
        self.0.pillars.iter().map(PronotePillar).collect()
    }
}

/// A family of skills.
pub(super) struct PronotePillar<'a>(&'a Pillar);

#[Object]
impl PronotePillar<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn is_foreign_language(&self) -> bool {
        self.0.foreign_language
    }
    async fn is_core_skill(&self) -> bool {
        self.0.core
    }
    async fn subject(&self) -> PronoteNamedObject<'_> {
        PronoteNamedObject(self.0.subject.as_deref().unwrap_or_default())
    }
}

/// The periods a tab offers.
pub(super) struct PronoteTabPeriods<'a> {
    pub(super) person: &'a Person,
    pub(super) tab: u32,
}

#[Object]
impl PronoteTabPeriods<'_> {
    async fn tab(&self) -> i32 {
        int(self.tab)
    }
    async fn periods(&self) -> Vec<PronoteTabPeriod<'_>> {
        self.person.periods.choices(self.tab).map(PronoteTabPeriod).collect()
    }
    async fn default_period(&self) -> Option<PronoteNamedObject<'_>> {
        self.person.periods.default_of(self.tab).map(|period| PronoteNamedObject(&period.name))
    }
}

/// A period a tab offers.
pub(super) struct PronoteTabPeriod<'a>(&'a PeriodChoice);

#[Object]
impl PronoteTabPeriod<'_> {
    async fn name(&self) -> &str {
        &self.0.name
    }
    async fn is_core_period(&self) -> bool {
        self.0.main
    }
}
