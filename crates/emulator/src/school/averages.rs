//! Averages of a pupil and of those who sat the same tests.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Audience, Period, PeriodKind, Person, PersonId, School, SubjectId, Test};

/// What a subject comes to in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct SubjectAverage {
    /// The subject.
    pub subject: SubjectId,
    /// Whether its tests are a group's.
    pub in_group: bool,
    /// The pupil's average on 20; none without a counting mark.
    pub pupil: Option<Decimal>,
    /// The mean of all averages.
    pub class: Option<Decimal>,
    /// The lowest average.
    pub min: Option<Decimal>,
    /// The highest average.
    pub max: Option<Decimal>,
}

/// The averages of a pupil in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Averages {
    /// Subject by subject.
    pub subjects: Vec<SubjectAverage>,
    /// The mean of the pupil's subjects.
    pub pupil: Option<Decimal>,
    /// The mean of the class's subjects.
    pub class: Option<Decimal>,
}

impl School {
    /// The tests of a pupil in a period that have taken place, by number.
    pub fn tests_of(&self, pupil: &Person, period: &Period) -> Vec<&Test> {
        let today = self.clock.today();
        self.tests
            .iter()
            .filter(|test| period.contains(test.date) && test.date <= today && self.is_for(test.audience, pupil))
            .collect()
    }

    /// The averages of a pupil in a period.
    pub fn averages(&self, pupil: &Person, period: &Period) -> Averages {
        let mut by_subject: BTreeMap<SubjectId, Vec<&Test>> = BTreeMap::new();
        for test in self.tests_of(pupil, period) {
            by_subject.entry(test.subject).or_default().push(test);
        }
        let subjects: Vec<SubjectAverage> = by_subject
            .into_iter()
            .map(|(subject, tests)| {
                let mut all: BTreeMap<PersonId, Vec<(&Test, Decimal)>> = BTreeMap::new();
                for test in &tests {
                    for (person, mark) in &test.marks {
                        if let Some(value) = mark.counts(test.scale) {
                            all.entry(*person).or_default().push((test, value));
                        }
                    }
                }
                let averages: BTreeMap<PersonId, Decimal> =
                    all.iter().filter_map(|(person, marks)| Some((*person, average(marks)?))).collect();
                SubjectAverage {
                    subject,
                    in_group: tests.iter().any(|test| matches!(test.audience, Audience::Group(_))),
                    pupil: averages.get(&pupil.id).copied(),
                    class: mean(averages.values().copied()),
                    min: averages.values().min().copied(),
                    max: averages.values().max().copied(),
                }
            })
            .collect();
        Averages {
            pupil: mean(subjects.iter().filter_map(|subject| subject.pupil)),
            class: mean(subjects.iter().filter_map(|subject| subject.class)),
            subjects,
        }
    }

    /// Whether report cards are made for a period: terms only.
    pub fn has_reports(&self, period: &Period) -> bool {
        period.kind == PeriodKind::Term
    }
}

/// The average on 20 of marks with their tests: a bonus adds its points above half the scale, an optional mark counts where it
/// helps.
fn average(marks: &[(&Test, Decimal)]) -> Option<Decimal> {
    let twenty = Decimal::from(20);
    let weighed = |test: &Test, value: Decimal| {
        // A rescaled test weighs as one on 20, the others weigh by their own scale.
        let factor = if test.rescaled && !test.scale.is_zero() { twenty / test.scale } else { Decimal::ONE };
        (value * factor * test.coefficient, test.scale * factor * test.coefficient)
    };
    let (mut points, mut possible) = (Decimal::ZERO, Decimal::ZERO);
    for (test, value) in marks.iter().filter(|(test, _)| !test.bonus && !test.optional) {
        let (got, of) = weighed(test, *value);
        points += got;
        possible += of;
    }
    for (test, value) in marks.iter().filter(|(test, _)| test.optional && !test.bonus) {
        let (got, of) = weighed(test, *value);
        if possible.is_zero() || got * possible > points * of {
            points += got;
            possible += of;
        }
    }
    for (test, value) in marks.iter().filter(|(test, _)| test.bonus) {
        let above = *value - test.scale / Decimal::TWO;
        if above > Decimal::ZERO {
            points += weighed(test, above).0;
        }
    }
    (!possible.is_zero()).then(|| (points / possible * twenty).round_dp(2))
}

/// The mean, to two decimals.
fn mean(values: impl Iterator<Item = Decimal>) -> Option<Decimal> {
    let (count, sum) = values.fold((0_u32, Decimal::ZERO), |(count, sum), value| (count + 1, sum + value));
    (count > 0).then(|| (sum / Decimal::from(count)).round_dp(2))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::school::{ClassId, TestId};

    fn test(scale: i64, coefficient: i64) -> Test {
        Test {
            id: TestId(1),
            title: String::new(),
            subject: SubjectId(1),
            audience: Audience::Class(ClassId(1)),
            date: date(2025, 9, 10),
            scale: Decimal::from(scale),
            coefficient: Decimal::from(coefficient),
            bonus: false,
            optional: false,
            rescaled: false,
            subject_file: None,
            correction_file: None,
            marks: Vec::new(),
            remarks: Vec::new(),
        }
    }

    fn of(marks: &[(Test, i64)]) -> Option<String> {
        let marks: Vec<(&Test, Decimal)> = marks.iter().map(|(test, mark)| (test, Decimal::from(*mark))).collect();
        average(&marks).map(|value| value.normalize().to_string())
    }

    #[test]
    fn marks_weigh_by_coefficient_and_scale() {
        assert_eq!(of(&[(test(20, 1), 10), (test(20, 3), 18)]).unwrap(), "16");
        assert_eq!(of(&[(test(20, 1), 10), (test(10, 1), 10)]).unwrap(), "13.33");
        let rescaled = Test { rescaled: true, ..test(10, 1) };
        assert_eq!(of(&[(test(20, 1), 10), (rescaled, 10)]).unwrap(), "15");
    }

    #[test]
    fn an_optional_mark_only_helps() {
        let optional = Test { optional: true, ..test(20, 1) };
        assert_eq!(of(&[(test(20, 1), 10), (optional.clone(), 4)]).unwrap(), "10");
        assert_eq!(of(&[(test(20, 1), 10), (optional, 16)]).unwrap(), "13");
    }

    #[test]
    fn a_bonus_adds_what_is_above_half() {
        let bonus = Test { bonus: true, ..test(20, 1) };
        assert_eq!(of(&[(test(20, 1), 10), (bonus.clone(), 13)]).unwrap(), "13");
        assert_eq!(of(&[(test(20, 1), 10), (bonus, 7)]).unwrap(), "10");
    }

    #[test]
    fn no_counting_mark_is_no_average() {
        assert_eq!(of(&[]), None);
    }
}
