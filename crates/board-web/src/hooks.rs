//! The doors of chat platforms: where they post what was written to the bot.

use std::sync::Arc;

use axum::Router;

use crate::App;

/// Its routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
