//! Useful links, partners and wallets of the home page, and the agenda.

use jiff::civil::DateTime;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{AgendaId, PersonId, Shelf};

/// What the home page shows besides the pages' own things.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Home {
    /// Useful links.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Other services that people of the school enter without signing in again.
    #[serde(default)]
    pub partners: Vec<Partner>,
    /// The address of the service that keeps the wallets; empty when there is none.
    #[serde(default)]
    pub wallet_service: String,
    /// The wallets.
    #[serde(default)]
    pub wallets: Vec<Wallet>,
    /// The agenda of the school.
    #[serde(default)]
    pub agenda: Shelf<AgendaEvent>,
}

/// A useful link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// Where it leads.
    pub url: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// A service entered from the home page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partner {
    /// PRONOTE's code, such as `TURBOSELF`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it is entered.
    pub url: String,
}

/// Money somebody has for the canteen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wallet {
    /// Whose it is.
    pub person: PersonId,
    /// What it pays.
    pub name: String,
    /// How much is left, in euros.
    pub balance: Decimal,
    /// Under how much there is a warning, in euros.
    #[serde(default)]
    pub warns_under: Decimal,
}

/// An event of the agenda.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaEvent {
    /// The number.
    pub id: AgendaId,
    /// What happens.
    pub title: String,
    /// When it begins.
    pub start: DateTime,
    /// When it ends.
    pub end: DateTime,
    /// What there is to say about it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// PRONOTE's number of its kind: 0 plain, 2 class council, 7 meeting with the guardians… (data §13.4).
    #[serde(default)]
    pub kind: u8,
}

numbered! {
    AgendaEvent: AgendaId;
}
