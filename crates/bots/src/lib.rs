//! The bot of a class board: one conversation for every chat platform.
//!
//! [`converse`] is the bot: a message and a class in, messages out, by pure functions. [`understand`] finds out what is
//! asked, [`answer`] says it, [`split`] cuts it into messages that are short enough.
//!
//! ```
//! use bots::{Hearing, Command, When, understand};
//!
//! let hearing = Hearing { language: Some(i18n::Language::Ru), wide: false, slashes: false };
//! assert_eq!(understand("[club1|@bot], что задали?", hearing), Some(Command::Homework(When::Tomorrow)));
//! ```
//!
//! [`Bots`] is the bot at work, on VK and Telegram:
//!
//! ```text
//! vk/callback.rs  vk/long_poll.rs  telegram/updates.rs     what comes in; polls.rs asks for it
//!         └──────────────┴────────────────┘
//!                    intake.rs      answers it, and has it on the disk before anybody is told so
//!                        │          alerts.rs: what chats are told without having asked
//!            the board's queue on the disk
//!                        │
//!                   outgoing.rs     sends it: lanes.rs keeps the order, limits.rs the platforms' limits,
//!                        │          parcel.rs the parts and their numbers, refusal.rs says what helps
//!              vk/api.rs  telegram/api.rs
//! ```

mod alerts;
pub mod answer;
mod command;
pub mod console;
mod conversation;
mod hearing;
mod incoming;
mod intake;
mod keyboard;
mod lanes;
mod limits;
mod message;
mod meter;
mod outgoing;
mod parcel;
mod polls;
mod refusal;
mod service;
mod split;
pub mod telegram;
#[cfg(test)]
mod testing;
pub mod vk;
mod words;

pub use crate::alerts::AlertPace;
pub use crate::command::{Command, When};
pub(crate) use crate::conversation::language_of;
pub use crate::conversation::{Effect, Outcome, converse, earlier_day};
pub use crate::hearing::{Hearing, understand};
pub use crate::incoming::Incoming;
pub use crate::intake::Strangers;
pub use crate::keyboard::labels;
pub use crate::limits::{Limits, Rate};
pub use crate::message::Message;
pub use crate::meter::{Health, State};
pub use crate::outgoing::Patience;
pub use crate::refusal::{Cure, Refusal};
pub use crate::service::{Bots, CallbackAnswer, Config};
pub use crate::split::{LIMIT, split};
