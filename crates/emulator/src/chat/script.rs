//! What is to happen to the next calls instead of the usual.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use tokio::sync::watch;

use super::journal::{Journal, Outcome};

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The platform refuses, with one of its own codes.
    Error(i64),
    /// The platform wants to be left alone for so many seconds.
    RetryAfter(u64),
    /// An HTTP status, and a page for people.
    Status(u16),
    /// Status 200, and something that is not JSON.
    Garbage,
    /// The connection breaks before anything is done.
    Silence,
    /// It is done, and then the connection breaks.
    Lost,
    /// It is done, and the answer comes this much later.
    Slow(Duration),
    /// It waits until calls are released, and is then done as usual.
    Held,
}

impl Next {
    /// What becomes of a message by this alone; nothing when the platform decides as usual.
    pub(super) fn outcome(self) -> Option<Outcome> {
        match self {
            Next::Error(code) => Some(Outcome::Refused(code)),
            Next::RetryAfter(_) => Some(Outcome::Refused(429)),
            Next::Status(_) | Next::Garbage | Next::Silence => Some(Outcome::Failed),
            Next::Lost | Next::Slow(_) | Next::Held => None,
        }
    }

    /// The answer that takes the place of the platform's own.
    pub(super) async fn answer(self) -> Option<Response> {
        match self {
            Next::Status(status) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Some((status, [(header::CONTENT_TYPE, "text/html")], "<html>nginx</html>").into_response())
            }
            Next::Garbage => Some("<html>{\"response\":".into_response()),
            Next::Silence | Next::Lost => Some(broken()),
            Next::Slow(time) => {
                tokio::time::sleep(time).await;
                None
            }
            Next::Error(_) | Next::RetryAfter(_) | Next::Held => None,
        }
    }
}

/// Promises a body and breaks off, which makes the server close the connection.
fn broken() -> Response {
    let reset = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let body = Body::from_stream(stream::iter([Ok(Bytes::new()), Err(reset)]));
    ([(header::CONTENT_LENGTH, "1")], body).into_response()
}

struct Rule {
    method: String,
    peer: Option<i64>,
    next: Next,
}

/// The rules that wait for their calls.
pub(super) struct Script {
    rules: Mutex<VecDeque<Rule>>,
    releases: watch::Sender<u64>,
}

impl Script {
    pub(super) fn new() -> Self {
        Script { rules: Mutex::default(), releases: watch::Sender::new(0) }
    }

    fn rules(&self) -> MutexGuard<'_, VecDeque<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, method: &str, peer: Option<i64>, next: Next) {
        self.rules().push_back(Rule { method: method.to_owned(), peer, next });
    }

    /// Takes the oldest rule for a call of a method, for a peer if it has one; waits first if that is what it says.
    pub(super) async fn take(&self, method: &str, peer: Option<i64>, journal: &Journal) -> Option<Next> {
        let mut releases = self.releases.subscribe();
        let next = {
            let mut rules = self.rules();
            let wanted = |rule: &Rule| rule.method == method && (rule.peer.is_none() || rule.peer == peer);
            let place = rules.iter().position(wanted)?;
            rules.remove(place)?.next
        };
        if next == Next::Held {
            let _waiting = Waiting::new(journal);
            // Released too when the platform is gone.
            let _ = releases.changed().await;
        }
        Some(next)
    }

    /// Lets every call go on that waits now.
    pub(super) fn release(&self) {
        self.releases.send_modify(|releases| *releases += 1);
    }
}

/// A call that waits, also counted out when its caller goes away.
struct Waiting<'a>(&'a Journal);

impl<'a> Waiting<'a> {
    fn new(journal: &'a Journal) -> Self {
        journal.count(|counts| counts.held += 1);
        Waiting(journal)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.count(|counts| counts.held -= 1);
    }
}
