//! Being built.
#![allow(missing_docs, unreachable_pub)]
mod model;
mod snapshot;
pub use model::*;
pub use snapshot::*;
