//! A source that says what a test wants.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use card::record::Record;
use card::source::{Answer, Kind, Picture, Source, SourceError};

/// People by their keys, and how the source behaves.
#[derive(Default)]
pub(crate) struct Fake {
    pub(crate) people: BTreeMap<String, Record>,
    pub(crate) photos: BTreeMap<String, Vec<Picture>>,
    pub(crate) delay: Duration,
    pub(crate) broken: bool,
    pub(crate) broken_photos: bool,
    pub(crate) asked: AtomicUsize,
    pub(crate) fetched: AtomicUsize,
}

impl Fake {
    /// Adds somebody.
    pub(crate) fn with(mut self, key: &str, attributes: &[(&str, &str)]) -> Self {
        let record = self.people.entry(key.to_owned()).or_default();
        attributes.iter().for_each(|(name, value)| record.add(name, *value));
        self
    }

    /// Adds a photo of somebody.
    pub(crate) fn photo(mut self, key: &str, bytes: &[u8]) -> Self {
        self.photos.entry(key.to_owned()).or_default().push(Picture::new(bytes.into()));
        self
    }

    pub(crate) fn slow(self, delay: Duration) -> Self {
        Fake { delay, ..self }
    }

    fn broken(&self) -> Result<(), SourceError> {
        if self.broken { Err(SourceError::Unreachable("it is unplugged".to_owned())) } else { Ok(()) }
    }
}

impl Source for Fake {
    fn kind(&self) -> Kind {
        Kind::Other("fake")
    }

    fn find<'a>(&'a self, key: &'a str, _: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(async move {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(self.delay).await;
            self.broken()?;
            Ok(self.people.get(key).cloned())
        })
    }

    fn photos<'a>(&'a self, key: &'a str, _: &'a str, _: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(async move {
            self.fetched.fetch_add(1, Ordering::SeqCst);
            if self.broken_photos {
                return Err(SourceError::Unreachable("it is unplugged".to_owned()));
            }
            Ok(self.photos.get(key).cloned().unwrap_or_default())
        })
    }

    fn has_photo<'a>(&'a self, key: &'a str, _: &'a str, _: &'a Record) -> Answer<'a, bool> {
        Box::pin(async move { Ok(self.photos.contains_key(key)) })
    }

    fn keys<'a>(&'a self, after: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async move {
            let later = self.people.keys().filter(|key| after.is_none_or(|after| key.as_str() > after));
            Ok(Some(later.take(2).cloned().collect()))
        })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(async move {
            tokio::time::sleep(self.delay).await;
            self.broken()?;
            Ok("it works".to_owned())
        })
    }
}

/// A picture as a JPEG.
pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    // No two pixels alike, so that it does not become small.
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let mixed = (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).wrapping_mul(2_246_822_519);
        image::Rgb([mixed as u8, (mixed >> 8) as u8, (mixed >> 16) as u8])
    });
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}
