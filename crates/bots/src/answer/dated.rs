//! The answers of a class that has something with a date.
//!
//! They read like those of a class that has not. "Tomorrow" is the next day with school; a day is named by its weekday
//! while there is no doubt which one is meant, and by its date besides when it is farther away.

use board::{Assignment, Day};
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::Voice;

/// How many days ahead changes are told of: two weeks, as far as schools plan them.
const CHANGES_AHEAD: i32 = 14;
/// How many days ahead the name of a weekday means one day only.
const NAMED_DAYS: i32 = 6;

impl Voice<'_> {
    pub(super) fn next_homework(&self) -> String {
        self.next(|next| {
            // What is due on a day off before it is due by then.
            let lines = self.notes(&self.class.day(next)) + &self.due(|due| self.today < due && due <= next);
            if self.is_tomorrow(next) {
                return self.list("bot-homework-tomorrow", "bot-homework-none-tomorrow", "", &lines);
            }
            let nothing = if self.is_near(next) { "bot-homework-none-for" } else { "bot-homework-none-on" };
            self.list("bot-homework-for", nothing, &self.near(next), &lines)
        })
    }

    pub(super) fn homework_today(&self) -> String {
        let day = self.class.day(self.today);
        if day.school {
            let lines = self.homework_in(&day);
            return self.list("bot-homework-today", "bot-homework-none-today", "", &lines);
        }
        let next = self.next_homework();
        if self.today.weekday() == Weekday::Sunday && next == self.say("bot-homework-none-tomorrow") {
            return self.say("bot-homework-none-sunday");
        }
        format!("{}\n{next}", self.say("bot-homework-day-off"))
    }

    pub(super) fn homework_on(&self, date: Date) -> String {
        let (day, name) = (self.class.day(date), self.full(date));
        let lines = self.homework_in(&day);
        if lines.is_empty() && !day.school {
            return format!("{}\n{}", self.say_of("bot-homework-for", &name), self.day_off(&day));
        }
        self.list("bot-homework-for", "bot-homework-none-on", &name, &lines)
    }

    pub(super) fn all_homework(&self) -> String {
        let due = self.class.assignments.iter().filter(|assignment| assignment.task.due >= self.today);
        let entries = self.entries() + &due.map(|it| self.assignment("bot-homework-entry-due", it)).collect::<String>();
        if entries.is_empty() {
            return self.say("bot-homework-all-none");
        }
        format!("{}\n{entries}", self.say("bot-homework-all"))
    }

    pub(super) fn next_timetable(&self) -> String {
        self.next(|next| self.timetable("bot-timetable-for", &self.near(next), next))
    }

    pub(super) fn timetable_today(&self) -> String {
        if self.class.is_school_day(self.today) {
            return self.timetable("bot-timetable-for", &self.near(self.today), self.today);
        }
        let next = self.next(|next| self.timetable("bot-timetable-next", &self.near(next), next));
        format!("{}\n{next}", self.say("bot-timetable-day-off"))
    }

    pub(super) fn timetable_on(&self, date: Date) -> String {
        self.timetable("bot-timetable-for", &self.full(date), date)
    }

    /// The week of the next day with school, today included.
    pub(super) fn week(&self) -> String {
        let school = self.class.is_school_day(self.today);
        let day = if school { Some(self.today) } else { self.class.school_day_after(self.today) };
        let day = day.unwrap_or(self.today);
        let monday = day.saturating_sub(i32::from(day.weekday().to_monday_zero_offset()).days());
        let days = monday.series(1.day()).take(usize::from(self.class.class.settings.days));
        let days = days.map(|date| format!("\n{}", self.timetable("bot-week-day", &self.full(date), date)));
        self.say("bot-week") + &days.collect::<String>()
    }

    /// The changes of the days to come; those without a date when there are none, or for the other days.
    pub(super) fn changes(&self) -> String {
        let last = self.today.saturating_add(CHANGES_AHEAD.days());
        let mut parts: Vec<String> =
            self.class.dated_changes.range(self.today..=last).map(|(date, _)| self.changes_on(*date)).collect();
        let undated = &self.class.changes;
        if parts.is_empty() {
            return self.undated_changes();
        }
        if undated.rows.iter().any(|row| *row != board::NO_CHANGE) && !undated.text.trim().is_empty() {
            parts.push(format!("{}\n{}", self.say("bot-changes-otherwise"), undated.text.trim_end()));
        }
        parts.join("\n\n")
    }

    pub(super) fn next_changes(&self) -> String {
        self.next(|next| self.changes_on(next))
    }

    pub(super) fn changes_on(&self, date: Date) -> String {
        let name = self.full(date);
        match self.changes_in(&self.class.day(date)) {
            Some(text) => format!("{}\n{text}", self.say_of("bot-changes-for", &name)),
            None => self.say_of("bot-changes-none-for", &name),
        }
    }

    /// Says something of the next day with school.
    fn next(&self, say: impl Fn(Date) -> String) -> String {
        self.class.school_day_after(self.today).map_or_else(|| self.say("bot-no-lessons-soon"), say)
    }

    fn timetable(&self, heading: &str, name: &str, date: Date) -> String {
        let day = self.class.day(date);
        let text = if day.school { self.timetable_in(&day) } else { self.day_off(&day) };
        format!("{}\n{text}", self.say_of(heading, name))
    }

    fn day_off(&self, day: &Day) -> String {
        match day.holiday.as_deref().map(str::trim) {
            Some(holiday) if !holiday.is_empty() => {
                self.say_with("bot-no-lessons-holiday", &[("holiday", holiday.into())])
            }
            _ => self.say("bot-no-lessons"),
        }
    }

    /// The homework of a day: what stands without a date, then what is due.
    fn homework_in(&self, day: &Day) -> String {
        self.notes(day) + &self.due(|due| due == day.date)
    }

    fn notes(&self, day: &Day) -> String {
        let notes = day.notes.iter().filter(|_| day.school);
        notes.map(|note| self.line("bot-homework-line", &note.name, &note.text)).collect()
    }

    fn due(&self, when: impl Fn(Date) -> bool) -> String {
        let due = self.class.assignments.iter().filter(|assignment| when(assignment.task.due));
        due.map(|assignment| self.assignment("bot-homework-line", assignment)).collect()
    }

    fn assignment(&self, key: &str, assignment: &Assignment) -> String {
        let task = &assignment.task;
        let subject = match self.class.subjects.get(&task.subject) {
            Some(subject) => subject.name.clone(),
            None => self.say_with("bot-subject-unknown", &[("number", task.subject.into())]),
        };
        let lines = [&task.text].into_iter().chain(&task.links).map(String::as_str).filter(|line| !line.is_empty());
        let text = lines.collect::<Vec<_>>().join("\n");
        let day = self.full(task.due).into();
        self.say_with(key, &[("subject", subject.into()), ("text", text.into()), ("day", day)]) + "\n"
    }

    fn is_tomorrow(&self, date: Date) -> bool {
        self.today.tomorrow().is_ok_and(|tomorrow| tomorrow == date)
    }

    /// Whether a day to come can be told by its weekday.
    fn is_near(&self, date: Date) -> bool {
        date <= self.today.saturating_add(NAMED_DAYS.days())
    }

    fn near(&self, date: Date) -> String {
        if self.is_near(date) { i18n::weekday_for(self.language, date.weekday()) } else { self.full(date) }
    }

    fn full(&self, date: Date) -> String {
        i18n::weekday_and_date_for(self.language, date)
    }
}
