//! The card manager esup-sgc (`card.md`, section 4.3).

use transport::{Transport, Url};

/// Where esup-sgc is. It lets in by the address that asks, so that there is nothing secret.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Its address, before `/wsrest`.
    pub url: Url,
    /// Which photos are asked for. Default: `photo`.
    #[serde(default)]
    pub photo: Photo,
    /// How long one answer may take, in milliseconds. Default: 1500.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
}

/// Which photos are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Photo {
    /// That of the enabled card.
    #[default]
    Photo,
    /// The same, of those who agreed to its being shown.
    Restricted,
    /// By student number, which is then the key; nothing but the photo is asked for.
    StudentNumber,
}

fn timeout_ms() -> u64 {
    1500
}

impl Config {
    /// The keys that hold secrets: none.
    pub const SECRETS: &[&str] = &[];
}

/// People of a card manager.
pub struct Sgc {}

impl Sgc {
    /// Checks the settings; no server is asked yet.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(_: Config, _: &Transport) -> Result<Self, String> {
        Ok(Sgc {})
    }
}

impl super::Source for Sgc {
    fn kind(&self) -> super::Kind {
        super::Kind::EsupSgc
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
