use jiff::civil::Date;
use serde::Serialize;

use crate::wire::RemoteId;

/// A pupil of a class, as school life sees them (data §16.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pupil {
    /// What the server calls them in this session.
    pub id: RemoteId,
    /// The full name, surname first.
    pub name: String,
    /// The surname.
    pub last_name: Option<String>,
    /// The first names.
    pub first_names: Option<String>,
    /// The sex, as the school writes it.
    pub sex: Option<String>,
    /// The day they entered the school.
    pub enrolled: Option<Date>,
    /// The day they were born.
    pub born: Option<Date>,
    /// What is arranged for them.
    pub arrangements: Vec<Arrangement>,
    /// The options they take.
    pub options: Vec<String>,
}

/// Something arranged for a pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arrangement {
    /// What kind of plan it is.
    pub kind: Option<String>,
    /// What it is for.
    pub handicap: Option<String>,
}

/// The card of a pupil: who they are, and who answers for them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PupilCard {
    /// The pupil.
    pub identity: Identity,
    /// The guardians.
    pub guardians: Vec<Guardian>,
}

/// Who someone is, and how to reach them.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Identity {
    /// The surname.
    pub last_name: Option<String>,
    /// The first names, in order.
    pub first_names: Vec<String>,
    /// The lines of the postal address, without the empty ones.
    pub address: Vec<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The town.
    pub city: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// The day of birth.
    pub born: Option<Date>,
    /// The town of birth.
    pub birth_city: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The mobile phone.
    pub mobile_phone: Option<String>,
    /// The phone at home.
    pub home_phone: Option<String>,
    /// Another phone.
    pub other_phone: Option<String>,
}

/// Who answers for a pupil.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Guardian {
    /// Who they are.
    #[serde(flatten)]
    pub identity: Identity,
    /// What they are to the pupil: `MÈRE`, `PÈRE`…
    pub relationship: Option<String>,
    /// How they answer for the pupil, in the server's word.
    pub responsibility: Option<String>,
    /// Whether they are a legal guardian.
    pub legal: bool,
    /// Whether the school may write to them by e-mail.
    pub email_allowed: bool,
    /// Whether they are called in an emergency.
    pub emergency_contact: Option<bool>,
    /// Whether they may come for the child.
    pub may_collect_child: Option<bool>,
}
