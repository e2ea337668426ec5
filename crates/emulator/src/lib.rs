//! A PRONOTE school on your machine: a living base of people, lessons, homework and grades, and the answers of a PRONOTE
//! server about it.
//!
//! - [`School`] is the base: what the school knows. `School::demo` invents one, `School::from_toml` reads yours.
//! - `pages` answers the data functions: a decoded call in, decoded JSON out. It knows nothing of HTTP or encryption.
//! - [`Clock`] says what "now" is; nothing else in the crate reads the time.

#![expect(dead_code, reason = "the protocol server that asks these pages is still to come")]

mod clock;
mod generate;
mod pages;
pub mod school;

pub use clock::Clock;
pub use school::School;
