//! What happened so far, for those who test a client.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// How many of the latest calls are remembered by name.
const MOST_CALLS: usize = 10_000;

/// How many of the latest calls are remembered with what they asked: more than a test makes before it looks.
const MOST_EXCHANGES: usize = 1_000;

/// A call that was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The number of the session.
    pub session: u64,
    /// The order number of the call.
    pub order: u64,
    /// The name of the function.
    pub function: String,
    /// What it asked for: the content of `data`; null when there was none.
    pub data: Value,
    /// What it was signed with: the tab, and the child it is about; null when there was nothing.
    pub signature: Value,
}

/// A mail that the school sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The address.
    pub to: String,
    /// The text.
    pub text: String,
}

#[derive(Debug, Default)]
struct Pages {
    counts: BTreeMap<String, u64>,
    latest: VecDeque<String>,
    exchanges: VecDeque<Exchange>,
    overlaps: u64,
    sign_ins: u64,
    refused: u64,
    refused_in_a_row: u32,
    mails: VecDeque<Mail>,
}

/// Counts calls and sign-ins.
#[derive(Debug, Default)]
pub(super) struct Journal(Mutex<Pages>);

impl Journal {
    fn with<T>(&self, act: impl FnOnce(&mut Pages) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A function was called.
    pub(super) fn call(&self, function: &str) {
        // No function has so long a name; a client that invents some does not make the server grow.
        let function = function.get(..function.len().min(100)).unwrap_or("?");
        self.with(|pages| {
            if pages.latest.len() == MOST_CALLS {
                pages.latest.pop_front();
            }
            pages.latest.push_back(function.to_owned());
            if pages.counts.len() < MOST_CALLS || pages.counts.contains_key(function) {
                *pages.counts.entry(function.to_owned()).or_default() += 1;
            }
        });
    }

    /// A call was read, and is going to be answered.
    pub(super) fn exchange(&self, exchange: Exchange) {
        self.call(&exchange.function);
        self.with(|pages| {
            if pages.exchanges.len() == MOST_EXCHANGES {
                pages.exchanges.pop_front();
            }
            pages.exchanges.push_back(exchange);
        });
    }

    /// A call came before the one ahead of it was answered.
    pub(super) fn overlap(&self) {
        self.with(|pages| pages.overlaps += 1);
    }

    /// Somebody signed in.
    pub(super) fn signed_in(&self) {
        self.with(|pages| {
            pages.sign_ins += 1;
            pages.refused_in_a_row = 0;
        });
    }

    /// Somebody was refused.
    pub(super) fn refused(&self) {
        self.with(|pages| {
            pages.refused += 1;
            pages.refused_in_a_row += 1;
        });
    }

    /// A mail went out; the last hundred are kept.
    pub(super) fn mail(&self, to: String, text: String) {
        self.with(|pages| {
            if pages.mails.len() == 100 {
                pages.mails.pop_front();
            }
            pages.mails.push_back(Mail { to, text });
        });
    }

    pub(super) fn count(&self, function: &str) -> u64 {
        self.with(|pages| pages.counts.get(function).copied().unwrap_or(0))
    }

    pub(super) fn calls(&self) -> Vec<String> {
        self.with(|pages| pages.latest.iter().cloned().collect())
    }

    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.with(|pages| pages.exchanges.iter().cloned().collect())
    }

    pub(super) fn overlaps(&self) -> u64 {
        self.with(|pages| pages.overlaps)
    }

    pub(super) fn sign_ins(&self) -> u64 {
        self.with(|pages| pages.sign_ins)
    }

    pub(super) fn refusals(&self) -> u64 {
        self.with(|pages| pages.refused)
    }

    pub(super) fn refusals_in_a_row(&self) -> u32 {
        self.with(|pages| pages.refused_in_a_row)
    }

    pub(super) fn forgive(&self) {
        self.with(|pages| pages.refused_in_a_row = 0);
    }

    pub(super) fn mails(&self) -> Vec<Mail> {
        self.with(|pages| pages.mails.iter().cloned().collect())
    }
}
