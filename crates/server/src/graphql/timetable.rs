//! `timetable`: lessons, detentions and activities.

use std::sync::Arc;

use async_graphql::Object;
use gateway::{Viewer, Week, ids};
use jiff::civil::DateTime;
use jiff::{Timestamp, ToSpan as _};
use pronote::model::{EntryKind, TimetableEntry};

use super::asked::Asked;
use super::date::{self, Date, Given};
use super::failure::Failure;
use super::id::{Fingerprint, Ids, distinct};
use super::words::{LessonType, LessonVariant};

/// Answers `timetable`.
///
/// # Errors
/// A date makes no sense, or the school does not answer.
pub(crate) async fn timetable(
    asked: Result<Asked, Failure>,
    from: Option<Given>,
    to: Option<Given>,
) -> Result<Option<Vec<Lesson>>, Failure> {
    let Asked { viewer, whose } = asked?;
    let range = date::range(&viewer, from, to)?;
    let Some(weeks) = viewer.timetable(whose, &range).await? else { return Ok(None) };
    let slots_per_hour = viewer.instance().slots_per_hour.max(1);
    let lessons = weeks.into_iter().flat_map(|week| {
        let chosen = week.chosen.clone();
        let shown = Arc::new(Shown {
            viewer: Arc::clone(&viewer),
            slots_per_hour,
            week,
            ids: Ids::default(),
            keys: Ids::default(),
        });
        chosen.into_iter().map(move |place| Lesson { shown: Arc::clone(&shown), place })
    });
    Ok(Some(lessons.collect()))
}

/// A week that lessons are shown of.
struct Shown {
    viewer: Arc<Viewer>,
    slots_per_hour: u32,
    week: Week,
    ids: Ids,
    keys: Ids,
}

impl Shown {
    fn entries(&self) -> &[TimetableEntry] {
        &self.week.page.entries
    }

    fn from(&self, entry: &TimetableEntry) -> Timestamp {
        self.viewer.moment(entry.start)
    }

    /// The end by the length in slots, as the original counted it.
    fn to(&self, entry: &TimetableEntry) -> Timestamp {
        self.viewer.moment(entry.slot_count.and_then(|count| self.counted_end(entry, count)).unwrap_or(entry.end))
    }

    fn counted_end(&self, entry: &TimetableEntry, slots: u32) -> Option<DateTime> {
        let seconds = i64::from(slots) * 3600 / i64::from(self.slots_per_hour);
        entry.start.checked_add(seconds.seconds()).ok()
    }

    /// The identifiers of all entries, told apart in the order of the server.
    fn identifiers(&self) -> Vec<String> {
        let entries = self.entries();
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_key(|place| entries[*place].position);
        let fingerprint = |place: &usize| {
            let entry = &entries[*place];
            let times = Fingerprint::new().date("from", self.from(entry)).date("to", self.to(entry));
            times.maybe("subject", subject(entry)).id()
        };
        let told_apart = distinct(order.iter().map(fingerprint));
        let mut placed = vec![String::new(); entries.len()];
        order.into_iter().zip(told_apart).for_each(|(place, id)| placed[place] = id);
        placed
    }
}

fn subject(entry: &TimetableEntry) -> Option<&str> {
    match &entry.kind {
        EntryKind::Lesson(lesson) => lesson.subject.as_ref().map(|subject| subject.name.as_str()),
        EntryKind::Detention { title } => title.as_deref(),
        EntryKind::Activity(activity) => activity.title.as_deref(),
    }
}

/// Something in a timetable.
pub(crate) struct Lesson {
    shown: Arc<Shown>,
    place: usize,
}

impl Lesson {
    fn entry(&self) -> &TimetableEntry {
        &self.shown.entries()[self.place]
    }

    fn is_detention_entry(&self) -> bool {
        matches!(self.entry().kind, EntryKind::Detention { .. })
    }

    fn lesson(&self) -> Option<&pronote::model::Lesson> {
        match &self.entry().kind {
            EntryKind::Lesson(lesson) => Some(lesson),
            _ => None,
        }
    }
}

#[Object]
impl Lesson {
    async fn id(&self) -> &str {
        self.shown.ids.of(self.place, || self.shown.identifiers())
    }
    async fn from(&self) -> Date {
        Date(self.shown.from(self.entry()))
    }
    async fn to(&self) -> Date {
        Date(self.shown.to(self.entry()))
    }
    async fn is_detention(&self) -> bool {
        self.is_detention_entry()
    }
    async fn has_duplicate(&self) -> bool {
        let start = self.entry().start;
        self.shown.entries().iter().filter(|entry| entry.start == start).count() > 1
    }
    async fn subject(&self) -> Option<&str> {
        subject(self.entry())
    }
    async fn teacher(&self) -> Option<&str> {
        let entry = self.entry();
        // A detention is kept by whoever is there.
        let staff = entry.staff.first().filter(|_| self.is_detention_entry());
        entry.teachers.first().or(staff).map(String::as_str)
    }
    async fn room(&self) -> Option<&str> {
        self.entry().rooms.first().map(String::as_str)
    }
    async fn status(&self) -> Option<&str> {
        self.entry().status.as_deref()
    }
    async fn is_away(&self) -> Option<bool> {
        match &self.entry().kind {
            EntryKind::Lesson(lesson) => Some(lesson.teacher_absent),
            EntryKind::Activity(_) => Some(false),
            EntryKind::Detention { .. } => None,
        }
    }
    async fn is_cancelled(&self) -> Option<bool> {
        if !self.shown.week.filled {
            return Some(true);
        }
        match &self.entry().kind {
            EntryKind::Lesson(lesson) => Some(self.entry().cancelled && !lesson.teacher_absent),
            EntryKind::Activity(_) => Some(false),
            EntryKind::Detention { .. } => None,
        }
    }
    async fn color(&self) -> Option<String> {
        self.entry().color.filter(|_| !self.is_detention_entry()).map(|color| color.written())
    }
    async fn remote_lesson(&self) -> Option<bool> {
        Some(self.entry().exemption.as_ref().is_some_and(|exemption| exemption.remote))
    }
    /// What tells it apart from all others, in every session and however much of the timetable is asked for.
    async fn key(&self) -> Option<&str> {
        Some(self.shown.keys.of(self.place, || ids::ids(self.shown.entries())))
    }
    /// When it ends by the school's own list of hours.
    async fn end(&self) -> Option<Date> {
        Some(Date::at(&self.shown.viewer, self.entry().end))
    }
    /// What it is.
    async fn kind(&self) -> Option<LessonType> {
        Some(match self.entry().kind {
            EntryKind::Lesson(_) => LessonType::Lesson,
            EntryKind::Detention { .. } => LessonType::Detention,
            EntryKind::Activity(_) => LessonType::Activity,
        })
    }
    /// How a lesson came to be.
    async fn variant(&self) -> Option<LessonVariant> {
        Some(self.lesson()?.lesson_kind.into())
    }
    /// A label of the school's own.
    async fn label(&self) -> Option<&str> {
        self.lesson()?.label.as_deref()
    }
    /// All teachers.
    async fn teachers(&self) -> Option<&[String]> {
        Some(&self.entry().teachers)
    }
    /// The other staff; those who go along, for an activity.
    async fn staff(&self) -> Option<&[String]> {
        Some(match &self.entry().kind {
            EntryKind::Activity(activity) if !activity.companions.is_empty() => &activity.companions,
            _ => &self.entry().staff,
        })
    }
    /// All rooms.
    async fn rooms(&self) -> Option<&[String]> {
        Some(&self.entry().rooms)
    }
    /// The classes and parts of classes.
    async fn classes(&self) -> Option<&[String]> {
        Some(&self.entry().classes)
    }
    /// The groups.
    async fn groups(&self) -> Option<&[String]> {
        Some(&self.entry().groups)
    }
    /// Whether a test is planned.
    async fn is_test(&self) -> Option<bool> {
        Some(self.lesson()?.test)
    }
    /// Whether it is a study hall.
    async fn is_study_hall(&self) -> Option<bool> {
        Some(self.lesson()?.study_hall)
    }
    /// Whether homework was given or is due.
    async fn has_homework(&self) -> Option<bool> {
        Some(self.lesson()?.has_homework)
    }
    /// A note.
    async fn memo(&self) -> Option<&str> {
        self.entry().memo.as_deref()
    }
    /// Where to join it from afar.
    async fn video_links(&self) -> Option<&[String]> {
        Some(&self.entry().video_links)
    }
    /// Whether the pupil is exempted from it.
    async fn exempted(&self) -> Option<bool> {
        Some(self.entry().exemption.is_some())
    }
    /// Why the pupil is exempted, in the school's words.
    async fn exemption_label(&self) -> Option<&str> {
        self.entry().exemption.as_ref()?.label.as_deref()
    }
    /// Whom an activity is for, in the school's words.
    async fn audience(&self) -> Option<&str> {
        match &self.entry().kind {
            EntryKind::Activity(activity) => activity.audience.as_deref(),
            _ => None,
        }
    }
    /// The number of its school week.
    async fn week(&self) -> Option<u32> {
        Some(self.shown.week.number)
    }
}
