//! The lessons of a week as a board cares for them: what was planned, what takes place instead.

use std::cmp::Reverse;

use jiff::civil::{Date, Time};
use pronote::model::{EntryKind, LessonKind, Timetable, TimetableEntry};

use super::privacy::Privacy;
use super::words::short;

/// Statuses of lessons that are not in the plan of every week.
const NOT_PLANNED: [&str; 3] = ["exceptionnel", "déplac", "rattrap"];

/// A lesson, or an event of the class.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lesson {
    pub(super) day: Date,
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) what: What,
    pub(super) state: State,
    /// By somebody else, perhaps of another subject.
    pub(super) substitute: bool,
    /// What the school says of it.
    pub(super) status: Option<String>,
    pub(super) memo: Option<String>,
    pub(super) rooms: Vec<String>,
    pub(super) groups: Vec<String>,
    pub(super) rank: i64,
}

/// What takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    /// A lesson of a subject.
    Subject(String),
    /// Something else: an outing.
    Event(String),
}

/// How it stands to the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As planned.
    Planned,
    /// Planned, and it does not take place.
    Cancelled,
    /// It takes place without being planned.
    Extra,
}

impl Lesson {
    /// The subject, unless it is an event.
    pub(super) fn subject(&self) -> Option<&str> {
        match &self.what {
            What::Subject(subject) => Some(subject),
            What::Event(_) => None,
        }
    }

    pub(super) fn takes_place(&self) -> bool {
        self.state != State::Cancelled
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.day == other.day && self.from < other.to && other.from < self.to
    }

    /// Whether it lasts all the while that another does.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.day == other.day && self.from <= other.from && other.to <= self.to
    }

    /// Whether both are held at the same hour of the week, for the same pupils.
    pub(super) fn is_at_the_hour_of(&self, other: &Self) -> bool {
        (self.day.weekday(), self.from, self.to, &self.groups)
            == (other.day.weekday(), other.from, other.to, &other.groups)
    }

    fn of(entry: &TimetableEntry, privacy: &Privacy) -> Option<Self> {
        if privacy.hides_entry(entry) {
            return None;
        }
        let title = short(entry.title())?;
        let what = if matches!(entry.kind, EntryKind::Lesson(_)) { What::Subject(title) } else { What::Event(title) };
        let kind = match &entry.kind {
            EntryKind::Lesson(lesson) => Some(lesson.lesson_kind),
            _ => None,
        };
        let status = privacy.status(entry.status.as_deref());
        // What only one pupil does not attend takes place for the class.
        let cancelled = entry.cancelled && (status.is_some() || entry.status.is_none());
        let unplanned = status.is_some_and(|status| {
            let status = status.to_lowercase();
            NOT_PLANNED.iter().any(|word| status.contains(word))
        });
        let extra = unplanned || kind.is_none_or(|kind| kind == LessonKind::Replacement);
        let state = match (cancelled, extra) {
            (true, _) => State::Cancelled,
            (false, true) => State::Extra,
            (false, false) => State::Planned,
        };
        let same_day = entry.end.date() == entry.start.date();
        Some(Lesson {
            day: entry.start.date(),
            from: entry.start.time(),
            to: if same_day { entry.end.time() } else { Time::MAX },
            what,
            state,
            substitute: kind == Some(LessonKind::Substitute),
            status: status.and_then(short),
            memo: privacy.text(entry.memo.as_deref()).and_then(short),
            rooms: entry.rooms.iter().filter_map(|room| short(room)).collect(),
            groups: entry.groups.iter().filter_map(|group| short(group)).collect(),
            rank: entry.rank,
        })
    }
}

/// What of a timetable is the class's, in the order of time; of what is held together, first what the school would show.
pub(super) fn lessons(timetable: &Timetable, privacy: &Privacy) -> Vec<Lesson> {
    let mut lessons: Vec<Lesson> = timetable.entries.iter().filter_map(|entry| Lesson::of(entry, privacy)).collect();
    if !timetable.show_cancelled {
        lessons.retain(Lesson::takes_place);
    }
    let cancelled: Vec<Lesson> = lessons.iter().filter(|lesson| !lesson.takes_place()).cloned().collect();
    for lesson in &mut lessons {
        // Where another lesson was canceled, this one takes its place.
        if lesson.takes_place() && cancelled.iter().any(|other| other.overlaps(lesson)) {
            lesson.state = State::Extra;
        }
    }
    lessons.sort_by_key(|lesson| (lesson.day, lesson.from, Reverse(lesson.rank)));
    lessons
}
