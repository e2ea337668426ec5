//! What the crate does with real servers beside it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod acceptance;
mod deciding;
mod fake;
mod house;
mod slapd;
mod sources;
