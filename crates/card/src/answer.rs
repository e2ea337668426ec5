//! The answers to card applications, to the letter of what they accept.

use crate::config::Config;
use crate::model::Finding;

/// The type of every answer.
pub const CONTENT_TYPE: &str = "application/json; charset=utf-8";

/// An answer: JSON in UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// What the card module asks for (`card.md`, 1.2 and 1.3). `asked` is the login as it was received.
#[must_use]
pub fn card(finding: &Finding, asked: &str, config: &Config) -> Answer {
    let _ = (finding, asked, config);
    Answer { status: 503, body: b"{}".to_vec() }
}

/// What the module of European cards asks for (`card.md`, 3).
#[must_use]
pub fn european(finding: &Finding, asked: &str, config: &Config) -> Answer {
    card(finding, asked, config)
}

/// What applications up to 2.1 ask for (`card.md`, 9.7).
#[must_use]
pub fn legacy(finding: &Finding, asked: &str, config: &Config) -> Answer {
    card(finding, asked, config)
}
