//! What was asked of every host, and what no good client does.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// How many requests are remembered: those of every portal in every mode, twice.
const MOST_VISITS: usize = 50_000;
/// How many violations are remembered; one is enough to fail.
const MOST_VIOLATIONS: usize = 1_000;

/// A request that was answered. Values are not kept, as some are secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// The host it was for.
    pub host: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The names in its query.
    pub query: Vec<String>,
    /// The names in its form.
    pub form: Vec<String>,
    /// How it was answered.
    pub status: u16,
    /// Whether it brought a password.
    pub holds_password: bool,
    /// The user name beside that password.
    pub login: Option<String>,
    /// What came of it.
    pub outcome: String,
}

#[derive(Debug, Default)]
struct Pages {
    visits: VecDeque<Visit>,
    violations: Vec<String>,
}

/// The journal of all hosts.
#[derive(Debug, Default)]
pub(super) struct Journal(Mutex<Pages>);

impl Journal {
    fn with<T>(&self, act: impl FnOnce(&mut Pages) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn visit(&self, visit: Visit) {
        self.with(|pages| {
            if pages.visits.len() == MOST_VISITS {
                pages.visits.pop_front();
            }
            pages.visits.push_back(visit);
        });
    }

    pub(super) fn violation(&self, what: String) {
        self.with(|pages| {
            if pages.violations.len() < MOST_VIOLATIONS {
                pages.violations.push(what);
            }
        });
    }

    pub(super) fn visits(&self) -> Vec<Visit> {
        self.with(|pages| pages.visits.iter().cloned().collect())
    }

    pub(super) fn violations(&self) -> Vec<String> {
        self.with(|pages| pages.violations.clone())
    }

    pub(super) fn clear(&self) {
        self.with(|pages| *pages = Pages::default());
    }
}
