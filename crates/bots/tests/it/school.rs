//! Classes as the tests want them, and people who write.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]
use std::collections::BTreeMap;

use board::{
    Assignment, Bell, Changes, Class, ClassId, ClassSettings, Holiday, Language, NO_CHANGE, NO_LESSON, Plan, Platform,
    Snapshot, Source, Subject, Task, Timetable, Week,
};
use bots::Incoming;
use jiff::civil::{Date, Time, date, time};
use jiff::tz::TimeZone;

pub(crate) const TUESDAY: Date = date(2026, 9, 15);
pub(crate) const WEDNESDAY: Date = date(2026, 9, 16);
pub(crate) const THURSDAY: Date = date(2026, 9, 17);
pub(crate) const FRIDAY: Date = date(2026, 9, 18);
pub(crate) const SATURDAY: Date = date(2026, 9, 19);
pub(crate) const SUNDAY: Date = date(2026, 9, 20);

const SUBJECTS: [[&str; 3]; 4] = [
    ["Алгебра", "Maths", "Algebra"],
    ["Физика", "Physique", "Physics"],
    ["История", "Histoire", "History"],
    ["Химия", "Chimie", "Chemistry"],
];

/// A class with nothing that has a date.
pub(crate) fn undated(language: Language) -> Snapshot {
    let subject = |(number, names): (i64, &[&str; 3])| {
        let note = if number == 4 { String::new() } else { format!("§ {number}") };
        (number, Subject { number, name: names[language as usize].to_owned(), note, source: Source::Hand })
    };
    let subjects: BTreeMap<i64, Subject> = (1..).zip(&SUBJECTS).map(subject).collect();
    let rows = [vec![1, 2], vec![3, 4], vec![2, 4, 1], vec![3], vec![], vec![4, 1]];
    let name = |row: &i64| subjects[row].name.clone();
    let text = |day: &Vec<i64>| day.iter().map(name).collect::<Vec<_>>().join("\n");
    let texts = std::array::from_fn(|day| text(&rows[day]));
    let code = "9Б-47110815".to_owned();
    let settings = ClassSettings { language, ..ClassSettings::named("9Б") };
    Snapshot {
        class: Class { id: ClassId(1), slug: "9b".to_owned(), code, archived: None, settings },
        revision: 1,
        subjects,
        week: Week { texts, rows },
        changes: Changes::default(),
        timetables: Vec::new(),
        dated_changes: BTreeMap::new(),
        assignments: Vec::new(),
        since: date(2026, 9, 1),
    }
}

/// The same class with homework for days, changes of days, bells and holidays. Its timetable is nowhere written out.
pub(crate) fn dated(language: Language) -> Snapshot {
    let mut class = undated(language);
    class.week.texts = Default::default();
    let settings = &mut class.class.settings;
    let bell = |from: Time, to: Time| Bell { from, to };
    settings.bells = vec![bell(time(8, 30, 0, 0), time(9, 15, 0, 0)), bell(time(9, 25, 0, 0), time(10, 10, 0, 0))];
    settings.holidays =
        vec![Holiday {
            from: date(2026, 11, 2), to: date(2026, 11, 8), name: "Осенние каникулы".to_owned()
        }];
    class.dated_changes.insert(WEDNESDAY, changes("", &[NO_CHANGE, NO_LESSON, 3, 4]));
    class.dated_changes.insert(FRIDAY, changes("Retenue, 14:00–15:00\n", &[1]));
    class.assignments = vec![
        assignment(1, 2, TUESDAY, "№ 5"),
        assignment(2, 1, WEDNESDAY, "№ 12, 13"),
        assignment(3, 4, SUNDAY, "№ 8"),
    ];
    class.assignments[1].task.links.push("https://school.example/12".to_owned());
    class
}

pub(crate) fn changes(text: &str, first: &[i64]) -> Changes {
    let mut changes = Changes { text: text.to_owned(), ..Changes::default() };
    changes.rows[..first.len()].copy_from_slice(first);
    changes
}

pub(crate) fn assignment(id: i64, subject: i64, due: Date, text: &str) -> Assignment {
    let task = Task { subject, given: due, due, text: text.to_owned(), links: Vec::new(), source: Source::Hand };
    Assignment { id, task }
}

pub(crate) fn timetable(valid_from: Date, week: Week) -> Timetable {
    let plan = Plan { valid_from, valid_to: None, parity: Default::default(), week, source: Source::Hand };
    Timetable { id: 1, plan }
}

/// Somebody writes at noon of a day, in a private talk.
pub(crate) fn says(text: &str, on: Date) -> Incoming {
    Incoming {
        platform: Platform::Vk,
        peer: 7,
        from: Some(7),
        event: None,
        at: on.to_datetime(time(12, 0, 0, 0)).to_zoned(TimeZone::UTC).unwrap().timestamp(),
        text: text.to_owned(),
        invited: false,
        private: true,
    }
}

/// The same in a chat of several.
pub(crate) fn in_a_chat(text: &str, on: Date) -> Incoming {
    Incoming { peer: 2_000_000_001, private: false, ..says(text, on) }
}
