//! The section of digital cards: it is for the crate of cards to read, with what a file has around it.

use std::path::PathBuf;

use card::config::{Config, Fault, OpenOther, Surroundings};
use secrecy::SecretString;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::{Environment, Finding, Place};
use super::secret::Source;
use super::value::Value as _;

/// What the section is about, for the sample.
pub(super) const ABOUT: &str = "Digital cards: who somebody is by the institution's directory, tables or files, for card \
                                applications. Without the section there are none. It has tables of its own, which no \
                                variable overrides: `cartable card example` prints a whole one.";

/// A section `[card]` that is there, not yet read.
pub(crate) struct Card {
    file: PathBuf,
    text: String,
    environment: Environment,
}

impl Card {
    /// Sets the section of a text aside.
    pub(super) fn new(file: PathBuf, text: String, environment: Environment) -> Self {
        Card { file, text, environment }
    }

    /// Reads it. Sources of kinds that the crate of cards does not know are opened by `other`.
    ///
    /// # Errors
    /// Everything that is wrong, with its lines.
    pub(crate) fn read(&self, other: OpenOther<'_>) -> Result<(Config, Vec<Finding>), Vec<Finding>> {
        let folder = self.file.parent().unwrap_or(std::path::Path::new(""));
        let secret = |written: &str| -> Result<SecretString, String> {
            Source::read(&DeValue::String(written.into()))?.secret(folder, &self.environment)
        };
        // That it is TOML was seen when the rest of the file was read.
        let (root, _) = DeTable::parse_recoverable(&self.text);
        let table = root.into_inner().into_iter().find(|(key, _)| key.get_ref() == "card").map(|(_, table)| table);
        let span = table.as_ref().map(Spanned::span).unwrap_or_default();
        let Some(DeValue::Table(table)) = table.map(Spanned::into_inner) else {
            let what = "`card` is a section: write `[card]`, and its keys below".to_owned();
            return Err(self.found(&[Fault { span, what }]));
        };
        let around = Surroundings { folder, secret: &secret, other };
        let config = card::config::read(&Spanned::new(span, table), &around).map_err(|faults| self.found(&faults))?;
        let warnings = self.found(&config.warnings);
        Ok((config, warnings))
    }

    /// Where it says what is wrong.
    pub(crate) fn found(&self, faults: &[Fault]) -> Vec<Finding> {
        faults.iter().map(|fault| self.finding(fault)).collect()
    }

    fn finding(&self, fault: &Fault) -> Finding {
        let before = self.text.bytes().take(fault.span.start);
        let line = before.filter(|byte| *byte == b'\n').count() + 1;
        Finding::new(Place::Line(self.file.clone(), line), fault.what.clone())
    }
}
