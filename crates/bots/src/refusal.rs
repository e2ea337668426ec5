//! Why a platform did not do something, and what helps.

use std::time::Duration;

/// Why a platform did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It could not be reached, or the exchange broke off.
    #[error("the exchange failed")]
    Exchange(#[from] transport::Error),
    /// It answers with a status that says that it is out of order.
    #[error("the answer has status {0}")]
    Status(u16),
    /// What it answers is no answer.
    #[error("the answer cannot be read")]
    Unreadable,
    /// It refuses, for a reason that has a number.
    #[error("it refuses with code {code}: {text}")]
    Code {
        /// The number.
        code: i64,
        /// What it says of it.
        text: String,
        /// What helps.
        cure: Cure,
    },
}

/// What helps against a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// The same again, after a pause.
    Soon,
    /// The same again, after a pause that the platform names. It is not at fault, and nobody is.
    After(Duration),
    /// The same again, much later.
    MuchLater,
    /// Nothing.
    Never,
    /// Another access token: until then nothing will be done at all.
    Token,
    /// The same without its keyboard.
    WithoutKeyboard,
    /// The same in shorter parts.
    Shorter,
}

impl Refusal {
    /// Returns what helps.
    #[must_use]
    pub fn cure(&self) -> Cure {
        match self {
            // A platform whose address or certificate is wrong today may be right tomorrow: the tries are bounded.
            Refusal::Exchange(_) | Refusal::Status(_) | Refusal::Unreadable => Cure::Soon,
            Refusal::Code { cure, .. } => *cure,
        }
    }

    /// Whether the platform itself is out of order or out of reach, so that other messages will not fare better.
    #[must_use]
    pub fn is_outage(&self) -> bool {
        !matches!(self, Refusal::Code { .. })
    }
}

/// The longest that is kept of what a platform says.
const MOST_TEXT: usize = 200;

/// What a platform says, short enough for a log.
pub(crate) fn short(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(MOST_TEXT).collect()
}
