//! Things handed out under a random name, good for a while: tickets, sessions, conversations.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use pronote::protocol::challenge::random_text;

/// The most things of a kind that are out at once; the first ones are forgotten for new ones.
const MOST: usize = 20_000;

/// Things of one kind.
#[derive(Debug)]
pub(super) struct Handed<T> {
    life: Duration,
    out: Mutex<Out<T>>,
}

#[derive(Debug)]
struct Out<T> {
    things: BTreeMap<String, (Instant, T)>,
    /// Their names, oldest first.
    order: Vec<String>,
}

impl<T: Clone> Handed<T> {
    pub(super) fn new(life: Duration) -> Self {
        Self { life, out: Mutex::new(Out { things: BTreeMap::new(), order: Vec::new() }) }
    }

    fn out(&self) -> MutexGuard<'_, Out<T>> {
        self.out.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a thing out: 32 letters and digits.
    pub(super) fn give(&self, now: Instant, thing: T) -> String {
        self.give_as(random_text::<16>(), now, thing)
    }

    /// Hands a thing out under a name of its own.
    pub(super) fn give_as(&self, name: String, now: Instant, thing: T) -> String {
        let mut out = self.out();
        let Out { things, order } = &mut *out;
        if order.len() >= MOST {
            for old in order.drain(..MOST / 2) {
                things.remove(&old);
            }
        }
        order.push(name.clone());
        things.insert(name.clone(), (now, thing));
        name
    }

    /// The thing behind a name, while it is good.
    pub(super) fn look(&self, now: Instant, name: &str) -> Option<T> {
        self.change(now, name, |thing| thing.clone())
    }

    /// Changes the thing behind a name, while it is good.
    pub(super) fn change<R>(&self, now: Instant, name: &str, act: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut out = self.out();
        let (given, thing) = out.things.get_mut(name)?;
        (now.saturating_duration_since(*given) <= self.life).then(|| act(thing))
    }

    /// Takes a thing back: its name is good no more.
    pub(super) fn take(&self, now: Instant, name: &str) -> Option<T> {
        let (given, thing) = self.out().things.remove(name)?;
        (now.saturating_duration_since(given) <= self.life).then_some(thing)
    }

    /// Forgets everything.
    pub(super) fn clear(&self) {
        let mut out = self.out();
        out.things.clear();
        out.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_good_for_its_life_and_taken_once() {
        let handed = Handed::new(Duration::from_secs(10));
        let now = Instant::now();
        let name = handed.give(now, 7);
        assert_eq!(handed.look(now + Duration::from_secs(10), &name), Some(7));
        assert_eq!(handed.look(now + Duration::from_secs(11), &name), None);
        assert_eq!(handed.take(now, &name), Some(7));
        assert_eq!(handed.take(now, &name), None);
    }
}
