//! Seals secrets at rest: AES-256-GCM under a key of its own file.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::Zeroizing;

use crate::{Error, files};

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// The key that seals the secrets of one data folder.
///
/// It keeps them from copies and backups of single files, and from whoever may read the folder's files but not the key;
/// not from someone who has the whole folder.
pub(crate) struct Sealer {
    key: LessSafeKey,
}

impl Sealer {
    /// Reads the key; `None` when there is none yet.
    pub(crate) fn open(path: PathBuf) -> Result<Option<Self>, Error> {
        let Some(bytes) = files::read(&path)?.map(Zeroizing::new) else { return Ok(None) };
        Self::of_bytes(&bytes, path).map(Some)
    }

    /// Reads the key, or makes one at the first use.
    pub(crate) fn open_or_make(path: PathBuf) -> Result<Self, Error> {
        match Self::open(path.clone())? {
            Some(sealer) => Ok(sealer),
            None => Self::of_bytes(&Self::make(&path)?, path),
        }
    }

    fn of_bytes(bytes: &[u8], path: PathBuf) -> Result<Self, Error> {
        match UnboundKey::new(&AES_256_GCM, bytes) {
            Ok(key) => Ok(Sealer { key: LessSafeKey::new(key) }),
            Err(_) => Err(Error::Damaged { path, why: "a key has 32 bytes".to_owned() }),
        }
    }

    /// A key that lives as long as this process: what it seals opens in no other.
    pub(crate) fn of_this_process() -> Result<Self, Error> {
        let mut bytes = Zeroizing::new([0; KEY_BYTES]);
        SystemRandom::new().fill(&mut *bytes).map_err(|_| Error::NoRandomness)?;
        let key = UnboundKey::new(&AES_256_GCM, &*bytes).map_err(|_| Error::NoRandomness)?;
        Ok(Sealer { key: LessSafeKey::new(key) })
    }

    fn make(path: &Path) -> Result<Zeroizing<Vec<u8>>, Error> {
        let mut bytes = Zeroizing::new(vec![0; KEY_BYTES]);
        SystemRandom::new().fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
        if files::write_first(path, &bytes)? {
            return Ok(bytes);
        }
        // Another process was first: its key counts.
        Ok(Zeroizing::new(files::read(path)?.unwrap_or_default()))
    }

    /// Seals a text. It only opens again beside the same `bound` text, so that a secret cannot be moved elsewhere.
    pub(crate) fn seal(&self, clear: &[u8], bound: &str) -> Result<String, Error> {
        Ok(STANDARD.encode(self.seal_bytes(clear, bound)?))
    }

    /// Opens what [`Sealer::seal`] sealed; `None` when it is damaged, moved, or of another key.
    pub(crate) fn open_sealed(&self, sealed: &str, bound: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.open_bytes(&STANDARD.decode(sealed).ok()?, bound)
    }

    /// The same as [`Sealer::seal`], in letters that need no escape in an address.
    pub(crate) fn seal_for_address(&self, clear: &[u8], bound: &str) -> Result<String, Error> {
        Ok(URL_SAFE_NO_PAD.encode(self.seal_bytes(clear, bound)?))
    }

    /// Opens what [`Sealer::seal_for_address`] sealed.
    pub(crate) fn open_from_address(&self, sealed: &str, bound: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.open_bytes(&URL_SAFE_NO_PAD.decode(sealed).ok()?, bound)
    }

    fn seal_bytes(&self, clear: &[u8], bound: &str) -> Result<Vec<u8>, Error> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| Error::NoRandomness)?;
        let mut sealed = clear.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound), &mut sealed)
            .map_err(|_| Error::NoRandomness)?;
        Ok([&nonce[..], &sealed].concat())
    }

    fn open_bytes(&self, bytes: &[u8], bound: &str) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let length = self.key.open_in_place(nonce, Aad::from(bound), &mut sealed).ok()?.len();
        sealed.truncate(length);
        Some(sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> (tempfile::TempDir, Sealer) {
        let folder = tempfile::tempdir().unwrap();
        let sealer = Sealer::open_or_make(folder.path().join("key")).unwrap();
        (folder, sealer)
    }

    #[test]
    fn what_is_sealed_opens_beside_the_same_text_only() {
        let (_folder, sealer) = sealer();
        let sealed = sealer.seal(b"secret", "here").unwrap();
        assert_eq!(sealer.open_sealed(&sealed, "here").unwrap().as_slice(), b"secret");
        assert!(sealer.open_sealed(&sealed, "there").is_none());
        assert_ne!(sealer.seal(b"secret", "here").unwrap(), sealed, "no two sealings are alike");
    }

    #[test]
    fn what_is_damaged_or_of_another_key_does_not_open() {
        let (_folder, sealer) = sealer();
        let sealed = sealer.seal(b"secret", "").unwrap();
        let (_other_folder, other) = self::sealer();
        assert!(other.open_sealed(&sealed, "").is_none());
        for damaged in ["", "AAAA", "é", &sealed[..sealed.len() - 4], &sealed.replace(&sealed[..4], "AAAA")] {
            assert!(sealer.open_sealed(damaged, "").is_none(), "{damaged}");
        }
    }

    #[test]
    fn the_key_is_made_once() {
        let (folder, sealer) = sealer();
        let sealed = sealer.seal(b"secret", "").unwrap();
        let again = Sealer::open(folder.path().join("key")).unwrap().unwrap();
        assert!(again.open_sealed(&sealed, "").is_some());
    }

    #[test]
    fn a_damaged_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, b"short").unwrap();
        let Err(error) = Sealer::open(path.clone()) else { panic!("a short key was taken") };
        assert!(error.to_string().contains(&*path.to_string_lossy()), "{error}");
    }
}
