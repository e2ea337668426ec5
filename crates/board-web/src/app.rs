//! What every route needs.

use board::Board;

/// The board, and how it is shown.
pub struct App {
    /// The board.
    pub board: Board,
    /// How it is shown.
    pub settings: Settings,
}

/// How the board is shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settings {
    /// Whether browsers reach it by HTTPS only: cookies are then kept from anything else.
    pub https: bool,
}
