//! What the crate does with real servers beside it.

mod acceptance;
mod deciding;
mod fake;
mod house;
mod slapd;
mod sources;
