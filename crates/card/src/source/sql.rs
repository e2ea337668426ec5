//! A table or view (`card.md`, section 4.4).
//!
//! One query, which is the institution's own; its columns are the attributes. Nothing is ever changed: the database is
//! opened to be read, whatever the query and the rights of the account.

mod engine;
mod query;
mod value;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::timeout;

use self::engine::Engine;
use self::query::Query;
use super::folder::Folder;
use super::listing::{self, Listing};
use super::{Answer, Kind, Picture, Source, SourceError, key};
use crate::record::{Datum, Record};

/// How long listing all keys may take: nobody waits in front of it.
const LIST_PATIENCE: Duration = Duration::from_secs(30);
/// How many rows are read: two are enough to know that it is not one; more when some of them may not be of the key.
const ROWS: usize = 2;
const LIKELY_ROWS: usize = 16;

/// Where a database is and how people are found in it. Relative paths are from the folder of the configuration.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `sqlite:people.db`, `postgres://…` or `mysql://…` (MariaDB too). A server that is not on this machine is only
    /// spoken to securely, unless the URL says otherwise (`sslmode=…`, `ssl-mode=…`).
    pub url: SecretString,
    /// The password, when it is not in the URL.
    pub password: Option<SecretString>,
    /// The certificates that are trusted, a PEM file. Default: those that browsers trust.
    pub ca: Option<PathBuf>,
    /// The query that finds a person; `:key` or `:username` stands for the key.
    pub query: String,
    /// A query whose first column is the key of every person, to list them. Default: people are not listed.
    pub list: Option<String>,
    /// A column that has to be the key, but for its case: for databases that take `é` for `e`. Default: none.
    pub key_column: Option<String>,
    /// A folder of photos, when a column is the name of a file in it. Default: photos are in a column, as bytes or base64.
    pub photos: Option<PathBuf>,
    /// How many bytes of photos are kept in memory, of such a folder. Default: 16 MiB.
    #[serde(default = "super::csv::photo_cache_bytes")]
    pub photo_cache_bytes: u64,
    /// How long one person may take, in milliseconds. Default: 1500.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// The most connections at a time. Default: 8.
    #[serde(default = "connections")]
    pub connections: u32,
}

fn timeout_ms() -> u64 {
    1500
}

fn connections() -> u32 {
    8
}

impl Config {
    /// The keys that hold secrets, or may.
    pub const SECRETS: &[&str] = &["url", "password"];
}

/// People of a database.
pub struct Sql {
    engine: Engine,
    query: Query,
    /// What lists all people, with a connection of its own that may be slower.
    list: Option<(Engine, Query)>,
    key_column: Option<String>,
    photos: Option<Folder>,
    patience: Duration,
    columns: OnceLock<Vec<String>>,
    listing: Listing,
}

impl Sql {
    /// Checks the settings; no server is asked yet. To be called within a Tokio runtime.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(config: Config, folder: &Path) -> Result<Self, String> {
        tokio::runtime::Handle::try_current().map_err(|error| error.to_string())?;
        let patience = Duration::from_millis(config.timeout_ms.max(1));
        let engine = Engine::open(&config, folder, patience, config.connections.clamp(1, 100))?;
        let query = Query::read(&config.query, engine.dialect()).map_err(|why| format!("`query`: {why}"))?;
        if query.keys == 0 {
            return Err("`query` has no `:key` in it".to_owned());
        }
        let list = match &config.list {
            Some(text) => {
                let query = Query::read(text, engine.dialect()).map_err(|why| format!("`list`: {why}"))?;
                if query.keys > 0 {
                    return Err("`list` is for no single key".to_owned());
                }
                Some((Engine::open(&config, folder, LIST_PATIENCE, 1)?, query))
            }
            None => None,
        };
        let photos =
            config.photos.map(|photos| Folder::open(folder.join(photos), config.photo_cache_bytes)).transpose()?;
        let key_column = config.key_column.map(|name| key::column(&name));
        let (columns, listing) = (OnceLock::new(), Listing::default());
        Ok(Sql { engine, query, list, key_column, photos, patience, columns, listing })
    }

    async fn within<T>(&self, work: impl Future<Output = Result<T, SourceError>>) -> Result<T, SourceError> {
        let slow = SourceError::Slow(u64::try_from(self.patience.as_millis()).unwrap_or(u64::MAX));
        timeout(self.patience, work).await.unwrap_or(Err(slow))
    }

    async fn find(&self, key: &str) -> Result<Option<Record>, SourceError> {
        if !key::askable(key) {
            return Ok(None);
        }
        let most = if self.key_column.is_some() { LIKELY_ROWS } else { ROWS };
        let mut found = self.engine.records(&self.query, key, most).await?;
        if found.len() == LIKELY_ROWS {
            return Err(SourceError::Ambiguous);
        }
        if let Some(column) = &self.key_column {
            let is_of_key = |value: &Datum| value.text().is_some_and(|held| key::same(held, key));
            found.retain(|record| record.get(column).iter().any(is_of_key));
        }
        if found.len() > 1 {
            return Err(SourceError::Ambiguous);
        }
        Ok(found.pop())
    }

    async fn look(&self) -> Result<String, SourceError> {
        let columns = self.engine.columns(&self.query).await?;
        if let Some(twice) = columns.iter().enumerate().find(|(at, name)| columns[..*at].contains(name)) {
            return Err(SourceError::Unreadable(format!("two columns are called `{}`", twice.1)));
        }
        if let Some(name) = self.key_column.as_ref().filter(|name| !columns.contains(name)) {
            return Err(SourceError::Unreadable(format!("the query has no column `{name}`")));
        }
        if let Some((_, list)) = &self.list {
            self.engine.columns(list).await?;
        }
        let seen = format!("the query has {} columns", columns.len());
        let _ = self.columns.set(columns);
        Ok(seen)
    }

    /// The photos of a cell.
    async fn pictures(&self, cells: &[Datum]) -> Result<Vec<Picture>, SourceError> {
        let mut pictures = Vec::new();
        for cell in cells {
            match (cell, &self.photos) {
                (Datum::Bytes(bytes), _) => pictures.push(Picture::new(bytes.clone())),
                (Datum::Text(name), Some(folder)) => pictures.extend(folder.pictures(name).await?),
                (Datum::Text(text), None) => pictures.push(Picture::written_out(text)),
            }
        }
        Ok(pictures)
    }
}

impl Source for Sql {
    fn kind(&self) -> Kind {
        Kind::Sql
    }

    fn find<'a>(&'a self, key: &'a str, _: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(self.within(self.find(key)))
    }

    fn photos<'a>(&'a self, _: &'a str, attribute: &'a str, record: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(self.pictures(record.get(attribute)))
    }

    fn has_photo<'a>(&'a self, _: &'a str, attribute: &'a str, record: &'a Record) -> Answer<'a, bool> {
        Box::pin(async move {
            for cell in record.get(attribute) {
                let has = match (cell, &self.photos) {
                    (Datum::Text(name), Some(folder)) => folder.has(name).await?,
                    _ => true,
                };
                if has {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    fn keys<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async move {
            let Some((engine, list)) = &self.list else { return Ok(None) };
            if let Some(page) = after.and_then(|after| self.listing.page(after)) {
                return Ok(Some(page));
            }
            let keys = engine.texts(list, listing::MOST).await?;
            Ok(Some(self.listing.keep(keys, after)))
        })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(self.within(self.look()))
    }

    /// Known from the first [`check`](Source::check) that found the database well.
    fn columns(&self) -> Option<Vec<String>> {
        self.columns.get().cloned()
    }
}
