//! Sign-ins that are kept on the disk, so that they outlive their session and this process.
//!
//! One file for each token, named by the token's digest and sealed as a whole: neither a school nor a person can be read
//! off the folder. A file is written before anything else is asked of the school, and removed with its token.

use std::fs::{self, File};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use pronote::Space;
use pronote::login::{Credentials, Device, Keeper, SavedLogin, SignIn};
use pronote::model::DeviceId;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::feeds::Feed;
use crate::seal::Sealer;
use crate::tokens::Digest;
use crate::viewer::lock;
use crate::{Error, files};

/// The ending of the files.
const ENDING: &str = "sealed";

/// What signs in again.
#[derive(Clone, Serialize, Deserialize)]
pub(super) enum Proof {
    /// A token of the school, which changes with every sign-in.
    Token(SavedLogin),
    /// The password, for schools that give no token.
    Password {
        school: String,
        space: Space,
        login: String,
        #[serde(serialize_with = "expose")]
        password: SecretString,
        device: Device,
        navigator: Option<DeviceId>,
    },
}

/// Only ever serialised to be sealed.
fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl Proof {
    /// The password of a sign-in, if it has one.
    pub(super) fn password(credentials: &Credentials, device: &Device) -> Option<Self> {
        let Credentials::Password { school, space, login, password } = credentials else { return None };
        Some(Proof::Password {
            school: school.to_string(),
            space: *space,
            login: login.clone(),
            password: password.clone(),
            device: device.clone(),
            navigator: None,
        })
    }

    /// How to sign in with it.
    pub(super) fn sign_in(self) -> Result<SignIn, Error> {
        Ok(match self {
            Proof::Token(saved) => {
                let (device, navigator) = (saved.device.clone(), saved.navigator.clone());
                SignIn { navigator, ..SignIn::new(Credentials::Token(saved), device) }
            }
            Proof::Password { school, space, login, password, device, navigator } => {
                let credentials = Credentials::Password { school: school.parse()?, space, login, password };
                SignIn { navigator, ..SignIn::new(credentials, device) }
            }
        })
    }
}

/// What a file holds.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) proof: Proof,
    pub(super) write: bool,
    pub(super) from: IpAddr,
    pub(super) feeds: Vec<Feed>,
}

/// The folder.
pub(super) struct Store {
    folder: PathBuf,
    key: PathBuf,
    sealer: Sealer,
    /// Two processes that sign in with the same tokens would lock each other out.
    _lock: File,
}

impl Store {
    /// Opens the folder of a data folder, and keeps other processes out of it.
    pub(super) fn open(data: &Path) -> Result<Self, Error> {
        let folder = data.join("sign-ins");
        files::make_folder(&folder)?;
        let lock = files::open_lock(&folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Err(Error::FolderInUse(folder)),
            Err(fs::TryLockError::Error(error)) => return Err(Error::storage("lock", &folder)(error)),
        }
        let key = data.join("key");
        Ok(Store { sealer: Sealer::open_or_make(key.clone())?, folder, key, _lock: lock })
    }

    /// Everything there is, with when it was last kept. What cannot be opened is left where it is.
    pub(super) fn all(&self) -> Result<Vec<(Digest, Kept, SystemTime)>, Error> {
        let storage = || Error::storage("read the folder", &self.folder);
        let mut all = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(storage())? {
            let path = entry.map_err(storage())?.path();
            let name = path.file_stem().and_then(|name| name.to_str()).and_then(Digest::of_hex);
            let Some(digest) = name.filter(|_| path.extension().is_some_and(|ending| ending == ENDING)) else {
                continue;
            };
            match self.load(digest) {
                Ok(Some(kept)) => {
                    let at = fs::metadata(&path).and_then(|found| found.modified());
                    all.push((digest, kept, at.map_err(storage())?));
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "A kept sign-in cannot be opened"),
            }
        }
        Ok(all)
    }

    fn load(&self, digest: Digest) -> Result<Option<Kept>, Error> {
        let path = self.path(digest);
        let Some(bytes) = files::read(&path)? else { return Ok(None) };
        let sealed = String::from_utf8_lossy(&bytes);
        let clear = self.sealer.open_sealed(&sealed, &bound(digest));
        let clear = clear.ok_or_else(|| Error::Unsealed { profile: path.clone(), key: self.key.clone() })?;
        let kept = serde_json::from_slice(&clear);
        // What is wrong may quote a value.
        kept.map(Some).map_err(|_| Error::Damaged { path, why: "it holds something else".to_owned() })
    }

    fn save(&self, digest: Digest, kept: &Kept) -> Result<(), Error> {
        let path = self.path(digest);
        let damaged = |_| Error::Damaged { path: path.clone(), why: "it cannot be written".to_owned() };
        let clear = Zeroizing::new(serde_json::to_vec(kept).map_err(damaged)?);
        files::replace(&path, self.sealer.seal(&clear, &bound(digest))?.as_bytes(), true)
    }

    fn remove(&self, digest: Digest) -> Result<(), Error> {
        files::remove(&self.path(digest))
    }

    fn path(&self, digest: Digest) -> PathBuf {
        self.folder.join(format!("{}.{ENDING}", digest.hex()))
    }
}

fn bound(digest: Digest) -> String {
    format!("cartable sign-in\n{}", digest.hex())
}

/// The keeping of one sign-in, for as long as its token lives. All its ways to the disk block.
pub(crate) struct Keeping {
    store: Arc<Store>,
    digest: Digest,
    write: bool,
    from: IpAddr,
    /// Held while the file is touched, so that nothing is written after it was forgotten.
    state: Mutex<State>,
    is_kept: AtomicBool,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Nothing is written yet.
    Empty,
    /// The file is there.
    Kept,
    /// It never comes back.
    Forgotten,
}

/// The token was left before its sign-in could be kept.
#[derive(Debug, thiserror::Error)]
#[error("the token was left meanwhile")]
struct Left;

impl Keeping {
    pub(super) fn new(store: &Arc<Store>, digest: Digest, write: bool, from: IpAddr) -> Self {
        Keeping {
            store: Arc::clone(store),
            digest,
            write,
            from,
            state: Mutex::new(State::Empty),
            is_kept: AtomicBool::new(false),
        }
    }

    /// The keeping of what is on the disk already.
    pub(super) fn of(store: &Arc<Store>, digest: Digest, kept: &Kept) -> Self {
        let keeping = Keeping::new(store, digest, kept.write, kept.from);
        Keeping { state: Mutex::new(State::Kept), is_kept: AtomicBool::new(true), ..keeping }
    }

    pub(super) fn write(&self) -> bool {
        self.write
    }

    /// Whether the file is there, without waiting for the disk.
    pub(super) fn is_kept(&self) -> bool {
        self.is_kept.load(Ordering::Relaxed)
    }

    /// Keeps what signs in next time. When this returns it is on the disk.
    pub(super) fn keep(&self, proof: Proof) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut state = lock(&self.state);
        let feeds = match *state {
            State::Forgotten => return Err(Left.into()),
            State::Empty => Vec::new(),
            State::Kept => self.store.load(self.digest)?.map(|kept| kept.feeds).unwrap_or_default(),
        };
        self.store.save(self.digest, &Kept { proof, write: self.write, from: self.from, feeds })?;
        *state = State::Kept;
        self.is_kept.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Keeps the feeds beside it, as they are at this moment.
    pub(super) fn keep_feeds(&self, feeds: &Mutex<Vec<Feed>>) -> Result<(), Error> {
        let state = lock(&self.state);
        match self.store.load(self.digest)? {
            Some(kept) if *state == State::Kept => {
                let feeds = lock(feeds).clone();
                self.store.save(self.digest, &Kept { feeds, ..kept })
            }
            _ => Ok(()),
        }
    }

    /// What is kept; none when it was forgotten.
    pub(super) fn proof(&self) -> Result<Option<Proof>, Error> {
        let _state = lock(&self.state);
        Ok(self.store.load(self.digest)?.map(|kept| kept.proof))
    }

    /// Removes it for good.
    pub(super) fn forget(&self) {
        let mut state = lock(&self.state);
        self.is_kept.store(false, Ordering::Relaxed);
        if std::mem::replace(&mut *state, State::Forgotten) == State::Kept
            && let Err(error) = self.store.remove(self.digest)
        {
            tracing::warn!(%error, "A kept sign-in cannot be removed");
        }
    }

    /// The same, where others must not wait for the disk.
    pub(crate) async fn forgotten(self: Arc<Self>) {
        // It only fails when the runtime ends.
        let _ = tokio::task::spawn_blocking(move || self.forget()).await;
    }

    /// Notes on the disk that it was used, for the idle limit of the next process.
    pub(super) fn touch(&self, used: SystemTime) {
        let state = lock(&self.state);
        if *state == State::Kept {
            let file = File::options().write(true).open(self.store.path(self.digest));
            if let Err(error) = file.and_then(|file| file.set_modified(used)) {
                tracing::debug!(%error, "The last use of a kept sign-in cannot be noted");
            }
        }
    }

    /// Keeps each token of the school as it comes.
    pub(super) fn keeper(self: &Arc<Self>) -> Keeper {
        let keeping = Arc::clone(self);
        Keeper::new(move |login| {
            let keeping = Arc::clone(&keeping);
            async move { tokio::task::spawn_blocking(move || keeping.keep(Proof::Token(login))).await? }
        })
    }
}

/// A keeping that is forgotten again unless its sign-in leads somewhere.
pub(super) struct Provisional(Option<Arc<Keeping>>);

impl Provisional {
    pub(super) fn new(keeping: Option<Arc<Keeping>>) -> Self {
        Provisional(keeping)
    }

    pub(super) fn keeping(&self) -> Option<&Arc<Keeping>> {
        self.0.as_ref()
    }

    /// It led somewhere.
    pub(super) fn settle(mut self) -> Option<Arc<Keeping>> {
        self.0.take()
    }
}

impl Drop for Provisional {
    fn drop(&mut self) {
        if let Some(keeping) = &self.0 {
            keeping.forget();
        }
    }
}
