//! `CentraleNotifications`: the notification center (data §19).

use serde_json::Value;

use super::common::some_text;
use super::{Context, Function, Payload, Read};
use crate::model::{Notification, NotificationGroup, Notifications, tab};
use crate::wire::{Malformed, Node};

/// The tab of messages and documents kept for the user.
const LOCKER: u32 = 148;
/// The tab of the forum.
const FORUM: u32 = 275;
/// The tab of the documents to sign.
const DOCUMENTS: u32 = 104;

/// Asks for what waits. It may be asked from any tab; every account has the home page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request;

impl Function for Request {
    const NAME: &'static str = "CentraleNotifications";
    const TAB: Option<u32> = Some(tab::HOME);
    type Answer = Notifications;

    fn arguments(&self, _: &Context) -> Value {
        Value::Null
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Notifications, Malformed> {
        Ok(notifications(payload.data))
    }
}

impl Read for Request {}

pub(crate) fn notifications(data: Node<'_>) -> Notifications {
    Notifications { count: data.read("nbNotifs"), groups: data.each("liste", group) }
}

fn group(node: Node<'_>) -> Result<NotificationGroup, Malformed> {
    let key = some_text(node, "ident");
    Ok(NotificationGroup {
        name: node.need("L")?,
        tab: key.as_deref().and_then(tab_of),
        key,
        notifications: node.each("liste", notification),
    })
}

fn tab_of(key: &str) -> Option<u32> {
    match key {
        "insh_IdDiscussions" => Some(tab::MESSAGING),
        "insh_IdCasiers" => Some(LOCKER),
        "insh_IdInformations" => Some(tab::NEWS),
        "insh_IdSujetsForum" => Some(FORUM),
        "insh_IdDocumentASigner" => Some(DOCUMENTS),
        _ => None,
    }
}

fn notification(node: Node<'_>) -> Result<Notification, Malformed> {
    let (title, message) = (some_text(node, "titre"), some_text(node, "message"));
    if title.is_none() && message.is_none() {
        return Err(node.missing("message"));
    }
    Ok(Notification {
        id: some_text(node, "id"),
        kind: node.read("type"),
        action: node.read("action"),
        title,
        message,
        count: node.read("compteur"),
        modes: node.read("modalites").unwrap_or_default(),
        date: node.read("date"),
        expires: node.read("dateExpiration"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    #[test]
    fn notifications_come_by_group() {
        let (read, noted) = reading(
            r#"{"nbNotifs":2,"liste":[{"L":"Discussions","ident":"insh_IdDiscussions","liste":[
                 {"type":1,"action":"ouvrir","id":"n1","titre":"Sortie","message":"2 messages","compteur":2,"modalites":{"_T":26,"V":"[0,2]"},
                  "date":{"_T":7,"V":"12/09/2025 08:00:00"}},{"id":"vide"}]},
               {"L":"Autre","ident":"insh_Autre","liste":"x"},{"ident":"sans nom"}]}"#,
            notifications,
        );
        assert_eq!((read.count, read.groups.len()), (Some(2), 2));
        let group = &read.groups[0];
        assert_eq!((group.tab, group.notifications.len()), (Some(tab::MESSAGING), 1));
        assert_eq!((group.notifications[0].kind.as_deref(), group.notifications[0].count), (Some("1"), Some(2)));
        assert_eq!(read.groups[1].tab, None);
        assert_eq!(noted, ["liste[0].liste[1].message", "liste[1].liste", "liste[2].L"]);
        assert_eq!(reading("{}", notifications), (Notifications::default(), vec![]));
    }
}
