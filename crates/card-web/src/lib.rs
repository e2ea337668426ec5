//! What of digital cards is spoken over HTTP: the answers to card applications, pictures of cards, and the pages on which
//! a card is verified, all over one [`Connector`](card::connector::Connector).
//!
//! It gives one [`router`]. Whoever listens puts the address of each client into its requests as [`ClientAddress`]: nobody
//! is let in from nowhere. What is wrong with what was configured is told by [`faults`] before that.
//!
//! | route | for whom |
//! | --- | --- |
//! | `<path>/{login}` | the card module of an application, with one of `tokens` |
//! | `<path>/{login}.svg`, `.png`, `.pdf` | pictures, with one of `view_tokens` |
//! | `<eu_path>/{login}/extended` | the module of European cards, with one of `tokens` |
//! | `<legacy_path>/{login}` | applications up to 2.1, with one of `tokens` |
//! | `<view_path>/{login}/card.svg`, `.png`, `.pdf` | pictures, with one of `view_tokens` |
//! | `<verify_path>/{code}`, and the same in upper case | anybody; with one of `checker_tokens`, with the photo |
//! | `<verify_path>/checker` | whoever signs in to check cards |
//! | `/.well-known/cartable-keys.json` | anybody |
//! | `/card-ready` | the addresses of `allow_from` |

mod access;
mod app;
pub mod audit;
mod cards;
mod check;
mod client;
mod floor;
mod metrics;
mod path;
mod problem;
mod rates;
mod ready;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::any;

pub use crate::app::App;
pub use crate::client::ClientAddress;
pub use crate::path::{faults, taken};
pub use crate::ready::{Readiness, SourceReadiness};

/// Every route, without a fallback: what is not there is for the one who listens to say.
pub fn router(app: Arc<App>) -> Router {
    let mut routes = Router::new().route(path::READY, any(ready::show)).merge(cards::routes(&app));
    routes = routes.merge(view::routes(&app));
    if app.issuer.is_some() {
        routes = routes.merge(check::routes(&app));
    }
    routes.layer(middleware::from_fn(problem::careful)).with_state(app)
}
