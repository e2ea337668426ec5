//! How often a client may ask: sign-ins by address and by account, questions by address and by token.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::problem::Problem;

/// How many buckets each limit has. Keys are hashed into them under a secret of the process, so that no number of
/// addresses or tokens takes more memory than this, and nobody can choose whom they share a bucket with.
const BUCKETS: u64 = 1 << 16;
/// What a refused sign-in costs, in sign-ins.
const FAILURE_COST: u32 = 4;

/// How often clients may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Sign-ins from one address. Default: 60 at once, 30 a minute.
    pub sign_ins_per_address: Rate,
    /// Sign-ins to one account. Default: 20 at once, 10 a minute.
    pub sign_ins_per_account: Rate,
    /// Questions from one address. Default: 5000 at once, 500 a second.
    pub questions_per_address: Rate,
    /// Questions with one token. Default: 1000 at once, 100 a second.
    pub questions_per_token: Rate,
}

/// A rate, with what may go at once after a quiet time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In the long run; 0 is no limit.
    pub per_minute: u32,
    /// At once.
    pub burst: u32,
}

impl Rate {
    /// No limit.
    pub const NONE: Self = Rate { per_minute: 0, burst: 0 };
}

impl Default for Rates {
    fn default() -> Self {
        let rate = |burst, per_minute| Rate { per_minute, burst };
        Rates {
            sign_ins_per_address: rate(60, 30),
            sign_ins_per_account: rate(20, 10),
            questions_per_address: rate(5000, 30_000),
            questions_per_token: rate(1000, 6000),
        }
    }
}

/// Counts what clients ask.
pub(crate) struct Counters {
    sign_ins_per_address: Counter,
    sign_ins_per_account: Counter,
    questions_per_address: Counter,
    questions_per_token: Counter,
}

impl Counters {
    pub(crate) fn new(limits: &Rates) -> Self {
        Counters {
            sign_ins_per_address: Counter::new(limits.sign_ins_per_address),
            sign_ins_per_account: Counter::new(limits.sign_ins_per_account),
            questions_per_address: Counter::new(limits.questions_per_address),
            questions_per_token: Counter::new(limits.questions_per_token),
        }
    }

    /// Counts a sign-in to an account, which is whatever tells it from others.
    pub(crate) fn sign_in(&self, from: IpAddr, account: &impl Hash) -> Result<(), Problem> {
        self.sign_ins_per_address.count(&place(from), 1)?;
        self.sign_ins_per_account.count(account, 1)
    }

    /// Counts a sign-in that was refused once more: guessing is slower than mistyping.
    pub(crate) fn refused(&self, from: IpAddr, account: &impl Hash) {
        // Whether it was too much is said to the next sign-in.
        let _ = self.sign_ins_per_address.count(&place(from), FAILURE_COST);
        let _ = self.sign_ins_per_account.count(account, FAILURE_COST);
    }

    /// Counts a question of an address, whatever token it shows.
    pub(crate) fn question(&self, from: IpAddr) -> Result<(), Problem> {
        self.questions_per_address.count(&place(from), 1)
    }

    /// Counts a question of a token that is known.
    pub(crate) fn question_of(&self, token: &str) -> Result<(), Problem> {
        self.questions_per_token.count(&token, 1)
    }
}

struct Counter {
    limiter: Option<RateLimiter<u64, DashMapStateStore<u64>, DefaultClock>>,
    secret: RandomState,
}

impl Counter {
    fn new(rate: Rate) -> Self {
        let quota = NonZeroU32::new(rate.per_minute).map(|rate_per_minute| {
            // A cost can only be paid by a bucket that is as large.
            let burst = NonZeroU32::new(rate.burst.max(FAILURE_COST)).unwrap_or(NonZeroU32::MIN);
            Quota::per_minute(rate_per_minute).allow_burst(burst)
        });
        Counter { limiter: quota.map(RateLimiter::dashmap), secret: RandomState::new() }
    }

    fn count(&self, key: &impl Hash, cost: u32) -> Result<(), Problem> {
        let Some((limiter, cost)) = self.limiter.as_ref().zip(NonZeroU32::new(cost)) else { return Ok(()) };
        match limiter.check_key_n(&(self.secret.hash_one(key) % BUCKETS), cost) {
            Ok(Ok(())) | Err(_) => Ok(()),
            Ok(Err(until)) => {
                let wait = until.wait_time_from(DefaultClock::default().now());
                Err(Problem::too_often(wait.as_secs() + 1))
            }
        }
    }
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

    fn counters() -> Counters {
        let slow = Rate { per_minute: 1, burst: 8 };
        let limits = Rates { sign_ins_per_address: slow, sign_ins_per_account: slow, ..Rates::default() };
        Counters::new(&limits)
    }

    #[test]
    fn past_the_burst_an_address_is_told_to_wait_and_others_are_not() {
        let counters = counters();
        let here = address("198.51.100.7");
        for account in 0..8 {
            counters.sign_in(here, &account).unwrap();
        }
        let refused = counters.sign_in(here, &8).unwrap_err();
        assert_eq!(refused.status.as_u16(), 429);
        assert!((1..=61).contains(&refused.retry_after.unwrap()));
        counters.sign_in(address("198.51.100.8"), &9).unwrap();
    }

    #[test]
    fn refused_sign_ins_are_dearer_for_the_account_wherever_they_come_from() {
        let counters = counters();
        for guess in 1..=2 {
            let from = address(&format!("198.51.100.{guess}"));
            counters.sign_in(from, &"account").unwrap();
            counters.refused(from, &"account");
        }
        // 2 × (1 + 4) is more than 8; the last cost could not be paid, so three are left.
        let left =
            (10..20).filter(|guess| counters.sign_in(address(&format!("198.51.100.{guess}")), &"account").is_ok());
        assert_eq!(left.count(), 2);
    }

    #[test]
    fn a_customer_with_many_ipv6_addresses_is_one_place() {
        let counters = counters();
        for host in 0..8 {
            counters.sign_in(address(&format!("2001:db8:1:2::{host}")), &host).unwrap();
        }
        assert!(counters.sign_in(address("2001:db8:1:2::ffff"), &8).is_err());
        assert!(counters.sign_in(address("2001:db8:1:3::1"), &9).is_ok());
    }

    #[test]
    fn no_number_of_keys_takes_more_memory() {
        let counter = Counter::new(Rate { per_minute: 60, burst: 9 });
        for key in 0..300_000 {
            let _ = counter.count(&key, 1);
        }
        assert!(counter.limiter.unwrap().len() <= BUCKETS as usize);
    }

    #[test]
    fn a_rate_of_none_never_refuses() {
        let counter = Counter::new(Rate::NONE);
        assert!((0..10_000).all(|_| counter.count(&1, 1).is_ok()));
    }
}
