//! How often something is looked at.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How long it is taken as it was last seen.
const PAUSE: u64 = 200;

/// Lets one of those who ask look again, each time a pause is over.
pub(crate) struct Pace {
    began: Instant,
    /// In milliseconds from the beginning.
    next: AtomicU64,
}

impl Pace {
    /// Begins with a pause: something has just been looked at.
    pub(crate) fn new() -> Self {
        Pace { began: Instant::now(), next: AtomicU64::new(PAUSE) }
    }

    /// Whether it is for the caller to look now.
    pub(crate) fn is_due(&self) -> bool {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let next = self.next.load(Ordering::Relaxed);
        now >= next && self.next.compare_exchange(next, now + PAUSE, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}

/// After how long a service account that was refused is tried again, so that nobody locks it by asking for cards.
const RECONSIDERED: Duration = Duration::from_secs(10);

/// Remembers for a while that a service account was refused.
#[derive(Default)]
pub(crate) struct Refusal(std::sync::Mutex<Option<(Instant, String)>>);

impl Refusal {
    /// Why it was refused, if it is too early to try again.
    pub(crate) fn recent(&self) -> Option<String> {
        let refused = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        refused.as_ref().filter(|(when, _)| when.elapsed() < RECONSIDERED).map(|(_, why)| why.clone())
    }

    /// Notes that it was refused.
    pub(crate) fn note(&self, why: &str) {
        let mut refused = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *refused = Some((Instant::now(), why.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_looks_each_time_a_pause_is_over() {
        let pace = Pace::new();
        assert!(!pace.is_due(), "it has just been looked at");
        std::thread::sleep(Duration::from_millis(PAUSE + 20));
        assert!(pace.is_due());
        assert!(!pace.is_due(), "one is enough");
    }
}
