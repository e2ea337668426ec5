//! A PRONOTE school on your machine: a living base of people, lessons, homework and grades, behind a server that speaks
//! every generation of the protocol.
//!
//! ```
//! use emulator::{Clock, Config, Emulator, Fault, School};
//!
//! # tokio::runtime::Runtime::new().expect("a runtime starts").block_on(async {
//! let school = Emulator::start(Config::new(School::demo(Clock::system()))).await?;
//! println!("a client may sign in at {}", school.url());
//!
//! school.school().name = "Collège de la Mer".to_owned();   // the base is alive
//! school.faults().next("PageMenus", 1, Fault::Expired);      // and so are its failures
//! assert_eq!(school.sign_ins(), 0);
//! school.shutdown().await;
//! # Ok::<(), std::io::Error>(())
//! # }).expect("the school is served");
//! ```
//!
//! - [`School`] is the base: what the school knows. [`School::demo`] invents one, `School::from_toml` reads yours.
//! - `pages` answers the data functions: a decoded call in, decoded JSON out. It knows nothing of HTTP or encryption.
//! - `server` is the protocol: pages, sessions, sign-ins, uploads, files, and faults on demand. [`Config`] says how it
//!   behaves, [`Profile`] which PRONOTE it plays.
//! - [`chat`] has chat platforms, for bots; [`portals`] has regional portals in front of a school.
//! - [`Clock`] says what "now" is for the school; nothing else reads the calendar.

pub mod chat;
mod clock;
mod config;
mod generate;
mod pages;
pub mod portals;
pub mod school;
mod server;

pub use clock::Clock;
pub use config::{ChallengeRule, Config, IdScope, Limits, Place, Profile, Skin, UnknownProfile};
pub use pages::portrait;
pub use school::School;
pub use server::{Emulator, Exchange, Fault, FaultRule, Faults, Mail, QrCode, UnknownFault, When};
