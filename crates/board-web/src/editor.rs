//! The editor: pages for the people who keep a board.

use std::sync::Arc;

use axum::Router;

use crate::App;

/// Its routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
