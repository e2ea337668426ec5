//! How often a platform may be asked.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// So many in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: usize,
    /// In how much time.
    pub per: Duration,
}

/// How often messages may be sent. Nothing stands for "as often as there are some".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// All together.
    pub overall: Option<Rate>,
    /// To one chat or person.
    pub chat: Option<Rate>,
    /// To one chat of several, besides.
    pub group: Option<Rate>,
    /// How many may be under way at once.
    pub at_once: usize,
}

impl Limits {
    /// VK takes 20 requests a second from a community.
    #[must_use]
    pub const fn vk() -> Self {
        // Requests that leave within a second arrive within a little more or less.
        let overall = Rate { count: 20, per: Duration::from_millis(1100) };
        Limits { overall: Some(overall), chat: None, group: None, at_once: 16 }
    }

    /// Telegram takes 30 messages a second from a bot, one a second to a chat, 20 a minute to a group (core.telegram.org,
    /// "Bots FAQ").
    #[must_use]
    pub const fn telegram() -> Self {
        let overall = Rate { count: 30, per: Duration::from_millis(1100) };
        let chat = Rate { count: 1, per: Duration::from_millis(1050) };
        let group = Rate { count: 20, per: Duration::from_secs(61) };
        Limits { overall: Some(overall), chat: Some(chat), group: Some(group), at_once: 16 }
    }

    /// As often as there are messages: for tests and benches.
    #[must_use]
    pub const fn none() -> Self {
        Limits { overall: None, chat: None, group: None, at_once: 16 }
    }
}

/// What happened lately, as far as a rate has to know.
#[derive(Debug, Default)]
pub(crate) struct Window {
    latest: VecDeque<Instant>,
}

impl Window {
    /// When there is room for one more; nothing if there is now.
    pub(crate) fn free_at(&self, rate: Option<Rate>, now: Instant) -> Option<Instant> {
        let rate = rate?;
        // The oldest of those that fill the window.
        let first = self.latest.len().checked_sub(rate.count.max(1))?;
        let free = *self.latest.get(first)? + rate.per;
        (free > now).then_some(free)
    }

    /// Notes that one more happens.
    pub(crate) fn note(&mut self, rate: Option<Rate>, now: Instant) {
        let Some(rate) = rate else { return };
        while self.latest.len() >= rate.count.max(1) {
            self.latest.pop_front();
        }
        self.latest.push_back(now);
    }

    /// Whether nothing that happened matters any more.
    pub(crate) fn is_past(&self, rate: Option<Rate>, now: Instant) -> bool {
        self.latest.back().is_none_or(|last| rate.is_none_or(|rate| *last + rate.per <= now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_never_holds_more_than_its_rate() {
        let rate = Some(Rate { count: 3, per: Duration::from_secs(1) });
        let mut window = Window::default();
        let mut now = Instant::now();
        let mut sent = Vec::new();
        for step in 0..200 {
            if let Some(free) = window.free_at(rate, now) {
                now = free;
            }
            window.note(rate, now);
            sent.push(now);
            now += Duration::from_millis(step % 7 * 90);
        }

        for four in sent.windows(4) {
            assert!(four[3] - four[0] >= Duration::from_secs(1));
        }
    }

    #[test]
    fn without_a_rate_there_is_always_room() {
        let mut window = Window::default();
        let now = Instant::now();
        for _ in 0..1000 {
            assert_eq!(window.free_at(None, now), None);
            window.note(None, now);
        }
        assert!(window.is_past(None, now));
    }
}
