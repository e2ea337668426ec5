//! What waits in the notification centre.

use gateway::{Viewer, Whose};
use pronote::functions::notifications;

use super::view::{Show, view};
use super::{Answer, Date, page};

view! {
    /// What waits in the notification centre.
    Notifications of Notifications {
        /// How many there are.
        count: Option<i32>,
        /// The notifications, by what they are about.
        groups: Vec<NotificationGroup>,
    }
}

view! {
    /// The notifications about one thing.
    NotificationGroup of NotificationGroup {
        /// What they are about, in words.
        name: String,
        /// What they are about, as a key that does not change.
        key: Option<String>,
        /// The notifications.
        notifications: Vec<Notification>,
    }
}

view! {
    /// A notification.
    Notification of Notification {
        /// Its title.
        title: Option<String>,
        /// What it says.
        message: Option<String>,
        /// How many things it stands for.
        count: Option<i32>,
        /// When it was made.
        date: Option<Date>,
        /// Until when it is of use.
        expires: Option<Date>,
    }
}

pub(super) async fn waiting(viewer: &Viewer) -> Answer<Notifications> {
    page(viewer, Whose::OWN, &notifications::Request, Show::show).await
}
