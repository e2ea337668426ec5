//! The numbers by which the base knows its things, and the shelf that keeps the things in their order.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl From<$name> for u64 {
            fn from(id: $name) -> u64 {
                u64::from(id.0)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }
    )*};
}

ids! {
    /// A pupil, guardian, teacher or member of the staff.
    PersonId;
    /// A login into one space.
    AccountId;
    /// A class.
    ClassId;
    /// A year level, such as 3EME.
    LevelId;
    /// A part of one or several classes that has lessons of its own.
    GroupId;
    /// A subject.
    SubjectId;
    /// A room.
    RoomId;
    /// A file or link that something carries.
    FileId;
    /// A grading period.
    PeriodId;
    /// A holiday.
    HolidayId;
    /// A lesson of the weekly timetable.
    LessonId;
    /// What differs in one lesson of one day.
    ChangeId;
    /// Something of one day that is not in the weekly timetable: a detention, an outing.
    ExtraId;
    /// What was done in one lesson.
    ContentId;
    /// A piece of homework.
    HomeworkId;
    /// A graded test.
    TestId;
    /// An evaluation of skills.
    EvaluationId;
    /// An event of school life: absence, delay, punishment.
    EventId;
    /// A piece of news or a survey.
    NewsId;
    /// A category of news.
    CategoryId;
    /// A discussion.
    DiscussionId;
    /// A message not sent yet.
    DraftId;
    /// A label that somebody puts on discussions.
    LabelId;
    /// An event of the agenda.
    AgendaId;
}

/// A thing with its number.
pub trait Numbered {
    /// The type of the number.
    type Id: Copy + Ord;

    /// The number.
    fn id(&self) -> Self::Id;
}

/// Things in the order of their numbers, found by number.
#[derive(Debug, Clone, PartialEq)]
pub struct Shelf<T>(Vec<T>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Numbered> Shelf<T> {
    /// Finds by number.
    pub fn get(&self, id: T::Id) -> Option<&T> {
        self.0.binary_search_by_key(&id, T::id).ok().and_then(|at| self.0.get(at))
    }

    /// Finds by number, to change it.
    pub fn get_mut(&mut self, id: T::Id) -> Option<&mut T> {
        self.0.binary_search_by_key(&id, T::id).ok().and_then(|at| self.0.get_mut(at))
    }

    /// Puts a thing in its place; one of the same number is replaced.
    pub fn put(&mut self, thing: T) {
        match self.0.binary_search_by_key(&thing.id(), T::id) {
            Ok(at) => self.0[at] = thing,
            Err(at) => self.0.insert(at, thing),
        }
    }

    /// Finds by number, or puts what `make` makes in its place.
    pub fn get_or_put(&mut self, id: T::Id, make: impl FnOnce() -> T) -> &mut T {
        let at = self.0.binary_search_by_key(&id, T::id).unwrap_or_else(|at| {
            self.0.insert(at, make());
            at
        });
        &mut self.0[at]
    }

    /// Takes a thing away.
    pub fn remove(&mut self, id: T::Id) -> Option<T> {
        self.0.binary_search_by_key(&id, T::id).ok().map(|at| self.0.remove(at))
    }

    /// All of them, by number.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }

    /// All of them, to change them (never their numbers).
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.0.iter_mut()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first one.
    pub fn first(&self) -> Option<&T> {
        self.0.first()
    }

    /// The last one: it has the highest number.
    pub fn last(&self) -> Option<&T> {
        self.0.last()
    }
}

impl<'a, T: Numbered> IntoIterator for &'a Shelf<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: Numbered> FromIterator<T> for Shelf<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        let mut things: Vec<T> = things.into_iter().collect();
        things.sort_by_key(T::id);
        Self(things)
    }
}

impl<T: Serialize> Serialize for Shelf<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Numbered + Deserialize<'de>> Deserialize<'de> for Shelf<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|things: Vec<T>| things.into_iter().collect())
    }
}

/// Implements [`Numbered`] for structs with an `id` field.
macro_rules! numbered {
    ($($thing:ty: $id:ty;)*) => {$(
        impl $crate::school::Numbered for $thing {
            type Id = $id;

            fn id(&self) -> $id {
                self.id
            }
        }
    )*};
}
pub(crate) use numbered;
