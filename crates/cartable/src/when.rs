//! Days as people type them: `today`, `monday`, `2026-11-22`, `+7`.

use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use pronote::model::Instance;

/// The furthest that `+N` may lead: more than a school year.
const MOST_DAYS: i64 = 1000;

/// A day, not yet told when today is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Day {
    /// `2026-11-22`.
    Exact(Date),
    /// `today`, `tomorrow`, `+7`: so many days from today.
    FromToday(i64),
    /// `monday`: the next one, today if it is one.
    Next(Weekday),
}

impl Day {
    /// The day meant, when today is `today`.
    pub(crate) fn on(self, today: Date) -> Date {
        match self {
            Day::Exact(date) => date,
            Day::FromToday(days) => shifted(today, days),
            Day::Next(weekday) => shifted(today, i64::from(today.weekday().until(weekday))),
        }
    }
}

/// Moves a day, and stays at the edge of the calendar.
pub(crate) fn shifted(day: Date, days: i64) -> Date {
    day.saturating_add(days.clamp(-MOST_DAYS, MOST_DAYS).days())
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        let day = match text.as_str() {
            "today" => Day::FromToday(0),
            "tomorrow" => Day::FromToday(1),
            "yesterday" => Day::FromToday(-1),
            _ if text.starts_with(['+', '-']) => {
                let days = text.parse().ok().filter(|days: &i64| days.abs() <= MOST_DAYS);
                Day::FromToday(days.ok_or_else(|| format!("`{text}` is no number of days up to {MOST_DAYS}"))?)
            }
            _ => match weekday(&text) {
                Some(weekday) => Day::Next(weekday),
                None => Day::Exact(
                    text.parse()
                        .map_err(|_| format!("`{text}` is no day: try 2026-11-22, today, tomorrow, monday or +7"))?,
                ),
            },
        };
        Ok(day)
    }
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "monday" | "mon" => Weekday::Monday,
        "tuesday" | "tue" => Weekday::Tuesday,
        "wednesday" | "wed" => Weekday::Wednesday,
        "thursday" | "thu" => Weekday::Thursday,
        "friday" | "fri" => Weekday::Friday,
        "saturday" | "sat" => Weekday::Saturday,
        "sunday" | "sun" => Weekday::Sunday,
        _ => return None,
    })
}

/// A week: its number in the school year, or a day in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Week {
    /// The school's number.
    Number(u32),
    /// The week of a day.
    Of(Day),
}

impl FromStr for Week {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim().parse() {
            Ok(number) if !text.trim().starts_with('+') => match number {
                1..=62 => Ok(Week::Number(number)),
                _ => Err("school weeks go from 1 to 62".into()),
            },
            _ => text.parse().map(Week::Of),
        }
    }
}

impl Week {
    /// The Monday of the week.
    pub(crate) fn monday(self, instance: &Instance, today: Date) -> Date {
        match self {
            Week::Number(number) => instance.monday_of(number),
            Week::Of(day) => monday(day.on(today)),
        }
    }
}

/// The Monday of a day's week.
pub(crate) fn monday(day: Date) -> Date {
    shifted(day, -i64::from(day.weekday().since(Weekday::Monday)))
}

/// `Mon 16 Nov`.
pub(crate) fn short(day: Date) -> String {
    day.strftime("%a %-d %b").to_string()
}

/// `Monday 16 November 2026`.
pub(crate) fn long(day: Date) -> String {
    day.strftime("%A %-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    /// A Sunday.
    const TODAY: Date = date(2026, 11, 22);

    fn day(text: &str) -> Date {
        text.parse::<Day>().unwrap().on(TODAY)
    }

    #[test]
    fn days_are_typed_in_many_ways() {
        assert_eq!(day("2026-09-01"), date(2026, 9, 1));
        assert_eq!(day("today"), TODAY);
        assert_eq!(day("Tomorrow"), date(2026, 11, 23));
        assert_eq!(day("yesterday"), date(2026, 11, 21));
        assert_eq!(day("+7"), date(2026, 11, 29));
        assert_eq!(day("-1"), date(2026, 11, 21));
        assert_eq!(day("monday"), date(2026, 11, 23));
        assert_eq!(day("sun"), TODAY, "today, when it is one");
    }

    #[test]
    fn what_is_no_day_is_said_so() {
        for text in ["", "2026-02-31", "someday", "+x", "+99999999999999999999", "22/11/2026", "+1001"] {
            assert!(text.parse::<Day>().unwrap_err().contains(" no "), "{text}");
        }
    }

    #[test]
    fn a_week_is_a_number_or_the_one_of_a_day() {
        let instance = Instance { first_monday: date(2026, 8, 31), last_date: date(2027, 7, 3), ..Instance::default() };
        let monday = |text: &str| text.parse::<Week>().unwrap().monday(&instance, TODAY);
        assert_eq!(monday("2"), date(2026, 9, 7));
        assert_eq!(monday("today"), date(2026, 11, 16));
        assert_eq!(monday("+7"), date(2026, 11, 23));
        assert!("0".parse::<Week>().is_err() && "63".parse::<Week>().is_err());
    }

    #[test]
    fn days_are_shown_short_or_long() {
        assert_eq!(short(TODAY), "Sun 22 Nov");
        assert_eq!(long(TODAY), "Sunday 22 November 2026");
    }
}
