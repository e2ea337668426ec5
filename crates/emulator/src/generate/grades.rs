//! Invents tests with marks, evaluations of skills, and report cards.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::subjects::{ALTERNATING, COURSES, SPORT};
use crate::school::{
    Audience, ClassId, Evaluation, EvaluationId, FileId, Grading, GroupId, Mark, Period, PeriodKind, PersonId,
    Publication, Report, School, Skill, SubjectId, Test, TestId,
};

/// How many days lie between two tests of a class in a subject.
const TEST_EVERY: i64 = 19;
const TITLES: [&str; 5] =
    ["Contrôle de connaissances", "Interrogation écrite", "Devoir maison", "Devoir sur table", "Exposé"];
const COMMENTS: [&str; 6] = [
    "Bon trimestre, participation active.",
    "Ensemble satisfaisant, mais le travail à la maison reste irrégulier.",
    "Des progrès, il faut continuer ainsi.",
    "Trimestre décevant : un sursaut est attendu.",
    "Excellent travail, félicitations.",
    "Élève sérieux, qui doit oser prendre la parole.",
];

/// Fills tests, evaluations and reports of the terms that have begun.
pub(super) fn fill(school: &mut School, random: &mut fastrand::Rng) {
    let classes: Vec<(ClassId, Vec<PersonId>)> = school
        .classes
        .iter()
        .map(|class| (class.id, school.pupils(class.id).map(|pupil| pupil.id).collect()))
        .collect();
    school.grading = Grading {
        hidden_overall: classes.get(1).map(|(class, _)| *class).into_iter().collect(),
        hidden_subjects: vec![subject(SPORT)],
    };
    let today = school.clock.today();
    let terms: Vec<Period> =
        school.year.periods.iter().filter(|period| period.kind == PeriodKind::Term).cloned().collect();
    let mut desk = Desk { school, random, today, tests: 1, evaluations: 1 };
    for (class, pupils) in &classes {
        for term in terms.iter().filter(|term| term.start <= today) {
            desk.term(*class, pupils, term);
        }
        for (place, term) in terms.iter().enumerate() {
            desk.publish(*class, pupils, term, place);
        }
    }
}

fn subject(place: usize) -> SubjectId {
    SubjectId(u32::try_from(place).unwrap_or(0) + 1)
}

struct Desk<'a> {
    school: &'a mut School,
    random: &'a mut fastrand::Rng,
    today: Date,
    tests: u32,
    evaluations: u32,
}

impl Desk<'_> {
    fn term(&mut self, class: ClassId, pupils: &[PersonId], term: &Period) {
        let end = term.end.min(self.today);
        for place in 0..COURSES.len() {
            let mut date = term.start.saturating_add((5 + place as i64).days());
            let mut number = 0;
            while date <= end {
                number += 1;
                let day = self.school.year.last_open(date);
                let test = self.test(class, pupils, place, day.max(term.start), number);
                self.put(test);
                date = date.saturating_add(TEST_EVERY.days());
            }
            if place < 4 {
                let day = self.school.year.last_open(term.start.saturating_add((8 + place as i64 * 3).days()).min(end));
                self.evaluation(class, pupils, place, day.max(term.start));
            }
        }
        self.specials(class, pupils, term);
    }

    /// A test as most are. Subjects taught to halves of the class are tested by half.
    fn test(&mut self, class: ClassId, pupils: &[PersonId], place: usize, date: Date, number: usize) -> Test {
        let (audience, pupils) = if ALTERNATING.contains(&place) && number.is_multiple_of(2) {
            let group = GroupId(class.0 * 2 - u32::try_from(number / 2 % 2).unwrap_or(0));
            let school = &self.school;
            let is_in = |pupil: &PersonId| school.people.get(*pupil).is_some_and(|pupil| pupil.groups.contains(&group));
            (Audience::Group(group), pupils.iter().copied().filter(is_in).collect())
        } else {
            (Audience::Class(class), pupils.to_vec())
        };
        let scale = if number.is_multiple_of(3) { 10 } else { 20 };
        let marks = pupils.into_iter().map(|pupil| (pupil, self.mark(pupil, scale))).collect();
        let title = format!("{} n°{number}", TITLES[(place + number) % TITLES.len()]);
        Test {
            id: TestId(0),
            title,
            subject: subject(place),
            audience,
            date,
            scale: Decimal::from(scale),
            coefficient: Decimal::new(*self.random.choice(&[5, 10, 10, 10, 20]).unwrap_or(&10), 1),
            bonus: false,
            optional: false,
            rescaled: scale != 20,
            subject_file: (number == 1).then_some(FileId(2)),
            correction_file: (number == 1 && place == 1).then_some(FileId(2)),
            marks,
            remarks: Vec::new(),
        }
    }

    /// Half points around what the pupil is used to; a few have a reason for having none.
    fn mark(&mut self, pupil: PersonId, scale: i32) -> Mark {
        if self.random.u8(..40) == 0 {
            return Mark::Annotation(self.random.u8(1..=5));
        }
        let used_to = 8 + i32::try_from(pupil.0.wrapping_mul(2_654_435_761) >> 16).unwrap_or(0) % 8;
        let halves = (used_to * 2 + self.random.i32(-7..=8)).clamp(1, 40);
        Mark::Points(halves * 50 * scale / 20)
    }

    /// What every class has at the start of a term, so that a reader meets each kind of mark: the first two pupils get every
    /// annotation in turn, and there is a bonus, an optional test and another scale.
    fn specials(&mut self, class: ClassId, pupils: &[PersonId], term: &Period) {
        let days: Vec<Date> = self.school.year.open_days(term.start, term.end.min(self.today)).take(10).collect();
        if days.is_empty() {
            return;
        }
        for number in 0..10_usize {
            let day = days[number % days.len()];
            let mut test = self.test(class, pupils, number % 3, day, 1);
            let annotation = u8::try_from(number + 1).unwrap_or(1);
            match number {
                0..=7 => {
                    test.title = format!("Interrogation surprise n°{annotation}");
                    for (_, mark) in test.marks.iter_mut().take(2) {
                        *mark = Mark::Annotation(annotation);
                    }
                    test.remarks =
                        pupils.first().map(|pupil| (*pupil, "À rattraper jeudi.".to_owned())).into_iter().collect();
                }
                8 => {
                    test.title = "Exposé facultatif".to_owned();
                    test.optional = true;
                }
                _ => {
                    test.title = "Points de participation".to_owned();
                    test.bonus = true;
                    test.scale = Decimal::from(5);
                    test.marks = pupils.iter().map(|pupil| (*pupil, self.mark(*pupil, 5))).collect();
                }
            }
            self.put(test);
        }
    }

    fn put(&mut self, test: Test) {
        self.school.tests.put(Test { id: TestId(self.tests), ..test });
        self.tests += 1;
    }

    /// An evaluation of an item and of a domain as a whole.
    fn evaluation(&mut self, class: ClassId, pupils: &[PersonId], place: usize, date: Date) {
        let course = &COURSES[place];
        let lesson = |lesson: &&crate::school::Lesson| {
            lesson.subject == subject(place) && lesson.audience == Audience::Class(class)
        };
        let Some(teacher) = self.school.lessons.iter().find(lesson).and_then(|lesson| lesson.teachers.first().copied())
        else {
            return;
        };
        let (domain, item) = course.skill;
        let (pillar, prefixes) = course.pillar;
        let skills = [Some(item), None].map(|item| Skill {
            domain: domain.to_owned(),
            item: item.map(str::to_owned),
            pillar: pillar.to_owned(),
            prefixes: prefixes.to_owned(),
            coefficient: 1,
            levels: pupils
                .iter()
                .map(|pupil| (*pupil, *self.random.choice(&[1, 2, 2, 3, 4, 5, 6, 7]).unwrap_or(&2)))
                .collect(),
        });
        let theme = course.topics.first().map_or("", |(theme, _)| theme);
        self.school.evaluations.put(Evaluation {
            id: EvaluationId(self.evaluations),
            name: format!("Évaluation : {theme}"),
            description: theme.to_owned(),
            subject: subject(place),
            audience: Audience::Class(class),
            teacher,
            date,
            coefficient: 1,
            skills: skills.to_vec(),
        });
        self.evaluations += 1;
    }

    /// Reports are read from three days before the end of a term. Two exceptions, so that there always is one to look at and one to
    /// wait for: those of the first term once it has begun, those of the last at the end of the summer.
    fn publish(&mut self, class: ClassId, pupils: &[PersonId], term: &Period, place: usize) {
        let usual = term.end.saturating_sub(3.days());
        let from = match place {
            0 => usual.min(self.today).max(term.start),
            _ if term.end == self.school.year.last => date(term.end.year(), 8, 31),
            _ => usual,
        };
        self.school.publications.push(Publication { class, period: term.id, from });
        if from > self.today {
            return;
        }
        for pupil in pupils {
            let comment = |random: &mut fastrand::Rng| COMMENTS[random.usize(..COMMENTS.len())].to_owned();
            let comments = (0..COURSES.len()).map(|place| (subject(place), comment(self.random))).collect();
            let overall = vec![
                ("Appréciation globale".to_owned(), comment(self.random)),
                ("Mention".to_owned(), "Encouragements".to_owned()),
            ];
            self.school.reports.push(Report { pupil: *pupil, period: term.id, comments, overall, read_by: Vec::new() });
        }
    }
}
