//! `evaluations`: skills, subject by subject.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Fresh, Viewer};
use pronote::model::{self, Acquisition};

use super::asked::Asked;
use super::date::Date;
use super::failure::Failure;
use super::id::{Fingerprint, distinct};
use super::number::Float;

/// Answers `evaluations`.
///
/// # Errors
/// There is no such period, or the school does not answer.
pub(crate) async fn evaluations(
    asked: Result<Asked, Failure>,
    period: Option<String>,
) -> Result<Option<Vec<EvaluationSubject>>, Failure> {
    let Asked { viewer, whose } = asked?;
    let Some(page) = viewer.evaluations(whose, period.as_deref()).await? else { return Ok(None) };
    let shown = Arc::new(Shown { viewer, page });
    let mut subjects: Vec<EvaluationSubject> = Vec::new();
    for place in 0..shown.page.len() {
        let name = subject_of(&shown.page[place]);
        match subjects.iter_mut().find(|subject| subject_of(&shown.page[subject.places[0]]) == name) {
            Some(subject) => subject.places.push(place),
            None => subjects.push(EvaluationSubject { shown: Arc::clone(&shown), places: vec![place] }),
        }
    }
    // Those without a place stay in the order they were met in.
    subjects.sort_by_key(|subject| subject.first().subject_order.unwrap_or(i64::MAX));
    Ok(Some(subjects))
}

struct Shown {
    viewer: Arc<Viewer>,
    page: Fresh<Vec<model::Evaluation>>,
}

fn subject_of(evaluation: &model::Evaluation) -> &str {
    evaluation.subject.as_ref().map_or("", |subject| &subject.name)
}

/// A subject with its evaluations, of which there is at least one.
pub(crate) struct EvaluationSubject {
    shown: Arc<Shown>,
    places: Vec<usize>,
}

impl EvaluationSubject {
    fn first(&self) -> &model::Evaluation {
        &self.shown.page[self.places[0]]
    }
}

#[Object]
impl EvaluationSubject {
    async fn name(&self) -> &str {
        subject_of(self.first())
    }
    async fn teacher(&self) -> &str {
        self.first().teacher.as_deref().unwrap_or_default()
    }
    async fn color(&self) -> String {
        self.first().color.map(|color| color.written()).unwrap_or_default()
    }
    async fn evaluations(&self) -> Vec<Evaluation> {
        let subject = subject_of(self.first());
        let fingerprint = |place: &usize| {
            let evaluation = &self.shown.page[*place];
            let date = Date::of(&self.shown.viewer, evaluation.date).0;
            Fingerprint::new().text("name", &evaluation.name).date("date", date).extra(subject).id()
        };
        let ids = distinct(self.places.iter().map(fingerprint));
        let evaluation =
            |(place, id): (&usize, String)| Evaluation { shown: Arc::clone(&self.shown), place: *place, id };
        self.places.iter().zip(ids).map(evaluation).collect()
    }
}

/// An evaluation.
pub(crate) struct Evaluation {
    shown: Arc<Shown>,
    place: usize,
    id: String,
}

impl Evaluation {
    fn model(&self) -> &model::Evaluation {
        &self.shown.page[self.place]
    }
}

#[Object]
impl Evaluation {
    async fn id(&self) -> &str {
        &self.id
    }
    async fn name(&self) -> &str {
        &self.model().name
    }
    async fn date(&self) -> Date {
        Date::of(&self.shown.viewer, self.model().date)
    }
    async fn coefficient(&self) -> Float {
        self.model().coefficient.into()
    }
    async fn levels(&self) -> Vec<EvaluationLevel<'_>> {
        self.model().acquisitions.iter().map(EvaluationLevel).collect()
    }
    /// What it was about.
    async fn description(&self) -> Option<&str> {
        self.model().description.as_deref()
    }
    /// The teacher.
    async fn teacher(&self) -> Option<&str> {
        self.model().teacher.as_deref()
    }
    /// The period it counts in.
    async fn period(&self) -> Option<&str> {
        self.model().period.as_ref().map(|period| period.name.as_str())
    }
    /// The domain of skills, when it is about a single one.
    async fn domain(&self) -> Option<&str> {
        self.model().domain.as_deref()
    }
    /// The cycles of studies.
    async fn cycles(&self) -> Option<&[String]> {
        Some(&self.model().levels)
    }
    /// Its themes.
    async fn themes(&self) -> Option<Vec<&str>> {
        Some(self.model().themes.iter().map(|theme| theme.name.as_str()).collect())
    }
}

/// How far a skill is acquired.
pub(crate) struct EvaluationLevel<'a>(&'a Acquisition);

#[Object]
impl EvaluationLevel<'_> {
    async fn name(&self) -> &str {
        self.0.item.as_ref().or(self.0.domain.as_ref()).map_or("", String::as_str)
    }
    async fn value(&self) -> EvaluationLevelValue<'_> {
        EvaluationLevelValue(self.0)
    }
    async fn prefixes(&self) -> &[String] {
        &self.0.pillar_prefixes
    }
    /// The skill; none when its domain was evaluated as a whole.
    async fn item(&self) -> Option<&str> {
        self.0.item.as_deref()
    }
    /// The domain of skills.
    async fn domain(&self) -> Option<&str> {
        self.0.domain.as_deref()
    }
    /// The pillar of the common base.
    async fn pillar(&self) -> Option<&str> {
        self.0.pillar.as_deref()
    }
    /// What it weighs.
    async fn coefficient(&self) -> Option<Float> {
        Some(self.0.coefficient.into())
    }
    /// The color of the level.
    async fn color(&self) -> Option<String> {
        self.0.color.map(|color| color.written())
    }
}

/// A level.
pub(crate) struct EvaluationLevelValue<'a>(&'a Acquisition);

#[Object]
impl EvaluationLevelValue<'_> {
    async fn short(&self) -> &str {
        &self.0.abbreviation
    }
    async fn long(&self) -> &str {
        &self.0.level
    }
}
