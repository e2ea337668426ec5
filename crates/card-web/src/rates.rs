//! How often may be asked, so that nobody learns who belongs to an institution by trying names.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use card::config::Limits;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use jiff::{SignedDuration, Timestamp};

use crate::client::place;

/// How many buckets each limit by name or address has. Keys are hashed into them under a secret of the process, so that no
/// number of names takes more memory, and nobody can choose whom they share a bucket with.
const BUCKETS: u64 = 1 << 16;
/// Wrong tokens from one address: at once, and per minute after that.
const WRONG_TOKENS: (u32, u32) = (30, 10);
/// Codes that are verified from one address: at once, and per minute after that. A gate is one address.
const CHECKS: (u32, u32) = (120, 120);
/// Refusals that are written down: at once, and per minute after that.
const REFUSALS: (u32, u32) = (120, 30);
/// In which time unknown names are counted.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// The most addresses whose unknown names are counted; past it, whoever asked longest ago is forgotten.
const MOST_PLACES: usize = 1024;

type Keyed = RateLimiter<u64, DashMapStateStore<u64>, DefaultClock>;
type Single = RateLimiter<NotKeyed, InMemoryState, DefaultClock, NoOpMiddleware>;

/// What is counted.
pub(crate) struct Rates {
    all: Single,
    logins: Keyed,
    wrong_tokens: Keyed,
    checks: Keyed,
    refusals: Single,
    secret: RandomState,
    most_unknown: usize,
    unknown: Mutex<HashMap<IpAddr, VecDeque<(Timestamp, u64)>>>,
}

/// It was too much; how long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooMuch(pub(crate) Duration);

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Self {
        let count = |count: u32| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let per_minute = |(burst, per_minute)| Quota::per_minute(count(per_minute)).allow_burst(count(burst));
        let logins = count(limits.per_login_per_minute);
        Rates {
            all: RateLimiter::direct(Quota::per_second(count(limits.per_second))),
            logins: RateLimiter::dashmap(Quota::per_minute(logins)),
            wrong_tokens: RateLimiter::dashmap(per_minute(WRONG_TOKENS)),
            checks: RateLimiter::dashmap(per_minute(CHECKS)),
            refusals: RateLimiter::direct(per_minute(REFUSALS)),
            secret: RandomState::new(),
            most_unknown: usize::try_from(limits.unknown_per_hour).unwrap_or(usize::MAX),
            unknown: Mutex::default(),
        }
    }

    /// Counts a question.
    pub(crate) fn question(&self) -> Result<(), TooMuch> {
        self.all.check().map_err(|until| TooMuch(until.wait_time_from(DefaultClock::default().now())))
    }

    /// Counts a question about a login.
    pub(crate) fn about(&self, login: &str) -> Result<(), TooMuch> {
        self.count(&self.logins, &login.to_lowercase())
    }

    /// Counts a wrong token.
    pub(crate) fn wrong_token(&self, from: IpAddr) -> Result<(), TooMuch> {
        self.count(&self.wrong_tokens, &place(from))
    }

    /// Counts a code that is verified.
    pub(crate) fn check(&self, from: IpAddr) -> Result<(), TooMuch> {
        self.count(&self.checks, &place(from))
    }

    /// Whether a refusal is still worth a line.
    pub(crate) fn refusal(&self) -> bool {
        self.refusals.check().is_ok()
    }

    fn count(&self, limiter: &Keyed, key: &impl Hash) -> Result<(), TooMuch> {
        let wait = |until: governor::NotUntil<_>| TooMuch(until.wait_time_from(DefaultClock::default().now()));
        limiter.check_key(&(self.secret.hash_one(key) % BUCKETS)).map_err(wait)
    }

    /// Whether an address may go on asking, after all the names that nobody has.
    pub(crate) fn may_ask(&self, from: IpAddr, at: Timestamp) -> Result<(), TooMuch> {
        let mut places = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(names) = places.get_mut(&place(from)) else { return Ok(()) };
        forget(names, at);
        match names.front() {
            Some((first, _)) if names.len() >= self.most_unknown => {
                let past = at.duration_since(*first);
                let wait = WINDOW.checked_sub(past).unwrap_or(WINDOW).clamp(SignedDuration::from_secs(1), WINDOW);
                Err(TooMuch(wait.unsigned_abs()))
            }
            _ => Ok(()),
        }
    }

    /// Notes a name that nobody has; tells whether it is the one too many.
    pub(crate) fn unknown(&self, from: IpAddr, login: &str, at: Timestamp) -> bool {
        let name = self.secret.hash_one(login.to_lowercase());
        let mut places = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        let from = place(from);
        if places.len() >= MOST_PLACES && !places.contains_key(&from) {
            let last = |names: &VecDeque<(Timestamp, u64)>| names.back().map(|(at, _)| *at);
            let oldest = places.iter().min_by_key(|(_, names)| last(names)).map(|(place, _)| *place);
            oldest.map(|place| places.remove(&place));
        }
        let names = places.entry(from).or_default();
        forget(names, at);
        if names.len() >= self.most_unknown || names.iter().any(|(_, there)| *there == name) {
            return false;
        }
        names.push_back((at, name));
        names.len() == self.most_unknown
    }
}

fn forget(names: &mut VecDeque<(Timestamp, u64)>, at: Timestamp) {
    while names.front().is_some_and(|(first, _)| at.duration_since(*first) >= WINDOW) {
        names.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { per_second: 5, per_login_per_minute: 2, unknown_per_hour: 3 };

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn one_login_can_be_asked_about_a_few_times_a_minute() {
        let rates = Rates::new(&LIMITS);
        assert!(rates.about("alice").is_ok() && rates.about("Alice").is_ok());
        let Err(TooMuch(wait)) = rates.about("ALICE") else { panic!("it was too much") };
        assert!(wait <= Duration::from_secs(30), "{wait:?}");
        assert!(rates.about("bob").is_ok());
    }

    #[test]
    fn there_is_an_end_to_questions_in_a_second() {
        let rates = Rates::new(&LIMITS);
        assert!((0..5).all(|_| rates.question().is_ok()));
        assert!(rates.question().is_err());
    }

    #[test]
    fn who_tries_names_is_stopped_until_the_hour_has_passed() {
        let (rates, from) = (Rates::new(&LIMITS), address("192.0.2.1"));
        assert!(!rates.unknown(from, "a", at(0)));
        assert!(!rates.unknown(from, "A", at(1)), "it is the same name");
        assert!(!rates.unknown(from, "b", at(10)));
        assert!(rates.may_ask(from, at(11)).is_ok());
        assert!(rates.unknown(from, "c", at(20)), "the alarm is given once");
        assert!(!rates.unknown(from, "d", at(20)));
        assert_eq!(rates.may_ask(from, at(600)), Err(TooMuch(Duration::from_secs(3000))));
        assert!(rates.may_ask(address("192.0.2.2"), at(600)).is_ok());
        assert!(rates.may_ask(from, at(3600)).is_ok(), "the first name is an hour old");
    }

    #[test]
    fn no_number_of_addresses_and_names_takes_more_memory() {
        let rates = Rates::new(&LIMITS);
        for number in 0..3 * u32::try_from(MOST_PLACES).unwrap() {
            let from = IpAddr::from(number.to_be_bytes());
            for name in ["a", "b", "c", "d", "e"] {
                rates.unknown(from, name, at(i64::from(number)));
            }
        }
        let places = rates.unknown.lock().unwrap();
        assert_eq!(places.len(), MOST_PLACES);
        assert!(places.values().all(|names| names.len() <= 3));
    }
}
