//! Finished answers, sent again while every page they were made from is still the one they were made from.
//!
//! Dashboards ask the same again and again; such a question is neither parsed nor executed a second time.

use std::sync::Arc;

use bytes::Bytes;
use gateway::{Readings, Viewer};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use ring::digest::{Context, SHA256, SHA256_OUTPUT_LEN};
use serde_json::Value;

/// What all of them may weigh together: hundreds of the largest ones.
const MOST_BYTES: u64 = 16 << 20;
/// Larger answers are seldom asked for twice.
const LARGEST: usize = 1 << 20;
/// How many are expected; the cache makes room for more.
const EXPECTED: usize = 1024;
/// What an answer weighs besides its text.
const WEIGHT_OF_AN_ENTRY: u64 = 512;

/// Which account asks what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key([u8; SHA256_OUTPUT_LEN]);

impl Key {
    /// The key of a question, from everything that decides its answer.
    pub(crate) fn new(viewer: &Viewer, query: &str, variables: Option<&Value>, operation: Option<&str>) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(&viewer.number().to_be_bytes());
        let variables = variables.map(Value::to_string);
        for part in [Some(query), variables.as_deref(), operation] {
            // The length before the text, so that no two questions read the same; one more tells none from an empty one.
            context.update(&part.map_or(0, |part| part.len() as u64 + 1).to_be_bytes());
            context.update(part.unwrap_or_default().as_bytes());
        }
        let mut key = [0; SHA256_OUTPUT_LEN];
        key.copy_from_slice(context.finish().as_ref());
        Key(key)
    }
}

struct Kept {
    text: Bytes,
    readings: Readings,
}

#[derive(Clone)]
struct Weigh;

impl Weighter<Key, Arc<Kept>> for Weigh {
    fn weight(&self, _: &Key, kept: &Arc<Kept>) -> u64 {
        WEIGHT_OF_AN_ENTRY + kept.text.len() as u64
    }
}

/// The answers of all accounts, within one bound.
pub(crate) struct Answers(Cache<Key, Arc<Kept>, Weigh>);

impl Answers {
    pub(crate) fn new() -> Self {
        Answers(Cache::with_weighter(EXPECTED, MOST_BYTES, Weigh))
    }

    /// The answer, if it would be made the same again.
    pub(crate) fn get(&self, key: &Key, viewer: &Viewer) -> Option<Bytes> {
        let kept = self.0.get(key)?;
        if viewer.still_fresh(&kept.readings) {
            return Some(kept.text.clone());
        }
        self.0.remove(key);
        None
    }

    /// Keeps an answer that stands as long as what was read for it.
    pub(crate) fn keep(&self, key: Key, text: &Bytes, readings: Readings) {
        if text.len() <= LARGEST && !readings.is_incomplete() {
            self.0.insert(key, Arc::new(Kept { text: text.clone(), readings }));
        }
    }
}
