//! The keyboard: the questions that are asked most, one touch each.

use i18n::{Language, t};

use crate::Message;

/// The labels, row by row. Each is a command: pressing a key writes it.
#[must_use]
pub fn labels(language: Language) -> Vec<Vec<String>> {
    let rows: [&[&str]; 4] = [
        &["bot-key-homework", "bot-key-homework-today"],
        &["bot-key-homework-all", "bot-key-week"],
        &["bot-key-timetable-today"],
        &["bot-key-timetable-tomorrow", "bot-key-changes"],
    ];
    rows.map(|row| row.iter().map(|key| t(language, key, &[])).collect()).into()
}

/// A text with the keyboard.
pub(crate) fn with_keyboard(language: Language, key: &str) -> Message {
    Message { text: t(language, key, &[]), keyboard_labels: Some(labels(language)) }
}

#[cfg(test)]
mod tests {
    use i18n::Language;

    use super::labels;
    use crate::{Command, Hearing, When, understand};

    #[test]
    fn a_label_is_the_command_that_it_stands_for() {
        for language in Language::ALL {
            let hearing = Hearing { language: Some(language), wide: false, slashes: false };
            let commands: Vec<_> = labels(language).concat().iter().map(|label| understand(label, hearing)).collect();
            let expected = [
                Command::Homework(When::Tomorrow),
                Command::Homework(When::Today),
                Command::AllHomework,
                Command::Week,
                Command::Timetable(When::Today),
                Command::Timetable(When::Tomorrow),
                Command::Changes(None),
            ];
            assert_eq!(commands, expected.map(Some), "{language:?}");
        }
    }

    #[test]
    fn a_label_fits_on_a_key() {
        // Forty characters on VK.
        assert!(Language::ALL.into_iter().flat_map(labels).flatten().all(|label| label.chars().count() <= 40));
    }
}
