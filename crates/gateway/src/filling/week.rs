//! A week of lessons becomes a plan, and what differs from it day by day.

use std::collections::BTreeMap;

use board::filling::{ImportedChanges, ImportedWeek, Line, Row};
use board::{DAYS, ROWS};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::hours::Hours;
use super::lessons::{Lesson, State, What};
use super::words::{Words, Writing};

/// A week that was read.
pub(super) struct ReadWeek {
    pub(super) monday: Date,
    /// Which of the alternating weeks it is, in the school's words.
    pub(super) fortnight: Option<String>,
    /// Whether nothing of it was lost.
    pub(super) complete: bool,
    pub(super) lessons: Vec<Lesson>,
}

/// Lays weeks out in rows.
pub(super) struct Layout<'a> {
    pub(super) hours: &'a Hours,
    pub(super) words: Words,
    pub(super) weeks: &'a [ReadWeek],
}

impl Layout<'_> {
    /// The plan of a week: what takes place when nothing happens.
    pub(super) fn plan(&self, week: &ReadWeek) -> ImportedWeek {
        let days = |place: usize| self.planned(week, place);
        let texts =
            std::array::from_fn(|place| days(place).map(|(lesson, subject)| self.plain(lesson, &subject)).collect());
        let rows = std::array::from_fn(|place| {
            let mut rows: [Option<String>; ROWS] = Default::default();
            for (lesson, subject) in days(place) {
                for row in self.hours.rows(lesson.from, lesson.to) {
                    rows[row].get_or_insert_with(|| subject.clone());
                }
            }
            rows
        });
        let sunday = week.monday.saturating_add(6.days());
        let mut origin = format!("{} – {}", self.words.date(week.monday), self.words.date(sunday));
        if let Some(fortnight) = &week.fortnight {
            origin.push_str(&format!(" ({fortnight})"));
        }
        ImportedWeek { monday: week.monday, complete: week.complete, origin, texts, rows }
    }

    /// What differs from the plan of a week, by day.
    pub(super) fn changes(&self, week: &ReadWeek) -> BTreeMap<Date, ImportedChanges> {
        let mut changes = BTreeMap::new();
        for day in week.monday.series(1.day()).take(7) {
            let lessons: Vec<&Lesson> = week.lessons.iter().filter(|lesson| lesson.day == day).collect();
            let text: Vec<Line> = lessons.iter().filter_map(|lesson| self.change(lesson, &lessons)).collect();
            let rows = if day.weekday() == Weekday::Sunday { Default::default() } else { self.rows(&lessons) };
            if !text.is_empty() || rows.iter().any(|row| *row != Row::Same) {
                changes.insert(day, ImportedChanges { origin: self.words.weekday_and_date(day), text, rows });
            }
        }
        changes
    }

    /// The planned lessons of a day of a week, with the subjects that they usually are.
    fn planned<'w>(&self, week: &'w ReadWeek, place: usize) -> impl Iterator<Item = (&'w Lesson, String)> {
        let day = (place < DAYS).then(|| week.monday.saturating_add(i64::try_from(place).unwrap_or(0).days()));
        let lessons = week.lessons.iter().filter(move |lesson| Some(lesson.day) == day);
        lessons.filter_map(|lesson| Some((lesson, self.usual(lesson)?)))
    }

    /// What subject a lesson was planned as; none when it was not planned. A substitute may teach another one: then the same
    /// hour of another week tells.
    fn usual(&self, lesson: &Lesson) -> Option<String> {
        let subject = lesson.subject().filter(|_| lesson.state != State::Extra)?;
        let elsewhere = || {
            let others = self.weeks.iter().flat_map(|week| &week.lessons).filter(|other| other.day != lesson.day);
            let mut same = others.filter(|other| other.is_at_the_hour_of(lesson) && other.state != State::Extra);
            same.find(|other| !other.substitute)?.subject()
        };
        let usual = if lesson.substitute { elsewhere() } else { None };
        Some(usual.unwrap_or(subject).to_owned())
    }

    /// What the rows of a day become.
    fn rows(&self, lessons: &[&Lesson]) -> [Row; ROWS] {
        let mut planned: [Option<String>; ROWS] = Default::default();
        let mut actual: [Option<&str>; ROWS] = Default::default();
        for lesson in lessons {
            for row in self.hours.rows(lesson.from, lesson.to) {
                if let Some(usual) = self.usual(lesson) {
                    planned[row].get_or_insert(usual);
                }
                if let Some(subject) = lesson.subject().filter(|_| lesson.takes_place()) {
                    actual[row].get_or_insert(subject);
                }
            }
        }
        std::array::from_fn(|row| match (planned[row].as_deref(), actual[row]) {
            (planned, actual) if planned == actual => Row::Same,
            (_, Some(subject)) => Row::Subject(subject.to_owned()),
            (_, None) => Row::NoLesson,
        })
    }

    /// A line of the plan.
    fn plain(&self, lesson: &Lesson, subject: &str) -> Line {
        self.begin(lesson, Some(subject)).end()
    }

    /// A line of the changes; none when there is nothing to say of a lesson.
    fn change(&self, lesson: &Lesson, day: &[&Lesson]) -> Option<Line> {
        let mut line = self.begin(lesson, lesson.subject());
        let others = || day.iter().filter(|other| other.overlaps(lesson));
        let says = |word: &str| lesson.status.as_ref().is_some_and(|status| status.to_lowercase().contains(word));
        match lesson.state {
            // Whatever takes place all the while says it all.
            State::Cancelled if others().any(|other| other.takes_place() && other.covers(lesson)) => return None,
            State::Cancelled => {
                let cancelled = self.words.cancelled();
                if !says(&cancelled.to_lowercase()) {
                    line = line.note_text(cancelled);
                }
            }
            State::Extra if lesson.subject().is_some() => {
                let mut missed = others().filter(|other| !other.takes_place()).filter_map(|other| other.subject());
                match missed.next() {
                    Some(missed) if Some(missed) != lesson.subject() => line = line.note(self.words.instead(missed)),
                    Some(_) => {}
                    None => line = line.note_text(self.words.added()),
                }
            }
            State::Extra => {}
            State::Planned => {
                let usual = self.usual(lesson).filter(|usual| Some(usual.as_str()) != lesson.subject());
                let sunday = lesson.day.weekday() == Weekday::Sunday;
                if usual.is_none() && lesson.status.is_none() && lesson.memo.is_none() && !sunday {
                    return None;
                }
                if let Some(usual) = usual {
                    line = line.note(self.words.instead(&usual));
                }
            }
        }
        if let Some(status) = &lesson.status {
            line = line.note_text(status);
        }
        if lesson.takes_place() && !lesson.rooms.is_empty() {
            line = line.note_text(self.words.room(&lesson.rooms));
        }
        if let Some(memo) = &lesson.memo {
            line = line.text(format!(" — {memo}"));
        }
        Some(line.end())
    }

    fn begin(&self, lesson: &Lesson, subject: Option<&str>) -> Writing {
        let sunday = lesson.day.weekday() == Weekday::Sunday;
        let rows = if sunday || lesson.subject().is_none() { 0..0 } else { self.hours.rows(lesson.from, lesson.to) };
        let line = Writing::begin(rows, lesson.from, lesson.to);
        let line = match (&lesson.what, subject) {
            (What::Subject(_), Some(subject)) => line.subject(subject),
            (What::Subject(title) | What::Event(title), _) => line.text(title),
        };
        if lesson.groups.is_empty() { line } else { line.text(format!(" ({})", lesson.groups.join(", "))) }
    }
}

#[cfg(test)]
mod tests {
    use board::filling::Piece;
    use jiff::civil::{Time, date, time};
    use pronote::model::Instance;

    use super::*;

    const MONDAY: Date = date(2026, 11, 23);

    fn at(hour: i8) -> Time {
        time(hour, 0, 0, 0)
    }

    fn lesson(day: Date, hours: (i8, i8), subject: &str) -> Lesson {
        Lesson {
            day,
            from: at(hours.0),
            to: at(hours.1),
            what: What::Subject(subject.to_owned()),
            state: State::Planned,
            substitute: false,
            status: None,
            memo: None,
            rooms: Vec::new(),
            groups: Vec::new(),
            rank: 0,
        }
    }

    fn hours() -> Hours {
        Hours::of(&[], &Instance::default(), &(8..16).map(|hour| (at(hour), at(hour + 1))).collect::<Vec<_>>())
    }

    /// The plan and the changes of a week, as people read them.
    fn laid_out(lessons: Vec<Lesson>) -> (ImportedWeek, BTreeMap<Date, ImportedChanges>, Vec<String>) {
        let weeks = [ReadWeek { monday: MONDAY, fortnight: None, complete: true, lessons }];
        let layout = Layout { hours: &hours(), words: Words::of(board::Language::En), weeks: &weeks };
        let (plan, changes) = (layout.plan(&weeks[0]), layout.changes(&weeks[0]));
        let said = |line: &Line| -> String {
            let pieces = line.0.iter().map(|piece| match piece {
                Piece::Text(text) | Piece::Subject(text) => text.as_str(),
            });
            pieces.collect()
        };
        let planned = plan.texts.iter().flatten().map(said);
        let changed = changes.values().flat_map(|changes| &changes.text).map(said);
        let texts = planned.chain(changed).collect();
        (plan, changes, texts)
    }

    #[test]
    fn a_long_lesson_fills_its_rows_and_is_one_line() {
        let (plan, changes, texts) =
            laid_out(vec![lesson(MONDAY, (8, 10), "SPORT"), lesson(MONDAY, (10, 11), "LATIN")]);
        assert_eq!(texts, ["1–2. 08:00–10:00 SPORT", "3. 10:00–11:00 LATIN"]);
        let monday: Vec<_> = plan.rows[0].iter().map(|row| row.as_deref().unwrap_or("")).collect();
        assert_eq!(monday, ["SPORT", "SPORT", "LATIN", "", "", "", "", ""]);
        assert!(changes.is_empty());
    }

    #[test]
    fn of_two_lessons_at_once_the_first_has_the_row_and_both_are_said() {
        let (plan, changes, texts) = laid_out(vec![lesson(MONDAY, (8, 9), "LATIN"), lesson(MONDAY, (8, 9), "GREC")]);
        assert_eq!(texts, ["1. 08:00–09:00 LATIN", "1. 08:00–09:00 GREC"]);
        assert_eq!(plan.rows[0][0].as_deref(), Some("LATIN"));
        assert!(changes.is_empty());
    }

    #[test]
    fn a_sunday_is_said_and_has_no_rows() {
        let sunday = date(2026, 11, 29);
        let (plan, changes, texts) = laid_out(vec![lesson(sunday, (8, 9), "ARABE")]);
        assert!(plan.rows.iter().flatten().all(Option::is_none));
        assert_eq!(texts, ["08:00–09:00 ARABE"]);
        assert_eq!(changes[&sunday].rows, <[Row; ROWS]>::default());
    }

    #[test]
    fn a_long_lesson_of_which_half_is_replaced_is_said_to_be_canceled() {
        let canceled = Lesson { state: State::Cancelled, ..lesson(MONDAY, (8, 10), "SPORT") };
        let instead = Lesson { state: State::Extra, ..lesson(MONDAY, (9, 10), "LATIN") };
        let (_, changes, texts) = laid_out(vec![canceled, instead]);
        let rows = &changes[&MONDAY].rows;
        assert_eq!(rows[..3], [Row::NoLesson, Row::Subject("LATIN".to_owned()), Row::Same]);
        assert_eq!(texts[1..], ["1–2. 08:00–10:00 SPORT: canceled", "2. 09:00–10:00 LATIN: instead of SPORT"]);
    }
}
