//! The crate through its public API, against small servers on loopback.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail as the test may")]

mod addresses;
mod bodies;
mod cookies;
mod failures;
mod redirects;
mod requests;
mod server;
