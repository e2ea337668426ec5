//! AES-128-CBC under keys derived by MD5 (protocol §4.1). Weak by today's measure; the server allows no other.

use aes::Aes128;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::Pkcs7};
use md5::{Digest, Md5};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

/// The key and the IV in force at one moment of a session.
#[derive(Clone)]
pub struct Keys {
    key: Zeroizing<[u8; 16]>,
    iv: [u8; 16],
}

impl Keys {
    /// Derives them from their materials: the key is always MD5 of its material; an empty IV material is sixteen zeros.
    #[must_use]
    pub fn new(key_material: &[u8], iv_material: &[u8]) -> Self {
        let iv = if iv_material.is_empty() { [0; 16] } else { Md5::digest(iv_material).into() };
        Keys { key: Zeroizing::new(Md5::digest(key_material).into()), iv }
    }

    /// The same IV under another key: what happens when a sign-in succeeds.
    #[must_use]
    pub fn with_key(&self, key_material: &[u8]) -> Self {
        Keys { key: Zeroizing::new(Md5::digest(key_material).into()), iv: self.iv }
    }

    /// Encrypts bytes with PKCS#7 padding.
    #[must_use]
    pub fn encrypt(&self, clear: &[u8]) -> Vec<u8> {
        cbc::Encryptor::<Aes128>::new((&*self.key).into(), (&self.iv).into()).encrypt_padded_vec::<Pkcs7>(clear)
    }

    /// Decrypts bytes and removes their padding.
    ///
    /// # Errors
    /// The length is not a multiple of sixteen, or the padding is wrong: another key, or damaged bytes.
    pub fn decrypt(&self, secret: &[u8]) -> Result<Vec<u8>, Undecipherable> {
        cbc::Decryptor::<Aes128>::new((&*self.key).into(), (&self.iv).into())
            .decrypt_padded_vec::<Pkcs7>(secret)
            .map_err(|_| Undecipherable)
    }

    /// Encrypts bytes and writes them in lower-case hex, as every field and file link is.
    #[must_use]
    pub fn encrypt_hex(&self, clear: &[u8]) -> String {
        hex(&self.encrypt(clear))
    }

    /// Reads hex of either case and decrypts it.
    ///
    /// # Errors
    /// The text is not hex, or does not decrypt under these keys.
    pub fn decrypt_hex(&self, secret: &str) -> Result<Vec<u8>, Undecipherable> {
        self.decrypt(&unhex(secret).ok_or(Undecipherable)?)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

/// Bytes that do not decrypt under the keys in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bytes do not decrypt under the keys in force")]
pub struct Undecipherable;

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// Reads hex of either case.
#[must_use]
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    base16ct::mixed::decode_vec(text).ok()
}

/// The MD5 digest of a file, in hex, as uploads carry it.
#[must_use]
pub fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// Random bytes from the system.
///
/// # Panics
/// The system has no source of randomness left: nothing safe can be done then.
#[must_use]
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    const SESSION: [u8; 16] = [12, 250, 3, 77, 0, 199, 45, 8, 161, 90, 255, 31, 64, 128, 7, 210];

    #[test]
    fn orders_encrypt_as_the_official_client_does() {
        assert_eq!(Keys::new(b"", b"").encrypt_hex(b"1"), "3fa959b13967e0ef176069e01e23c8d7");
        assert_eq!(Keys::new(b"", &IV).encrypt_hex(b"2"), "b3961095f9685612b2cad63997dce7cb");
        let session = Keys::new(b"", &IV).with_key(&SESSION);
        assert_eq!(session.encrypt_hex(b"7"), "bd8860dd4afb82c2d645be10c4a2abc7");
        assert_eq!(session.encrypt_hex(b"-1"), "b4eee53340090f170fcabb7574842ecf");
    }

    #[test]
    fn fields_and_codes_encrypt_as_the_official_client_does() {
        let session = Keys::new(&SESSION, &IV);
        assert_eq!(session.encrypt_hex("Éclair-2026".as_bytes()), "a1bf3f5379a8791511941c43ef37b69f");
        assert_eq!(Keys::new(b"1234", b"").decrypt_hex("F8E83FA7E9A21441A2596950DA79441E").unwrap(), b"demonstration");
    }

    proptest! {
        #[test]
        fn what_is_encrypted_decrypts(clear in proptest::collection::vec(any::<u8>(), 0..200), key in "\\PC{0,20}") {
            let keys = Keys::new(key.as_bytes(), &IV);
            prop_assert_eq!(keys.decrypt(&keys.encrypt(&clear)), Ok(clear));
        }

        #[test]
        fn damaged_bytes_are_refused_not_fatal(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = Keys::new(b"", b"").decrypt(&bytes);
        }
    }
}
