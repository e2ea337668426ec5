//! Who asks: one signed-in account, what it may see, and the pages it read lately.

use std::any::Any;
use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pronote::functions::{Context, Read};
use pronote::model::{Instance, User};
use pronote::pace::Clock;
use pronote::{Page, Session};

/// Why a question has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unanswered {
    /// The school, the network, or the pace.
    #[error(transparent)]
    Pronote(#[from] pronote::Error),
    /// The account has no child of that name.
    #[error("Unknown student '{0}'")]
    UnknownStudent(String),
    /// The school has no period of that name.
    #[error("Unknown period '{0}'")]
    UnknownPeriod(String),
}

/// What an account is at school. It decides which schema its questions are read against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A pupil.
    Student,
    /// Someone responsible for pupils.
    Parent,
    /// A teacher.
    Teacher,
    /// School life: the people who keep the register.
    SchoolLife,
}

/// Whose pages are read: the account's own person, or one of its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Whose(Option<usize>);

impl Whose {
    /// The account's own person.
    pub const OWN: Self = Whose(None);
}

/// A signed-in account behind a token.
pub struct Viewer {
    session: Session,
    role: Role,
    write: bool,
    zone: TimeZone,
    clock: Clock,
    fresh: Duration,
    pages: Mutex<HashMap<String, Kept>>,
}

struct Kept {
    page: Arc<dyn Any + Send + Sync>,
    read_at: Timestamp,
}

/// A page, and when it was read from the school.
#[derive(Debug)]
pub struct Fresh<T> {
    page: Arc<Page<T>>,
    /// When the school gave it.
    pub read_at: Timestamp,
}

impl<T> Deref for Fresh<T> {
    type Target = Page<T>;

    fn deref(&self) -> &Page<T> {
        &self.page
    }
}

impl<T> Clone for Fresh<T> {
    fn clone(&self) -> Self {
        Fresh { page: Arc::clone(&self.page), read_at: self.read_at }
    }
}

impl Viewer {
    /// The viewer of an open session.
    #[must_use]
    pub fn new(session: Session, role: Role, write: bool, zone: TimeZone, clock: Clock, fresh: Duration) -> Self {
        Viewer { session, role, write, zone, clock, fresh, pages: Mutex::default() }
    }

    /// What the account is at school.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether it may change things.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.write
    }

    /// The zone of the school's clocks.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Who signed in, as known since the sign-in.
    #[must_use]
    pub fn user(&self) -> Arc<User> {
        self.session.user()
    }

    /// The school's parameters, as known since the sign-in.
    #[must_use]
    pub fn instance(&self) -> Arc<Instance> {
        self.session.instance()
    }

    /// What a page of a person is read against.
    #[must_use]
    pub fn context(&self, whose: Whose) -> Context {
        Context { child: whose.0, ..self.session.context() }
    }

    /// The child of that exact name or identifier; the first one, if several bear the name.
    ///
    /// # Errors
    /// There is none.
    pub fn child(&self, name_or_id: &str) -> Result<Whose, Unanswered> {
        let user = self.user();
        let is_it = |child: &pronote::model::Person| {
            child.id.as_ref().is_some_and(|id| id.as_str() == name_or_id) || child.name == name_or_id
        };
        let position = user.children.iter().position(is_it);
        position.map(|position| Whose(Some(position))).ok_or_else(|| Unanswered::UnknownStudent(name_or_id.to_owned()))
    }

    /// Whether the account has a tab (data §2).
    #[must_use]
    pub fn has(&self, tab: u32) -> bool {
        let user = self.user();
        user.tabs.is_empty() || user.tabs.contains(tab)
    }

    /// The session of a person's pages, for what is not simply read.
    ///
    /// # Errors
    /// The account has no such child any more.
    pub fn session(&self, whose: Whose) -> Result<Session, Unanswered> {
        Ok(match whose.0 {
            None => self.session.clone(),
            Some(child) => self.session.for_child(child)?,
        })
    }

    /// Reads a page: from memory if it was read a moment ago, else from the school.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn read<R: Read + Sync>(&self, whose: Whose, request: &R) -> Result<Fresh<R::Answer>, Unanswered>
    where
        R::Answer: Send + Sync + 'static,
    {
        let key = format!("{} {:?} {:?} {}", R::NAME, R::TAB, whose.0, request.arguments(&self.context(whose)));
        if let Some(kept) = self.kept(&key) {
            return Ok(kept);
        }
        let page = Arc::new(self.session(whose)?.read(request).await?);
        let read_at = self.now();
        self.pages().insert(key, Kept { page: Arc::clone(&page) as _, read_at });
        Ok(Fresh { page, read_at })
    }

    /// Forgets the pages that were read, after something was changed.
    pub fn forget_pages(&self) {
        self.pages().clear();
    }

    fn kept<T: Send + Sync + 'static>(&self, key: &str) -> Option<Fresh<T>> {
        let now = self.now();
        let mut pages = self.pages();
        pages.retain(|_, kept| now.duration_since(kept.read_at).unsigned_abs() < self.fresh);
        let kept = pages.get(key)?;
        let page = Arc::clone(&kept.page).downcast().ok()?;
        Some(Fresh { page, read_at: kept.read_at })
    }

    fn pages(&self) -> std::sync::MutexGuard<'_, HashMap<String, Kept>> {
        // Nothing that holds this lock can leave the map half changed.
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
