//! Bar codes: Code 128 for what is printed in ASCII, Code 39 for readers that know nothing else.

use std::fmt::Write as _;

use barcoders::sym::code39::Code39;
use barcoders::sym::code128::Code128;

use super::Fault;

/// The most letters of a bar code: more do not fit on a card in bars that a camera tells apart.
const MOST: usize = 48;

/// A bar code: bars and gaps of whole modules, without the margins.
pub struct Bars(Vec<bool>);

impl Bars {
    /// How many modules it is wide.
    #[must_use]
    pub fn width(&self) -> usize {
        self.0.len()
    }

    /// The bars, as the path of an SVG in which a module is 1 wide and the bars are 1 high.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        let mut at = 0;
        for run in self.0.chunk_by(|one, next| one == next) {
            if run[0] {
                // Writing to a text cannot fail.
                let _ = write!(path, "M{at} 0h{0}v1h-{0}z", run.len());
            }
            at += run.len();
        }
        path
    }
}

/// A text in Code 128, with pairs of digits where that is shorter.
///
/// # Errors
/// It is empty, too long, or not of printable ASCII.
pub fn code128(text: &str) -> Result<Bars, Fault> {
    bounded(text)?;
    if !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(Fault::Letter);
    }
    let code = Code128::new(sets(text)).map_err(|_| Fault::Letter)?;
    Ok(Bars(code.encode().into_iter().map(|bar| bar == 1).collect()))
}

/// A text in Code 39, which has capitals, digits and `-. $/+%`; lower case becomes upper case.
///
/// # Errors
/// It is empty, too long, or has another letter.
pub fn code39(text: &str) -> Result<Bars, Fault> {
    bounded(text)?;
    let text = text.to_ascii_uppercase();
    if !text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-. $/+%".contains(&byte)) {
        return Err(Fault::Letter);
    }
    let code = Code39::new(text).map_err(|_| Fault::Letter)?;
    let mut bars: Vec<bool> = code.encode().into_iter().map(|bar| bar == 1).collect();
    // The crate leaves a gap at the beginning or at the end: the margins are whoever draws it's.
    let end = bars.iter().rposition(|bar| *bar).map_or(0, |last| last + 1);
    bars.truncate(end);
    let start = bars.iter().position(|bar| *bar).unwrap_or(0);
    Ok(Bars(bars.split_off(start)))
}

fn bounded(text: &str) -> Result<(), Fault> {
    match text.len() {
        0 => Err(Fault::Empty),
        1..=MOST => Ok(()),
        length => Err(Fault::TooLong(length)),
    }
}

/// The text with the crate's signs for a change of the character set: to pairs of digits where four of them or more come
/// at the beginning or the end, or six elsewhere; an odd digit stays with what is before it, or at the beginning is by itself.
fn sets(text: &str) -> String {
    const LETTERS: char = 'Ɓ';
    const PAIRS: char = 'Ć';
    let bytes = text.as_bytes();
    let mut sets = String::new();
    let mut at = 0;
    let mut set = None;
    while at < bytes.len() {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let edge = at == 0 || at + digits == bytes.len();
        let pairs = digits >= if edge { 4 } else { 6 };
        // The odd digit of a run goes first, as a letter.
        let (wanted, run) = match (pairs, digits % 2) {
            (true, 0) => (PAIRS, digits),
            _ => (LETTERS, 1),
        };
        if set != Some(wanted) {
            sets.push(wanted);
            set = Some(wanted);
        }
        sets.push_str(&text[at..at + run]);
        at += run;
    }
    sets
}
