//! A connector for a test, with a clock that the test moves.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use card::answer::{self, Answer};
use card::config::{Config, Fault, Surroundings};
use card::connector::Connector;
use card::source::Source;
use jiff::Timestamp;
use serde_json::Value;

/// The moment of the acceptance cases.
pub(crate) const NOW: &str = "2026-11-22T12:00:00+01:00";

/// A connector and its clock.
pub(crate) struct House {
    pub(crate) connector: Connector,
    seconds: Arc<AtomicI64>,
}

/// The samples that the crate comes with.
pub(crate) fn sample(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(name)).unwrap()
}

/// Reads a configuration; secrets are what the directory of the tests has.
pub(crate) fn read(text: &str, folder: &Path, other: &[(&str, Arc<dyn Source>)]) -> Result<Config, Vec<Fault>> {
    let secret = |written: &str| match written {
        "env:CARD_TOKEN" => Ok("a-token-for-the-tests".into()),
        "env:LDAP_PASSWORD" => Ok(crate::slapd::PASSWORD.into()),
        _ => Err("there is no such variable".to_owned()),
    };
    let open = |kind: &str, _: &toml::Table| other.iter().find(|(name, _)| *name == kind).map(|(_, s)| Ok(s.clone()));
    card::config::parse(text, &Surroundings { folder, secret: &secret, other: &open })
}

impl House {
    pub(crate) fn open(text: &str, folder: &Path) -> Self {
        Self::with(text, folder, &[])
    }

    /// One with sources of kinds of its own.
    pub(crate) fn with(text: &str, folder: &Path, other: &[(&str, Arc<dyn Source>)]) -> Self {
        let config = read(text, folder, other).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let seconds = Arc::new(AtomicI64::new(0));
        let moment = Arc::clone(&seconds);
        let clock = Arc::new(move || Timestamp::from_second(moment.load(Ordering::SeqCst)).unwrap());
        let house = House { connector: Connector::open(config, clock), seconds };
        house.at(NOW);
        house
    }

    /// Sets the clock.
    pub(crate) fn at(&self, moment: &str) {
        let moment: Timestamp = moment.parse().unwrap();
        self.seconds.store(moment.as_second(), Ordering::SeqCst);
    }

    /// The answer about somebody.
    pub(crate) async fn answer(&self, login: &str) -> Answer {
        answer::card(&self.connector.find(login).await, login, self.connector.config())
    }

    /// The status and the body of that answer.
    pub(crate) async fn ask(&self, login: &str) -> (u16, Value) {
        let answer = self.answer(login).await;
        (answer.status, serde_json::from_slice(&answer.body).unwrap())
    }
}

/// A photo that was sent, decoded.
pub(crate) fn photo(body: &Value) -> (Vec<u8>, image::DynamicImage) {
    let uri = body["photo"].as_str().unwrap();
    let bytes = STANDARD.decode(uri.strip_prefix("data:image/jpeg;base64,").unwrap()).unwrap();
    let picture = image::load_from_memory_with_format(&bytes, image::ImageFormat::Jpeg).unwrap();
    (bytes, picture)
}

/// The people of the directory, as a table: columns, and a row for each.
pub(crate) fn people() -> (Vec<String>, Vec<Vec<String>>) {
    let text = std::fs::read_to_string(directory().join("people.csv")).unwrap();
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (columns, rows)
}

/// The photos of the directory, by login.
pub(crate) fn photos() -> Vec<(String, Vec<u8>)> {
    let text = std::fs::read_to_string(directory().join("people.ldif")).unwrap().replace("\n ", "");
    let mut photos = Vec::new();
    let mut login = String::new();
    for line in text.lines() {
        if let Some(uid) = line.strip_prefix("uid: ") {
            login = uid.to_owned();
        } else if let Some(photo) = line.strip_prefix("jpegPhoto:: ") {
            photos.push((login.clone(), STANDARD.decode(photo).unwrap()));
        }
    }
    photos
}

/// Where the directory of the tests is described.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/directory")
}
