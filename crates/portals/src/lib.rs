//! Signing in to PRONOTE through a regional portal, with the user's own credentials.
//!
//! A portal is a [`Portal`]: a row of data in a [`Registry`]. How portals of a kind are gone through is code; one engine
//! walks from page to page, and tells each by what is on it. Nothing is bypassed: what a portal wants of a person is a
//! [`Question`] or an [`Error`] that says where to go.
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
