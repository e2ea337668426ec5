use std::collections::BTreeMap;

use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use super::{
    Attachment, Color, Echo, Evaluation, Grade, Homework, Mailbox, Meal, NewsItem, SchoolLife, Subject, Timetable,
    codes,
};
use crate::wire::RemoteId;

/// What the home page shows (data §13). Servers leave out what they have nothing to say of.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Home {
    /// The links the school recommends.
    pub links: Vec<UsefulLink>,
    /// The services one is signed in to from here.
    pub partners: Vec<Partner>,
    /// The day's lessons.
    pub timetable: Option<Timetable>,
    /// The homework to come.
    pub homework: Vec<Homework>,
    /// The latest grades.
    pub grades: Vec<Grade>,
    /// The latest evaluations.
    pub evaluations: Vec<Evaluation>,
    /// The latest absences, delays, punishments…
    pub school_life: Option<SchoolLife>,
    /// The tests to come.
    pub tests: Vec<PlannedTest>,
    /// The latest news.
    pub news: Vec<NewsItem>,
    /// The latest discussions.
    pub mailbox: Option<Mailbox>,
    /// What the canteen serves.
    pub menu: Vec<Meal>,
    /// What is planned.
    pub agenda: Vec<AgendaEvent>,
    /// A word of the school to everyone.
    pub message: Option<String>,
    /// Whether these are hours at which nobody is expected to answer.
    pub quiet_hours: bool,
    /// The sections this version of Cartable has no model for, in the server's own names.
    pub others: BTreeMap<String, Value>,
}

impl Home {
    /// The wallets of every partner.
    pub fn wallets(&self) -> impl Iterator<Item = &Wallet> {
        self.partners.iter().flat_map(|partner| &partner.wallets)
    }
}

/// A link the school recommends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UsefulLink {
    /// What the server calls it.
    pub id: Option<RemoteId>,
    /// What it is called.
    pub name: String,
    /// Where it leads.
    pub url: Option<String>,
    /// What the school says of it.
    pub comment: Option<String>,
    /// Whether the user put it first.
    pub favorite: bool,
    /// The telephone number it stands for.
    pub phone: Option<String>,
}

/// A service one is signed in to from the home page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Partner {
    /// What it is called.
    pub name: String,
    /// What the server calls it, for instance `TURBOSELF`.
    pub code: Option<String>,
    /// What the user has on it.
    pub wallets: Vec<Wallet>,
    /// Whether it can be asked for fresh figures.
    pub refreshable: bool,
    /// What its address is asked with; opaque.
    #[serde(skip)]
    pub(crate) sso: Echo,
}

/// Credit for the canteen, the cafeteria, the photocopier…
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wallet {
    /// What it is for.
    pub name: String,
    /// What is said of it.
    pub hint: Option<String>,
    /// What is on it, when it can be told from `balance_label`.
    pub balance: Option<Decimal>,
    /// What is on it, as the server writes it: `12,34 €`.
    pub balance_label: String,
    /// What is said of the balance.
    pub balance_hint: Option<String>,
    /// Whether little is left.
    pub low: bool,
}

codes! {
    /// Whether marks or skills are tested.
    PlannedTestKind {
        /// Marks.
        Test = 0,
        /// Skills.
        Evaluation = 1,
    }
}

/// A test to come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedTest {
    /// What the server calls it in this session.
    pub id: Option<RemoteId>,
    /// What it is about.
    pub name: Option<String>,
    /// Marks or skills.
    pub kind: PlannedTestKind,
    /// The subject.
    pub subject: Option<Subject>,
    /// Its color.
    pub color: Option<Color>,
    /// When it begins.
    pub start: DateTime,
    /// When it ends.
    pub end: Option<DateTime>,
    /// Where.
    pub rooms: Vec<String>,
}

codes! {
    /// What is planned.
    AgendaEventKind {
        /// Something.
        Plain = 0,
        /// Something that comes back.
        Periodic = 1,
        /// A class council.
        ClassCouncil = 2,
        /// A lesson.
        Lesson = 3,
        /// Another kind of lesson.
        OtherLesson = 4,
        /// A supervised punishment.
        Punishment = 5,
        /// A visit.
        Visit = 6,
        /// A meeting of parents and teachers.
        ParentTeacherMeeting = 7,
        /// An outing.
        Outing = 8,
        /// An internship.
        Internship = 9,
        /// Someone or something is missing.
        Absence = 10,
        /// A summons.
        Summons = 11,
        /// A commission.
        Commission = 12,
        /// An appointment.
        Appointment = 13,
        /// Another kind of appointment.
        OtherAppointment = 14,
        /// An election.
        Election = 15,
        /// A disciplinary board.
        DisciplinaryBoard = 16,
        /// A public holiday.
        PublicHoliday = 17,
    }
}

/// Something planned. Only its name and kind are certain (data §13.4).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AgendaEvent {
    /// What the server calls it in this session.
    pub id: Option<RemoteId>,
    /// What it is.
    pub name: String,
    /// Its kind.
    pub kind: AgendaEventKind,
    /// When it begins, where the server says it.
    pub start: Option<DateTime>,
    /// When it ends, where the server says it.
    pub end: Option<DateTime>,
    /// Whether it comes back.
    pub periodic: bool,
    /// What is said of it.
    pub comment: Option<String>,
    /// The files that come with it.
    pub attachments: Vec<Attachment>,
}
