//! JSON over HTTP, in whatever form (`card.md`, section 4.6).

use std::collections::BTreeMap;

use secrecy::SecretString;
use transport::{Transport, Url};

/// What is asked, and where in the answer things are.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address of a person, with `{key}` in its path or query.
    pub url: String,
    /// How to be let in. Default: without anything.
    #[serde(default)]
    pub auth: Auth,
    /// The token, for `bearer` and `header`.
    pub token: Option<SecretString>,
    /// The header of the token, for `header`, such as `X-Api-Key`.
    pub header: Option<String>,
    /// The account, for `basic` and `cas`.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<SecretString>,
    /// Where the token is fetched, for `cas`.
    pub token_url: Option<Url>,
    /// Attributes, each with the JSON pointer of its value. `*` in a pointer is every element of an array, and an array
    /// that it leads to is several values.
    pub attributes: BTreeMap<String, String>,
    /// Answers that say that there is no such person. Default: the status 404.
    #[serde(default = "not_found")]
    pub not_found: Vec<Pattern>,
    /// The address of a photo, which is the attribute `photo`, with `{key}` or an attribute in its place. Default: none.
    pub photo_url: Option<String>,
    /// How long one answer may take, in milliseconds. Default: 1500.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// The largest answer, in bytes. Default: 4 MiB.
    #[serde(default = "max_bytes")]
    pub max_bytes: usize,
}

/// How to be let in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// Without anything.
    #[default]
    None,
    /// A token that does not change.
    Bearer,
    /// An account.
    Basic,
    /// A key in a header of its own.
    Header,
    /// A token that an account fetches from CAS, and that ends.
    Cas,
}

/// An answer that is recognized.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// Its status.
    pub status: u16,
    /// A text in its body. Default: any.
    pub text: Option<String>,
}

fn not_found() -> Vec<Pattern> {
    vec![Pattern { status: 404, text: None }]
}

fn timeout_ms() -> u64 {
    1500
}

fn max_bytes() -> usize {
    4 << 20
}

impl Config {
    /// The keys that hold secrets.
    pub const SECRETS: &[&str] = &["token", "password"];
}

/// People of a server that speaks JSON.
pub struct Rest {}

impl Rest {
    /// Checks the settings; no server is asked yet.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(_: Config, _: &Transport) -> Result<Self, String> {
        Ok(Rest {})
    }
}

impl super::Source for Rest {
    fn kind(&self) -> super::Kind {
        super::Kind::Rest
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
