use serde::Serialize;

/// What the server adds beside any answer: counters to refresh badges with, and its state (data §1.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Signals {
    /// The unread counters that came, by tab.
    pub unread: Vec<TabCount>,
    /// How many notifications wait in the notification center.
    pub notifications: Option<u32>,
    /// Whether discussions changed since the last answer.
    pub messages_changed: bool,
    /// Whether the school is in maintenance: reads work, saves do not.
    pub maintenance: bool,
}

/// How much is unread behind one tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TabCount {
    /// The tab's number (data §4.5).
    pub tab: u32,
    /// How much is unread.
    pub count: u32,
}
