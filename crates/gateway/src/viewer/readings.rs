//! What one request reads, so that its answer can be given again as long as all of it stands.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use pronote::Life;
use tokio::sync::Notify;

use super::{Viewer, lock};
use crate::pages::{Kept, PageKey};

/// The most pages that are noted for one request: a question that needs more is not worth remembering.
const MOST_NOTED: usize = 1000;

/// How often a session was renewed, its pages forgotten, and something else changed; and how it is.
pub(super) type Moment = (u64, u64, u64, Life);

/// Where a request notes what it reads.
pub(super) struct Notebook {
    /// How things were when it began: of what changed meanwhile, some of its answer was made before.
    begun: Moment,
    notes: Mutex<Notes>,
    /// Nothing is being read any more.
    settled: Notify,
}

/// What a request has read so far.
#[derive(Default)]
struct Notes {
    /// How much is being read.
    under_way: usize,
    pages: Vec<(Arc<PageKey>, u64, Timestamp)>,
    /// Something has no answer, or there is too much to note.
    incomplete: bool,
}

impl Notebook {
    pub(super) fn note(&self, key: &Arc<PageKey>, kept: Option<&Kept>) {
        let mut notes = lock(&self.notes);
        match kept {
            Some(kept) if notes.pages.len() < MOST_NOTED => {
                notes.pages.push((Arc::clone(key), kept.stamp, kept.read_at));
            }
            _ => notes.incomplete = true,
        }
    }
}

/// Something that is being read for a request, until it is dropped.
pub(super) struct Reading<'a>(&'a Notebook);

impl<'a> Reading<'a> {
    pub(super) fn begin(notebook: &'a Notebook) -> Self {
        lock(&notebook.notes).under_way += 1;
        Reading(notebook)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        let mut notes = lock(&self.0.notes);
        notes.under_way -= 1;
        if notes.under_way == 0 {
            self.0.settled.notify_waiters();
        }
    }
}

/// What an answer was made from: while all of it stands, it would be made the same again.
#[derive(Clone)]
pub struct Readings {
    moment: Moment,
    pages: Vec<(Arc<PageKey>, u64)>,
    oldest: Option<Timestamp>,
    fresh: Duration,
    incomplete: bool,
}

impl Readings {
    /// Whether the answer would not be made again whatever was read: it is of the moment, or not all of it was noted.
    #[must_use]
    pub fn is_incomplete(&self) -> bool {
        self.incomplete
    }

    /// When the oldest of the pages was read; none if none was needed.
    #[must_use]
    pub fn oldest(&self) -> Option<Timestamp> {
        self.oldest
    }
}

impl fmt::Debug for Readings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readings").field("pages", &self.pages.len()).field("oldest", &self.oldest).finish()
    }
}

impl Viewer {
    /// The same viewer for one request: it notes what it reads ([`Viewer::readings`]). `anew` asks the school for every
    /// page, though only once.
    #[must_use]
    pub fn begin(&self, anew: bool) -> Arc<Viewer> {
        let since = if anew { self.core.house.pages.stamp() } else { 0 };
        let notebook = Notebook { begun: self.core.moment(), notes: Mutex::default(), settled: Notify::new() };
        Arc::new(Viewer { since, notes: Some(Arc::new(notebook)), ..self.clone() })
    }

    /// What this request has read so far.
    #[must_use]
    pub fn readings(&self) -> Readings {
        let notes = self.notes.as_ref().map(|notebook| lock(&notebook.notes));
        let pages = notes.as_ref().map_or(&[][..], |notes| &notes.pages);
        Readings {
            moment: self.notes.as_ref().map_or_else(|| self.core.moment(), |notebook| notebook.begun),
            pages: pages.iter().map(|(key, stamp, _)| (Arc::clone(key), *stamp)).collect(),
            oldest: pages.iter().map(|(_, _, read_at)| *read_at).min(),
            fresh: self.fresh,
            // Without notes nobody knows.
            incomplete: notes.as_ref().is_none_or(|notes| notes.incomplete),
        }
    }

    /// Says that what this request answers would not be answered again, whatever it reads.
    pub fn answer_once(&self) {
        if let Some(notebook) = &self.notes {
            lock(&notebook.notes).incomplete = true;
        }
    }

    /// Waits until nothing is being read for this request any more. What it waits for must be polled beside it.
    pub async fn settled(&self) {
        let Some(notebook) = &self.notes else { return };
        // What stands beside this gets its chance to begin.
        tokio::task::yield_now().await;
        loop {
            let settled = notebook.settled.notified();
            if lock(&notebook.notes).under_way == 0 {
                return;
            }
            settled.await;
        }
    }

    /// Whether an answer made from these readings would be made the same again: each page is still the one that was
    /// read, and fresh; nothing was changed since; nothing was without an answer.
    #[must_use]
    pub fn still_fresh(&self, readings: &Readings) -> bool {
        let now = self.core.now();
        let stands = |(key, stamp): &(Arc<PageKey>, u64)| {
            let kept = self.core.house.pages.get(key);
            kept.is_some_and(|kept| kept.stamp == *stamp && kept.is_younger(now, readings.fresh))
        };
        !readings.incomplete && readings.moment == self.core.moment() && readings.pages.iter().all(stands)
    }
}
