//! One copy of what many sessions are told alike: a gateway may hold thousands of one school.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The values that are held somewhere, by their hash.
pub(crate) struct Interned<T>(Mutex<BTreeMap<u64, Weak<T>>>);

impl<T: Hash + Eq> Interned<T> {
    pub(crate) const fn new() -> Self {
        Interned(Mutex::new(BTreeMap::new()))
    }

    /// The copy that is held already, or this one.
    pub(crate) fn share(&self, value: T) -> Arc<T> {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        // Nothing that holds this lock can leave the map half changed.
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, value| value.strong_count() > 0);
        match held.get(&hasher.finish()).and_then(Weak::upgrade) {
            Some(same) if *same == value => same,
            // Two values of one hash: the second is just not shared.
            Some(_) => Arc::new(value),
            None => {
                let value = Arc::new(value);
                held.insert(hasher.finish(), Arc::downgrade(&value));
                value
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_are_one_copy_for_as_long_as_someone_holds_it() {
        let all = Interned::new();
        let (one, same) = (all.share("a".to_owned()), all.share("a".to_owned()));
        assert!(Arc::ptr_eq(&one, &same));
        assert!(!Arc::ptr_eq(&one, &all.share("b".to_owned())));
        drop((one, same));
        all.share("c".to_owned());
        assert_eq!(all.0.lock().unwrap().len(), 1, "what nobody holds is forgotten");
    }
}
