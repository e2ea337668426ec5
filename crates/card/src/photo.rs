//! Photos, made ready to be sent (`card.md`, section 7): turned upright, small, and without anything but the picture.
//!
//! A source gives a file; [`make`] makes of it a JPEG within bounds, or says why it cannot. [`Photos`] does so off the
//! threads that answer, few at a time, and remembers what came of it, so that a picture is decoded once.

mod jpeg;
mod make;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use quick_cache::sync::Cache;
use quick_cache::{OptionsBuilder, Weighter};
use serde::Deserialize;
use tokio::sync::{Semaphore, oneshot};

use crate::model::Photo;
use crate::source::Picture;

pub use make::make;
use make::{Made, made};

/// The most bytes of a file that are looked at.
pub const MOST_BYTES: usize = 10_000_000;
/// The most pixels of a picture that is decoded, as its first bytes announce them.
pub const MOST_PIXELS: u64 = 40_000_000;
/// How many are decoded at once: one of the most pixels takes some 400 MB while it lasts.
const AT_ONCE: usize = 2;
/// The bytes that `max_bytes` can be. More would not fit in an answer; with fewer there would be nothing to recognize.
const BYTES: std::ops::RangeInclusive<usize> = 4_000..=290_000;
/// The pixels that `width` and `height` can be.
const SIDE: std::ops::RangeInclusive<u32> = 16..=2_000;

/// How photos are made ready: `[card.photo]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The greatest width in pixels. Default: 480.
    pub width: u32,
    /// The greatest height in pixels. Default: 640.
    pub height: u32,
    /// The most bytes of the JPEG. Default: 200 000.
    pub max_bytes: usize,
    /// The proportions that a picture is cropped to, around its center, such as `"3:4"`. Default: its own are kept.
    pub crop: Option<Crop>,
    /// Pictures that are no photo, such as the grey silhouette of people without one: `"sha256:…"` of their files.
    pub placeholders: HashSet<Digest>,
    /// What it means that a source of photos fails. Default: `"error"`.
    pub on_failure: OnFailure,
    /// The memory for photos that are ready, in bytes. Default: 64 MB.
    pub cache_bytes: u64,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            width: 480,
            height: 640,
            max_bytes: 200_000,
            crop: None,
            placeholders: HashSet::new(),
            on_failure: OnFailure::Error,
            cache_bytes: 64_000_000,
        }
    }
}

impl Config {
    /// What is wrong with it; each fault begins with the name of the setting.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, side) in [("width", self.width), ("height", self.height)] {
            if !SIDE.contains(&side) {
                faults.push(format!("{name}: a photo has between {} and {} pixels", SIDE.start(), SIDE.end()));
            }
        }
        if !BYTES.contains(&self.max_bytes) {
            faults.push(format!("max_bytes: a photo has between {} and {} bytes", BYTES.start(), BYTES.end()));
        }
        faults
    }
}

/// What it means that a source of photos fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnFailure {
    /// That nothing can be told now.
    Error,
    /// That there is no photo, although there may be one.
    None,
}

/// Proportions, written `"3:4"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Crop {
    width: u32,
    height: u32,
}

impl TryFrom<String> for Crop {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=100).contains(side));
        text.split_once(':')
            .and_then(|(width, height)| Some(Crop { width: side(width)?, height: side(height)? }))
            .ok_or("proportions are two numbers up to 100, such as \"3:4\"")
    }
}

/// The SHA-256 of a file, written `"sha256:…"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Digest(pub [u8; 32]);

impl TryFrom<String> for Digest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for Digest {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut digest = [0; 32];
        let whole = text.strip_prefix("sha256:").filter(|hex| hex.len() == 64);
        match whole.and_then(|hex| base16ct::mixed::decode(hex, &mut digest).ok()) {
            Some(_) => Ok(Digest(digest)),
            None => Err("a digest is \"sha256:\" and 64 hexadecimal digits"),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", base16ct::lower::encode_string(&self.0))
    }
}

/// Why a picture is no usable photo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There are no bytes in it.
    #[error("the file is empty")]
    Empty,
    /// It is too long a file; how long.
    #[error("the file has {0} bytes, more than {MOST_BYTES}")]
    TooManyBytes(usize),
    /// It is too large a picture, or takes too much memory.
    #[error("the picture has {0} × {1} pixels, more than are decoded")]
    TooManyPixels(u32, u32),
    /// It is a picture of a kind that is not read.
    #[error("the file is {0}; JPEG, PNG, WebP and GIF are read")]
    Unread(&'static str),
    /// It is not known to be a picture at all.
    #[error("the file is no picture")]
    NoPicture,
    /// It is cut short, or damaged.
    #[error("the {0} file is damaged")]
    Damaged(&'static str),
    /// It does not become small enough.
    #[error("the picture does not become small enough")]
    Large,
    /// It is in the list of those that are no photo.
    #[error("the file is one of the placeholders")]
    Placeholder,
    /// The program is ending, and makes no more.
    #[error("no photo is made any more: the program is ending")]
    Ending,
}

/// Makes photos ready, and remembers them.
pub struct Photos {
    config: Arc<Config>,
    made: Arc<Cache<[u8; 32], Result<Made, Fault>, Weight>>,
    turns: Arc<Semaphore>,
}

impl Photos {
    /// Nothing is remembered yet.
    #[must_use]
    pub fn new(config: Config) -> Self {
        // Two halves, so that a large photo fits in its half.
        let expected = usize::try_from(config.cache_bytes / 50_000).unwrap_or(usize::MAX).clamp(16, 1_000_000);
        let options = OptionsBuilder::new()
            .estimated_items_capacity(expected)
            .weight_capacity(config.cache_bytes)
            .shards(2)
            .build();
        let made = match options {
            Ok(options) => Cache::with_options(options, Weight, Default::default(), Default::default()),
            Err(_) => Cache::with_weighter(expected, config.cache_bytes, Weight),
        };
        Photos { config: Arc::new(config), made: Arc::new(made), turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// Makes a picture ready, or finds what it was made into. Whoever asks for the same picture meanwhile waits for it.
    ///
    /// # Errors
    /// It is no usable photo.
    pub async fn ready(&self, picture: &Picture) -> Result<Photo, Fault> {
        if self.config.placeholders.contains(&Digest(picture.digest)) {
            return Err(Fault::Placeholder);
        }
        let making = async {
            // The turn goes along, since nobody stops a picture that is being decoded, not even who no longer waits for it.
            let turn = self.turns.clone().acquire_owned().await.map_err(|_| Fault::Ending)?;
            let (bytes, config) = (picture.bytes.clone(), self.config.clone());
            let (digest, remembered) = (picture.digest, Arc::clone(&self.made));
            let (tell, told) = oneshot::channel();
            tokio::task::spawn_blocking(move || {
                let made = made(&bytes, &config);
                drop(turn);
                // Who no longer waits asks again, and is not to wait for the same another time.
                if let Err(made) = tell.send(made) {
                    remembered.insert(digest, made);
                }
            });
            told.await.map_err(|_| Fault::Ending)
        };
        Ok(self.made.get_or_insert_async(&picture.digest, making).await??.photo(&picture.bytes))
    }

    /// Forgets all that was made.
    pub fn clear(&self) {
        self.made.clear();
    }

    /// The memory of what is remembered, in bytes.
    #[must_use]
    pub fn weight(&self) -> u64 {
        self.made.weight()
    }
}

impl fmt::Debug for Photos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Photos").field("config", &self.config).finish_non_exhaustive()
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<[u8; 32], Result<Made, Fault>> for Weight {
    fn weight(&self, _: &[u8; 32], made: &Result<Made, Fault>) -> u64 {
        let entry = size_of::<([u8; 32], Result<Made, Fault>)>();
        let photo = match made {
            Ok(Made::New(photo)) => photo.uri.len(),
            Ok(Made::Unchanged(_)) | Err(_) => 0,
        };
        (entry + photo) as u64
    }
}

#[cfg(test)]
mod tests;
