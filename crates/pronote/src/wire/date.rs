use jiff::civil::{Date, DateTime, Time};

/// Reads a date as a server writes it: `D/M/YYYY` or `D/M/YY`, with or without a time of day after it (protocol §6.3).
///
/// A date that does not exist (31/02) is `None`.
#[must_use]
pub fn parse_date(text: &str) -> Option<Date> {
    parse_date_time(text).map(DateTime::date)
}

/// Reads a wall-clock time of the school: a date, then nothing (midnight), ` h:m:s`, ` h:m` or ` HHhMM`.
#[must_use]
pub fn parse_date_time(text: &str) -> Option<DateTime> {
    let text = text.trim();
    let (date, time) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = date.split('/');
    let day: i8 = number(parts.next()?, 2)?;
    let month: i8 = number(parts.next()?, 2)?;
    let year_text = parts.next()?;
    if parts.next().is_some() {
        return None;
    }
    let year: i16 = match year_text.len() {
        // Two digits are written for the current century only.
        2 => 2000 + number::<i16>(year_text, 2)?,
        4 => number(year_text, 4)?,
        _ => return None,
    };
    Some(Date::new(year, month, day).ok()?.to_datetime(parse_time(time.trim())?))
}

/// Reads a time of day: `h:m:s`, `h:m` or `HHhMM`; an empty text is midnight.
#[must_use]
pub fn parse_time(text: &str) -> Option<Time> {
    if text.is_empty() {
        return Some(Time::midnight());
    }
    let mut parts = text.split([':', 'h']);
    let hour = number(parts.next()?, 2)?;
    let minute = number(parts.next()?, 2)?;
    let second = parts.next().map_or(Some(0), |second| number(second, 2))?;
    match parts.next() {
        Some(_) => None,
        None => Time::new(hour, minute, second, 0).ok(),
    }
}

/// Digits only, so that a sign or a space never slips through `parse`.
fn number<T: std::str::FromStr>(text: &str, most: usize) -> Option<T> {
    (!text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime};
    use proptest::prelude::*;

    use super::*;
    use crate::wire::write;

    #[test]
    fn every_known_form_is_read() {
        assert_eq!(parse_date("03/09/2025"), Some(date(2025, 9, 3)));
        assert_eq!(parse_date_time("03/09/2025 08:05:00"), Some(datetime(2025, 9, 3, 8, 5, 0, 0)));
        assert_eq!(parse_date_time("3/9/2025 8:5:0"), Some(datetime(2025, 9, 3, 8, 5, 0, 0)));
        assert_eq!(parse_date_time("03/09/25 08h05"), Some(datetime(2025, 9, 3, 8, 5, 0, 0)));
    }

    #[test]
    fn impossible_dates_are_refused() {
        for text in [
            "",
            "31/02/2025",
            "00/01/2025",
            "1/13/2025",
            "1/1/20255",
            "+1/1/2025",
            "1/1/2025/",
            "1/1/2025 25:00:00",
            "1/1/2025 1:2:3:4",
            "é/1/2025",
        ] {
            assert_eq!(parse_date_time(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(days in 0i32..20_000, seconds in 0i32..86_400) {
            let instant = date(2000, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap()
                .to_datetime(Time::midnight()).checked_add(jiff::Span::new().seconds(seconds)).unwrap();
            prop_assert_eq!(parse_date_time(&write::padded_date_time(instant)), Some(instant));
            prop_assert_eq!(parse_date_time(&write::request_date_time(instant)), Some(instant));
            prop_assert_eq!(parse_date(&write::padded_date(instant.date())), Some(instant.date()));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*") {
            let _ = parse_date_time(&text);
        }
    }
}
