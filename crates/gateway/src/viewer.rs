//! Who asks: one signed-in account, what it may see, and the pages it read lately.

mod readings;

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pronote::functions::{Context, Read};
use pronote::model::{Instance, User};
use pronote::pace::Clock;
use pronote::{Life, Page, Session, Space};
use tokio::sync::OnceCell;

pub use readings::Readings;

use crate::keep_alive::{Beats, KeepAlive, Pulse};
use crate::pages::{Kept, PageKey, Pages};
use crate::seal::Sealer;
use crate::tokens::Digest;
use crate::viewers::kept::Keeping;
use readings::{Moment, Notebook, Reading};

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
    /// No file bears the name, or it is another account's.
    #[error("this names no file of this account")]
    UnknownFile,
    /// The name of the file is of before the session signed in again.
    #[error("the session was renewed since this file was named: read its page again")]
    StaleFile,
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

impl Role {
    /// What the accounts of a space are; none for spaces that are not served.
    #[must_use]
    pub fn of(space: Space) -> Option<Self> {
        match space {
            Space::Student => Some(Role::Student),
            Space::Parent => Some(Role::Parent),
            Space::Teacher => Some(Role::Teacher),
            Space::SchoolLife => Some(Role::SchoolLife),
            _ => None,
        }
    }
}

/// Whose pages are read: the account's own person, or one of its children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Whose(Option<usize>);

impl Whose {
    /// The account's own person.
    pub const OWN: Self = Whose(None);
}

/// How a session is, as far as this side knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SessionState {
    /// It answers.
    Open,
    /// It has expired, and is signing in again.
    Healing,
    /// It has expired.
    Expired,
    /// It was logged out.
    LoggedOut,
}

/// A signed-in account behind a token.
///
/// Clones are the same account. One that was made for a request ([`Viewer::begin`]) also notes what it reads.
#[derive(Clone)]
pub struct Viewer {
    pub(crate) core: Arc<Core>,
    /// How old a page may be.
    fresh: Duration,
    /// Whether a page may be of an earlier session.
    lasting: bool,
    /// Readings up to this one do not count.
    since: u64,
    notes: Option<Arc<Notebook>>,
}

/// What all viewers share.
pub(crate) struct House {
    pub(crate) clock: Clock,
    pub(crate) zone: TimeZone,
    pub(crate) fresh: Duration,
    pub(crate) pages: Pages,
    pub(crate) beats: Arc<Beats>,
    pub(crate) files: Sealer,
    pub(crate) numbers: AtomicU64,
}

/// One account.
pub(crate) struct Core {
    /// Tells it apart from every other of this process.
    pub(crate) number: u64,
    /// The token that opens it.
    pub(crate) token: Digest,
    pub(crate) session: Session,
    zone: TimeZone,
    role: Role,
    write: bool,
    /// What is kept of its sign-in, if it is.
    pub(crate) keeping: Option<Arc<Keeping>>,
    pub(crate) house: Arc<House>,
    pub(crate) pulse: Mutex<Pulse>,
    /// How often its pages were forgotten.
    forgotten: AtomicU64,
    /// How often something else changed that an answer may tell.
    changes: AtomicU64,
    reads: Mutex<HashMap<Arc<PageKey>, Weak<UnderWay>>>,
}

/// What goes with a session: who may use it, and for what.
pub(crate) struct Credit {
    pub(crate) token: Digest,
    pub(crate) role: Role,
    pub(crate) write: bool,
    pub(crate) keeping: Option<Arc<Keeping>>,
}

/// A page that is being read, for all who need it.
type UnderWay = OnceCell<Result<Kept, Unanswered>>;

/// A page, and when it was read from the school.
#[derive(Debug)]
pub struct Fresh<T> {
    page: Arc<Page<T>>,
    /// When the school gave it.
    pub read_at: Timestamp,
    /// The number of this reading: no other reading of any page has it.
    pub stamp: u64,
}

impl<T> Deref for Fresh<T> {
    type Target = Page<T>;

    fn deref(&self) -> &Page<T> {
        &self.page
    }
}

impl<T> Clone for Fresh<T> {
    fn clone(&self) -> Self {
        Fresh { page: Arc::clone(&self.page), read_at: self.read_at, stamp: self.stamp }
    }
}

impl Viewer {
    pub(crate) fn new(session: Session, credit: Credit, house: &Arc<House>) -> Self {
        let Credit { token, role, write, keeping } = credit;
        let number = house.numbers.fetch_add(1, Ordering::Relaxed);
        let zone = zone_of(&session.instance(), &house.zone);
        let core = Core {
            number,
            token,
            session,
            zone,
            role,
            write,
            keeping,
            house: Arc::clone(house),
            pulse: Mutex::default(),
            forgotten: AtomicU64::new(0),
            changes: AtomicU64::new(0),
            reads: Mutex::default(),
        };
        Viewer { core: Arc::new(core), fresh: house.fresh, lasting: false, since: 0, notes: None }
    }

    /// The same viewer, for whom a page may be that old, and of an earlier session: for what names nothing to the school.
    #[must_use]
    pub(crate) fn lasting(&self, fresh: Duration) -> Self {
        Viewer { fresh, lasting: true, ..self.clone() }
    }

    /// What the account is at school.
    #[must_use]
    pub fn role(&self) -> Role {
        self.core.role
    }

    /// Whether it may change things.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.core.write
    }

    /// The zone of the school's clocks.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.core.zone
    }

    /// The present moment. What is answered in its light is answered once.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.answer_once();
        self.core.now()
    }

    /// Tells the account apart from every other of this process.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.core.number
    }

    /// Who signed in, as known since the sign-in.
    #[must_use]
    pub fn user(&self) -> Arc<User> {
        self.core.session.user()
    }

    /// The school's parameters, as known since the sign-in.
    #[must_use]
    pub fn instance(&self) -> Arc<Instance> {
        self.core.session.instance()
    }

    /// What a page of a person is read against.
    #[must_use]
    pub fn context(&self, whose: Whose) -> Context {
        Context { child: whose.0, ..self.core.session.context() }
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

    /// The name of a child; none for the account's own person.
    pub(crate) fn child_name(&self, whose: Whose) -> Option<String> {
        self.user().children.get(whose.0?).map(|child| child.name.clone())
    }

    /// Whether the account has a tab. One whose tabs could not be read has those that are not hidden from it.
    #[must_use]
    pub fn has(&self, tab: u32) -> bool {
        let user = self.user();
        !user.hidden_tabs.contains(&tab) && (user.tabs.is_empty() || user.tabs.contains(tab))
    }

    /// The session of a person's pages, for what is not simply read.
    ///
    /// # Errors
    /// The account has no such child any more.
    pub fn session(&self, whose: Whose) -> Result<Session, Unanswered> {
        Ok(match whose.0 {
            None => self.core.session.clone(),
            Some(child) => self.core.session.for_child(child)?,
        })
    }

    /// How the session is.
    #[must_use]
    pub fn state(&self) -> SessionState {
        match self.core.session.life() {
            Life::Open => SessionState::Open,
            Life::Renewing => SessionState::Healing,
            Life::Expired => SessionState::Expired,
            Life::LoggedOut => SessionState::LoggedOut,
        }
    }

    /// Reads a page: from memory if it was read a moment ago, else from the school. Those who need the same page at
    /// once share one call.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn read<R: Read + Sync>(&self, whose: Whose, request: &R) -> Result<Fresh<R::Answer>, Unanswered>
    where
        R::Answer: Send + Sync + 'static,
    {
        let key = Arc::new(PageKey {
            viewer: self.core.number,
            era: self.era(),
            model: TypeId::of::<R::Answer>(),
            call: format!("{} {:?} {:?} {}", R::NAME, R::TAB, whose.0, request.arguments(&self.context(whose))).into(),
        });
        let _reading = self.notes.as_deref().map(Reading::begin);
        let found = match self.kept(&key) {
            Some(kept) => {
                self.core.house.pages.count(true);
                Ok(kept)
            }
            None => self.core.under_way(&key).get_or_init(|| self.ask(&key, whose, request)).await.clone(),
        };
        if let Some(notebook) = &self.notes {
            notebook.note(&key, found.as_ref().ok());
        }
        let Kept { page, read_at, stamp, .. } = found?;
        let page = page.downcast().expect("the key of a page names the type of its model");
        Ok(Fresh { page, read_at, stamp })
    }

    async fn ask<R: Read + Sync>(&self, key: &Arc<PageKey>, whose: Whose, request: &R) -> Result<Kept, Unanswered>
    where
        R::Answer: Send + Sync + 'static,
    {
        // Another may have read it between the look into memory and this turn.
        if let Some(kept) = self.kept(key) {
            return Ok(kept);
        }
        let pages = &self.core.house.pages;
        pages.count(false);
        let page = self.session(whose)?.read(request).await?;
        let kept =
            Kept { bytes: page.json().len(), page: Arc::new(page), read_at: self.core.now(), stamp: pages.stamp() };
        pages.keep(key, &kept);
        Ok(kept)
    }

    /// Pages of different eras may name things differently.
    fn era(&self) -> (u64, u64) {
        let (renewals, forgotten) = self.core.era();
        (if self.lasting { u64::MAX } else { renewals }, forgotten)
    }

    fn kept(&self, key: &Arc<PageKey>) -> Option<Kept> {
        let now = self.core.now();
        let kept = self.core.house.pages.get(key)?;
        (kept.stamp > self.since && kept.is_younger(now, self.fresh)).then_some(kept)
    }

    /// Forgets the pages that were read, after something was changed.
    pub fn forget_pages(&self) {
        self.core.forget_pages();
    }

    /// Tells the school that someone is still there.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn keep_alive(&self) -> Result<(), Unanswered> {
        Ok(self.core.session.keep_alive().await?)
    }

    /// Tells the school so from now on, at the interval of the settings; or no longer. What is so already stays.
    pub fn set_keep_alive(&self, on: bool) {
        if on {
            self.core.start_keep_alive();
        } else {
            self.core.stop_keep_alive();
        }
        self.core.changed();
    }

    /// Whether the session is kept alive, and how that goes.
    #[must_use]
    pub fn keep_alive_state(&self) -> KeepAlive {
        self.core.keep_alive_state()
    }

    /// Ends the session at the school, and forgets what was kept of its sign-in. The token still answers who signed in,
    /// and nothing else.
    ///
    /// # Errors
    /// The school was not told; the session is given up all the same.
    pub async fn log_out(&self) -> Result<(), Unanswered> {
        self.core.forget_sign_in().await;
        Ok(self.core.log_out().await?)
    }
}

impl Core {
    pub(crate) fn now(&self) -> Timestamp {
        (self.house.clock)()
    }

    /// How often the session was renewed, and its pages forgotten.
    fn era(&self) -> (u64, u64) {
        (self.session.renewals(), self.forgotten.load(Ordering::Relaxed))
    }

    fn moment(&self) -> Moment {
        let (renewals, forgotten) = self.era();
        (renewals, forgotten, self.changes.load(Ordering::Relaxed), self.session.life())
    }

    fn changed(&self) {
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn forget_pages(&self) {
        // What is being read meanwhile belongs to the era that ends here.
        self.forgotten.fetch_add(1, Ordering::Relaxed);
        self.house.pages.forget(self.number);
    }

    pub(crate) async fn forget_sign_in(&self) {
        if let Some(keeping) = self.keeping.clone() {
            keeping.forgotten().await;
        }
    }

    /// Ends the session; what is kept of its sign-in stays.
    pub(crate) async fn log_out(&self) -> Result<(), pronote::Error> {
        self.stop_keep_alive();
        let told = self.session.clone().log_out().await;
        self.forget_pages();
        told
    }

    /// The reading of that page that is under way, or a new one.
    fn under_way(&self, key: &Arc<PageKey>) -> Arc<UnderWay> {
        let mut reads = lock(&self.reads);
        // Nobody waits for these any more, whether they were answered or not.
        reads.retain(|_, read| read.strong_count() > 0);
        let current = reads.get(key).and_then(Weak::upgrade).filter(|read| !read.initialized());
        current.unwrap_or_else(|| {
            let fresh = Arc::default();
            reads.insert(Arc::clone(key), Arc::downgrade(&fresh));
            fresh
        })
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        self.house.pages.forget(self.number);
    }
}

impl fmt::Debug for Viewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Viewer").field("role", &self.core.role).field("state", &self.state()).finish_non_exhaustive()
    }
}

/// The zone of a school's clocks: the usual one, unless the school says that it is in New Caledonia.
pub(crate) fn zone_of(instance: &Instance, usual: &TimeZone) -> TimeZone {
    let there = instance.profile.new_caledonia.then(|| TimeZone::get("Pacific/Noumea").ok()).flatten();
    there.unwrap_or_else(|| usual.clone())
}

/// Nothing that holds these locks can leave what they guard half changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
