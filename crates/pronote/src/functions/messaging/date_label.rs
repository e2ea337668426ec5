use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::wire::{parse_date, parse_date_time};

/// Reads a date as a page shows it to people: `14h30`, `lundi 14h30`, `12/03`, `samedi 12/03`, `jeu. 11/09/25 16h35`.
///
/// What is left out is taken from `today`, the server's: a day without year is the last one there was, a weekday is
/// one of the last seven days. `None` for anything else, or when `today` is needed and not given.
#[must_use]
pub fn parse_date_label(label: &str, today: Option<Date>) -> Option<DateTime> {
    let mut date = None;
    let mut time = None;
    let mut weekday = None;
    for word in label.split_whitespace() {
        if word.contains('/') {
            date = Some(parse_date(word).or_else(|| last_day(word, today?))?);
        } else if word.starts_with(|first: char| first.is_ascii_digit()) {
            time = Some(parse_date_time(&format!("1/1/2000 {word}"))?.time());
        } else {
            weekday = Some(parse_weekday(word)?);
        }
    }
    let day = match (date, weekday, time) {
        (Some(date), _, _) => date,
        (None, Some(weekday), _) => last_weekday(weekday, today?)?,
        (None, None, Some(_)) => today?,
        (None, None, None) => return None,
    };
    Some(day.to_datetime(time.unwrap_or(Time::midnight())))
}

/// The last day there was of that day and month.
fn last_day(day_and_month: &str, today: Date) -> Option<Date> {
    let years = [today.year(), today.year() - 1];
    years.iter().filter_map(|year| parse_date(&format!("{day_and_month}/{year:04}"))).find(|date| *date <= today)
}

/// A day of today's name is a week old: of today, only the time is shown.
fn last_weekday(weekday: Weekday, today: Date) -> Option<Date> {
    let back = match i64::from(today.weekday().since(weekday)) {
        0 => 7,
        days => days,
    };
    today.checked_sub(back.days()).ok()
}

fn parse_weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.').to_lowercase();
    let days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
    let position = days.iter().position(|day| *day == word || (word.len() == 3 && day.starts_with(&word)))?;
    Weekday::from_monday_zero_offset(i8::try_from(position).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};
    use proptest::prelude::*;

    use super::*;

    /// A Wednesday.
    const TODAY: Date = date(2026, 1, 14);

    fn at(label: &str) -> Option<DateTime> {
        parse_date_label(label, Some(TODAY))
    }

    #[test]
    fn every_known_form_is_read() {
        assert_eq!(at("14h30"), Some(datetime(2026, 1, 14, 14, 30, 0, 0)));
        assert_eq!(at("lundi 14h30"), Some(datetime(2026, 1, 12, 14, 30, 0, 0)));
        assert_eq!(at("jeudi 8h05"), Some(datetime(2026, 1, 8, 8, 5, 0, 0)));
        assert_eq!(at("mercredi 8h05"), Some(datetime(2026, 1, 7, 8, 5, 0, 0)));
        assert_eq!(at("12/01"), Some(datetime(2026, 1, 12, 0, 0, 0, 0)));
        assert_eq!(at("samedi 13/12"), Some(datetime(2025, 12, 13, 0, 0, 0, 0)));
        assert_eq!(at("12/03/25"), Some(datetime(2025, 3, 12, 0, 0, 0, 0)));
        assert_eq!(at("jeu. 11/09/25 16h35"), Some(datetime(2025, 9, 11, 16, 35, 0, 0)));
    }

    #[test]
    fn a_label_that_says_the_whole_date_needs_no_today() {
        assert_eq!(parse_date_label("12/03/2025", None), Some(datetime(2025, 3, 12, 0, 0, 0, 0)));
        for label in ["14h30", "lundi 14h30", "12/03"] {
            assert_eq!(parse_date_label(label, None), None, "{label}");
        }
    }

    #[test]
    fn anything_else_stays_a_label() {
        for label in ["", "hier", "31/02", "31/02/25", "25h00", "demain 8h", "lu", "12/03/2025/1", "é"] {
            assert_eq!(at(label), None, "{label}");
        }
    }

    proptest! {
        #[test]
        fn no_label_makes_the_reader_panic(label in "\\PC{0,30}", year in -9998i16..=9999) {
            let _ = parse_date_label(&label, Date::new(year, 1, 1).ok());
        }

        #[test]
        fn what_was_is_never_in_the_future(day in 1i8..=28, month in 1i8..=12) {
            let read = at(&format!("{day:02}/{month:02}")).unwrap();
            prop_assert!(read.date() <= TODAY && read.date() > TODAY.checked_sub(1.year()).unwrap());
        }
    }
}
