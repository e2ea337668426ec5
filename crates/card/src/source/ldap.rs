//! A directory that follows SUPANN, or any other (`card.md`, section 4.1).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

/// Where a directory is and how people are found in it. Relative paths are from the folder of the configuration.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The servers, `ldaps://…` or `ldap://…`, the one that is asked first first.
    pub urls: Vec<String>,
    /// The certificates that are trusted, a PEM file. Default: those of the system.
    pub ca: Option<PathBuf>,
    /// Whether `ldap://` is made secure before anything is said. Default: false.
    #[serde(default)]
    pub start_tls: bool,
    /// Whether a password may go over `ldap://` to another machine, readable by all between. Default: false.
    #[serde(default)]
    pub allow_plain: bool,
    /// The service account. Default: none, which most directories tell little.
    #[serde(default)]
    pub bind_dn: String,
    /// Its password.
    pub bind_password: Option<SecretString>,
    /// Below what people are.
    pub base: String,
    /// What finds one of them; `{username}` or `{key}` stands for the key, which is escaped. Default: `(uid={username})`.
    #[serde(default = "filter")]
    pub filter: String,
    /// What finds all of them, to list them. Default: the filter, for any key.
    pub list_filter: Option<String>,
    /// The attribute that is the key in that list. Default: the first that the filter compares to the key.
    pub key_attribute: Option<String>,
    /// Attributes that an entry is given, of the value `true`, when a filter matches it. Default: none.
    #[serde(default)]
    pub flags: BTreeMap<String, String>,
    /// How long one person may take, in milliseconds. Default: 1500.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// The most connections at a time. Default: 8.
    #[serde(default = "connections")]
    pub connections: usize,
}

fn filter() -> String {
    "(uid={username})".to_owned()
}

fn timeout_ms() -> u64 {
    1500
}

fn connections() -> usize {
    8
}

impl Config {
    /// The keys that hold secrets.
    pub const SECRETS: &[&str] = &["bind_password"];
}

/// People of a directory.
pub struct Ldap {}

impl Ldap {
    /// Checks the settings; no server is asked yet.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(_: Config, _: &Path) -> Result<Self, String> {
        Ok(Ldap {})
    }
}

impl super::Source for Ldap {
    fn kind(&self) -> super::Kind {
        super::Kind::Ldap
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
