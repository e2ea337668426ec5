//! The class board: accounts, subjects, timetable, changes and homework of a school's classes, who changed what, and what
//! their chats are told; on SQLite or PostgreSQL.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use board::{Actor, Board, ClassSettings, Config, Expect};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! let board = Board::open(Config::new(folder.path())).await?;
//! let by = Actor::program("example");
//! let class = board.add_class(&by, "9b", ClassSettings::named("9Б")).await?;
//! let subjects = board.add_subjects(&by, class.id, &["Алгебра".to_owned()]).await?;
//! board.set_note(&by, class.id, subjects[0].number, "№ 12, 13", Expect::Anything).await?;
//!
//! let snapshot = board.snapshot(class.id).await?;
//! assert_eq!(snapshot.subjects[&1].note, "№ 12, 13");
//! # board.close().await;
//! # Ok::<(), board::Error>(()) }).unwrap();
//! ```
//!
//! Every write is one transaction, noted in the history, and seen by whoever asks after it. Classes, accounts and keys are
//! read from memory; what another process writes, such as a command beside a running server, is seen within
//! a tenth of a second.
//!
//! ```text
//! model.rs       what a board holds
//! snapshot.rs    a class as it was at one moment; days, and homework laid together
//! memory.rs      what is kept in memory, and when it is looked at again
//! write.rs       a transaction that writes: its place in the order of all, what it notes in the history
//! accounts.rs    accounts and roles; signing in
//! passwords.rs   argon2id, bounded      tries.rs   how often a password may be tried
//! keys.rs        access keys
//! classes.rs subjects.rs timetable.rs changes.rs assignments.rs   one thing each
//! filling.rs     a class that is filled from PRONOTE, and whose word stands when a hand wrote too
//! history.rs     who changed what, and undoing it
//! document.rs    a class as a document, out and in
//! chats.rs       chats, bound to classes and told of news      outbox.rs   what is to be sent to them
//! backup.rs      a copy of the database, made while others write to it
//! legacy.rs      installations of the board that this one takes the place of, read and written
//! db.rs          the database; one text of SQL for both engines
//! ```
//!
//! This crate knows nothing of HTTP, of chats' platforms or of PRONOTE. It takes its folder, clock and zone from the caller.

mod accounts;
mod assignments;
mod backup;
mod changes;
mod chats;
mod classes;
mod db;
mod document;
mod error;
pub mod filling;
mod history;
mod keys;
pub mod legacy;
mod memory;
mod model;
mod outbox;
mod passwords;
mod snapshot;
mod subjects;
mod timetable;
mod tries;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Arc, LockResult};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub use accounts::{NewUser, SignedIn, UserChange, judge_name as judge_user};
pub use assignments::Assignments;
pub use chats::{Alerts, Chat};
pub use classes::judge_slug;
pub use document::{Document, Taken, Tally};
pub use error::Error;
pub use filling::{FillReport, Filling, Outcome, PassState};
pub use history::{Entry, History};
pub use keys::{KeyFault, KeyInfo, KeyKind, Session};
pub use model::{
    Actor, Assignment, Bell, Changes, Class, ClassId, ClassSettings, DAYS, Expect, Holiday, Language, NO_CHANGE,
    NO_LESSON, Parity, Plan, Platform, ROWS, Role, Source, Subject, Task, Timetable, User, UserId, Week, tag,
};
pub use outbox::{Intake, Outgoing};
pub use passwords::{invented as invented_password, judge as judge_password};
pub use snapshot::{Day, Lesson, LessonState, Note, References, Snapshot};
pub use subjects::{SubjectChange, judge_name as judge_subject};

use db::Db;
use keys::Held;
use memory::Memory;
use passwords::Passwords;
use tries::Tries;

/// What tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The name of the database in its folder, and of the secret that keys are made with.
const DATABASE: &str = "board.db";
const SECRET: &str = "keys.secret";

/// What a board is opened with.
#[derive(Clone)]
pub struct Config {
    /// Its folder, which is made if it is not there.
    pub folder: PathBuf,
    /// Its database: an address that begins with `postgres://`, or the path of a SQLite file. Default: `board.db` in
    /// the folder.
    pub database: Option<String>,
    /// The time zone of classes that have none of their own.
    pub zone: TimeZone,
    /// What tells the time.
    pub clock: Clock,
}

impl Config {
    /// A board in a folder, with every default: SQLite, the system's time and time zone.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        Config { folder: folder.to_owned(), database: None, zone: TimeZone::system(), clock: Arc::new(Timestamp::now) }
    }
}

/// A class board. Clones are the same.
#[derive(Clone)]
pub struct Board(Arc<Inner>);

struct Inner {
    db: Db,
    secret: [u8; 32],
    passwords: Passwords,
    tries: Tries,
    held: Held,
    memory: Memory,
    zone: TimeZone,
    clock: Clock,
}

impl Board {
    /// Opens a board, makes its database if it is not there and brings it up to date. One with no class gets one.
    ///
    /// # Errors
    /// The folder or the database cannot be used.
    pub async fn open(config: Config) -> Result<Self, Error> {
        make_folder(&config.folder)?;
        let own = config.folder.join(DATABASE).to_string_lossy().into_owned();
        let db = Db::open(&db::Url::of(config.database.as_deref().unwrap_or(&own))).await?;
        let board = Board(Arc::new(Inner {
            db,
            secret: secret(&config.folder.join(SECRET))?,
            passwords: Passwords::start()?,
            tries: Tries::default(),
            held: Held::default(),
            memory: Memory::default(),
            zone: config.zone,
            clock: config.clock,
        }));
        board.need_a_class().await?;
        Ok(board)
    }

    /// Stores what is only in memory, and closes the database. A failure is logged.
    pub async fn close(&self) {
        if let Err(error) = self.flush().await {
            tracing::warn!(%error, "How long keys were used could not be stored");
        }
        self.0.db.close().await;
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    /// The time zone of a class.
    #[must_use]
    pub fn zone_of(&self, class: &Class) -> TimeZone {
        class.settings.time_zone(&self.0.zone)
    }

    /// The day that it is for a class.
    #[must_use]
    pub fn today(&self, class: &Class) -> Date {
        self.now().to_zoned(self.zone_of(class)).date()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn probe(&self) -> Result<(), Error> {
        sqlx::query("select revision from board")
            .fetch_one(self.0.db.pool())
            .await
            .map_err(Error::database("answer"))?;
        Ok(())
    }
}

impl std::fmt::Debug for Board {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Board").finish_non_exhaustive()
    }
}

/// A lock that is held for moments only, and stays good if somebody panicked while holding it.
fn unlocked<T>(lock: LockResult<T>) -> T {
    lock.unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Makes a folder and those above it, for the owner alone.
fn make_folder(path: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| Error::Folder("make the folder", error))
}

/// The secret of the folder, made at its first use, readable by the owner alone.
fn secret(path: &Path) -> Result<[u8; 32], Error> {
    use std::io::{ErrorKind, Write as _};

    let failed = |error| Error::Folder("keep a secret", error);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let draft = path.with_extension(format!("{:016x}", u64::from_ne_bytes(keys::random()?)));
    for _ in 0..2 {
        match std::fs::read(path) {
            Ok(bytes) => {
                return bytes.try_into().map_err(|_| Error::Damaged(format!("{}: not 32 bytes", path.display())));
            }
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(error)),
            Err(_) => {}
        }
        let written = options.open(&draft).and_then(|mut file| {
            file.write_all(&keys::random::<32>().map_err(std::io::Error::other)?)?;
            file.sync_all()
        });
        // Unlike a rename, a link never replaces what another process has just made.
        let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
        let _ = std::fs::remove_file(&draft);
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
    }
    Err(Error::Damaged(path.display().to_string()))
}
