//! The faces of cards through their router, and over real sockets, before a register of people that can fail in every way.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod audit;
mod cards;
mod checks;
mod house;
mod limits;
mod sockets;
mod views;
