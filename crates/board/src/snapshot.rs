//! A class as it was at one moment, read as a whole, and what follows from it: days, homework, who is free when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use serde::Serialize;

use crate::model::{
    Assignment, Bell, Changes, Class, DAYS, NO_CHANGE, NO_LESSON, Parity, ROWS, Subject, Timetable, Week,
};

/// How far a day with school is looked for: a long summer.
const FARTHEST: usize = 120;

/// A class as it was at one moment.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The class.
    pub class: Class,
    /// Grows with each change to it.
    pub revision: i64,
    /// Its subjects by number.
    pub subjects: BTreeMap<i64, Subject>,
    /// The timetable without a date.
    pub week: Week,
    /// The changes without a date.
    pub changes: Changes,
    /// The timetables with a date, the earliest first.
    pub timetables: Vec<Timetable>,
    /// The changes of days, from [`since`](Self::since) on.
    pub dated_changes: BTreeMap<Date, Changes>,
    /// The homework due on days from [`since`](Self::since) on, by day, subject and key.
    pub assignments: Vec<Assignment>,
    /// The first day of which it holds what has a date.
    pub since: Date,
}

/// A day, with everything that bears on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    /// The day.
    pub date: Date,
    /// The name of the holiday it lies in, perhaps empty.
    pub holiday: Option<String>,
    /// Whether there is school: it is in no holiday, and within the week of the class.
    pub school: bool,
    /// The timetable as people read it.
    pub text: String,
    /// Its lessons by row, the cancelled ones among them.
    pub lessons: Vec<Lesson>,
    /// The changes that bear on it.
    pub changes: Changes,
    /// Whether the changes are those of this very day.
    pub dated_changes: bool,
    /// What its subjects have as homework without a date, by number.
    pub notes: Vec<Note>,
    /// The homework due on it.
    pub assignments: Vec<Assignment>,
}

/// A lesson of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lesson {
    /// Its row, from 1.
    pub row: usize,
    /// Its time, if the class has bells.
    pub time: Option<Bell>,
    /// Its subject's number, which may name none.
    pub subject: i64,
    /// The name of the subject.
    pub name: Option<String>,
    /// What became of it.
    pub state: LessonState,
    /// The number of the subject that it replaces.
    pub instead_of: Option<i64>,
}

/// What became of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LessonState {
    /// It takes place as planned.
    Planned,
    /// It does not take place.
    Cancelled,
    /// It takes the place of another.
    Replaced,
    /// It stands where there was none.
    Added,
}

/// Homework without a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The subject's number.
    pub subject: i64,
    /// The subject's name.
    pub name: String,
    /// What is to be done.
    pub text: String,
}

/// What names a subject by its number, of what a snapshot holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct References {
    /// Whether the timetable without a date does.
    pub week: bool,
    /// Whether the changes without a date do.
    pub changes: bool,
    /// The timetables with a date that do.
    pub timetables: Vec<i64>,
    /// The days whose changes do.
    pub days: Vec<Date>,
    /// The homework with a date that does.
    pub assignments: Vec<i64>,
}

impl Snapshot {
    /// What names a subject by its number.
    #[must_use]
    pub fn references(&self, number: i64) -> References {
        let in_week = |week: &Week| week.rows.iter().flatten().any(|row| *row == number);
        let timetables = self.timetables.iter().filter(|timetable| in_week(&timetable.plan.week));
        let days = self.dated_changes.iter().filter(|(_, changes)| changes.rows.contains(&number));
        let assignments = self.assignments.iter().filter(|assignment| assignment.task.subject == number);
        References {
            week: in_week(&self.week),
            changes: self.changes.rows.contains(&number),
            timetables: timetables.map(|timetable| timetable.id).collect(),
            days: days.map(|(day, _)| *day).collect(),
            assignments: assignments.map(|assignment| assignment.id).collect(),
        }
    }

    /// Whether its bot has anything with a date to go by.
    #[must_use]
    pub fn is_dated(&self) -> bool {
        let dated = !(self.timetables.is_empty() && self.dated_changes.is_empty() && self.assignments.is_empty());
        dated && !self.class.settings.strict
    }

    /// The subjects of a weekday (0 is Monday) that have homework without a date, by number: the timetable and the
    /// changes without a date laid over each other (`board-api.md`, section 11).
    pub fn homework_of(&self, weekday: usize) -> impl Iterator<Item = &Subject> {
        let rows = self.week.rows.get(weekday).map_or(&[][..], Vec::as_slice);
        self.homework_in(laid_over(rows, &self.changes.rows))
    }

    fn homework_in(&self, rows: [Option<i64>; ROWS]) -> impl Iterator<Item = &Subject> {
        let numbers: BTreeSet<i64> = rows.into_iter().flatten().filter(|number| *number != NO_LESSON).collect();
        self.subjects.values().filter(move |subject| numbers.contains(&subject.number) && !subject.note.is_empty())
    }

    /// The week that holds on a day: of a dated timetable, or else the one without a date.
    #[must_use]
    pub fn week_on(&self, date: Date) -> &Week {
        self.timetable_on(date).map_or(&self.week, |timetable| &timetable.plan.week)
    }

    /// The dated timetable that holds on a day: of those that have begun and not ended, the one that began last.
    #[must_use]
    pub fn timetable_on(&self, date: Date) -> Option<&Timetable> {
        let parity = self.parity(date);
        let holds = |timetable: &&Timetable| {
            let plan = &timetable.plan;
            plan.valid_from <= date
                && plan.valid_to.is_none_or(|last| date <= last)
                && (plan.parity == Parity::Every || Some(plan.parity) == parity)
        };
        self.timetables.iter().filter(holds).max_by_key(|timetable| (timetable.plan.valid_from, timetable.id))
    }

    /// Whether a day lies in a week A or B; nothing when the weeks of the class do not take turns.
    #[must_use]
    pub fn parity(&self, date: Date) -> Option<Parity> {
        let week = |date: Date| {
            let monday = i32::from(date.weekday().to_monday_zero_offset());
            // Days since a Monday, whole weeks of them.
            date.since(jiff::civil::date(2001, 1, 1)).map_or(0, |span| (span.get_days() - monday).div_euclid(7))
        };
        let weeks = week(date) - week(self.class.settings.week_a?);
        Some(if weeks.rem_euclid(2) == 0 { Parity::A } else { Parity::B })
    }

    /// The changes that bear on a day: its own, or else those without a date.
    #[must_use]
    pub fn changes_on(&self, date: Date) -> &Changes {
        self.dated_changes.get(&date).unwrap_or(&self.changes)
    }

    /// Whether a day is one of school.
    #[must_use]
    pub fn is_school_day(&self, date: Date) -> bool {
        let settings = &self.class.settings;
        let within = date.weekday().to_monday_zero_offset() < i8::try_from(settings.days).unwrap_or(6);
        within && settings.holiday(date).is_none()
    }

    /// The first day of school after a day, if there is one within reason.
    #[must_use]
    pub fn school_day_after(&self, date: Date) -> Option<Date> {
        date.series(1.day()).skip(1).take(FARTHEST).find(|date| self.is_school_day(*date))
    }

    /// Everything that bears on a day.
    #[must_use]
    pub fn day(&self, date: Date) -> Day {
        let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(DAYS);
        let week = self.week_on(date);
        let planned = week.rows.get(weekday).map_or(&[][..], Vec::as_slice);
        let changes = self.changes_on(date);
        let rows = laid_over(planned, &changes.rows);
        let school = self.is_school_day(date);
        let notes = self.homework_in(rows).map(|subject| Note {
            subject: subject.number,
            name: subject.name.clone(),
            text: subject.note.clone(),
        });
        let from = self.assignments.partition_point(|assignment| assignment.task.due < date);
        let due = self.assignments[from..].iter().take_while(|assignment| assignment.task.due == date);
        Day {
            date,
            holiday: self.class.settings.holiday(date).map(|holiday| holiday.name.clone()),
            school,
            text: week.texts.get(weekday).cloned().unwrap_or_default(),
            lessons: if school { self.lessons(planned, &changes.rows) } else { Vec::new() },
            changes: changes.clone(),
            dated_changes: self.dated_changes.contains_key(&date),
            notes: if date.weekday() == Weekday::Sunday { Vec::new() } else { notes.collect() },
            assignments: due.cloned().collect(),
        }
    }

    fn lessons(&self, planned: &[i64], changes: &[i64; ROWS]) -> Vec<Lesson> {
        let lesson = |row: usize| {
            let planned = planned.get(row).copied().filter(|number| *number != NO_LESSON);
            let (subject, state, instead_of) = match (changes[row], planned) {
                (NO_CHANGE, planned) => (planned?, LessonState::Planned, None),
                (NO_LESSON, planned) => (planned?, LessonState::Cancelled, None),
                (subject, None) => (subject, LessonState::Added, None),
                (subject, Some(planned)) if subject == planned => (subject, LessonState::Planned, None),
                (subject, planned) => (subject, LessonState::Replaced, planned),
            };
            Some(Lesson {
                row: row + 1,
                time: self.class.settings.bells.get(row).copied(),
                subject,
                name: self.subjects.get(&subject).map(|subject| subject.name.clone()),
                state,
                instead_of,
            })
        };
        (0..ROWS).filter_map(lesson).collect()
    }
}

/// A day's rows with changes laid over them: a number, [`NO_LESSON`], or no row at all.
fn laid_over(planned: &[i64], changes: &[i64; ROWS]) -> [Option<i64>; ROWS] {
    std::array::from_fn(|row| match changes[row] {
        NO_CHANGE => planned.get(row).copied(),
        change => Some(change),
    })
}
