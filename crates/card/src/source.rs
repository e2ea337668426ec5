//! Where the data of people comes from (`card.md`, section 4): one trait, and one file for each kind.
//!
//! What a source cannot tell is an error; what it does not know is `None`. Whoever asks turns the first into "try again
//! later" and the second, of the source that identifies people, into "no such person": they are never mixed up.

pub mod csv;
mod folder;
mod http;
mod key;
pub mod ldap;
mod listing;
mod pace;
pub mod rest;
mod settings;
pub mod sgc;
pub mod sql;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub use self::settings::{Settings, Surroundings};
use crate::record::Record;

/// An answer that is awaited.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SourceError>> + Send + 'a>>;

/// What kind of thing a source is, as the configuration and the answers name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A directory.
    Ldap,
    /// A table or view.
    Sql,
    /// A file.
    Csv,
    /// JSON over HTTP, in whatever form.
    Rest,
    /// The card manager esup-sgc.
    EsupSgc,
    /// One that was plugged in from outside this crate, by its name.
    Other(&'static str),
}

impl Kind {
    /// Its name in the configuration.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Ldap => "ldap",
            Kind::Sql => "sql",
            Kind::Csv => "csv",
            Kind::Rest => "rest",
            Kind::EsupSgc => "esup-sgc",
            Kind::Other(name) => name,
        }
    }
}

/// A picture as a source gives it, with the digest by which what was made of it is found again.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Arc<[u8]>,
    /// Its SHA-256.
    pub digest: [u8; 32],
}

impl Picture {
    /// A picture with its digest.
    #[must_use]
    pub fn new(bytes: Arc<[u8]>) -> Self {
        let mut digest = [0; 32];
        digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, &bytes).as_ref());
        Picture { bytes, digest }
    }

    /// A picture that is written as base64, perhaps as a data URI and in lines. What is not is no picture either, and
    /// whoever makes it ready says so.
    pub(crate) fn written_out(text: &str) -> Self {
        let encoded = match text.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
            Some((_, encoded)) => encoded,
            None => text,
        };
        let encoded: Vec<u8> = encoded.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        Picture::new(STANDARD.decode(encoded).unwrap_or_else(|_| text.as_bytes().to_vec()).into())
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({} bytes)", self.bytes.len())
    }
}

/// Something that knows people by a key.
pub trait Source: Send + Sync {
    /// What kind of thing it is.
    fn kind(&self) -> Kind;

    /// What it says of the person with a key; `None` when it knows nobody by it. Only the attributes that are asked for are
    /// fetched where that can be said; more may come. Two people with one key are [`SourceError::Ambiguous`].
    fn find<'a>(&'a self, key: &'a str, attributes: &'a [String]) -> Answer<'a, Option<Record>>;

    /// The photos in an attribute of the person with a key, the best first, as they are there; none, if there is none.
    /// What [`find`](Self::find) said of the person is at hand, for sources whose photo is named by another column.
    fn photos<'a>(&'a self, key: &'a str, attribute: &'a str, record: &'a Record) -> Answer<'a, Vec<Picture>>;

    /// Whether there is a photo, when it need not be fetched.
    fn has_photo<'a>(&'a self, key: &'a str, attribute: &'a str, record: &'a Record) -> Answer<'a, bool> {
        Box::pin(async move { Ok(!self.photos(key, attribute, record).await?.is_empty()) })
    }

    /// The keys of all people, a page at a time: those after `after`, in the order of the source; an empty page ends them.
    /// `None` when the source cannot list people.
    fn keys<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Option<Vec<String>>>;

    /// Whether it works now: reached, let in, and with what its configuration names. Tells what was seen, in a few words
    /// that name nobody.
    fn check(&self) -> Answer<'_, String>;

    /// The attributes there are, when the source knows them all beforehand (the columns of a file or of a query).
    fn columns(&self) -> Option<Vec<String>> {
        None
    }
}

/// Why a source could not tell. No message names a person, a secret or a value.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It did not answer in time.
    #[error("it did not answer within {0} ms")]
    Slow(u64),
    /// It cannot be reached.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It does not let the service account in.
    #[error("it refuses the service account: {0}")]
    Refused(String),
    /// It knows two people by one key.
    #[error("it knows more than one person by one key")]
    Ambiguous,
    /// It answers what cannot be understood.
    #[error("{0}")]
    Unreadable(String),
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
