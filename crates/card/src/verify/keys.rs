//! The keys: made on first use, one after the other, each published before it signs and kept until its last code is over.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::file::{self, Looked, Stamp};
use super::{Config, Error, unlocked};

/// Their file.
const NAME: &str = "keys.json";
/// How long a key is published before it signs: gates fetch the list once a day.
const BEFOREHAND: SignedDuration = SignedDuration::from_hours(24);
/// How much longer than its last code a key is kept, for clocks that differ.
const SLACK: SignedDuration = SignedDuration::from_hours(1);

/// A key.
pub(super) struct Key {
    pub(super) id: u8,
    /// When it begins to sign.
    from: Timestamp,
    pub(super) online: hmac::Key,
    pub(super) offline: Ed25519KeyPair,
}

impl Key {
    /// The half of it that anybody may know.
    pub(super) fn public(&self) -> UnparsedPublicKey<&[u8]> {
        UnparsedPublicKey::new(&ED25519, self.offline.public_key().as_ref())
    }
}

/// All keys there are.
pub(super) struct Keys {
    folder: PathBuf,
    /// For how long a key signs, and how long its last code is good after that.
    signs: SignedDuration,
    outlives: SignedDuration,
    secret: [u8; 32],
    people: hmac::Key,
    known: RwLock<Known>,
}

struct Known {
    /// In the order in which they sign; never empty.
    keys: Vec<Arc<Key>>,
    looked: Looked,
}

/// The file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// What is never renewed: it makes the references of people, which the list of the revoked keeps.
    root: String,
    keys: Vec<WrittenKey>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    id: u8,
    from: i64,
    secret: String,
}

impl Keys {
    pub(super) fn open(folder: &Path, config: &Config, at: Timestamp) -> Result<Self, Error> {
        let signs = SignedDuration::from_hours(24 * i64::from(config.rotate_days));
        let outlives = config.horizon() + SLACK;
        let written = {
            let _lock = file::lock(folder)?;
            let written = match file::read(folder, NAME)? {
                Some(content) => parse(&content)?,
                None => Written { root: STANDARD.encode(random()?), keys: Vec::new() },
            };
            renewed(folder, written, signs, outlives, at)?
        };
        let secret = decoded(&written.root)?;
        let looked = Looked::new(Stamp::of(&folder.join(NAME))).at(at);
        let known = RwLock::new(Known { keys: usable(&written)?, looked });
        let people = hmac::Key::new(hmac::HMAC_SHA256, &derived(&secret, "people"));
        Ok(Keys { folder: folder.to_owned(), signs, outlives, secret, people, known })
    }

    /// What makes the references of people.
    pub(super) fn people(&self) -> &hmac::Key {
        &self.people
    }

    /// A secret for another purpose, as lasting as the folder.
    pub(super) fn derived(&self, purpose: &str) -> [u8; 32] {
        derived(&self.secret, purpose)
    }

    /// The key that signs at a moment.
    pub(super) fn signing(&self, at: Timestamp) -> Arc<Key> {
        self.look(at);
        let known = unlocked(self.known.read());
        let signing = known.keys.iter().rfind(|key| key.from <= at).or(known.keys.first());
        Arc::clone(signing.expect("there is always a key"))
    }

    /// The key of a number.
    pub(super) fn by_id(&self, id: u8, at: Timestamp) -> Option<Arc<Key>> {
        self.look(at);
        unlocked(self.known.read()).keys.iter().find(|key| key.id == id).map(Arc::clone)
    }

    /// The public halves as JSON Web Keys.
    pub(super) fn published(&self, at: Timestamp) -> Vec<Value> {
        self.look(at);
        let known = unlocked(self.known.read());
        let web_key = |(key, next): (&Arc<Key>, Option<&Arc<Key>>)| {
            let stops = next.map_or_else(|| later(key.from, self.signs), |next| next.from);
            json!({
                "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key.id.to_string(),
                "x": URL_SAFE_NO_PAD.encode(key.offline.public_key().as_ref()),
                "nbf": key.from.as_second(), "exp": later(stops, self.outlives).as_second(),
            })
        };
        let next = known.keys.iter().skip(1).map(Some).chain([None]);
        known.keys.iter().zip(next).map(web_key).collect()
    }

    /// Takes over what another process wrote, and makes the next key when it is time.
    fn look(&self, at: Timestamp) {
        if unlocked(self.known.read()).looked.holds(at) {
            return;
        }
        let mut known = unlocked(self.known.write());
        if known.looked.holds(at) {
            return;
        }
        known.looked = known.looked.at(at);
        let due = known.keys.last().is_none_or(|last| later(last.from, self.signs - BEFOREHAND) <= at);
        let stamp = Stamp::of(&self.folder.join(NAME));
        if due || stamp != known.looked.stamp {
            match self.again(due, at) {
                Ok(keys) => {
                    known.keys = keys;
                    known.looked.stamp = Stamp::of(&self.folder.join(NAME));
                }
                // What there is goes on working; it is tried again in a second.
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "Could not renew the card's keys");
                }
            }
        }
    }

    fn again(&self, due: bool, at: Timestamp) -> Result<Vec<Arc<Key>>, Error> {
        let read = || parse(&file::read(&self.folder, NAME)?.ok_or(Error::Damaged(NAME))?);
        if due {
            let _lock = file::lock(&self.folder)?;
            usable(&renewed(&self.folder, read()?, self.signs, self.outlives, at)?)
        } else {
            usable(&read()?)
        }
    }
}

/// Adds the key that comes next when it is time, drops those that are over, and writes what changed. Under the lock.
fn renewed(
    folder: &Path,
    mut written: Written,
    signs: SignedDuration,
    outlives: SignedDuration,
    at: Timestamp,
) -> Result<Written, Error> {
    let starts = match written.keys.last() {
        None => Some(at),
        Some(last) => {
            let next = later(moment(last.from)?, signs);
            // After a long sleep there is nothing to announce: it signs at once.
            (later(next, -BEFOREHAND) <= at).then_some(next.max(at))
        }
    };
    if let Some(from) = starts {
        let id = written.keys.last().map_or(1, |last| last.id.wrapping_add(1));
        written.keys.push(WrittenKey { id, from: from.as_second(), secret: STANDARD.encode(random()?) });
        let mut kept = Vec::new();
        for (key, next) in written.keys.iter().zip(written.keys.iter().skip(1).map(Some).chain([None])) {
            let over = match next {
                Some(next) => later(moment(next.from)?, outlives) < at,
                None => false,
            };
            if !over {
                kept.push(key.clone());
            }
        }
        written.keys = kept;
        let text = serde_json::to_vec(&written).map_err(|_| Error::Damaged(NAME))?;
        file::replace(folder, NAME, &text)?;
    }
    Ok(written)
}

fn parse(content: &[u8]) -> Result<Written, Error> {
    let written: Written = serde_json::from_slice(content).map_err(|_| Error::Damaged(NAME))?;
    // Before anything is written beside what cannot be used.
    decoded(&written.root)?;
    usable(&written)?;
    Ok(written)
}

/// The keys as they are used.
fn usable(written: &Written) -> Result<Vec<Arc<Key>>, Error> {
    let keys = written.keys.iter().map(|key| {
        let secret = decoded(&key.secret)?;
        let seed = derived(&secret, "offline");
        Ok(Arc::new(Key {
            id: key.id,
            from: moment(key.from)?,
            online: hmac::Key::new(hmac::HMAC_SHA256, &derived(&secret, "online")),
            offline: Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| Error::Damaged(NAME))?,
        }))
    });
    let keys: Vec<_> = keys.collect::<Result<_, Error>>()?;
    if keys.is_empty() { Err(Error::Damaged(NAME)) } else { Ok(keys) }
}

fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn moment(seconds: i64) -> Result<Timestamp, Error> {
    Timestamp::from_second(seconds).map_err(|_| Error::Damaged(NAME))
}

fn decoded(text: &str) -> Result<[u8; 32], Error> {
    let bytes = STANDARD.decode(text).map_err(|_| Error::Damaged(NAME))?;
    bytes.try_into().map_err(|_| Error::Damaged(NAME))
}

/// A secret for one purpose out of one for all.
fn derived(secret: &[u8; 32], purpose: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    let made = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), purpose.as_bytes());
    bytes.copy_from_slice(made.as_ref());
    bytes
}

fn random() -> Result<[u8; 32], Error> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}
