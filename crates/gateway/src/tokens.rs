//! Secrets that open something here: tokens of viewers, secrets of feeds, names of pending sign-ins.
//!
//! Each is shown to its owner once. What stays here is its SHA-256 digest, by which it is found again: a copy of this
//! process's memory or files opens nothing.

use std::fmt;
use std::hash::{Hash, Hasher};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use subtle::ConstantTimeEq as _;

use crate::Error;

/// A secret that its owner is shown once.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// A token with the shape of a version 4 UUID: 122 random bits in 36 characters.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn uuid() -> Result<Self, Error> {
        let mut bytes: [u8; 16] = random()?;
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let digits = format!("{:032x}", u128::from_be_bytes(bytes));
        let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
        Ok(Token(parts.join("-").into()))
    }

    /// A token of 256 random bits, in 43 letters that need no escape in an address.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn long() -> Result<Self, Error> {
        Ok(Token(URL_SAFE_NO_PAD.encode(random::<32>()?).into()))
    }

    /// The text, for its owner.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest::of(self.expose())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What is kept of a secret. Digests are compared in constant time.
#[derive(Clone, Copy, Eq)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    pub(crate) fn of(secret: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, secret.as_bytes()).as_ref());
        Digest(bytes)
    }

    /// As 64 hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Reads what [`Digest::hex`] wrote.
    pub(crate) fn of_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(text.get(at..at + 2)?, 16).ok()?;
        }
        Some(Digest(bytes))
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Hash for Digest {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.hex())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Digest::of_hex(&text).ok_or_else(|| serde::de::Error::custom("not a digest"))
    }
}

/// Bytes from the system's generator.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| Error::NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_short_token_has_the_shape_of_a_uuid() {
        let token = Token::uuid().unwrap();
        let parts: Vec<&str> = token.expose().split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(parts[2].starts_with('4') && "89ab".contains(&parts[3][..1]), "{}", token.expose());
        assert!(token.expose().bytes().all(|byte| byte == b'-' || matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    }

    #[test]
    fn no_two_tokens_are_alike() {
        let tokens: HashSet<String> = (0..1000)
            .flat_map(|_| [Token::uuid().unwrap(), Token::long().unwrap()])
            .map(|token| token.expose().to_owned())
            .collect();
        assert_eq!(tokens.len(), 2000);
        assert!(tokens.iter().all(|token| token.len() == 36 || token.len() == 43));
    }

    #[test]
    fn a_token_is_never_printed() {
        let token = Token::long().unwrap();
        assert_eq!(format!("{token:?} {:?}", token.digest()), "Token(…) Digest(…)");
    }

    #[test]
    fn a_digest_survives_its_text() {
        let digest = Token::long().unwrap().digest();
        assert_eq!(Digest::of_hex(&digest.hex()), Some(digest));
        assert_ne!(Digest::of("a"), Digest::of("b"));
        for text in ["", "zz", &"é".repeat(32), &"g".repeat(64)] {
            assert_eq!(Digest::of_hex(text), None, "{text}");
        }
    }
}
