//! The academic year.

use jiff::civil::Date;

/// When academic years begin, and how long an enrolment counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// The month and the day on which a year begins; by default 1 September.
    pub starts: (i8, i8),
    /// From when in its first year an enrolment counts; by default 1 July.
    pub valid_from: (i8, i8),
    /// Until when in its second year an enrolment counts, the day included; by default 31 October.
    pub valid_until: (i8, i8),
}

impl Default for Year {
    fn default() -> Self {
        Year { starts: (9, 1), valid_from: (7, 1), valid_until: (10, 31) }
    }
}

impl Year {
    /// The first year of the academic year that a day lies in.
    #[must_use]
    pub fn of(&self, day: Date) -> i16 {
        if (day.month(), day.day()) >= self.starts { day.year() } else { day.year() - 1 }
    }

    /// Whether an enrolment in the academic year that begins in `first` counts on a day.
    #[must_use]
    pub fn counts(&self, first: i16, day: Date) -> bool {
        let (year, place) = (i32::from(day.year()), (day.month(), day.day()));
        let first = i32::from(first);
        (year, place) >= (first, self.valid_from) && (year, place) <= (first.saturating_add(1), self.valid_until)
    }

    /// The years whose enrolment counts on a day, the greatest of them.
    #[must_use]
    pub fn current(&self, years: impl IntoIterator<Item = i16>, day: Date) -> Option<i16> {
        years.into_iter().filter(|year| self.counts(*year, day)).max()
    }
}
