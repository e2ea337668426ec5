//! The folder: which files there are, under which names, and what is missing.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use tokio::fs::{self, File};
use tokio::io::AsyncReadExt as _;

use super::report::{Day, Report, Unknown};
use super::text::{Encoding, decode};
use super::{Legacy, LegacyError, VkAccess, database, numbers, php};
use crate::model::{DAYS, NO_CHANGE, NO_LESSON};

/// The largest text of a day or of changes: nobody reads more.
const MOST_TEXT: u64 = 1 << 20;
/// The largest file of numbers, which has eight short lines.
const MOST_NUMBERS: u64 = 64 << 10;

/// The folders by their names, and by those of older copies.
const TEXTS: [&str; 2] = ["TextTimetable", "days"];
const NUMBERS: [&str; 2] = ["NumTimetable", "NumericDays"];
/// Everything an installation is known by.
const KNOWN: [&str; 8] =
    ["bot.db", TEXTS[0], TEXTS[1], NUMBERS[0], NUMBERS[1], "changes", "NumericChanges", "APIInfo.php"];

impl Legacy {
    /// Reads an installation. What is missing is empty; what is odd or cannot be read is in its report.
    ///
    /// # Errors
    /// It is no folder, or no installation.
    pub async fn read(folder: &Path, encoding: Encoding) -> Result<Self, LegacyError> {
        let folder_there = fs::metadata(folder).await.is_ok_and(|found| found.is_dir());
        if !folder_there {
            return Err(LegacyError::NoFolder(folder.to_owned()));
        }
        let mut installed = false;
        for name in KNOWN {
            installed |= fs::try_exists(folder.join(name)).await.unwrap_or(true);
        }
        if !installed {
            return Err(LegacyError::NotInstalled(folder.to_owned()));
        }

        let mut legacy = Legacy::default();
        let mut files = Files { folder, encoding, report: &mut legacy.report };
        let (texts, rows) = (files.folder_of(TEXTS).await, files.folder_of(NUMBERS).await);
        for day in 0..DAYS {
            legacy.week.texts[day] = files.text(&format!("{texts}/{}", day + 1), MOST_TEXT).await.unwrap_or_default();
            let file = format!("{rows}/{}", day + 1);
            if let Some(text) = files.text(&file, MOST_NUMBERS).await {
                legacy.week.rows[day] = numbers::day(&text, &file, files.report);
            }
        }
        legacy.changes.text = files.text("changes", MOST_TEXT).await.unwrap_or_default();
        if let Some(text) = files.text("NumericChanges", MOST_NUMBERS).await {
            legacy.changes.rows = numbers::changes(&text, "NumericChanges", files.report);
        }
        // That there is none is nothing to be told: the board does not need it.
        if fs::try_exists(folder.join("APIInfo.php")).await.unwrap_or(true)
            && let Some(source) = files.text("APIInfo.php", MOST_NUMBERS).await
        {
            legacy.vk = access(&source);
            if legacy.vk.is_none() {
                files.report.odd("APIInfo.php", "there are no two quoted strings in it");
            }
        }
        database::read(&folder.join("bot.db"), encoding, &mut legacy).await;
        legacy.describe(rows);
        Ok(legacy)
    }

    /// Puts the days into the report, and the numbers that no subject has.
    fn describe(&mut self, rows: &str) {
        let known = |number: i64| self.subjects.iter().any(|subject| subject.number == number);
        let unknown = |place: String, number: i64| (!known(number)).then_some(Unknown { place, number });
        for (day, lessons) in (1..).zip(&self.week.rows) {
            let text = &self.week.texts[day - 1];
            self.report.days.push(Day { day, lines: text.lines().count(), lessons: lessons.clone() });
            let lessons = lessons.iter().filter(|number| **number != NO_LESSON);
            self.report.unknown.extend(lessons.filter_map(|number| unknown(format!("{rows}/{day}"), *number)));
        }
        let changed = self.changes.rows.iter().filter(|number| !matches!(**number, NO_LESSON | NO_CHANGE));
        let changed = changed.filter_map(|number| unknown("NumericChanges".to_owned(), *number));
        self.report.unknown.extend(changed);
        self.report.unknown.sort();
        self.report.unknown.dedup();
    }
}

/// The token and the confirmation, unless they are still those of a fresh installation.
fn access(source: &str) -> Option<VkAccess> {
    let (token, confirmation) = php::strings(source)?;
    let [token, confirmation] = [token, confirmation].map(SecretString::from);
    Some(VkAccess { token, confirmation })
}

/// The files of an installation.
struct Files<'a> {
    folder: &'a Path,
    encoding: Encoding,
    report: &'a mut Report,
}

impl Files<'_> {
    /// Under which of its names a folder is there; the newer one goes before.
    async fn folder_of(&mut self, names: [&'static str; 2]) -> &'static str {
        let [newer, older] = names;
        let is_there = async |name| fs::metadata(self.folder.join(name)).await.is_ok();
        match (is_there(newer).await, is_there(older).await) {
            (false, true) => older,
            (both, true) => {
                if both {
                    self.report.odd(older, format!("there is {newer} too, and that one is read"));
                }
                newer
            }
            (true, false) => newer,
            (false, false) => {
                self.report.odd(newer, "is missing: its days are empty");
                newer
            }
        }
    }

    /// The text of a file; nothing when it is missing or cannot be read, which is reported.
    async fn text(&mut self, name: &str, most: u64) -> Option<String> {
        let bytes = match bytes_of(&self.folder.join(name), most).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                let folder_missing = Path::new(name).parent().map(|parent| self.folder.join(parent));
                // A missing folder is told once.
                if folder_missing.is_none_or(|folder| folder.is_dir()) {
                    self.report.odd(name, "is missing: taken as empty");
                }
                return None;
            }
            Err(what) => {
                self.report.fault(name, what);
                return None;
            }
        };
        match decode(bytes, self.encoding) {
            Ok(decoded) => {
                decoded.oddities().for_each(|what| self.report.odd(name, what));
                if most == MOST_TEXT && decoded.text.contains("\r\n") {
                    self.report.odd(name, "its lines end in CR LF, which is kept");
                }
                Some(decoded.text)
            }
            Err(what) => {
                self.report.fault(name, what);
                None
            }
        }
    }
}

/// What a file holds; nothing when it is not there.
async fn bytes_of(path: &PathBuf, most: u64) -> Result<Option<Vec<u8>>, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
    let found = match fs::metadata(path).await {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        found => found.map_err(unreadable)?,
    };
    // Anything else might never end.
    if !found.is_file() {
        return Err("is no file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).await.map_err(unreadable)?;
    file.take(most + 1).read_to_end(&mut bytes).await.map_err(unreadable)?;
    if bytes.len() as u64 > most {
        return Err(format!("is over {} KiB large", most >> 10));
    }
    Ok(Some(bytes))
}
