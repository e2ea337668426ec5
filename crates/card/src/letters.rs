//! Letters without their accents.

use unicode_normalization::UnicodeNormalization as _;

/// A Latin letter without its accent; any other character as it is.
pub(crate) fn plain(letter: char) -> char {
    match letter {
        'Ø' => 'O',
        'ø' => 'o',
        'ı' => 'i',
        _ => std::iter::once(letter).nfd().next().filter(char::is_ascii).unwrap_or(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_latin_letters_lose_their_accents() {
        let plained = |text: &str| text.chars().map(plain).collect::<String>();
        assert_eq!(plained("ÀÇÉÎÑØÜŸŠŽ àçéîñøüÿšž"), "ACEINOUYSZ aceinouysz");
        assert_eq!(plained("Лёвйñ ß œ 7"), "Лёвйn ß œ 7");
    }
}
