use std::fmt;

use serde_json::Value;

use crate::wire::Node;

/// An object of the server kept as it came, because it has to be sent back as it came (data §0.3).
///
/// It means nothing outside the session that received it and may name people: it is neither shown nor serialised.
#[derive(Clone, Default, PartialEq)]
pub struct Echo(Value);

impl Echo {
    /// Keeps the value under the cursor.
    pub(crate) fn of(node: Node<'_>) -> Self {
        Echo(serde_json::to_value(node.json()).unwrap_or_default())
    }

    /// What to send back; `null` when nothing was received.
    pub(crate) fn value(&self) -> Value {
        self.0.clone()
    }
}

impl fmt::Debug for Echo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Echo(…)")
    }
}
