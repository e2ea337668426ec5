//! Being built.
#![allow(missing_docs, unreachable_pub)]
mod model;
mod snapshot;
pub use model::*;
pub use snapshot::*;

// Stands in until the core is here, so that what builds on it compiles: replace this file whole.
#[allow(dead_code)]
mod error;
pub use error::Error;
#[derive(Clone)]
pub struct Board(());
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    #[error("nobody holds this key from this address")]
    Unknown,
    #[error("this key has expired")]
    Expired,
    #[error(transparent)]
    Failed(#[from] Error),
}
