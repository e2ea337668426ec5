//! `Signature`: what the server adds beside any answer (data §1.5).

use crate::model::{Signals, TabCount};
use crate::wire::Node;

/// Reads the signature of an answer.
#[must_use]
pub fn signals(signature: Node<'_>) -> Signals {
    let count = |node: Node<'_>| Ok(TabCount { tab: node.need("onglet")?, count: node.need("nb")? });
    Signals {
        unread: signature.each("notificationsCommunication", count),
        notifications: signature.get("notifications").and_then(|node| node.read("compteurCentraleNotif")),
        messages_changed: signature.flag("actualisationMessage"),
        maintenance: signature.flag("ModeExclusif"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    #[test]
    fn signals_keep_what_can_be_read() {
        let (read, noted) = reading(
            r#"{"notificationsCommunication":[{"onglet":131,"nb":2},{"onglet":8},{"onglet":-1,"nb":1}],
                "notifications":{"compteurCentraleNotif":5},"actualisationMessage":true,"ModeExclusif":"peut-être"}"#,
            signals,
        );
        assert_eq!(read.unread, [TabCount { tab: 131, count: 2 }]);
        assert_eq!((read.notifications, read.messages_changed, read.maintenance), (Some(5), true, false));
        assert_eq!(noted, ["notificationsCommunication[1].nb", "notificationsCommunication[2].onglet", "ModeExclusif"]);
    }
}
