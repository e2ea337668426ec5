//! What a source is given, whatever its kind.

use std::path::Path;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error as _};
use transport::Transport;

use super::{Source, csv, ldap, rest, sgc, sql};

/// The settings of one source: a `[[card.source]]` without what is common to all kinds.
#[derive(Debug)]
pub enum Settings {
    /// A directory.
    Ldap(Box<ldap::Config>),
    /// A table or view.
    Sql(Box<sql::Config>),
    /// A file.
    Csv(Box<csv::Config>),
    /// JSON over HTTP.
    Rest(Box<rest::Config>),
    /// The card manager esup-sgc.
    EsupSgc(Box<sgc::Config>),
}

/// What a source is opened with.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Where relative paths begin.
    pub folder: &'a Path,
    /// The way out over HTTP.
    pub transport: &'a Transport,
}

impl Settings {
    /// The kinds that there are, as `kind` names them.
    pub const KINDS: &[&str] = &["ldap", "sql", "csv", "rest", "esup-sgc"];

    /// The keys of a kind that hold secrets, which are to be resolved before [`read`](Self::read). `None` when there is no
    /// such kind.
    #[must_use]
    pub fn secrets(kind: &str) -> Option<&'static [&'static str]> {
        Some(match kind {
            "ldap" => ldap::Config::SECRETS,
            "sql" => sql::Config::SECRETS,
            "csv" => csv::Config::SECRETS,
            "rest" => rest::Config::SECRETS,
            "esup-sgc" => sgc::Config::SECRETS,
            _ => return None,
        })
    }

    /// Reads the table of a source of a kind, without `kind` and what is common to all.
    ///
    /// # Errors
    /// There is no such kind, or the table is not one of it.
    pub fn read<'de, D: Deserializer<'de>>(kind: &str, table: D) -> Result<Self, D::Error> {
        Ok(match kind {
            "ldap" => Settings::Ldap(Box::new(ldap::Config::deserialize(table)?)),
            "sql" => Settings::Sql(Box::new(sql::Config::deserialize(table)?)),
            "csv" => Settings::Csv(Box::new(csv::Config::deserialize(table)?)),
            "rest" => Settings::Rest(Box::new(rest::Config::deserialize(table)?)),
            "esup-sgc" => Settings::EsupSgc(Box::new(sgc::Config::deserialize(table)?)),
            _ => return Err(D::Error::unknown_variant(kind, Self::KINDS)),
        })
    }

    /// Opens the source. Files are read; servers are not asked yet.
    ///
    /// # Errors
    /// What is wrong with the settings, in a sentence that holds no secret.
    pub fn open(self, around: Surroundings<'_>) -> Result<Arc<dyn Source>, String> {
        Ok(match self {
            Settings::Ldap(config) => Arc::new(ldap::Ldap::open(*config, around.folder)?),
            Settings::Sql(config) => Arc::new(sql::Sql::open(*config, around.folder)?),
            Settings::Csv(config) => Arc::new(csv::Csv::open(*config, around.folder)?),
            Settings::Rest(config) => Arc::new(rest::Rest::open(*config, around.transport)?),
            Settings::EsupSgc(config) => Arc::new(sgc::Sgc::open(*config, around.transport)?),
        })
    }
}
