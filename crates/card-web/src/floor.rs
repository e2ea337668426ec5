//! How long an answer takes when somebody is known, so that "nobody is known" takes as long and cannot be told by the time.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How many answers are looked back on.
const LOOKED_BACK_ON: usize = 101;
/// The longest that is waited for nothing.
const LONGEST: Duration = Duration::from_secs(2);

/// The durations of the last answers about people who are known.
#[derive(Default)]
pub(crate) struct Floor(Mutex<VecDeque<Duration>>);

impl Floor {
    /// Notes how long an answer about somebody took.
    pub(crate) fn known(&self, took: Duration) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.len() == LOOKED_BACK_ON {
            last.pop_front();
        }
        last.push_back(took);
    }

    /// How much longer an answer about nobody has to take, that has taken some time already.
    pub(crate) fn missing(&self, taken: Duration) -> Duration {
        self.median().min(LONGEST).saturating_sub(taken)
    }

    fn median(&self) -> Duration {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sorted: Vec<Duration> = last.iter().copied().collect();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn an_answer_about_nobody_takes_as_long_as_the_middle_one_about_somebody() {
        let floor = Floor::default();
        assert_eq!(floor.missing(ms(1)), ms(0), "nothing is known yet");
        for took in [10, 20, 90] {
            floor.known(ms(took));
        }
        assert_eq!(floor.missing(ms(5)), ms(15));
        assert_eq!(floor.missing(ms(50)), ms(0));
        for _ in 0..2 * LOOKED_BACK_ON {
            floor.known(ms(60_000));
        }
        assert_eq!(floor.missing(ms(0)), LONGEST);
    }
}
