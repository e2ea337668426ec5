//! How often a password may be tried: the more it was wrong, the longer the next try waits.
//!
//! Counted by account and by address, in memory: a restart forgives.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::Duration;

use crate::{Error, unlocked};

/// Wrong passwords of an account, and from an address, that are forgiven: people mistype, and a school is one address.
const FREE_OF_ACCOUNT: u32 = 10;
const FREE_OF_ADDRESS: u32 = 100;
/// The longest pause, in milliseconds, and after how long without a try all is forgiven.
const LONGEST: i64 = 15 * 60 * 1000;
const FORGIVEN: i64 = 60 * 60 * 1000;
/// The most that are remembered of each; past it, whoever tried longest ago is forgotten.
const MOST: usize = 10_000;

/// Who tried how often.
#[derive(Default)]
pub(crate) struct Tries {
    accounts: Mutex<HashMap<String, Tried>>,
    addresses: Mutex<HashMap<IpAddr, Tried>>,
}

#[derive(Clone, Copy)]
struct Tried {
    wrong: u32,
    last: i64,
}

impl Tries {
    /// Whether a password may be tried at a moment, in Unix milliseconds.
    pub(crate) fn ask(&self, name: &str, from: IpAddr, now: i64) -> Result<(), Error> {
        let account = wait(&self.accounts, &name.to_owned(), FREE_OF_ACCOUNT, now);
        let address = wait(&self.addresses, &place(from), FREE_OF_ADDRESS, now);
        match account.max(address) {
            0 => Ok(()),
            wait => Err(Error::TooManyTries(Duration::from_millis(wait.unsigned_abs()))),
        }
    }

    /// Notes a wrong password.
    pub(crate) fn wrong(&self, name: &str, from: IpAddr, now: i64) {
        count(&self.accounts, name.to_owned(), now);
        count(&self.addresses, place(from), now);
    }

    /// Notes a right one: the account's slips are forgiven, those of the address are not.
    pub(crate) fn right(&self, name: &str) {
        unlocked(self.accounts.lock()).remove(name);
    }
}

fn wait<K: Hash + Eq>(tried: &Mutex<HashMap<K, Tried>>, key: &K, free: u32, now: i64) -> i64 {
    let Some(tried) = unlocked(tried.lock()).get(key).copied() else { return 0 };
    if tried.wrong < free || now - tried.last > FORGIVEN {
        return 0;
    }
    // One second, then twice as long each time.
    let pause = 2_i64.saturating_pow(tried.wrong - free).saturating_mul(1000).min(LONGEST);
    (tried.last + pause - now).clamp(0, LONGEST)
}

fn count<K: Hash + Eq + Clone>(tried: &Mutex<HashMap<K, Tried>>, key: K, now: i64) {
    let mut tried = unlocked(tried.lock());
    if tried.len() >= MOST && !tried.contains_key(&key) {
        let oldest = tried.iter().min_by_key(|(_, tried)| tried.last).map(|(key, _)| key.clone());
        oldest.map(|key| tried.remove(&key));
    }
    let entry = tried.entry(key).or_insert(Tried { wrong: 0, last: now });
    if now - entry.last > FORGIVEN {
        entry.wrong = 0;
    }
    entry.wrong = (entry.wrong + 1).min(FREE_OF_ADDRESS + 32);
    entry.last = now;
}

/// What counts as one place: an address, or the network that one IPv6 customer is given.
fn place(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (u128::MAX << 64)).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn pauses_grow_with_wrong_passwords_and_a_right_one_ends_them() {
        let (tries, from) = (Tries::default(), address("192.0.2.1"));
        let mut now = 0;
        for _ in 0..FREE_OF_ACCOUNT {
            tries.ask("olga", from, now).unwrap();
            tries.wrong("olga", from, now);
        }
        for seconds in [1, 2, 4, 8] {
            let Err(Error::TooManyTries(wait)) = tries.ask("olga", from, now) else { panic!("it has to wait") };
            assert_eq!(wait.as_secs(), seconds);
            now += seconds as i64 * 1000;
            tries.ask("olga", from, now).unwrap();
            tries.wrong("olga", from, now);
        }
        assert!(tries.ask("petr", from, now).is_ok(), "others are not held up");
        tries.right("olga");
        assert!(tries.ask("olga", from, now).is_ok());
    }

    #[test]
    fn no_number_of_wrong_passwords_makes_a_pause_shorter() {
        let (tries, from, mut last) = (Tries::default(), address("192.0.2.1"), Duration::ZERO);
        for _ in 0..2 * FREE_OF_ADDRESS {
            tries.wrong("olga", from, 0);
            let wait = match tries.ask("olga", from, 0) {
                Err(Error::TooManyTries(wait)) => wait,
                _ => Duration::ZERO,
            };
            assert!(wait >= last, "{wait:?} after {last:?}");
            last = wait;
        }
        assert_eq!(last, Duration::from_millis(LONGEST.unsigned_abs()));
    }

    #[test]
    fn many_names_from_one_address_have_to_wait_too() {
        let tries = Tries::default();
        for guess in 0..FREE_OF_ADDRESS {
            tries.wrong(&format!("user{guess}"), address(&format!("2001:db8::{guess:x}")), 0);
        }
        assert!(tries.ask("anybody", address("2001:db8::ffff"), 0).is_err());
        assert!(tries.ask("anybody", address("2001:db8:0:1::1"), 0).is_ok());
        assert!(tries.ask("anybody", address("2001:db8::ffff"), FORGIVEN + 1).is_ok());
    }

    #[test]
    fn no_number_of_names_takes_more_memory() {
        let tries = Tries::default();
        for guess in 0..2 * MOST {
            tries.wrong(&guess.to_string(), address("192.0.2.1"), i64::try_from(guess).unwrap());
        }
        assert_eq!(unlocked(tries.accounts.lock()).len(), MOST);
    }
}
