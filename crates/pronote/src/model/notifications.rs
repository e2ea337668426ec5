use jiff::civil::DateTime;
use serde::Serialize;

use crate::wire::Set;

/// What waits in the notification center (data §19).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Notifications {
    /// How many there are.
    pub count: Option<u32>,
    /// The notifications, by what they are about.
    pub groups: Vec<NotificationGroup>,
}

/// The notifications about one thing.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotificationGroup {
    /// What they are about, in words.
    pub name: String,
    /// What they are about, as a key that does not change.
    pub key: Option<String>,
    /// The tab where they are handled, when the key is a known one.
    pub tab: Option<u32>,
    /// The notifications.
    pub notifications: Vec<Notification>,
}

/// One notification.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Notification {
    /// What the server calls it.
    pub id: Option<String>,
    /// What it is, by the server's code.
    pub kind: Option<String>,
    /// What opening it does, by the server's code.
    pub action: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// What it says.
    pub message: Option<String>,
    /// How many things it stands for.
    pub count: Option<u32>,
    /// How it is shown, by the server's codes.
    pub modes: Set,
    /// When it was made.
    pub date: Option<DateTime>,
    /// Until when it is of use.
    pub expires: Option<DateTime>,
}
