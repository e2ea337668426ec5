use serde::Serialize;

use super::{CalendarToken, codes};
use crate::wire::Set;

/// The personal data of an account (data §18).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Account {
    /// The lines of the postal address, without the empty ones.
    pub address: Vec<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The province.
    pub province: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The mobile phone, with its international prefix: `+33600000000`.
    pub phone: Option<String>,
    /// The national number of the pupil (INE).
    pub national_id: Option<String>,
    /// What the calendars of the account can be exported with.
    pub calendars: Vec<CalendarToken>,
    /// How signing in is protected; none when the server does not say.
    pub security: Option<Security>,
}

codes! {
    /// How signing in is protected beyond the password (protocol §5.13).
    SecurityMode {
        /// Nobody chose yet.
        NotChosen = 0,
        /// Not at all.
        Inactive = 1,
        /// New devices are told by a notification.
        Notification = 2,
        /// New devices are asked for a PIN.
        Pin = 3,
    }
}

/// How signing in is protected, and the devices that are known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Security {
    /// The choice.
    pub mode: SecurityMode,
    /// The codes of the choices the school offers.
    pub offered: Set,
    /// The devices that signed in.
    pub devices: Vec<Device>,
}

codes! {
    /// What a device signed in with.
    DeviceKind {
        /// A program on a computer.
        Desktop = 0,
        /// A mobile application.
        Mobile = 1,
        /// A browser.
        Browser = 2,
    }
}

/// A device that is known to the account.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Device {
    /// What the server calls it.
    pub id: Option<String>,
    /// What it signed in with.
    pub kind: Option<DeviceKind>,
    /// What its owner calls it.
    pub name: Option<String>,
}
