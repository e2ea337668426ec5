//! What every front shares between people and the PRONOTE protocol: profiles, sealed secrets, sessions, the pace of calls,
//! calendars, identifiers that last.
//!
//! A [`Gateway`] is opened on a data folder:
//!
//! ```text
//! key                          seals the secrets; made at the first use
//! pronote/default              the name of the profile that is used when none is named
//! pronote/profiles/NAME.json   a profile: school, login, and its secrets, sealed
//! pronote/pace.json            what was asked of each school lately, shared by all processes
//! pronote/portals.json         which portals that the user added may be given a password
//! sign-ins/                    what the gateway keeps of sign-ins, if it is told to
//! ```
//!
//! ```no_run
//! # async fn example(transport: transport::Transport) -> Result<(), gateway::Error> {
//! use std::sync::Arc;
//!
//! use gateway::Gateway;
//! use pronote::login::Entrance;
//!
//! let gateway = Gateway::open("data".as_ref(), transport, Default::default(), Arc::new(jiff::Timestamp::now))?;
//! let name = gateway.profiles().default_name()?;
//! match gateway.resume(&name, false).await? {
//!     Entrance::Open(session) => println!("{}", session.instance().school_year),
//!     Entrance::Steps(steps) => println!("the school asks for {:?}", steps.demands()),
//! }
//! # Ok(()) }
//! ```
//!
//! Everything here takes its folder, its clock and its network from the caller. Nothing here listens or prints.

pub mod calendar;
mod changes;
mod contents;
pub mod diagnosis;
mod error;
mod evaluations;
mod feeds;
mod file_handles;
mod files;
pub mod filling;
mod grades;
pub mod holders;
mod homework;
pub mod ids;
mod keep_alive;
mod menus;
mod news;
mod pace;
mod pages;
mod period;
mod portal;
mod profiles;
mod range;
mod resources;
mod school_life;
mod seal;
mod sessions;
mod timetable;
mod tokens;
mod viewer;
pub mod viewers;

pub use changes::{DiscussionChange, MessageChange, Reply, Unchanged};
pub use error::Error;
pub use feeds::{Feed, FeedKind};
pub use file_handles::OpenFile;
pub use keep_alive::KeepAlive;
pub use portal::PortalAccount;
pub use profiles::{Pace, Profile, ProfileName, Profiles, Secrets};
pub use range::{Chosen, Range};
pub use sessions::{Gateway, NewLogin, ThroughPortal};
pub use timetable::Week;
pub use tokens::Token;
pub use viewer::{Fresh, Readings, Role, SessionState, Unanswered, Viewer, Whose};
pub use viewers::Viewers;
