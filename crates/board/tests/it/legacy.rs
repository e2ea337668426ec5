//! Old installations, made as the old board made them, and read.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

mod importing;
mod reading;
mod writing;

use std::path::{Path, PathBuf};

use board::legacy::{Encoding, Legacy, LegacyUser, Note};
use secrecy::ExposeSecret;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use tempfile::TempDir;

/// SHA-256 of "1234" and of "parol".
const HASH_1234: &str = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4";
const HASH_PAROL: &str = "1c62590c99871030411c60c4780da31ec05c4db349e2f02d79c01228fccd9380";

/// The tables, as the old board made them.
const TABLES: &str = "
create table UserData (user VARCHAR(50) NOT NULL PRIMARY KEY, pass CHAR(64) NOT NULL,
    pr_level INTEGER NOT NULL DEFAULT 1 CHECK (pr_level = 1 OR pr_level = 2));
create table PassKeys (passkey CHAR(64) NOT NULL, user VARCHAR(50) NOT NULL, ip VARCHAR(45) NOT NULL,
    expiration_time INTEGER NOT NULL, FOREIGN KEY (user) REFERENCES UserData(user) ON DELETE CASCADE ON UPDATE CASCADE);
create table Homeworkdata (ID INTEGER NOT NULL UNIQUE, Subject VARCHAR(50) NOT NULL UNIQUE, Homework TEXT DEFAULT \"\",
    PRIMARY KEY(ID));";

/// What is in a database of a class.
const CLASS: &str = "
insert into UserData values ('DEFAULT', '03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4', 2);
insert into UserData values ('anna', '1c62590c99871030411c60c4780da31ec05c4db349e2f02d79c01228fccd9380', 1);
insert into PassKeys values ('00', 'anna', '127.0.0.1', 1);
insert into Homeworkdata values (1, 'Алгебра', '№ 12, 13'), (2, 'Физика', ''), (4, 'История', NULL);";

/// An old installation in a folder of its own.
struct Old(TempDir);

impl Old {
    /// With nothing in it.
    fn empty() -> Self {
        Old(tempfile::tempdir().unwrap())
    }

    /// With everything that belongs to it, as the API wrote it.
    async fn class() -> Self {
        let old = Self::empty();
        old.sql(TABLES).await;
        old.sql(CLASS).await;
        for day in 1..=6 {
            old.put(&format!("TextTimetable/{day}"), format!("{day}. Алгебра\n"));
            old.put(&format!("NumTimetable/{day}"), "1\n2\n4");
        }
        old.put("changes", "Физики не будет");
        old.put("NumericChanges", "-2\n-1\n-2\n-2\n-2\n-2\n-2\n-2");
        old
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn remove(&self, name: &str) {
        std::fs::remove_file(self.file(name)).unwrap();
    }

    async fn sql(&self, text: &str) {
        sqlx::any::install_default_drivers();
        let address = format!("sqlite://{}?mode=rwc", self.file("bot.db").display());
        let mut bot = AnyConnection::connect(&address).await.unwrap();
        for statement in text.split(';').filter(|statement| !statement.trim().is_empty()) {
            bot.execute(AssertSqlSafe(statement)).await.unwrap();
        }
        bot.close().await.unwrap();
    }

    async fn read(&self) -> Legacy {
        Legacy::read(self.path(), Encoding::Unsaid).await.unwrap()
    }

    async fn read_as_1251(&self) -> Legacy {
        Legacy::read(self.path(), Encoding::Windows1251).await.unwrap()
    }
}

/// Notes as they are told.
fn told(notes: &[Note]) -> Vec<String> {
    notes.iter().map(ToString::to_string).collect()
}

fn odd(legacy: &Legacy) -> Vec<String> {
    told(&legacy.report.oddities)
}

fn faults(legacy: &Legacy) -> Vec<String> {
    told(&legacy.report.faults)
}

/// The accounts: names and hashes.
fn hashes(legacy: &Legacy) -> Vec<(&str, Option<&str>)> {
    let mut hashes = Vec::new();
    for LegacyUser { name, password, .. } in &legacy.users {
        hashes.push((name.as_str(), password.as_ref().map(ExposeSecret::expose_secret)));
    }
    hashes
}
