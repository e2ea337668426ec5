//! What encoding a text is in: UTF-8, or what it is said to be.

use std::str::FromStr;

/// The encoding of texts that are not UTF-8.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Nobody said: they are reported, and not taken.
    #[default]
    Unsaid,
    /// windows-1251, as editors of the time wrote Cyrillic.
    Windows1251,
}

impl FromStr for Encoding {
    type Err = &'static str;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Encoding::Unsaid),
            "windows-1251" | "cp1251" => Ok(Encoding::Windows1251),
            _ => Err("the encoding is utf-8 or windows-1251"),
        }
    }
}

/// A text, and how it was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    /// It began with a byte order mark, which is taken off.
    pub(super) marked: bool,
    /// It was windows-1251.
    pub(super) converted: bool,
    /// It held NUL characters, which no text has and not every database keeps.
    pub(super) cleaned: bool,
}

impl Decoded {
    /// What is odd about it.
    pub(super) fn oddities(&self) -> impl Iterator<Item = &'static str> {
        let told = [
            (self.marked, "begins with a byte order mark, which is left out"),
            (self.converted, "is taken as windows-1251"),
            (self.cleaned, "holds NUL characters, which are left out"),
        ];
        told.into_iter().filter_map(|(odd, what)| odd.then_some(what))
    }
}

/// What each byte from 0x80 on is in windows-1251; 0x98 is nothing.
const WINDOWS_1251: &str = "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{fffd}™љ›њќћџ\u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї\
                            АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя";

/// Reads a text. The error says why it cannot be, and what to do.
pub(super) fn decode(bytes: Vec<u8>, encoding: Encoding) -> Result<Decoded, &'static str> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16: save it as UTF-8");
    }
    let (mut text, converted) = match (String::from_utf8(bytes), encoding) {
        (Ok(text), _) => (text, false),
        (Err(_), Encoding::Unsaid) => {
            return Err("is not UTF-8, and most likely windows-1251: say so if it is, or save it as UTF-8");
        }
        (Err(error), Encoding::Windows1251) => {
            let text: Option<String> = error.into_bytes().into_iter().map(char_of).collect();
            (text.ok_or("is neither UTF-8 nor windows-1251")?, true)
        }
    };
    let marked = text.starts_with('\u{feff}');
    if marked {
        text.remove(0);
    }
    let cleaned = text.contains('\0');
    text.retain(|char| char != '\0');
    Ok(Decoded { text, marked, converted, cleaned })
}

fn char_of(byte: u8) -> Option<char> {
    match byte {
        0..0x80 => Some(char::from(byte)),
        0x98 => None,
        _ => WINDOWS_1251.chars().nth(usize::from(byte - 0x80)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_8_is_taken_as_it_is_but_for_its_mark_and_nul() {
        let text = "Расписание\r\n\u{1f600} \u{7f}\n";
        let read = |text: &str| {
            let decoded = decode(text.into(), Encoding::Windows1251).unwrap();
            let oddities = decoded.oddities().count();
            (decoded.text, oddities)
        };
        assert_eq!(read(text), (text.to_owned(), 0));
        assert_eq!(read(&format!("\u{feff}{text}")), (text.to_owned(), 1));
        assert_eq!(read(&format!("\0{text}\0")), (text.to_owned(), 1));
    }

    #[test]
    fn windows_1251_is_taken_only_when_it_is_said() {
        let bytes = b"\xd0\xe0\xf1\xef\xe8\xf1\xe0\xed\xe8\xe5 \xb8\xa8\xb9\xff\x80\xc0".to_vec();
        assert!(decode(bytes.clone(), Encoding::Unsaid).unwrap_err().contains("windows-1251"));
        let read = decode(bytes, Encoding::Windows1251).unwrap();
        assert_eq!((read.text.as_str(), read.converted), ("Расписание ёЁ№яЂА", true));
        assert!(decode(vec![0xd0, 0x98, 0x20, 0xe0], Encoding::Windows1251).is_err(), "0x98 is nothing");
        assert!(decode(b"\xff\xfe1\0".to_vec(), Encoding::Windows1251).unwrap_err().contains("UTF-16"));
        assert_eq!(WINDOWS_1251.chars().count(), 128);
    }
}
