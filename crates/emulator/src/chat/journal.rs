//! What was asked of a platform, and what became of it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::Value;
use tokio::sync::watch;

/// How many calls are remembered: a minute and a half at 2,000 a second.
const KEPT: usize = 200_000;

/// A call that sends, or wanted to send, a message.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// To whom.
    pub peer: i64,
    /// What.
    pub text: String,
    /// The keyboard that went with it.
    pub keyboard: Option<Value>,
    /// VK's guard against sending twice; 0 for none.
    pub random_id: i64,
    /// When it came.
    pub at: Instant,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The message was sent, and has this number.
    Sent(i64),
    /// It is a repetition of the message of this number: nothing was sent.
    Repeated(i64),
    /// It was refused with this code.
    Refused(i64),
    /// It got no proper answer, and nothing was sent.
    Failed,
}

/// How often what happened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests of every kind.
    pub requests: u64,
    /// Messages sent.
    pub sent: u64,
    /// Repetitions of messages that had been sent.
    pub repeated: u64,
    /// Messages that were refused or got no proper answer.
    pub failed: u64,
    /// Calls that wait to be released.
    pub held: u64,
}

impl Counts {
    /// Calls that were to send a message, whatever became of them.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.sent + self.repeated + self.failed
    }
}

/// The calls and the counts.
pub(super) struct Journal {
    notes: Mutex<Notes>,
    counts: watch::Sender<Counts>,
}

#[derive(Default)]
struct Notes {
    calls: VecDeque<Call>,
    /// The messages sent, by peer and `random_id`.
    sent: HashMap<(i64, i64), i64>,
    last: i64,
}

impl Journal {
    pub(super) fn new() -> Self {
        Journal { notes: Mutex::default(), counts: watch::Sender::new(Counts::default()) }
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the counts, and tells who waits for them.
    pub(super) fn count(&self, change: impl FnOnce(&mut Counts)) {
        self.counts.send_modify(change);
    }

    pub(super) fn counts(&self) -> Counts {
        *self.counts.borrow()
    }

    /// Waits until the counts are as wanted.
    pub(super) async fn until(&self, wanted: impl FnMut(&Counts) -> bool) {
        // The sender lives in the same journal, so that it cannot be gone.
        let _ = self.counts.subscribe().wait_for(wanted).await;
    }

    /// Sends a message, unless it was sent already; notes it in either case.
    pub(super) fn send(&self, call: Call) -> Outcome {
        let mut notes = self.notes();
        let guard = (call.peer, call.random_id);
        let known = (call.random_id != 0).then(|| notes.sent.get(&guard).copied()).flatten();
        let outcome = known.map_or(Outcome::Sent(notes.last + 1), Outcome::Repeated);
        if let Outcome::Sent(id) = outcome {
            notes.last = id;
            if call.random_id != 0 {
                notes.sent.insert(guard, id);
            }
        }
        self.note(notes, Call { outcome, ..call });
        outcome
    }

    /// Notes a message that is not sent.
    pub(super) fn refuse(&self, call: Call) {
        self.note(self.notes(), call);
    }

    fn note(&self, mut notes: MutexGuard<'_, Notes>, call: Call) {
        let outcome = call.outcome;
        if notes.calls.len() == KEPT
            && let Some(old) = notes.calls.pop_front()
            && matches!(old.outcome, Outcome::Sent(_))
        {
            notes.sent.remove(&(old.peer, old.random_id));
        }
        notes.calls.push_back(call);
        drop(notes);
        self.count(|counts| match outcome {
            Outcome::Sent(_) => counts.sent += 1,
            Outcome::Repeated(_) => counts.repeated += 1,
            Outcome::Refused(_) | Outcome::Failed => counts.failed += 1,
        });
    }

    /// The latest calls, oldest first.
    pub(super) fn calls(&self) -> Vec<Call> {
        self.notes().calls.iter().cloned().collect()
    }

    /// The latest messages that were sent, oldest first.
    pub(super) fn sends(&self) -> Vec<Call> {
        let sent = |call: &&Call| matches!(call.outcome, Outcome::Sent(_));
        self.notes().calls.iter().filter(sent).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(peer: i64, random_id: i64) -> Call {
        let text = "дз".to_owned();
        Call { peer, text, keyboard: None, random_id, at: Instant::now(), outcome: Outcome::Failed }
    }

    #[test]
    fn a_repetition_gets_the_number_of_the_first_and_is_not_sent() {
        let journal = Journal::new();

        assert_eq!(journal.send(call(1, 7)), Outcome::Sent(1));
        assert_eq!(journal.send(call(1, 7)), Outcome::Repeated(1));
        assert_eq!(journal.send(call(2, 7)), Outcome::Sent(2), "another peer's guard is another");
        assert_eq!(journal.send(call(1, 0)), Outcome::Sent(3), "0 guards nothing");
        assert_eq!(journal.send(call(1, 0)), Outcome::Sent(4));

        assert_eq!(journal.sends().len(), 4);
        assert_eq!(journal.calls().len(), 5);
        assert_eq!(journal.counts().calls(), 5);
    }

    #[test]
    fn old_calls_are_forgotten_with_their_guards() {
        let journal = Journal::new();
        journal.send(call(1, 7));
        for _ in 0..KEPT {
            journal.send(call(2, 0));
        }

        assert_eq!(journal.calls().len(), KEPT);
        assert!(matches!(journal.send(call(1, 7)), Outcome::Sent(_)));
    }
}
