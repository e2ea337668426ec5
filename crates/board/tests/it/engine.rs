//! A board for a test, on each engine.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use board::{Actor, Board, Class, Config};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;

/// A board in a folder of its own, with a clock that the test moves.
pub(crate) struct House {
    pub(crate) board: Board,
    pub(crate) folder: TempDir,
    seconds: Arc<AtomicI64>,
    database: Option<String>,
}

/// What a test begins at: a Monday.
const BEGINNING: i64 = 1_756_717_200;

impl House {
    /// One on each engine there is.
    pub(crate) async fn all() -> Vec<Self> {
        let mut houses = vec![House::on(None).await];
        match std::env::var("CARTABLE_TEST_POSTGRES") {
            Ok(url) => houses.push(House::on(Some(own_database(&url).await)).await),
            Err(_) if std::env::var_os("CI").is_some() => panic!("CARTABLE_TEST_POSTGRES is not set"),
            Err(_) => eprintln!("skipped on PostgreSQL: CARTABLE_TEST_POSTGRES names none"),
        }
        houses
    }

    async fn on(database: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let seconds = Arc::new(AtomicI64::new(BEGINNING));
        let board = open(folder.path(), &seconds, database.clone()).await;
        House { board, folder, seconds, database }
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// The same board, opened by another process.
    pub(crate) async fn another(&self) -> Board {
        open(self.folder.path(), &self.seconds, self.database.clone()).await
    }

    /// The class that a board begins with.
    pub(crate) async fn class(&self) -> Class {
        self.board.default_class().await.unwrap()
    }
}

async fn open(folder: &Path, seconds: &Arc<AtomicI64>, database: Option<String>) -> Board {
    let seconds = Arc::clone(seconds);
    let clock = Arc::new(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap());
    Board::open(Config { database, zone: TimeZone::UTC, clock, ..Config::new(folder) }).await.unwrap()
}

/// An empty database of its own beside the one that is named.
async fn own_database(url: &str) -> String {
    use sqlx::Connection as _;

    sqlx::any::install_default_drivers();
    let name = format!("board_{:016x}", rand());
    let mut connection = sqlx::AnyConnection::connect(url).await.unwrap();
    let create = sqlx::AssertSqlSafe(format!("create database {name}"));
    sqlx::query(create).execute(&mut connection).await.unwrap();
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

fn rand() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(std::process::id())
}

/// Whoever does something in a test.
pub(crate) fn olga() -> Actor {
    Actor { name: "olga".to_owned(), address: "192.0.2.7".parse().ok(), ..Actor::program("v2") }
}
