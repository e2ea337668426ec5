//! What every route needs.

use std::time::Duration;

use board::Board;
use bots::Bots;
use tokio::sync::Semaphore;

use crate::receive;

/// The board, and how it is shown.
pub struct App {
    /// The board.
    pub board: Board,
    /// What talks to its chats, if anything does.
    pub bots: Option<Bots>,
    /// How it is shown.
    pub settings: Settings,
    /// Room for large bodies on their way.
    pub(crate) bodies: Semaphore,
}

/// How the board is shown.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Whether browsers reach it by HTTPS only: cookies are then kept from anything else.
    pub https: bool,
    /// How long a body may take to come.
    pub patience: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { https: false, patience: Duration::from_secs(30) }
    }
}

impl App {
    /// What is needed to show a board.
    #[must_use]
    pub fn new(board: Board, settings: Settings) -> Self {
        App { board, bots: None, settings, bodies: Semaphore::new(receive::MOST_LARGE) }
    }

    /// The same, with what talks to its chats.
    #[must_use]
    pub fn talking(self, bots: Bots) -> Self {
        App { bots: Some(bots), ..self }
    }
}
