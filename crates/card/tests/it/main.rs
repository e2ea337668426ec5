//! What the crate does with real servers beside it.

mod acceptance;
mod house;
mod slapd;
mod sources;
