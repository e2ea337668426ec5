//! The old face: the eleven methods of the PHP original, as its clients know them.

use std::sync::Arc;

use axum::Router;

use crate::App;

/// Its routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
