//! A platform on its socket, and what is the same for all of them.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// A router on a port of the loopback. Dropping it stops it.
pub(super) struct Served {
    pub(super) address: SocketAddr,
    tasks: TaskTracker,
    stop: DropGuard,
}

impl Served {
    /// Binds a free port.
    pub(super) async fn listener() -> io::Result<TcpListener> {
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
    }

    /// Serves until `stop` is cancelled.
    pub(super) fn start(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let tasks = TaskTracker::new();
        let stopped = stop.clone().cancelled_owned();
        // Answers are small, and a bot waits for each.
        let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
        tasks.spawn(async move {
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
                tracing::error!(%error, "The emulated chat platform stopped serving");
            }
        });
        tasks.close();
        Ok(Served { address, tasks, stop: stop.drop_guard() })
    }

    /// Stops, and waits until nothing is served.
    pub(super) async fn shutdown(self) {
        drop(self.stop);
        self.tasks.wait().await;
    }
}

/// How many calls a second a platform takes; any number when it has no limit.
pub(super) struct Rate {
    limit: Option<usize>,
    latest: Mutex<VecDeque<Instant>>,
}

impl Rate {
    pub(super) fn new(limit: Option<u32>) -> Self {
        let limit = limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        Rate { limit, latest: Mutex::default() }
    }

    /// Whether one more call is within the limit.
    pub(super) fn allows(&self, now: Instant) -> bool {
        let Some(limit) = self.limit else { return true };
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        while latest.front().is_some_and(|at| now.duration_since(*at) >= Duration::from_secs(1)) {
            latest.pop_front();
        }
        let allowed = latest.len() < limit;
        if allowed {
            latest.push_back(now);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holds_no_more_calls_than_its_limit() {
        let rate = Rate::new(Some(2));
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);

        assert!(rate.allows(at(0)) && rate.allows(at(600)));
        assert!(!rate.allows(at(999)));
        assert!(rate.allows(at(1000)));
        assert!(!rate.allows(at(1500)), "the one at 600 still counts");
        assert!(Rate::new(None).allows(start));
    }
}
