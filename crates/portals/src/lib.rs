//! Signing in to PRONOTE through a regional portal, with the user's own credentials.
//!
//! A portal is a [`Portal`]: a row of data in a [`Registry`]. How portals of a kind are gone through is code; one engine
//! walks from page to page, and tells each by what is on it. Nothing is bypassed: what a portal wants of a person is a
//! [`Question`] or an [`Error`] that says where to go.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! # use emulator::{Clock, School, portals as town};
//! # let school = emulator::Config::new(School::demo(Clock::system()));
//! # let town = town::Portals::start(town::Config::new(school)).await?;
//! # let detour = Some(transport::Detour::to(town.address(), town.authority()));
//! # let config = transport::Config { detour, ..transport::Config::default() };
//! use std::sync::Arc;
//!
//! use portals::{Portals, Progress, Registry, SignIn};
//! use pronote::login::{Credentials, Device, Entrance};
//! use pronote::pace::{Limits, Memory, Pacer};
//! use pronote::{Client, Space};
//! use transport::Transport;
//!
//! let pacer = Pacer::new(Limits::default(), Arc::new(jiff::Timestamp::now), Memory::default());
//! let client = Client::new(Transport::new(config)?, pacer);
//! let sign_in = SignIn {
//!     school: "https://ac-reims.pronote.test/pronote/".parse()?,
//!     space: Space::Student,
//!     portal: None, // found from the school's redirect
//!     profile: None,
//!     login: "eleve.ok".to_owned(),
//!     password: "motdepasse-test".into(),
//! };
//! match Portals::new(Registry::builtin()).sign_in(&client, sign_in).await? {
//!     Progress::Landed(landing) => {
//!         let credentials = Credentials::Portal(landing);
//!         let entrance = client.sign_in(pronote::login::SignIn::new(credentials, Device::new("My shelf"))).await?;
//!         assert!(matches!(entrance, Entrance::Open(_)));
//!     }
//!     Progress::Question(asked) => println!("{} asks: {:?}", asked.host(), asked.question()),
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
//! ```
//!
//! # The map
//!
//! - [`Registry`]: the rows shipped with the program, and those of the user; search, and detection by a school's redirect.
//! - [`Portals::sign_in`]: from a login and a password to PRONOTE's own page, or to a question.
//! - [`Portals::check`]: the same way up to the form, without credentials, as a list of hops.
//! - [`Error`]: what happened, where, and what a person can do about it.

mod engine;
mod error;
mod family;
mod guard;
mod marks;
mod page;
mod question;
mod registry;
mod step;
mod trial;
mod walk;
mod words;

pub use engine::{Check, Hop, Pending, Portals, Progress, SignIn};
pub use error::{Error, Kind};
pub use question::{Answer, NotAnAnswer, Question};
pub use registry::{Family, Fault, Portal, Profile, Registry, Status};
#[doc(hidden)]
pub use trial::try_anything;
