//! Grades and averages.

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Attachment, Color, Named, Subject, Theme};
use crate::wire::{Mark, RemoteId};

/// The grades and averages of a period (data §8.2).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Grades {
    /// The average over all subjects.
    pub overall: OverallAverage,
    /// The averages, subject by subject.
    pub subjects: Vec<SubjectAverage>,
    /// The grades.
    pub grades: Vec<Grade>,
    /// Whether the school shows grades at all.
    pub shows_grades: bool,
    /// Whether the school shows averages of subjects at all.
    pub shows_subjects: bool,
}

/// The average over all subjects.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct OverallAverage {
    /// The pupil's, as the school shows it.
    pub student: Option<Mark>,
    /// The pupil's, on 20.
    pub student_on_20: Option<Decimal>,
    /// Whether the school hides it: `student_on_20` is then the plain mean of the subjects' averages.
    pub computed: bool,
    /// The class's.
    pub class: Option<Mark>,
    /// What both are out of.
    pub scale: Decimal,
}

/// The average of a subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SubjectAverage {
    /// The subject.
    pub subject: Subject,
    /// Its place among the subjects.
    pub order: Option<u32>,
    /// Its color.
    pub color: Option<Color>,
    /// The pupil's average, as the school shows it.
    pub student: Option<Mark>,
    /// The pupil's average, on 20.
    pub student_on_20: Option<Decimal>,
    /// Whether the school does not tell it: `student_on_20` is then computed from the grades, without what the school alone knows.
    pub computed: bool,
    /// The class's average.
    pub class: Option<Mark>,
    /// The lowest average of the class.
    pub lowest: Option<Mark>,
    /// The highest average of the class.
    pub highest: Option<Mark>,
    /// What they are out of.
    pub scale: Decimal,
}

/// A grade (data §8.4).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Grade {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// What the test was about.
    pub title: String,
    /// The grade itself, or the annotation in its place; none when it is not published yet.
    pub value: Option<Mark>,
    /// What it is out of.
    pub scale: Decimal,
    /// What grades are usually out of.
    pub default_scale: Decimal,
    /// The day of the test.
    pub date: Date,
    /// The subject.
    pub subject: Option<Subject>,
    /// Its color.
    pub color: Option<Color>,
    /// The period it counts in.
    pub period: Option<Named>,
    /// The class's average.
    pub class_average: Option<Mark>,
    /// The lowest grade.
    pub lowest: Option<Mark>,
    /// The highest grade.
    pub highest: Option<Mark>,
    /// What it weighs.
    pub coefficient: Decimal,
    /// A remark for the pupil.
    pub remark: Option<String>,
    /// Only its points above half the scale count, and they add to the others.
    pub bonus: bool,
    /// It counts only where it raises the average.
    pub optional: bool,
    /// It weighs as if it were out of 20.
    pub rescaled: bool,
    /// The test of a group.
    pub in_group: bool,
    /// The subject paper.
    pub subject_file: Option<Attachment>,
    /// The correction.
    pub correction_file: Option<Attachment>,
    /// Its themes.
    pub themes: Vec<Theme>,
}

const TWENTY: Decimal = Decimal::from_parts(20, 0, 0, false, 0);

/// Brings a number from a scale to 20; none for an absurd scale or number.
#[must_use]
pub fn on_20(value: Decimal, scale: Decimal) -> Option<Decimal> {
    Some(value.checked_mul(TWENTY)?.checked_div(scale)?.round_dp(2))
}

/// The mean of numbers, to two decimals; none of none.
#[must_use]
pub fn mean(values: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    let (mut sum, mut count) = (Decimal::ZERO, 0u32);
    for value in values {
        sum = sum.checked_add(value)?;
        count += 1;
    }
    Some(sum.checked_div(Decimal::from(count))?.round_dp(2))
}

/// The average on 20 of some grades by the school's rules: coefficients and scales weigh, a bonus adds its points above
/// half the scale, an optional grade counts only where it helps. None when nothing counts, or numbers are absurd.
#[must_use]
pub fn average_on_20<'a>(grades: impl IntoIterator<Item = &'a Grade>) -> Option<Decimal> {
    let counting: Vec<(&Grade, Decimal)> =
        grades.into_iter().filter_map(|grade| Some((grade, grade.number()?))).collect();
    let (mut points, mut possible) = (Decimal::ZERO, Decimal::ZERO);
    for (grade, value) in counting.iter().filter(|(grade, _)| !grade.bonus && !grade.optional) {
        let weight = grade.weight()?;
        points = points.checked_add(value.checked_mul(weight)?)?;
        possible = possible.checked_add(grade.scale.checked_mul(weight)?)?;
    }
    for (grade, value) in counting.iter().filter(|(grade, _)| grade.optional && !grade.bonus) {
        let weight = grade.weight()?;
        let with_points = points.checked_add(value.checked_mul(weight)?)?;
        let with_possible = possible.checked_add(grade.scale.checked_mul(weight)?)?;
        if possible.is_zero() || with_points.checked_div(with_possible)? > points.checked_div(possible)? {
            (points, possible) = (with_points, with_possible);
        }
    }
    for (grade, value) in counting.iter().filter(|(grade, _)| grade.bonus) {
        let above = value.checked_sub(grade.scale.checked_div(Decimal::TWO)?)?;
        if above > Decimal::ZERO {
            points = points.checked_add(above.checked_mul(grade.weight()?)?)?;
        }
    }
    on_20(points, possible)
}

impl Grade {
    /// What counts in an average: the number on its own scale; congratulations count as the scale.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        let value = self.value.as_ref()?;
        let congratulated = value.annotation() == Some(crate::wire::Annotation::Congratulations);
        value.number().or(congratulated.then_some(self.scale))
    }

    /// The number on 20.
    #[must_use]
    pub fn on_20(&self) -> Option<Decimal> {
        on_20(self.number()?, self.scale)
    }

    fn weight(&self) -> Option<Decimal> {
        let factor = if self.rescaled { TWENTY.checked_div(self.scale)? } else { Decimal::ONE };
        self.coefficient.checked_mul(factor)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn grade(value: &str, scale: i64, coefficient: i64) -> Grade {
        Grade {
            id: RemoteId::new("59#a"),
            title: String::new(),
            value: Mark::parse(value).unwrap(),
            scale: scale.into(),
            default_scale: TWENTY,
            date: date(2025, 9, 10),
            subject: None,
            color: None,
            period: None,
            class_average: None,
            lowest: None,
            highest: None,
            coefficient: coefficient.into(),
            remark: None,
            bonus: false,
            optional: false,
            rescaled: false,
            in_group: false,
            subject_file: None,
            correction_file: None,
            themes: vec![],
        }
    }

    fn average(grades: &[Grade]) -> Option<String> {
        average_on_20(grades).map(|average| average.normalize().to_string())
    }

    #[test]
    fn coefficients_and_scales_weigh() {
        assert_eq!(average(&[grade("10", 20, 1), grade("16", 20, 2)]).as_deref(), Some("14"));
        assert_eq!(average(&[grade("10", 20, 1), grade("10", 10, 1)]).as_deref(), Some("13.33"));
        let rescaled = Grade { rescaled: true, ..grade("10", 10, 1) };
        assert_eq!(average(&[grade("10", 20, 1), rescaled]).as_deref(), Some("15"));
    }

    #[test]
    fn annotations_count_as_they_should() {
        assert_eq!(average(&[grade("10", 20, 1), grade("|1", 20, 1)]).as_deref(), Some("10"));
        assert_eq!(average(&[grade("10", 20, 1), grade("|6", 20, 1)]).as_deref(), Some("5"));
        assert_eq!(average(&[grade("10", 20, 1), grade("|8", 20, 1)]).as_deref(), Some("15"));
        assert_eq!(average(&[grade("|1", 20, 1)]), None);
        assert_eq!(average(&[]), None);
    }

    #[test]
    fn a_bonus_and_an_optional_grade_never_lower() {
        let bonus = |value| Grade { bonus: true, ..grade(value, 20, 1) };
        assert_eq!(average(&[grade("10", 20, 1), bonus("14")]).as_deref(), Some("14"));
        assert_eq!(average(&[grade("10", 20, 1), bonus("4")]).as_deref(), Some("10"));
        let optional = |value| Grade { optional: true, ..grade(value, 20, 1) };
        assert_eq!(average(&[grade("10", 20, 1), optional("4")]).as_deref(), Some("10"));
        assert_eq!(average(&[grade("10", 20, 1), optional("14")]).as_deref(), Some("12"));
    }

    proptest! {
        #[test]
        fn no_numbers_make_it_panic(values in proptest::collection::vec((any::<i128>(), 0u32..29, any::<i64>(), any::<i64>(), any::<[bool; 3]>()), 0..6)) {
            let grades = values.into_iter().map(|(value, point, scale, coefficient, [bonus, optional, rescaled])| {
                let value = Decimal::try_from_i128_with_scale(value >> 34, point).unwrap();
                Grade { value: Some(Mark::Value(value)), bonus, optional, rescaled, ..grade("", scale, coefficient) }
            });
            let _ = average_on_20(&grades.collect::<Vec<_>>());
        }
    }
}
