//! The installations that this board takes the place of: a folder with `bot.db` and text files, read and written.
//!
//! ```text
//! legacy/read.rs      the folder: which files, how large, what is missing
//! legacy/database.rs  bot.db in: accounts, subjects and their homework
//! legacy/numbers.rs   the files of numbers, line by line
//! legacy/text.rs      what encoding a text is in
//! legacy/php.rs       the strings of APIInfo.php, which is never run
//! legacy/write.rs     the same layout out, so that a school can go back
//! legacy/apply.rs     into a class, in one transaction
//! legacy/take.rs      out of a class
//! legacy/report.rs    what was found, and what became of it
//! ```
//!
//! Nothing is guessed in silence and nothing is left out in silence: what is odd is in the [`Report`], and what cannot be
//! read whole stops the import.

mod apply;
mod database;
mod numbers;
mod php;
mod read;
mod report;
mod take;
mod text;
mod write;

use std::path::PathBuf;

use secrecy::SecretString;

use crate::model::{Changes, Role, Week};

pub use apply::ImportOptions;
pub use report::{Day, Note, Outcome, Report, Subject, Unknown, User};
pub use take::{Export, ExportOptions};
pub use text::Encoding;

/// An old installation, read.
#[derive(Debug, Clone, Default)]
pub struct Legacy {
    /// Its accounts, by name.
    pub users: Vec<LegacyUser>,
    /// Its subjects, by number.
    pub subjects: Vec<LegacySubject>,
    /// Its timetable.
    pub week: Week,
    /// Its changes.
    pub changes: Changes,
    /// What its bot spoke to VK with.
    pub vk: Option<VkAccess>,
    /// What was found.
    pub report: Report,
}

/// An account of an old installation.
#[derive(Debug, Clone)]
pub struct LegacyUser {
    /// Its name.
    pub name: String,
    /// SHA-256 of its password, in lower-case hexadecimal; nothing when no password opens it.
    pub password: Option<SecretString>,
    /// [`Role::Editor`] or [`Role::Head`].
    pub role: Role,
}

/// A subject of an old installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegacySubject {
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its homework.
    pub homework: String,
}

/// What a bot speaks to VK with.
#[derive(Debug, Clone)]
pub struct VkAccess {
    /// The community's token.
    pub token: SecretString,
    /// What the community is confirmed with.
    pub confirmation: SecretString,
}

/// Why a folder is not read, or not written.
#[derive(Debug, thiserror::Error)]
pub enum LegacyError {
    /// There is no such folder.
    #[error("{} is no folder", .0.display())]
    NoFolder(PathBuf),
    /// It is another folder.
    #[error("{} is no old installation: there is neither a bot.db nor one of its text files in it", .0.display())]
    NotInstalled(PathBuf),
    /// There is something in the folder that is to be written.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// A file cannot be written.
    #[error("could not write {}", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// `bot.db` cannot be written.
    #[error("could not write {}", .0.display())]
    Database(PathBuf, #[source] sqlx::Error),
}
