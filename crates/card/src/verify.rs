//! Codes that prove a card for a moment, so that a picture of a card is none (`card.md`, section 9.3).
//!
//! A code is good in one *slot*, a stretch of some seconds, and in the one on either side of it. It names nobody: it
//! holds a keyed reference of the person, the layout and the academic year. Whoever holds the keys checks it
//! ([`Issuer::check`]); in its offline form it is signed with Ed25519, and anybody with the published keys
//! ([`Issuer::public_keys`]) can check it without asking.
//!
//! ```text
//! byte  0      form: 1 online, 2 offline
//!       1      number of the key
//!       2..6   slot: Unix seconds divided by the length of a slot, big endian
//!       6..14  keyed reference of the person
//!       14     flags: bit 0 staff; bits 1 to 6 second year of the academic year minus 2020, 0 when not told
//!       15..19 nonce
//!       19..   online: HMAC-SHA-256 of bytes 0..19, cut to 16; offline: Ed25519 signature of bytes 0..19
//! ```
//!
//! It is written in base 32 (RFC 4648, upper case, no padding), so that with an upper-case address a QR code stays in its
//! alphanumeric mode: 56 letters, or 133.
//!
//! ```
//! use card::model::Affiliation;
//! use card::verify::{Config, Issuer, Subject, Verdict};
//! use jiff::{SignedDuration, Timestamp};
//!
//! # let folder = tempfile::tempdir().unwrap();
//! let now: Timestamp = "2026-11-22T11:00:00Z".parse().unwrap();
//! let issuer = Issuer::open(folder.path(), Config::default(), now)?;
//! let alice = Subject {
//!     login: "amartin",
//!     affiliation: Affiliation::Student,
//!     end_date: 2027,
//!     firstname: "Alice",
//!     lastname: "Martin",
//! };
//! let code = issuer.online(&alice, now);
//! assert!(matches!(issuer.check(&code, now), Verdict::Valid(shown) if shown.name == "Alice M."));
//! assert_eq!(issuer.check(&code, now + SignedDuration::from_secs(90)), Verdict::Expired);
//! # Ok::<(), card::verify::Error>(())
//! ```
//!
//! All that is kept is in one folder: the keys, who is revoked, and for an hour or two, sealed, whom the references mean, so
//! that neither a restart nor a second process breaks what phones show. What was seen before is known to one process only.

mod config;
mod file;
mod journal;
mod keys;
mod replay;
mod revoked;
mod token;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use subtle::ConstantTimeEq as _;

pub use self::config::Config;
use self::journal::Journal;
use self::keys::Keys;
use self::replay::Replay;
use self::revoked::Revoked;
use self::token::{Claims, Form, Reference, Token};
use crate::model::{Affiliation, Card};

/// Slots around the present one whose codes are still, or already, good.
const AROUND: u32 = 1;

/// Whom a code is for, and what a checker may be told of them.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The login: where the person is found again when the code is checked.
    pub login: &'a str,
    /// The layout.
    pub affiliation: Affiliation,
    /// The second year of the academic year.
    pub end_date: i16,
    /// The first name.
    pub firstname: &'a str,
    /// The last name, of which only the first letter is told.
    pub lastname: &'a str,
}

impl Subject<'_> {
    /// What a checker may be told: the first name, and the first letter of the last.
    #[must_use]
    pub fn name(&self) -> String {
        let first = self.firstname.trim();
        match self.lastname.trim().chars().next() {
            Some(letter) => format!("{first} {}.", letter.to_uppercase()),
            None => first.to_owned(),
        }
    }
}

impl<'a> From<&'a Card> for Subject<'a> {
    fn from(card: &'a Card) -> Self {
        Subject {
            login: &card.login,
            affiliation: card.affiliation,
            end_date: card.end_date,
            firstname: &card.firstname,
            lastname: &card.lastname,
        }
    }
}

/// What a code says of its holder.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The login, to ask again whether there still is a card. Not for the eyes of who checks.
    pub login: String,
    /// The layout.
    pub affiliation: Affiliation,
    /// The second year of the academic year, when the code tells it.
    pub end_date: Option<i16>,
    /// The first name and the first letter of the last name.
    pub name: String,
}

/// It is about somebody: only the layout is shown.
impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("affiliation", &self.affiliation).finish_non_exhaustive()
    }
}

/// What a code is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is good, and was not seen before.
    Valid(Shown),
    /// It is good, but was seen before in its slot: perhaps somebody else holds a copy.
    AlreadyShown {
        /// When it was seen first.
        at: Timestamp,
        /// What it says.
        shown: Shown,
    },
    /// It is ours, and not of this moment: the holder has to open the card again. So is one whose person is not remembered.
    Expired,
    /// It is ours, and the person's card was withdrawn.
    Revoked,
    /// It is not ours. What was altered and what never was are the same.
    Unknown,
}

/// Why codes cannot be made at all.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder cannot be used.
    #[error("`{0}` in the folder of the card's keys cannot be used")]
    File(&'static str, #[source] std::io::Error),
    /// A file there is not as it was written.
    #[error("`{0}` in the folder of the card's keys is damaged")]
    Damaged(&'static str),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes")]
    NoRandomness,
}

/// Makes codes and checks them.
pub struct Issuer {
    config: Config,
    keys: Keys,
    revoked: Revoked,
    journal: Journal,
    replay: Replay,
    nonces: hmac::Key,
    counter: AtomicU64,
}

impl std::fmt::Debug for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issuer").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Issuer {
    /// Opens the folder of the keys; what is not there yet is made, readable by its owner only.
    ///
    /// # Errors
    ///
    /// The folder cannot be used, or what is there is damaged: keys are never replaced silently.
    pub fn open(folder: &Path, config: Config, at: Timestamp) -> Result<Self, Error> {
        file::private_folder(folder)?;
        let keys = Keys::open(folder, &config, at)?;
        let mut seed = [0; 32];
        SystemRandom::new().fill(&mut seed).map_err(|_| Error::NoRandomness)?;
        Ok(Issuer {
            revoked: Revoked::open(folder)?,
            journal: Journal::open(folder, keys.derived("journal"), config.horizon())?,
            replay: Replay::default(),
            nonces: hmac::Key::new(hmac::HMAC_SHA256, &seed),
            counter: AtomicU64::new(0),
            keys,
            config,
        })
    }

    /// Removes what was kept of whom codes were made for, and is not needed any more. It is for a server at its start: a
    /// command that only looks takes nothing from the server beside it, whose clock may be another.
    pub fn tidy(&self, at: Timestamp) {
        self.journal.sweep(at);
    }

    /// How it makes them.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// A code for now, in the form that is configured.
    #[must_use]
    pub fn code(&self, subject: &Subject<'_>, at: Timestamp) -> String {
        self.issue(self.form(), subject, self.slot(at), at)
    }

    /// A code for now, in the form that only we can check: 56 letters.
    #[must_use]
    pub fn online(&self, subject: &Subject<'_>, at: Timestamp) -> String {
        self.issue(Form::Online, subject, self.slot(at), at)
    }

    /// A code for now that anybody can check who has the public keys: 133 letters.
    #[must_use]
    pub fn offline(&self, subject: &Subject<'_>, at: Timestamp) -> String {
        self.issue(Form::Offline, subject, self.slot(at), at)
    }

    /// Codes for now and the slots that follow, each good in its own: as many as are configured at most. Each is to be shown
    /// for [`Config::slot_seconds`], the first until the present slot ends ([`ends`](Self::ends)).
    #[must_use]
    pub fn series(&self, subject: &Subject<'_>, count: usize, at: Timestamp) -> Vec<String> {
        let first = self.slot(at);
        let count = u32::try_from(count.min(self.config.series)).unwrap_or_default();
        (0..count).map(|ahead| self.issue(self.form(), subject, first.saturating_add(ahead), at)).collect()
    }

    fn form(&self) -> Form {
        if self.config.offline { Form::Offline } else { Form::Online }
    }

    /// When the present slot ends.
    #[must_use]
    pub fn ends(&self, at: Timestamp) -> Timestamp {
        let next = (i64::from(self.slot(at)) + 1) * i64::from(self.config.slot_seconds);
        Timestamp::from_second(next).unwrap_or(at)
    }

    fn slot(&self, at: Timestamp) -> u32 {
        let slot = at.as_second() / i64::from(self.config.slot_seconds.max(1));
        u32::try_from(slot).unwrap_or_default()
    }

    fn issue(&self, form: Form, subject: &Subject<'_>, slot: u32, at: Timestamp) -> String {
        let reference = self.reference(subject.login);
        self.journal.remember(reference, subject, at);
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let mut nonce = [0; 4];
        nonce.copy_from_slice(&hmac::sign(&self.nonces, &count.to_be_bytes()).as_ref()[..4]);
        let key = self.keys.signing(at);
        let flags = token::flags(subject.affiliation, subject.end_date);
        let claims = Claims { form, key: key.id, slot, reference, flags, nonce };
        let bytes = claims.bytes();
        match form {
            Form::Online => token::write(&bytes, &hmac::sign(&key.online, &bytes).as_ref()[..token::TAG]),
            Form::Offline => token::write(&bytes, key.offline.sign(&bytes).as_ref()),
        }
    }

    /// What a code is worth now. Whatever the text is, it is answered; one that is good is remembered as seen.
    ///
    /// A card can be withdrawn while a code is still good: who has the means asks again for [`Shown::login`].
    #[must_use]
    pub fn check(&self, text: &str, at: Timestamp) -> Verdict {
        match self.read(text, at) {
            Err(verdict) => verdict,
            Ok((token, shown)) => match self.replay.first_sight(&token, self.slot(at).saturating_sub(AROUND), at) {
                None => Verdict::Valid(shown),
                Some(first) => Verdict::AlreadyShown { at: first, shown },
            },
        }
    }

    /// The same without remembering, for who only wants to know what a check would say.
    #[must_use]
    pub fn peek(&self, text: &str, at: Timestamp) -> Verdict {
        match self.read(text, at) {
            Err(verdict) => verdict,
            Ok((token, shown)) => match self.replay.seen(&token) {
                None => Verdict::Valid(shown),
                Some(first) => Verdict::AlreadyShown { at: first, shown },
            },
        }
    }

    fn read(&self, text: &str, at: Timestamp) -> Result<(Token, Shown), Verdict> {
        let token = token::read(text).ok_or(Verdict::Unknown)?;
        let claims = &token.claims;
        let key = self.keys.by_id(claims.key, at).ok_or(Verdict::Unknown)?;
        let signed = claims.bytes();
        let ours = match claims.form {
            Form::Online => bool::from(hmac::sign(&key.online, &signed).as_ref()[..token::TAG].ct_eq(&token.proof)),
            Form::Offline => key.public().verify(&signed, &token.proof).is_ok(),
        };
        if !ours {
            return Err(Verdict::Unknown);
        }
        if claims.slot.abs_diff(self.slot(at)) > AROUND {
            return Err(Verdict::Expired);
        }
        if self.revoked.holds(claims.reference, at) {
            return Err(Verdict::Revoked);
        }
        let known = self.journal.recall(claims.reference, at).ok_or(Verdict::Expired)?;
        let (affiliation, end_date) = token::told(claims.flags);
        let shown = Shown { login: known.login, affiliation, end_date, name: known.name };
        Ok((token, shown))
    }

    /// Withdraws the codes of a person, those that are shown and those to come, until [`restore`](Self::restore). Other
    /// processes with the folder notice within a second.
    ///
    /// # Errors
    ///
    /// It could not be written.
    pub fn revoke(&self, login: &str) -> Result<(), Error> {
        self.revoked.change(|list| list.insert(self.reference(login)))
    }

    /// Takes a withdrawal back.
    ///
    /// # Errors
    ///
    /// It could not be written.
    pub fn restore(&self, login: &str) -> Result<(), Error> {
        self.revoked.change(|list| list.remove(&self.reference(login)))
    }

    /// Whether the codes of a person are withdrawn.
    #[must_use]
    pub fn is_revoked(&self, login: &str, at: Timestamp) -> bool {
        self.revoked.holds(self.reference(login), at)
    }

    /// The public keys, for `/.well-known/cartable-keys.json`: a JSON Web Key Set, with the length of a slot in seconds
    /// (`slot_seconds`) and how many around the present one are good (`slots_around`). A key is there a day before it
    /// signs (`nbf`), and until its last code is no longer good (`exp`).
    #[must_use]
    pub fn public_keys(&self, at: Timestamp) -> String {
        let keys = self.keys.published(at);
        let slot_seconds = self.config.slot_seconds;
        serde_json::json!({ "slot_seconds": slot_seconds, "slots_around": AROUND, "keys": keys }).to_string()
    }

    /// The reference of a person: without the key nobody tells whose it is. Logins are compared without case.
    fn reference(&self, login: &str) -> Reference {
        let mut reference = Reference::default();
        let mac = hmac::sign(self.keys.people(), login.trim().to_lowercase().as_bytes());
        reference.copy_from_slice(&mac.as_ref()[..token::REFERENCE]);
        reference
    }
}

/// What a lock holds, also after a panic elsewhere: nothing here is left half changed.
fn unlocked<T>(lock: Result<T, std::sync::PoisonError<T>>) -> T {
    lock.unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
