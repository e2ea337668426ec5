//! A client of PRONOTE, the software of most French secondary schools.
//!
//! It signs in the way each year's servers expect, holds the session, and reads pages into typed models, at a pace that
//! gets nobody suspended. It keeps nothing: credentials that change are handed to the caller's [`login::Keeper`], and
//! what the pacer remembers can be written down and restored.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! # let school = emulator::School::demo(emulator::Clock::system());
//! # let school = emulator::Emulator::start(emulator::Config::new(school)).await?;
//! # let address = school.url();
//! use std::sync::Arc;
//!
//! use pronote::functions::timetable;
//! use pronote::login::{Credentials, Device, Entrance, SignIn};
//! use pronote::pace::{Limits, Memory, Pacer};
//! use pronote::{Client, Space};
//! use transport::{Config, Transport};
//!
//! let pacer = Pacer::new(Limits::default(), Arc::new(jiff::Timestamp::now), Memory::default());
//! let client = Client::new(Transport::new(Config::default())?, pacer);
//! let credentials = Credentials::Password {
//!     school: address.parse()?,
//!     space: Space::Student,
//!     login: "demonstration".into(),
//!     password: "pronotevs".into(),
//! };
//! let Entrance::Open(session) = client.sign_in(SignIn::new(credentials, Device::new("My shelf"))).await? else {
//!     panic!("the school asks for a PIN or a new password first");
//! };
//!
//! let today = jiff::Zoned::now().date();
//! let week = timetable::When::Week(session.instance().week_of(today));
//! let week = session.read(&timetable::Request { when: week }).await?;
//! for lesson in week.visible(week.show_cancelled) {
//!     println!("{} {}", lesson.start, lesson.title());
//! }
//! for left_out in &week.diagnostics {
//!     eprintln!("{left_out}");
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! ```
//!
//! # The map
//!
//! - [`discovery`], [`SchoolAddress`], [`Space`]: from what a person pastes to a school.
//! - [`login`]: credentials in; an open [`Session`] out, or the steps a person has to answer first.
//! - [`Session`]: [`read`](Session::read) a page, [`request`](Session::request) any function; changes need a
//!   [`Writer`], which only a session opened for writing gives.
//! - [`functions`]: one module per page; [`model`]: what the pages mean.
//! - [`pace`]: how often a school is asked, and when it is not asked at all.
//! - [`Error`]: the step that failed, why, and what a person can do about it.
//! - [`protocol`], [`wire`]: the formats, for both ends of the line and without a network.

mod address;
mod channel;
pub mod discovery;
mod error;
pub mod functions;
mod interned;
pub mod login;
pub mod model;
pub mod pace;
pub mod protocol;
mod session;
pub mod wire;

pub use address::{SchoolAddress, Space};
pub use channel::Replays;
pub use error::{Cause, Error, Refusal, Retry, Secret, Step};
pub use login::Client;
pub use session::{Facts, Life, Page, Session, Writer};
