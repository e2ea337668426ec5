//! What a class board holds. Wire names of the old API stay in its front; here everything is English.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

/// Days of the timetable, Monday to Saturday.
pub const DAYS: usize = 6;
/// The most lessons of a day, and the rows of a set of changes.
pub const ROWS: usize = 8;
/// In a row of changes: there is no lesson.
pub const NO_LESSON: i64 = -1;
/// In a row of changes: the timetable holds.
pub const NO_CHANGE: i64 = -2;

/// A class, inside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ClassId(pub i64);

/// An account, inside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UserId(pub i64);

/// What an account may do in a class, each level including those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Reader,
    /// Writes homework, timetable and changes: `pr` 1 of the old API.
    Editor,
    /// Subjects, accounts, chats and settings too: `pr` 2 of the old API.
    Head,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its key.
    pub id: UserId,
    /// Its name, compared byte by byte.
    pub name: String,
    /// Whether it administers the school: every class, as its head, and the list of classes.
    pub admin: bool,
    /// Whether it is kept out for now.
    pub disabled: bool,
    /// What it may do, by class.
    pub roles: BTreeMap<ClassId, Role>,
    /// When it last signed in.
    pub last_sign_in: Option<Timestamp>,
}

impl User {
    /// What it may do in a class; nothing when it has no part in it.
    #[must_use]
    pub fn role_in(&self, class: ClassId) -> Option<Role> {
        if self.admin { Some(Role::Head) } else { self.roles.get(&class).copied() }
    }
}

/// The language a class is spoken to in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Russian.
    #[default]
    Ru,
    /// French.
    Fr,
    /// English.
    En,
}

/// A class, and how it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its key.
    pub id: ClassId,
    /// Its name in addresses: letters, digits and hyphens.
    pub slug: String,
    /// The code that binds a chat to it, for instance `9Б-4711`.
    pub code: String,
    /// Since when it is put away.
    pub archived: Option<Timestamp>,
    /// What its head sets.
    pub settings: ClassSettings,
}

/// What the head of a class sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassSettings {
    /// Its name, as people write it.
    pub name: String,
    /// The language of its bot.
    #[serde(default)]
    pub language: Language,
    /// Its time zone, by its IANA name; that of the server when it is not said.
    #[serde(default)]
    pub zone: Option<String>,
    /// Whether its bot shows undated data only, exactly as the original did.
    #[serde(default)]
    pub strict: bool,
    /// How many days its week has: five or six.
    #[serde(default = "six")]
    pub days: u8,
    /// When its lessons begin and end, by row.
    #[serde(default)]
    pub bells: Vec<Bell>,
    /// Days without school.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    /// A day in a week A, if its weeks take turns.
    #[serde(default)]
    pub week_a: Option<Date>,
}

fn six() -> u8 {
    6
}

/// The time of a row of the timetable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bell {
    /// When it begins.
    pub from: Time,
    /// When it ends.
    pub to: Time,
}

/// Days without school, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// What they are, for instance `Осенние каникулы`.
    #[serde(default)]
    pub name: String,
}

impl ClassSettings {
    /// A class that goes by a name, with every default.
    #[must_use]
    pub fn named(name: &str) -> Self {
        ClassSettings {
            name: name.to_owned(),
            language: Language::default(),
            zone: None,
            strict: false,
            days: six(),
            bells: Vec::new(),
            holidays: Vec::new(),
            week_a: None,
        }
    }

    /// Its time zone, or another when it has none of its own.
    #[must_use]
    pub fn time_zone(&self, otherwise: &TimeZone) -> TimeZone {
        let own = self.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        own.unwrap_or_else(|| otherwise.clone())
    }

    /// The holiday that a day lies in.
    #[must_use]
    pub fn holiday(&self, date: Date) -> Option<&Holiday> {
        self.holidays.iter().find(|holiday| holiday.from <= date && date <= holiday.to)
    }
}

/// Where something on the board comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "from")]
pub enum Source {
    /// A person wrote it.
    #[default]
    Hand,
    /// PRONOTE, unchanged since.
    Pronote {
        /// What it is there, for people, such as `MATHS, 14 septembre`.
        origin: String,
    },
    /// PRONOTE, and a person wrote over it: what PRONOTE says of it later is not taken.
    Override {
        /// What it is there, for people.
        origin: String,
    },
}

impl Source {
    /// What it is in PRONOTE, for people; nothing when it does not come from there.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        match self {
            Source::Hand => None,
            Source::Pronote { origin } | Source::Override { origin } => Some(origin),
        }
    }

    /// Whether PRONOTE gave it and nobody has changed it since.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        matches!(self, Source::Pronote { .. })
    }
}

/// A subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its number on the board, which timetables and changes name it by.
    pub number: i64,
    /// Its name; no two of a class have the same.
    pub name: String,
    /// Its homework without a date, which stands until it is overwritten.
    pub note: String,
    /// Where it comes from.
    #[serde(default)]
    pub source: Source,
}

/// A week: what people read, and the subjects' numbers by row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Week {
    /// Monday to Saturday, as people read it.
    pub texts: [String; DAYS],
    /// Monday to Saturday, at most [`ROWS`] numbers each. They may name no subject.
    pub rows: [Vec<i64>; DAYS],
}

/// Which weeks a timetable is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Parity {
    /// All of them.
    #[default]
    Every,
    /// Weeks A.
    A,
    /// Weeks B.
    B,
}

/// A timetable that holds from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timetable {
    /// Its key.
    pub id: i64,
    /// What it holds.
    #[serde(flatten)]
    pub plan: Plan,
}

/// The content of a dated timetable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its first day.
    pub valid_from: Date,
    /// Its last day; without one, until another begins.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Which weeks it is for.
    #[serde(default)]
    pub parity: Parity,
    /// The week.
    pub week: Week,
    /// Where it comes from.
    #[serde(default)]
    pub source: Source,
}

/// Changes to the timetable of a day, or of whatever day is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// As people read it.
    pub text: String,
    /// Row by row: a subject's number, [`NO_LESSON`] or [`NO_CHANGE`].
    pub rows: [i64; ROWS],
    /// Where they come from.
    #[serde(default)]
    pub source: Source,
}

impl Default for Changes {
    fn default() -> Self {
        Changes { text: String::new(), rows: [NO_CHANGE; ROWS], source: Source::Hand }
    }
}

/// Homework with a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// Its key.
    pub id: i64,
    /// What it holds.
    #[serde(flatten)]
    pub task: Task,
}

/// The content of a piece of dated homework.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its subject's number.
    pub subject: i64,
    /// The day it was given.
    pub given: Date,
    /// The day it is due.
    pub due: Date,
    /// What is to be done.
    pub text: String,
    /// Addresses that go with it.
    #[serde(default)]
    pub links: Vec<String>,
    /// Where it comes from.
    #[serde(default)]
    pub source: Source,
}

/// A chat platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// VK.
    Vk,
    /// Telegram.
    Telegram,
    /// A terminal.
    Console,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Platform::Vk => "vk",
            Platform::Telegram => "telegram",
            Platform::Console => "console",
        })
    }
}

/// Who does something, and from where: what the history notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account; nothing for what the program does by itself.
    pub user: Option<UserId>,
    /// The account's name, or the program's part.
    pub name: String,
    /// Where the request came from.
    pub address: Option<std::net::IpAddr>,
    /// By which door: `php`, `v2`, `editor`, `command`, `pronote`, `import` or `chat`.
    pub via: &'static str,
    /// The name of the request in the logs, if it has one.
    pub request: String,
}

/// By which doors changes come: the old API, the new one, the editor, the command line, PRONOTE, an import, a chat.
pub(crate) const DOORS: [&str; 7] = ["php", "v2", "editor", "command", "pronote", "import", "chat"];

impl Actor {
    /// A part of this program.
    #[must_use]
    pub fn program(via: &'static str) -> Self {
        Actor { user: None, name: via.to_owned(), address: None, via, request: String::new() }
    }
}

/// What a caller takes for granted about what it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Expect {
    /// Nothing: the last one wins.
    #[default]
    Anything,
    /// That it is still what has this tag ([`tag`]).
    Tag(String),
    /// That it is there, whatever it is.
    Something,
    /// That it is not there yet.
    Nothing,
}

/// The tag of a thing as it is: 32 hexadecimal digits that change with its content. For ETags.
#[must_use]
pub fn tag(thing: &impl Serialize) -> String {
    let text = serde_json::to_vec(thing).unwrap_or_default();
    base16ct::lower::encode_string(&ring::digest::digest(&ring::digest::SHA256, &text).as_ref()[..16])
}
