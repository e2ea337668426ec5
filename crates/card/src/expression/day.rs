//! Days: what dates and times of directories and files come to, in the institution's time zone.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use minijinja::value::{Object, ObjectRepr};

/// The notations of days that are read without being named.
const NOTATIONS: [&str; 3] = ["%Y-%m-%d", "%Y%m%d", "%d/%m/%Y"];

/// A day in a time zone. Prints as `2026-11-22`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) date: Date,
    pub(crate) zone: TimeZone,
}

impl Day {
    /// The day of a moment.
    pub(crate) fn of(moment: Timestamp, zone: &TimeZone) -> Self {
        Day { date: moment.to_zoned(zone.clone()).date(), zone: zone.clone() }
    }

    /// The day that a text names: a date, or the day in this zone of a moment in generalised time or as RFC 3339 has it.
    pub(crate) fn read(text: &str, zone: &TimeZone) -> Option<Date> {
        let text = text.trim();
        let named = NOTATIONS.iter().find_map(|notation| Date::strptime(notation, text).ok());
        named.or_else(|| Some(moment(text)?.to_zoned(zone.clone()).date()))
    }
}

/// The moment that a text names. Generalised time is UTC; an offset other than `Z` is read too.
fn moment(text: &str) -> Option<Timestamp> {
    let generalised = || {
        let (digits, zone) = text.split_at_checked(14)?;
        let zone = zone.trim_start_matches(|c: char| c == '.' || c == ',' || c.is_ascii_digit());
        let offset = if zone == "Z" { "+0000" } else { zone };
        Timestamp::strptime("%Y%m%d%H%M%S%z", format!("{digits}{offset}")).ok()
    };
    generalised().or_else(|| text.parse().ok())
}

impl Object for Day {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Day::read(text, &TimeZone::get("Europe/Paris").unwrap()).map(|date| date.to_string())
    }

    #[test]
    fn a_moment_is_in_the_day_that_the_institution_has_then() {
        assert_eq!(read("20280831215959Z").as_deref(), Some("2028-08-31"));
        assert_eq!(read("20280831220000Z").as_deref(), Some("2028-09-01"));
        assert_eq!(read("20280831220000.5Z").as_deref(), Some("2028-09-01"));
        assert_eq!(read("20280831235959+0200").as_deref(), Some("2028-08-31"));
        assert_eq!(read("2028-08-31T22:00:00Z").as_deref(), Some("2028-09-01"));
    }

    #[test]
    fn days_are_read_in_the_three_notations_that_are_met() {
        for text in ["2004-02-29", "20040229", " 29/02/2004 "] {
            assert_eq!(read(text).as_deref(), Some("2004-02-29"), "{text}");
        }
        for text in ["", "2004-02-30", "29.02.2004", "20040229x", "é20040229", "99999999999999Z"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
