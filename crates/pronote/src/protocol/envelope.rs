//! The JSON around every call, and what is done to the payload inside it (protocol §3 and §4.6).

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::cipher::{self, Keys};
use super::compression::{deflate, inflate};
use super::{Flags, Generation};

/// The most bytes a payload may inflate to. The largest page known is under 1 MiB.
pub const MOST_INFLATED: usize = 8 << 20;

/// Which way a payload goes: requests compress the hex of their JSON, answers the JSON itself (protocol §4.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From a client.
    Request,
    /// From a server.
    Response,
}

/// Why an envelope or its payload cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The body is not a JSON object of the known names.
    #[error("the body is not an envelope")]
    NotAnEnvelope,
    /// There is no secured part.
    #[error("the envelope holds no payload")]
    NoPayload,
    /// The payload is not hex.
    #[error("the payload is not hexadecimal")]
    NotHex,
    /// The payload does not decrypt.
    #[error("the payload does not decrypt under the keys in force")]
    Undecipherable,
    /// The payload does not inflate, or inflates to more than [`MOST_INFLATED`].
    #[error("the payload does not inflate, or to more than 8 MiB")]
    NotDeflated,
    /// The clear payload is not UTF-8.
    #[error("the payload is not text")]
    NotText,
}

/// One message, either way, its payload still folded. Both dialects are read, whatever the generation.
#[derive(Debug, Deserialize)]
pub struct Envelope<'a> {
    /// The session number; some clients write it as text.
    #[serde(borrow, default)]
    session: Option<&'a RawValue>,
    /// The order number, encrypted, in hex.
    #[serde(borrow, default, alias = "numeroOrdre", rename = "no")]
    pub order: Option<Cow<'a, str>>,
    /// The function called.
    #[serde(borrow, default, alias = "nom", rename = "id")]
    pub function: Option<Cow<'a, str>>,
    /// The payload: an object, or hex text.
    #[serde(borrow, default, alias = "donneesSec", rename = "dataSec")]
    secured: Option<&'a RawValue>,
    /// What is never encrypted, such as `{fichiers: […]}`.
    #[serde(borrow, default, alias = "donneesNonSec", rename = "dataNonSec")]
    pub clear: Option<&'a RawValue>,
    /// An error in place of a payload.
    #[serde(borrow, default, rename = "Erreur")]
    pub error: Option<&'a RawValue>,
    /// The call repeats one that failed on the network.
    #[serde(default, rename = "echecReseau")]
    pub repeated: bool,
}

impl<'a> Envelope<'a> {
    /// Parses the body of a message.
    ///
    /// # Errors
    /// [`Unreadable::NotAnEnvelope`].
    pub fn parse(body: &'a str) -> Result<Self, Unreadable> {
        serde_json::from_str(body).map_err(|_| Unreadable::NotAnEnvelope)
    }

    /// The session number, however it was written.
    #[must_use]
    pub fn session(&self) -> Option<u64> {
        self.session?.get().trim_matches('"').parse().ok()
    }

    /// The clear JSON of the payload.
    ///
    /// # Errors
    /// What is wrong with the payload; an envelope without one gives [`Unreadable::NoPayload`].
    pub fn payload(&self, direction: Direction, flags: Flags, keys: &Keys) -> Result<Cow<'a, str>, Unreadable> {
        let secured = self.secured.ok_or(Unreadable::NoPayload)?.get();
        if secured.starts_with('{') {
            return Ok(Cow::Borrowed(secured));
        }
        // Hex has nothing to unescape.
        let text = secured.strip_prefix('"').and_then(|text| text.strip_suffix('"')).ok_or(Unreadable::NoPayload)?;
        if text.is_empty() {
            return Err(Unreadable::NoPayload);
        }
        unfold(text, direction, flags, keys).map(Cow::Owned)
    }
}

/// Turns the clear JSON of a payload into the text of the secured part: the JSON itself, or quoted hex.
#[must_use]
pub fn fold(json: &str, direction: Direction, flags: Flags, keys: &Keys) -> String {
    let mut bytes = Cow::Borrowed(json.as_bytes());
    if flags.compress {
        bytes = Cow::Owned(match direction {
            Direction::Request => deflate(cipher::hex(&bytes).as_bytes()),
            Direction::Response => deflate(&bytes),
        });
    }
    if flags.encrypt {
        bytes = Cow::Owned(keys.encrypt(&bytes));
    }
    if flags == Flags::default() { json.to_owned() } else { format!("\"{}\"", cipher::hex(&bytes)) }
}

/// Turns hex back into the clear JSON of a payload.
///
/// # Errors
/// The step that failed.
pub fn unfold(text: &str, direction: Direction, flags: Flags, keys: &Keys) -> Result<String, Unreadable> {
    let mut bytes = cipher::unhex(text).ok_or(Unreadable::NotHex)?;
    if flags.encrypt {
        bytes = keys.decrypt(&bytes).map_err(|_| Unreadable::Undecipherable)?;
    }
    if flags.compress {
        bytes = match direction {
            Direction::Response => inflate(&bytes, MOST_INFLATED).ok_or(Unreadable::NotDeflated)?,
            Direction::Request => {
                let hex = inflate(&bytes, 2 * MOST_INFLATED).ok_or(Unreadable::NotDeflated)?;
                let hex = String::from_utf8(hex).map_err(|_| Unreadable::NotHex)?;
                cipher::unhex(&hex).ok_or(Unreadable::NotHex)?
            }
        };
    }
    String::from_utf8(bytes).map_err(|_| Unreadable::NotText)
}

/// Writes the whole message around a folded payload, in the names of a generation.
#[must_use]
pub fn write(generation: Generation, session: u64, order: &str, function: &str, secured: &str) -> String {
    let names = generation.names();
    format!(
        r#"{{"session":{session},"{}":"{order}","{}":{},"{}":{secured}}}"#,
        names.order,
        names.function,
        serde_json::Value::from(function),
        names.secured,
    )
}

/// Escapes everything past `~`, as servers do and as every known client can read (protocol §3.3).
#[must_use]
pub fn ascii(json: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if (' '..='~').contains(&character) {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04X}");
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const IV: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
    const SESSION: [u8; 16] = [12, 250, 3, 77, 0, 199, 45, 8, 161, 90, 255, 31, 64, 128, 7, 210];
    const ENCRYPTED: Flags = Flags { encrypt: true, compress: false };
    const COMPRESSED: Flags = Flags { encrypt: false, compress: true };
    const BOTH: Flags = Flags { encrypt: true, compress: true };

    #[test]
    fn recorded_requests_unfold() {
        let clear = r#"{"data":{"Uuid":"AAECAwQFBgcICQoLDA0ODw==","identifiantNav":null}}"#;
        let keys = Keys::new(b"", b"");
        let encrypted = "07f1d4293acf059624024e44cd33caa2eba6b3060d7069e437458ce046cd1afd44c8036bf816926168e3c27619a1dbcff1c3eae4accec10e21d8eba771de4d97315eff61fa194ed6fc01ed63c15b3561";
        let compressed = "158d810903310c0357aa655922e3b4c9fffe2354c1087c069ffc03449513a0bf0ecf78b4c4cb002b336c963dc59c6535177b4a2f37c9ea0f5fd2eed307c08e33ff1a3df12e29a9bbf34993ae3734dada3e3e7f";
        let both = "abe7b2366836154c4f0c511eec33ba15498d4c059167d7302d72132ceebe70f92efae9795404bd1cc273b27aac4ddd019063e00b1c15aeb236c0020ffaab612c3afd18b392b7efa65d5e4e4a39beae2ba8dc6867636b5487c2e3b563c1369665";
        assert_eq!(fold(clear, Direction::Request, ENCRYPTED, &keys), format!("\"{encrypted}\""));
        assert_eq!(unfold(encrypted, Direction::Request, ENCRYPTED, &keys).unwrap(), clear);
        assert_eq!(unfold(compressed, Direction::Request, COMPRESSED, &keys).unwrap(), clear);
        assert_eq!(unfold(both, Direction::Request, BOTH, &keys).unwrap(), clear);
    }

    #[test]
    fn recorded_answers_unfold() {
        let keys = Keys::new(&SESSION, &IV);
        let clear = "{\"data\":{\"nom\":\"\\u00C9l\\u00E8ve\"}}";
        let both = "4f18eac26cdfc625e16b98fa2f02f5d1a405dc5207e080ea072535bc81a82afc7ccba2d94a1869d15ce2e9815da965cd";
        assert_eq!(unfold(both, Direction::Response, BOTH, &keys).unwrap(), clear);
        assert_eq!(ascii("{\"data\":{\"nom\":\"Élève\"}}"), clear);
        assert_eq!(ascii("😀"), "\\uD83D\\uDE00");
    }

    #[test]
    fn both_dialects_are_read() {
        for body in [
            r#"{"session":"12","numeroOrdre":"AB","nom":"X","donneesSec":{"a":1}}"#,
            r#"{"session":12,"no":"AB","id":"X","dataSec":{"a":1}}"#,
        ] {
            let envelope = Envelope::parse(body).unwrap();
            assert_eq!((envelope.session(), envelope.order.as_deref()), (Some(12), Some("AB")));
            assert_eq!(
                envelope.payload(Direction::Response, Flags::default(), &Keys::new(b"", b"")).unwrap(),
                r#"{"a":1}"#
            );
        }
    }

    #[test]
    fn what_is_no_payload_is_named() {
        let keys = Keys::new(b"", b"");
        let read = |body: &str, flags| {
            Envelope::parse(body)
                .and_then(|envelope| envelope.payload(Direction::Response, flags, &keys).map(Cow::into_owned))
        };
        assert_eq!(read("<html>", ENCRYPTED), Err(Unreadable::NotAnEnvelope));
        assert_eq!(read("{}", ENCRYPTED), Err(Unreadable::NoPayload));
        assert_eq!(read(r#"{"dataSec":""}"#, ENCRYPTED), Err(Unreadable::NoPayload));
        assert_eq!(read(r#"{"dataSec":"xyz"}"#, ENCRYPTED), Err(Unreadable::NotHex));
        assert_eq!(read(r#"{"dataSec":"00ff"}"#, ENCRYPTED), Err(Unreadable::Undecipherable));
        assert_eq!(read(r#"{"dataSec":"00ff"}"#, COMPRESSED), Err(Unreadable::NotDeflated));
        assert_eq!(read(r#"{"dataSec":"ff"}"#, Flags::default()), Err(Unreadable::NotText));
    }

    proptest! {
        #[test]
        fn a_payload_survives_both_ways(text in "\\PC{0,300}", encrypt: bool, compress: bool, request: bool) {
            let json = serde_json::json!({ "data": text }).to_string();
            let direction = if request { Direction::Request } else { Direction::Response };
            let (flags, keys) = (Flags { encrypt, compress }, Keys::new(&SESSION, &IV));
            for generation in Generation::ALL {
                let body = write(generation, 7, "00", "F", &fold(&json, direction, flags, &keys));
                let envelope = Envelope::parse(&body).unwrap();
                prop_assert_eq!(envelope.payload(direction, flags, &keys).unwrap(), json.as_str());
            }
        }
    }
}
