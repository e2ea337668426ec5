//! The calls of PRONOTE's pages: one file per page, from its arguments to its model.
//!
//! A read is a [`Read`], a save is a [`Write`]; a session answers the first for everyone and the second only when it
//! was opened for writing. Adding a call is one file here, its model, and the emulator's answer.

pub mod account;
pub mod calendar;
mod common;
pub mod contents;
pub mod decode;
pub mod evaluations;
pub mod files;
pub mod grades;
pub mod home;
pub mod homework;
pub mod instance;
pub mod menus;
pub mod messaging;
pub mod mobile_token;
pub mod navigation;
pub mod news;
pub mod notifications;
pub mod pdf;
mod period;
pub mod pupils;
pub mod report;
pub(crate) mod save;
pub mod school_life;
pub mod security;
pub mod signature;
pub mod submission;
pub mod team;
pub mod timetable;
pub mod user;

use std::sync::Arc;

use serde_json::Value;

use crate::model::{Instance, Person, PersonKind, User};
use crate::wire::{Malformed, Node};

/// A function of the server: its name, the tab it is asked from, what it is asked, and how its answer is read.
pub trait Function {
    /// The server's name for it, for instance `PageEmploiDuTemps`.
    const NAME: &'static str;
    /// The tab that signs the call; none for calls made before one is open.
    const TAB: Option<u32>;
    /// What the answer is read as.
    type Answer;

    /// The arguments, in the server's names; `Value::Null` for none.
    ///
    /// Built anew each time the call is sent: after a renewal the identifiers in `context` are others.
    fn arguments(&self, context: &Context) -> Value;

    /// Reads the answer.
    ///
    /// # Errors
    /// The page makes no sense as a whole; single bad elements are only noted.
    fn read(payload: Payload<'_>, context: &Context) -> Result<Self::Answer, Malformed>;
}

/// A function that changes nothing.
pub trait Read: Function {}

/// A function that changes what the school has; its arguments may hold identifiers of the session that read them.
pub trait Write: Function {}

/// What calls and answers are read against: the school's parameters, and who is signed in.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// The school's year, hours and periods.
    pub instance: Arc<Instance>,
    /// Who is signed in.
    pub user: Arc<User>,
    /// The position of the child asked about in [`User::children`], in a parent's account.
    pub child: Option<usize>,
}

impl Context {
    /// Whose pages are read: the chosen child, a guardian's first child, or the account's own person.
    #[must_use]
    pub fn person(&self) -> &Person {
        let default = (self.user.person.kind == PersonKind::Guardian).then_some(0);
        self.child.or(default).and_then(|child| self.user.children.get(child)).unwrap_or(&self.user.person)
    }
}

/// The parts of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Payload<'a> {
    /// The result.
    pub data: Node<'a>,
    /// The report of a save (`RapportSaisie`), beside the result.
    pub report: Option<Node<'a>>,
}
