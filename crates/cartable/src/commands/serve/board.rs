//! The class board of `serve`: opened, given its first account, and shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use board::{Actor, Board, Clock, Error, NewUser};

use crate::commands::board::open as open_board;
use crate::config::Config;

/// The name of the first account.
const HEAD: &str = "head";

/// Opens the board, if there is to be one. Where nobody has an account, one is made, and its password told this once.
pub(super) async fn open(config: &Config, clock: Clock) -> anyhow::Result<Option<Board>> {
    if !config.settings.board.enabled {
        return Ok(None);
    }
    let board = open_board(config, clock).await?;
    if !board.has_users().await? {
        let password = board::invented_password()?;
        let head = NewUser {
            name: HEAD.to_owned(),
            password: password.clone().into(),
            strong: true,
            admin: true,
            roles: BTreeMap::new(),
        };
        match board.add_user(&Actor::program("command"), head).await {
            Ok(_) => eprintln!(
                "The class board has no account yet. Sign in as `{HEAD}` with this password, which is not shown again: \
                 {password}"
            ),
            // Another server was faster, and has told it.
            Err(Error::Taken(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(board))
}

/// What shows the board over HTTP.
pub(super) fn faces(config: &Config, board: &Board) -> Arc<board_web::App> {
    let settings = board_web::Settings { https: config.settings.board.https, ..board_web::Settings::default() };
    Arc::new(board_web::App::new(board.clone(), settings))
}
