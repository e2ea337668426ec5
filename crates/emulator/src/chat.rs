//! Chat platforms on your machine: what a bot needs of the VK API and of the Telegram Bot API, on a port of the loopback.
//!
//! Both check what the real ones check, note every message that is sent ([`Vk::sends`], [`Telegram::sends`]), fail as they
//! are told ([`Next`]), and pass on what people write through their long polls.
//!
//! ```
//! use emulator::chat::{Next, Outcome, Vk, VkConfig};
//!
//! # tokio::runtime::Runtime::new().expect("a runtime starts").block_on(async {
//! let vk = Vk::start(VkConfig::default()).await?;
//! println!("a bot's API base is {}", vk.url()); // http://127.0.0.1:PORT/method
//!
//! vk.answer_next("messages.send", Next::Error(6)); // too many requests a second
//! vk.push_message(2_000_000_001, "дз"); // a bot that polls gets it
//! assert!(vk.sends().is_empty());
//! vk.shutdown().await;
//! # Ok::<(), std::io::Error>(())
//! # }).expect("the platform is served");
//! ```

mod form;
mod journal;
mod keyboard;
mod script;
mod served;
mod telegram;
mod vk;

pub use journal::{Call, Counts, Outcome};
pub use script::Next;
pub use telegram::{Telegram, TelegramConfig, Webhook};
pub use vk::{Vk, VkConfig};
