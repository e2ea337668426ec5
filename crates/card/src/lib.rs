//! Digital cards: who somebody is according to an institution's sources, whether a card may be shown, and the card itself,
//! as an answer to a card application, as a picture, and as a code that proves it.

pub mod answer;
pub mod audit;
pub mod config;
pub mod connector;
mod derive;
pub mod explain;
pub mod expression;
pub mod measure;
pub mod model;
pub mod panel;
pub mod photo;
pub mod qr;
pub mod record;
pub mod render;
pub mod source;
pub mod verify;
pub mod year;

use std::sync::Arc;

/// Tells the present moment. Tests fix it.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;
