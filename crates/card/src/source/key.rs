//! How keys and the names of columns are compared.

use crate::letters::plain;

/// The longest key, in bytes, that a source is asked for.
const LONGEST: usize = 256;

/// Whether a key may be somebody's. A source is never asked for one that is empty or blank, too long, or that holds what
/// nobody's login holds.
pub(crate) fn askable(key: &str) -> bool {
    !key.trim().is_empty() && key.len() <= LONGEST && !key.chars().any(char::is_control)
}

/// A text without case, as keys are compared: as a directory does it, but nothing else is evened out. An accent composed
/// or apart, a full-width letter or the Kelvin sign are other letters than those they look like.
pub(crate) fn folded(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(fold)
}

/// Whether two keys are one.
pub(crate) fn same(one: &str, other: &str) -> bool {
    folded(one).eq(folded(other))
}

fn fold(letter: char) -> char {
    if letter.is_ascii() {
        return letter.to_ascii_lowercase();
    }
    let mut small = letter.to_lowercase();
    match (small.next(), small.next()) {
        // Only a letter and its own capital are one: the small letter of the Kelvin sign is a `k`, whose capital is `K`.
        (Some(small), None) if small.to_uppercase().eq([letter]) => small,
        _ => letter,
    }
}

/// The name by which a column is spoken of: in lower case, without accents, and with `_` for what is neither letter,
/// digit nor `_`, so that `Prénom usuel` is `prenom_usuel`. Empty, if nothing is left.
pub(crate) fn column(header: &str) -> String {
    let mut name = String::new();
    for letter in header.trim().chars().map(plain).flat_map(char::to_lowercase) {
        match letter {
            // An accent that was written apart from its letter.
            '\u{300}'..='\u{36f}' => {}
            'æ' => name.push_str("ae"),
            'œ' => name.push_str("oe"),
            _ if letter.is_alphanumeric() => name.push(letter),
            _ => name.push('_'),
        }
    }
    name.trim_matches('_').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_compared_without_case_and_nothing_else() {
        assert!(same("AMARTIN", "amartin"));
        assert!(same("BENOÎT", "benoît"));
        assert!(same("ЁЖ", "ёж"));
        for (asked, held) in [
            ("ａｍａｒｔｉｎ", "amartin"),
            ("\u{212a}im", "kim"),
            ("benoi\u{302}t", "benoît"),
            ("benoit", "benoît"),
            ("strasse", "straße"),
            (" amartin", "amartin"),
            ("аmartin", "amartin"),
        ] {
            assert!(!same(asked, held), "{asked}");
        }
    }

    #[test]
    fn nobody_is_asked_for_by_what_cannot_be_a_key() {
        assert!(askable("amartin") && askable("*") && askable("Лев"));
        for key in ["", "  ", "a\0", "a\u{7f}", "a\nb", &"x".repeat(257)] {
            assert!(!askable(key), "{key:?}");
        }
    }

    #[test]
    fn a_column_has_a_name_that_can_be_written_in_an_expression() {
        for (header, name) in [
            ("Prénom usuel", "prenom_usuel"),
            ("NUMÉRO", "numero"),
            ("Pre\u{301}nom", "prenom"),
            ("N° étudiant", "n__etudiant"),
            ("Œuvre", "oeuvre"),
            (" login ", "login"),
            ("Фамилия", "фамилия"),
            ("***", ""),
        ] {
            assert_eq!(column(header), name);
        }
    }
}
