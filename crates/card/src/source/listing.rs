//! The keys of all people, for sources that cannot go on from where they were.

use std::sync::{Arc, Mutex, PoisonError};

/// How many keys a page has.
pub(crate) const PAGE: usize = 1000;
/// The most people that are listed: several times the largest university.
pub(crate) const MOST: usize = 2_000_000;

/// Keys that were collected, until the last page of them is taken.
#[derive(Default)]
pub(crate) struct Listing(Mutex<Option<Arc<Vec<String>>>>);

impl Listing {
    /// The keys after one, if keys were collected.
    pub(crate) fn page(&self, after: &str) -> Option<Vec<String>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let page = page(held.as_ref()?, Some(after));
        if page.is_empty() {
            *held = None;
        }
        Some(page)
    }

    /// Keeps all keys, and gives those after one, or the first of them.
    pub(crate) fn keep(&self, mut keys: Vec<String>, after: Option<&str>) -> Vec<String> {
        keys.sort_unstable();
        keys.dedup();
        let first = page(&keys, after);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(keys));
        first
    }
}

fn page(keys: &[String], after: Option<&str>) -> Vec<String> {
    let from = after.map_or(0, |after| keys.partition_point(|key| key.as_str() <= after));
    keys[from..].iter().take(PAGE).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_in_one_page() {
        let keys: Vec<String> = (0..2500).map(|number| format!("{number:04}")).collect();
        let listing = Listing::default();
        let (mut seen, mut page) = (Vec::new(), listing.keep(keys.iter().rev().cloned().collect(), None));
        while let Some(last) = page.last().cloned() {
            seen.append(&mut page);
            page = listing.page(&last).unwrap();
        }
        assert_eq!(seen, keys);
        assert!(listing.page("0000").is_none(), "they are not kept longer than they are needed");
    }
}
