//! Our numbers as PRONOTE identifiers: `genre#` and 43 characters that only mean something to the session that received them.
//!
//! Nothing is remembered: the characters hold the number, sealed with a key of the session. An identifier sealed with another
//! key does not open, which is what error 22 reports (protocol §6.6).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::Value;

use super::{Refusal, bare};

/// PRONOTE's resource kinds, the number before the `#` (data §1.6). Kinds that PRONOTE has no number for use free ones.
pub(crate) mod genre {
    pub(crate) const CLASS: u16 = 1;
    pub(crate) const GROUP: u16 = 2;
    pub(crate) const LEVEL: u16 = 6;
    pub(crate) const NEWS: u16 = 8;
    pub(crate) const HOLIDAY: u16 = 9;
    pub(crate) const SCHOOL: u16 = 10;
    pub(crate) const PERIOD: u16 = 11;
    pub(crate) const SERVICE: u16 = 12;
    pub(crate) const SUBJECT: u16 = 16;
    pub(crate) const ROOM: u16 = 17;
    pub(crate) const LESSON: u16 = 20;
    pub(crate) const EVALUATION: u16 = 29;
    pub(crate) const CATEGORY: u16 = 36;
    pub(crate) const CONTENT: u16 = 37;
    pub(crate) const HOMEWORK: u16 = 38;
    pub(crate) const FILE: u16 = 48;
    pub(crate) const TEST: u16 = 59;
    pub(crate) const QUESTION: u16 = 60;
    pub(crate) const CHOICE: u16 = 61;
    pub(crate) const NEWS_ANSWER: u16 = 62;
    pub(crate) const MEAL: u16 = 63;
    pub(crate) const FOOD: u16 = 64;
    pub(crate) const FOOD_LABEL: u16 = 65;
    pub(crate) const ALLERGEN: u16 = 66;
    pub(crate) const MESSAGE: u16 = 67;
    pub(crate) const POSSESSION: u16 = 68;
    pub(crate) const MESSAGE_LABEL: u16 = 70;
    pub(crate) const LINK: u16 = 80;
    pub(crate) const AGENDA: u16 = 81;
    pub(crate) const FUNCTION: u16 = 82;
    /// Not an identifier on the wire: the secret of a calendar's address.
    pub(crate) const CALENDAR: u16 = 83;
    /// Small fixed things: reasons, natures, categories, levels of skill. The key tells them apart.
    pub(crate) const FIXED: u16 = 90;
}

/// A number with its kind, as read back from an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Id {
    /// PRONOTE's kind.
    pub(crate) genre: u16,
    /// Our number.
    pub(crate) key: u64,
}

/// Seals and opens the identifiers of one session.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    key: hmac::Key,
}

/// How many bytes of the seal are kept; with the 8 of the number they make 32, that is 43 characters.
const SEAL: usize = 24;

impl Ids {
    /// Identifiers that only this session understands; `session` is any text of its own.
    pub(crate) fn for_session(seed: u64, session: &str) -> Self {
        Self::keyed(&format!("{seed} session {session}"))
    }

    /// Identifiers that stay the same in every session of the school.
    pub(crate) fn stable(seed: u64) -> Self {
        Self::keyed(&format!("{seed} stable"))
    }

    fn keyed(secret: &str) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()) }
    }

    /// Writes a number of ours.
    pub(crate) fn write(&self, genre: u16, key: impl Into<u64>) -> String {
        let number = key.into().to_be_bytes();
        let seal = self.seal(genre, number);
        let mut bytes = [0; SEAL + 8];
        bytes[..SEAL].copy_from_slice(&seal);
        bytes[SEAL..].copy_from_slice(&self.masked(&seal, number));
        format!("{genre}#{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads an identifier back; one of another session is refused with error 22.
    pub(crate) fn read(&self, text: &str) -> Result<Id, Refusal> {
        self.open(text).ok_or_else(Refusal::expired_id)
    }

    /// Reads the `N` of an element, wrapped or not; `None` when absent or `"0"`.
    pub(crate) fn of(&self, element: &Value) -> Result<Option<Id>, Refusal> {
        match bare(element)["N"].as_str() {
            None | Some("" | "0") => Ok(None),
            Some(text) => self.read(text).map(Some),
        }
    }

    fn open(&self, text: &str) -> Option<Id> {
        let (genre, sealed) = text.split_once('#')?;
        let genre = genre.parse().ok()?;
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (seal, masked) = bytes.split_first_chunk::<SEAL>()?;
        let number = self.masked(seal, masked.try_into().ok()?);
        (self.seal(genre, number) == *seal).then(|| Id { genre, key: u64::from_be_bytes(number) })
    }

    fn seal(&self, genre: u16, number: [u8; 8]) -> [u8; SEAL] {
        let mut text = [0; 10];
        text[..2].copy_from_slice(&genre.to_be_bytes());
        text[2..].copy_from_slice(&number);
        let mut seal = [0; SEAL];
        seal.copy_from_slice(&hmac::sign(&self.key, &text).as_ref()[..SEAL]);
        seal
    }

    /// Hides or shows the number, with a mask drawn from its seal.
    fn masked(&self, seal: &[u8; SEAL], number: [u8; 8]) -> [u8; 8] {
        let mask = hmac::sign(&self.key, seal);
        let mut out = number;
        for (byte, mask) in out.iter_mut().zip(mask.as_ref()) {
            *byte ^= mask;
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_has_the_shape_the_first_party_client_tests() {
        let text = Ids::stable(1).write(genre::CLASS, 7_u64);
        let (digits, rest) = text.split_once('#').unwrap();
        assert_eq!(digits, "1");
        assert_eq!(rest.len(), 43);
        assert!(rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-'));
    }

    #[test]
    fn an_identifier_is_read_back_by_its_own_session_only() {
        let one = Ids::for_session(1, "100");
        let text = one.write(genre::LESSON, 1_u64 << 40);
        assert_eq!(one.read(&text).unwrap(), Id { genre: genre::LESSON, key: 1 << 40 });
        assert_eq!(Ids::for_session(1, "101").read(&text).unwrap_err().code, 22);
        assert_eq!(one.read(&text.replacen("20#", "21#", 1)).unwrap_err().code, 22);
    }

    #[test]
    fn stable_identifiers_are_the_same_in_every_session() {
        assert_eq!(Ids::stable(3).write(genre::FILE, 9_u64), Ids::stable(3).write(genre::FILE, 9_u64));
    }

    #[test]
    fn no_text_makes_reading_fail_badly() {
        for text in ["", "#", "1#", "x#y", "99999#AAAA", "1#é"] {
            assert_eq!(Ids::stable(1).read(text).unwrap_err().code, 22, "{text}");
        }
    }
}
