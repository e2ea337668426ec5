//! The same layout, written: so that a school can go back.

use std::path::Path;

use secrecy::ExposeSecret as _;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use tokio::fs;

use super::{Legacy, LegacyError, LegacySubject, LegacyUser};
use crate::db::escaped;
use crate::model::Role;

/// The tables of `bot.db`, as its own set-up made them.
const TABLES: &str = r#"
create table UserData (
    user VARCHAR(50) NOT NULL PRIMARY KEY,
    pass CHAR(64) NOT NULL,
    pr_level INTEGER NOT NULL DEFAULT 1 CHECK (pr_level IN (1, 2))
);
create table PassKeys (
    passkey CHAR(64) NOT NULL,
    user VARCHAR(50) NOT NULL,
    ip VARCHAR(45) NOT NULL,
    expiration_time INTEGER NOT NULL,
    FOREIGN KEY (user) REFERENCES UserData (user) ON DELETE CASCADE ON UPDATE CASCADE
);
create table Homeworkdata (
    ID INTEGER NOT NULL UNIQUE,
    Subject VARCHAR(50) NOT NULL UNIQUE,
    Homework TEXT DEFAULT "",
    PRIMARY KEY (ID)
);"#;

impl Legacy {
    /// Writes an installation into a folder, which is made if it is not there, and has to be empty if it is. Accounts that
    /// no password opens are left out, since the old board has no other kind. `bot.db` is for its owner alone.
    ///
    /// # Errors
    /// There is something in the folder, or it cannot be written.
    pub async fn write(&self, folder: &Path) -> Result<(), LegacyError> {
        let failed = |error| LegacyError::File(folder.to_owned(), error);
        fs::create_dir_all(folder).await.map_err(failed)?;
        let mut present = fs::read_dir(folder).await.map_err(failed)?;
        if present.next_entry().await.map_err(failed)?.is_some() {
            return Err(LegacyError::NotEmpty(folder.to_owned()));
        }
        for name in ["TextTimetable", "NumTimetable"] {
            fs::create_dir(folder.join(name)).await.map_err(failed)?;
        }
        for (day, (text, rows)) in (1..).zip(self.week.texts.iter().zip(&self.week.rows)) {
            put(&folder.join(format!("TextTimetable/{day}")), text).await?;
            put(&folder.join(format!("NumTimetable/{day}")), &lines(rows)).await?;
        }
        put(&folder.join("changes"), &self.changes.text).await?;
        put(&folder.join("NumericChanges"), &lines(&self.changes.rows)).await?;
        // Last: without it, the rest is no installation.
        self.write_database(&folder.join("bot.db")).await
    }

    async fn write_database(&self, path: &Path) -> Result<(), LegacyError> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        options.open(path).await.map_err(|error| LegacyError::File(path.to_owned(), error))?;
        self.fill(path).await.map_err(|error| LegacyError::Database(path.to_owned(), error))
    }

    async fn fill(&self, path: &Path) -> Result<(), sqlx::Error> {
        sqlx::any::install_default_drivers();
        let mut bot = AnyConnection::connect(&format!("sqlite://{}?mode=rw", escaped(path))).await?;
        let mut tx = bot.begin().await?;
        for table in TABLES.split(';').filter(|table| !table.trim().is_empty()) {
            tx.execute(AssertSqlSafe(table)).await?;
        }
        for LegacyUser { name, password, role } in &self.users {
            let Some(password) = password else { continue };
            sqlx::query("insert into UserData (user, pass, pr_level) values ($1, $2, $3)")
                .bind(name)
                .bind(password.expose_secret())
                .bind(if *role == Role::Head { 2_i64 } else { 1 })
                .execute(&mut *tx)
                .await?;
        }
        for LegacySubject { number, name, homework } in &self.subjects {
            sqlx::query("insert into Homeworkdata (ID, Subject, Homework) values ($1, $2, $3)")
                .bind(number)
                .bind(name)
                .bind(homework)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        bot.close().await
    }
}

/// Numbers as the old API wrote them: one a line, without a line feed at the end.
fn lines(numbers: &[i64]) -> String {
    numbers.iter().map(i64::to_string).collect::<Vec<_>>().join("\n")
}

async fn put(path: &Path, text: &str) -> Result<(), LegacyError> {
    fs::write(path, text).await.map_err(|error| LegacyError::File(path.to_owned(), error))
}
