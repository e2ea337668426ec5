//! The new face: resources below `/api/v2`.

use std::sync::Arc;

use axum::Router;

use crate::App;

/// Its routes.
pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
}
