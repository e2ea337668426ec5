//! What goes out to a chat, whatever its platform. This is how it waits in the queue on the disk.

use serde::{Deserialize, Serialize};

/// A message to a chat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The text. It may be longer than a platform takes at once: then it goes out in parts.
    pub text: String,
    /// The labels of the keyboard that goes with it, row by row; the keyboard stays as it is when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyboard_labels: Option<Vec<Vec<String>>>,
}

impl Message {
    /// A text that leaves the keyboard as it is.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Message { text: text.into(), keyboard_labels: None }
    }
}
