//! What a portal writes, as plain text (portals §5 R15).

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The most characters of a portal's text that anybody is shown.
pub(crate) const MOST_SHOWN: usize = 300;

/// Plain text to show: control characters and what turns the direction of writing are taken out, blanks collapsed, and
/// no more than [`MOST_SHOWN`] characters kept. None when nothing is left.
pub(crate) fn clean(text: &str) -> Option<String> {
    let mut cleaned = String::new();
    let mut count = 0;
    for c in text.chars() {
        let c = match c {
            // What was written as an entity is no tag either, wherever it is shown.
            '<' => '‹',
            '>' => '›',
            c if c.is_whitespace() || c.is_control() => ' ',
            c => c,
        };
        if is_hidden(c) || (c == ' ' && (cleaned.is_empty() || cleaned.ends_with(' '))) {
            continue;
        }
        if count == MOST_SHOWN {
            cleaned.truncate(cleaned.trim_end().len());
            cleaned.pop();
            cleaned.push('…');
            break;
        }
        cleaned.push(c);
        count += 1;
    }
    let length = cleaned.trim_end().len();
    cleaned.truncate(length);
    (!cleaned.is_empty()).then_some(cleaned)
}

/// Characters that are not seen and change how the others are: they could make a text say something else.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A text in small letters without accents.
pub(crate) fn unaccented(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase)
}

/// A text to look for words in: small letters, without accents, every apostrophe the same, blanks collapsed.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in unaccented(text) {
        match c {
            'œ' => out.push_str("oe"),
            '’' | 'ʼ' | '‘' => out.push('\''),
            c if c.is_whitespace() && out.ends_with(' ') => {}
            c if c.is_whitespace() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_portal_says_is_plain_and_short() {
        assert_eq!(clean(" a\u{1b}[31m\n\tb\u{202e}c\0 ").as_deref(), Some("a [31m bc"));
        assert_eq!(clean("\u{200b} \r\n"), None);
        let long = clean(&"é ".repeat(1000)).unwrap();
        assert!(long.chars().count() <= MOST_SHOWN && long.ends_with('…'), "{long}");
    }

    #[test]
    fn words_are_found_whatever_their_accents() {
        assert_eq!(plain("L’ÉLÈVE  n'a\u{a0}pas… Œuvre, e\u{301}"), "l'eleve n'a pas… oeuvre, e");
    }

    proptest! {
        #[test]
        fn whatever_is_cleaned_is_clean_and_stays_so(text in "\\PC{0,400}|[\\x00-\\x{2fff}]{0,400}") {
            if let Some(cleaned) = clean(&text) {
                prop_assert!(cleaned.chars().count() <= MOST_SHOWN);
                prop_assert!(!cleaned.chars().any(|c| c.is_control() || is_hidden(c)));
                let again = clean(&cleaned);
                prop_assert_eq!(again.as_deref(), Some(cleaned.as_str()));
            }
        }
    }
}
