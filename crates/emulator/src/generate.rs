//! Invents a school: the same seed, size and day give the same school.
//!
//! Everybody in it is made up. It holds what other clients' test-suites and examples look for (data §21.2 to §21.4), and every
//! variant of everything around today.

mod calendar;
mod communication;
mod grades;
mod life;
mod names;
mod people;
mod subjects;
#[cfg(test)]
mod tests;
mod timetable;
mod variants;
mod work;

use crate::school::{Grading, Home, Menus, Messages, News, Shelf};
use crate::{Clock, School};

/// How large the demonstration school is.
const DEMO_PUPILS: usize = 48;
/// The most pupils a school is made with.
const MAX_PUPILS: usize = 20_000;

impl School {
    /// The demonstration school: small, complete and always current.
    pub fn demo(clock: Clock) -> Self {
        Self::generate(DEMO_PUPILS, 1, clock)
    }

    /// A school of about `pupils` pupils (at most 20 000, at least the few of the demonstration families).
    pub fn generate(pupils: usize, seed: u64, clock: Clock) -> Self {
        let mut school = Self {
            name: "Collège Cartable".to_owned(),
            seed,
            year: calendar::year_around(clock.today()),
            clock,
            people: Shelf::default(),
            accounts: Shelf::default(),
            levels: Shelf::default(),
            classes: Shelf::default(),
            groups: Shelf::default(),
            subjects: Shelf::default(),
            rooms: Shelf::default(),
            files: Shelf::default(),
            lessons: Shelf::default(),
            changes: Shelf::default(),
            extras: Shelf::default(),
            contents: Shelf::default(),
            homework: Shelf::default(),
            grading: Grading::default(),
            tests: Shelf::default(),
            evaluations: Shelf::default(),
            publications: Vec::new(),
            reports: Vec::new(),
            events: Shelf::default(),
            news: News::default(),
            menus: Menus::default(),
            messages: Messages::default(),
            home: Home::default(),
        };
        // Each part draws from a source of its own, so that a change in one leaves the others as they were.
        let source = |part: u64| fastrand::Rng::with_seed(seed.wrapping_mul(31).wrapping_add(part));
        people::fill(&mut school, pupils.min(MAX_PUPILS), &mut source(1));
        timetable::fill(&mut school, &mut source(2));
        variants::fill(&mut school, &mut source(3));
        work::fill(&mut school, &mut source(4));
        grades::fill(&mut school, &mut source(5));
        life::fill(&mut school, &mut source(6));
        communication::fill(&mut school, &mut source(7));
        school
    }
}
