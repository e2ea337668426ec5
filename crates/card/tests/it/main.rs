//! What the crate does with real servers beside it.

mod slapd;
mod sources;
