//! Text that does not fit is broken into lines, and then written smaller; it is never cut.

use super::fonts::{Face, Fonts};

/// The room that a text has.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    /// The width, in units of the drawing.
    pub(crate) width: f32,
    /// The size of the font, if all is well.
    pub(crate) size: f32,
    /// The smallest size that is still read well.
    pub(crate) min: f32,
    /// The most lines.
    pub(crate) lines: usize,
}

/// A text in its room.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fitted {
    /// The size of the font.
    pub(crate) size: f32,
    /// The lines, and how wide each is.
    pub(crate) lines: Vec<(String, f32)>,
}

/// The part of the room that is filled at most: pairs of letters may be a little wider than the letters.
const FILLED: f32 = 0.985;
/// How much smaller the next size is that is tried, and the smallest of all.
const STEP: f32 = 0.97;
const SMALLEST: f32 = 0.5;

/// Fits a text in its room. Only when it fits in no other way does it get smaller than it should.
pub(crate) fn fit(text: &str, room: &Room, face: &Face, fonts: &Fonts) -> Fitted {
    let pieces = pieces(text);
    let measured: Vec<Piece<'_>> =
        pieces.iter().map(|&(text, spaced)| Piece { text, spaced, width: fonts.width(text, face) }).collect();
    let space = fonts.width(" ", face);
    let (most, width) = (room.lines.max(1), room.width.max(1.0) * FILLED);
    let mut size = room.size.max(SMALLEST);
    loop {
        let lines = broken(&measured, space, width / size);
        let fits = lines.len() <= most && lines.iter().all(|(_, line)| line * size <= width);
        if fits || size <= SMALLEST {
            return Fitted { size, lines: lines.into_iter().map(|(text, line)| (text, line * size)).collect() };
        }
        let next = size * STEP;
        // Sizes that are too small come last, but the smallest good one is tried.
        size = if size > room.min && next < room.min { room.min } else { next }.max(SMALLEST);
    }
}

/// What is kept together in a line.
struct Piece<'a> {
    text: &'a str,
    /// Whether there is a space before it.
    spaced: bool,
    width: f32,
}

/// A text may be broken at spaces, and after hyphens.
fn pieces(text: &str) -> Vec<(&str, bool)> {
    let words = text.split_whitespace().enumerate();
    words
        .flat_map(|(at, word)| {
            word.split_inclusive('-').enumerate().map(move |(part, piece)| (piece, at > 0 && part == 0))
        })
        .collect()
}

/// The lines of at most a width, each as full as can be; a piece that is wider has a line of its own.
fn broken(pieces: &[Piece<'_>], space: f32, width: f32) -> Vec<(String, f32)> {
    let mut lines: Vec<(String, f32)> = Vec::new();
    for piece in pieces {
        let gap = if piece.spaced { space } else { 0.0 };
        match lines.last_mut() {
            Some((line, filled)) if *filled + gap + piece.width <= width => {
                if piece.spaced {
                    line.push(' ');
                }
                line.push_str(piece.text);
                *filled += gap + piece.width;
            }
            _ => lines.push((piece.text.to_owned(), piece.width)),
        }
    }
    lines
}
