//! The photo: the first that is usable. It is the expensive part, and only fetched when nothing else stands against a card.

use super::Stop;
use super::asking::Asking;
use crate::config::{Given, Report};
use crate::derive::Undecided;
use crate::expression::Reference;
use crate::model::{Code, Photo};
use crate::photo::{Fault, OnFailure, Photos};
use crate::record::Record;
use crate::source::SourceError;

impl<'c> Asking<'c> {
    /// The photo. Beside other codes it is only looked whether there is one, if all codes are to be reported.
    pub(super) async fn photo(&mut self, photos: &Photos, codes: &mut Vec<Code>) -> Result<Option<Photo>, Stop> {
        let config = self.derivation.config;
        if codes.is_empty() {
            for refers in &config.photo {
                if let Some(photo) = self.fetch(photos, refers).await? {
                    return Ok(Some(photo));
                }
            }
        } else {
            if config.report == Report::First || codes.contains(&Code::NoPhoto) {
                return Ok(None);
            }
            for refers in &config.photo {
                if self.exists(refers).await? {
                    return Ok(None);
                }
            }
        }
        codes.push(Code::NoPhoto);
        Ok(None)
    }

    /// The source of a photo with the key by which it knows the person, if it does.
    fn holder(&self, refers: &Reference) -> Option<(&'c Given, &str, &Record)> {
        let given = self.derivation.config.sources.iter().find(|given| given.name == refers.source)?;
        let key = self.keys.get(given.name.as_str())?;
        Some((given, key, self.derivation.facts.record(&given.name)?))
    }

    async fn exists(&mut self, refers: &Reference) -> Result<bool, Stop> {
        let Some((given, key, record)) = self.holder(refers) else { return Ok(false) };
        let said = self.within(given, given.source.has_photo(key, &refers.attribute, record)).await;
        if let Ok(there) = &said {
            let there = if *there { "there is one" } else { "there is none" };
            self.told(format!("{refers}: {there}; it is not fetched, as there is no card anyway"));
        }
        said.or_else(|error| self.failed(given, refers, error, false))
    }

    async fn fetch(&mut self, photos: &Photos, refers: &Reference) -> Result<Option<Photo>, Stop> {
        let Some((given, key, record)) = self.holder(refers) else {
            self.told(format!("{refers}: the source does not know the person"));
            return Ok(None);
        };
        let said = self.within(given, given.source.photos(key, &refers.attribute, record)).await;
        let pictures = match said {
            Ok(pictures) => pictures,
            Err(error) => return self.failed(given, refers, error, None),
        };
        if pictures.is_empty() {
            self.told(format!("{refers}: there is none"));
        }
        for picture in &pictures {
            match self.in_time(photos.ready(picture)).await {
                Some(Ok(photo)) => {
                    let (length, (width, height)) = (picture.bytes.len(), photo.size);
                    let made = photo.bytes();
                    self.told(format!("{refers}: {length} bytes, made into {width} × {height}, {made} bytes"));
                    return Ok(Some(photo));
                }
                Some(Err(Fault::Ending)) => return Err(late(given, &Fault::Ending.to_string())),
                Some(Err(fault)) => {
                    tracing::warn!(source = given.name, "a photo is not usable: {fault}");
                    self.told(format!("{refers}: not usable: {fault}"));
                }
                None => return Err(late(given, "the photo was not ready in time")),
            }
        }
        Ok(None)
    }

    /// What it means that a source fails that photos are in.
    fn failed<T>(&mut self, given: &Given, refers: &Reference, error: SourceError, none: T) -> Result<T, Stop> {
        self.told(format!("{refers}: {error}"));
        if given.optional || self.derivation.config.photos.on_failure == OnFailure::None {
            tracing::warn!(source = given.name, "photos could not be fetched, and count as none: {error}");
            return Ok(none);
        }
        Err(Stop::Source(given.name.clone(), error))
    }

    fn told(&mut self, what: String) {
        self.derivation.tell(|trace, _| trace.photos.push(what));
    }
}

fn late(given: &Given, why: &str) -> Stop {
    Stop::Data(Undecided { source: given.name.clone(), why: why.to_owned() })
}
