//! Sign-ins that wait for a person's answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use pronote::login::SecuritySteps;

use super::door::Arrival;
use super::way_in::Opener;
use crate::Error;
use crate::tokens::{Digest, Token};
use crate::viewer::lock;

/// How long a person has to answer; the school forgets the sign-in soon after.
pub(super) const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// The sign-ins that wait.
pub(super) struct Waiting {
    most: usize,
    all: Mutex<HashMap<Digest, Slot>>,
}

struct Slot {
    until: Timestamp,
    pending: Arc<tokio::sync::Mutex<Option<Pending>>>,
}

/// One sign-in that waits.
pub(super) struct Pending {
    pub(super) stage: Stage,
    pub(super) arrival: Arrival,
}

/// What one waits for.
pub(super) enum Stage {
    /// Answers to what the school asks, in a session that somebody opened.
    Steps(Box<SecuritySteps>, Opener),
    /// An answer to what a portal asks.
    Question(Box<portals::Pending>),
}

/// A sign-in that is being gone on with, by one caller at a time.
pub(super) type Held = tokio::sync::OwnedMutexGuard<Option<Pending>>;

impl Waiting {
    pub(super) fn new(most: usize) -> Self {
        Waiting { most, all: Mutex::default() }
    }

    /// Lets a sign-in wait, under a name that cannot be guessed.
    pub(super) fn add(&self, pending: Pending, now: Timestamp) -> Result<Token, Error> {
        let name = Token::long()?;
        self.sweep(now);
        let mut all = lock(&self.all);
        if all.len() >= self.most {
            return Err(Error::TooManySteps);
        }
        let pending = Arc::new(tokio::sync::Mutex::new(Some(pending)));
        all.insert(name.digest(), Slot { until: now + PATIENCE, pending });
        Ok(name)
    }

    /// Takes a sign-in up; it stays where it is.
    pub(super) fn hold(&self, name: Digest, now: Timestamp) -> Result<Held, Error> {
        let all = lock(&self.all);
        let slot = all.get(&name).filter(|slot| now < slot.until).ok_or(Error::NoSteps)?;
        Arc::clone(&slot.pending).try_lock_owned().map_err(|_| Error::StepsBusy)
    }

    /// Forgets a sign-in.
    pub(super) fn remove(&self, name: Digest) {
        lock(&self.all).remove(&name);
    }

    /// Forgets those that nobody answered.
    pub(super) fn sweep(&self, now: Timestamp) {
        lock(&self.all).retain(|_, slot| now < slot.until);
    }

    pub(super) fn clear(&self) {
        lock(&self.all).clear();
    }

    pub(super) fn len(&self) -> usize {
        lock(&self.all).len()
    }
}
