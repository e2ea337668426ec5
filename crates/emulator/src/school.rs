//! The living base: everything the school knows.
//!
//! Pages read it and saves change it, so the next read sees the change. It is data: [`School::to_toml`] writes all of it.

mod averages;
mod check;
mod evaluations;
mod file;
mod files;
pub mod home;
mod ids;
mod lessons;
mod life;
mod marks;
pub mod menus;
pub mod messages;
pub mod news;
mod people;
mod structure;
mod timetable;
mod work;
mod year;

use serde::{Deserialize, Serialize};

pub use averages::{Averages, SubjectAverage};
pub use evaluations::{Evaluation, Publication, Report, SKILL_LEVELS, Skill};
pub use file::{Fault, FileError};
pub use files::{Body, File};
pub use home::Home;
pub use ids::{
    AccountId, AgendaId, CategoryId, ChangeId, ClassId, ContentId, DiscussionId, DraftId, EvaluationId, EventId,
    ExtraId, FileId, GroupId, HolidayId, HomeworkId, LabelId, LessonId, LevelId, NewsId, Numbered, PeriodId, PersonId,
    RoomId, Shelf, SubjectId, TestId,
};
pub use lessons::{Audience, Change, Exempted, Extra, Frequency, Lesson, Occasion};
pub use life::{Absence, Delay, Event, Exemption, Happening, Measure, Observation, Other, Punishment};
pub use marks::{Grading, Mark, Test};
pub use menus::Menus;
pub use messages::Messages;
pub use news::News;
pub use people::{Account, Kind, Person, SecondFactor, Sex, Space};
pub use structure::{Class, Group, Level, Room, Subject};
pub use timetable::{Entry, What, Whose};
pub use work::{Content, HandIn, HandedIn, Homework, Item, category_name};
pub use year::{Holiday, MAX_WEEKS, Period, PeriodKind, SchoolDay, Year, monday_of};

use crate::Clock;

/// The whole base of a school.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct School {
    /// The name of the school.
    pub name: String,
    /// What makes this school's identifiers its own.
    #[serde(default)]
    pub seed: u64,
    /// What time it is.
    #[serde(skip, default = "Clock::system")]
    pub clock: Clock,
    /// The calendar.
    pub year: Year,
    /// Everybody.
    pub people: Shelf<Person>,
    /// Their logins.
    pub accounts: Shelf<Account>,
    /// Year levels.
    pub levels: Shelf<Level>,
    /// Classes.
    pub classes: Shelf<Class>,
    /// Groups.
    #[serde(default)]
    pub groups: Shelf<Group>,
    /// Subjects.
    pub subjects: Shelf<Subject>,
    /// Rooms.
    #[serde(default)]
    pub rooms: Shelf<Room>,
    /// Attachments and photos.
    #[serde(default)]
    pub files: Shelf<File>,
    /// The weekly timetable.
    #[serde(default)]
    pub lessons: Shelf<Lesson>,
    /// What differs from it on some days.
    #[serde(default)]
    pub changes: Shelf<Change>,
    /// What some days have besides.
    #[serde(default)]
    pub extras: Shelf<Extra>,
    /// What was done in lessons.
    #[serde(default)]
    pub contents: Shelf<Content>,
    /// Homework.
    #[serde(default)]
    pub homework: Shelf<Homework>,
    /// How averages may be seen.
    #[serde(default)]
    pub grading: Grading,
    /// Graded tests.
    #[serde(default)]
    pub tests: Shelf<Test>,
    /// Evaluations of skills.
    #[serde(default)]
    pub evaluations: Shelf<Evaluation>,
    /// When report cards may be read.
    #[serde(default)]
    pub publications: Vec<Publication>,
    /// Report cards.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// Events of school life.
    #[serde(default)]
    pub events: Shelf<Event>,
    /// News and surveys.
    #[serde(default)]
    pub news: News,
    /// Canteen menus.
    #[serde(default)]
    pub menus: Menus,
    /// Discussions.
    #[serde(default)]
    pub messages: Messages,
    /// The home page.
    #[serde(default)]
    pub home: Home,
}

impl School {
    /// Finds the account that a login opens in a space; logins do not mind their case.
    pub fn account(&self, login: &str, space: Space) -> Option<&Account> {
        let login = login.trim().to_lowercase();
        let same = |account: &&Account| account.login.chars().flat_map(char::to_lowercase).eq(login.chars());
        self.accounts.iter().filter(|account| account.space == space).find(same)
    }

    /// The pupils of a class, by number.
    pub fn pupils(&self, class: ClassId) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| person.kind == Kind::Student && person.class == Some(class))
    }

    /// The guardians of a pupil, by number.
    pub fn guardians(&self, pupil: PersonId) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(move |person| person.children.contains(&pupil))
    }
}
