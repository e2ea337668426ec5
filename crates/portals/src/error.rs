//! What a portal sign-in can end with.

use pronote::Retry;

/// Why a sign-in did not get through, and at which site. No text holds a secret; what a portal said is plain text, at
/// most 300 characters, after the name of its host.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    /// What happened.
    pub kind: Kind,
    /// The portal's identifier, when one was chosen.
    pub portal: Option<String>,
    /// The host it happened at.
    pub host: Option<String>,
    /// What that host said about it.
    pub said: Option<String>,
    /// Whether the password had been sent by then.
    pub evaluated: bool,
}

/// The kinds of outcome (portals §2.16). The interactive ones that can be answered are [`Question`](crate::Question)s.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The user name, the password or the kind of account is wrong.
    #[error("the user name, the password or the kind of account is wrong")]
    WrongCredentials,
}

impl Error {
    /// Whether trying again by itself can help, and after how long.
    #[must_use]
    pub fn retry(&self) -> Retry {
        Retry::Never
    }

    /// What the person can do about it, in one or two sentences.
    #[must_use]
    pub fn advice(&self) -> String {
        String::new()
    }

    /// For programs: the kind's name, such as `WRONG_CREDENTIALS`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "WRONG_CREDENTIALS"
    }
}
