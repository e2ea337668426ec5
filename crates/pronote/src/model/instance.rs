//! The school's year, hours and periods.

mod profile;

use std::ops::RangeInclusive;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time, Weekday};
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

pub use profile::{HourLabel, InstanceProfile, Language, ScaleLevel, ScalePosition};

use super::{Color, DeviceId, codes};
use crate::protocol::Version;
use crate::wire::{RemoteId, Set};

/// The most weeks a school year may have (data §0.3).
const MOST_WEEKS: u32 = 62;

/// The parameters of an instance, told once per session (data §3). Every session holds one: what names nothing in
/// particular is shared by all of a school.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Instance {
    /// The server's version.
    pub version: Option<Version>,
    /// The school's name.
    pub school_name: String,
    /// The school year as it is shown, for instance `2025-2026`.
    pub school_year: String,
    /// The name of the space, for instance `Espace Élèves`.
    pub space_label: String,
    /// The identifier of this device, to be sent at the next sign-in.
    #[serde(skip)]
    pub device_id: Option<DeviceId>,
    /// Whether calls must be signed with the member they are about.
    pub signature_with_member: bool,
    /// The server's clock when the session began.
    pub server_time: Option<DateTime>,
    /// The frozen day of a demonstration school.
    pub demo_date: Option<DateTime>,
    /// The Monday of week 1.
    pub first_monday: Date,
    /// The first day of the school year.
    pub first_date: Date,
    /// The last day of the school year.
    pub last_date: Date,
    /// The next day of school.
    pub next_business_day: Option<Date>,
    /// The weekdays of school, 1 for the first day of the week.
    pub working_days: Set,
    /// The days of school in a week or cycle, 0 for the first.
    pub cycle_days: Set,
    /// How many slots a day has.
    pub slots_per_day: u32,
    /// How many slots an hour-sequence has.
    pub slots_per_hour: u32,
    /// The minutes of an hour-sequence.
    pub sequence_minutes: u32,
    /// The slots of a day, in order. Servers list one more than `slots_per_day`.
    #[serde(serialize_with = "shared")]
    pub slots: Arc<Vec<Slot>>,
    /// The first slot of the afternoon.
    pub half_day_slot: Option<u32>,
    /// The lunch break, when the school has one in its grid.
    pub lunch: Option<LunchBreak>,
    /// The breaks of a day.
    #[serde(serialize_with = "shared")]
    pub breaks: Arc<Vec<Break>>,
    /// The names of the hours of a day (`M1`, `S2`), when they are shown.
    pub sequence_names: Vec<String>,
    /// The alternating weeks, first fortnight first; empty when weeks do not alternate.
    #[serde(serialize_with = "shared")]
    pub fortnights: Arc<Vec<Fortnight>>,
    /// The holidays.
    #[serde(serialize_with = "shared")]
    pub holidays: Arc<Vec<Holiday>>,
    /// The grading periods.
    pub periods: Vec<Period>,
    /// The usual grading scale.
    pub default_scale: Option<Decimal>,
    /// The codes of the annotations teachers may use in place of a mark.
    pub allowed_annotations: Set,
    /// The levels skills are evaluated on.
    #[serde(serialize_with = "shared")]
    pub skill_levels: Arc<Vec<SkillLevel>>,
    /// What else it says of itself.
    #[serde(skip)]
    pub profile: Arc<InstanceProfile>,
}

/// What is shared serialises as what it is.
fn shared<T: Serialize, S: Serializer>(value: &Arc<Vec<T>>, serializer: S) -> Result<S::Ok, S::Error> {
    value.as_slice().serialize(serializer)
}

/// A slot of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Slot {
    /// When it begins.
    pub start: Time,
    /// When it ends.
    pub end: Time,
}

/// The lunch break, in slots of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LunchBreak {
    /// Its first slot.
    pub first_slot: u32,
    /// Its last slot.
    pub last_slot: u32,
}

/// A break between lessons.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Break {
    /// What it is called.
    pub name: String,
    /// The slot of the day that it precedes.
    pub before_slot: u32,
}

/// One of the two alternating kinds of weeks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Fortnight {
    /// 1 or 2.
    pub index: u8,
    /// What the school calls it, for instance `Q1` or `A`.
    pub label: String,
    /// Its weeks.
    pub weeks: Set,
}

/// A holiday, both days included.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Holiday {
    /// What it is called.
    pub name: String,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
}

codes! {
    /// What a period is (data §3.3).
    PeriodKind {
        /// A third of the year.
        Term = 1,
        /// A half of the year.
        Semester = 2,
        /// The whole year.
        Year = 3,
    }
}

/// A grading period, both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Period {
    /// Its identifier in this session.
    pub id: RemoteId,
    /// What the school calls it, for instance `Trimestre 1`.
    pub name: String,
    /// What it is.
    pub kind: PeriodKind,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
    /// Its place among the kinds of periods: terms 0 to 2, semesters 3 and 4, the year 5.
    #[serde(skip)]
    pub grading_slot: Option<u32>,
}

/// A level skills are evaluated on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct SkillLevel {
    /// The server's code.
    pub code: i64,
    /// What it is called, for instance `Très bonne maîtrise`.
    pub name: String,
    /// Its abbreviation, for instance `A+`.
    pub abbreviation: String,
    /// Its color.
    pub color: Option<Color>,
    /// What it weighs in an average of skills.
    pub weight: Option<Decimal>,
    /// Whether it counts as acquired.
    pub acquired: bool,
}

impl Instance {
    /// The day it is at the school: the frozen day of a demonstration, else the day given.
    #[must_use]
    pub fn today(&self, clock: Date) -> Date {
        self.demo_date.map_or(clock, DateTime::date)
    }

    /// The school week of a day, counted from the first Monday, within 1 and the last week (data §2.1).
    #[must_use]
    pub fn week_of(&self, date: Date) -> u32 {
        self.unbounded_week(date).clamp(1, self.last_week())
    }

    /// The weeks from one day to another; a day outside the year stands for its nearest week.
    #[must_use]
    pub fn week_range(&self, from: Date, to: Date) -> RangeInclusive<u32> {
        let (from, to) = if from <= to { (from, to) } else { (to, from) };
        self.week_of(from)..=self.week_of(to)
    }

    /// The last week of the year.
    #[must_use]
    pub fn last_week(&self) -> u32 {
        self.unbounded_week(self.last_date).clamp(1, MOST_WEEKS)
    }

    /// The Monday of a school week.
    #[must_use]
    pub fn monday_of(&self, week: u32) -> Date {
        let days = i64::from(week.clamp(1, MOST_WEEKS) - 1) * 7;
        self.first_monday.checked_add(days.days()).unwrap_or(self.first_monday)
    }

    fn unbounded_week(&self, date: Date) -> u32 {
        let days = self.first_monday.until(date).map_or(0, |span| span.get_days());
        u32::try_from(days.div_euclid(7) + 1).unwrap_or(0)
    }

    /// Which of the alternating weeks a week is; none in holidays and where weeks do not alternate (data §2.2).
    #[must_use]
    pub fn fortnight(&self, week: u32) -> Option<&Fortnight> {
        self.fortnights.iter().find(|fortnight| fortnight.weeks.contains(week))
    }

    /// The holiday a day falls in.
    #[must_use]
    pub fn holiday(&self, date: Date) -> Option<&Holiday> {
        self.holidays.iter().find(|holiday| (holiday.start..=holiday.end).contains(&date))
    }

    /// The period of that identifier, else of that name whatever its case.
    #[must_use]
    pub fn period(&self, id_or_name: &str) -> Option<&Period> {
        let by_id = self.periods.iter().find(|period| period.id.as_str() == id_or_name);
        let name = id_or_name.trim().to_lowercase();
        by_id.or_else(|| self.periods.iter().find(|period| period.name.trim().to_lowercase() == name))
    }

    /// The same period in this session: identifiers do not survive a renewal, names and dates do.
    #[must_use]
    pub fn current(&self, period: &Period) -> Option<&Period> {
        let find = |same: &dyn Fn(&Period) -> bool| self.periods.iter().find(|candidate| same(candidate));
        find(&|candidate| candidate.id == period.id)
            .or_else(|| find(&|candidate| Period { id: period.id.clone(), ..candidate.clone() } == *period))
            .or_else(|| find(&|candidate| candidate.name == period.name))
    }

    /// The first period of a kind that a day falls in.
    #[must_use]
    pub fn period_of(&self, date: Date, kind: PeriodKind) -> Option<&Period> {
        self.periods.iter().find(|period| period.kind == kind && (period.start..=period.end).contains(&date))
    }

    /// The place of a lesson inside its day, from its place in the week (data §2.3).
    #[must_use]
    pub fn day_slot(&self, place: u32) -> u32 {
        place.checked_rem(self.slots_per_day).unwrap_or(place)
    }

    /// When a slot of the day begins.
    #[must_use]
    pub fn slot_start(&self, day_slot: u32) -> Option<Time> {
        self.slots.get(day_slot as usize).map(|slot| slot.start)
    }

    /// When a slot of the day ends.
    #[must_use]
    pub fn slot_end(&self, day_slot: u32) -> Option<Time> {
        self.slots.get(day_slot as usize).map(|slot| slot.end)
    }

    /// When something ends that begins at `start`, in a place of the week, for a number of slots: by the list of
    /// hours, else by the minutes of a slot (data §2.3). None when neither makes sense.
    #[must_use]
    pub fn end_of(&self, start: DateTime, place: u32, slots: u32) -> Option<DateTime> {
        let last = self.day_slot(place).checked_add(slots.checked_sub(1)?)?;
        let listed = self.slot_end(last).map(|time| start.date().to_datetime(time)).filter(|end| *end > start);
        listed.or_else(|| {
            let minutes = u64::from(slots) * u64::from(self.sequence_minutes) / u64::from(self.slots_per_hour.max(1));
            let day = 24 * 60;
            let minutes = i64::try_from(minutes).ok().filter(|minutes| (1..=day).contains(minutes))?;
            start.checked_add(minutes.minutes()).ok()
        })
    }

    /// The Monday on or before a day.
    pub(crate) fn monday_before(date: Date) -> Date {
        let back = i64::from(date.weekday().since(Weekday::Monday));
        date.checked_sub(back.days()).unwrap_or(date)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, datetime, time};

    use super::*;

    fn school() -> Instance {
        Instance {
            first_monday: date(2025, 9, 1),
            first_date: date(2025, 9, 2),
            last_date: date(2026, 7, 4),
            slots_per_day: 3,
            slots_per_hour: 1,
            sequence_minutes: 55,
            slots: vec![
                Slot { start: time(8, 0, 0, 0), end: time(8, 55, 0, 0) },
                Slot { start: time(9, 0, 0, 0), end: time(9, 55, 0, 0) },
                Slot { start: time(10, 15, 0, 0), end: time(11, 10, 0, 0) },
            ]
            .into(),
            fortnights: vec![Fortnight { index: 1, label: "A".into(), weeks: Set::from_iter([1, 3]) }].into(),
            periods: vec![Period {
                id: RemoteId::new("11#a"),
                name: "Trimestre 1".into(),
                kind: PeriodKind::Term,
                start: date(2025, 9, 1),
                end: date(2025, 11, 30),
                grading_slot: Some(0),
            }],
            ..Instance::default()
        }
    }

    #[test]
    fn weeks_are_counted_from_the_first_monday() {
        let school = school();
        assert_eq!(school.week_of(date(2025, 9, 1)), 1);
        assert_eq!(school.week_of(date(2025, 9, 7)), 1);
        assert_eq!(school.week_of(date(2025, 9, 8)), 2);
        assert_eq!(school.monday_of(2), date(2025, 9, 8));
        assert_eq!(school.week_range(date(2025, 9, 15), date(2025, 9, 3)), 1..=3);
    }

    #[test]
    fn a_day_outside_the_year_stands_for_its_nearest_week() {
        let school = school();
        assert_eq!(school.week_of(date(2025, 8, 31)), 1);
        assert_eq!(school.week_of(date(1, 1, 1)), 1);
        assert_eq!(school.week_of(Date::MAX), school.last_week());
        assert_eq!(school.monday_of(0), date(2025, 9, 1));
        assert_eq!(Instance::default().last_week(), 1);
    }

    #[test]
    fn a_week_may_belong_to_no_fortnight() {
        assert_eq!(school().fortnight(3).map(|fortnight| fortnight.label.as_str()), Some("A"));
        assert_eq!(school().fortnight(2), None);
    }

    #[test]
    fn a_period_of_another_session_is_found_by_its_name() {
        let school = school();
        let foreign = Period { id: RemoteId::new("11#z"), ..school.periods[0].clone() };
        assert_eq!(school.current(&foreign), Some(&school.periods[0]));
        assert_eq!(school.period("11#a"), school.period(" trimestre 1 "));
        let unknown = Period { name: "Trimestre 9".into(), ..foreign };
        assert_eq!(school.current(&unknown), None);
    }

    #[test]
    fn an_end_comes_from_the_hours_then_from_the_minutes() {
        let school = school();
        let monday = |hour, minute| datetime(2025, 9, 1, hour, minute, 0, 0);
        assert_eq!(school.end_of(monday(9, 0), 4, 2), Some(monday(11, 10)));
        assert_eq!(school.end_of(monday(10, 15), 5, 2), Some(monday(12, 5)), "past the list");
        assert_eq!(school.end_of(monday(12, 0), 3, 1), Some(monday(12, 55)), "the list is absurd");
        assert_eq!(school.end_of(monday(8, 0), 0, 0), None);
        assert_eq!(school.end_of(monday(8, 0), u32::MAX, u32::MAX), None);
    }
}
