//! The emulator as a client sees it: over real sockets, with a client written for these tests from the protocol alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod chat;
mod client;
mod faults;
mod files;
mod http;
mod pages;
mod portals;
mod scripts;
mod second_factor;
mod sessions;
mod sign_in;

use emulator::{Clock, Config, Emulator, Profile, School};
use jiff::civil::date;
use pronote::protocol::{Flags, Generation};

/// The demonstration school on a day of class.
fn school() -> School {
    School::demo(Clock::Fixed(date(2026, 11, 18).at(10, 0, 0, 0)))
}

/// The recommended server.
async fn emulator() -> Emulator {
    Emulator::start(Config::new(school())).await.unwrap()
}

/// A server of one generation, with payloads as told.
async fn emulator_of(generation: Generation, flags: Flags) -> Emulator {
    let config = Config { profile: Profile::of(generation), flags, ..Config::new(school()) };
    Emulator::start(config).await.unwrap()
}
