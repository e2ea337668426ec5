//! What is known of each token.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use tokio::sync::OnceCell;

use super::kept::Keeping;
use super::seats::Seat;
use crate::feeds::Feed;
use crate::tokens::Digest;
use crate::viewer::lock;
use crate::{SessionState, Viewer};

/// How long a school may take to say goodbye to one account.
const GOODBYE: Duration = Duration::from_secs(5);
/// Past so long without a question, a session that nobody keeps alive is surely over: schools end it after minutes.
const SPENT: Duration = Duration::from_secs(60 * 60);

/// The tokens, and whose the feeds are.
#[derive(Default)]
pub(super) struct Live {
    pub(super) entries: HashMap<Digest, Arc<Entry>>,
    pub(super) feeds: HashMap<Digest, Digest>,
}

impl Live {
    pub(super) fn add(&mut self, entry: Arc<Entry>) {
        self.feeds.extend(lock(&entry.feeds).iter().map(|feed| (feed.secret, entry.token)));
        self.entries.insert(entry.token, entry);
    }

    pub(super) fn remove(&mut self, token: Digest) -> Option<Arc<Entry>> {
        let entry = self.entries.remove(&token)?;
        for feed in lock(&entry.feeds).iter() {
            self.feeds.remove(&feed.secret);
        }
        Some(entry)
    }
}

/// A token.
pub(super) struct Entry {
    pub(super) token: Digest,
    pub(super) seat: Seat,
    /// When it was last used, in milliseconds of Unix time.
    used: AtomicI64,
    /// The account; none yet when its sign-in was kept by an earlier process.
    pub(super) account: OnceCell<Arc<Viewer>>,
    pub(super) keeping: Option<Arc<Keeping>>,
    pub(super) feeds: Mutex<Vec<Feed>>,
}

impl Entry {
    pub(super) fn awake(viewer: &Arc<Viewer>, seat: Seat) -> Self {
        Entry {
            token: viewer.core.token,
            seat,
            used: AtomicI64::new(viewer.now().as_millisecond()),
            account: OnceCell::new_with(Some(Arc::clone(viewer))),
            keeping: viewer.core.keeping.clone(),
            feeds: Mutex::default(),
        }
    }

    pub(super) fn asleep(token: Digest, seat: Seat, keeping: Keeping, feeds: Vec<Feed>, used: Timestamp) -> Self {
        Entry {
            token,
            seat,
            used: AtomicI64::new(used.as_millisecond()),
            account: OnceCell::new(),
            keeping: Some(Arc::new(keeping)),
            feeds: Mutex::new(feeds),
        }
    }

    pub(super) fn use_at(&self, now: Timestamp) {
        self.used.store(now.as_millisecond(), Ordering::Relaxed);
    }

    pub(super) fn used(&self) -> i64 {
        self.used.load(Ordering::Relaxed)
    }

    pub(super) fn unused_for(&self, now: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(now.as_millisecond().saturating_sub(self.used())).unwrap_or(0))
    }

    pub(super) fn is_kept(&self) -> bool {
        self.keeping.as_ref().is_some_and(|keeping| keeping.is_kept())
    }

    pub(super) fn is_kept_alive(&self) -> bool {
        self.account.get().is_some_and(|viewer| viewer.core.is_kept_alive())
    }

    /// Whether its session is surely over and cannot come back.
    pub(super) fn is_spent(&self, now: Timestamp) -> bool {
        let Some(viewer) = self.account.get().filter(|_| !self.is_kept()) else { return false };
        match viewer.state() {
            SessionState::Expired | SessionState::LoggedOut => true,
            SessionState::Open | SessionState::Healing => !self.is_kept_alive() && self.unused_for(now) >= SPENT,
        }
    }

    /// Whether what is kept of it was refused: it must not be tried again.
    pub(super) fn is_refused(&self) -> bool {
        let is_over = |viewer: &Arc<Viewer>| viewer.state() == SessionState::Expired && !viewer.core.session.renews();
        self.is_kept() && self.account.get().is_some_and(is_over)
    }

    /// Says goodbye to the school, if it listens.
    pub(super) async fn log_out(&self) {
        let Some(viewer) = self.account.get() else { return };
        match tokio::time::timeout(GOODBYE, viewer.core.log_out()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(step = %error.step, "A session was left without a word"),
            Err(_) => tracing::debug!("A school did not say goodbye in time"),
        }
    }

    /// The same, and forgets what is kept of it.
    pub(super) async fn leave(&self) {
        if let Some(keeping) = self.keeping.clone() {
            keeping.forgotten().await;
        }
        self.log_out().await;
    }

    /// Notes its last use beside what is kept of it.
    pub(super) fn note_use(&self) {
        if let Some(keeping) = &self.keeping
            && let Ok(used) = Timestamp::from_millisecond(self.used())
        {
            keeping.touch(SystemTime::from(used));
        }
    }
}
