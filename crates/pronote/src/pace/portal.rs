//! What is remembered of portals: passwords that were refused there, and how long a renewal waits after a failure
//! (portals §5 R8, R10).

use jiff::Timestamp;
use ring::hmac;
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedMutexGuard;

use super::{HOUR, Pacer, Paused, Why, paused, short_digest};
use crate::protocol::cipher;

const MINUTE: i64 = 60_000;
/// How many passwords may be sent for one account within a time without being accepted, before none is sent. Different
/// ones, and the same again where nobody knows what became of it: both count where accounts are blocked. What a day allows
/// is for a server, where a stranger who knows a login would otherwise have two tries in each quarter of an hour.
const MOST_TRIES: [(usize, i64); 2] = [(2, 15 * MINUTE), (6, 24 * HOUR)];
/// A renewal waits so long after a first failure, twice as long after each further one, and no longer than the last.
const FIRST_WAIT: i64 = 5 * MINUTE;
const LONGEST_WAIT: i64 = 12 * HOUR;
/// How many tries of one account are remembered. Who makes more has been held back for hours.
const MOST_REMEMBERED: usize = 32;
/// Past so many accounts, those that were used longest ago are forgotten.
const MOST_ACCOUNTS: usize = 10_000;

/// An account at a portal: the host that checks its password, its login, the kind of account that is asked for.
#[derive(Clone, Copy)]
pub struct PortalAccount<'a> {
    /// The host that the password is sent to.
    pub host: &'a str,
    /// The login.
    pub login: &'a str,
    /// The kind of account: a right password is refused with the wrong kind, and may be sent again with the right one.
    pub kind: &'a str,
}

/// What is remembered of the accounts at portals. Neither a login nor a password can be read from it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Portals {
    /// The key of the passwords' digests, made at the first refusal.
    key: String,
    accounts: std::collections::HashMap<String, Account>,
    /// When an account may be renewed again, and how often that failed in a row.
    waits: std::collections::HashMap<String, (i64, u32)>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Account {
    /// Those that were not accepted, the latest last.
    tries: Vec<Try>,
}

/// A password that was sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Try {
    at: i64,
    /// A keyed digest of the kind of account and the password, once it was refused.
    refused: Option<String>,
}

impl PortalAccount<'_> {
    /// What it goes by in memory: a digest.
    #[must_use]
    pub fn name(&self) -> String {
        short_digest(&["portal", self.host, &self.folded_login()])
    }

    /// Portals tell no case apart in logins; whoever writes one otherwise tries the same account.
    fn folded_login(&self) -> String {
        self.login.trim().to_lowercase()
    }
}

impl std::fmt::Debug for PortalAccount<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PortalAccount").field("host", &self.host).finish_non_exhaustive()
    }
}

impl Portals {
    /// A digest of 24 bits: enough that a right password is taken for a refused one once in sixteen million times, too
    /// little for who reads the memory to tell which password it was.
    fn digest(&self, account: &PortalAccount<'_>, password: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.key.as_bytes());
        let mut context = hmac::Context::with_key(&key);
        for part in [account.host, &account.folded_login(), account.kind, password] {
            context.update(part.as_bytes());
            context.update(&[0]);
        }
        cipher::hex(&context.sign().as_ref()[..3])
    }

    fn check(&mut self, account: &PortalAccount<'_>, password: &str, now: i64) -> Result<(), Paused> {
        let digest = self.digest(account, password);
        let Some(known) = self.accounts.get_mut(&account.name()) else { return Ok(()) };
        // Those that a clock running ahead has noted count from now.
        known.tries.iter_mut().for_each(|one| one.at = one.at.min(now));
        if known.tries.iter().any(|one| one.refused.as_ref() == Some(&digest)) {
            return Err(Paused { why: Why::SameSecret, until: Timestamp::MAX });
        }
        for (most, time) in MOST_TRIES {
            let recent: Vec<_> = known.tries.iter().map(|one| one.at).filter(|at| now - at < time).collect();
            if let Some(first) = recent.len().checked_sub(most) {
                return Err(paused(Why::Refusals, recent[first] + time));
            }
        }
        Ok(())
    }

    fn forget_oldest(&mut self) {
        let latest = |account: &Account| account.tries.last().map_or(0, |one| one.at);
        if self.accounts.len() > MOST_ACCOUNTS {
            let mut times: Vec<i64> = self.accounts.values().map(latest).collect();
            times.sort_unstable();
            let middle = times[times.len() / 2];
            self.accounts.retain(|_, account| latest(account) > middle);
        }
        if self.waits.len() > MOST_ACCOUNTS {
            self.waits.clear();
        }
    }
}

impl Pacer {
    /// Asks whether a password may be sent to a portal for an account.
    ///
    /// # Errors
    /// This very one was refused there, or several were sent within minutes and none was accepted.
    pub fn may_try(&self, account: &PortalAccount<'_>, password: &str) -> Result<(), Paused> {
        let now = self.now().as_millisecond();
        self.with(|memory| memory.portals.check(account, password, now))
    }

    /// The same, and remembers that it is being sent. It counts until it is [accepted](Self::accepted_at), whatever becomes
    /// of this process.
    ///
    /// # Errors
    /// As [`may_try`](Self::may_try).
    pub fn try_at(&self, account: &PortalAccount<'_>, password: &str) -> Result<(), Paused> {
        let now = self.now().as_millisecond();
        self.with(|memory| {
            memory.portals.check(account, password, now)?;
            let tries = &mut memory.portals.accounts.entry(account.name()).or_default().tries;
            if tries.len() >= MOST_REMEMBERED {
                tries.remove(0);
            }
            tries.push(Try { at: now, refused: None });
            memory.portals.forget_oldest();
            Ok(())
        })
    }

    /// Remembers that the password that was sent last is wrong.
    pub fn refused_at(&self, account: &PortalAccount<'_>, password: &str) {
        self.with(|memory| {
            let portals = &mut memory.portals;
            if portals.key.is_empty() {
                portals.key = cipher::hex(&cipher::random::<16>());
            }
            let digest = portals.digest(account, password);
            let tries = portals.accounts.get_mut(&account.name()).map(|known| &mut known.tries);
            if let Some(last) = tries.and_then(|tries| tries.iter_mut().rev().find(|one| one.refused.is_none())) {
                last.refused = Some(digest);
            }
        });
    }

    /// Remembers that the password that was sent last is right.
    pub fn accepted_at(&self, account: &PortalAccount<'_>) {
        self.with(|memory| {
            if let Some(known) = memory.portals.accounts.get_mut(&account.name())
                && let Some(last) = known.tries.iter().rposition(|one| one.refused.is_none())
            {
                known.tries.remove(last);
            }
        });
    }

    /// Forgets which passwords were refused for an account: it has been unlocked, or has an earlier password again. How
    /// many were sent still counts.
    pub fn forget_refusals(&self, account: &PortalAccount<'_>) {
        self.with(|memory| {
            if let Some(known) = memory.portals.accounts.get_mut(&account.name()) {
                known.tries.iter_mut().for_each(|one| one.refused = None);
            }
        });
    }

    /// Asks whether an account may be renewed through its portal without anybody there. `account` is any name of it.
    ///
    /// # Errors
    /// The last renewals failed because something was closed, and it is too early for another.
    pub fn may_renew(&self, account: &str) -> Result<(), Paused> {
        let now = self.now().as_millisecond();
        self.with(|memory| {
            let Some((until, _)) = memory.portals.waits.get_mut(&short_digest(&["renewal", account])) else {
                return Ok(());
            };
            // A clock that ran ahead has noted no more than the longest wait.
            *until = (*until).min(now + LONGEST_WAIT);
            if now < *until { Err(paused(Why::PortalClosed, *until)) } else { Ok(()) }
        })
    }

    /// Remembers that a renewal failed because the portal or PRONOTE was closed, overloaded or had suspended this address:
    /// the next one waits, 5 minutes at first, twice as long each time, 12 hours at most.
    pub fn renewal_failed(&self, account: &str) {
        let now = self.now().as_millisecond();
        self.with(|memory| {
            let (until, failures) = memory.portals.waits.entry(short_digest(&["renewal", account])).or_default();
            *until = now + (FIRST_WAIT << (*failures).min(8)).min(LONGEST_WAIT);
            *failures = failures.saturating_add(1);
            memory.portals.forget_oldest();
        });
    }

    /// Remembers that a renewal succeeded.
    pub fn renewed(&self, account: &str) {
        self.with(|memory| memory.portals.waits.remove(&short_digest(&["renewal", account])));
    }

    /// Waits until nobody else of this process is at a door, and keeps the others out until it is dropped: renewals of
    /// one account go one after another, and so do passwords that are tried.
    pub async fn one_at_a_time(&self, door: &str) -> OwnedMutexGuard<()> {
        self.door(door).await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;
    use crate::pace::{Limits, Memory};

    const ANNA: PortalAccount<'_> = PortalAccount { host: "idp.example.fr", login: "anna", kind: "pupil" };

    fn pacer() -> (Arc<AtomicI64>, Pacer) {
        let hand = Arc::new(AtomicI64::new(1_800_000_000_000));
        let reader = Arc::clone(&hand);
        let clock = Arc::new(move || Timestamp::from_millisecond(reader.load(Ordering::Relaxed)).unwrap());
        (hand, Pacer::new(Limits::default(), clock, Memory::default()))
    }

    /// A password that is sent, and refused.
    fn refuse(pacer: &Pacer, account: &PortalAccount<'_>, password: &str) {
        pacer.try_at(account, password).unwrap();
        pacer.refused_at(account, password);
    }

    #[test]
    fn a_refused_password_is_not_sent_again_until_it_is_another_one() {
        let (hand, pacer) = pacer();
        refuse(&pacer, &ANNA, "wrong");
        hand.fetch_add(100 * 24 * HOUR, Ordering::Relaxed);
        assert_eq!(pacer.may_try(&ANNA, "wrong").unwrap_err().why, Why::SameSecret);
        assert_eq!(pacer.may_try(&PortalAccount { login: " Anna", ..ANNA }, "wrong").unwrap_err().why, Why::SameSecret);
        assert!(pacer.may_try(&ANNA, "right").is_ok());
        assert!(pacer.may_try(&PortalAccount { host: "other.example.fr", ..ANNA }, "wrong").is_ok());
        assert!(pacer.may_try(&PortalAccount { login: "boris", ..ANNA }, "wrong").is_ok());
        assert!(pacer.may_try(&PortalAccount { kind: "guardian", ..ANNA }, "wrong").is_ok());
        pacer.forget_refusals(&ANNA);
        assert!(pacer.may_try(&ANNA, "wrong").is_ok());
    }

    #[test]
    fn two_refused_passwords_close_the_account_for_a_quarter_of_an_hour() {
        let (hand, pacer) = pacer();
        refuse(&pacer, &ANNA, "a");
        hand.fetch_add(MINUTE, Ordering::Relaxed);
        refuse(&pacer, &ANNA, "b");
        pacer.forget_refusals(&ANNA);
        for other in [ANNA, PortalAccount { login: "ANNA ", kind: "guardian", ..ANNA }] {
            let paused = pacer.may_try(&other, "c").unwrap_err();
            assert_eq!((paused.why, paused.until.as_second()), (Why::Refusals, 1_800_000_900));
        }
        hand.store(1_800_000_900_000, Ordering::Relaxed);
        refuse(&pacer, &ANNA, "c");
        assert_eq!(pacer.may_try(&ANNA, "d").unwrap_err().why, Why::Refusals);
    }

    #[test]
    fn a_stranger_who_knows_a_login_does_not_block_its_account_by_patience() {
        let (hand, pacer) = pacer();
        let begin = hand.load(Ordering::Relaxed);
        for guess in 0..6 {
            refuse(&pacer, &ANNA, &guess.to_string());
            hand.fetch_add(8 * MINUTE, Ordering::Relaxed);
        }
        assert_eq!(pacer.may_try(&ANNA, "next").unwrap_err(), paused(Why::Refusals, begin + 24 * HOUR));
    }

    #[test]
    fn a_password_of_which_nobody_knows_what_became_counts_and_is_not_blamed() {
        let (hand, pacer) = pacer();
        for _ in 0..2 {
            pacer.try_at(&ANNA, "right").unwrap();
        }
        assert_eq!(pacer.may_try(&ANNA, "right").unwrap_err().why, Why::Refusals);
        hand.fetch_add(15 * MINUTE, Ordering::Relaxed);
        assert!(pacer.may_try(&ANNA, "right").is_ok());
    }

    #[test]
    fn a_password_that_is_accepted_counts_no_more() {
        let (_, pacer) = pacer();
        refuse(&pacer, &ANNA, "wrong");
        for _ in 0..10 {
            pacer.try_at(&ANNA, "right").unwrap();
            pacer.accepted_at(&ANNA);
        }
        assert_eq!(pacer.may_try(&ANNA, "wrong").unwrap_err().why, Why::SameSecret);
    }

    #[test]
    fn what_was_refused_is_remembered_by_the_next_run_and_names_nobody() {
        let (_, first) = pacer();
        refuse(&first, &ANNA, "secret-word");
        let kept = serde_json::to_string(&first.memory()).unwrap();
        assert!(!kept.contains("anna") && !kept.contains("secret") && !kept.contains("example"), "{kept}");
        let second = Pacer::new(Limits::default(), Arc::clone(&first.clock), serde_json::from_str(&kept).unwrap());
        assert_eq!(second.may_try(&ANNA, "secret-word").unwrap_err().why, Why::SameSecret);
    }

    #[test]
    fn renewals_wait_longer_each_time_up_to_half_a_day() {
        let (hand, pacer) = pacer();
        for minutes in [5, 10, 20, 40, 80, 160, 320, 640, 720, 720] {
            pacer.renewal_failed("anna");
            let now = hand.load(Ordering::Relaxed);
            assert_eq!(pacer.may_renew("anna").unwrap_err(), paused(Why::PortalClosed, now + minutes * MINUTE));
            assert!(pacer.may_renew("boris").is_ok());
            hand.store(now + minutes * MINUTE, Ordering::Relaxed);
            assert!(pacer.may_renew("anna").is_ok());
        }
        pacer.renewal_failed("anna");
        pacer.renewed("anna");
        assert!(pacer.may_renew("anna").is_ok());
    }

    #[test]
    fn a_clock_that_ran_ahead_holds_nobody_for_longer_than_half_a_day() {
        let (hand, pacer) = pacer();
        let now = hand.fetch_add(1000 * 24 * HOUR, Ordering::Relaxed);
        pacer.renewal_failed("anna");
        refuse(&pacer, &ANNA, "a");
        refuse(&pacer, &ANNA, "b");
        hand.store(now, Ordering::Relaxed);
        assert_eq!(pacer.may_renew("anna").unwrap_err(), paused(Why::PortalClosed, now + LONGEST_WAIT));
        assert_eq!(pacer.may_try(&ANNA, "c").unwrap_err(), paused(Why::Refusals, now + 15 * MINUTE));
        hand.store(now + 15 * MINUTE, Ordering::Relaxed);
        assert!(pacer.may_try(&ANNA, "c").is_ok(), "the wait does not move on with the clock");
        hand.store(now + LONGEST_WAIT, Ordering::Relaxed);
        assert!(pacer.may_renew("anna").is_ok());
    }
}
