//! A day's lessons and changes, in lines.

use board::{Day, Lesson, LessonState, Snapshot};
use i18n::Language;
use jiff::civil::{Date, Time};

use super::Voice;

/// What the changes of a day are, in a text: as somebody wrote it, or else lesson by lesson; nothing when there are
/// none.
#[must_use]
pub fn changes(language: Language, class: &Snapshot, date: Date) -> Option<String> {
    Voice { class, language, today: date }.changes_in(&class.day(date))
}

impl Voice<'_> {
    pub(super) fn changes_in(&self, day: &Day) -> Option<String> {
        let written = day.changes.text.trim_end();
        let text = if written.trim().is_empty() { self.changed_lessons(day) } else { written.to_owned() };
        (!text.is_empty()).then_some(text)
    }

    /// The timetable of a day with school: as somebody wrote it, or else lesson by lesson; then what is changed.
    pub(super) fn timetable_in(&self, day: &Day) -> String {
        let written = !day.text.trim().is_empty();
        let base = if written { day.text.trim_end().to_owned() } else { self.lessons(day, |_| true) };
        let base = if base.is_empty() { self.say("bot-timetable-none") } else { base };
        // Lessons that are listed one by one carry their changes, and so does a text of changes for all days: it
        // stands where it is asked for.
        let below = if day.dated_changes && !day.changes.text.trim().is_empty() {
            day.changes.text.trim_end().to_owned()
        } else if written {
            self.changed_lessons(day)
        } else {
            String::new()
        };
        if below.is_empty() {
            return base;
        }
        format!("{base}\n{}\n{below}", self.say("bot-changes-below"))
    }

    fn changed_lessons(&self, day: &Day) -> String {
        self.lessons(day, |lesson| lesson.state != LessonState::Planned)
    }

    fn lessons(&self, day: &Day, which: impl Fn(&Lesson) -> bool) -> String {
        let lines: Vec<_> =
            day.lessons.iter().filter(|lesson| which(lesson)).filter_map(|lesson| self.lesson(lesson)).collect();
        lines.join("\n")
    }

    /// A lesson in a line; none when it is of no subject, and in the place of none.
    fn lesson(&self, lesson: &Lesson) -> Option<String> {
        let named = |number| self.class.subjects.get(&number).map(|subject| subject.name.as_str());
        let instead = lesson.instead_of.and_then(named);
        let name = match &lesson.name {
            Some(name) => name.clone(),
            None if instead.is_some() => self.say_with("bot-subject-unknown", &[("number", lesson.subject.into())]),
            None => return None,
        };
        let clock = |time: Time| time.strftime("%H:%M").to_string();
        let time = lesson.time.map(|bell| format!("{}–{}", clock(bell.from), clock(bell.to)));
        let key = if time.is_some() { "bot-lesson-timed" } else { "bot-lesson" };
        let time = time.unwrap_or_default().into();
        let line = self.say_with(key, &[("row", lesson.row.into()), ("name", name.into()), ("time", time)]);
        let marked = match (lesson.state, instead) {
            (LessonState::Planned, _) => return Some(line),
            (LessonState::Cancelled, _) => "bot-lesson-cancelled",
            (LessonState::Replaced, Some(_)) => "bot-lesson-replaced",
            (LessonState::Replaced | LessonState::Added, _) => "bot-lesson-added",
        };
        Some(self.say_with(marked, &[("lesson", line.into()), ("instead", instead.unwrap_or_default().into())]))
    }
}
