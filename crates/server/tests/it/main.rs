//! The gateway as its clients see it: over real sockets, in front of an emulated school.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod addresses;
mod answers;
mod conformance;
mod doors;
mod feeds;
mod files;
mod fixture;
mod house;
mod limits;
mod more;
mod people;
mod portals;
mod secrets;
mod slow;
mod staff;
mod web;
mod wire;
mod writes;
