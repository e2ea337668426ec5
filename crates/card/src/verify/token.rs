//! The bytes of a code, and the letters they are written in.

use crate::model::Affiliation;

/// The bytes that are signed.
pub(super) const SIGNED: usize = 19;
/// The bytes of a person's reference.
pub(super) const REFERENCE: usize = 8;
/// The bytes of an online code's proof.
pub(super) const TAG: usize = 16;
/// The bytes of an offline code's proof.
const SIGNATURE: usize = 64;
/// The year before the first that the flags can tell, and the last of their numbers.
const YEARS: (i16, i16) = (2020, 63);
/// RFC 4648.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A person, to whom does not hold the key nobody.
pub(super) type Reference = [u8; REFERENCE];

/// Who can check a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// We.
    Online = 1,
    /// Anybody with the public keys.
    Offline = 2,
}

/// What a code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claims {
    pub(super) form: Form,
    pub(super) key: u8,
    pub(super) slot: u32,
    pub(super) reference: Reference,
    pub(super) flags: u8,
    pub(super) nonce: [u8; 4],
}

/// A code that was read, and not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) claims: Claims,
    pub(super) proof: Vec<u8>,
}

impl Claims {
    /// What is signed.
    pub(super) fn bytes(&self) -> [u8; SIGNED] {
        let mut bytes = [0; SIGNED];
        bytes[0] = self.form as u8;
        bytes[1] = self.key;
        bytes[2..6].copy_from_slice(&self.slot.to_be_bytes());
        bytes[6..14].copy_from_slice(&self.reference);
        bytes[14] = self.flags;
        bytes[15..].copy_from_slice(&self.nonce);
        bytes
    }
}

/// The layout and the year as a byte.
pub(super) fn flags(affiliation: Affiliation, end_date: i16) -> u8 {
    let year = end_date.checked_sub(YEARS.0).filter(|year| (1..=YEARS.1).contains(year)).unwrap_or_default();
    u8::try_from(year << 1).unwrap_or_default() | u8::from(affiliation == Affiliation::Staff)
}

/// What a byte of flags tells.
pub(super) fn told(flags: u8) -> (Affiliation, Option<i16>) {
    let affiliation = if flags & 1 == 1 { Affiliation::Staff } else { Affiliation::Student };
    let year = i16::from(flags >> 1 & 63);
    (affiliation, (year > 0).then_some(YEARS.0 + year))
}

/// Writes a code.
pub(super) fn write(signed: &[u8; SIGNED], proof: &[u8]) -> String {
    let bytes = [signed, proof].concat();
    let mut text = String::with_capacity(bytes.len() * 8 / 5 + 1);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits) & 31) as usize]));
    }
    text
}

/// Reads a code; what is not written exactly as we write is none.
pub(super) fn read(text: &str) -> Option<Token> {
    let most = (SIGNED + SIGNATURE) * 8 / 5 + 1;
    if text.len() > most {
        return None;
    }
    let mut bytes = Vec::with_capacity(SIGNED + SIGNATURE);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        held = held << 5 | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 255) as u8);
        }
    }
    // The bits that are left over are nothing: otherwise one code could be written in several ways.
    if bits >= 5 || held & ((1 << bits) - 1) != 0 {
        return None;
    }
    let (signed, proof) = bytes.split_first_chunk::<SIGNED>()?;
    let form = match (signed[0], proof.len()) {
        (1, TAG) => Form::Online,
        (2, SIGNATURE) => Form::Offline,
        _ => return None,
    };
    let claims = Claims {
        form,
        key: signed[1],
        slot: u32::from_be_bytes(signed[2..6].try_into().ok()?),
        reference: signed[6..14].try_into().ok()?,
        flags: signed[14],
        nonce: signed[15..].try_into().ok()?,
    };
    Some(Token { claims, proof: proof.to_vec() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_letters_are_those_of_the_rfc() {
        // Section 10 of RFC 4648 has `foobar`; the rest of the bytes are nought.
        let mut signed = [0; SIGNED];
        signed[..6].copy_from_slice(b"foobar");
        let text = write(&signed, &[]);
        assert!(text.starts_with("MZXW6YTBOI"), "{text}");
    }

    #[test]
    fn the_flags_tell_the_layout_and_the_year() {
        for affiliation in [Affiliation::Student, Affiliation::Staff] {
            for year in 2021..=2083 {
                assert_eq!(told(flags(affiliation, year)), (affiliation, Some(year)));
            }
            for year in [i16::MIN, 0, 2020, 2084, i16::MAX] {
                assert_eq!(told(flags(affiliation, year)), (affiliation, None));
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic_and_only_as_it_is_written(text in ".{0,160}") {
            if let Some(token) = read(&text) {
                prop_assert_eq!(write(&token.claims.bytes(), &token.proof), text);
            }
        }

        #[test]
        fn what_is_written_is_read_again(bytes in proptest::collection::vec(any::<u8>(), SIGNED), long in any::<bool>()) {
            let mut signed: [u8; SIGNED] = bytes.try_into().unwrap();
            signed[0] = if long { 2 } else { 1 };
            let proof = vec![7; if long { SIGNATURE } else { TAG }];
            let text = write(&signed, &proof);
            prop_assert_eq!(text.len(), if long { 133 } else { 56 });
            let token = read(&text).unwrap();
            prop_assert_eq!(token.claims.bytes(), signed);
            prop_assert_eq!(token.proof, proof);
        }
    }
}
