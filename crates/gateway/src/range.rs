//! Stretches of time, and the school weeks they touch.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan as _};

use crate::{Fresh, Viewer};

/// A stretch of time, both moments included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first moment.
    pub from: Timestamp,
    /// The last moment.
    pub to: Timestamp,
}

/// A page, and what of it lies in the stretch that was asked for.
#[derive(Debug, Clone)]
pub struct Chosen<T> {
    /// The page.
    pub page: Fresh<T>,
    /// The places in it of what was chosen, in the order to show it in.
    pub places: Vec<usize>,
}

impl Range {
    /// Whether a moment lies in it.
    #[must_use]
    pub fn contains(&self, moment: Timestamp) -> bool {
        (self.from..=self.to).contains(&moment)
    }
}

impl Viewer {
    /// The moment a clock of the school shows.
    #[must_use]
    pub fn moment(&self, clock: DateTime) -> Timestamp {
        // Only the last hours of the last year that can be counted have no moment.
        self.zone().to_timestamp(clock).unwrap_or(Timestamp::MAX)
    }

    /// What a clock of the school shows at a moment.
    #[must_use]
    pub fn clock(&self, moment: Timestamp) -> DateTime {
        self.zone().to_datetime(moment)
    }

    /// The stretch someone asks for: from now on when they do not say from when; one day of the calendar when they do
    /// not say until when, or say something earlier.
    #[must_use]
    pub fn range(&self, from: Option<Timestamp>, to: Option<Timestamp>) -> Range {
        let from = from.unwrap_or_else(|| self.now());
        let to = to.filter(|to| *to >= from).unwrap_or_else(|| {
            let next_day = from.to_zoned(self.zone().clone()).checked_add(1.day());
            next_day.map_or(Timestamp::MAX, |day| day.timestamp())
        });
        Range { from, to }
    }

    /// The school weeks that a stretch touches; none when it lies outside the year.
    #[must_use]
    pub fn weeks(&self, range: &Range) -> Option<RangeInclusive<u32>> {
        let instance = self.instance();
        let week = |moment| week_of(instance.first_monday, self.clock(moment).date());
        let (first, last) = (week(range.from).max(1), week(range.to).min(instance.last_week().into()));
        let (first, last) = (u32::try_from(first).ok()?, u32::try_from(last).ok()?);
        (first <= last).then_some(first..=last)
    }
}

/// The number of a day's week, counted from the first Monday's, which is 1; days before it have lower ones.
pub(crate) fn week_of(first_monday: Date, day: Date) -> i64 {
    let days = first_monday.until(day).map_or(0, |span| i64::from(span.get_days()));
    1 + days.div_euclid(7)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_week_lasts_from_monday_to_sunday() {
        let week = |year, month, day| week_of(date(2020, 8, 31), date(year, month, day));
        assert_eq!([week(2020, 8, 31), week(2020, 9, 4), week(2020, 9, 5), week(2020, 9, 6)], [1; 4]);
        assert_eq!(week(2020, 9, 7), 2);
        assert_eq!((week(2020, 8, 30), week(2020, 8, 24), week(2020, 8, 23)), (0, 0, -1));
        assert_eq!(week(2021, 7, 14), 46);
    }
}
