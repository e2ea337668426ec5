//! What a source says of one person: attributes by name, each with any number of values.

use std::collections::BTreeMap;
use std::sync::Arc;

/// One value of an attribute.
#[derive(Clone, PartialEq, Eq)]
pub enum Datum {
    /// A text.
    Text(String),
    /// Bytes that are no text, such as a photo.
    Bytes(Arc<[u8]>),
}

impl Datum {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Datum::Text(text) => Some(text),
            Datum::Bytes(_) => None,
        }
    }
}

impl From<&str> for Datum {
    fn from(text: &str) -> Self {
        Datum::Text(text.to_owned())
    }
}

/// Whatever it holds is somebody's: only how much there is of it is shown.
impl std::fmt::Debug for Datum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Datum::Text(text) => write!(f, "Text({} characters)", text.chars().count()),
            Datum::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
}

/// What a source says of one person. Names of attributes are compared without case, as in a directory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record(BTreeMap<String, Vec<Datum>>);

impl Record {
    /// Adds a value to those of an attribute.
    pub fn add(&mut self, name: &str, value: impl Into<Datum>) {
        self.0.entry(name.to_lowercase()).or_default().push(value.into());
    }

    /// The values of an attribute; none, if it has none.
    #[must_use]
    pub fn get(&self, name: &str) -> &[Datum] {
        self.0.get(&name.to_lowercase()).map_or(&[], Vec::as_slice)
    }

    /// Every attribute, in lower case, with its values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Datum])> {
        self.0.iter().map(|(name, values)| (name.as_str(), values.as_slice()))
    }
}
