//! Invents a French school year around a day.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday, date, time};

use crate::school::{Holiday, HolidayId, Period, PeriodId, PeriodKind, SchoolDay, Shelf, Year};

/// The school year that a day belongs to; the summer belongs to the year that it ends.
pub(super) fn year_around(today: Date) -> Year {
    let autumn = if today < first_day(today.year()) { today.year() - 1 } else { today.year() };
    let spring = autumn + 1;
    let first = first_day(autumn);
    let last = on_or_after(spring, 7, 1, Weekday::Friday);
    Year {
        first,
        last,
        day: SchoolDay {
            opens: time(8, 0, 0, 0),
            slots_per_hour: 2,
            slots: 20,
            lunch: (8, 9),
            breaks: vec![("Récréation du matin".to_owned(), 4), ("Récréation de l'après-midi".to_owned(), 14)],
        },
        holidays: holidays(autumn, spring),
        periods: periods(autumn, spring, first, last),
    }
}

/// Terms, semesters and the year: six periods, as some clients reach for the sixth.
fn periods(autumn: i16, spring: i16, first: Date, last: Date) -> Shelf<Period> {
    let bounds = [
        ("Trimestre 1", PeriodKind::Term, first, date(autumn, 11, 30)),
        ("Trimestre 2", PeriodKind::Term, date(autumn, 12, 1), date(spring, 3, 8)),
        ("Trimestre 3", PeriodKind::Term, date(spring, 3, 9), last),
        ("Semestre 1", PeriodKind::Semester, first, date(spring, 1, 31)),
        ("Semestre 2", PeriodKind::Semester, date(spring, 2, 1), last),
        ("Année continue", PeriodKind::Year, first, last),
    ];
    (1..)
        .zip(bounds)
        .map(|(id, (name, kind, start, end))| Period { id: PeriodId(id), name: name.to_owned(), kind, start, end })
        .collect()
}

/// The holidays of zone B as they usually fall, and the public holidays.
fn holidays(autumn: i16, spring: i16) -> Shelf<Holiday> {
    let fortnight = |name, start: Date| (name, start, start.saturating_add(15.days()));
    let winter = on_or_after(spring, 2, 13, Weekday::Saturday);
    let easter = easter(spring);
    let day = |name, day: Date| (name, day, day);
    let mut days = vec![
        fortnight("Vacances de la Toussaint", on_or_after(autumn, 10, 16, Weekday::Saturday)),
        day("Armistice 1918", date(autumn, 11, 11)),
        fortnight("Vacances de Noël", on_or_after(autumn, 12, 17, Weekday::Saturday)),
        fortnight("Vacances d'hiver", winter),
        day("Lundi de Pâques", easter.saturating_add(1.day())),
        fortnight("Vacances de printemps", winter.saturating_add(56.days())),
        day("Fête du Travail", date(spring, 5, 1)),
        day("Victoire 1945", date(spring, 5, 8)),
        ("Pont de l'Ascension", easter.saturating_add(39.days()), easter.saturating_add(40.days())),
        day("Lundi de Pentecôte", easter.saturating_add(50.days())),
    ];
    days.sort_by_key(|(_, start, _)| *start);
    (1..)
        .zip(days)
        .map(|(id, (name, start, end))| Holiday { id: HolidayId(id), name: name.to_owned(), start, end })
        .collect()
}

/// The first weekday of September.
fn first_day(autumn: i16) -> Date {
    date(autumn, 9, 1).series(1.day()).find(|day| is_weekday(*day)).unwrap_or(date(autumn, 9, 1))
}

fn is_weekday(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn on_or_after(year: i16, month: i8, day: i8, weekday: Weekday) -> Date {
    let start = date(year, month, day);
    start.series(1.day()).find(|day| day.weekday() == weekday).unwrap_or(start)
}

/// Easter Sunday of the Gregorian calendar (the anonymous computus).
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (century, of_century) = (year / 100, year % 100);
    let golden = year % 19;
    let epact = (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    let narrow = |value: i32| i8::try_from(value).unwrap_or(1);
    date(i16::try_from(year).unwrap_or(2000), narrow(days / 31), narrow(days % 31 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_falls_when_it_fell() {
        assert_eq!(easter(2025), date(2025, 4, 20));
        assert_eq!(easter(2026), date(2026, 4, 5));
        assert_eq!(easter(2027), date(2027, 3, 28));
    }

    #[test]
    fn the_year_holds_the_day_it_was_made_for() {
        for (today, name) in [
            (date(2025, 9, 1), "2025-2026"),
            (date(2026, 2, 20), "2025-2026"),
            (date(2026, 7, 20), "2025-2026"),
            (date(2026, 8, 20), "2025-2026"),
            (date(2029, 9, 2), "2028-2029"),
            (date(2029, 9, 3), "2029-2030"),
        ] {
            assert_eq!(year_around(today).name(), name, "{today}");
        }
    }

    #[test]
    fn holidays_and_weekends_are_closed_and_fortnights_alternate() {
        let year = year_around(date(2025, 11, 20));
        for closed in
            [date(2025, 10, 18), date(2025, 10, 27), date(2025, 11, 11), date(2025, 12, 25), date(2025, 11, 15)]
        {
            assert!(!year.is_open(closed), "{closed}");
        }
        assert!(year.is_open(date(2025, 11, 3)));
        assert_eq!(year.fortnight(1), Some(1));
        assert_eq!(year.fortnight(2), Some(2));
        assert_eq!(year.fortnight(year.week(date(2025, 10, 22))), None);
    }
}
