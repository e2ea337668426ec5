//! `marks`: averages and marks, subject by subject.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Fresh, Viewer, ids};
use pronote::model::{Color, Grade, Grades, SubjectAverage};
use pronote::wire::Mark as Written;
use rust_decimal::{Decimal, RoundingStrategy};

use super::asked::Asked;
use super::date::Date;
use super::failure::Failure;
use super::files::{File, Holder};
use super::id::{Fingerprint, Ids, distinct};
use super::more::Annotation;
use super::number::Float;

/// Answers `marks`.
///
/// # Errors
/// There is no such period, or the school does not answer.
pub(crate) async fn marks(asked: Result<Asked, Failure>, period: Option<String>) -> Result<Option<Marks>, Failure> {
    let Asked { viewer, whose } = asked?;
    let Some(page) = viewer.grades(whose, period.as_deref()).await? else { return Ok(None) };
    Ok(Some(Marks(Arc::new(Shown { holder: Holder { viewer, whose }, page, keys: Ids::default() }))))
}

struct Shown {
    holder: Holder,
    page: Fresh<Grades>,
    keys: Ids,
}

impl Shown {
    fn viewer(&self) -> &Viewer {
        &self.holder.viewer
    }

    /// The places of the marks of a subject, in the order of the server.
    fn of_subject(&self, name: &str) -> Vec<usize> {
        (0..self.page.grades.len()).filter(|place| subject_of(&self.page.grades[*place]) == name).collect()
    }

    /// The subjects that are listed, then those that only marks tell of.
    fn subjects(&self) -> Vec<(String, Option<usize>)> {
        if !self.page.shows_subjects {
            return Vec::new();
        }
        let listed = self.page.subjects.iter().enumerate();
        let mut subjects: Vec<(String, Option<usize>)> =
            listed.map(|(place, average)| (average.subject.name.clone(), Some(place))).collect();
        for grade in &self.page.grades {
            if subjects.iter().all(|(name, _)| name != subject_of(grade)) {
                subjects.push((subject_of(grade).to_owned(), None));
            }
        }
        subjects
    }
}

fn subject_of(grade: &Grade) -> &str {
    grade.subject.as_ref().map_or("", |subject| &subject.name)
}

/// The number itself; none for an annotation in its place.
fn plain(mark: Option<Written>) -> Option<Decimal> {
    match mark? {
        Written::Value(value) => Some(value),
        Written::Annotated { .. } => None,
    }
}

fn on_20(value: Decimal, scale: Decimal) -> Option<Decimal> {
    value.checked_mul(Decimal::from(20))?.checked_div(scale)
}

fn to_two_decimals(value: Decimal) -> Float {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).into()
}

fn floats(value: Option<Decimal>) -> Option<Float> {
    value.map(Float::from)
}

/// The marks of a period.
pub(crate) struct Marks(Arc<Shown>);

#[Object]
impl Marks {
    async fn subjects(&self) -> Vec<Option<MarksSubject>> {
        let subject = |(name, average)| Some(MarksSubject { shown: Arc::clone(&self.0), name, average });
        self.0.subjects().into_iter().map(subject).collect()
    }
    async fn averages(&self) -> MarksAverages {
        MarksAverages(Arc::clone(&self.0))
    }
    /// Whether the school shows marks at all.
    async fn shows_marks(&self) -> Option<bool> {
        Some(self.0.page.shows_grades)
    }
    /// Whether the school shows the averages of subjects at all.
    async fn shows_subjects(&self) -> Option<bool> {
        Some(self.0.page.shows_subjects)
    }
}

/// The averages over all subjects.
pub(crate) struct MarksAverages(Arc<Shown>);

#[Object]
impl MarksAverages {
    async fn student(&self) -> Option<Float> {
        let overall = &self.0.page.overall;
        on_20(plain(overall.student)?, overall.scale).map(to_two_decimals)
    }
    async fn student_class(&self) -> Option<Float> {
        plain(self.0.page.overall.class).map(to_two_decimals)
    }
    /// The mean of the averages of the subjects, on 20, where the school does not tell the average itself.
    async fn computed(&self) -> Option<Float> {
        let overall = &self.0.page.overall;
        overall.student_on_20.filter(|_| overall.computed).map(Float::from)
    }
    /// What the averages are out of.
    async fn scale(&self) -> Option<Float> {
        Some(self.0.page.overall.scale.into())
    }
}

/// A subject with its marks.
pub(crate) struct MarksSubject {
    shown: Arc<Shown>,
    name: String,
    /// The place of its average, unless only marks tell of it.
    average: Option<usize>,
}

impl MarksSubject {
    fn average(&self) -> Option<&SubjectAverage> {
        self.average.and_then(|place| self.shown.page.subjects.get(place))
    }
}

#[Object]
impl MarksSubject {
    async fn name(&self) -> &str {
        &self.name
    }
    async fn averages(&self) -> MarksSubjectAverages<'_> {
        MarksSubjectAverages(self.average())
    }
    async fn color(&self) -> String {
        let of_marks = || {
            let grade = self.shown.page.grades.iter().find(|grade| subject_of(grade) == self.name)?;
            grade.color
        };
        self.average()
            .map_or_else(of_marks, |average| average.color)
            .map(|color: Color| color.written())
            .unwrap_or_default()
    }
    async fn marks(&self) -> Vec<Mark> {
        let places = self.shown.of_subject(&self.name);
        let grades = &self.shown.page.grades;
        let fingerprint = |place: &usize| {
            let grade = &grades[*place];
            let date = Date::of(self.shown.viewer(), grade.date).0;
            Fingerprint::new().text("title", &grade.title).date("date", date).extra(&self.name).id()
        };
        let ids = distinct(places.iter().map(fingerprint));
        places.into_iter().zip(ids).map(|(place, id)| Mark { shown: Arc::clone(&self.shown), place, id }).collect()
    }
    /// Whether it is taught to a group rather than to a class.
    async fn in_group(&self) -> Option<bool> {
        Some(self.average()?.subject.in_group)
    }
}

/// The averages of a subject. Where the school tells none, the four of the original are -1.
pub(crate) struct MarksSubjectAverages<'a>(Option<&'a SubjectAverage>);

impl MarksSubjectAverages<'_> {
    fn published(&self, mark: impl Fn(&SubjectAverage) -> Option<Written>) -> Option<Decimal> {
        plain(mark(self.0?))
    }

    fn on_20(&self) -> Option<Decimal> {
        on_20(self.published(|average| average.student)?, self.0?.scale)
    }
}

#[Object]
impl MarksSubjectAverages<'_> {
    async fn student(&self) -> Float {
        floats(self.on_20()).unwrap_or(Float::NONE)
    }
    async fn student_class(&self) -> Float {
        floats(self.published(|average| average.class)).unwrap_or(Float::NONE)
    }
    async fn min(&self) -> Float {
        floats(self.published(|average| average.lowest)).unwrap_or(Float::NONE)
    }
    async fn max(&self) -> Float {
        floats(self.published(|average| average.highest)).unwrap_or(Float::NONE)
    }
    /// The pupil's average on 20, if the school tells it.
    async fn student_on20(&self) -> Option<Float> {
        floats(self.on_20())
    }
    /// The class's average, if the school tells it.
    async fn class_average(&self) -> Option<Float> {
        floats(self.published(|average| average.class))
    }
    /// The lowest average of the class, if the school tells it.
    async fn lowest(&self) -> Option<Float> {
        floats(self.published(|average| average.lowest))
    }
    /// The highest average of the class, if the school tells it.
    async fn highest(&self) -> Option<Float> {
        floats(self.published(|average| average.highest))
    }
    /// The average on 20 computed from the marks, where the school does not tell it.
    async fn computed(&self) -> Option<Float> {
        let average = self.0?;
        floats(average.student_on_20.filter(|_| average.computed))
    }
    /// Why there is no number in place of the pupil's average.
    async fn annotation(&self) -> Option<Annotation> {
        Some(self.0?.student?.annotation()?.into())
    }
    /// What the averages are out of.
    async fn scale(&self) -> Option<Float> {
        Some(self.0?.scale.into())
    }
}

/// A mark.
pub(crate) struct Mark {
    shown: Arc<Shown>,
    place: usize,
    id: String,
}

impl Mark {
    fn grade(&self) -> &Grade {
        &self.shown.page.grades[self.place]
    }

    /// Numbers of the class are shown only beside its average.
    fn of_class(&self, mark: Option<Written>) -> Option<Float> {
        plain(self.grade().class_average).filter(|average| !average.is_sign_negative() || average.is_zero())?;
        floats(plain(mark))
    }

    fn file(&self, file: Option<&pronote::model::Attachment>) -> Option<File> {
        let day = Date::of(self.shown.viewer(), self.grade().date);
        Some(File::attached(&self.shown.holder, file?, subject_of(self.grade()), day))
    }
}

#[Object]
impl Mark {
    async fn id(&self) -> &str {
        &self.id
    }
    async fn title(&self) -> &str {
        &self.grade().title
    }
    async fn value(&self) -> Option<Float> {
        floats(plain(self.grade().value))
    }
    async fn scale(&self) -> Float {
        self.grade().scale.into()
    }
    async fn average(&self) -> Option<Float> {
        self.of_class(self.grade().class_average)
    }
    async fn coefficient(&self) -> Float {
        self.grade().coefficient.into()
    }
    async fn min(&self) -> Option<Float> {
        self.of_class(self.grade().lowest)
    }
    async fn max(&self) -> Option<Float> {
        self.of_class(self.grade().highest)
    }
    async fn date(&self) -> Date {
        Date::of(self.shown.viewer(), self.grade().date)
    }
    async fn is_away(&self) -> bool {
        self.grade().value.is_some_and(|value| value.annotation().is_some())
    }
    /// What tells it apart from all others, in every session and whatever stands beside it.
    async fn key(&self) -> Option<&str> {
        Some(self.shown.keys.of(self.place, || ids::ids(&self.shown.page.grades)))
    }
    /// Why there is no ordinary number.
    async fn annotation(&self) -> Option<Annotation> {
        Some(self.grade().value?.annotation()?.into())
    }
    /// Whether only its points above half the scale count, and add to the others.
    async fn is_bonus(&self) -> Option<bool> {
        Some(self.grade().bonus)
    }
    /// Whether it counts only where it raises the average.
    async fn is_optional(&self) -> Option<bool> {
        Some(self.grade().optional)
    }
    /// Whether it weighs as if it were out of 20.
    async fn is_rescaled(&self) -> Option<bool> {
        Some(self.grade().rescaled)
    }
    /// Whether it is the test of a group.
    async fn in_group(&self) -> Option<bool> {
        Some(self.grade().in_group)
    }
    /// What marks are usually out of.
    async fn default_scale(&self) -> Option<Float> {
        Some(self.grade().default_scale.into())
    }
    /// The mark on 20; congratulations count as the scale.
    async fn on20(&self) -> Option<Float> {
        floats(self.grade().on_20())
    }
    /// A remark for the pupil.
    async fn remark(&self) -> Option<&str> {
        self.grade().remark.as_deref()
    }
    /// The period it counts in.
    async fn period(&self) -> Option<&str> {
        self.grade().period.as_ref().map(|period| period.name.as_str())
    }
    /// Its themes.
    async fn themes(&self) -> Option<Vec<&str>> {
        Some(self.grade().themes.iter().map(|theme| theme.name.as_str()).collect())
    }
    /// The paper of the test.
    async fn subject_file(&self) -> Option<File> {
        self.file(self.grade().subject_file.as_ref())
    }
    /// The correction of the test.
    async fn correction_file(&self) -> Option<File> {
        self.file(self.grade().correction_file.as_ref())
    }
}
