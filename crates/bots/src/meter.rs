//! What is counted, for metrics and for whoever looks after the bot.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use board::Platform;

/// How a platform gets on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Which it is.
    pub platform: Platform,
    /// How messages come in: `callback`, `webhook`, `long poll`, or `none`.
    pub intake: &'static str,
    /// How it gets on.
    pub health: Health,
    /// Events that were taken in.
    pub received: u64,
    /// Messages that were sent.
    pub sent: u64,
    /// Tries that failed and were, or will be, made again.
    pub retried: u64,
    /// Messages that were given up.
    pub given_up: u64,
    /// Messages that wait to be sent.
    pub waiting: u64,
}

/// How a platform gets on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Health {
    /// Well, as far as is known.
    Good = 0,
    /// It cannot be reached, or answers nothing sensible.
    Unreachable = 1,
    /// It refuses the access token: somebody has to give another.
    TokenRefused = 2,
}

/// The counts of a platform, as they grow.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    pub(crate) received: AtomicU64,
    pub(crate) sent: AtomicU64,
    pub(crate) retried: AtomicU64,
    pub(crate) given_up: AtomicU64,
    pub(crate) waiting: AtomicU64,
    health: AtomicU8,
}

impl Meter {
    /// Counts some more.
    pub(crate) fn add(count: &AtomicU64, more: usize) {
        count.fetch_add(more as u64, Ordering::Relaxed);
    }

    /// Notes how the platform gets on; tells whether that is news.
    pub(crate) fn note(&self, health: Health) -> bool {
        self.health.swap(health as u8, Ordering::Relaxed) != health as u8
    }

    pub(crate) fn health(&self) -> Health {
        match self.health.load(Ordering::Relaxed) {
            0 => Health::Good,
            1 => Health::Unreachable,
            _ => Health::TokenRefused,
        }
    }

    pub(crate) fn state(&self, platform: Platform, intake: &'static str) -> State {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        State {
            platform,
            intake,
            health: self.health(),
            received: read(&self.received),
            sent: read(&self.sent),
            retried: read(&self.retried),
            given_up: read(&self.given_up),
            waiting: read(&self.waiting),
        }
    }
}
