//! Who was asked about, one line of JSON for each answer, a file for each day; never a name, a number or a photo.
//!
//! A login is written as a keyed hash, so that the lines about somebody can be found by who knows the login and has the key,
//! and by nobody else. The key is another one each year, and is removed with the last lines that were written with it.
//! Lines are written beside the answers, which never wait for a disk: when they pile up some are dropped, and counted.

mod key;
mod writer;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use self::key::YearlyKey;
use self::writer::Writer;

/// What is written, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The files: this name with `.2026-11-28` after it.
    pub file: PathBuf,
    /// How many days they are kept.
    pub days: u32,
    /// How logins are written.
    pub logins: Logins,
    /// Where the keys of the hashes are kept; made when it is not there.
    pub keys: PathBuf,
    /// The zone of the days.
    pub timezone: TimeZone,
}

/// How logins are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Logins {
    /// As a hash, with a key of the year.
    #[default]
    Hashed,
    /// As they are.
    Plain,
}

/// Why no audit can be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be used.
    #[error("`{}` cannot be used", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

/// Writes down what was answered.
pub struct Audit {
    settings: Settings,
    key: YearlyKey,
    writer: Writer,
}

/// An answer, as it is written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) at: Timestamp,
    /// Who asked.
    pub(crate) from: IpAddr,
    /// Which question it was.
    pub(crate) face: &'static str,
    /// Who was asked about; nothing, when it is not known.
    pub(crate) login: Option<&'a str>,
    pub(crate) outcome: &'a [&'static str],
    pub(crate) status: u16,
    pub(crate) took: Duration,
    /// The sources that were asked.
    pub(crate) asked: &'a [(String, Duration)],
}

#[derive(Serialize)]
struct Line<'a> {
    at: String,
    from: IpAddr,
    face: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    outcome: &'a [&'static str],
    status: u16,
    ms: u128,
    /// Milliseconds by source.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    asked: BTreeMap<&'a str, u128>,
}

impl Audit {
    /// Begins to write. Ends, with all that was to be written, when it is dropped.
    ///
    /// # Errors
    ///
    /// The folder of the files or of the keys cannot be used.
    pub fn open(settings: Settings) -> Result<Self, Error> {
        let key = YearlyKey::open(&settings.keys)?;
        let writer = Writer::open(settings.file.clone(), settings.days, settings.keys.clone())?;
        Ok(Audit { settings, key, writer })
    }

    /// How a login is written at a moment: to find the lines about somebody.
    ///
    /// # Errors
    ///
    /// There is no key for it, and none can be made.
    pub fn name(&self, login: &str, at: Timestamp) -> Result<String, Error> {
        match self.settings.logins {
            Logins::Plain => Ok(login.to_owned()),
            Logins::Hashed => self.key.hash(login, self.settings.timezone.to_datetime(at).year()),
        }
    }

    /// How many lines could not be written.
    pub fn dropped(&self) -> u64 {
        self.writer.dropped()
    }

    pub(crate) fn write(&self, entry: &Entry<'_>) {
        let name = entry.login.map(|login| self.name(login, entry.at)).transpose();
        let Ok(who) = name.inspect_err(|error| {
            tracing::error!(error = error as &dyn std::error::Error, "The audit has no key");
        }) else {
            return self.writer.drop_one();
        };
        let line = Line {
            at: entry.at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            from: entry.from,
            face: entry.face,
            who,
            outcome: entry.outcome,
            status: entry.status,
            ms: entry.took.as_millis(),
            asked: entry.asked.iter().map(|(name, took)| (name.as_str(), took.as_millis())).collect(),
        };
        let day = self.settings.timezone.to_datetime(entry.at).date();
        match serde_json::to_string(&line) {
            Ok(line) => self.writer.write(day, line),
            Err(_) => self.writer.drop_one(),
        }
    }
}

#[cfg(test)]
mod tests;
