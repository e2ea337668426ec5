//! How wide texts are on the card that the application draws (`card.md`, 2.2): it does not wrap, and what is too long runs
//! under the photo.

use crate::letters::plain;

/// The size of the letters of names and titles, in units of the card.
const SIZE: f32 = 33.0;
/// The room for a name, or a title, before the photo.
const ROOM: f32 = 565.0;
/// The room for the subtitle, which is below the photo.
const ROOM_BELOW: f32 = 770.0;

/// The widths of the letters from space to `~` in bold Helvetica, in thousandths of the size.
const SANS: [u16; 95] = [
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
];
/// The same in bold italic Times.
const SERIF: [u16; 95] = [
    250, 389, 555, 500, 500, 833, 778, 278, 333, 333, 500, 570, 250, 333, 250, 278, 500, 500, 500, 500, 500, 500, 500,
    500, 500, 500, 333, 333, 570, 570, 570, 500, 832, 667, 667, 667, 722, 667, 667, 722, 778, 389, 500, 667, 611, 889,
    722, 722, 611, 722, 667, 556, 611, 722, 667, 889, 667, 611, 611, 333, 278, 333, 570, 500, 333, 500, 500, 444, 500,
    444, 333, 500, 556, 278, 278, 500, 278, 778, 556, 500, 500, 500, 389, 389, 278, 556, 444, 667, 500, 444, 389, 348,
    220, 348, 570,
];

/// Whether a name runs under the photo.
#[must_use]
pub fn name_overflows(text: &str) -> bool {
    width(text, &SANS) > ROOM
}

/// Whether a title runs under the photo.
#[must_use]
pub fn title_overflows(text: &str) -> bool {
    width(&text.to_uppercase(), &SERIF) > ROOM
}

/// Whether a subtitle runs off the card.
#[must_use]
pub fn subtitle_overflows(text: &str) -> bool {
    width(&text.to_uppercase(), &SERIF) > ROOM_BELOW
}

fn width(text: &str, widths: &[u16; 95]) -> f32 {
    let letter = |c: char| {
        let index = usize::try_from(u32::from(like(c))).unwrap_or_default().checked_sub(0x20);
        // What is in no table is about as wide as a capital.
        f32::from(index.and_then(|index| widths.get(index)).copied().unwrap_or(667))
    };
    text.chars().map(letter).sum::<f32>() * SIZE / 1000.0
}

/// The letter of the tables that has the width of one.
fn like(letter: char) -> char {
    if letter == '’' { '\'' } else { plain(letter) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_that_of_the_application() {
        assert!(!name_overflows(&"n".repeat(28)) && name_overflows(&"n".repeat(29)));
        assert!(!name_overflows("Lefèvre-Beaumarchais d'Orléans"));
        assert!(!title_overflows("Carte professionnelle") && !title_overflows("Carte d'étudiant"));
        assert!(title_overflows("Carte d'étudiant de l'université"));
        assert!(!subtitle_overflows("Master 1 informatique") && subtitle_overflows(&"M1 ".repeat(20)));
    }
}
