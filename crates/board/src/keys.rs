//! Access keys: given for a password, shown with each request, good for a while from their last use.
//!
//! A key is 64 hexadecimal digits: the HMAC of a nonce from the system's generator, under a secret in the folder of the
//! board. The database holds the nonce and the key's SHA-256 digest, so that it opens nothing by itself, and a key can
//! still be given again to whoever signs in twice, as clients of the old API expect.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::Error;
use crate::db::get;
use crate::model::{Actor, ClassId, Role, User, UserId};
use crate::{Board, unlocked};

/// How far, in milliseconds, what is stored of a key's life may lag behind: reads then write once a minute at most.
const LAG: i64 = 60_000;
/// How long, in milliseconds, a key that has ended is told from one that never was, when its owner signs in again.
const REMEMBERED: i64 = 24 * 60 * 60 * 1000;
/// The most keys that are held in memory; more are read from the database when they are shown.
const MOST_HELD: usize = 65_536;

/// What a key is for, and so how it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// The old API: bound to one address, good for 1800 seconds from its last use.
    Php,
    /// The new API: good for 30 days from its last use.
    Api,
    /// The editor's pages: good for 12 hours from its last use.
    Web,
}

impl KeyKind {
    fn life(self) -> i64 {
        let seconds = match self {
            KeyKind::Php => 1800,
            KeyKind::Api => 30 * 24 * 3600,
            KeyKind::Web => 12 * 3600,
        };
        seconds * 1000
    }

    fn name(self) -> &'static str {
        match self {
            KeyKind::Php => "php",
            KeyKind::Api => "api",
            KeyKind::Web => "web",
        }
    }

    fn of(name: &str) -> Option<Self> {
        [KeyKind::Php, KeyKind::Api, KeyKind::Web].into_iter().find(|kind| kind.name() == name)
    }
}

/// Why a key does not open.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// Nobody holds it, or not from this address.
    #[error("nobody holds this key from this address")]
    Unknown,
    /// It was not used for too long; it is forgotten now.
    #[error("this key has expired")]
    Expired,
    /// It could not be looked up.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Whoever shows a key.
#[derive(Debug, Clone)]
pub struct Session {
    /// The account.
    pub user: Arc<User>,
    /// The key's name, by which it can be forgotten: the beginning of its digest.
    pub id: String,
    pub(crate) digest: Digest,
    address: IpAddr,
}

impl Session {
    /// Whether the account may do what takes a role in a class.
    ///
    /// # Errors
    /// It may not.
    pub fn may(&self, class: ClassId, role: Role) -> Result<(), Error> {
        if self.user.role_in(class) >= Some(role) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The account, for the history.
    #[must_use]
    pub fn actor(&self, via: &'static str, request: &str) -> Actor {
        Actor {
            user: Some(self.user.id),
            name: self.user.name.clone(),
            address: Some(self.address),
            via,
            request: request.to_owned(),
        }
    }
}

/// A key, for the list of its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its name.
    pub id: String,
    /// What it is for.
    pub kind: KeyKind,
    /// From where it was asked for.
    pub address: String,
    /// Since when it is there.
    pub created: Timestamp,
    /// Until when it is good if it is not used.
    pub expires: Timestamp,
}

/// The digest by which a key is found.
pub(crate) type Digest = [u8; 32];

/// The keys shown lately.
#[derive(Default)]
pub(crate) struct Held(RwLock<HashMap<Digest, Arc<Key>>>);

struct Key {
    user: UserId,
    kind: KeyKind,
    address: IpAddr,
    expires: AtomicI64,
    stored: AtomicI64,
    /// The last write after which it was seen in the database.
    seen: AtomicI64,
}

impl Key {
    fn has_ended(&self, now: i64) -> bool {
        seconds(now) > seconds(self.expires.load(Ordering::Relaxed))
    }
}

impl Held {
    fn find(&self, digest: &Digest) -> Option<Arc<Key>> {
        unlocked(self.0.read()).get(digest).cloned()
    }

    fn put(&self, digest: Digest, key: Arc<Key>) {
        let mut held = unlocked(self.0.write());
        if held.len() >= MOST_HELD {
            held.clear();
        }
        held.insert(digest, key);
    }

    pub(crate) fn forget(&self, digest: &Digest) {
        unlocked(self.0.write()).remove(digest);
    }

    pub(crate) fn forget_user(&self, user: UserId) {
        unlocked(self.0.write()).retain(|_, key| key.user != user);
    }

    fn unstored(&self) -> Vec<(Digest, i64)> {
        let held = unlocked(self.0.read());
        let life = |key: &Arc<Key>| (key.expires.load(Ordering::Relaxed), key.stored.load(Ordering::Relaxed));
        held.iter()
            .map(|(digest, key)| (*digest, life(key)))
            .filter(|(_, (now, then))| now > then)
            .map(|(digest, (now, _))| (digest, now))
            .collect()
    }
}

impl Board {
    /// Looks a key up that is shown from an address, and prolongs it.
    ///
    /// # Errors
    /// It does not open, or cannot be looked up.
    pub async fn check(&self, key: &str, from: IpAddr, kind: KeyKind) -> Result<Session, KeyFault> {
        if key.len() != 64 || !key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(KeyFault::Unknown);
        }
        let digest = digest(key.as_bytes());
        let mut found = match self.0.held.find(&digest) {
            Some(found) => {
                self.see_again(&digest, &found).await?;
                found
            }
            None => self.read_key(&digest).await?.ok_or(KeyFault::Unknown)?,
        };
        if found.kind != kind || (kind == KeyKind::Php && found.address != from) {
            return Err(KeyFault::Unknown);
        }
        let Some(user) = self.accounts().await?.by_id.get(&found.user).cloned() else {
            self.0.held.forget(&digest);
            return Err(KeyFault::Unknown);
        };
        let now = self.now().as_millisecond();
        if found.has_ended(now) {
            // Another process may have prolonged it.
            match self.read_key(&digest).await?.filter(|stored| !stored.has_ended(now)) {
                Some(stored) => found = stored,
                None => {
                    self.delete_key(&digest).await?;
                    return Err(KeyFault::Expired);
                }
            }
        }
        let expires = now + kind.life();
        found.expires.fetch_max(expires, Ordering::Relaxed);
        if expires - found.stored.load(Ordering::Relaxed) > LAG {
            found.stored.store(expires, Ordering::Relaxed);
            self.store_life(&digest, expires).await?;
        }
        if user.disabled {
            return Err(KeyFault::Unknown);
        }
        Ok(Session { user, id: name_of(&digest), digest, address: from })
    }

    /// A key for an account: of the old API the one it has already from this address, if that is still good.
    pub(crate) async fn give_key(&self, user: UserId, from: IpAddr, kind: KeyKind) -> Result<String, Error> {
        let failed = || Error::database("give a key");
        let now = self.now().as_millisecond();
        let expires = now + kind.life();
        let mut tx = self.0.db.begin().await?;
        // A write first, so that two who sign in together take turns.
        sqlx::query("delete from keys where user_id = $1 and expires_at < $2")
            .bind(user.0)
            .bind(now - REMEMBERED)
            .execute(&mut *tx)
            .await
            .map_err(failed())?;
        let mut ended = Vec::new();
        if kind == KeyKind::Php {
            let had = "select digest, nonce, expires_at from keys where user_id = $1 and kind = 'php' and address = $2";
            let had = sqlx::query(had).bind(user.0).bind(from.to_string()).fetch_all(&mut *tx);
            for row in had.await.map_err(failed())? {
                let (stored, nonce): (String, String) = (get(&row, "digest")?, get(&row, "nonce")?);
                let key = self.key_of(&nonce);
                let digest = digest(key.as_bytes());
                let mut until = get(&row, "expires_at")?;
                if let Some(held) = self.0.held.find(&digest) {
                    until = held.expires.load(Ordering::Relaxed).max(until);
                }
                // One that was made under another secret cannot be given again.
                if stored == hex(&digest) && seconds(until) > seconds(now) {
                    sqlx::query("update keys set expires_at = $1 where digest = $2")
                        .bind(expires)
                        .bind(stored)
                        .execute(&mut *tx)
                        .await
                        .map_err(failed())?;
                    tx.commit().await.map_err(failed())?;
                    self.hold(digest, user, kind, from, expires);
                    return Ok(key);
                }
                sqlx::query("delete from keys where digest = $1")
                    .bind(stored)
                    .execute(&mut *tx)
                    .await
                    .map_err(failed())?;
                ended.push(digest);
            }
        }
        let nonce = hex(&random::<32>()?);
        let key = self.key_of(&nonce);
        let digest = digest(key.as_bytes());
        sqlx::query(
            "insert into keys (digest, nonce, user_id, kind, address, created_at, expires_at) \
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(hex(&digest))
        .bind(nonce)
        .bind(user.0)
        .bind(kind.name())
        .bind(from.to_string())
        .bind(now)
        .bind(expires)
        .execute(&mut *tx)
        .await
        .map_err(failed())?;
        tx.commit().await.map_err(failed())?;
        ended.iter().for_each(|ended| self.0.held.forget(ended));
        self.hold(digest, user, kind, from, expires);
        Ok(key)
    }

    /// Forgets the key of a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sign_out(&self, session: &Session) -> Result<(), Error> {
        self.delete_key(&session.digest).await
    }

    /// The keys of an account that are good, the newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn keys_of(&self, user: UserId) -> Result<Vec<KeyInfo>, Error> {
        self.flush().await?;
        let rows = sqlx::query(
            "select digest, kind, address, created_at, expires_at from keys \
             where user_id = $1 and expires_at >= $2 order by created_at desc, digest",
        )
        .bind(user.0)
        .bind(self.now().as_millisecond())
        .fetch_all(self.0.db.pool())
        .await
        .map_err(Error::database("list keys"))?;
        rows.iter()
            .map(|row| {
                let kind: String = get(row, "kind")?;
                Ok(KeyInfo {
                    id: get::<String>(row, "digest")?.chars().take(NAME_DIGITS).collect(),
                    kind: KeyKind::of(&kind).ok_or_else(|| Error::Damaged("the kind of a key".to_owned()))?,
                    address: get(row, "address")?,
                    created: instant(get(row, "created_at")?),
                    expires: instant(get(row, "expires_at")?),
                })
            })
            .collect()
    }

    /// Forgets a key of an account by its name; tells whether it was there.
    ///
    /// # Errors
    /// The database fails.
    pub async fn forget_key(&self, user: UserId, id: &str) -> Result<bool, Error> {
        let keys: Vec<String> = sqlx::query_scalar("select digest from keys where user_id = $1")
            .bind(user.0)
            .fetch_all(self.0.db.pool())
            .await
            .map_err(Error::database("list keys"))?;
        let Some(found) = keys.iter().find(|digest| digest.len() == 64 && digest[..NAME_DIGITS] == *id) else {
            return Ok(false);
        };
        let mut digest = Digest::default();
        if base16ct::lower::decode(found, &mut digest).is_ok() {
            self.delete_key(&digest).await?;
        }
        Ok(true)
    }

    /// Stores how long keys live that were used lately.
    pub(crate) async fn flush(&self) -> Result<(), Error> {
        for (digest, expires) in self.0.held.unstored() {
            if let Some(key) = self.0.held.find(&digest) {
                key.stored.store(expires, Ordering::Relaxed);
            }
            self.store_life(&digest, expires).await?;
        }
        Ok(())
    }

    fn hold(&self, digest: Digest, user: UserId, kind: KeyKind, address: IpAddr, expires: i64) {
        let (expires, stored) = (AtomicI64::new(expires), AtomicI64::new(expires));
        self.0.held.put(digest, Arc::new(Key { user, kind, address, expires, stored, seen: AtomicI64::new(0) }));
    }

    /// Looks whether a key is still there, if anything was written since it was seen: it may have ended with an account or
    /// a password, in another process too.
    async fn see_again(&self, digest: &Digest, key: &Key) -> Result<(), KeyFault> {
        let known = self.known().await?;
        if key.seen.load(Ordering::Relaxed) >= known {
            return Ok(());
        }
        let there: i64 = sqlx::query_scalar("select count(*) from keys where digest = $1")
            .bind(hex(digest))
            .fetch_one(self.0.db.pool())
            .await
            .map_err(Error::database("look for a key"))?;
        if there == 0 {
            self.0.held.forget(digest);
            return Err(KeyFault::Unknown);
        }
        key.seen.fetch_max(known, Ordering::Relaxed);
        Ok(())
    }

    async fn read_key(&self, digest: &Digest) -> Result<Option<Arc<Key>>, Error> {
        let row = sqlx::query("select user_id, kind, address, expires_at from keys where digest = $1")
            .bind(hex(digest))
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("look for a key"))?;
        let Some(row) = row else { return Ok(None) };
        let (kind, address): (String, String) = (get(&row, "kind")?, get(&row, "address")?);
        let Some((kind, address)) = KeyKind::of(&kind).zip(address.parse().ok()) else {
            return Err(Error::Damaged("a key".to_owned()));
        };
        self.hold(*digest, UserId(get(&row, "user_id")?), kind, address, get(&row, "expires_at")?);
        Ok(self.0.held.find(digest))
    }

    async fn store_life(&self, digest: &Digest, expires: i64) -> Result<(), Error> {
        sqlx::query("update keys set expires_at = $1 where digest = $2 and expires_at < $1")
            .bind(expires)
            .bind(hex(digest))
            .execute(self.0.db.pool())
            .await
            .map_err(Error::database("prolong a key"))?;
        Ok(())
    }

    async fn delete_key(&self, digest: &Digest) -> Result<(), Error> {
        self.0.held.forget(digest);
        sqlx::query("delete from keys where digest = $1")
            .bind(hex(digest))
            .execute(self.0.db.pool())
            .await
            .map_err(Error::database("forget a key"))?;
        Ok(())
    }

    fn key_of(&self, nonce: &str) -> String {
        let secret = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &self.0.secret[..]);
        hex(ring::hmac::sign(&secret, nonce.as_bytes()).as_ref())
    }
}

/// An instant in the seconds that the old API counts in.
fn seconds(milliseconds: i64) -> i64 {
    milliseconds.div_euclid(1000)
}

/// How many digits of its digest a key goes by among those of its owner.
const NAME_DIGITS: usize = 16;

fn name_of(digest: &Digest) -> String {
    hex(&digest[..NAME_DIGITS / 2])
}

fn digest(key: &[u8]) -> Digest {
    let mut digest = Digest::default();
    digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, key).as_ref());
    digest
}

fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// An instant as it is stored.
pub(crate) fn instant(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or_default()
}

/// Bytes from the system's generator.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}
