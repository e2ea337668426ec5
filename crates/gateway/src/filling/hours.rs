//! The rows of a day: at most eight hours, which lessons fall into by their times.

use std::cmp::Reverse;
use std::ops::Range;

use board::{Bell, ROWS};
use jiff::civil::Time;
use pronote::model::Instance;

/// The hours of a class, in order.
///
/// A lesson fills every row whose middle it covers: so lessons that follow each other never share a row, although a
/// school's lessons seldom begin with its hours.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Hours(Vec<Bell>);

impl Hours {
    /// Those of the class if it has some, so that rows mean the same in every pass. Else those of the school; of more than
    /// eight, the eight that most of the lessons fall into, and rather not the lunch break nor the evening.
    pub(super) fn of(class: &[Bell], school: &Instance, lessons: &[(Time, Time)]) -> Self {
        if !class.is_empty() {
            return Hours(class.to_vec());
        }
        let mut hours = of_school(school);
        if hours.is_empty() {
            hours = of_lessons(lessons).into_iter().map(|bell| (bell, false)).collect();
        }
        let worth = |(place, (hour, lunch)): (usize, &(Bell, bool))| {
            let count = lessons.iter().filter(|lesson| covers(**lesson, middle(hour))).count();
            (Reverse(count), *lunch, place)
        };
        let mut best: Vec<_> = hours.iter().enumerate().map(worth).collect();
        best.sort_unstable();
        let mut places: Vec<usize> = best.into_iter().take(ROWS).map(|(_, _, place)| place).collect();
        places.sort_unstable();
        Hours(places.into_iter().map(|place| hours[place].0).collect())
    }

    /// The hours, for a class that has none.
    pub(super) fn bells(&self) -> &[Bell] {
        &self.0
    }

    /// The rows that a lesson fills; none when it lies outside all of them.
    pub(super) fn rows(&self, from: Time, to: Time) -> Range<usize> {
        let covered = |hour: &Bell| covers((from, to), middle(hour));
        let first = self.0.iter().position(covered);
        let last = self.0.iter().rposition(covered);
        if let (Some(first), Some(last)) = (first, last) {
            return first..last + 1;
        }
        // A short lesson that misses every middle belongs where its own one lies.
        let own = i32::midpoint(minutes(from), minutes(to));
        let around = self.0.iter().position(|hour| (minutes(hour.from)..minutes(hour.to)).contains(&own));
        around.map_or(0..0, |place| place..place + 1)
    }
}

fn minutes(time: Time) -> i32 {
    i32::from(time.hour()) * 60 + i32::from(time.minute())
}

fn middle(hour: &Bell) -> i32 {
    i32::midpoint(minutes(hour.from), minutes(hour.to))
}

fn covers((from, to): (Time, Time), moment: i32) -> bool {
    (minutes(from)..minutes(to)).contains(&moment)
}

/// The hours of a school, and which of them are its lunch break; none when it does not tell them in order.
fn of_school(school: &Instance) -> Vec<(Bell, bool)> {
    let slots_per_hour = usize::try_from(school.slots_per_hour).unwrap_or(1).max(1);
    let slots = usize::try_from(school.slots_per_day).unwrap_or(0);
    let listed = school.slots.get(..slots).unwrap_or(&school.slots);
    let hours: Vec<(Bell, bool)> = (0..)
        .step_by(slots_per_hour)
        .zip(listed.chunks(slots_per_hour))
        .filter_map(|(place, slots): (u32, _)| {
            let bell = Bell { from: slots.first()?.start, to: slots.last()?.end };
            let is_lunch = school.lunch.is_some_and(|lunch| (lunch.first_slot..=lunch.last_slot).contains(&place));
            Some((bell, is_lunch))
        })
        .collect();
    let forward = hours.iter().all(|(bell, _)| bell.from < bell.to);
    let in_order = hours.windows(2).all(|pair| pair[0].0.to <= pair[1].0.from);
    if forward && in_order { hours } else { Vec::new() }
}

/// The hours that lessons tell by themselves: each lasts from where one begins until the first that ends, or until
/// another begins.
fn of_lessons(lessons: &[(Time, Time)]) -> Vec<Bell> {
    let mut starts: Vec<Time> = lessons.iter().map(|(from, _)| *from).collect();
    starts.sort_unstable();
    starts.dedup();
    let hour = |(place, from): (usize, &Time)| {
        let ends = lessons.iter().filter(|lesson| lesson.0 == *from).map(|lesson| lesson.1);
        let to = ends.chain(starts.get(place + 1).copied()).min()?;
        (*from < to).then_some(Bell { from: *from, to })
    };
    starts.iter().enumerate().filter_map(hour).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;
    use pronote::model::{LunchBreak, Slot};

    use super::*;

    fn at(hour: i8, minute: i8) -> Time {
        time(hour, minute, 0, 0)
    }

    /// Half hours from eight to six, as many schools have them.
    fn school() -> Instance {
        let slot = |half: i8| Slot {
            start: at(8 + half / 2, half % 2 * 30),
            end: at(8 + (half + 1) / 2, (half + 1) % 2 * 30),
        };
        Instance {
            slots_per_day: 20,
            slots_per_hour: 2,
            slots: (0..21).map(slot).collect::<Vec<_>>().into(),
            lunch: Some(LunchBreak { first_slot: 8, last_slot: 9 }),
            ..Instance::default()
        }
    }

    #[test]
    fn of_more_than_eight_hours_those_with_lessons_stay() {
        let hours = |lessons: &[(Time, Time)]| -> Vec<i8> {
            Hours::of(&[], &school(), lessons).0.iter().map(|bell| bell.from.hour()).collect()
        };
        assert_eq!(hours(&[]), [8, 9, 10, 11, 13, 14, 15, 16], "without lunch, and without the evening");
        assert_eq!(hours(&[(at(17, 0), at(18, 0))]), [8, 9, 10, 11, 13, 14, 15, 17]);
        assert_eq!(hours(&[(at(12, 0), at(13, 0))]), [8, 9, 10, 11, 12, 13, 14, 15]);
    }

    #[test]
    fn the_hours_of_the_class_come_first() {
        let own = [Bell { from: at(8, 30), to: at(9, 15) }, Bell { from: at(9, 25), to: at(10, 10) }];
        let hours = Hours::of(&own, &school(), &[]);
        assert_eq!(hours.bells(), own);
        assert_eq!(hours.rows(at(8, 0), at(9, 0)), 0..1);
        assert_eq!(hours.rows(at(9, 0), at(11, 0)), 1..2);
        assert_eq!(hours.rows(at(11, 0), at(12, 0)), 0..0);
    }

    #[test]
    fn a_long_lesson_fills_several_rows_and_neighbors_never_share_one() {
        let hours = Hours::of(&[], &school(), &[]);
        assert_eq!(hours.rows(at(8, 0), at(10, 0)), 0..2);
        assert_eq!(hours.rows(at(13, 0), at(17, 0)), 4..8);
        assert_eq!((hours.rows(at(8, 0), at(9, 30)), hours.rows(at(9, 30), at(11, 0))), (0..1, 1..3));
        assert_eq!(hours.rows(at(11, 0), at(14, 0)), 3..5, "through lunch");
        assert_eq!(hours.rows(at(9, 5), at(9, 20)), 1..2, "a quarter of an hour");
        assert_eq!(hours.rows(at(17, 0), at(18, 0)), 0..0, "past the last row");
    }

    #[test]
    fn a_school_that_does_not_tell_its_hours_is_read_from_its_lessons() {
        let lessons = [(at(8, 0), at(8, 55)), (at(9, 0), at(10, 50)), (at(9, 55), at(10, 50)), (at(8, 0), at(9, 50))];
        let hours = Hours::of(&[], &Instance::default(), &lessons);
        let bells: Vec<_> = hours.bells().iter().map(|bell| (bell.from, bell.to)).collect();
        assert_eq!(bells, [(at(8, 0), at(8, 55)), (at(9, 0), at(9, 55)), (at(9, 55), at(10, 50))]);
        assert!(Hours::of(&[], &Instance::default(), &[]).bells().is_empty());
    }
}
