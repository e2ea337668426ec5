//! The people of the school and their logins.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{AccountId, ClassId, FileId, GroupId, PersonId, SubjectId};

/// What somebody is in the school; the numbers are PRONOTE's resource kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody who teaches.
    Teacher,
    /// A pupil.
    Student,
    /// A pupil's mother, father or other guardian.
    Guardian,
    /// Head, school life, nurse and others.
    Staff,
}

impl Kind {
    /// PRONOTE's number for it (data §1.6).
    pub fn genre(self) -> u16 {
        match self {
            Self::Teacher => 3,
            Self::Student => 4,
            Self::Guardian => 5,
            Self::Staff => 34,
        }
    }
}

/// Whether somebody is addressed as a woman or as a man.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// A woman or a girl.
    Female,
    /// A man or a boy.
    Male,
}

/// Somebody of the school.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The number.
    pub id: PersonId,
    /// What the person is in the school.
    pub kind: Kind,
    /// The family name, in capitals as PRONOTE shows it.
    pub surname: String,
    /// The first name.
    pub first_name: String,
    /// Woman or man.
    pub sex: Sex,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth: Option<Date>,
    /// The street, the first line of the address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub street: String,
    /// The postal code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// The town.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The mobile number without prefix and first zero, digits only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// The national pupil number (INE).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub national_id: String,
    /// The photo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub photo: Option<FileId>,
    /// A pupil's class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassId>,
    /// A pupil's groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// Whether a pupil speaks for the class.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub delegate: bool,
    /// A guardian's children, the eldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<PersonId>,
    /// The subjects a teacher teaches.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<SubjectId>,
    /// What a member of the staff does, such as `CPE`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub function: String,
    /// A pupil's options, such as `ANGLAIS LV1`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// A pupil's special arrangements, such as `PAP`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrangements: Vec<String>,
}

impl Person {
    /// The name as PRONOTE writes it: `PARENT Fanny`.
    pub fn name(&self) -> String {
        format!("{} {}", self.surname, self.first_name)
    }

    /// The short form used for adults: `BROWN J.`.
    pub fn short_name(&self) -> String {
        match self.first_name.chars().next() {
            Some(initial) => format!("{} {initial}.", self.surname),
            None => self.surname.clone(),
        }
    }

    /// The polite form: `Mme PARENT F.`.
    pub fn polite_name(&self) -> String {
        let title = match self.sex {
            Sex::Female => "Mme",
            Sex::Male => "M.",
        };
        format!("{title} {}", self.short_name())
    }

    /// The name as it is shown in lists: adults teaching or working here in short, the others in full.
    pub fn label(&self) -> String {
        match self.kind {
            Kind::Teacher | Kind::Staff => self.short_name(),
            Kind::Student | Kind::Guardian => self.name(),
        }
    }
}

/// The doors into the server; a mobile page is the same door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// For teachers.
    Teacher,
    /// For guardians.
    Guardian,
    /// For pupils.
    Student,
    /// For the school-life team.
    SchoolLife,
}

impl Space {
    /// Finds the space behind PRONOTE's number, desktop or mobile (data §4.5).
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            1 | 8 => Some(Self::Teacher),
            2 | 7 => Some(Self::Guardian),
            3 | 6 => Some(Self::Student),
            13 | 14 => Some(Self::SchoolLife),
            _ => None,
        }
    }

    /// The name of the space, as PRONOTE writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Teacher => "Espace Professeurs",
            Self::Guardian => "Espace Parents",
            Self::Student => "Espace Élèves",
            Self::SchoolLife => "Espace Vie scolaire",
        }
    }
}

/// A login into one space. The same login may open several spaces with an account for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// The number.
    pub id: AccountId,
    /// The login as typed.
    pub login: String,
    /// The password in clear: this school is not real.
    pub password: String,
    /// The space it opens.
    pub space: Space,
    /// Who it belongs to.
    pub person: PersonId,
    /// What is worth saying about it where accounts are listed; empty for those not listed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Whether the school has disabled it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// The security steps asked after the password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_factor: Option<SecondFactor>,
}

/// What an account asks for besides the password (protocol §5.13).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactor {
    /// The PIN, when one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// The steps asked of an unknown device, PRONOTE's numbers: 0 new password, 1 strategy, 2 choose a PIN, 3 enter it, 4 reset
    /// it, 5 name the device.
    pub actions: Vec<u8>,
    /// The strategy in force: 0 not chosen, 1 inactive, 2 notification, 3 PIN.
    #[serde(default)]
    pub strategy: u8,
}

numbered! {
    Person: PersonId;
    Account: AccountId;
}
