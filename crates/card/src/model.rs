//! What is decided about a person: a card, none and why, or that nobody is known by that name (`card.md`, sections 1 and 6).

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::source::Kind;

/// Which of the two layouts somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Affiliation {
    /// A student.
    Student,
    /// Anybody else who belongs to the institution.
    Staff,
}

impl Affiliation {
    /// Its name in answers and templates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Affiliation::Student => "student",
            Affiliation::Staff => "staff",
        }
    }
}

/// Why somebody who is known has no card, in the order in which the codes are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// The fees of the year are not paid.
    UnpaidFees,
    /// No card is in force.
    NoActiveCard,
    /// There is no usable photo.
    NoPhoto,
}

impl Code {
    /// Its name in answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Code::UnpaidFees => "UNPAID_FEES",
            Code::NoActiveCard => "NO_ACTIVE_CARD",
            Code::NoPhoto => "NO_PHOTO",
        }
    }
}

/// A card, whole.
#[derive(Clone, PartialEq)]
pub struct Card {
    /// The login, as the identity source writes it if it says so, otherwise as it was asked.
    pub login: String,
    /// The layout.
    pub affiliation: Affiliation,
    /// The usual last name.
    pub lastname: String,
    /// The usual first name.
    pub firstname: String,
    /// The day of birth, as it is printed.
    pub birthdate: Option<String>,
    /// Free text that no application shows.
    pub gender: Option<String>,
    /// What the card is, such as "Carte d'étudiant".
    pub title: String,
    /// What is printed below the title.
    pub subtitle: Option<String>,
    /// The national student number; never of staff.
    pub ine: Option<String>,
    /// The serial number of the physical card.
    pub csn: Option<String>,
    /// The number within the institution.
    pub id_number: String,
    /// The second year of the academic year.
    pub end_date: i16,
    /// The European Student Identifier without its prefix, if there is one.
    pub euid: Option<String>,
    /// The number of the European card, if there is one.
    pub escn: Option<String>,
    /// The photo, ready to be sent.
    pub photo: Photo,
    /// What is shown as a code beside the card.
    pub qr_code: Option<QrCode>,
}

/// It is about somebody: only the layout is shown.
impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Card").field("affiliation", &self.affiliation).finish_non_exhaustive()
    }
}

/// A photo that was made ready: a JPEG without anything but its picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Photo {
    /// The file as `data:image/jpeg;base64,…`.
    pub uri: Arc<str>,
    /// Its width and height in pixels.
    pub size: (u32, u32),
}

/// What comes before the file in the text of a photo.
const JPEG_URI: &str = "data:image/jpeg;base64,";

impl Photo {
    /// A photo of a JPEG file.
    #[must_use]
    pub fn new(jpeg: &[u8], size: (u32, u32)) -> Self {
        let mut uri = String::with_capacity(JPEG_URI.len() + jpeg.len().div_ceil(3) * 4);
        uri.push_str(JPEG_URI);
        STANDARD.encode_string(jpeg, &mut uri);
        Photo { uri: Arc::from(uri), size }
    }

    /// The file.
    #[must_use]
    pub fn jpeg(&self) -> Vec<u8> {
        // It was encoded above.
        STANDARD.decode(self.base64()).unwrap_or_default()
    }

    /// The length of the file in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let text = self.base64();
        text.len() / 4 * 3 - text.bytes().rev().take_while(|byte| *byte == b'=').count()
    }

    fn base64(&self) -> &str {
        self.uri.strip_prefix(JPEG_URI).unwrap_or_default()
    }
}

/// A code beside the card.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct QrCode {
    /// `text`, `url`, `image`, or another that only extended applications know.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is in the code, or for `image` the SVG that is shown.
    pub value: String,
}

/// What is decided about a login.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// There is a card.
    Card(Box<Card>),
    /// The person is known and has no card; never without a code.
    NoCard {
        /// Chooses the wording.
        affiliation: Affiliation,
        /// Why, in the order of sending.
        codes: Vec<Code>,
    },
    /// Nobody is known by this login.
    Unknown(Decided),
    /// It could not be told: a source failed, or what it says makes no card.
    Unavailable {
        /// The source, by its name in the configuration.
        source: String,
        /// What is the matter, for the administrator; names nobody.
        why: String,
    },
}

/// Who decided that nobody is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// The login cannot be anybody's, or several sources were asked.
    Several,
    /// One source.
    By(Kind),
}

/// A decision, with what was asked for it.
#[derive(Clone)]
pub struct Finding {
    /// The decision.
    pub outcome: Outcome,
    /// What templates may speak of: each source by its name with its attributes, `login`, `affiliation`, `year`, `today`,
    /// and of a card its fields as `card`.
    pub facts: minijinja::Value,
    /// When it was decided.
    pub at: Timestamp,
    /// The sources that were asked, with the time that each took.
    pub asked: Vec<(String, Duration)>,
}

impl std::fmt::Debug for Photo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Photo({} bytes, {} × {})", self.bytes(), self.size.0, self.size.1)
    }
}

/// What is known of the person is not shown.
impl std::fmt::Debug for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Finding { outcome, at, asked, .. } = self;
        f.debug_struct("Finding")
            .field("outcome", outcome)
            .field("at", at)
            .field("asked", asked)
            .finish_non_exhaustive()
    }
}
