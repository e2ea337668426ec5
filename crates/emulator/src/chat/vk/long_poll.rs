//! VK's long poll: events wait at an address of their own, behind a key.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State as Shared};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout_at};

use super::State;
use crate::chat::form::Form;

/// The longest that VK keeps a poll waiting, in seconds.
const LONGEST_WAIT: i64 = 90;
/// How many events one poll is given.
const MOST_EVENTS: usize = 100;
/// How many events are kept for those who poll late.
const KEPT: usize = 10_000;

/// The events, and who may have them.
pub(super) struct LongPoll {
    line: Mutex<Line>,
    news: Notify,
    /// The furthest `ts` that was asked with.
    asked: watch::Sender<u64>,
}

#[derive(Default)]
struct Line {
    /// The number of the key that is good now.
    key: u64,
    /// The number of the first event that is kept.
    first: u64,
    events: VecDeque<Value>,
    failures: VecDeque<u8>,
}

impl Line {
    fn key(&self) -> String {
        format!("key{}", self.key)
    }

    /// The number that the next event will have: the `ts` of whoever knows all of them.
    fn ts(&self) -> u64 {
        self.first + self.events.len() as u64
    }

    /// What a poll gets at once; nothing when it has to wait.
    fn answer(&mut self, key: Option<&str>, ts: Option<u64>) -> Option<Value> {
        match self.failures.pop_front() {
            Some(1) => return Some(json!({"failed": 1, "ts": self.ts()})),
            Some(failed) => {
                self.key += 1;
                return Some(json!({"failed": failed}));
            }
            None => {}
        }
        if key != Some(&self.key()) {
            return Some(json!({"failed": 2}));
        }
        let Some(ts) = ts.filter(|ts| (self.first..=self.ts()).contains(ts)) else {
            return Some(json!({"failed": 1, "ts": self.ts()}));
        };
        let known = usize::try_from(ts - self.first).unwrap_or(usize::MAX);
        let events: Vec<_> = self.events.iter().skip(known).take(MOST_EVENTS).cloned().collect();
        let next = ts + events.len() as u64;
        (!events.is_empty()).then(|| json!({"ts": next.to_string(), "updates": events}))
    }
}

impl LongPoll {
    pub(super) fn new() -> Self {
        LongPoll {
            line: Mutex::new(Line { key: 1, first: 1, ..Line::default() }),
            news: Notify::new(),
            asked: watch::Sender::new(0),
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, event: Value) {
        let mut line = self.line();
        if line.events.len() == KEPT {
            line.events.pop_front();
            line.first += 1;
        }
        line.events.push_back(event);
        drop(line);
        self.news.notify_waiters();
    }

    pub(super) fn fail_next(&self, failed: u8) {
        self.line().failures.push_back(failed);
        self.news.notify_waiters();
    }

    /// Waits until somebody asks for what comes after all events there are now.
    pub(super) async fn all_heard(&self) {
        let ts = self.line().ts();
        // The sender lives in the same place, so that it cannot be gone.
        let _ = self.asked.subscribe().wait_for(|asked| *asked >= ts).await;
    }

    /// What `groups.getLongPollServer` answers.
    pub(super) fn server(&self, address: &str) -> Value {
        let line = self.line();
        json!({"key": line.key(), "server": address, "ts": line.ts().to_string()})
    }
}

/// `GET <server>?act=a_check&key=…&ts=…&wait=25`.
pub(super) async fn check(Shared(state): Shared<Arc<State>>, request: Request) -> Json<Value> {
    let form = Form::read(request).await;
    state.journal.count(|counts| counts.requests += 1);
    let ts = form.get("ts").and_then(|ts| ts.parse::<u64>().ok());
    let wait = form.number("wait").unwrap_or(25).clamp(0, LONGEST_WAIT);
    let until = Instant::now() + Duration::from_secs(wait.unsigned_abs());
    if form.get("act") != Some("a_check") {
        return Json(json!({"failed": 3}));
    }
    if let Some(ts) = ts {
        state.long_poll.asked.send_modify(|asked| *asked = ts.max(*asked));
    }
    loop {
        let news = state.long_poll.news.notified();
        tokio::pin!(news);
        // Before the look, so that what is pushed between the two is not missed.
        news.as_mut().enable();
        if let Some(answer) = state.long_poll.line().answer(form.get("key"), ts) {
            return Json(answer);
        }
        let waited = tokio::select! {
            waited = timeout_at(until, news) => waited.is_err(),
            () = state.stop.cancelled() => true,
        };
        if waited {
            let ts = ts.unwrap_or(0).to_string();
            return Json(json!({"ts": ts, "updates": []}));
        }
    }
}
