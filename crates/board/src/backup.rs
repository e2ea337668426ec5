//! A copy of the database, made while others write to it.

use std::path::Path;

use sqlx::Executor as _;

use crate::{Board, Error};

impl Board {
    /// Copies the database as it is at one moment into a file that is not there yet. It holds hashes of passwords, and is
    /// for its owner alone.
    ///
    /// # Errors
    /// The file is there, it cannot be written, or the database is no SQLite.
    pub async fn backup(&self, to: &Path) -> Result<(), Error> {
        let failed = |error| Error::Folder("make a copy of the database", error);
        if self.0.db.is_postgres() {
            return Err(Error::invalid("/database", "a PostgreSQL is copied with its own tools, such as pg_dump"));
        }
        // Any other name would reach SQLite as another.
        let Some(name) = to.to_str() else {
            return Err(failed(std::io::ErrorKind::InvalidFilename.into()));
        };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(to).map_err(failed)?;
        // An empty file is written into as if it were not there.
        let copied = self.0.db.pool().execute(sqlx::query("vacuum into $1").bind(name)).await;
        let copied = copied.map_err(Error::database("make a copy")).and_then(|_| file.sync_all().map_err(failed));
        if copied.is_err() {
            // Half a copy is of no use to anyone.
            let _ = std::fs::remove_file(to);
        }
        copied
    }
}
