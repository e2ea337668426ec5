//! From a login and a password to PRONOTE's own page.
//!
//! ```text
//! begin.rs         which portal, and where its way begins
//! walker.rs        a request, a look at what came, the next request; family/ knows what is its own
//! credentials.rs   the one request with the password, and what it means when it is asked for again
//! net.rs           one request: limits, headers, where one has been
//! school.rs        PRONOTE's own page, at the beginning and at the end
//! ```

mod begin;
mod credentials;
mod net;
mod school;
mod walker;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use pronote::login::{Client, Landing, to_the_end};
use pronote::{SchoolAddress, Space};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::error::{Error, Kind};
use crate::question::{Answer, Question};
use crate::registry::{Profile, Registry};
use crate::step::{Ask, Next};
use begin::Wish;
use credentials::Credentials;
use walker::{Stage, Walker};

/// Signs in through portals. What is remembered of refusals is in the client's [`Pacer`](pronote::pace::Pacer).
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
    ask: Ask,
    walker: Walker,
    /// The time that was left when the question came.
    left: Duration,
}

/// How far a sign-in would go without credentials.
#[derive(Debug, Clone)]
pub struct Check {
    /// The portal that was chosen.
    pub portal: String,
    /// Every request, in order.
    pub hops: Vec<Hop>,
    /// The kind of page that it ended at: `login form`, `question`, or what stopped it.
    pub reached: String,
    /// The names of the fields of the form found there.
    pub fields: Vec<String>,
    /// What stopped it before a form.
    pub stopped: Option<Error>,
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
    /// The HTTP status; 0 when no answer came.
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

    /// Signs in, up to PRONOTE's own page or to a question. Goes on if the caller goes away, so that a refusal is
    /// remembered all the same.
    ///
    /// # Errors
    /// What happened, where; nothing is sent for a portal that is retired, nor twice with a password that was refused.
    pub async fn sign_in(&self, client: &Client, sign_in: SignIn) -> Result<Progress, Error> {
        let (registry, client) = (Arc::clone(&self.registry), client.clone());
        to_the_end(async move {
            let SignIn { school, space, portal, profile, login, password } = sign_in;
            let wish = Wish {
                client: &client,
                registry: &registry,
                school: &school,
                space,
                portal: portal.as_deref(),
                profile,
            };
            let credentials = Credentials { login: Zeroizing::new(login), password };
            let (walker, next) = Walker::begin(wish, Some(credentials)).await?;
            go_on(walker, next).await
        })
        .await
    }

    /// Finds the portal that a school's own redirect leads to. Nothing is asked of the portal.
    ///
    /// # Errors
    /// The school leads to none, to one that is not known, or to one of several.
    pub async fn find(&self, client: &Client, school: &SchoolAddress, space: Space) -> Result<String, Error> {
        let wish = Wish { client, registry: &self.registry, school, space, portal: None, profile: None };
        let (walker, _) = Walker::begin(wish, None).await?;
        Ok(walker.portal)
    }

    /// Goes as far as one can without credentials (portals §4.3).
    ///
    /// # Errors
    /// There is no such portal, or the school leads to none: what stops it later is in [`Check::stopped`].
    pub async fn check(
        &self,
        client: &Client,
        school: &SchoolAddress,
        space: Space,
        portal: Option<&str>,
    ) -> Result<Check, Error> {
        let wish = Wish { client, registry: &self.registry, school, space, portal, profile: None };
        let (mut walker, next) = Walker::begin(wish, None).await?;
        let stage = walker.run(next).await;
        let (reached, fields, stopped) = match stage {
            Ok(Stage::Form(fields)) => ("login form".to_owned(), fields, None),
            Ok(Stage::Ask(..)) => ("question".to_owned(), Vec::new(), None),
            Ok(Stage::Landed(_)) => ("PRONOTE".to_owned(), Vec::new(), None),
            Err(error) => (error.code().to_owned(), Vec::new(), Some(error)),
        };
        Ok(Check { portal: walker.portal, hops: walker.net.trail, reached, fields, stopped })
    }
}

async fn go_on(mut walker: Walker, next: Next) -> Result<Progress, Error> {
    match walker.run(next).await? {
        Stage::Landed(landing) => Ok(Progress::Landed(landing)),
        Stage::Ask(host, ask) => {
            let left = walker.net.left();
            Ok(Progress::Question(Box::new(Pending { host, ask, walker, left })))
        }
        // Without credentials only.
        Stage::Form(_) => Err(walker.fail(Kind::UnexpectedPage { title: None }.into())),
    }
}

impl Pending {
    /// What is asked.
    #[must_use]
    pub fn question(&self) -> &Question {
        &self.ask.question
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
        to_the_end(async move {
            let Pending { ask, mut walker, left, .. } = *self;
            // The time that the person took does not count (portals §5 R7).
            walker.net.resume(left);
            let next = (ask.then)(&answer).map_err(|stop| walker.fail(stop))?;
            go_on(walker, next).await
        })
        .await
    }

    /// The error of a sign-in that nobody is there to answer for.
    #[must_use]
    pub fn unanswered(self: Box<Self>) -> Error {
        self.walker.fail(self.ask.question.unanswered().into())
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
            Progress::Question(pending) => f.debug_tuple("Question").field(&pending.ask.question).finish(),
        }
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("host", &self.host)
            .field("question", &self.ask.question)
            .finish_non_exhaustive()
    }
}
