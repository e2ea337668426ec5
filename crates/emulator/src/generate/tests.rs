//! What an invented school must hold.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use crate::school::{Mark, Occasion, Person, What, Whose};
use crate::{Clock, School};

fn school_on(day: Date) -> School {
    School::demo(Clock::Fixed(day.at(10, 15, 0, 0)))
}

fn fanny(school: &School) -> &Person {
    school.people.iter().find(|person| person.name() == "PARENT Fanny").unwrap()
}

/// Days of every kind: first and last of the year, holidays, weekends, an ordinary week, summer.
const DAYS: [Date; 8] = [
    date(2025, 9, 1),
    date(2025, 9, 6),
    date(2025, 10, 25),
    date(2025, 11, 20),
    date(2026, 3, 9),
    date(2026, 7, 3),
    date(2026, 7, 20),
    date(2026, 8, 10),
];

#[test]
fn the_same_seed_and_day_give_the_same_school() {
    let one = toml::to_string(&school_on(DAYS[3])).unwrap();
    assert_eq!(one, toml::to_string(&school_on(DAYS[3])).unwrap());
    let other = School::generate(48, 2, Clock::Fixed(DAYS[3].at(10, 15, 0, 0)));
    assert_ne!(one, toml::to_string(&other).unwrap());
}

#[test]
fn the_first_lesson_of_the_second_friday_is_plain_and_has_contents_whatever_the_day() {
    for day in DAYS {
        let school = school_on(day);
        for pupil in ["PARENT Fanny", "PARENT Léo"] {
            let pupil = school.people.iter().find(|person| person.name() == pupil).unwrap();
            let friday = school.year.first_monday().saturating_add(4.days());
            let entries = school.timetable(Whose::Pupil(pupil), friday, friday);
            let lesson = entries.first().and_then(crate::school::Entry::lesson).unwrap();
            assert!(entries[0].bounds(&school).0.hour() == 8, "{day}");
            let content = school.contents.iter().find(|content| content.lesson == lesson && content.date == friday);
            assert!(!content.unwrap().items.is_empty(), "{day}");
        }
    }
}

#[test]
fn a_school_written_as_toml_reads_back_whole() {
    let text = toml::to_string(&school_on(DAYS[3])).unwrap();
    let school: School = toml::from_str(&text).unwrap();
    assert_eq!(toml::to_string(&school).unwrap(), text);
    assert!(school.messages.drafts.len() > 1 && school.news.items.len() > 5 && school.menus.weeks.len() > 1);
}

#[test]
fn news_a_menu_and_open_discussions_are_there_whatever_the_day() {
    for day in DAYS {
        let school = school_on(day);
        for name in ["PARENT Fanny", "PARENT Flore"] {
            let person = school.people.iter().find(|person| person.name() == name).unwrap().id;
            let news = school.news.items.iter().filter(|item| item.reaches(&school, person));
            assert!(news.clone().all(|item| !item.questions[0].text.is_empty()) && news.count() >= 4, "{day}");
            let last =
                school.messages.of(person).max_by_key(|(discussion, _)| discussion.messages.last().unwrap().sent);
            let (last, _) = last.unwrap();
            assert!(!last.closed && last.messages.last().unwrap().sent < school.clock.now(), "{day}");
        }
        let monday = school.year.first_monday();
        let week = monday.series(1.day()).take(7);
        assert!(week.filter_map(|day| school.menu(day)).any(|menu| menu.lunch.is_some()), "{day}");
        assert!(school.home.agenda.len() > 2, "{day}");
    }
}

#[test]
fn there_are_no_lessons_in_the_holidays() {
    let school = school_on(DAYS[3]);
    let fanny = fanny(&school);
    for holiday in &school.year.holidays {
        assert!(school.timetable(Whose::Pupil(fanny), holiday.start, holiday.end).is_empty(), "{}", holiday.name);
    }
}

#[test]
fn the_week_of_today_shows_every_variant() {
    let school = school_on(DAYS[3]);
    let monday = crate::school::monday_of(DAYS[3]);
    let entries = school.timetable(Whose::Pupil(fanny(&school)), monday, monday.saturating_add(6.days()));
    for status in [
        "",
        "Cours annulé",
        "Prof. absent",
        "Changement de salle",
        "Cours modifié",
        "Remplacement",
        "Exceptionnel",
        "Sortie pédagogique",
    ] {
        assert!(entries.iter().any(|entry| entry.status() == status), "{status}");
    }
    let change = |wanted: fn(&crate::school::Change) -> bool| {
        entries.iter().any(|entry| matches!(entry.what, What::Lesson(_, Some(change)) if wanted(change)))
    };
    assert!(change(|change| !change.videos.is_empty()));
    assert!(change(|change| !change.exempted.is_empty()));
    let extra = |wanted: fn(&Occasion) -> bool| {
        entries.iter().any(|entry| matches!(entry.what, What::Extra(extra) if wanted(&extra.what)))
    };
    assert!(extra(|what| matches!(what, Occasion::Detention(_))));
    assert!(extra(|what| matches!(what, Occasion::Outing(_))));
    let replaced = entries.iter().find(|entry| entry.status() == "Remplacement").unwrap();
    let under = |entry: &&crate::school::Entry<'_>| {
        entry.date == replaced.date && entry.slots() == replaced.slots() && entry.cancelled()
    };
    assert!(entries.iter().find(under).unwrap().rank() < replaced.rank());
}

#[test]
fn nobody_teaches_two_classes_at_once() {
    let school = School::generate(400, 1, Clock::Fixed(DAYS[3].at(10, 15, 0, 0)));
    let mut taken = std::collections::BTreeMap::new();
    let mut clashes = 0;
    for lesson in &school.lessons {
        for slot in lesson.slot..lesson.slot + lesson.slots {
            for teacher in &lesson.teachers {
                let other = taken.insert((teacher, lesson.day, slot, format!("{:?}", lesson.frequency)), lesson.id);
                clashes += usize::from(other.is_some());
            }
        }
    }
    assert!(clashes * 100 < school.lessons.len(), "{clashes} clashes in {} lessons", school.lessons.len());
}

#[test]
fn every_annotation_a_bonus_an_optional_test_and_another_scale_are_met() {
    for day in [DAYS[0], DAYS[3], DAYS[4]] {
        let school = school_on(day);
        let fanny = fanny(&school);
        let term = school.year.term(day).unwrap();
        let tests = school.tests_of(fanny, term);
        for code in 1..=8 {
            assert!(tests.iter().any(|test| test.mark(fanny.id) == Some(Mark::Annotation(code))), "{day}: {code}");
        }
        assert!(tests.iter().any(|test| test.bonus), "{day}");
        assert!(tests.iter().any(|test| test.optional), "{day}");
        assert!(tests.iter().any(|test| test.scale != rust_decimal::Decimal::from(20)), "{day}");
    }
}

#[test]
fn five_thousand_pupils_have_a_school_too() {
    let school = School::generate(5_000, 1, Clock::Fixed(date(2026, 6, 20).at(10, 15, 0, 0)));
    assert_eq!(school.people.iter().filter(|person| person.kind == crate::school::Kind::Student).count(), 5_000);
    let fanny = fanny(&school);
    let entries = school.timetable(Whose::Pupil(fanny), date(2026, 6, 15), date(2026, 6, 19));
    assert!(entries.len() > 20);
}
