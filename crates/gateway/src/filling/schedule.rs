//! When which class is filled next. It waits for nothing and asks nobody: times come in, times go out.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use board::{ClassId, Filling};
use jiff::Timestamp;
use tokio::time::Instant;

/// The turns of all classes that are bound.
pub(super) struct Schedule {
    every: Duration,
    turns: HashMap<ClassId, Turn>,
}

struct Turn {
    filling: Filling,
    running: bool,
    /// When it is due; never while it stopped.
    at: Option<Instant>,
}

impl Schedule {
    pub(super) fn new(every: Duration) -> Self {
        Schedule { every, turns: HashMap::new() }
    }

    /// Takes note of which classes are bound, and what came of them, here or in another process.
    pub(super) fn look(&mut self, fillings: Vec<Filling>, now: Instant, clock: Timestamp) {
        let mut turns = std::mem::take(&mut self.turns);
        for filling in fillings {
            let turn = match turns.remove(&filling.class) {
                Some(turn) if turn.filling == filling => turn,
                Some(turn) => Turn { at: self.due(&filling, true, now, clock), filling, running: turn.running },
                None => Turn { at: self.due(&filling, false, now, clock), filling, running: false },
            };
            self.turns.insert(turn.filling.class, turn);
        }
    }

    /// When a class is due: at once when it was never filled, else an interval after the last time; not before the
    /// moment until which the school is left alone.
    fn due(&self, filling: &Filling, known: bool, now: Instant, clock: Timestamp) -> Option<Instant> {
        if filling.is_stopped() {
            return None;
        }
        let Some(last) = filling.last else { return Some(now) };
        // Some earlier, some later: so those that were bound together drift apart.
        let share = share(filling.class, last);
        let next = self.every.mul_f64(0.9 + 0.2 * share);
        let elapsed = Duration::try_from(clock.duration_since(last)).unwrap_or_default();
        let wait = match next.checked_sub(elapsed) {
            Some(wait) => wait,
            // After a long break, for instance a restart, they take turns through a whole interval.
            None if !known => self.every.mul_f64(share),
            None => Duration::ZERO,
        };
        let until = filling.outcome.as_ref().and_then(|outcome| outcome.until);
        let quiet = until.and_then(|until| Duration::try_from(until.duration_since(clock)).ok()).unwrap_or_default();
        // The moment that the pacer told is the moment to ask again.
        Some(now + if quiet.is_zero() { wait } else { quiet })
    }

    /// The next class that is due, which then runs.
    pub(super) fn take_due(&mut self, now: Instant) -> Option<Filling> {
        let every = self.every;
        let due = |turn: &&mut Turn| !turn.running && turn.at.is_some_and(|at| at <= now);
        let turn = self.turns.values_mut().filter(due).min_by_key(|turn| (turn.at, turn.filling.class))?;
        turn.running = true;
        // For when nothing can be noted of it; else the next look says when.
        turn.at = Some(now + every);
        Some(turn.filling.clone())
    }

    /// Takes note that a class runs no more. What came of it, the next look tells.
    pub(super) fn done(&mut self, class: ClassId) {
        if let Some(turn) = self.turns.get_mut(&class) {
            turn.running = false;
        }
    }

    /// When the next one is due.
    pub(super) fn next(&self) -> Option<Instant> {
        self.turns.values().filter(|turn| !turn.running).filter_map(|turn| turn.at).min()
    }
}

/// A number from 0 to 1 that differs from class to class and from time to time.
fn share(class: ClassId, last: Timestamp) -> f64 {
    let mut hasher = DefaultHasher::new();
    (class, last).hash(&mut hasher);
    f64::from(u32::try_from(hasher.finish() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use board::{FillReport, Outcome, PassState};

    use super::*;

    const EVERY: Duration = Duration::from_secs(1800);
    const MINUTE: Duration = Duration::from_secs(60);

    fn clock(minutes: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(60 * minutes)
    }

    fn bound(class: i64, last: Option<Timestamp>, outcome: Option<(PassState, Option<Timestamp>)>) -> Filling {
        let outcome = outcome.map(|(state, until)| Outcome {
            state,
            step: String::new(),
            words: String::new(),
            advice: String::new(),
            until,
            report: FillReport::default(),
        });
        Filling {
            class: ClassId(class),
            profile: "anna".to_owned(),
            child: String::new(),
            by: "olga".to_owned(),
            bound: clock(0),
            last,
            outcome,
            refused: None,
        }
    }

    fn filled(class: i64, last: Timestamp) -> Filling {
        bound(class, Some(last), Some((PassState::Filled, None)))
    }

    #[test]
    fn a_class_is_filled_at_once_and_then_at_every_interval() {
        let (mut schedule, now) = (Schedule::new(EVERY), Instant::now());
        schedule.look(vec![bound(1, None, None)], now, clock(0));
        assert_eq!(schedule.take_due(now).unwrap().class, ClassId(1));
        assert_eq!(schedule.take_due(now), None, "it runs");
        assert_eq!(schedule.next(), None);
        schedule.done(ClassId(1));
        schedule.look(vec![filled(1, clock(0))], now, clock(0));
        let next = schedule.next().unwrap() - now;
        assert!((EVERY * 9 / 10..=EVERY * 11 / 10).contains(&next), "{next:?}");
        assert_eq!(schedule.take_due(now + next).unwrap().class, ClassId(1));
    }

    #[test]
    fn a_restart_spreads_what_is_overdue_over_the_interval() {
        let (mut schedule, now) = (Schedule::new(EVERY), Instant::now());
        schedule.look((0..100).map(|class| filled(class, clock(0))).collect(), now, clock(600));
        let waits: Vec<Duration> = schedule.turns.values().map(|turn| turn.at.unwrap() - now).collect();
        assert!(waits.iter().all(|wait| *wait <= EVERY));
        for tenth in 0..10 {
            let within = |wait: &&Duration| (EVERY * tenth / 10..EVERY * (tenth + 1) / 10).contains(*wait);
            assert!((1..25).contains(&waits.iter().filter(within).count()), "{waits:?}");
        }
    }

    #[test]
    fn what_another_process_filled_waits_from_then_on() {
        let (mut schedule, now) = (Schedule::new(EVERY), Instant::now());
        schedule.look(vec![filled(1, clock(0))], now, clock(0));
        schedule.look(vec![filled(1, clock(20))], now + 20 * MINUTE, clock(20));
        assert!(schedule.next().unwrap() - now >= 47 * MINUTE);
    }

    #[test]
    fn a_school_that_is_left_alone_is_asked_again_at_the_moment_the_pacer_told() {
        let (mut schedule, now) = (Schedule::new(EVERY), Instant::now());
        let waiting = |until| bound(1, Some(clock(0)), Some((PassState::Waiting, Some(until))));
        schedule.look(vec![waiting(clock(3))], now, clock(0));
        assert_eq!(schedule.next().unwrap() - now, 3 * MINUTE);
        schedule.look(vec![waiting(clock(600))], now, clock(0));
        assert_eq!(schedule.next().unwrap() - now, 600 * MINUTE);
    }

    #[test]
    fn what_is_bound_anew_during_a_pass_is_filled_at_once_after_it() {
        let (mut schedule, now) = (Schedule::new(EVERY), Instant::now());
        schedule.look(vec![bound(1, None, None)], now, clock(0));
        schedule.take_due(now).unwrap();
        let anew = Filling { bound: clock(1), ..bound(1, None, None) };
        schedule.look(vec![anew.clone()], now + MINUTE, clock(1));
        assert_eq!(schedule.take_due(now + MINUTE), None, "one pass at a time");
        schedule.done(ClassId(1));
        assert_eq!(schedule.take_due(now + MINUTE), Some(anew));
        schedule.done(ClassId(1));
        assert_eq!(schedule.next().unwrap(), now + MINUTE + EVERY, "although nothing could be noted of it");
    }

    #[test]
    fn what_stopped_waits_until_it_is_bound_again() {
        let (mut schedule, now) = (Schedule::new(EVERY), Instant::now());
        schedule.look(vec![bound(1, Some(clock(0)), Some((PassState::Stopped, None)))], now, clock(0));
        assert_eq!((schedule.next(), schedule.take_due(now + 100 * EVERY)), (None, None));
        schedule.look(vec![Filling { bound: clock(5), ..bound(1, None, None) }], now, clock(5));
        assert_eq!(schedule.next(), Some(now));
        schedule.look(Vec::new(), now, clock(6));
        assert_eq!(schedule.next(), None, "unbound");
    }
}
