//! Sessions that are kept alive: one clock for all of them.
//!
//! A token that is kept alive costs an entry in one ordered map, not a task: thousands of them wait for nothing but
//! their turn. Each begins at a moment of its own, so that they do not all speak at once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::tokens::random;
use crate::viewer::{Core, Unanswered, lock};

/// How many sessions speak to their schools at once: enough that a slow school does not hold up the others, and few
/// enough that their connections stay within what a process may open.
const MOST_AT_ONCE: usize = 128;

/// Whether a session is kept alive, and how that goes.
#[derive(Debug, Clone)]
pub enum KeepAlive {
    /// It is not.
    Off,
    /// It is.
    On {
        /// Since when.
        since: Timestamp,
        /// When the school last answered.
        last: Option<Timestamp>,
    },
    /// It was, until it failed.
    Failed {
        /// When.
        at: Timestamp,
        /// Why.
        why: Unanswered,
    },
}

/// The place of a beat among the others.
type Place = (Instant, u64);

/// The keep-alive of one session.
#[derive(Default)]
pub(crate) enum Pulse {
    #[default]
    Off,
    On {
        since: Timestamp,
        last: Option<Timestamp>,
        next: Place,
    },
    Failed {
        at: Timestamp,
        why: Unanswered,
    },
}

/// The beats to come, of all sessions.
pub(crate) struct Beats {
    every: Duration,
    due: Mutex<BTreeMap<Place, Weak<Core>>>,
    /// Something is due earlier than what was waited for.
    changed: Notify,
    runs: AtomicU64,
    at_once: Arc<Semaphore>,
}

impl Beats {
    pub(crate) fn new(every: Duration) -> Self {
        Beats {
            every,
            due: Mutex::default(),
            changed: Notify::new(),
            runs: AtomicU64::new(0),
            at_once: Arc::new(Semaphore::new(MOST_AT_ONCE)),
        }
    }

    /// Lets sessions speak when their time comes; never ends by itself.
    pub(crate) async fn run(self: Arc<Self>, tasks: TaskTracker) {
        loop {
            let first = lock(&self.due).first_key_value().map(|(place, _)| place.0);
            let Some(first) = first else {
                self.changed.notified().await;
                continue;
            };
            tokio::select! {
                () = tokio::time::sleep_until(first) => {}
                () = self.changed.notified() => continue,
            }
            let Some((place, core)) = lock(&self.due).pop_first() else { continue };
            if place.0 > Instant::now() {
                // What was waited for was taken away meanwhile.
                lock(&self.due).insert(place, core);
                continue;
            }
            let Some(core) = core.upgrade() else { continue };
            let Ok(permit) = Arc::clone(&self.at_once).acquire_owned().await else { return };
            tasks.spawn(async move {
                core.beat(place).await;
                drop(permit);
            });
        }
    }

    fn first(&self, core: &Arc<Core>) -> Place {
        // Between half an interval and one.
        let share = random::<2>().map_or(u16::MAX, u16::from_le_bytes);
        let wait = self.every / 2 + self.every / 2 * u32::from(share) / u32::from(u16::MAX);
        let place = (Instant::now() + wait, self.runs.fetch_add(1, Ordering::Relaxed));
        self.put(place, core);
        place
    }

    fn after(&self, (due, run): Place, core: &Arc<Core>) -> Place {
        // From when it was due: a slow school does not shift it. But a late one does not hurry either.
        let place = ((due + self.every).max(Instant::now() + self.every / 2), run);
        self.put(place, core);
        place
    }

    fn put(&self, place: Place, core: &Arc<Core>) {
        lock(&self.due).insert(place, Arc::downgrade(core));
        self.changed.notify_one();
    }
}

impl Core {
    pub(crate) fn keep_alive_state(&self) -> KeepAlive {
        match &*lock(&self.pulse) {
            Pulse::Off => KeepAlive::Off,
            Pulse::On { since, last, .. } => KeepAlive::On { since: *since, last: *last },
            Pulse::Failed { at, why } => KeepAlive::Failed { at: *at, why: why.clone() },
        }
    }

    pub(crate) fn is_kept_alive(&self) -> bool {
        matches!(*lock(&self.pulse), Pulse::On { .. })
    }

    /// Starts it, unless it runs.
    pub(crate) fn start_keep_alive(self: &Arc<Self>) {
        let mut pulse = lock(&self.pulse);
        if !matches!(*pulse, Pulse::On { .. }) {
            *pulse = Pulse::On { since: self.now(), last: None, next: self.house.beats.first(self) };
        }
    }

    /// Stops it, and forgets why it failed.
    pub(crate) fn stop_keep_alive(&self) {
        if let Pulse::On { next, .. } = std::mem::take(&mut *lock(&self.pulse)) {
            lock(&self.house.beats.due).remove(&next);
        }
    }

    /// Speaks to the school, and asks for the next time.
    async fn beat(self: Arc<Self>, place: Place) {
        let is_this = |pulse: &Pulse| matches!(pulse, Pulse::On { next, .. } if *next == place);
        if !is_this(&lock(&self.pulse)) {
            return;
        }
        let spoken = self.session.keep_alive().await;
        let now = self.now();
        let mut pulse = lock(&self.pulse);
        if !is_this(&pulse) {
            return;
        }
        match spoken {
            Ok(()) => {
                if let Pulse::On { last, next, .. } = &mut *pulse {
                    *last = Some(now);
                    *next = self.house.beats.after(place, &self);
                }
            }
            Err(error) => {
                tracing::info!(step = %error.step, cause = crate::diagnosis::kind(&error.cause), "A session is no longer kept alive");
                *pulse = Pulse::Failed { at: now, why: error.into() };
            }
        }
    }
}
