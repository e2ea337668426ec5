//! Which modules of a QR code are dark.

use qrcode::bits::Bits;
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode, Version};

use super::outline::outline;
use super::{Correction, Fault, MOST_BYTES};

/// Says that bytes are UTF-8 (AIM's list of "extended channel interpretations").
const UTF_8: u32 = 26;

/// A QR code.
pub struct Code {
    width: usize,
    dark: Vec<bool>,
}

impl Code {
    /// Writes a text in a code: of a version, or the smallest that holds it.
    ///
    /// # Errors
    /// It does not fit, or there is nothing of it.
    pub fn new(text: &str, correction: Correction, version: Option<u8>) -> Result<Code, Fault> {
        let version = match version {
            Some(version @ 1..=40) => version,
            Some(_) => return Err(Fault::Unknown("a code has a version between 1 and 40")),
            None => self::version(text, correction)?,
        };
        let long = |_| Fault::TooLong(text.len());
        let level = level(correction);
        let mut bits = Bits::new(Version::Normal(version.into()));
        push(&mut bits, text).and_then(|()| bits.push_terminator(level)).map_err(long)?;
        let code = QrCode::with_bits(bits, level).map_err(long)?;
        let width = code.width();
        Ok(Code { width, dark: code.into_colors().into_iter().map(|color| color == Color::Dark).collect() })
    }

    /// The number of modules of a side.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// What is dark, as the path of an SVG in which a module is 1 wide, with a margin to the left and above.
    #[must_use]
    pub fn path(&self, margin: usize) -> String {
        outline(&self.dark, self.width, margin)
    }
}

/// The smallest version of a code that holds a text.
///
/// # Errors
/// None does, or there is nothing of it.
pub fn version(text: &str, correction: Correction) -> Result<u8, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let long = Fault::TooLong(text.len());
    if text.len() > MOST_BYTES {
        return Err(long);
    }
    // Between these the parts of a text have headers of one length.
    for last in [9, 26, 40] {
        let mut bits = Bits::new(Version::Normal(last));
        if push(&mut bits, text).is_err() {
            continue;
        }
        let holds = |version: &u8| {
            let room = Bits::new(Version::Normal((*version).into())).max_len(level(correction));
            room.is_ok_and(|room| bits.len() <= room)
        };
        if let Some(version) = (1..=40).filter(|version| i16::from(*version) <= last).find(holds) {
            return Ok(version);
        }
    }
    Err(long)
}

/// One part for the whole text. The crate's own parting would take pairs of UTF-8's bytes for Japanese.
fn push(bits: &mut Bits, text: &str) -> Result<(), QrError> {
    let bytes = text.as_bytes();
    if bytes.iter().all(u8::is_ascii_digit) {
        bits.push_numeric_data(bytes)
    } else if bytes
        .iter()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b' ' | b'$' | b'%' | b'*'..=b'+' | b'-'..=b'/' | b':'))
    {
        bits.push_alphanumeric_data(bytes)
    } else {
        if !text.is_ascii() {
            bits.push_eci_designator(UTF_8)?;
        }
        bits.push_byte_data(bytes)
    }
}

fn level(correction: Correction) -> EcLevel {
    match correction {
        Correction::L => EcLevel::L,
        Correction::M => EcLevel::M,
        Correction::Q => EcLevel::Q,
        Correction::H => EcLevel::H,
    }
}
