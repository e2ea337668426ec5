//! Being built.

mod incoming;
mod message;
mod refusal;
pub mod telegram;
#[cfg(test)]
mod testing;
pub mod vk;

pub use crate::incoming::Incoming;
pub use crate::message::Message;
pub use crate::refusal::{Cure, Refusal};
