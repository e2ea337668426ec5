//! The keys of the hashes, one for each year.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::Error;

/// The beginning of the names of their files; the year follows.
const NAME: &str = "audit-key-";

/// A key for each year, made when it is needed.
pub(super) struct YearlyKey {
    folder: PathBuf,
    keys: Mutex<BTreeMap<i16, hmac::Key>>,
}

impl YearlyKey {
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| Error::File(folder.to_owned(), error))?;
        Ok(YearlyKey { folder: folder.to_owned(), keys: Mutex::default() })
    }

    /// What a login is called in a year. Logins are compared without case.
    pub(super) fn hash(&self, login: &str, year: i16) -> Result<String, Error> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match keys.get(&year) {
            Some(key) => key.clone(),
            None => hmac::Key::new(hmac::HMAC_SHA256, &self.of(year)?),
        };
        let mac = hmac::sign(&key, login.trim().to_lowercase().as_bytes());
        keys.insert(year, key);
        // The last one is for the turn of the year.
        while keys.len() > 2 {
            keys.pop_first();
        }
        Ok(mac.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }

    /// The key of a year; of several processes that make one, all take the first.
    fn of(&self, year: i16) -> Result<Vec<u8>, Error> {
        let path = self.folder.join(format!("{NAME}{year}"));
        let failed = |error| Error::File(path.clone(), error);
        match fs::read(&path) {
            Ok(key) if key.len() == 32 => return Ok(key),
            Ok(_) => return Err(failed(ErrorKind::InvalidData.into())),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        let mut random = [0; 36];
        SystemRandom::new().fill(&mut random).map_err(|_| Error::NoRandomness)?;
        let (key, suffix) = random.split_at(32);
        let suffix: String = suffix.iter().map(|byte| format!("{byte:02x}")).collect();
        let new = self.folder.join(format!("{NAME}{year}.{suffix}"));
        let mut options = OpenOptions::new();
        options.create_new(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&new).map_err(failed)?;
        let linked = file.write_all(key).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&new, &path));
        let _ = fs::remove_file(&new);
        match linked {
            Ok(()) => Ok(key.to_vec()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => fs::read(&path).map_err(failed),
            Err(error) => Err(failed(error)),
        }
    }
}

/// Removes the keys of the years before one: their last lines are gone.
pub(super) fn remove_before(folder: &Path, year: i16) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let of = name.to_str().and_then(|name| name.strip_prefix(NAME)).and_then(|of| of.parse::<i16>().ok());
        if of.is_some_and(|of| of < year) {
            // Another process may have been quicker.
            let _ = fs::remove_file(entry.path());
        }
    }
}
