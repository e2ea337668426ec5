//! What keeps a session, and ends it.

use async_graphql::{Context, Object};

use super::asked::asked_by;
use super::failure::Failure;

/// The changes every token may make, in the order of the original.
#[derive(Default)]
pub(crate) struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Keeps the session alive from now on, or no longer; gives back the argument.
    async fn set_keep_alive(&self, ctx: &Context<'_>, enabled: bool) -> bool {
        asked_by(ctx).set_keep_alive(enabled);
        enabled
    }
    /// Tells the school once that someone is still there.
    async fn keep_alive(&self, ctx: &Context<'_>) -> Result<bool, Failure> {
        asked_by(ctx).keep_alive().await?;
        Ok(true)
    }
    /// Ends the session at the school. The token still answers `user` and `params`.
    async fn logout(&self, ctx: &Context<'_>) -> Result<bool, Failure> {
        asked_by(ctx).log_out().await?;
        Ok(true)
    }
}
