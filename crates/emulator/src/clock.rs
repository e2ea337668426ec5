//! What "now" is for the school.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Tells the school's wall-clock time: standing still, or following the machine in the Europe/Paris zone.
#[derive(Debug, Clone)]
pub enum Clock {
    /// Always the same moment; two runs give the same bytes.
    Fixed(DateTime),
    /// The machine's time, moved by `offset`.
    System {
        /// The zone of the school.
        zone: TimeZone,
        /// How far the school is ahead of the machine.
        offset: SignedDuration,
    },
}

impl Clock {
    /// Follows the machine's time in Paris.
    pub fn system() -> Self {
        Self::System { zone: paris(), offset: SignedDuration::ZERO }
    }

    /// Runs like the machine's time, but is now at `start`.
    pub fn starting_at(start: DateTime) -> Self {
        let zone = paris();
        let here = Timestamp::now().to_zoned(zone.clone()).datetime();
        Self::System { zone, offset: start.duration_since(here) }
    }

    /// The wall-clock time, to the second.
    pub fn now(&self) -> DateTime {
        let moment = match self {
            Self::Fixed(moment) => *moment,
            Self::System { zone, offset } => Timestamp::now().to_zoned(zone.clone()).datetime().saturating_add(*offset),
        };
        moment.with().subsec_nanosecond(0).build().unwrap_or(moment)
    }

    /// The day of [`Clock::now`].
    pub fn today(&self) -> Date {
        self.now().date()
    }
}

/// The zone of nearly every PRONOTE school; UTC on a machine without zone data.
fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_clock_started_elsewhere_runs_from_there() {
        let start = date(2031, 3, 9).at(8, 30, 0, 0);
        let now = Clock::starting_at(start).now();
        assert!(now.duration_since(start).as_secs().abs() < 60);
    }
}
