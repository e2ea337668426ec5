//! Live sessions: what was agreed with each client, and the strict order of its calls (protocol §3.2 and §7).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use pronote::protocol::Generation;
use pronote::protocol::challenge::random_text;
use pronote::protocol::cipher::Keys;
use serde_json::Value;

use super::credentials::Rotation;
use super::login::Attempt;
use super::page::Page;
use super::refusals;
use super::second_factor::Pending;
use crate::pages::{Ids, Refusal, Uploads};
use crate::school::AccountId;

/// How long a page may be open before its first call.
const UNUSED: Duration = Duration::from_secs(300);

/// How far a session has come (protocol §7.1).
pub(super) enum Stage {
    /// The page was served.
    New,
    /// The IV is known.
    Keyed,
    /// A challenge was sent.
    Challenged(Box<Attempt>),
    /// The password was right, security steps are left.
    Pending(Box<Pending>),
    /// Signed in.
    Open(AccountId),
    /// Over.
    Closed,
}

/// What a portal left in the page for one sign-in.
#[derive(Clone)]
pub(super) struct Ticket {
    /// `e`.
    pub(super) account: String,
    /// `f`.
    pub(super) key: String,
    /// Whose login it is.
    pub(super) login: String,
}

impl Ticket {
    /// A new one.
    pub(super) fn for_login(login: &str) -> Self {
        Self { account: random_text::<8>(), key: random_text::<4>(), login: login.to_owned() }
    }
}

/// A result that is kept back behind "please wait" answers.
pub(super) struct Waiting {
    pub(super) function: String,
    pub(super) payload: Value,
    pub(super) left: u32,
}

/// A file of which not every part has arrived.
pub(super) struct Partial {
    pub(super) file: String,
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// One session: one served page, until it is closed or forgotten.
pub(super) struct Session {
    /// `h`.
    pub(super) number: u64,
    /// The page it began on.
    pub(super) page: &'static Page,
    /// How far it has come.
    pub(super) stage: Stage,
    /// The keys that the next message is read with.
    pub(super) keys: Keys,
    /// The keys that follow once the answer at hand is written.
    pub(super) next_keys: Option<Keys>,
    /// The client's IV.
    pub(super) iv: [u8; 16],
    /// Its identifiers.
    pub(super) ids: Ids,
    /// The device, as `identifiantNav` names it.
    pub(super) navigator: String,
    /// What a portal left in the page.
    pub(super) ticket: Option<Ticket>,
    /// Files that arrived and wait to be used.
    pub(super) uploads: Uploads,
    /// The function that will use them.
    pub(super) uploads_for: String,
    /// A file that is still arriving.
    pub(super) partial: Option<Partial>,
    /// A result that is kept back.
    pub(super) waiting: Option<Waiting>,
    /// The token that changed in the latest call.
    pub(super) rotation: Option<Rotation>,
    /// The names it is answered in.
    pub(super) dialect: Generation,
    /// How many polls there were.
    pub(super) polls: i64,
    order: u64,
    last: Option<(String, Bytes)>,
    touched: Instant,
    expired: bool,
}

impl Session {
    /// Refuses a session that is over, and ends one that was silent for too long.
    pub(super) fn check_alive(&mut self, now: Instant, idle: Duration) -> Result<(), Refusal> {
        if matches!(self.stage, Stage::Closed) {
            return Err(refusals::gone());
        }
        if self.is_stale(now, idle) {
            self.close();
            return Err(refusals::expired());
        }
        self.touched = now;
        Ok(())
    }

    /// Lets the session be silent for too long.
    pub(super) fn expire(&mut self) {
        self.expired = true;
    }

    fn is_stale(&self, now: Instant, idle: Duration) -> bool {
        let allowed = if matches!(self.stage, Stage::New) { UNUSED.min(idle) } else { idle };
        self.expired || now.saturating_duration_since(self.touched) > allowed
    }

    /// Ends the session and frees what it held.
    pub(super) fn close(&mut self) {
        self.stage = Stage::Closed;
        self.uploads.clear();
        (self.partial, self.waiting, self.last) = (None, None, None);
    }

    /// The answer to the previous call, when this is that call again.
    pub(super) fn replay(&self, order: &str) -> Option<Bytes> {
        self.last.as_ref().filter(|(last, _)| last.eq_ignore_ascii_case(order)).map(|(_, answer)| answer.clone())
    }

    /// The order number expected next.
    pub(super) fn order(&self) -> u64 {
        self.order
    }

    /// Checks that this is the order expected next.
    pub(super) fn check_order(&self, order: &str) -> Result<(), Refusal> {
        let clear = self.keys.decrypt_hex(order).map_err(|_| refusals::out_of_order("l'ordre est illisible"))?;
        if clear == self.order.to_string().as_bytes() {
            Ok(())
        } else {
            Err(refusals::out_of_order("l'ordre n'est pas celui attendu"))
        }
    }

    /// The order of the answer to the call at hand, encrypted with the keys in force.
    pub(super) fn answer_order(&self) -> String {
        self.keys.encrypt_hex((self.order + 1).to_string().as_bytes())
    }

    /// Remembers an answer for a replay, and goes on to the next pair of orders.
    pub(super) fn advance(&mut self, order: &str, answer: Bytes) {
        self.last = Some((order.to_owned(), answer));
        self.order += 2;
        if let Some(keys) = self.next_keys.take() {
            self.keys = keys;
        }
    }
}

/// A session and the lock that makes its calls come one after the other.
pub(super) type Slot = Arc<tokio::sync::Mutex<Session>>;

/// All sessions, by number.
pub(super) struct Sessions {
    most: usize,
    all: Mutex<(BTreeMap<u64, Slot>, fastrand::Rng, u64)>,
}

/// Old sessions are looked for once in so many new ones.
const SWEEP_EVERY: u64 = 256;

impl Sessions {
    pub(super) fn new(most: usize, seed: u64) -> Self {
        Self { most: most.max(1), all: Mutex::new((BTreeMap::new(), fastrand::Rng::with_seed(seed), 1_000_000)) }
    }

    /// Begins a session on a page; `ids` makes its identifiers from its number.
    pub(super) fn open(
        &self,
        page: &'static Page,
        dialect: Generation,
        ticket: Option<Ticket>,
        ids: impl FnOnce(u64) -> Ids,
        (now, idle): (Instant, Duration),
    ) -> u64 {
        let mut guard = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let (sessions, random, number) = &mut *guard;
        *number += random.u64(1..1_000);
        if number.is_multiple_of(SWEEP_EVERY) || sessions.len() >= self.most {
            sessions.retain(|_, slot| {
                slot.try_lock().map_or(true, |session| {
                    // One that was silent for too long is kept a while, to be told so when it speaks again.
                    !matches!(session.stage, Stage::Closed) && !session.is_stale(now, idle * 2)
                })
            });
            while sessions.len() >= self.most {
                sessions.pop_first();
            }
        }
        let session = Session {
            number: *number,
            page,
            stage: Stage::New,
            keys: Keys::new(b"", b""),
            next_keys: None,
            iv: [0; 16],
            ids: ids(*number),
            navigator: String::new(),
            ticket,
            uploads: Uploads::new(),
            uploads_for: String::new(),
            partial: None,
            waiting: None,
            rotation: None,
            dialect,
            polls: 0,
            order: 1,
            last: None,
            touched: now,
            expired: false,
        };
        sessions.insert(*number, Arc::new(tokio::sync::Mutex::new(session)));
        *number
    }

    /// Finds a session.
    pub(super) fn get(&self, number: u64) -> Option<Slot> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).0.get(&number).cloned()
    }

    /// All of them, as they are now.
    pub(super) fn all(&self) -> Vec<Slot> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).0.values().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::PAGES;
    use super::*;

    fn open(sessions: &Sessions, now: Instant) -> u64 {
        sessions.open(&PAGES[0], Generation::G25, None, |_| Ids::stable(1), (now, Duration::from_secs(10)))
    }

    #[tokio::test]
    async fn the_oldest_session_makes_room_for_a_new_one() {
        let sessions = Sessions::new(2, 1);
        let now = Instant::now();
        let numbers = [open(&sessions, now), open(&sessions, now), open(&sessions, now)];
        assert!(sessions.get(numbers[0]).is_none());
        assert!(sessions.get(numbers[1]).is_some() && sessions.get(numbers[2]).is_some());
    }

    #[tokio::test]
    async fn silence_ends_a_session_once_and_then_it_is_gone() {
        let sessions = Sessions::new(2, 1);
        let now = Instant::now();
        let slot = sessions.get(open(&sessions, now)).unwrap();
        let mut session = slot.lock().await;
        let idle = Duration::from_secs(10);
        assert_eq!(session.check_alive(now + Duration::from_secs(9), idle), Ok(()));
        assert_eq!(session.check_alive(now + Duration::from_secs(18), idle), Ok(()));
        assert_eq!(session.check_alive(now + Duration::from_secs(29), idle).unwrap_err().code, 13);
        assert_eq!(session.check_alive(now + Duration::from_secs(29), idle).unwrap_err().code, 10);
    }
}
