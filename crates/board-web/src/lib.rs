//! What of the class board is spoken over HTTP: the old face (`php`), the new one (`v2`), the pages of the editor
//! (`editor`) and the doors of the chat platforms (`hooks`), all over the same [`board::Board`].
//!
//! It gives one [`router`]. Whoever listens puts the address of each client into its requests as [`ClientAddress`], and
//! may put a [`RequestId`] beside it.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use std::sync::Arc;
//!
//! use axum::body::Body;
//! use axum::http::Request;
//! use board::{Board, Config};
//! use board_web::{App, Settings};
//! use tower::ServiceExt as _;
//!
//! # let folder = tempfile::tempdir().unwrap();
//! let board = Board::open(Config::new(folder.path())).await?;
//! let faces = board_web::router(Arc::new(App::new(board, Settings::default())));
//! let asked = Request::get("/api/getSubjects.php").body(Body::empty()).unwrap();
//! assert_eq!(faces.oneshot(asked).await.unwrap().status(), 200); // errors too, as old clients expect
//! # Ok::<(), board::Error>(()) }).unwrap();
//! ```

mod app;
mod client;
mod editor;
mod hooks;
mod php;
mod problem;
mod receive;
mod v2;

use std::sync::Arc;

use axum::Router;

pub use crate::app::{App, Settings};
pub use crate::client::{ClientAddress, RequestId};

/// Every route of the board, without a fallback: what is not there is for the one who listens to say.
pub fn router(app: Arc<App>) -> Router {
    php::routes().merge(v2::routes()).merge(editor::routes()).merge(hooks::routes()).with_state(app)
}
