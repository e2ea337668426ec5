use board::{
    Bell, Changes, ClassSettings, Expect, FillReport, Language, LessonState, NO_CHANGE, NO_LESSON, Source, Task,
};
use emulator::Fault;
use emulator::school::{Audience, ClassId, Extra, ExtraId, Homework, HomeworkId, Occasion, PersonId, SubjectId, Whose};
use jiff::civil::{Date, date, time};

use crate::filling::desk::{Desk, MONDAY, olga};

const TUESDAY: Date = date(2026, 11, 24);
const WEDNESDAY: Date = date(2026, 11, 25);
const FRENCH: &str = "FRANÇAIS";
const MATHS: &str = "MATHÉMATIQUES";

fn extra(day: Date, slot: u16, what: Occasion) -> Extra {
    Extra {
        id: ExtraId(0),
        date: day,
        slot,
        slots: 2,
        audience: Audience::Class(ClassId(1)),
        adults: Vec::new(),
        rooms: Vec::new(),
        status: String::new(),
        memo: String::new(),
        what,
    }
}

/// Lessons of a day of the board: row, subject, what became of it.
async fn lessons(desk: &Desk, day: Date) -> Vec<(usize, String, LessonState)> {
    let day = desk.snapshot().await.day(day);
    let lesson = |lesson: board::Lesson| (lesson.row, lesson.name.unwrap_or_default(), lesson.state);
    day.lessons.into_iter().map(lesson).collect()
}

#[tokio::test]
async fn a_class_gets_its_subjects_weeks_changes_and_homework() {
    let desk = Desk::new().await;
    let report = desk.fill().await;
    assert_eq!((report.subjects.added, report.weeks.added), (11, 2));
    assert_eq!((report.changes.added, report.assignments.added), (6, 10));
    assert_eq!((report.by_hand, report.left_out), (0, 0));

    let snapshot = desk.snapshot().await;
    assert!(snapshot.subjects.values().all(|subject| subject.source.origin() == Some(&subject.name)));
    let hours: Vec<i8> = snapshot.class.settings.bells.iter().map(|bell| bell.from.hour()).collect();
    assert_eq!(hours, [8, 9, 10, 11, 13, 14, 15, 16], "the school's, without lunch");
    let day = snapshot.day(MONDAY);
    assert_eq!(day.text, "3. 10:00–11:00 FRANÇAIS\n4. 11:00–12:00 ESPAGNOL LV2\n6. 14:00–15:00 MATHÉMATIQUES");
    let plan = &snapshot.timetable_on(MONDAY).unwrap().plan;
    assert_eq!(plan.source, Source::Pronote { origin: "23 November – 29 November (Q1)".to_owned() });
    assert!(snapshot.timetable_on(date(2026, 12, 7)).is_none(), "this week and the next");
    let homework = snapshot.assignments.iter().find(|homework| homework.task.due == WEDNESDAY).unwrap();
    assert_eq!(homework.task.text, "Aprender los verbos.");
    assert_eq!(homework.task.source, Source::Pronote { origin: "ESPAGNOL LV2, 23 November".to_owned() });
}

#[tokio::test]
async fn every_lesson_of_the_school_is_on_the_board_as_it_is() {
    let desk = Desk::new().await;
    desk.fill().await;
    let snapshot = desk.snapshot().await;
    let school = desk.school.school();
    let pupil = school.people.get(PersonId(1)).unwrap();
    let week = school.timetable(Whose::Pupil(pupil), MONDAY, date(2026, 12, 4));
    let mut seen = 0;
    for entry in &week {
        let Some(subject) = entry.subject().and_then(|subject| school.subjects.get(subject)) else { continue };
        let day = snapshot.day(entry.date);
        let (from, _) = entry.bounds(&school);
        let time = from.strftime("%H:%M").to_string();
        let lesson = day.lessons.iter().find(|lesson| lesson.time.unwrap().from == from.time());
        let Some(lesson) = lesson else {
            // At five, past the eight hours: in words only.
            assert!(day.changes.text.contains(&format!("{time}–18:00 {}", subject.name)), "{}", day.changes.text);
            continue;
        };
        seen += 1;
        let replaced = week.iter().any(|other| {
            other.date == entry.date && other.slots() == entry.slots() && other.lesson() != entry.lesson()
        });
        let name = lesson.name.as_deref().unwrap();
        match (entry.cancelled(), lesson.state) {
            (true, LessonState::Cancelled) => assert_eq!(name, subject.name),
            (true, LessonState::Replaced) => assert!(replaced),
            (false, LessonState::Planned | LessonState::Replaced) => assert_eq!(name, subject.name),
            (cancelled, state) => panic!("{} {time}: {cancelled} {state:?}", entry.date),
        }
    }
    assert!(seen > 40, "{seen}");
}

#[tokio::test]
async fn a_second_pass_changes_nothing() {
    let desk = Desk::new().await;
    desk.fill().await;
    let (before, revision) = (desk.everything().await, desk.board.revision().await.unwrap());
    assert_eq!(desk.fill().await, FillReport::default());
    assert_eq!(desk.board.revision().await.unwrap(), revision);
    let outcome = |text: &str| text.rsplit_once("Outcome").unwrap().0.to_owned();
    assert_eq!(outcome(&desk.everything().await), outcome(&before));
}

#[tokio::test]
async fn a_canceled_a_moved_and_a_replaced_lesson_become_changes_and_go_away_again() {
    let desk = Desk::new().await;
    desk.calm();
    assert_eq!(desk.fill().await.changes.added, 0);
    let french = desk.lesson(MONDAY, 4);
    desk.change(&french, MONDAY, |change| {
        change.cancelled = true;
        change.status = "Cours déplacé".to_owned();
    });
    let moved = extra(WEDNESDAY, 0, Occasion::Lesson(french.subject));
    desk.extra(Extra { status: "Cours déplacé".to_owned(), ..moved });
    let spanish = desk.lesson(MONDAY, 6);
    desk.change(&spanish, MONDAY, |change| {
        change.cancelled = true;
        change.status = "Prof. absent".to_owned();
    });
    let maths = desk.lesson(MONDAY, 12);
    desk.change(&maths, MONDAY, |change| {
        change.cancelled = true;
        change.status = "Prof. absent".to_owned();
    });
    desk.extra(extra(MONDAY, 12, Occasion::Replacement(french.subject)));

    assert_eq!(desk.fill().await.changes.added, 2);
    let monday = [
        (3, FRENCH.to_owned(), LessonState::Cancelled),
        (4, "ESPAGNOL LV2".to_owned(), LessonState::Cancelled),
        (6, FRENCH.to_owned(), LessonState::Replaced),
    ];
    assert_eq!(lessons(&desk, MONDAY).await, monday);
    assert_eq!(lessons(&desk, WEDNESDAY).await[0], (1, FRENCH.to_owned(), LessonState::Added));
    let text = desk.snapshot().await.day(MONDAY).changes.text;
    assert_eq!(
        text,
        "3. 10:00–11:00 FRANÇAIS: canceled, Cours déplacé\n\
         4. 11:00–12:00 ESPAGNOL LV2: canceled, Prof. absent\n\
         6. 14:00–15:00 FRANÇAIS: instead of MATHÉMATIQUES"
    );
    assert_eq!(desk.snapshot().await.day(WEDNESDAY).changes.text, "1. 08:00–09:00 FRANÇAIS: additional, Cours déplacé");
    assert!(desk.fill().await.is_empty());

    desk.calm();
    let report = desk.fill().await;
    assert_eq!((report.changes.removed, report.weeks.changed), (2, 0), "the plan was the same all the time");
    assert!(desk.snapshot().await.dated_changes.is_empty());
}

#[tokio::test]
async fn a_substitute_with_another_subject_is_a_replacement() {
    let desk = Desk::new().await;
    desk.calm();
    desk.fill().await;
    let maths = desk.lesson(MONDAY, 12);
    desk.change(&maths, MONDAY, |change| {
        change.teachers = Some(maths.teachers.clone());
        change.subject = Some(SubjectId(1));
        change.status = "Cours modifié".to_owned();
    });
    let report = desk.fill().await;
    assert_eq!((report.changes.added, report.weeks.changed), (1, 0));
    assert_eq!(lessons(&desk, MONDAY).await[2], (6, FRENCH.to_owned(), LessonState::Replaced));
}

#[tokio::test]
async fn homework_is_followed_as_it_is_given_changed_and_taken_back() {
    let desk = Desk::new().await;
    desk.fill().await;
    let count = desk.snapshot().await.assignments.len();
    let given = {
        let mut school = desk.school.school();
        let homework = school.homework.iter().find(|homework| homework.due == WEDNESDAY).unwrap().clone();
        let id = HomeworkId(school.homework.last().unwrap().id.0 + 1);
        let due = date(2026, 12, 18);
        school.homework.put(Homework { id, due, html: "<p>Exposé</p>".to_owned(), ..homework.clone() });
        school.homework.get_mut(homework.id).unwrap().html = "<div>Aprender los <b>veinte</b> verbos.</div>".to_owned();
        id
    };
    let report = desk.fill().await;
    assert_eq!((report.assignments.added, report.assignments.changed, report.assignments.removed), (1, 1, 0));
    let texts: Vec<String> = desk.snapshot().await.assignments.iter().map(|it| it.task.text.clone()).collect();
    assert!(texts.iter().any(|text| text == "Aprender los veinte verbos."));
    assert!(texts.iter().any(|text| text == "Exposé"), "due in three weeks");
    desk.school.school().homework.remove(given);
    assert_eq!(desk.fill().await.assignments.removed, 1);
    assert_eq!(desk.snapshot().await.assignments.len(), count);
}

#[tokio::test]
async fn what_a_representative_wrote_stands() {
    let desk = Desk::new().await;
    desk.calm();
    desk.fill().await;
    let (board, class) = (&desk.board, desk.class.id);
    let homework = desk.snapshot().await.assignments[0].clone();
    let own = Task { text: "выучить стих".to_owned(), ..homework.task };
    board.set_assignment(&olga(), class, homework.id, own, Expect::Anything).await.unwrap();
    let own = Changes { text: "приходите к десяти".to_owned(), ..Changes::default() };
    board.set_changes(&olga(), class, Some(MONDAY), own, Expect::Anything).await.unwrap();
    board.rename_subject(&olga(), class, desk.subject(MATHS).await, "Maths", Expect::Anything).await.unwrap();
    let french = desk.lesson(MONDAY, 4);
    desk.change(&french, MONDAY, |change| change.cancelled = true);
    desk.school.school().homework = Vec::new().into_iter().collect();
    let report = desk.fill().await;
    assert_eq!((report.by_hand, report.changes.added), (1, 0));
    let snapshot = desk.snapshot().await;
    let origin = "Monday, 23 November".to_owned();
    assert_eq!(snapshot.day(MONDAY).changes.source, Source::Override { origin });
    assert_eq!(snapshot.day(MONDAY).changes.rows, [NO_CHANGE; 8]);
    let [homework] = &snapshot.assignments[..] else { panic!("{:?}", snapshot.assignments) };
    assert_eq!(homework.task.text, "выучить стих");
    assert!(matches!(homework.task.source, Source::Override { .. }));
    assert!(snapshot.day(MONDAY).text.ends_with("14:00–15:00 Maths"), "the class's own name, in PRONOTE's week too");
}

#[tokio::test]
async fn unbinding_leaves_a_clean_board() {
    let desk = Desk::new().await;
    let before = desk.snapshot().await;
    desk.fill().await;
    desk.board.unbind_filling(&olga(), desk.class.id).await.unwrap();
    let after = desk.snapshot().await;
    assert_eq!((&after.class, &after.subjects), (&before.class, &before.subjects));
    assert!(after.timetables.is_empty() && after.dated_changes.is_empty() && after.assignments.is_empty());
    assert_eq!((&after.week, &after.changes), (&before.week, &before.changes));
}

#[tokio::test]
async fn the_class_is_spoken_to_in_its_language_and_keeps_its_bells() {
    let desk = Desk::new().await;
    let bells: Vec<Bell> = (10..14).map(|hour| Bell { from: time(hour, 5, 0, 0), to: time(hour, 50, 0, 0) }).collect();
    let settings = ClassSettings { language: Language::Ru, bells: bells.clone(), ..ClassSettings::named("3А") };
    desk.board.set_class(&olga(), desk.class.id, settings, Expect::Anything).await.unwrap();
    desk.calm();
    let french = desk.lesson(MONDAY, 4);
    desk.change(&french, MONDAY, |change| change.cancelled = true);
    desk.extra(Extra {
        memo: " Apportez\n  un livre ".to_owned(),
        ..extra(TUESDAY, 14, Occasion::Lesson(french.subject))
    });
    desk.fill().await;
    let snapshot = desk.snapshot().await;
    assert_eq!(snapshot.class.settings.bells, bells);
    let day = snapshot.day(MONDAY);
    assert_eq!(day.changes.text, "1. 10:00–11:00 FRANÇAIS: урок отменён");
    assert_eq!(day.changes.rows[..2], [NO_LESSON, NO_CHANGE]);
    assert_eq!(day.text, "1. 10:00–11:00 FRANÇAIS\n2. 11:00–12:00 ESPAGNOL LV2\n14:00–15:00 MATHÉMATIQUES");
    let text = &snapshot.day(TUESDAY).changes.text;
    assert!(text.ends_with("15:00–16:00 FRANÇAIS — Apportez un livre"), "{text}");
}

#[tokio::test]
async fn what_could_not_be_read_is_not_taken_back() {
    let desk = Desk::new().await;
    desk.fill().await;
    let before = desk.snapshot().await;
    for page in ["PageEmploiDuTemps", "PageCahierDeTexte"] {
        desk.school.faults().next(page, 2, Fault::Malformed);
    }
    let report = desk.fill().await;
    assert_eq!((report.weeks.removed, report.changes.removed, report.assignments.removed), (0, 0, 0));
    desk.school.faults().clear();
    desk.fill().await;
    let after = desk.snapshot().await;
    assert_eq!(after.assignments, before.assignments);
    assert_eq!(after.dated_changes, before.dated_changes);
    assert_eq!(after.timetables, before.timetables);
}

#[tokio::test]
async fn in_the_holidays_there_is_nothing_to_read_and_nothing_is_lost() {
    let desk = Desk::new().await;
    desk.fill().await;
    let before = desk.snapshot().await;
    desk.school.script("FonctionParametres", |_, answer| {
        // A year that ended long ago.
        let general = &mut answer["General"];
        general["PremierLundi"]["V"] = "01/09/2025".into();
        general["PremiereDate"]["V"] = "01/09/2025".into();
        general["DerniereDate"]["V"] = "03/07/2026".into();
    });
    let pages = desk.school.count("PageEmploiDuTemps") + desk.school.count("PageCahierDeTexte");
    assert!(desk.fill().await.is_empty());
    assert_eq!(desk.school.count("PageEmploiDuTemps") + desk.school.count("PageCahierDeTexte"), pages);
    assert_eq!(desk.snapshot().await.assignments, before.assignments);
}
