//! Filling from PRONOTE: what comes in, whose word stands, what goes away again.

use std::collections::BTreeMap;

use board::filling::{Imported, ImportedChanges, ImportedHomework, ImportedTask, ImportedWeek, Line, Piece, Row};
use board::{
    Actor, Assignments, Bell, Board, Changes, ClassId, ClassSettings, Error, Expect, FillReport, Filling, History,
    LessonState, NO_CHANGE, NO_LESSON, Outcome, Parity, PassState, Plan, Source, Task, Week,
};
use jiff::ToSpan as _;
use jiff::civil::{Date, date, time};

use crate::engine::{House, olga};

const MONDAY: Date = date(2025, 9, 1);
const TUESDAY: Date = date(2025, 9, 2);

fn line(number: usize, subject: &str, rest: &str) -> Line {
    let piece = |text: &str| Piece::Text(text.to_owned());
    Line(vec![piece(&format!("{number}. ")), Piece::Subject(subject.to_owned()), piece(rest)])
}

/// A week with some subjects on Monday and Tuesday.
fn week(monday: Date, subjects: &[&str]) -> ImportedWeek {
    let day = |place: usize| place < 2;
    ImportedWeek {
        monday,
        complete: true,
        origin: format!("week of {monday}"),
        texts: std::array::from_fn(|place| {
            let lines = subjects.iter().filter(|_| day(place)).enumerate();
            lines.map(|(row, subject)| line(row + 1, subject, "")).collect()
        }),
        rows: std::array::from_fn(|place| {
            std::array::from_fn(|row| subjects.get(row).filter(|_| day(place)).map(|subject| (*subject).to_owned()))
        }),
    }
}

fn changes(rows: &[Row], text: &str) -> ImportedChanges {
    ImportedChanges {
        origin: "a day".to_owned(),
        text: vec![Line(vec![Piece::Text(text.to_owned())])],
        rows: std::array::from_fn(|row| rows.get(row).cloned().unwrap_or_default()),
    }
}

fn task(subject: &str, due: Date, text: &str) -> ImportedTask {
    ImportedTask {
        subject: subject.to_owned(),
        given: MONDAY,
        due,
        text: text.to_owned(),
        links: vec!["https://exemple.fr/a".to_owned()],
        origin: format!("{subject}, 1 September"),
    }
}

fn homework(tasks: Vec<ImportedTask>) -> Option<ImportedHomework> {
    Some(ImportedHomework { from: MONDAY, to: MONDAY.saturating_add(27.days()), complete: true, tasks })
}

/// What a school has: two weeks, a canceled lesson, a replaced one, homework.
fn school() -> Imported {
    let day = changes(&[Row::NoLesson, Row::Subject("SPORT".to_owned())], "1. FRANÇAIS: canceled");
    Imported {
        bells: vec![Bell { from: time(8, 0, 0, 0), to: time(9, 0, 0, 0) }],
        weeks: vec![
            week(MONDAY, &["FRANÇAIS", "MATHS"]),
            week(MONDAY.saturating_add(7.days()), &["FRANÇAIS", "MATHS", "ED.PHYSIQUE & SPORT."]),
        ],
        changes: BTreeMap::from([(TUESDAY, day)]),
        homework: homework(vec![task("MATHS", TUESDAY, "Ex. 4"), task("FRANÇAIS", date(2025, 9, 5), "Lire")]),
    }
}

async fn bind(board: &Board, class: ClassId) -> Filling {
    board.bind_filling(&olga(), class, "anna", "Léa").await.unwrap()
}

/// A class that was filled once.
async fn filled(house: &House) -> (ClassId, Filling) {
    let class = house.class().await.id;
    let filling = bind(&house.board, class).await;
    house.board.fill(&filling, &school()).await.unwrap();
    (class, filling)
}

async fn entries(board: &Board, class: ClassId) -> Vec<board::Entry> {
    board.history(&History { class: Some(class), before: None, limit: 1000 }).await.unwrap()
}

async fn all(board: &Board, class: ClassId) -> Vec<board::Assignment> {
    board.assignments(class, &Assignments { limit: 1000, ..Assignments::default() }).await.unwrap()
}

fn pronote(origin: &str) -> Source {
    Source::Pronote { origin: origin.to_owned() }
}

fn written_over(origin: &str) -> Source {
    Source::Override { origin: origin.to_owned() }
}

#[tokio::test]
async fn subjects_weeks_changes_and_homework_come_in_and_say_from_where() {
    for house in House::all().await {
        let class = house.class().await.id;
        let filling = bind(&house.board, class).await;
        let report = house.board.fill(&filling, &school()).await.unwrap();
        assert_eq!((report.subjects.added, report.weeks.added), (4, 2));
        assert_eq!((report.changes.added, report.assignments.added, report.by_hand), (1, 2, 0));

        let snapshot = house.board.snapshot(class).await.unwrap();
        let names: Vec<_> = snapshot.subjects.values().map(|subject| (&*subject.name, &subject.source)).collect();
        assert_eq!(
            names,
            [
                ("ED PHYSIQUE SPORT", &pronote("ED.PHYSIQUE & SPORT.")),
                ("FRANÇAIS", &pronote("FRANÇAIS")),
                ("MATHS", &pronote("MATHS")),
                ("SPORT", &pronote("SPORT")),
            ]
        );
        let day = snapshot.day(TUESDAY);
        assert_eq!(day.text, "1. FRANÇAIS\n2. MATHS");
        assert_eq!((day.changes.text.as_str(), &day.changes.source), ("1. FRANÇAIS: canceled", &pronote("a day")));
        let lessons: Vec<_> = day.lessons.iter().map(|lesson| (lesson.state, lesson.name.as_deref())).collect();
        assert_eq!(lessons, [(LessonState::Cancelled, Some("FRANÇAIS")), (LessonState::Replaced, Some("SPORT"))]);
        assert_eq!(day.lessons[0].time, Some(Bell { from: time(8, 0, 0, 0), to: time(9, 0, 0, 0) }));
        let homework = &day.assignments[0].task;
        assert_eq!((homework.text.as_str(), &homework.source), ("Ex. 4", &pronote("MATHS, 1 September")));
        assert_eq!(homework.links, ["https://exemple.fr/a"]);
        let next = snapshot.timetable_on(date(2025, 9, 8)).unwrap();
        assert_eq!((next.plan.valid_from, next.plan.valid_to), (date(2025, 9, 8), Some(date(2025, 9, 14))));
        assert_eq!(next.plan.week.rows[0], [2, 3, 1]);
        assert_eq!(next.plan.source, pronote("week of 2025-09-08"));
        assert!(entries(&house.board, class).await.iter().all(|entry| entry.by.via == "pronote" || entry.by == olga()));
    }
}

#[tokio::test]
async fn a_pass_without_news_writes_nothing() {
    for house in House::all().await {
        let (class, filling) = filled(&house).await;
        let (before, revision) = (entries(&house.board, class).await, house.board.revision().await.unwrap());
        let again = house.board.fill(&filling, &school()).await.unwrap();
        assert_eq!(again, FillReport::default());
        assert_eq!(house.board.revision().await.unwrap(), revision);
        assert_eq!(house.another().await.revision().await.unwrap(), revision);
        assert_eq!(entries(&house.board, class).await, before);
    }
}

#[tokio::test]
async fn news_is_taken_and_what_is_no_more_is_taken_back() {
    for house in House::all().await {
        let (class, filling) = filled(&house).await;
        let mut now = school();
        now.changes.clear();
        now.weeks[0] = week(MONDAY, &["MATHS", "FRANÇAIS"]);
        now.weeks[1] = week(date(2025, 9, 8), &[]);
        now.homework = homework(vec![task("MATHS", TUESDAY, "Ex. 4 et 5")]);
        let report = house.board.fill(&filling, &now).await.unwrap();
        assert_eq!((report.weeks.changed, report.weeks.removed, report.changes.removed), (1, 1, 1));
        assert_eq!((report.assignments.changed, report.assignments.removed, report.assignments.added), (1, 1, 0));
        let snapshot = house.board.snapshot(class).await.unwrap();
        assert_eq!(snapshot.day(TUESDAY).text, "1. MATHS\n2. FRANÇAIS");
        assert_eq!(snapshot.day(TUESDAY).assignments[0].task.text, "Ex. 4 et 5");
        assert!(snapshot.dated_changes.is_empty());
        assert_eq!(snapshot.timetables.len(), 1);
        assert_eq!(house.board.fill(&filling, &now).await.unwrap(), FillReport::default());
        // It may come back: nobody but PRONOTE took it away.
        let report = house.board.fill(&filling, &school()).await.unwrap();
        assert_eq!((report.weeks.added, report.changes.added, report.assignments.added), (1, 1, 1));
    }
}

#[tokio::test]
async fn nothing_is_taken_back_that_was_not_read_in_full() {
    for house in House::all().await {
        let (class, filling) = filled(&house).await;
        let mut part = Imported { weeks: school().weeks, ..Imported::default() };
        part.weeks.iter_mut().for_each(|week| week.complete = false);
        part.weeks[1] = ImportedWeek { complete: false, ..week(date(2025, 9, 8), &[]) };
        part.homework = Some(ImportedHomework { complete: false, ..homework(vec![]).unwrap() });
        assert!(house.board.fill(&filling, &part).await.unwrap().is_empty());
        // Other weeks, other days.
        let later = MONDAY.saturating_add(14.days());
        let homework = ImportedHomework { from: later, to: later, complete: true, tasks: vec![] };
        let other = Imported { weeks: vec![week(later, &[])], homework: Some(homework), ..Imported::default() };
        assert!(house.board.fill(&filling, &other).await.unwrap().is_empty());
        let snapshot = house.board.snapshot(class).await.unwrap();
        assert_eq!((snapshot.timetables.len(), snapshot.dated_changes.len(), snapshot.assignments.len()), (2, 1, 2));
    }
}

#[tokio::test]
async fn what_a_hand_wrote_over_stands_and_is_marked() {
    for house in House::all().await {
        let (class, filling) = filled(&house).await;
        let board = &house.board;
        let homework = all(board, class).await.remove(0);
        let by_hand = Task { text: "Ex. 4, без пункта б".to_owned(), ..homework.task };
        board.set_assignment(&olga(), class, homework.id, by_hand, Expect::Anything).await.unwrap();
        let changes = Changes { text: "всё по расписанию".to_owned(), ..Changes::default() };
        board.set_changes(&olga(), class, Some(TUESDAY), changes, Expect::Anything).await.unwrap();
        let timetable = board.snapshot(class).await.unwrap().timetables[0].clone();
        let mut plan = timetable.plan;
        plan.week.texts[0] = "сначала математика".to_owned();
        board.set_timetable(&olga(), class, timetable.id, plan, Expect::Anything).await.unwrap();
        board.rename_subject(&olga(), class, 3, "Математика", Expect::Anything).await.unwrap();
        let entries_before = entries(board, class).await.len();

        let mut now = school();
        now.weeks[0] = week(MONDAY, &["MATHS"]);
        now.changes.clear();
        now.homework.as_mut().unwrap().tasks[0].text = "Ex. 4 et 5".to_owned();
        let report = board.fill(&filling, &now).await.unwrap();
        assert_eq!(report.by_hand, 2, "a week, homework");
        let snapshot = board.snapshot(class).await.unwrap();
        let homework = &snapshot.day(TUESDAY).assignments[0].task;
        assert_eq!(homework.text, "Ex. 4, без пункта б");
        assert_eq!(homework.source, written_over("MATHS, 1 September"));
        let day = snapshot.day(TUESDAY);
        assert_eq!((day.changes.text.as_str(), &day.changes.source), ("всё по расписанию", &written_over("a day")));
        assert_eq!(snapshot.timetables[0].plan.week.texts[0], "сначала математика");
        assert_eq!(snapshot.timetables[0].plan.source, written_over("week of 2025-09-01"));
        // The other week is still PRONOTE's, and says what the class calls its subjects.
        assert_eq!(snapshot.timetables[1].plan.week.texts[0], "1. FRANÇAIS\n2. Математика\n3. ED PHYSIQUE SPORT");
        assert_eq!(snapshot.subjects.len(), 4, "no second MATHS");
        assert_eq!(entries(board, class).await.len() - entries_before, 1);
        // The next words of the same homework are still those of the same homework.
        now.homework.as_mut().unwrap().tasks[0].due = date(2025, 9, 3);
        board.fill(&filling, &now).await.unwrap();
        assert_eq!(all(board, class).await.len(), 2);
    }
}

#[tokio::test]
async fn what_a_hand_removed_is_not_brought_back() {
    for house in House::all().await {
        let (class, filling) = filled(&house).await;
        let board = &house.board;
        let homework = all(board, class).await.remove(0);
        board.remove_assignment(&olga(), class, homework.id, Expect::Anything).await.unwrap();
        board.remove_changes(&olga(), class, TUESDAY, Expect::Anything).await.unwrap();
        let timetable = board.snapshot(class).await.unwrap().timetables[1].id;
        board.remove_timetable(&olga(), class, timetable, Expect::Anything).await.unwrap();
        let report = board.fill(&filling, &school()).await.unwrap();
        assert!(report.is_empty(), "{report:?}");
        assert_eq!(report.by_hand, 3);
        assert_eq!(all(board, class).await.len(), 1);
        // Once PRONOTE has it no more either, it may come anew.
        board.fill(&filling, &Imported { homework: homework_without(&homework.task.text), ..school() }).await.unwrap();
        let report = board.fill(&filling, &school()).await.unwrap();
        assert_eq!(report.assignments.added, 1);
    }
}

fn homework_without(text: &str) -> Option<ImportedHomework> {
    let mut homework = school().homework.unwrap();
    homework.tasks.retain(|task| task.text != text);
    Some(homework)
}

#[tokio::test]
async fn a_subject_that_a_hand_put_away_stays_away_with_its_lessons_and_homework() {
    for house in House::all().await {
        let (class, filling) = filled(&house).await;
        let board = &house.board;
        board.remove_subjects(&olga(), class, &[3]).await.unwrap();
        let report = board.fill(&filling, &school()).await.unwrap();
        assert_eq!((report.subjects.added, report.assignments.removed, report.weeks.changed), (0, 1, 2));
        let snapshot = board.snapshot(class).await.unwrap();
        assert_eq!(snapshot.timetables[0].plan.week.rows[0], [2]);
        assert_eq!(snapshot.timetables[1].plan.week.rows[0], [2, NO_LESSON, 1]);
        assert_eq!(snapshot.day(MONDAY).text, "1. FRANÇAIS");
        assert!(board.fill(&filling, &school()).await.unwrap().is_empty());
        // A new subject with the number of one that was put away is another subject.
        board.remove_subjects(&olga(), class, &[4]).await.unwrap();
        board.fill(&filling, &school()).await.unwrap();
        let added = board.add_subjects(&olga(), class, &["Шахматы".to_owned()]).await.unwrap();
        assert_eq!(added[0].number, 3, "nothing names it any more");
        let report = board.fill(&filling, &school()).await.unwrap();
        assert!(report.is_empty(), "{report:?}");
        assert_eq!(board.snapshot(class).await.unwrap().subjects[&3].source, Source::Hand);
    }
}

#[tokio::test]
async fn what_the_class_had_before_stands() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        let names = ["maths".to_owned(), "Français".to_owned()];
        board.add_subjects(&olga(), class, &names).await.unwrap();
        let changes = Changes { text: "короткий день".to_owned(), ..Changes::default() };
        board.set_changes(&olga(), class, Some(TUESDAY), changes, Expect::Anything).await.unwrap();
        let mut own = Week::default();
        own.rows[0] = vec![1, 2];
        let plan = Plan {
            valid_from: MONDAY,
            valid_to: Some(date(2025, 9, 8)),
            parity: Parity::Every,
            week: own,
            source: Source::Hand,
        };
        let own = board.add_timetable(&olga(), class, plan).await.unwrap();
        let bells = vec![Bell { from: time(9, 0, 0, 0), to: time(10, 0, 0, 0) }];
        let settings = ClassSettings { bells: bells.clone(), ..ClassSettings::named("9Б") };
        board.set_class(&olga(), class, settings.clone(), Expect::Anything).await.unwrap();

        let filling = bind(board, class).await;
        let report = board.fill(&filling, &school()).await.unwrap();
        assert_eq!((report.subjects.added, report.weeks.added, report.changes.added), (2, 0, 0));
        assert_eq!(report.by_hand, 3, "a day of changes, and a timetable that holds in both weeks");
        let snapshot = board.snapshot(class).await.unwrap();
        assert_eq!(snapshot.subjects[&1].name, "maths");
        assert_eq!(snapshot.subjects[&1].source, written_over("MATHS"));
        let day = snapshot.day(TUESDAY);
        assert_eq!((day.changes.text.as_str(), &day.changes.source), ("короткий день", &written_over("a day")));
        assert_eq!(snapshot.class.settings.bells, bells);
        assert_eq!(board.fill(&filling, &school()).await.unwrap().by_hand, 3);
        assert!(board.fill(&filling, &school()).await.unwrap().is_empty());

        // Without a timetable of its own, the class gets PRONOTE's; and loses it again for one of its own.
        let plan = own.plan.clone();
        board.remove_timetable(&olga(), class, own.id, Expect::Anything).await.unwrap();
        assert_eq!(board.fill(&filling, &school()).await.unwrap().weeks.added, 2);
        board.add_timetable(&olga(), class, Plan { valid_to: None, ..plan }).await.unwrap();
        assert_eq!(board.fill(&filling, &school()).await.unwrap().weeks.removed, 2);
        assert_eq!(board.snapshot(class).await.unwrap().timetables.len(), 1);

        board.unbind_filling(&olga(), class).await.unwrap();
        let snapshot = board.snapshot(class).await.unwrap();
        assert_eq!(snapshot.class.settings, settings);
        assert_eq!(snapshot.day(TUESDAY).changes.source, Source::Hand);
        let left: Vec<_> = snapshot.subjects.values().map(|subject| (&*subject.name, &subject.source)).collect();
        assert_eq!(left, [("maths", &Source::Hand), ("Français", &Source::Hand)]);
    }
}

#[tokio::test]
async fn unbinding_leaves_a_clean_board() {
    for house in House::all().await {
        let class = house.class().await.id;
        let before = house.board.snapshot(class).await.unwrap();
        let (_, filling) = filled(&house).await;
        house.board.unbind_filling(&olga(), class).await.unwrap();
        let after = house.board.snapshot(class).await.unwrap();
        assert_eq!((&after.class, &after.subjects), (&before.class, &before.subjects));
        assert_eq!((&after.week, &after.changes), (&before.week, &before.changes));
        assert!(after.timetables.is_empty() && after.dated_changes.is_empty() && after.assignments.is_empty());
        assert_eq!(house.board.filling(class).await.unwrap(), None);
        assert!(matches!(house.board.fill(&filling, &school()).await, Err(Error::Missing("filling"))));
        assert!(matches!(house.board.unbind_filling(&olga(), class).await, Err(Error::Missing("filling"))));
        // Whoever removed something long ago has it back after binding anew.
        let (_, filling) = filled(&house).await;
        assert!(house.board.fill(&filling, &school()).await.unwrap().is_empty());
        assert_eq!(all(&house.board, class).await.len(), 2);
    }
}

#[tokio::test]
async fn unbinding_keeps_what_a_hand_wrote_over_and_the_subjects_it_names() {
    for house in House::all().await {
        let (class, _) = filled(&house).await;
        let board = &house.board;
        let homework = all(board, class).await.remove(0);
        let number = homework.task.subject;
        let by_hand = Task { text: "№ 4".to_owned(), ..homework.task };
        board.set_assignment(&olga(), class, homework.id, by_hand, Expect::Anything).await.unwrap();
        board.set_note(&olga(), class, 4, "форма", Expect::Anything).await.unwrap();
        let report = board.unbind_filling(&olga(), class).await.unwrap();
        assert_eq!((report.assignments.removed, report.assignments.changed), (1, 1));
        assert_eq!((report.weeks.removed, report.changes.removed, report.subjects.removed), (2, 1, 2));
        let snapshot = board.snapshot(class).await.unwrap();
        assert_eq!(snapshot.subjects.keys().copied().collect::<Vec<_>>(), [number, 4]);
        assert!(snapshot.subjects.values().all(|subject| subject.source == Source::Hand));
        let left = &snapshot.assignments[0].task;
        assert_eq!((left.text.as_str(), &left.source), ("№ 4", &Source::Hand));
    }
}

#[tokio::test]
async fn a_binding_tells_who_made_it_and_what_came_of_it() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        assert_eq!(board.filling(class).await.unwrap(), None);
        let filling = board.bind_filling(&olga(), class, " anna ", "").await.unwrap();
        assert_eq!((filling.profile.as_str(), filling.child.as_str(), filling.by.as_str()), ("anna", "", "olga"));
        assert_eq!((filling.bound, filling.last, filling.is_stopped()), (board.now(), None, false));
        house.advance(60);
        let outcome = Outcome {
            state: PassState::Stopped,
            step: "challenge".to_owned(),
            words: "challenge: sign-in refused".to_owned(),
            advice: "Sign in again.".to_owned(),
            until: None,
            report: FillReport::default(),
        };
        let revision = board.revision().await.unwrap();
        board.note_pass(&filling, &outcome, Some("the first")).await.unwrap();
        assert_eq!(board.revision().await.unwrap(), revision, "the class did not change");
        let noted = board.fillings().await.unwrap().remove(0);
        assert_eq!((noted.last, noted.outcome.as_ref(), noted.is_stopped()), (Some(board.now()), Some(&outcome), true));
        // Bound again, it goes on; that the sign-in was refused is not forgotten, until another one is taken.
        let again = board.bind_filling(&olga(), class, "anna", "").await.unwrap();
        assert_eq!((again.outcome, again.refused.as_deref()), (None, Some("the first")));
        board.note_pass(&filling, &outcome, None).await.unwrap();
        assert_eq!(board.filling(class).await.unwrap().unwrap().outcome, None, "of the former binding");
        let other = board.bind_filling(&olga(), class, "boris", "2").await.unwrap();
        assert_eq!(other.refused, None);
        assert!(matches!(board.fill(&filling, &school()).await, Err(Error::Missing("filling"))));
        for (profile, child) in [("", ""), (" ", ""), (&*"p".repeat(65), ""), ("p", &*"c".repeat(201))] {
            let bound = board.bind_filling(&olga(), class, profile, child).await;
            assert!(matches!(bound, Err(Error::Invalid { .. })), "{profile} {child}");
        }
        let history = format!("{:?}", entries(board, class).await);
        assert!(history.contains("anna") && !history.contains("child"));
    }
}

#[tokio::test]
async fn what_does_not_fit_is_left_out_and_counted() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        let filling = bind(board, class).await;
        let wrong = |task: ImportedTask| Imported { homework: homework(vec![task]), ..Imported::default() };
        let late = ImportedTask { given: date(2025, 9, 4), ..task("MATHS", TUESDAY, "Ex. 4") };
        let nameless = task(" & ", TUESDAY, "Ex. 4");
        for imported in [wrong(task("MATHS", TUESDAY, " ")), wrong(late), wrong(nameless)] {
            let report = board.fill(&filling, &imported).await.unwrap();
            assert_eq!((report.left_out, report.assignments.added), (1, 0));
        }
        assert!(all(board, class).await.is_empty());
    }
}

#[tokio::test]
async fn what_filling_did_can_be_undone_and_is_then_what_a_hand_removed() {
    for house in House::all().await {
        let (class, filling) = filled(&house).await;
        let board = &house.board;
        let entry = entries(board, class).await.into_iter().find(|entry| entry.resource == "changes").unwrap();
        board.undo(&olga(), class, entry.id).await.unwrap();
        assert!(board.fill(&filling, &school()).await.unwrap().is_empty());
        assert!(board.snapshot(class).await.unwrap().dated_changes.is_empty());
    }
}

#[tokio::test]
async fn each_class_is_filled_by_itself() {
    for house in House::all().await {
        let (class, _) = filled(&house).await;
        let board = &house.board;
        let other = board.add_class(&Actor::program("command"), "9v", ClassSettings::named("9В")).await.unwrap().id;
        let filling = bind(board, other).await;
        assert_eq!(board.fill(&filling, &school()).await.unwrap().subjects.added, 4);
        board.unbind_filling(&olga(), other).await.unwrap();
        assert_eq!(board.snapshot(class).await.unwrap().subjects.len(), 4);
        let rows = board.snapshot(class).await.unwrap().dated_changes[&TUESDAY].rows;
        assert_eq!(rows[..3], [NO_LESSON, 4, NO_CHANGE]);
    }
}
