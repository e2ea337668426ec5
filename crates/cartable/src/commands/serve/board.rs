//! The class board of `serve`: opened, given its first account, shown; with its bots, and what fills it from PRONOTE.

use std::collections::BTreeMap;
use std::sync::Arc;

use board::{Actor, Board, Clock, Error, NewUser};
use bots::Bots;
use gateway::Gateway;
use gateway::filling::Filler;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use transport::{Addresses, Transport};

use crate::commands::board::open as open_board;
use crate::config::Config;

/// The name of the first account.
const HEAD: &str = "head";

/// A board at work.
pub(crate) struct Service {
    board: Board,
    bots: Bots,
    faces: Arc<board_web::App>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Service {
    /// Starts the board, if there is to be one. Where nobody has an account, one is made, and its password told this once.
    pub(crate) async fn start(config: &Config, gateway: &Gateway, clock: Clock) -> anyhow::Result<Option<Self>> {
        if !config.settings.board.enabled {
            return Ok(None);
        }
        let board = open_board(config, clock).await?;
        need_a_head(&board).await?;
        Service::with(board, config, gateway).await.map(Some)
    }

    /// Starts what works beside an open board.
    pub(crate) async fn with(board: Board, config: &Config, gateway: &Gateway) -> anyhow::Result<Self> {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let settings = &config.settings;
        // The platforms that were configured may be anywhere, even on this machine.
        let allowed = vec![settings.vk.api.clone(), settings.telegram.api.clone()];
        let addresses = Addresses::Public { allowed };
        let transport = Transport::new(transport::Config { addresses, ..transport::Config::default() })?;
        let talking = bots::Config {
            vk: settings.vk.bot(),
            telegram: settings.telegram.bot(),
            strangers: settings.board.strangers(),
            ..bots::Config::default()
        };
        let bots = Bots::start(board.clone(), talking, &transport, stop.child_token()).await?;
        let filling = settings.board.filling.clone();
        // It works by itself, and ends when it is told to.
        let _ = Filler::start(gateway.clone(), board.clone(), filling, &tasks, stop.child_token());
        let shown = board_web::Settings { https: settings.board.https, ..board_web::Settings::default() };
        let faces = Arc::new(board_web::App::new(board.clone(), shown).talking(bots.clone()));
        tasks.close();
        Ok(Service { board, bots, faces, tasks, stop })
    }

    /// What shows it over HTTP.
    pub(crate) fn faces(&self) -> Arc<board_web::App> {
        Arc::clone(&self.faces)
    }

    /// Ends what works beside it, and stores what is only in memory.
    pub(crate) async fn end(self) {
        self.stop.cancel();
        self.bots.ended().await;
        self.tasks.wait().await;
        self.board.close().await;
    }
}

/// Makes the first account, where there is none.
async fn need_a_head(board: &Board) -> anyhow::Result<()> {
    if board.has_users().await? {
        return Ok(());
    }
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
    Ok(())
}
