//! What the school's pages say, in English: owned values that outlive the session that read them.
//!
//! Every model serialises to JSON with these field names; that is the public output of the command line. Codes that
//! this version does not know are kept as `Other`. Decoders live in [`crate::functions`], beside the calls.

mod account;
mod contents;
mod echo;
mod evaluations;
mod grades;
mod home;
mod homework;
mod instance;
mod menus;
mod messaging;
mod news;
mod notifications;
mod pupils;
mod report;
mod save;
mod school_life;
mod signals;
mod team;
mod timetable;
mod user;

use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize, Serializer};

pub use account::{Account, Device, DeviceKind, Security, SecurityMode};
pub use contents::{ContentCategory, ContentItem, Contents, LessonContent, SharedResource};
pub use echo::Echo;
pub use evaluations::{Acquisition, Evaluation};
pub use grades::{Grade, Grades, OverallAverage, SubjectAverage, average_on_20, mean, on_20};
pub use home::{AgendaEvent, AgendaEventKind, Home, Partner, PlannedTest, PlannedTestKind, UsefulLink, Wallet};
pub use homework::{Difficulty, Homework, Quiz, ReturnKind, Submission};
pub use instance::{
    Break, Fortnight, Holiday, HourLabel, Instance, InstanceProfile, Language, LunchBreak, Period, PeriodKind,
    ScaleLevel, ScalePosition, SkillLevel, Slot,
};
pub use menus::{
    Allergen, AllergenKind, Dish, DishKind, Food, FoodLabel, FoodLabelKind, Meal, MealKind, MenuDay, Menus,
};
pub use messaging::{
    Content, Discussion, Draft, Folder, FolderKind, Mailbox, Message, Participant, Recipient, RecipientSubject,
    ReplyTarget, SendAction, SendKind, Thread,
};
pub use news::{Answer, Choice, News, NewsFolder, NewsItem, NewsKind, Question, QuestionKind};
pub use notifications::{Notification, NotificationGroup, Notifications};
pub use pupils::{Arrangement, Guardian, Identity, Pupil, PupilCard};
pub use report::{Report, ReportComment, ReportPart, ReportSchoolLife, ReportSubject};
pub use save::SaveReport;
pub use school_life::{
    Absence, AbsenceStatus, Delay, EventKind, EventTotal, ForbiddenPlace, Measure, Observation, ObservationKind,
    OtherEvent, Punishment, PunishmentKind, PunishmentSession, SchoolLife, SubjectExemption, SubjectHours, Visible,
};
pub use signals::{Signals, TabCount};
pub use team::{TaughtSubject, TeamMember};
pub use timetable::{
    Activity, CalendarToken, EntryKind, Exemption, Lesson, LessonKind, PresenceDomain, Timetable, TimetableEntry,
    TimetableWeek,
};
pub use user::{
    ClassRef, PastClass, PeriodChoice, PeriodChoiceKind, PeriodsByTab, Person, PersonKind, Pillar, PillarLevel, Place,
    Rights, School, Settings, TabBranch, TabPillars, User, UserProfile, tab,
};

use crate::wire::RemoteId;

/// Declares an enumeration of wire codes that keeps the codes it does not know.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A code this version of Cartable does not know.
            Other(i64),
        }

        impl $name {
            /// The value of a wire code.
            #[must_use]
            pub fn from_code(code: i64) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    other => Self::Other(other),
                }
            }

            /// The wire code of the value.
            #[must_use]
            pub fn code(self) -> i64 {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(code) => code,
                }
            }
        }

        impl<'a> crate::wire::FromWire<'a> for $name {
            fn from_wire(node: crate::wire::Node<'a>) -> Result<Self, crate::wire::Unexpected> {
                i64::from_wire(node).map(Self::from_code)
            }
        }
    };
}
pub(crate) use codes;

/// Something the school names: a class, a group, a room, a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its identifier in this session; none where the server sends only a label.
    pub id: Option<RemoteId>,
    /// What the school calls it.
    pub name: String,
}

/// A subject, as the timetable, homework and grades name it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subject {
    /// Its identifier in this session.
    pub id: Option<RemoteId>,
    /// What the school calls it.
    pub name: String,
    /// Whether it is taught to a group rather than to a class.
    pub in_group: bool,
}

/// A theme attached to homework, contents or a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Theme {
    /// Its identifier in this session.
    pub id: Option<RemoteId>,
    /// What it is about.
    pub name: String,
    /// The subject it belongs to.
    pub subject: Option<Subject>,
}

codes! {
    /// What an attachment is (data §1.9).
    AttachmentKind {
        /// A link to elsewhere.
        Link = 0,
        /// A file kept by the server.
        File = 1,
        /// A file of a cloud service, served by the school.
        CloudFile = 2,
        /// A link into a digital manual.
        ManualLink = 3,
        /// A video conference.
        VideoLink = 4,
    }
}

/// Which kind of document a file is, when its address must say so (data §17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileGenre {
    /// The subject of a graded test.
    TestSubject,
    /// The correction of a graded test.
    TestCorrection,
    /// The subject of an evaluation.
    EvaluationSubject,
    /// The correction of an evaluation.
    EvaluationCorrection,
    /// The file a pupil returned for a piece of homework.
    ReturnedHomework,
    /// That file, corrected.
    CorrectedHomework,
    /// The school's rules.
    SchoolRules,
    /// The school's charter.
    SchoolCharter,
    /// A document of an enrolment.
    EnrolmentDocument,
}

/// A file or a link joined to something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// Its identifier in this session; a file without one cannot be fetched.
    pub id: Option<RemoteId>,
    /// What it is.
    pub kind: AttachmentKind,
    /// The file's name, or the link's label.
    pub name: String,
    /// Where a link leads; files have none, their address is made for each session.
    pub url: Option<String>,
    /// Whether the server offers a thumbnail.
    pub has_thumbnail: bool,
    /// What its address must say besides the identifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<FileGenre>,
}

/// A colour the school chose, `#RRGGBB` or `#RGB`. Serialises as `#rrggbb`.
#[derive(Clone, Copy)]
pub struct Color {
    digits: [u8; 6],
    short: bool,
}

impl Color {
    /// Reads `#RRGGBB` or `#RGB`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().strip_prefix('#')?.as_bytes();
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        match *digits {
            [red, green, blue] => Some(Color { digits: [red, red, green, green, blue, blue], short: true }),
            _ => Some(Color { digits: digits.try_into().ok()?, short: false }),
        }
    }

    /// The text as the school wrote it.
    #[must_use]
    pub fn written(&self) -> String {
        let step = if self.short { 2 } else { 1 };
        std::iter::once('#').chain(self.digits.iter().step_by(step).copied().map(char::from)).collect()
    }
}

/// Colors are the same however they are written.
impl PartialEq for Color {
    fn eq(&self, other: &Self) -> bool {
        self.digits.eq_ignore_ascii_case(&other.digits)
    }
}

impl Eq for Color {}

impl Hash for Color {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digits.to_ascii_lowercase().hash(state);
    }
}

impl fmt::Debug for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Color({self})")
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        self.digits.iter().try_for_each(|digit| f.write_char(digit.to_ascii_lowercase().into()))
    }
}

impl Serialize for Color {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The identifier a server gave to this device, to be sent at the next sign-in (protocol, `identifiantNav`).
///
/// A second factor may be tied to it: no `Debug` shows it, and models leave it out of their JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(String);

impl DeviceId {
    /// Keeps the text a server gave.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        DeviceId(text.into())
    }

    /// The text to keep and to send back.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeviceId(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_six_or_three_digits_after_a_hash() {
        let short = Color::parse("#fC0").unwrap();
        assert_eq!((short.to_string().as_str(), short.written().as_str()), ("#ffcc00", "#fC0"));
        assert_eq!(Some(short), Color::parse("#FFCC00"));
        assert_eq!(Color::parse("#FFD966").unwrap().written(), "#FFD966");
        assert_eq!(Color::parse("#FFD966").unwrap().to_string(), "#ffd966");
        for text in ["", "#", "FFD966", "#FFD96", "#FFD9666", "#+FD966", "#éé966"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_device_is_never_printed() {
        assert_eq!(format!("{:?}", DeviceId::new("ABCDEF")), "DeviceId(…)");
    }

    #[test]
    fn an_unknown_code_survives() {
        assert_eq!(AttachmentKind::from_code(12), AttachmentKind::Other(12));
        assert_eq!(AttachmentKind::from_code(12).code(), 12);
        assert_eq!(AttachmentKind::from_code(4), AttachmentKind::VideoLink);
    }
}
