//! What can be asked of the bot.

use board::Alerts;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

/// Something that is asked of the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// What was set for a day.
    Homework(When),
    /// All homework there is.
    AllHomework,
    /// The timetable of a day.
    Timetable(When),
    /// The timetable of a week.
    Week,
    /// The changes of a day, or those there are.
    Changes(Option<When>),
    /// The keyboard.
    Keyboard,
    /// What can be asked.
    Help,
    /// To bind the chat to the class that has a code.
    Bind(String),
    /// To bind the chat to no class.
    Leave,
    /// To be told what is new, or not to be told.
    Alerts(Option<Alerts>),
}

/// The day that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// The day of the question.
    Today,
    /// The next day with school.
    Tomorrow,
    /// The day after tomorrow, whether there is school or not.
    AfterTomorrow,
    /// The first such day from the day of the question on.
    Weekday(Weekday),
    /// A date; without a year, the nearest one.
    Date {
        /// The day of the month.
        day: i8,
        /// The month.
        month: i8,
        /// The year, if it is said.
        year: Option<i16>,
    },
}

impl When {
    /// The date that is meant on some day; nothing when there is no such date.
    #[must_use]
    pub fn date(self, today: Date) -> Option<Date> {
        match self {
            When::Today => Some(today),
            When::Tomorrow => today.tomorrow().ok(),
            When::AfterTomorrow => today.checked_add(2.days()).ok(),
            When::Weekday(weekday) => today.series(1.day()).take(7).find(|date| date.weekday() == weekday),
            When::Date { day, month, year: Some(year) } => Date::new(year, month, day).ok(),
            When::Date { day, month, year: None } => {
                let years = [0, -1, 1].map(|years| today.year() + years);
                let dates = years.into_iter().filter_map(|year| Date::new(year, month, day).ok());
                dates.min_by_key(|date| date.duration_since(today).abs())
            }
        }
    }
}

impl Command {
    /// The same for another day, for those that are about the usual one.
    pub(crate) fn on(&self, when: When) -> Option<Command> {
        match self {
            Command::Homework(When::Tomorrow) => Some(Command::Homework(when)),
            Command::Timetable(When::Tomorrow) => Some(Command::Timetable(when)),
            Command::Changes(None) => Some(Command::Changes(Some(when))),
            _ => None,
        }
    }

    /// The day that it is about, if it is about one.
    #[must_use]
    pub fn when(&self) -> Option<When> {
        match self {
            Command::Homework(when) | Command::Timetable(when) => Some(*when),
            Command::Changes(when) => *when,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, Weekday, date};
    use proptest::prelude::*;

    use super::When;

    const fn on(day: i8, month: i8, year: Option<i16>) -> When {
        When::Date { day, month, year }
    }

    #[test]
    fn a_date_without_a_year_is_the_nearest() {
        let september = date(2026, 9, 10);
        assert_eq!(on(14, 9, None).date(september), Some(date(2026, 9, 14)));
        assert_eq!(on(1, 9, None).date(september), Some(date(2026, 9, 1)));
        assert_eq!(on(20, 1, None).date(september), Some(date(2027, 1, 20)));
        assert_eq!(on(25, 12, None).date(date(2027, 1, 10)), Some(date(2026, 12, 25)));
        assert_eq!(on(29, 2, None).date(september), None);
        assert_eq!(on(29, 2, None).date(date(2027, 12, 1)), Some(date(2028, 2, 29)));
        assert_eq!(on(31, 2, Some(2026)).date(september), None);
    }

    #[test]
    fn a_day_of_the_week_may_be_today() {
        let wednesday = date(2026, 9, 16);
        assert_eq!(When::Weekday(Weekday::Wednesday).date(wednesday), Some(wednesday));
        assert_eq!(When::Weekday(Weekday::Tuesday).date(wednesday), Some(date(2026, 9, 22)));
    }

    #[test]
    fn there_is_no_day_after_the_last() {
        assert_eq!(When::Tomorrow.date(Date::MAX), None);
        assert_eq!(When::AfterTomorrow.date(Date::MAX), None);
        assert_eq!(on(1, 1, None).date(Date::MAX), Some(date(9999, 1, 1)));
        assert_eq!(on(1, 1, None).date(Date::MIN), Some(Date::MIN));
    }

    proptest! {
        #[test]
        fn any_date_is_resolved_without_a_panic(
            day: i8, month: i8, year: Option<i16>, from in -9999_i16..=9999, of in 1_i8..=12,
        ) {
            let _ = on(day, month, year).date(date(from, of, 1));
        }
    }
}
