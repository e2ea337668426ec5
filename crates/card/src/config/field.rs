//! The fields of a card.

/// A field of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The login, as it is shown.
    Login,
    /// The last name.
    Lastname,
    /// The first name.
    Firstname,
    /// The day of birth.
    Birthdate,
    /// The gender.
    Gender,
    /// What the card is.
    Title,
    /// What is below the title.
    Subtitle,
    /// The number within the institution.
    IdNumber,
    /// The national number of a student.
    Ine,
    /// The number of the plastic card.
    Csn,
    /// The last year of validity, or the day when a contract ends.
    EndDate,
    /// The European Student Identifier.
    Euid,
    /// The number of the European card.
    Escn,
}

impl Field {
    /// Every field, in the order in which they are shown.
    pub const ALL: [Field; 13] = [
        Field::Login,
        Field::Lastname,
        Field::Firstname,
        Field::Birthdate,
        Field::Gender,
        Field::Title,
        Field::Subtitle,
        Field::IdNumber,
        Field::Ine,
        Field::Csn,
        Field::EndDate,
        Field::Euid,
        Field::Escn,
    ];

    /// Its name in the configuration, in templates, and in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Login => "login",
            Field::Lastname => "lastname",
            Field::Firstname => "firstname",
            Field::Birthdate => "birthdate",
            Field::Gender => "gender",
            Field::Title => "title",
            Field::Subtitle => "subtitle",
            Field::IdNumber => "idNumber",
            Field::Ine => "ine",
            Field::Csn => "csn",
            Field::EndDate => "endDate",
            Field::Euid => "euid",
            Field::Escn => "escn",
        }
    }
}
