//! Updates that wait for the bot to ask for them, until it says that it has got them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

/// How many updates one call is given at most.
const MOST_UPDATES: usize = 100;
/// How many updates are kept for a bot that does not ask.
const KEPT: usize = 10_000;

/// The updates that wait.
pub(super) struct Updates {
    last: AtomicI64,
    waiting: Mutex<VecDeque<Value>>,
    news: Notify,
}

impl Updates {
    pub(super) fn new() -> Self {
        Updates { last: AtomicI64::new(700_000_000), waiting: Mutex::default(), news: Notify::new() }
    }

    /// A number for a new update.
    pub(super) fn number(&self) -> i64 {
        self.last.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn waiting(&self) -> MutexGuard<'_, VecDeque<Value>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, update: Value) {
        let mut waiting = self.waiting();
        if waiting.len() == KEPT {
            waiting.pop_front();
        }
        waiting.push_back(update);
        drop(waiting);
        self.news.notify_waiters();
    }

    pub(super) fn unread(&self) -> usize {
        self.waiting().len()
    }

    /// Forgets the updates before `offset`, and waits for others.
    pub(super) async fn get(&self, offset: i64, limit: i64, until: Instant, stop: &CancellationToken) -> Vec<Value> {
        let limit = usize::try_from(limit).unwrap_or(MOST_UPDATES).clamp(1, MOST_UPDATES);
        loop {
            let news = self.news.notified();
            tokio::pin!(news);
            // Before the look, so that what is pushed between the two is not missed.
            news.as_mut().enable();
            {
                let mut waiting = self.waiting();
                waiting.retain(|update| update["update_id"].as_i64().is_none_or(|number| number >= offset));
                if !waiting.is_empty() {
                    return waiting.iter().take(limit).cloned().collect();
                }
            }
            let waited = tokio::select! {
                waited = timeout_at(until, news) => waited.is_err(),
                () = stop.cancelled() => true,
            };
            if waited {
                return Vec::new();
            }
        }
    }
}
