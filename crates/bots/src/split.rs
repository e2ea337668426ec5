//! Long texts, in as many messages as a platform needs for them.

use crate::Message;

/// The most that goes into one message: 4096 characters, on VK by custom and on Telegram by rule. They are counted as
/// UTF-16 code units, which are never fewer than whatever a platform counts.
pub const LIMIT: usize = 4096;

/// A message in parts that are short enough, in their order. The keyboard goes with the last; a message that says
/// nothing has no parts, because platforms refuse it.
#[must_use]
pub fn split(message: Message) -> Vec<Message> {
    if units(&message.text) <= LIMIT && !message.text.trim().is_empty() {
        return vec![message];
    }
    let mut parts: Vec<_> = pieces(&message.text).into_iter().map(Message::text).collect();
    if let Some(last) = parts.last_mut() {
        last.keyboard_labels = message.keyboard_labels;
    }
    parts
}

/// Cuts at the last line end that fits, or else at the last blank, or else where it is full. Blanks at a cut are lost.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let fits = fitting(rest);
        let next = rest[fits.len()..].chars().next();
        // What fits may end just where a line or a word does.
        let end = |blank: fn(char) -> bool| if next.is_some_and(blank) { Some(fits.len()) } else { fits.rfind(blank) };
        let line_end = |letter| letter == '\n';
        let (piece, after) = match next {
            None => (rest, ""),
            Some(_) => rest.split_at(end(line_end).or_else(|| end(char::is_whitespace)).unwrap_or(fits.len())),
        };
        pieces.push(if after.is_empty() { piece } else { piece.trim_end() });
        rest = after.trim_start();
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// The longest beginning of a text that goes into one message.
fn fitting(text: &str) -> &str {
    let mut room = LIMIT;
    let too_far = text.char_indices().find(|(_, letter)| match room.checked_sub(letter.len_utf16()) {
        Some(left) => {
            room = left;
            false
        }
        None => true,
    });
    too_far.map_or(text, |(end, _)| &text[..end])
}

fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{LIMIT, split, units};
    use crate::Message;

    fn texts(text: &str) -> Vec<String> {
        split(Message::text(text)).into_iter().map(|message| message.text).collect()
    }

    #[test]
    fn what_fits_goes_out_as_it_is() {
        for text in ["дз", " дз\n", &"а".repeat(LIMIT), &"🙂".repeat(LIMIT / 2)] {
            assert_eq!(texts(text), [text]);
        }
    }

    #[test]
    fn it_is_cut_at_the_last_line_end_that_fits() {
        let line = format!("{}\n", "слово ".repeat(200));
        assert_eq!(texts(&line.repeat(4)), [line.repeat(3).trim_end(), &line]);
        let full = "а".repeat(LIMIT);
        assert_eq!(texts(&format!("{full}\nб")), [&full, "б"]);
        assert_eq!(texts(&format!("a b\n{full}")), ["a b", &full]);
    }

    #[test]
    fn without_line_ends_it_is_cut_at_blanks() {
        let text = "слово ".repeat(1000);
        let parts = texts(&text);
        assert_eq!(parts, ["слово ".repeat(682).trim_end().to_owned(), "слово ".repeat(318)]);
        let full = "а".repeat(LIMIT);
        assert_eq!(texts(&format!("{full} б")), [&full, "б"]);
    }

    #[test]
    fn without_blanks_it_is_cut_where_it_is_full_but_never_within_a_letter() {
        assert_eq!(texts(&"а".repeat(LIMIT + 1)), ["а".repeat(LIMIT), "а".to_owned()]);
        let odd = format!("а{}", "🙂".repeat(LIMIT));
        assert_eq!(texts(&odd).iter().map(|part| units(part)).collect::<Vec<_>>(), [LIMIT - 1, LIMIT, 2]);
    }

    #[test]
    fn nothing_is_sent_for_nothing() {
        for text in ["", " ", "\n", &"\n".repeat(2 * LIMIT)] {
            assert!(texts(text).is_empty());
        }
    }

    #[test]
    fn the_keyboard_goes_with_the_last_part() {
        let keyboard_labels = Some(vec![vec!["дз".to_owned()]]);
        let parts = split(Message { text: "а".repeat(LIMIT + 1), keyboard_labels: keyboard_labels.clone() });
        assert_eq!(parts.into_iter().map(|part| part.keyboard_labels).collect::<Vec<_>>(), [None, keyboard_labels]);
    }

    proptest! {
        // The texts are long.
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn nothing_but_blanks_at_cuts_is_lost(
            words in proptest::collection::vec(("[аb🙂]{0,900}|[a🙂]{4000,5000}", "[ \n]{1,3}|\n{4100}"), 0..20),
        ) {
            let text: String = words.into_iter().flat_map(|(word, blank)| [word, blank]).collect();
            let parts = texts(&text);
            prop_assert!(parts.iter().all(|part| units(part) <= LIMIT && !part.trim().is_empty()));
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            prop_assert_eq!(plain(&parts.concat()), plain(&text));
            // In order, and each as it stands in the whole.
            let mut rest = text.as_str();
            for part in &parts {
                let at = rest.find(part.as_str());
                prop_assert!(at.is_some_and(|at| rest[..at].trim().is_empty()));
                rest = &rest[at.unwrap_or_default() + part.len()..];
            }
            prop_assert!(rest.trim().is_empty());
        }
    }
}
