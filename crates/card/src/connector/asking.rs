//! Asks the sources: first the one that identifies people, then the others, at once where one does not wait for another.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, timeout_at};

use super::Stop;
use crate::config::Given;
use crate::derive::Derivation;
use crate::explain::Asked;
use crate::record::Record;
use crate::source::{Answer, SourceError};

/// On the way through the sources.
pub(super) struct Asking<'c> {
    pub(super) derivation: Derivation<'c>,
    /// The keys by which sources knew the person, by their names.
    pub(super) keys: BTreeMap<&'c str, String>,
    /// Who was asked, and how long it took.
    pub(super) asked: Vec<(String, Duration)>,
    /// When an answer has to be there.
    deadline: Instant,
}

impl<'c> Asking<'c> {
    pub(super) fn new(derivation: Derivation<'c>, deadline: Instant) -> Self {
        Asking { derivation, keys: BTreeMap::new(), asked: Vec::new(), deadline }
    }

    /// Asks the source that identifies people; tells whether it knows the person.
    pub(super) async fn identify(&mut self, login: &str) -> Result<bool, Stop> {
        // A configuration without a source is not read.
        let Some(given) = self.derivation.config.sources.first() else { return Ok(false) };
        let (said, took) = self.ask(given, login).await;
        self.hear(given, login.to_owned(), said, took)
    }

    /// Asks the other sources, each as soon as its key is known.
    pub(super) async fn join(&mut self) -> Result<(), Stop> {
        let mut waiting: Vec<&'c Given> = self.derivation.config.sources.iter().skip(1).collect();
        while !waiting.is_empty() {
            let known = |given: &&Given| {
                let mut refers = given.key.iter().flat_map(|key| &key.refers);
                refers.all(|refers| self.derivation.facts.record(&refers.source).is_some())
            };
            let (ready, later): (Vec<_>, Vec<_>) = waiting.into_iter().partition(known);
            if ready.is_empty() {
                break;
            }
            waiting = later;
            let mut asks = Vec::new();
            for given in ready {
                let key = match &given.key {
                    Some(key) => self.derivation.key(key)?,
                    None => None,
                };
                match key {
                    Some(key) => asks.push((given, key)),
                    None => self.skip(given),
                }
            }
            let said = join_all(asks.iter().map(|(given, key)| self.ask(given, key))).await;
            for ((given, key), (said, took)) in asks.into_iter().zip(said) {
                self.hear(given, key, said, took)?;
            }
        }
        Ok(())
    }

    async fn ask(&self, given: &Given, key: &str) -> (Result<Option<Record>, SourceError>, Duration) {
        let begun = Instant::now();
        let said = self.within(given, given.source.find(key, &given.attributes)).await;
        (said, begun.elapsed())
    }

    /// Waits for a source, for as long as it is given, and within the time that is left for all.
    pub(super) async fn within<T>(&self, given: &Given, answer: Answer<'_, T>) -> Result<T, SourceError> {
        let begun = Instant::now();
        let until = self.deadline.min(begun + given.timeout);
        let slow = || {
            let waited = until.saturating_duration_since(begun).as_millis();
            SourceError::Slow(u64::try_from(waited).unwrap_or(u64::MAX))
        };
        timeout_at(until, answer).await.unwrap_or_else(|_| Err(slow()))
    }

    /// Waits for anything within the time that is left for all.
    pub(super) async fn in_time<T>(&self, what: impl Future<Output = T>) -> Option<T> {
        timeout_at(self.deadline, what).await.ok()
    }

    /// Takes in what a source said; tells whether it knows the person.
    fn hear(
        &mut self,
        given: &'c Given,
        key: String,
        said: Result<Option<Record>, SourceError>,
        took: Duration,
    ) -> Result<bool, Stop> {
        self.asked.push((given.name.clone(), took));
        self.derivation.tell(|trace, _| {
            let (told, missing) = match &said {
                Ok(Some(record)) => {
                    let lacks = |name: &&String| record.get(name).is_empty();
                    (
                        format!("{} attributes", record.iter().count()),
                        given.attributes.iter().filter(lacks).cloned().collect(),
                    )
                }
                Ok(None) => ("nobody".to_owned(), Vec::new()),
                Err(error) => (error.to_string(), Vec::new()),
            };
            let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            let (source, kind) = (given.name.clone(), given.source.kind().name().to_owned());
            trace.sources.push(Asked { source, kind, key: Some(key.clone()), said: told, milliseconds, missing });
        });
        let record = match said {
            Ok(record) => record,
            Err(error) if given.optional => {
                tracing::warn!(source = given.name, "an optional source could not tell: {error}");
                None
            }
            Err(error) => return Err(Stop::Source(given.name.clone(), error)),
        };
        let known = record.is_some();
        if known {
            self.keys.insert(&given.name, key);
        }
        self.derivation.facts.know(&given.name, record.unwrap_or_default());
        Ok(known)
    }

    /// Passes over a source whose key is blank.
    fn skip(&mut self, given: &'c Given) {
        self.derivation.tell(|trace, _| {
            let (source, kind) = (given.name.clone(), given.source.kind().name().to_owned());
            let said = "not asked, since its key is blank".to_owned();
            trace.sources.push(Asked { source, kind, key: None, said, milliseconds: 0, missing: Vec::new() });
        });
        self.derivation.facts.know(&given.name, Record::default());
    }
}
