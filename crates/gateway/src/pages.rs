//! The pages read lately, of all viewers together, within one bound.

use std::any::{Any, TypeId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// What an answer weighs besides its text: its key, its counts, its place.
const WEIGHT_OF_AN_ENTRY: u64 = 512;
/// How much a model takes for each byte of the text it was read from, the text included. Measured on the emulator's
/// pages: between two and four.
const WEIGHT_OF_A_BYTE: u64 = 4;
/// How many pages are expected; the cache makes room for more.
const EXPECTED: usize = 1024;

/// What was asked, by whom, since which change.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct PageKey {
    pub(crate) viewer: u64,
    /// How often the session was renewed, and pages were forgotten: older pages may name things otherwise.
    pub(crate) era: (u64, u64),
    pub(crate) model: TypeId,
    pub(crate) call: Box<str>,
}

/// A page that was read.
#[derive(Clone)]
pub(crate) struct Kept {
    pub(crate) page: Arc<dyn Any + Send + Sync>,
    pub(crate) bytes: usize,
    pub(crate) read_at: Timestamp,
    /// The number of this reading; no other has it, and later ones have higher ones.
    pub(crate) stamp: u64,
}

impl Kept {
    pub(crate) fn is_younger(&self, now: Timestamp, age: Duration) -> bool {
        now.duration_since(self.read_at).unsigned_abs() < age
    }
}

#[derive(Clone)]
struct Weigh;

impl Weighter<Arc<PageKey>, Kept> for Weigh {
    fn weight(&self, key: &Arc<PageKey>, kept: &Kept) -> u64 {
        WEIGHT_OF_AN_ENTRY + key.call.len() as u64 + kept.bytes as u64 * WEIGHT_OF_A_BYTE
    }
}

/// The pages.
pub(crate) struct Pages {
    cache: Cache<Arc<PageKey>, Kept, Weigh>,
    stamps: AtomicU64,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Pages {
    pub(crate) fn new(most_bytes: u64) -> Self {
        Pages {
            cache: Cache::with_weighter(EXPECTED, most_bytes, Weigh),
            stamps: AtomicU64::new(1),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// A number higher than all before.
    pub(crate) fn stamp(&self) -> u64 {
        self.stamps.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn get(&self, key: &Arc<PageKey>) -> Option<Kept> {
        self.cache.get(key)
    }

    pub(crate) fn keep(&self, key: &Arc<PageKey>, kept: &Kept) {
        self.cache.insert(Arc::clone(key), kept.clone());
    }

    /// Counts an answer from memory, or one that had to be asked for.
    pub(crate) fn count(&self, hit: bool) {
        let counter = if hit { &self.hits } else { &self.misses };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Forgets everything of one viewer.
    pub(crate) fn forget(&self, viewer: u64) {
        self.cache.retain(|key, _| key.viewer != viewer);
    }

    /// Forgets what is too old for anyone.
    pub(crate) fn sweep(&self, now: Timestamp, age: Duration) {
        self.cache.retain(|_, kept| kept.is_younger(now, age));
    }

    /// What the pages weigh, and how many were found and not found.
    pub(crate) fn census(&self) -> (u64, u64, u64) {
        (self.cache.weight(), self.hits.load(Ordering::Relaxed), self.misses.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(viewer: u64, call: &str) -> Arc<PageKey> {
        Arc::new(PageKey { viewer, era: (0, 0), model: TypeId::of::<()>(), call: call.into() })
    }

    fn page(pages: &Pages, bytes: usize) -> Kept {
        Kept { page: Arc::new(()), bytes, read_at: Timestamp::UNIX_EPOCH, stamp: pages.stamp() }
    }

    #[test]
    fn all_viewers_together_stay_within_one_bound() {
        let most = 1 << 20;
        let pages = Pages::new(most);
        for viewer in 0..1000 {
            pages.keep(&key(viewer, "timetable"), &page(&pages, 10_000));
        }
        let (weight, ..) = pages.census();
        assert!(weight > 0 && weight <= most, "{weight}");
    }

    #[test]
    fn one_viewer_is_forgotten_and_the_others_stay() {
        let pages = Pages::new(1 << 20);
        pages.keep(&key(1, "a"), &page(&pages, 1));
        pages.keep(&key(2, "a"), &page(&pages, 1));
        pages.forget(1);
        assert!(pages.get(&key(1, "a")).is_none());
        assert!(pages.get(&key(2, "a")).is_some());
    }

    #[test]
    fn what_is_old_is_swept() {
        let pages = Pages::new(1 << 20);
        pages.keep(&key(1, "a"), &page(&pages, 1));
        pages.sweep(Timestamp::UNIX_EPOCH + Duration::from_secs(59), Duration::from_secs(60));
        assert!(pages.get(&key(1, "a")).is_some());
        pages.sweep(Timestamp::UNIX_EPOCH + Duration::from_secs(60), Duration::from_secs(60));
        assert!(pages.get(&key(1, "a")).is_none());
    }
}
