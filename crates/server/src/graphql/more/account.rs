//! The account page: personal data, calendars, how signing in is protected.

use async_graphql::SimpleObject;
use gateway::{Viewer, Whose};
use pronote::functions::{account, calendar};
use pronote::model;

use super::view::{Pen, Show, choice, view};
use super::{Answer, page};

view! {
    /// The personal data of the account.
    PersonalData of Account {
        /// The lines of the postal address.
        address: Vec<String>,
        /// The postal code.
        postal_code: Option<String>,
        /// The town.
        city: Option<String>,
        /// The province.
        province: Option<String>,
        /// The country.
        country: Option<String>,
        /// The e-mail address.
        email: Option<String>,
        /// The mobile phone, with its international prefix.
        phone: Option<String>,
        /// The national number of the pupil (INE).
        national_id: Option<String>,
        /// The calendars the school itself exports. `createFeed` makes others, which can be revoked.
        calendars: Vec<SchoolCalendar>,
        /// How signing in is protected; null when the school does not say.
        security: Option<Security>,
    }
}

/// A calendar the school itself exports.
#[derive(SimpleObject)]
pub(crate) struct SchoolCalendar {
    /// What it is called.
    label: String,
    /// Its address. Whoever has it reads the calendar: keep it secret.
    url: Option<String>,
}

impl Show<SchoolCalendar> for model::CalendarToken {
    fn show(&self, pen: &Pen<'_>) -> SchoolCalendar {
        let session = pen.viewer.session(Whose::OWN).ok();
        let url = session.and_then(|session| {
            let version = session.facts().version;
            calendar::address(session.school().root(), version, self)
        });
        SchoolCalendar { label: self.label.clone(), url: url.map(String::from) }
    }
}

choice! {
    /// How signing in is protected beyond the password.
    SecurityMode of SecurityMode {
        /// Nobody chose yet.
        NotChosen,
        /// Not at all.
        Inactive,
        /// New devices are told by a notification.
        Notification,
        /// New devices are asked for a PIN.
        Pin,
    }
}

view! {
    /// How signing in is protected.
    Security of Security {
        /// The choice.
        mode: SecurityMode,
        /// The devices that are known.
        devices: Vec<Device>,
    }
}

choice! {
    /// What a device signs in with.
    DeviceKind of DeviceKind {
        /// A program on a computer.
        Desktop,
        /// A mobile application.
        Mobile,
        /// A browser.
        Browser,
    }
}

view! {
    /// A device that is known to the account.
    Device of Device {
        /// What it signs in with.
        kind: Option<DeviceKind>,
        /// What its owner calls it.
        name: Option<String>,
    }
}

pub(super) async fn own(viewer: &Viewer) -> Answer<PersonalData> {
    page(viewer, Whose::OWN, &account::Request, Show::show).await
}
