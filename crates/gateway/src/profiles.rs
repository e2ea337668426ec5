//! Profiles: which account, at which school, and what to sign in with, kept sealed.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use pronote::login::{Device, SavedLogin};
use pronote::model::DeviceId;
use pronote::{SchoolAddress, Space};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::portal::PortalAccount;
use crate::seal::Sealer;
use crate::{Error, files, ids};

/// The profile that commands use when none is named, unless another was chosen.
const USUAL: &str = "default";

/// How long to wait for another process that signs in with the same profile: its sign-in may have to wait for its turn.
const PATIENCE: Duration = Duration::from_secs(60);

/// The name of a profile: short, and safe as a file name everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ProfileName(String);

impl ProfileName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let allowed = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_');
        if text.is_empty() || text.len() > 64 || text.starts_with('.') || !text.chars().all(allowed) {
            return Err(Error::Name);
        }
        Ok(ProfileName(text.to_owned()))
    }
}

impl std::fmt::Display for ProfileName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a profile says without being opened.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Profile {
    /// The school's root.
    pub school: String,
    /// The space.
    pub space: Space,
    /// The login.
    pub login: String,
    /// This device, as the school lists it.
    pub device: Device,
    /// How often the school may be asked.
    #[serde(default)]
    pub pace: Pace,
    /// The portal it was signed in through, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<PortalAccount>,
    /// When its secrets were last kept.
    pub kept: Timestamp,
}

/// How often a profile's school may be asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pace {
    /// At the pace that gets nobody suspended.
    #[default]
    Careful,
    /// As fast as it answers: for an emulator.
    Off,
}

impl Pace {
    /// The pace for a school: careful, unless it runs on this machine.
    #[must_use]
    pub fn of(school: &SchoolAddress) -> Self {
        let loopback = match school.root().host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if loopback { Pace::Off } else { Pace::Careful }
    }
}

/// What a profile keeps sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Secrets {
    /// The token, and what goes with it.
    #[serde(serialize_with = "expose", default)]
    pub token: Option<SecretString>,
    /// The identifier the school gave this device.
    #[serde(default)]
    pub navigator: Option<DeviceId>,
    /// The password, if it was to be kept: the portal's where there is a portal, else PRONOTE's.
    #[serde(serialize_with = "expose", default)]
    pub password: Option<SecretString>,
}

/// Only ever serialised to be sealed.
fn expose<S: Serializer>(secret: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    secret.as_ref().map(SecretString::expose_secret).serialize(serializer)
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// A profile's file.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    profile: Profile,
    sealed: String,
}

impl Profile {
    /// What the secrets are bound to: a token never goes to another school than the one that gave it, nor a password to
    /// another portal.
    fn bound(&self) -> String {
        let Profile { school, space, login, device, portal, .. } = self;
        let bound = format!("cartable profile\n{school}\n{space:?}\n{login}\n{}", device.id);
        match portal {
            Some(PortalAccount { portal, kind, login }) => format!("{bound}\n{portal:?}\n{kind:?}\n{login}"),
            None => bound,
        }
    }

    /// What to sign in with, if there is a token among the secrets.
    #[must_use]
    pub fn saved_login(&self, secrets: &Secrets) -> Option<SavedLogin> {
        Some(SavedLogin {
            school: self.school.clone(),
            space: self.space,
            login: self.login.clone(),
            token: secrets.token.clone()?,
            device: self.device.clone(),
            navigator: secrets.navigator.clone(),
        })
    }
}

/// The profiles of a data folder. Clones are the same.
#[derive(Clone)]
pub struct Profiles {
    folder: PathBuf,
    chosen: PathBuf,
    key: PathBuf,
}

impl Profiles {
    /// Opens the profiles of a data folder, which is made if it is not there.
    ///
    /// # Errors
    /// The folder cannot be used.
    pub fn open(data: &Path) -> Result<Self, Error> {
        let pronote = data.join("pronote");
        let folder = pronote.join("profiles");
        files::make_folder(&folder)?;
        Ok(Profiles { folder, chosen: pronote.join("default"), key: data.join("key") })
    }

    /// The names of the profiles, in order.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn names(&self) -> Result<Vec<ProfileName>, Error> {
        let storage = || Error::storage("read the folder", &self.folder);
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(storage())? {
            let file = entry.map_err(storage())?.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(".json"));
            names.extend(name.and_then(|name| name.parse().ok()));
        }
        names.sort();
        Ok(names)
    }

    /// The profile that commands use when none is named.
    ///
    /// # Errors
    /// The choice cannot be read.
    pub fn default_name(&self) -> Result<ProfileName, Error> {
        let Some(bytes) = files::read(&self.chosen)? else { return Ok(ProfileName(USUAL.to_owned())) };
        String::from_utf8_lossy(&bytes).trim().parse().map_err(|_| Error::Damaged {
            path: self.chosen.clone(),
            why: "it does not hold the name of a profile".to_owned(),
        })
    }

    /// Chooses the profile that commands use when none is named.
    ///
    /// # Errors
    /// There is no such profile, or the choice cannot be written.
    pub fn set_default(&self, name: &ProfileName) -> Result<(), Error> {
        self.describe(name)?;
        files::replace(&self.chosen, format!("{name}\n").as_bytes(), true)
    }

    /// What a profile says without being opened.
    ///
    /// # Errors
    /// There is no such profile, or its file is damaged.
    pub fn describe(&self, name: &ProfileName) -> Result<Profile, Error> {
        Ok(self.load(name)?.profile)
    }

    /// A profile and its secrets.
    ///
    /// # Errors
    /// There is no such profile, its file is damaged, or the key is another one.
    pub fn unseal(&self, name: &ProfileName) -> Result<(Profile, Secrets), Error> {
        let Kept { profile, sealed } = self.load(name)?;
        let sealer = Sealer::open(self.key.clone())?;
        let clear = sealer.and_then(|sealer| sealer.open_sealed(&sealed, &profile.bound()));
        let clear = clear.ok_or_else(|| Error::Unsealed { profile: self.path(name), key: self.key.clone() })?;
        let secrets = serde_json::from_slice(&clear).map_err(|error| self.damaged(name, &error))?;
        Ok((profile, secrets))
    }

    /// Keeps a profile and its secrets. When this returns they are on the disk.
    ///
    /// # Errors
    /// They cannot be written; what was kept before still is.
    pub fn keep(&self, name: &ProfileName, profile: &Profile, secrets: &Secrets) -> Result<(), Error> {
        let damaged = |error| self.damaged(name, &error);
        let clear = Zeroizing::new(serde_json::to_vec(secrets).map_err(damaged)?);
        let sealed = Sealer::open_or_make(self.key.clone())?.seal(&clear, &profile.bound())?;
        let kept = Kept { profile: profile.clone(), sealed };
        let text = serde_json::to_vec_pretty(&kept).map_err(|error| self.damaged(name, &error))?;
        files::replace(&self.path(name), &text, true)
    }

    /// Puts a new password in the place of the kept one, if one is kept.
    ///
    /// # Errors
    /// There is no such profile, it cannot be opened, or it cannot be written.
    pub fn renew_password(&self, name: &ProfileName, password: SecretString) -> Result<(), Error> {
        let (profile, secrets) = self.unseal(name)?;
        match secrets.password {
            // A portal's password is another one.
            Some(_) if profile.portal.is_none() => {
                self.keep(name, &profile, &Secrets { password: Some(password), ..secrets })
            }
            _ => Ok(()),
        }
    }

    /// Forgets a profile and its secrets.
    ///
    /// # Errors
    /// There is no such profile, or it cannot be removed.
    pub fn remove(&self, name: &ProfileName) -> Result<(), Error> {
        let path = self.path(name);
        if files::read(&path)?.is_none() {
            return Err(Error::NoProfile(name.to_string()));
        }
        files::remove(&path)?;
        if self.default_name().is_ok_and(|chosen| chosen == *name) {
            files::remove(&self.chosen)?;
        }
        Ok(())
    }

    /// A name for what is kept now: whatever is kept later, even the same secrets once more, has another.
    pub(crate) fn mark(&self, name: &ProfileName) -> Result<String, Error> {
        Ok(ids::fingerprint("profile", &[self.load(name)?.sealed]))
    }

    /// Waits until no other process signs in with a profile, and keeps them out until the lock is dropped.
    pub(crate) async fn lock(&self, name: &ProfileName) -> Result<File, Error> {
        let path = self.folder.join(format!("{name}.lock"));
        let file = files::open_lock(&path)?;
        let locked = async {
            loop {
                match file.try_lock() {
                    Ok(()) => return Ok(()),
                    Err(TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(50)).await,
                    Err(TryLockError::Error(error)) => return Err(Error::storage("lock", &path)(error)),
                }
            }
        };
        tokio::time::timeout(PATIENCE, locked).await.map_err(|_| Error::Busy(name.to_string()))??;
        Ok(file)
    }

    fn load(&self, name: &ProfileName) -> Result<Kept, Error> {
        let bytes = files::read(&self.path(name))?.ok_or_else(|| Error::NoProfile(name.to_string()))?;
        serde_json::from_slice(&bytes).map_err(|error| self.damaged(name, &error))
    }

    fn path(&self, name: &ProfileName) -> PathBuf {
        self.folder.join(format!("{name}.json"))
    }

    /// The text of such an error holds no value, only where it is and what it should be.
    fn damaged(&self, name: &ProfileName, error: &serde_json::Error) -> Error {
        let why = format!("line {}, column {}", error.line(), error.column());
        Error::Damaged { path: self.path(name), why }
    }
}

impl std::fmt::Debug for Profiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profiles").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
