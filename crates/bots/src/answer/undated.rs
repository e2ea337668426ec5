//! The answers of a class that has nothing with a date: section 10 of the contract of the board, byte for byte.
//!
//! Only the day of the week counts. Saturday and Sunday look to Monday, and the changes hit every day.

use jiff::civil::{Date, Weekday};

use super::Voice;
use crate::command::When;

const MONDAY: usize = 0;
const FRIDAY: usize = 4;
const SUNDAY: usize = 6;
const WEEK: [Weekday; 6] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday, Weekday::Saturday];

/// From 0, Monday.
fn weekday(date: Date) -> usize {
    usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(SUNDAY)
}

impl Voice<'_> {
    pub(super) fn undated_homework_tomorrow(&self) -> String {
        match weekday(self.today) {
            today @ MONDAY..=FRIDAY => {
                self.list("bot-homework-tomorrow", "bot-homework-none-tomorrow", "", &self.notes_of(today + 1))
            }
            _ => {
                let monday = i18n::weekday_for(self.language, Weekday::Monday);
                self.list("bot-homework-for", "bot-homework-none-for", &monday, &self.notes_of(MONDAY))
            }
        }
    }

    pub(super) fn undated_homework_today(&self) -> String {
        match weekday(self.today) {
            SUNDAY => {
                let notes = self.notes_of(MONDAY);
                if notes.is_empty() {
                    return self.say("bot-homework-none-sunday");
                }
                let (off, tomorrow) = (self.say("bot-homework-day-off"), self.say("bot-homework-tomorrow"));
                format!("{off}\n{tomorrow}\n{notes}")
            }
            today => self.list("bot-homework-today", "bot-homework-none-today", "", &self.notes_of(today)),
        }
    }

    pub(super) fn undated_homework_on(&self, date: Date, day: &str) -> String {
        match weekday(date) {
            SUNDAY => format!("{}\n{}", self.say_of("bot-homework-for", day), self.say("bot-no-lessons")),
            weekday => self.list("bot-homework-for", "bot-homework-none-on", day, &self.notes_of(weekday)),
        }
    }

    pub(super) fn undated_homework(&self) -> String {
        let entries = self.entries();
        if entries.is_empty() {
            return self.say("bot-homework-all-none");
        }
        format!("{}\n{entries}", self.say("bot-homework-all"))
    }

    pub(super) fn undated_timetable_tomorrow(&self) -> String {
        match weekday(self.today) {
            today @ MONDAY..=FRIDAY => self.text_of(today + 1, "bot-timetable-for"),
            _ => self.text_of(MONDAY, "bot-timetable-for"),
        }
    }

    pub(super) fn undated_timetable_today(&self) -> String {
        match weekday(self.today) {
            SUNDAY => {
                format!("{}\n{}", self.say("bot-timetable-day-off"), self.text_of(MONDAY, "bot-timetable-next"))
            }
            today => self.text_of(today, "bot-timetable-for"),
        }
    }

    pub(super) fn undated_timetable_on(&self, date: Date, day: &str) -> String {
        let text = self.class.week.texts.get(weekday(date));
        let text = text.cloned().unwrap_or_else(|| self.say("bot-no-lessons"));
        format!("{}\n{text}", self.say_of("bot-timetable-for", day))
    }

    pub(super) fn undated_week(&self) -> String {
        let days = (MONDAY..WEEK.len()).map(|day| format!("\n{}", self.text_of(day, "bot-week-day")));
        self.say("bot-week") + &days.collect::<String>()
    }

    pub(super) fn undated_changes(&self) -> String {
        // An empty message is refused by every platform.
        let text = &self.class.changes.text;
        if text.trim().is_empty() { self.say("bot-changes-none") } else { text.clone() }
    }

    /// The day that is meant, and how it is named: as it was asked for.
    pub(super) fn undated_on(&self, when: When, answer: impl Fn(&Self, Date, &str) -> String) -> String {
        self.on(when, |voice, date| {
            let day = match when {
                When::Date { .. } => i18n::weekday_and_date_for(voice.language, date),
                _ => i18n::weekday_for(voice.language, date.weekday()),
            };
            answer(voice, date, &day)
        })
    }

    /// A heading and lines, or a sentence when there are none.
    pub(super) fn list(&self, heading: &str, nothing: &str, day: &str, lines: &str) -> String {
        if lines.is_empty() {
            return self.say_of(nothing, day);
        }
        format!("{}\n{lines}", self.say_of(heading, day))
    }

    /// The homework without a date of all subjects, a line each.
    pub(super) fn entries(&self) -> String {
        let subjects = self.class.subjects.values().filter(|subject| !subject.note.is_empty());
        subjects.map(|subject| self.line("bot-homework-entry", &subject.name, &subject.note)).collect()
    }

    pub(super) fn line(&self, key: &str, subject: &str, text: &str) -> String {
        self.say_with(key, &[("subject", subject.into()), ("text", text.into())]) + "\n"
    }

    fn notes_of(&self, weekday: usize) -> String {
        let subjects = self.class.homework_of(weekday);
        subjects.map(|subject| self.line("bot-homework-line", &subject.name, &subject.note)).collect()
    }

    /// The timetable of a weekday, as people read it, with a heading that names it.
    fn text_of(&self, weekday: usize, heading: &str) -> String {
        let day = WEEK.get(weekday).map(|day| i18n::weekday_for(self.language, *day)).unwrap_or_default();
        let text = self.class.week.texts.get(weekday).map_or("", String::as_str);
        format!("{}\n{text}", self.say_of(heading, &day))
    }
}
