//! Being built.

mod incoming;
mod message;

pub use crate::incoming::Incoming;
pub use crate::message::Message;
