//! The session behind the token: how it is, whether it is kept alive, how old what it answers is.

use async_graphql::{Context, Enum, Object, SimpleObject};
use gateway::{KeepAlive, Viewer};

use super::{Date, Failure, asked_by};

/// How the session with the school is, as far as the gateway knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "gateway::SessionState")]
pub(crate) enum SessionState {
    /// It answers.
    Open,
    /// It has expired, and is signing in again.
    Healing,
    /// It has expired.
    Expired,
    /// It was logged out.
    LoggedOut,
}

/// Whether the session is kept alive, and how that goes.
#[derive(SimpleObject)]
pub(crate) struct KeepAliveState {
    /// Whether it is kept alive now.
    enabled: bool,
    /// Since when it is.
    since: Option<Date>,
    /// When the school last answered.
    last: Option<Date>,
    /// When it could not be kept alive any more.
    failed_at: Option<Date>,
    /// Why not.
    failure: Option<String>,
}

impl KeepAliveState {
    fn of(viewer: &Viewer) -> Self {
        let off = KeepAliveState { enabled: false, since: None, last: None, failed_at: None, failure: None };
        match viewer.keep_alive_state() {
            KeepAlive::Off => off,
            KeepAlive::On { since, last } => {
                KeepAliveState { enabled: true, since: Some(Date(since)), last: last.map(Date), ..off }
            }
            KeepAlive::Failed { at, why } => {
                let failure = async_graphql::Error::from(Failure::from(why)).message;
                KeepAliveState { failed_at: Some(Date(at)), failure: Some(failure), ..off }
            }
        }
    }
}

/// What can be asked about the session behind the token. Nothing is asked of the school for it.
#[derive(Default)]
pub(crate) struct State;

#[Object]
impl State {
    /// How the session with the school is.
    async fn session_state(&self, context: &Context<'_>) -> SessionState {
        asked_by(context).answer_once();
        asked_by(context).state().into()
    }

    /// Whether the session is kept alive, and how that goes.
    async fn keep_alive_state(&self, context: &Context<'_>) -> KeepAliveState {
        asked_by(context).answer_once();
        KeepAliveState::of(asked_by(context))
    }

    /// How many seconds ago the oldest page of this answer was read from the school; null when it needed none.
    async fn data_age(&self, context: &Context<'_>) -> Option<i64> {
        let viewer = asked_by(context);
        viewer.answer_once();
        viewer.settled().await;
        let oldest = viewer.readings().oldest()?;
        Some(viewer.now().duration_since(oldest).as_secs().max(0))
    }
}
