//! What the pages say, in the language of whoever reads them.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

pub(crate) use i18n::Language;

use super::cookies;

/// What a message names: a text, or a number, by which it may choose a plural.
#[derive(Debug, Clone)]
pub(crate) enum Arg {
    Text(String),
    Number(i64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Arg::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Arg::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Arg::Number(number)
    }
}

impl From<usize> for Arg {
    fn from(number: usize) -> Self {
        Arg::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// Where the choice of a language is kept.
pub(crate) const COOKIE: &str = "cartable_language";

/// A message.
pub(crate) fn say(language: Language, key: &str, args: &[(&str, Arg)]) -> String {
    let value = |arg: &Arg| match arg {
        Arg::Text(text) => i18n::Value::from(text.clone()),
        Arg::Number(number) => i18n::Value::from(*number),
    };
    let args: Vec<_> = args.iter().map(|(name, arg)| (*name, value(arg))).collect();
    i18n::t(language, key, &args)
}

/// The language of a request: the chosen one, or what the browser likes best of ours; English when it likes none.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    if let Some(chosen) = cookies::read(headers, COOKIE).and_then(Language::of_tag) {
        return chosen;
    }
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    wanted.map_or(Language::default(), |wanted| Language::accepted(wanted).unwrap_or(Language::En))
}

/// The language of a class, for people.
pub(crate) fn of_class(language: board::Language) -> Language {
    match language {
        board::Language::Ru => Language::Ru,
        board::Language::Fr => Language::Fr,
        board::Language::En => Language::En,
    }
}

/// The weekday of a place in the week, 0 for Monday.
pub(crate) fn weekday(place: usize) -> Weekday {
    let offset = i8::try_from(place % 7).unwrap_or(0);
    Weekday::from_monday_zero_offset(offset).unwrap_or(Weekday::Monday)
}

/// A day with its weekday; with its year only when that is not this one's.
pub(crate) fn day(language: Language, date: Date, today: Date) -> String {
    if date.year() == today.year() {
        return i18n::weekday_and_date(language, date);
    }
    format!("{}, {}", i18n::weekday_short(language, date.weekday()), i18n::date_with_year(language, date))
}

/// An instant in a time zone, such as `14 September, 18:05`.
pub(crate) fn moment(language: Language, at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let at = at.to_zoned(zone.clone());
    let today = now.to_zoned(zone.clone()).date();
    let day = if at.date() == today {
        say(language, "editor-today", &[])
    } else if at.date().year() == today.year() {
        i18n::date(language, at.date())
    } else {
        i18n::date_with_year(language, at.date())
    };
    format!("{day}, {}", at.strftime("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_counts_for_more_than_what_the_browser_asks_for() {
        let mut headers = HeaderMap::new();
        assert_eq!(language(&headers), Language::Ru);

        headers.insert(ACCEPT_LANGUAGE, "fr-FR, en;q=0.5".parse().unwrap());
        assert_eq!(language(&headers), Language::Fr);

        headers.insert(axum::http::header::COOKIE, "a=b; cartable_language=ru".parse().unwrap());
        assert_eq!(language(&headers), Language::Ru);
    }

    #[test]
    fn whoever_reads_none_of_them_is_spoken_to_in_english() {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, "ja, de;q=0.5".parse().unwrap());

        assert_eq!(language(&headers), Language::En);
    }

    #[test]
    fn a_day_of_another_year_is_said_with_it() {
        let (day, today) = (jiff::civil::date(2027, 1, 11), jiff::civil::date(2026, 11, 28));

        assert!(super::day(Language::En, day, today).contains("2027"));
        assert!(!super::day(Language::En, today, today).contains("2026"));
    }
}
