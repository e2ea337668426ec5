//! A client of PRONOTE.

mod address;
mod channel;
pub mod discovery;
mod error;
pub mod functions;
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
pub use session::{Facts, Page, Session, Writer};
