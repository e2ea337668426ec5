//! A table or view (`card.md`, section 4.4).

use std::path::{Path, PathBuf};

use secrecy::SecretString;

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
pub struct Sql {}

impl Sql {
    /// Checks the settings; no server is asked yet. To be called within a Tokio runtime.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(_: Config, _: &Path) -> Result<Self, String> {
        Ok(Sql {})
    }
}

impl super::Source for Sql {
    fn kind(&self) -> super::Kind {
        super::Kind::Sql
    }
    fn find<'a>(&'a self, _: &'a str, _: &'a [String]) -> super::Answer<'a, Option<crate::record::Record>> {
        Box::pin(async { Err(super::SourceError::Unreadable("being built".to_owned())) })
    }
    fn photos<'a>(
        &'a self,
        _: &'a str,
        _: &'a str,
        _: &'a crate::record::Record,
    ) -> super::Answer<'a, Vec<super::Picture>> {
        Box::pin(async { Err(super::SourceError::Unreadable("being built".to_owned())) })
    }
    fn keys<'a>(&'a self, _: Option<&'a str>) -> super::Answer<'a, Option<Vec<String>>> {
        Box::pin(async { Ok(None) })
    }
    fn check(&self) -> super::Answer<'_, String> {
        Box::pin(async { Err(super::SourceError::Unreadable("being built".to_owned())) })
    }
}
