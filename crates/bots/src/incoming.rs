//! What comes in from a chat, whatever its platform.

use board::Platform;
use jiff::Timestamp;

/// A message somebody wrote to the bot, or the news that the bot was invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Where it was written.
    pub platform: Platform,
    /// The talk it was written in, and is answered in: a person, or a chat of several.
    pub peer: i64,
    /// Who wrote it, as far as the platform says.
    pub from: Option<i64>,
    /// The platform's name for the event, by which a repeated delivery is known.
    pub event: Option<String>,
    /// When it was written, by the platform's clock.
    pub at: Timestamp,
    /// The text, as it came; a mention of the bot is still in front of it.
    pub text: String,
    /// Whether the bot itself was invited into the chat just now.
    pub invited: bool,
    /// Whether the talk is with one person.
    pub private: bool,
}
