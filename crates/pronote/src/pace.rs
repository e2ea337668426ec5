//! Never getting anyone suspended: how often a school is asked, and when it is not asked at all.
//!
//! A [`Pacer`] is shared by everything that talks to schools. Its memory can live outside the process ([`Store`]), since
//! a command line that starts a hundred times would otherwise start with a clean slate a hundred times.

mod portal;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use ring::digest;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};
use tokio::sync::OwnedMutexGuard;

use crate::address::Space;
use crate::error::Cause;
use crate::protocol::page::{Closed, EntryPage};

pub use portal::PortalAccount;

/// An hour and a day, in milliseconds as every time here.
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// How long a suspension by the vendor is taken to last the first time; each further one doubles it.
const FIRST_SUSPENSION: i64 = HOUR;
/// The longest a school is left alone, whatever happened, and whatever a clock that ran ahead has noted.
const LONGEST_PAUSE: i64 = DAY;
/// How long nothing is asked after the server counted too many requests.
const RATE_LIMIT_PAUSE: i64 = HOUR;
/// How long a secret known to be wrong is not tried again.
const WRONG_SECRET_PAUSE: i64 = DAY;
/// Past so many schools, those that nothing is held against at the moment are forgotten.
const MOST_SCHOOLS: usize = 10_000;

/// How much may be asked of one school.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Seconds between two calls in the long run. Default 1.
    #[serde(deserialize_with = "seconds")]
    pub seconds_per_call: f64,
    /// Calls that may go at once after a quiet time. Default 10: a sign-in and a few pages.
    pub burst: u32,
    /// Calls in one day, counted in UTC. Default 5000.
    pub calls_per_day: u32,
    /// Refused sign-ins in one hour, for one account. Default 3.
    pub refusals_per_hour: usize,
}

/// A pace that goes backwards would be none at all.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    let unexpected = || D::Error::invalid_value(Unexpected::Float(seconds), &"seconds from 0 to 86400");
    if (0.0..=86_400.0).contains(&seconds) { Ok(seconds) } else { Err(unexpected()) }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { seconds_per_call: 1.0, burst: 10, calls_per_day: 5000, refusals_per_hour: 3 }
    }
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Why a call is held back on this side.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}; nothing is sent before {until}")]
pub struct Paused {
    /// The reason.
    pub why: Why,
    /// When it ends.
    pub until: Timestamp,
}

/// The reasons to hold a call back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Sign-ins of this account were refused too often.
    #[error("this account's sign-in was refused several times within an hour")]
    Refusals,
    /// This very secret was refused before.
    #[error("this password was already refused")]
    SameSecret,
    /// The vendor suspended this network's address.
    #[error("the vendor has suspended this network's address")]
    Suspended,
    /// The server counted too many requests.
    #[error("the server has counted too many requests")]
    RateLimited,
    /// The day's budget is spent.
    #[error("the day's budget of calls to this school is spent")]
    Budget,
    /// The portal, or PRONOTE behind it, was closed the last time.
    #[error("the portal was closed or overloaded the last time")]
    PortalClosed,
}

/// What a pacer remembers, to be kept between two runs. Accounts appear as digests only.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    schools: HashMap<String, School>,
    portals: portal::Portals,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct School {
    /// When the bucket of calls is full again, in milliseconds of Unix time.
    busy_until: i64,
    /// The day counted, as days of Unix time, and its calls.
    day: (i64, u32),
    /// Refused sign-ins of each account: when, in milliseconds.
    refusals: HashMap<String, Vec<i64>>,
    /// When the school may be asked again after a suspension or a rate limit, and which it was.
    quiet_until: i64,
    suspended: bool,
    /// Suspensions in a row.
    suspensions: u32,
}

/// Where a pacer's memory lives: in this process, or where several processes share it.
pub trait Store: Send + Sync {
    /// Makes a change to the memory, exactly once; nobody else changes it at the same time.
    ///
    /// Must be quick: calls wait for it.
    fn change(&self, change: &mut dyn FnMut(&mut Memory));
}

impl Store for Mutex<Memory> {
    fn change(&self, change: &mut dyn FnMut(&mut Memory)) {
        change(&mut lock(self));
    }
}

/// The one gate before every call to a school. Clones share their memory.
#[derive(Clone)]
pub struct Pacer {
    limits: Option<Limits>,
    clock: Clock,
    memory: Arc<dyn Store>,
    /// Digests of secrets known to be wrong, and until when they are not tried again; in this process only.
    wrong: Arc<Mutex<HashMap<String, i64>>>,
    /// The calls that were let through.
    passed: Arc<AtomicU64>,
    /// The schools where somebody is signing in at this moment.
    doors: Arc<Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>>,
}

impl Pacer {
    /// Begins with what an earlier run remembered.
    #[must_use]
    pub fn new(limits: Limits, clock: Clock, memory: Memory) -> Self {
        Pacer::with_store(limits, clock, Arc::new(Mutex::new(memory)))
    }

    /// Keeps its memory elsewhere.
    #[must_use]
    pub fn with_store(limits: Limits, clock: Clock, store: Arc<dyn Store>) -> Self {
        Pacer {
            limits: Some(limits),
            clock,
            memory: store,
            wrong: Arc::default(),
            passed: Arc::default(),
            doors: Arc::default(),
        }
    }

    /// A pacer that lets every call through at once: for an emulator. Suspensions and refused sign-ins still count.
    #[must_use]
    pub fn unlimited(clock: Clock) -> Self {
        Pacer { limits: None, ..Pacer::new(Limits::default(), clock, Memory::default()) }
    }

    /// What to keep for the next run.
    #[must_use]
    pub fn memory(&self) -> Memory {
        self.with(|memory| memory.clone())
    }

    /// The time by this pacer's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Waits for the turn of one call to a school.
    ///
    /// # Errors
    /// The school is not to be asked for now.
    pub async fn pass(&self, school: &str) -> Result<(), Paused> {
        let wait = self.reserve(school)?;
        if wait.is_zero() {
            self.passed.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        tokio::time::sleep(wait).await;
        // Another call may have met a suspension while this one waited for its turn.
        let now = self.now().as_millisecond();
        self.with_school(school, now, |school| school.check_quiet(now))?;
        self.passed.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// How many calls this process has let through, to all schools.
    #[must_use]
    pub fn passed(&self) -> u64 {
        self.passed.load(Ordering::Relaxed)
    }

    /// Takes the next free turn, and tells how far away it is.
    fn reserve(&self, school: &str) -> Result<Duration, Paused> {
        let now = self.now().as_millisecond();
        self.with_school(school, now, |school| {
            school.check_quiet(now)?;
            let Some(limits) = self.limits else { return Ok(Duration::ZERO) };
            let today = now.div_euclid(DAY);
            if school.day.0 != today {
                school.day = (today, 0);
            }
            if school.day.1 >= limits.calls_per_day {
                return Err(paused(Why::Budget, (today + 1) * DAY));
            }
            school.day.1 += 1;
            #[expect(clippy::cast_possible_truncation, reason = "a pace in milliseconds fits")]
            let interval = (limits.seconds_per_call.clamp(0.0, 86_400.0) * 1000.0) as i64;
            // No honest queue is longer than the day's budget: anything past that was noted by a clock that ran ahead.
            let longest = interval * i64::from(limits.calls_per_day);
            school.busy_until = school.busy_until.clamp(now, now + longest) + interval;
            let ahead = school.busy_until - now - interval * i64::from(limits.burst.max(1));
            Ok(Duration::from_millis(u64::try_from(ahead).unwrap_or(0)))
        })
    }

    /// Waits until nobody else of this process is signing in at a school, and keeps the others out until it is dropped:
    /// guesses made at once would all be let through before the first is refused (protocol §5.17).
    pub(crate) async fn door(&self, school: &str) -> OwnedMutexGuard<()> {
        let door = {
            let mut doors = lock(&self.doors);
            doors.retain(|_, door| door.strong_count() > 0);
            let door = doors.get(school).and_then(Weak::upgrade).unwrap_or_default();
            doors.insert(school.to_owned(), Arc::downgrade(&door));
            door
        };
        door.lock_owned().await
    }

    /// Asks whether an account may try a secret at the door of a space.
    ///
    /// # Errors
    /// It was refused too often, or this very secret was, there.
    pub fn may_sign_in(&self, school: &str, space: Space, account: &str, secret: &str) -> Result<(), Paused> {
        let now = self.now().as_millisecond();
        let limit = self.limits.unwrap_or_default().refusals_per_hour;
        self.with_school(school, now, |school| {
            school.check_quiet(now)?;
            school.forget_old_refusals(now);
            let refusals = school.refusals.get(&short_digest(&[account])).map_or(&[][..], Vec::as_slice);
            match refusals.first() {
                Some(first) if refusals.len() >= limit => Err(paused(Why::Refusals, first + HOUR)),
                _ => Ok(()),
            }
        })?;
        match lock(&self.wrong).get(&short_digest(&[school, &space.page(), account, secret])) {
            Some(until) if now < *until => Err(paused(Why::SameSecret, *until)),
            _ => Ok(()),
        }
    }

    /// Remembers that a sign-in was refused; `wrong` is its secret when that is the reason. A parent at the door of the
    /// pupils has the right secret at the wrong door, so that only this door need not be tried again.
    pub fn refused(&self, school: &str, space: Space, account: &str, wrong: Option<&str>) {
        let now = self.now().as_millisecond();
        self.with_school(school, now, |school| {
            school.forget_old_refusals(now);
            school.refusals.entry(short_digest(&[account])).or_default().push(now);
        });
        if let Some(secret) = wrong {
            let mut known = lock(&self.wrong);
            known.retain(|_, until| now < *until);
            known.insert(short_digest(&[school, &space.page(), account, secret]), now + WRONG_SECRET_PAUSE);
        }
    }

    /// Remembers that a sign-in succeeded: the vendor has lifted whatever suspension there was. Refusals still count,
    /// or guesses could hide among good sign-ins.
    pub fn accepted(&self, school: &str) {
        self.with_school(school, self.now().as_millisecond(), |school| school.suspensions = 0);
    }

    /// Remembers that the vendor suspended this network's address: the school is left alone, longer each time.
    pub fn suspended(&self, school: &str) {
        let now = self.now().as_millisecond();
        self.with_school(school, now, |school| {
            school.quiet_until = now + (FIRST_SUSPENSION << school.suspensions.min(8)).min(LONGEST_PAUSE);
            school.suspensions = school.suspensions.saturating_add(1);
            school.suspended = true;
        });
    }

    /// Remembers that the server counted too many requests.
    pub fn rate_limited(&self, school: &str) {
        let now = self.now().as_millisecond();
        self.with_school(school, now, |school| {
            school.suspended = false;
            school.quiet_until = school.quiet_until.max(now + RATE_LIMIT_PAUSE);
        });
    }

    /// Takes note of a page that is no way in, and gives it as a cause.
    pub(crate) fn closed(&self, school: &str, closed: Closed) -> Cause {
        if closed == Closed::Suspended {
            self.suspended(school);
        }
        Cause::Closed(closed)
    }

    /// Why a page stands where an answer should be, when the page says it: suspended, closed, busy, too many calls.
    pub(crate) fn page_refusal(&self, school: &str, status: u16, html: &str) -> Option<Cause> {
        if status == 429 {
            self.rate_limited(school);
            return Some(Cause::RateLimited);
        }
        match EntryPage::parse(html, None) {
            Err(closed @ (Closed::Suspended | Closed::Unavailable | Closed::Busy)) => Some(self.closed(school, closed)),
            _ => None,
        }
    }

    fn with_school<T>(&self, school: &str, now: i64, work: impl FnOnce(&mut School) -> T) -> T {
        self.with(|memory| work(remembered(memory, school, now)))
    }

    fn with<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        let mut work = Some(work);
        let mut result = None;
        self.memory.change(&mut |memory| result = work.take().map(|work| work(memory)));
        result.expect("a store lets a change be made once")
    }
}

impl School {
    fn check_quiet(&self, now: i64) -> Result<(), Paused> {
        let why = if self.suspended { Why::Suspended } else { Why::RateLimited };
        if now < self.quiet_until { Err(paused(why, self.quiet_until)) } else { Ok(()) }
    }

    /// Keeps the refusals of the last hour. Those that a clock running ahead has noted count from now.
    fn forget_old_refusals(&mut self, now: i64) {
        self.refusals.retain(|_, times| {
            times.iter_mut().for_each(|at| *at = (*at).min(now));
            times.retain(|at| now.saturating_sub(*at) < HOUR);
            !times.is_empty()
        });
    }
}

fn remembered<'a>(memory: &'a mut Memory, school: &str, now: i64) -> &'a mut School {
    if memory.schools.len() >= MOST_SCHOOLS && !memory.schools.contains_key(school) {
        memory.schools.retain(|_, school| {
            school.forget_old_refusals(now);
            school.busy_until > now || school.quiet_until > now || !school.refusals.is_empty()
        });
    }
    let school = memory.schools.entry(school.to_owned()).or_default();
    school.quiet_until = school.quiet_until.min(now + LONGEST_PAUSE);
    school
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that holds these locks can leave them half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn paused(why: Why, until: i64) -> Paused {
    Paused { why, until: Timestamp::from_millisecond(until).unwrap_or(Timestamp::MAX) }
}

/// Enough of a digest to tell accounts apart, too little to find them.
fn short_digest(parts: &[&str]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    for part in parts {
        context.update(part.as_bytes());
        context.update(&[0]);
    }
    crate::protocol::cipher::hex(&context.finish().as_ref()[..8])
}

impl std::fmt::Debug for Pacer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pacer").field("limits", &self.limits).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    /// A clock in milliseconds that the test moves.
    fn clock() -> (Arc<AtomicI64>, Clock) {
        let hand = Arc::new(AtomicI64::new(1_800_000_000_000));
        let reader = Arc::clone(&hand);
        (hand, Arc::new(move || Timestamp::from_millisecond(reader.load(Ordering::Relaxed)).unwrap()))
    }

    fn pacer(limits: Limits) -> (Arc<AtomicI64>, Pacer) {
        let (hand, clock) = clock();
        (hand, Pacer::new(limits, clock, Memory::default()))
    }

    #[test]
    fn a_burst_goes_at_once_then_one_call_a_second() {
        let (hand, pacer) = pacer(Limits::default());
        let waits: Vec<u64> = (0..13).map(|_| pacer.reserve("s").unwrap().as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
        hand.fetch_add(60_000, Ordering::Relaxed);
        assert_eq!(pacer.reserve("s").unwrap(), Duration::ZERO);
    }

    #[test]
    fn a_restart_does_not_refill_the_burst() {
        let (_, first) = pacer(Limits::default());
        for _ in 0..20 {
            first.reserve("s").unwrap();
        }
        let kept = serde_json::to_string(&first.memory()).unwrap();
        let second = Pacer::new(Limits::default(), Arc::clone(&first.clock), serde_json::from_str(&kept).unwrap());
        assert_eq!(second.reserve("s").unwrap(), Duration::from_secs(11));
    }

    #[test]
    fn a_pace_that_is_none_is_refused() {
        for wrong in ["-1.0", "1e9"] {
            let limits = serde_json::from_str::<Limits>(&format!("{{\"seconds_per_call\":{wrong}}}"));
            assert!(limits.unwrap_err().to_string().contains("seconds from 0 to 86400"), "{wrong}");
        }
    }

    #[test]
    fn the_day_has_a_budget() {
        let (hand, pacer) = pacer(Limits { calls_per_day: 2, ..Limits::default() });
        pacer.reserve("s").unwrap();
        pacer.reserve("s").unwrap();
        assert_eq!(pacer.reserve("s").unwrap_err().why, Why::Budget);
        assert!(pacer.reserve("another").is_ok());
        hand.fetch_add(86_400_000, Ordering::Relaxed);
        assert!(pacer.reserve("s").is_ok());
    }

    #[test]
    fn three_refusals_close_the_account_for_an_hour() {
        let (hand, pacer) = pacer(Limits::default());
        for secret in ["a", "b", "c"] {
            pacer.may_sign_in("s", Space::Student, "anna", secret).unwrap();
            pacer.refused("s", Space::Student, "anna", Some(secret));
            hand.fetch_add(60_000, Ordering::Relaxed);
        }
        let paused = pacer.may_sign_in("s", Space::Student, "anna", "d").unwrap_err();
        assert_eq!((paused.why, paused.until.as_second()), (Why::Refusals, 1_800_003_600));
        assert!(pacer.may_sign_in("s", Space::Student, "boris", "d").is_ok());
        hand.fetch_add(3_600_000, Ordering::Relaxed);
        assert!(pacer.may_sign_in("s", Space::Student, "anna", "d").is_ok());
    }

    #[test]
    fn a_wrong_password_is_not_tried_again_before_the_time_that_is_told() {
        let (hand, pacer) = pacer(Limits::default());
        pacer.refused("s", Space::Student, "anna", Some("a"));
        let paused = pacer.may_sign_in("s", Space::Student, "anna", "a").unwrap_err();
        assert_eq!(paused.why, Why::SameSecret);
        assert!(pacer.may_sign_in("s", Space::Student, "anna", "b").is_ok());
        hand.store(paused.until.as_millisecond(), Ordering::Relaxed);
        assert!(pacer.may_sign_in("s", Space::Student, "anna", "a").is_ok());
    }

    #[test]
    fn a_secret_that_was_refused_at_one_door_may_be_the_right_one_at_another() {
        let (_, pacer) = pacer(Limits::default());
        pacer.refused("s", Space::Parent, "anna", Some("a"));
        assert!(pacer.may_sign_in("s", Space::Student, "anna", "a").is_ok());
        assert_eq!(pacer.may_sign_in("s", Space::Parent, "anna", "a").unwrap_err().why, Why::SameSecret);
    }

    #[test]
    fn a_refusal_for_another_reason_does_not_blame_the_password() {
        let (_, pacer) = pacer(Limits::default());
        pacer.refused("s", Space::Student, "anna", None);
        assert!(pacer.may_sign_in("s", Space::Student, "anna", "a").is_ok());
    }

    #[test]
    fn good_sign_ins_do_not_hide_guesses() {
        let (_, pacer) = pacer(Limits::default());
        for secret in ["a", "b", "c"] {
            pacer.refused("s", Space::Student, "anna", Some(secret));
            pacer.accepted("s");
        }
        assert_eq!(pacer.may_sign_in("s", Space::Student, "anna", "d").unwrap_err().why, Why::Refusals);
    }

    #[test]
    fn a_clock_that_ran_ahead_holds_no_school_for_longer_than_a_day() {
        let (hand, pacer) = pacer(Limits::default());
        let now = hand.fetch_add(20 * 365 * DAY, Ordering::Relaxed);
        for _ in 0..20 {
            pacer.reserve("s").unwrap();
        }
        for _ in 0..3 {
            pacer.refused("s", Space::Student, "anna", Some("a"));
        }
        pacer.suspended("t");
        hand.store(now, Ordering::Relaxed);
        assert!(pacer.reserve("s").unwrap() < Duration::from_secs(2 * 3600));
        assert_eq!(pacer.may_sign_in("s", Space::Student, "anna", "d").unwrap_err(), paused(Why::Refusals, now + HOUR));
        assert_eq!(pacer.reserve("t").unwrap_err(), paused(Why::Suspended, now + DAY));
        hand.fetch_add(DAY, Ordering::Relaxed);
        assert_eq!(pacer.reserve("s").unwrap(), Duration::ZERO);
        assert!(pacer.may_sign_in("s", Space::Student, "anna", "d").is_ok());
        assert!(pacer.reserve("t").is_ok());
    }

    #[test]
    fn a_damaged_memory_does_no_harm() {
        let damaged = r#"{"schools":{"s":{"busy_until":9223372036854775807,"day":[9223372036854775807,4294967295],
            "refusals":{"x":[-9223372036854775808]},"quiet_until":-9223372036854775808,"suspensions":4294967295}}}"#;
        let (_, clock) = clock();
        let pacer = Pacer::new(Limits::default(), clock, serde_json::from_str(damaged).unwrap());
        assert!(pacer.reserve("s").is_ok());
        assert!(pacer.may_sign_in("s", Space::Student, "anna", "d").is_ok());
        pacer.suspended("s");
    }

    #[tokio::test]
    async fn a_suspension_also_stops_those_who_wait_for_their_turn() {
        let (_, pacer) = pacer(Limits { seconds_per_call: 0.05, burst: 1, ..Limits::default() });
        pacer.pass("s").await.unwrap();
        let waiting = pacer.pass("s");
        let (waited, ()) = tokio::join!(waiting, async { pacer.suspended("s") });
        assert_eq!(waited.unwrap_err().why, Why::Suspended);
    }

    #[test]
    fn a_suspension_stops_everything_and_doubles() {
        let (hand, pacer) = pacer(Limits::default());
        for hours in [1, 2, 4] {
            pacer.suspended("s");
            let until = hand.load(Ordering::Relaxed) + hours * HOUR;
            assert_eq!(pacer.reserve("s").unwrap_err(), paused(Why::Suspended, until));
            hand.store(until, Ordering::Relaxed);
            assert!(pacer.reserve("s").is_ok());
        }
    }

    #[test]
    fn the_memory_names_nobody() {
        let (_, pacer) = pacer(Limits::default());
        pacer.refused("s", Space::Student, "anna", Some("a"));
        assert!(!serde_json::to_string(&pacer.memory()).unwrap().contains("anna"));
    }
}
