//! Numbers for whoever watches the server: none names anyone.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::Error;
use crate::diagnosis;
use crate::viewer::lock;

/// What there is at this moment, and what there was since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Tokens that open something.
    pub tokens: usize,
    /// Of these, those whose session is kept alive.
    pub kept_alive: usize,
    /// Of these, those whose sign-in is kept on the disk.
    pub kept: usize,
    /// Sign-ins that wait for a person's answers.
    pub steps: usize,
    /// Calendars that can be subscribed to.
    pub feeds: usize,
    /// What the pages in memory weigh, in bytes.
    pub page_bytes: u64,
    /// Pages found in memory, since the start.
    pub page_hits: u64,
    /// Pages that had to be asked for, since the start.
    pub page_misses: u64,
    /// Sign-ins that opened a session, since the start.
    pub sign_ins: u64,
    /// Sign-ins that failed, since the start, by a word for the cause.
    pub failed_sign_ins: BTreeMap<&'static str, u64>,
    /// Requests sent to schools, since the start.
    pub calls: u64,
}

/// What is counted as it happens.
#[derive(Default)]
pub(super) struct Tally(Mutex<(u64, BTreeMap<&'static str, u64>)>);

impl Tally {
    pub(super) fn signed_in(&self) {
        lock(&self.0).0 += 1;
    }

    pub(super) fn failed(&self, error: &Error) {
        let cause = match error {
            Error::Pronote(error) => diagnosis::kind(&error.cause),
            Error::Portal(error) => error.code(),
            _ => "on this side",
        };
        *lock(&self.0).1.entry(cause).or_default() += 1;
    }

    pub(super) fn totals(&self) -> (u64, BTreeMap<&'static str, u64>) {
        lock(&self.0).clone()
    }
}
