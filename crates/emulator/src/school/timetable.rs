//! The timetable of somebody on given days: the weekly lessons with their changes, and the extras.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use super::{
    Audience, Change, ClassId, Exempted, Extra, Lesson, LessonId, Occasion, Person, PersonId, RoomId, School, SubjectId,
};

/// Whose timetable is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// A pupil's: the class's, the groups' and the pupil's own.
    Pupil(&'a Person),
    /// A teacher's, or any other adult's.
    Adult(PersonId),
    /// A class's, with its groups.
    Class(ClassId),
    /// A room's.
    Room(RoomId),
}

/// Something that takes place, or should have, at a time.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The day.
    pub date: Date,
    /// What it is.
    pub what: What<'a>,
}

/// A lesson of the week with the change of the day, or an extra.
#[derive(Debug, Clone, Copy)]
pub enum What<'a> {
    /// A lesson of the weekly timetable.
    Lesson(&'a Lesson, Option<&'a Change>),
    /// Something of this day only.
    Extra(&'a Extra),
}

impl<'a> Entry<'a> {
    /// The slot of the day, and how many slots it lasts.
    pub fn slots(&self) -> (u16, u16) {
        match self.what {
            What::Lesson(lesson, _) => (lesson.slot, lesson.slots),
            What::Extra(extra) => (extra.slot, extra.slots),
        }
    }

    /// Whom it is for.
    pub fn audience(&self) -> Audience {
        match self.what {
            What::Lesson(lesson, _) => lesson.audience,
            What::Extra(extra) => extra.audience,
        }
    }

    /// What is learnt; none in detentions and outings.
    pub fn subject(&self) -> Option<SubjectId> {
        match self.what {
            What::Lesson(lesson, change) => Some(change.and_then(|change| change.subject).unwrap_or(lesson.subject)),
            What::Extra(extra) => match extra.what {
                Occasion::Lesson(subject) | Occasion::Replacement(subject) => Some(subject),
                Occasion::Detention(_) | Occasion::Outing(_) => None,
            },
        }
    }

    /// The adults in charge.
    pub fn adults(&self) -> &'a [PersonId] {
        match self.what {
            What::Lesson(lesson, change) => {
                change.and_then(|change| change.teachers.as_deref()).unwrap_or(&lesson.teachers)
            }
            What::Extra(extra) => &extra.adults,
        }
    }

    /// The rooms.
    pub fn rooms(&self) -> &'a [RoomId] {
        match self.what {
            What::Lesson(lesson, change) => change.and_then(|change| change.rooms.as_deref()).unwrap_or(&lesson.rooms),
            What::Extra(extra) => &extra.rooms,
        }
    }

    /// What people are told about it; empty when nothing.
    pub fn status(&self) -> &'a str {
        match self.what {
            What::Lesson(_, change) => change.map_or("", |change| &change.status),
            What::Extra(extra) => &extra.status,
        }
    }

    /// The note for everybody; empty when there is none.
    pub fn memo(&self) -> &'a str {
        match self.what {
            What::Lesson(_, change) => change.map_or("", |change| &change.memo),
            What::Extra(extra) => &extra.memo,
        }
    }

    /// Whether it does not take place.
    pub fn cancelled(&self) -> bool {
        matches!(self.what, What::Lesson(_, Some(change)) if change.cancelled)
    }

    /// Why a pupil does not take part.
    pub fn exempted(&self, pupil: PersonId) -> Option<&'a Exempted> {
        match self.what {
            What::Lesson(_, Some(change)) => change.exempted.iter().find(|exempted| exempted.pupil == pupil),
            What::Lesson(_, None) | What::Extra(_) => None,
        }
    }

    /// The lesson of the weekly timetable, when it is one.
    pub fn lesson(&self) -> Option<LessonId> {
        match self.what {
            What::Lesson(lesson, _) => Some(lesson.id),
            What::Extra(_) => None,
        }
    }

    /// When it begins and ends.
    pub fn bounds(&self, school: &School) -> (DateTime, DateTime) {
        let (slot, slots) = self.slots();
        (school.year.moment(self.date, slot), school.year.moment(self.date, slot + slots))
    }

    /// Which of two entries of the same time is shown: the larger (data §5.3, `P`).
    pub fn rank(&self) -> u32 {
        match self.what {
            What::Lesson(_, change) => match change {
                Some(change) if change.cancelled => 1,
                Some(_) => 3,
                None => 2,
            },
            What::Extra(extra) => match extra.what {
                Occasion::Lesson(_) => 4,
                Occasion::Replacement(_) => 5,
                Occasion::Outing(_) => 6,
                Occasion::Detention(_) => 7,
            },
        }
    }
}

impl School {
    /// What somebody has from one day to another, both included, sorted by start and rank.
    pub fn timetable(&self, whose: Whose<'_>, from: Date, to: Date) -> Vec<Entry<'_>> {
        let (from, to) = (from.max(self.year.first), to.min(self.year.last));
        let changes: Vec<&Change> = self.changes.iter().filter(|change| (from..=to).contains(&change.date)).collect();
        let change_of = |lesson: &Lesson, date| {
            changes.iter().find(|change| change.lesson == lesson.id && change.date == date).copied()
        };
        let lessons: Vec<&Lesson> = match whose {
            // A substitute has lessons that are not theirs in the weekly timetable.
            Whose::Adult(_) | Whose::Room(_) => self.lessons.iter().collect(),
            Whose::Pupil(_) | Whose::Class(_) => {
                self.lessons.iter().filter(|lesson| self.concerns(lesson.audience, whose)).collect()
            }
        };
        let mut entries = Vec::new();
        for date in self.year.open_days(from, to) {
            let fortnight = self.year.fortnight(self.year.week(date)).unwrap_or(1);
            let day = date.weekday().to_monday_zero_offset();
            entries.extend(
                lessons
                    .iter()
                    .filter(|lesson| i8::try_from(lesson.day) == Ok(day) && lesson.frequency.in_fortnight(fortnight))
                    .map(|lesson| Entry { date, what: What::Lesson(lesson, change_of(lesson, date)) }),
            );
        }
        let extras = self.extras.iter().filter(|extra| (from..=to).contains(&extra.date));
        entries.extend(extras.map(|extra| Entry { date: extra.date, what: What::Extra(extra) }));
        entries.retain(|entry| match whose {
            Whose::Adult(person) => {
                // An absent teacher still sees the lessons that somebody else gives.
                let own = matches!(entry.what, What::Lesson(lesson, _) if lesson.teachers.contains(&person));
                own || entry.adults().contains(&person)
            }
            Whose::Room(room) => entry.rooms().contains(&room),
            Whose::Pupil(_) | Whose::Class(_) => self.concerns(entry.audience(), whose),
        });
        entries.sort_by_key(|entry| (entry.date, entry.slots().0, entry.rank()));
        entries
    }

    /// Whether something for an audience is in somebody's timetable.
    fn concerns(&self, audience: Audience, whose: Whose<'_>) -> bool {
        match whose {
            Whose::Pupil(pupil) => self.is_for(audience, pupil),
            Whose::Class(class) => match audience {
                Audience::Class(of) => of == class,
                Audience::Group(group) => self.groups.get(group).is_some_and(|group| group.classes.contains(&class)),
                Audience::Pupil(_) => false,
            },
            Whose::Adult(_) | Whose::Room(_) => false,
        }
    }

    /// Whether a pupil belongs to an audience.
    pub fn is_for(&self, audience: Audience, pupil: &Person) -> bool {
        match audience {
            Audience::Class(class) => pupil.class == Some(class),
            Audience::Group(group) => pupil.groups.contains(&group),
            Audience::Pupil(person) => pupil.id == person,
        }
    }

    /// The pupils of an audience, by number.
    pub fn audience(&self, audience: Audience) -> Vec<&Person> {
        self.people
            .iter()
            .filter(|person| person.kind == super::Kind::Student && self.is_for(audience, person))
            .collect()
    }

    /// The name of an audience, such as `3A GR.1`.
    pub fn audience_name(&self, audience: Audience) -> String {
        match audience {
            Audience::Class(class) => self.classes.get(class).map(|class| class.name.clone()),
            Audience::Group(group) => self.groups.get(group).map(|group| group.name.clone()),
            Audience::Pupil(pupil) => self.people.get(pupil).map(Person::name),
        }
        .unwrap_or_default()
    }

    /// The next day after `date` on which the pupils of a lesson have its subject again.
    pub fn next_lesson_day(&self, lesson: &Lesson, date: Date) -> Option<Date> {
        let until = date.saturating_add(28.days());
        self.year.open_days(date.saturating_add(1.day()), until).find(|day| {
            let fortnight = self.year.fortnight(self.year.week(*day)).unwrap_or(1);
            let weekday = day.weekday().to_monday_zero_offset();
            self.lessons.iter().any(|other| {
                other.audience == lesson.audience
                    && other.subject == lesson.subject
                    && i8::try_from(other.day) == Ok(weekday)
                    && other.frequency.in_fortnight(fortnight)
            })
        })
    }
}
