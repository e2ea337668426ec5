//! From what somebody wrote to what is asked: text in, [`Command`] out.
//!
//! The bot before it knew a list of phrases, letter for letter, and said nothing to anything else. Its phrases still
//! hold; blanks, capitals, `ё`, punctuation at the end and the mention of the bot in front are forgiven. Days and dates
//! (`дз на среду`, `замены на 14.09`) are understood where nobody relies on silence: see [`Hearing::wide`].

use std::str::FromStr;

use board::Alerts;
use i18n::Language;
use jiff::civil::Time;

use crate::command::{Command, When};
use crate::words::{SLASHES, Words, words};

/// The longest text that can be a command, in bytes: far more than any has.
const LONGEST: usize = 200;
/// The most words that may stand between a question and its day.
const MOST_BEFORE_DAYS: usize = 3;

/// In what circumstances a text is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hearing {
    /// The language of the class; Russian is understood besides. All are where there is no class.
    pub language: Option<Language>,
    /// Whether questions are understood that the original bot had no answer for.
    pub wide: bool,
    /// Whether `/dz` and `@bot дз` are for the bot, as they are on Telegram.
    pub slashes: bool,
}

/// Finds out what a text asks for.
///
/// ```
/// use bots::{Command, Hearing, When, understand};
/// use jiff::civil::Weekday;
///
/// let hearing = Hearing { language: Some(i18n::Language::Ru), wide: true, slashes: false };
/// assert_eq!(understand("[club1|@bot], Всё ДЗ!", hearing), Some(Command::AllHomework));
/// let wednesday = When::Weekday(Weekday::Wednesday);
/// assert_eq!(understand("дз на среду", hearing), Some(Command::Homework(wednesday)));
/// assert_eq!(understand("привет", hearing), None);
/// ```
#[must_use]
pub fn understand(text: &str, hearing: Hearing) -> Option<Command> {
    understand_in(text, hearing).map(|(_, command)| command)
}

/// Finds out what a text asks for, and in which language it does.
pub(crate) fn understand_in(text: &str, mut hearing: Hearing) -> Option<(Language, Command)> {
    let mut text = spoken(text);
    if text.len() > LONGEST {
        return None;
    }
    let translated;
    if hearing.slashes {
        if text.starts_with('@') {
            text = text.split_once(char::is_whitespace)?.1;
        }
        if let Some(command) = text.strip_prefix('/') {
            translated = of_slash(command)?;
            text = &translated;
            // Nobody writes such a thing by chance.
            hearing.wide = true;
        }
    }
    let heard = hear(text);
    let own = hearing.language.unwrap_or_default();
    [own, Language::Ru, Language::Fr, Language::En].into_iter().find_map(|language| {
        let words = words(language);
        let of_class = hearing.language.is_none() || language == own || language == Language::Ru;
        let command = if of_class { of_the_class(&heard, words, hearing.wide) } else { None };
        // Who knows a code need not know which language the class speaks.
        let command = command.or_else(|| of_the_chat(text, &heard, words))?;
        Some((language, command))
    })
}

/// What is left of a text without the mention of the bot in front, and without blanks around.
pub(crate) fn spoken(text: &str) -> &str {
    // The original's rule: whatever stands before the last bracket with a blank is a mention.
    let text = text.rsplit("] ").next().unwrap_or_default().trim();
    let after_mention = || {
        let (mention, rest) = text.strip_prefix('[')?.split_once(']')?;
        mention.contains('|').then(|| rest.trim_start_matches([',', ':']).trim_start())
    };
    after_mention().unwrap_or(text)
}

/// A text as it is compared: small letters without marks, single blanks, no punctuation at the end.
pub(crate) fn hear(text: &str) -> String {
    let text = text.trim_end_matches(|letter: char| letter.is_whitespace() || ".,!?;:…)".contains(letter));
    let mut heard = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !heard.is_empty() {
            heard.push(' ');
        }
        heard.extend(word.chars().flat_map(char::to_lowercase).map(plain));
    }
    heard
}

fn plain(letter: char) -> char {
    match letter {
        'ё' => 'е',
        'à' | 'â' | 'ä' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        '’' | 'ʼ' => '\'',
        _ => letter,
    }
}

/// `start@cartable_bot 9Б-4711` in words.
fn of_slash(command: &str) -> Option<String> {
    let (name, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    let name = name.split('@').next()?;
    let (_, phrase) = SLASHES.iter().find(|(slash, _)| slash.eq_ignore_ascii_case(name))?;
    Some(format!("{phrase} {rest}"))
}

fn of_the_class(heard: &str, words: &Words, wide: bool) -> Option<Command> {
    let find = |list: &[(&str, Command)]| list.iter().find(|(phrase, _)| *phrase == heard).map(|(_, it)| it.clone());
    if let Some(command) = find(words.commands) {
        return Some(command);
    }
    if !wide {
        return None;
    }
    let about_a_day = |(phrase, command): &(&str, Command)| {
        let rest = heard.strip_prefix(phrase)?.strip_prefix(' ')?;
        command.on(day(rest, words)?)
    };
    find(words.more).or_else(|| words.commands.iter().chain(words.more).find_map(about_a_day))
}

fn of_the_chat(text: &str, heard: &str, words: &Words) -> Option<Command> {
    let after = |phrase: &str| heard.strip_prefix(phrase)?.strip_prefix(' ');
    if after(words.bind).is_some() {
        let code = code(text.split_whitespace().skip(1))?;
        return Some(Command::Bind(code));
    }
    words.chat.iter().find_map(|(phrase, command)| {
        if *phrase == heard {
            return Some(command.clone());
        }
        let time = after(phrase)?.strip_prefix(words.at)?.strip_prefix(' ')?;
        let told = *command == Command::Alerts(Some(Alerts::AtOnce));
        told.then(|| clock(time)).flatten().map(|time| Command::Alerts(Some(Alerts::Daily(time))))
    })
}

/// A code, in capitals and with a plain hyphen: `9б—47110815.` is `9Б-47110815`. It ends in its number, and may have
/// come apart before it.
fn code<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let parts = words.clone().take(3).count();
    let hyphen = |letter| if matches!(letter, '‐' | '‑' | '–' | '—') { '-' } else { letter };
    let code: String = words.flat_map(str::chars).map(hyphen).flat_map(char::to_uppercase).collect();
    let code = code.trim_matches(|letter: char| !letter.is_alphanumeric());
    (parts <= 2 && code.ends_with(|letter: char| letter.is_ascii_digit())).then(|| code.to_owned())
}

/// `18:00`, `18.30`, `18h`, `7`.
fn clock(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once([':', '.', 'h', 'ч']).unwrap_or((text, ""));
    let minute = if minute.is_empty() { 0 } else { number(minute, 2)? };
    Time::new(number(hour, 2)?, minute, 0, 0).ok()
}

/// A day, with what may stand before it: `на среду, 16 сентября`.
fn day(text: &str, words: &Words) -> Option<When> {
    let text = text.replace(',', "");
    let mut rest = text.as_str();
    let named = |day: &str| words.days.iter().find(|(name, _)| *name == day).map(|(_, when)| *when);
    for _ in 0..=MOST_BEFORE_DAYS {
        // `aujourd'hui` itself holds an apostrophe: first the day, then what stands before it.
        if let Some(when) = named(rest).or_else(|| date(rest, words)) {
            return Some(when);
        }
        let before = words.before_days.iter().find_map(|before| {
            let after = rest.strip_prefix(before)?;
            if before.ends_with('\'') { Some(after) } else { after.strip_prefix(' ') }
        });
        // The name of a day may stand before its date.
        let (name, after) = rest.split_once(' ').unwrap_or_default();
        rest = before.or_else(|| named(name).map(|_| after))?;
    }
    None
}

fn date(text: &str, words: &Words) -> Option<When> {
    in_numbers(text).or_else(|| in_words(text, words))
}

/// `14.09`, `14/9/26`, `2026-09-14`.
fn in_numbers(text: &str) -> Option<When> {
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    match *parts.as_slice() {
        [day, month] => possible(number(day, 2)?, number(month, 2)?, None),
        [year, month, day] if year.len() == 4 => possible(number(day, 2)?, number(month, 2)?, Some(number(year, 4)?)),
        [day, month, year] => possible(number(day, 2)?, number(month, 2)?, Some(full_year(year)?)),
        _ => None,
    }
}

/// `14 сентября 2026 г`, `1er septembre`, `september 14th`.
fn in_words(text: &str, words: &Words) -> Option<When> {
    let month = |name: &str| {
        let named = |(_, stems): &(i8, &[&str])| stems.iter().any(|stem| name.starts_with(stem));
        (1..).zip(words.months).find(named).map(|(month, _)| month)
    };
    let day = |ordinal: &str| {
        let endings = ["er", "st", "nd", "rd", "th", "-го", "-е"];
        number::<i8>(endings.iter().find_map(|ending| ordinal.strip_suffix(ending)).unwrap_or(ordinal), 2)
    };
    let parts: Vec<&str> = text.split(' ').filter(|word| !["г", "года", "of"].contains(word)).collect();
    let (first, second, year) = match *parts.as_slice() {
        [first, second] => (first, second, None),
        [first, second, year] => (first, second, Some(full_year(year)?)),
        _ => return None,
    };
    let (day, month) = day(first).zip(month(second)).or_else(|| day(second).zip(month(first)))?;
    possible(day, month, year)
}

fn possible(day: i8, month: i8, year: Option<i16>) -> Option<When> {
    ((1..=31).contains(&day) && (1..=12).contains(&month)).then_some(When::Date { day, month, year })
}

fn full_year(digits: &str) -> Option<i16> {
    match digits.len() {
        2 => number::<i16>(digits, 2).map(|year| 2000 + year),
        4 => number(digits, 4),
        _ => None,
    }
}

fn number<N: FromStr>(digits: &str, most: usize) -> Option<N> {
    let plain = (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests;
