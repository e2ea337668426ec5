//! Files and links attached to things of the school.

use serde::{Deserialize, Serialize};

use super::FileId;
use super::ids::numbered;

/// A file or a link, with its name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// The number.
    pub id: FileId,
    /// The file name, or the label of the link.
    pub name: String,
    /// What is behind it.
    pub body: Body,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// A link to this address.
    Url(String),
    /// A text file.
    Text(String),
    /// Any bytes, in base64.
    Bytes(#[serde(with = "base64_text")] Vec<u8>),
    /// A one-page PDF written when it is asked for, with these lines.
    Pdf(Vec<String>),
    /// A picture drawn when it is asked for: a square of this colour (`#RRGGBB`).
    Picture(String),
}

impl File {
    /// Whether it is a link: PRONOTE's attachment kind 0, a file being 1 (data §1.9).
    pub fn is_link(&self) -> bool {
        matches!(self.body, Body::Url(_))
    }

    /// The media type, guessed from the name for plain bytes.
    pub fn media_type(&self) -> &'static str {
        match &self.body {
            Body::Url(_) | Body::Text(_) => "text/plain; charset=utf-8",
            Body::Pdf(_) => "application/pdf",
            Body::Picture(_) => "image/png",
            Body::Bytes(_) => match self.name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase().as_str() {
                "pdf" => "application/pdf",
                "png" => "image/png",
                "jpg" | "jpeg" => "image/jpeg",
                "txt" => "text/plain; charset=utf-8",
                "html" => "text/html; charset=utf-8",
                _ => "application/octet-stream",
            },
        }
    }
}

numbered! {
    File: FileId;
}

mod base64_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        STANDARD.encode(bytes).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(serde::de::Error::custom)
    }
}
