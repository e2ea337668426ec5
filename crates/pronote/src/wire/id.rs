use std::fmt;

use serde::{Deserialize, Serialize};

/// An identifier as the server gave it: opaque, and good only in the session that received it (data §1.1).
///
/// `"0"` and an absent identifier mean "none" on the wire and never become a `RemoteId`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(String);

impl RemoteId {
    /// Takes an identifier that the server or a user gave.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        RemoteId(id.into())
    }

    /// The text to send back.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shows the kind before `#` only: an identifier may lead to a person.
impl fmt::Debug for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemoteId({}#…)", self.0.split('#').next().unwrap_or(""))
    }
}
