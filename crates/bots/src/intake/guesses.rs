//! Wrong codes, so that nobody finds the code of a class by trying.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// For how long wrong codes are remembered.
const MEMORY: Duration = Duration::from_secs(60 * 60);
/// How many wrong codes one chat may try in that time.
const MOST_OF_CHAT: u32 = 10;
/// How many wrong codes all chats together may try in that time: a code has 10,000 endings.
const MOST_OF_ALL: u32 = 500;

/// The wrong codes of the last hour.
#[derive(Debug, Default)]
pub(super) struct Guesses {
    since: Option<Instant>,
    all: u32,
    by_chat: HashMap<i64, u32>,
}

impl Guesses {
    /// Whether a chat may try a code.
    pub(super) fn may(&mut self, peer: i64) -> bool {
        self.may_at(peer, Instant::now())
    }

    fn may_at(&mut self, peer: i64, now: Instant) -> bool {
        if self.since.is_some_and(|since| now.duration_since(since) >= MEMORY) {
            *self = Guesses::default();
        }
        self.all < MOST_OF_ALL && self.by_chat.get(&peer).is_none_or(|wrong| *wrong < MOST_OF_CHAT)
    }

    /// Notes that a chat tried a wrong code.
    pub(super) fn wrong(&mut self, peer: i64) {
        self.since.get_or_insert_with(Instant::now);
        self.all += 1;
        *self.by_chat.entry(peer).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_tries_too_many_codes_has_to_wait_an_hour() {
        let (mut guesses, now) = (Guesses::default(), Instant::now());
        for _ in 0..MOST_OF_CHAT {
            assert!(guesses.may_at(7, now));
            guesses.wrong(7);
        }

        assert!(!guesses.may_at(7, now));
        assert!(guesses.may_at(8, now), "another chat may try");
        assert!(guesses.may_at(7, now + MEMORY + Duration::from_secs(1)));
    }

    #[test]
    fn many_chats_together_have_to_wait_too() {
        let mut guesses = Guesses::default();
        for peer in 0..i64::from(MOST_OF_ALL) {
            guesses.wrong(peer);
        }
        assert!(!guesses.may(-1));
    }
}
