//! Which codes were seen, and when first.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Mutex;

use jiff::Timestamp;

use super::token::Token;
use super::unlocked;

/// The most codes that are remembered: far more than are shown in three slots. Only ours get here.
const MOST: usize = 100_000;

/// Codes by slot, each with when it was seen first.
#[derive(Default)]
pub(super) struct Replay(Mutex<BTreeMap<u32, HashMap<[u8; 16], Timestamp>>>);

impl Replay {
    /// Remembers a code; when it was seen before, since when. Slots before the oldest that is still good are forgotten.
    pub(super) fn first_sight(&self, token: &Token, oldest: u32, at: Timestamp) -> Option<Timestamp> {
        let mut slots = unlocked(self.0.lock());
        // The clock may be set back: what lies ahead is good soon.
        *slots = slots.split_off(&oldest);
        let slot = token.claims.slot;
        if let Some(first) = slots.get(&slot).and_then(|seen| seen.get(&name(token))) {
            return Some(*first);
        }
        while slots.values().map(HashMap::len).sum::<usize>() >= MOST && slots.pop_first().is_some() {}
        slots.entry(slot).or_default().insert(name(token), at);
        None
    }

    /// When a code was seen first, if it was.
    pub(super) fn seen(&self, token: &Token) -> Option<Timestamp> {
        unlocked(self.0.lock()).get(&token.claims.slot).and_then(|seen| seen.get(&name(token)).copied())
    }
}

/// What tells codes apart: the beginning of their proof.
fn name(token: &Token) -> [u8; 16] {
    let mut name = [0; 16];
    name.iter_mut().zip(&token.proof).for_each(|(to, from)| *to = *from);
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::token::{Claims, Form};

    fn token(number: u32, slot: u32) -> Token {
        let claims = Claims { form: Form::Online, key: 1, slot, reference: [0; 8], flags: 0, nonce: [0; 4] };
        Token { claims, proof: number.to_be_bytes().into() }
    }

    #[test]
    fn no_number_of_codes_takes_more_memory() {
        let (replay, at) = (Replay::default(), Timestamp::UNIX_EPOCH);
        for number in 0..u32::try_from(MOST).unwrap() + 10 {
            assert_eq!(replay.first_sight(&token(number, number % 3), 0, at), None);
        }
        let held: usize = replay.0.lock().unwrap().values().map(HashMap::len).sum();
        assert!(held <= MOST, "{held}");
    }

    #[test]
    fn a_slot_that_is_over_is_forgotten() {
        let (replay, at) = (Replay::default(), Timestamp::UNIX_EPOCH);
        replay.first_sight(&token(1, 5), 4, at);
        assert_eq!(replay.first_sight(&token(1, 5), 5, at), Some(at));
        replay.first_sight(&token(2, 7), 6, at);
        assert_eq!(replay.seen(&token(1, 5)), None);
    }
}
