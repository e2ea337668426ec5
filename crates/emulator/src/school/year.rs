//! The school year: weeks, fortnights, holidays, grading periods and the hours of a day.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{HolidayId, PeriodId, Shelf};

/// The calendar of a school year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    /// The first day of school.
    pub first: Date,
    /// The last day of school.
    pub last: Date,
    /// The hours of a day.
    pub day: SchoolDay,
    /// Holidays and public holidays.
    #[serde(default)]
    pub holidays: Shelf<Holiday>,
    /// Terms, semesters and the whole year.
    pub periods: Shelf<Period>,
}

/// Days without school, both ends included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The number.
    pub id: HolidayId,
    /// Such as `Vacances de la Toussaint`.
    pub name: String,
    /// The first day without school.
    pub start: Date,
    /// The last day without school.
    pub end: Date,
}

/// A period that grades are gathered in, both ends included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// The number.
    pub id: PeriodId,
    /// Such as `Trimestre 1`.
    pub name: String,
    /// Term, semester or year.
    pub kind: PeriodKind,
    /// The first day.
    pub start: Date,
    /// The last day.
    pub end: Date,
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeriodKind {
    /// A third of the year; this school's report cards are made per term.
    Term,
    /// Half of the year.
    Semester,
    /// The year.
    Year,
}

impl PeriodKind {
    /// PRONOTE's number for it (data §3.3).
    pub fn genre(self) -> u8 {
        match self {
            Self::Term => 1,
            Self::Semester => 2,
            Self::Year => 3,
        }
    }
}

impl Period {
    /// Whether the day lies in the period.
    pub fn contains(&self, day: Date) -> bool {
        (self.start..=self.end).contains(&day)
    }
}

/// How a day is cut into slots.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchoolDay {
    /// When slot 0 begins.
    pub opens: Time,
    /// How many slots one hour has: 1, 2, 4 or 6.
    pub slots_per_hour: u16,
    /// How many slots a day has.
    pub slots: u16,
    /// The first and the last slot of the lunch break.
    pub lunch: (u16, u16),
    /// Breaks: a name, and the slot that follows the break.
    #[serde(default)]
    pub breaks: Vec<(String, u16)>,
}

impl SchoolDay {
    /// The minutes of one slot.
    pub fn slot_minutes(&self) -> u16 {
        60 / self.slots_per_hour.max(1)
    }

    /// When a slot begins; the slot after the last one begins when the day ends.
    pub fn starts(&self, slot: u16) -> Time {
        let minutes = i64::from(slot) * i64::from(self.slot_minutes());
        self.opens.saturating_add(minutes.minutes())
    }

    /// The slot that a time of day falls in.
    pub fn slot_at(&self, time: Time) -> u16 {
        let minutes = self
            .opens
            .until(time)
            .map_or(0, |span| span.total(jiff::Unit::Minute).map_or(0, |minutes| minutes.max(0.0) as u16));
        (minutes / self.slot_minutes()).min(self.slots.saturating_sub(1))
    }
}

/// How many weeks PRONOTE's week sets can hold.
pub const MAX_WEEKS: u32 = 62;

impl Year {
    /// The Monday of week 1.
    pub fn first_monday(&self) -> Date {
        monday_of(self.first)
    }

    /// The week of a day, from 1; days outside the year belong to its first or last week.
    pub fn week(&self, day: Date) -> u32 {
        let days =
            self.first_monday().until(day.clamp(self.first_monday(), self.last)).map_or(0, |span| span.get_days());
        u32::try_from(days / 7).unwrap_or(0) + 1
    }

    /// How many weeks the year has.
    pub fn weeks(&self) -> u32 {
        self.week(self.last).min(MAX_WEEKS)
    }

    /// A day of a week: 0 is its Monday.
    pub fn day_of(&self, week: u32, day: u8) -> Date {
        let days = (i64::from(week.clamp(1, MAX_WEEKS)) - 1) * 7 + i64::from(day);
        self.first_monday().saturating_add(days.days())
    }

    /// The holiday that a day is part of.
    pub fn holiday(&self, day: Date) -> Option<&Holiday> {
        self.holidays.iter().find(|holiday| (holiday.start..=holiday.end).contains(&day))
    }

    /// Whether there is school on a day.
    pub fn is_open(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && (self.first..=self.last).contains(&day) && self.holiday(day).is_none()
    }

    /// The first day of school at or after a day; the last day of the year when none is left.
    pub fn next_open(&self, day: Date) -> Date {
        let start = day.max(self.first);
        start.series(1.day()).take_while(|day| *day <= self.last).find(|day| self.is_open(*day)).unwrap_or(self.last)
    }

    /// The last day of school at or before a day; the first day of the year when there is none.
    pub fn last_open(&self, day: Date) -> Date {
        let start = day.min(self.last);
        start.series(-1.day()).take_while(|day| *day >= self.first).find(|day| self.is_open(*day)).unwrap_or(self.first)
    }

    /// The days of school between two days, both included.
    pub fn open_days(&self, from: Date, to: Date) -> impl Iterator<Item = Date> + '_ {
        let to = to.min(self.last);
        from.max(self.first).series(1.day()).take_while(move |day| *day <= to).filter(|day| self.is_open(*day))
    }

    /// The fortnight of a week, 1 or 2; none in the holidays. School weeks alternate.
    pub fn fortnight(&self, week: u32) -> Option<u8> {
        if !self.has_school(week) {
            return None;
        }
        let before = (1..week).filter(|week| self.has_school(*week)).count();
        Some(if before.is_multiple_of(2) { 1 } else { 2 })
    }

    /// Whether a week has a day of school.
    pub fn has_school(&self, week: u32) -> bool {
        week <= self.weeks() && (0..5).any(|day| self.is_open(self.day_of(week, day)))
    }

    /// The term that a day belongs to; days outside the year belong to the nearest term.
    pub fn term(&self, day: Date) -> Option<&Period> {
        let distance = |term: &Period| {
            let outside = if day < term.start { day.until(term.start) } else { term.end.until(day) };
            if term.contains(day) { 0 } else { outside.map_or(i32::MAX, |span| span.get_days()) }
        };
        self.periods.iter().filter(|period| period.kind == PeriodKind::Term).min_by_key(|term| distance(term))
    }

    /// Such as `2025-2026`.
    pub fn name(&self) -> String {
        format!("{}-{}", self.first.year(), self.last.year())
    }

    /// The moment at which a slot of a day begins.
    pub fn moment(&self, day: Date, slot: u16) -> DateTime {
        day.to_datetime(self.day.starts(slot))
    }
}

/// The Monday of a day's week.
pub fn monday_of(day: Date) -> Date {
    day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days())
}

numbered! {
    Holiday: HolidayId;
    Period: PeriodId;
}
