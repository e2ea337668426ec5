//! Subjects, weeks, changes, homework: written, read, undone.

use board::{
    Changes, ClassSettings, Error, Expect, History, Holiday, LessonState, NO_CHANGE, NO_LESSON, Parity, Plan, Source,
    SubjectChange, Task, Week, tag,
};
use jiff::civil::date;

use crate::engine::{House, olga};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn task(subject: i64, due: jiff::civil::Date, text: &str) -> Task {
    let given = date(2025, 9, 1);
    Task { subject, given, due, text: text.to_owned(), links: Vec::new(), source: Source::Hand }
}

#[tokio::test]
async fn subjects_are_numbered_from_the_greatest_present_and_all_or_none_are_added() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        let add = async |list: &[&str]| {
            let added = board.add_subjects(&olga(), class, &names(list)).await;
            added.map(|added| added.iter().map(|subject| subject.number).collect::<Vec<_>>())
        };
        assert_eq!(add(&["Алгебра", "Физика", "Химия"]).await.unwrap(), [1, 2, 3]);
        assert!(matches!(add(&["История", "Физика"]).await, Err(Error::Taken("subject"))));
        assert!(matches!(add(&["Ёж", "Ёж"]).await, Err(Error::Taken("subject"))));
        assert_eq!(board.remove_subjects(&olga(), class, &[3, 3, 77, 1]).await.unwrap(), [1, 3]);
        assert_eq!(add(&["История"]).await.unwrap(), [3], "the number of the last is given again");
        assert_eq!(board.remove_subjects(&olga(), class, &[2, 3]).await.unwrap(), [2, 3]);
        assert_eq!(add(&["физика"]).await.unwrap(), [1]);
        board.set_note(&olga(), class, 1, "§ 4", Expect::Anything).await.unwrap();
        let snapshot = board.snapshot(class).await.unwrap();
        assert_eq!(snapshot.subjects.values().map(|subject| &*subject.name).collect::<Vec<_>>(), ["физика"]);
        assert_eq!(snapshot.subjects[&1].note, "§ 4");
    }
}

#[tokio::test]
async fn a_number_that_dated_homework_names_is_not_given_to_another_subject() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        board.add_subjects(&olga(), class, &names(&["Алгебра", "Физика"])).await.unwrap();
        board.add_assignment(&olga(), class, task(2, date(2025, 9, 2), "§ 1")).await.unwrap();
        board.remove_subjects(&olga(), class, &[2]).await.unwrap();
        let added = board.add_subjects(&olga(), class, &names(&["Химия"])).await.unwrap();
        assert_eq!(added[0].number, 3);
    }
}

#[tokio::test]
async fn whoever_saves_over_another_is_told_and_nothing_is_lost() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        let subject = board.add_subjects(&olga(), class, &names(&["Алгебра"])).await.unwrap().remove(0);
        let seen = Expect::Tag(tag(&subject));
        let first = board.set_note(&olga(), class, 1, "mine", seen.clone()).await.unwrap();
        let Err(Error::Stale { current }) = board.set_note(&olga(), class, 1, "theirs", seen).await else {
            panic!("the second is told");
        };
        assert_eq!(current.unwrap()["note"], "mine");
        board.set_note(&olga(), class, 1, "both", Expect::Tag(tag(&first))).await.unwrap();
        let day = Some(date(2025, 9, 2));
        board.set_changes(&olga(), class, day, Changes::default(), Expect::Nothing).await.unwrap();
        let again = board.set_changes(&olga(), class, day, Changes::default(), Expect::Nothing).await;
        assert!(matches!(again, Err(Error::Stale { .. })));
    }
}

#[tokio::test]
async fn every_change_of_a_class_can_be_undone_unless_it_was_changed_since() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        board.add_subjects(&olga(), class, &names(&["Алгебра"])).await.unwrap();
        let week = Week { rows: [vec![1], vec![], vec![], vec![], vec![], vec![]], ..Week::default() };
        board.set_week(&olga(), class, week.clone(), Expect::Anything).await.unwrap();
        let plan = Plan {
            valid_from: date(2025, 9, 1),
            valid_to: None,
            parity: Parity::Every,
            week: week.clone(),
            source: Source::Hand,
        };
        let timetable = board.add_timetable(&olga(), class, plan).await.unwrap();
        board.remove_timetable(&olga(), class, timetable.id, Expect::Anything).await.unwrap();
        let homework = board.add_assignment(&olga(), class, task(1, date(2025, 9, 2), "§ 1")).await.unwrap();
        board.remove_assignment(&olga(), class, homework.id, Expect::Anything).await.unwrap();
        let day = Some(date(2025, 9, 2));
        board.set_changes(&olga(), class, day, Changes::default(), Expect::Anything).await.unwrap();
        board.remove_subjects(&olga(), class, &[1]).await.unwrap();

        let history = async || board.history(&History { class: Some(class), before: None, limit: 50 }).await.unwrap();
        let entries = history().await;
        assert_eq!(entries.len(), 8);
        assert!(entries.iter().all(|entry| entry.by.name == "olga" && entry.by.address.is_some()));
        for entry in &entries {
            let undone = board.undo(&olga(), class, entry.id).await.unwrap();
            assert_eq!((undone.undoes, &undone.before, &undone.after), (Some(entry.id), &entry.after, &entry.before));
        }
        let snapshot = board.snapshot(class).await.unwrap();
        assert!(snapshot.subjects.is_empty() && snapshot.assignments.is_empty() && snapshot.timetables.is_empty());
        assert_eq!((&snapshot.week, snapshot.dated_changes.len()), (&Week::default(), 0));
        let stale = board.undo(&olga(), class, entries[1].id).await;
        assert!(matches!(stale, Err(Error::Stale { .. })), "it is undone already");
    }
}

#[tokio::test]
async fn a_day_is_laid_together_from_all_that_bears_on_it() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await);
        board.add_subjects(&olga(), class.id, &names(&["Алгебра", "Физика", "Химия"])).await.unwrap();
        board.set_note(&olga(), class.id, 1, "№ 12", Expect::Anything).await.unwrap();
        let rows = [vec![3], vec![1, 2], vec![], vec![], vec![], vec![]];
        board.set_week(&olga(), class.id, Week { rows, ..Week::default() }, Expect::Anything).await.unwrap();
        let tuesday = date(2025, 9, 2);
        let rows = [NO_CHANGE, 3, 2, NO_LESSON, NO_CHANGE, NO_CHANGE, NO_CHANGE, NO_CHANGE];
        let changes = Changes { text: "2-й урок: химия".to_owned(), rows, source: Source::Hand };
        board.set_changes(&olga(), class.id, Some(tuesday), changes, Expect::Anything).await.unwrap();
        board.add_assignment(&olga(), class.id, task(2, tuesday, "§ 1")).await.unwrap();

        let snapshot = board.snapshot(class.id).await.unwrap();
        let day = snapshot.day(tuesday);
        let lessons: Vec<_> = day.lessons.iter().map(|lesson| (lesson.row, lesson.subject, lesson.state)).collect();
        assert_eq!(lessons, [(1, 1, LessonState::Planned), (2, 3, LessonState::Replaced), (3, 2, LessonState::Added)]);
        assert_eq!(day.lessons[1].instead_of, Some(2));
        assert_eq!(day.notes.iter().map(|note| note.subject).collect::<Vec<_>>(), [1]);
        assert_eq!(day.assignments.len(), 1);
        assert!(snapshot.is_dated() && day.dated_changes);
        let monday = snapshot.day(date(2025, 9, 1));
        assert_eq!((monday.lessons.len(), monday.dated_changes), (1, false));

        let holidays = vec![Holiday { from: tuesday, to: date(2025, 9, 7), name: "Каникулы".to_owned() }];
        let settings = ClassSettings { holidays, week_a: Some(date(2025, 9, 3)), days: 5, ..class.settings };
        board.set_class(&olga(), class.id, settings, Expect::Anything).await.unwrap();
        let snapshot = board.snapshot(class.id).await.unwrap();
        assert_eq!(snapshot.school_day_after(date(2025, 9, 1)), Some(date(2025, 9, 8)));
        assert_eq!(snapshot.parity(date(2025, 9, 7)), Some(Parity::A));
        assert_eq!(snapshot.parity(date(2025, 9, 8)), Some(Parity::B));
        assert_eq!(snapshot.parity(date(2025, 8, 31)), Some(Parity::B));
        assert!(snapshot.day(tuesday).lessons.is_empty());
    }
}

#[tokio::test]
async fn many_writers_lose_nothing_and_readers_see_whole_weeks() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        board.add_subjects(&olga(), class, &names(&["Алгебра"])).await.unwrap();
        let writers = (0..8).map(|writer| {
            let board = board.clone();
            tokio::spawn(async move {
                for round in 0..10 {
                    let number = writer * 100 + round;
                    let texts = std::array::from_fn(|_| number.to_string());
                    let rows = std::array::from_fn(|_| vec![number]);
                    board.set_week(&olga(), class, Week { texts, rows }, Expect::Anything).await.unwrap();
                    let snapshot = board.snapshot(class).await.unwrap();
                    let seen = snapshot.week.rows[0][0];
                    assert!(snapshot.week.rows.iter().all(|row| *row == [seen]), "a week is of one saving");
                    assert!(snapshot.week.texts.iter().all(|text| *text == seen.to_string()));
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let history = board.history(&History { class: Some(class), before: None, limit: 200 }).await.unwrap();
        assert_eq!(history.iter().filter(|entry| entry.resource == "week").count(), 80, "each saving is noted");
    }
}

#[tokio::test]
async fn a_subject_is_changed_or_put_away_as_it_was_seen_and_what_names_it_is_told() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        let subject = board.add_subjects(&olga(), class, &names(&["Алгебра"])).await.unwrap().remove(0);
        let rows = [vec![1], vec![], vec![], vec![], vec![], vec![]];
        board.set_week(&olga(), class, Week { rows, ..Week::default() }, Expect::Something).await.unwrap();
        let homework = board.add_assignment(&olga(), class, task(1, date(2025, 9, 2), "§ 1")).await.unwrap();
        let named = board.snapshot(class).await.unwrap().references(1);
        assert_eq!((named.week, named.changes, named.assignments), (true, false, vec![homework.id]));

        let both = SubjectChange { name: Some("Геометрия".to_owned()), note: Some("№ 1".to_owned()) };
        let seen = Expect::Tag(tag(&subject));
        let after = board.set_subject(&olga(), class, 1, both, seen.clone()).await.unwrap();
        assert_eq!((&*after.name, &*after.note), ("Геометрия", "№ 1"));
        let stale = board.remove_subject(&olga(), class, 1, seen).await;
        assert!(matches!(stale, Err(Error::Stale { .. })));
        board.remove_subject(&olga(), class, 1, Expect::Tag(tag(&after))).await.unwrap();
        let gone = board.remove_subject(&olga(), class, 1, Expect::Anything).await;
        assert!(matches!(gone, Err(Error::Missing("subject"))));

        let latest = board.history(&History { class: Some(class), before: None, limit: 1 }).await.unwrap().remove(0);
        assert_eq!(board.entry(latest.id).await.unwrap(), Some(latest));
        assert_eq!(board.entry(i64::MAX).await.unwrap(), None);
        let day = Some(date(2025, 9, 3));
        let none = board.set_changes(&olga(), class, day, Changes::default(), Expect::Something).await;
        assert!(matches!(none, Err(Error::Stale { current: None })));
    }
}

#[tokio::test]
async fn a_locked_database_is_waited_for_then_told_and_harms_nothing() {
    use sqlx::Connection as _;

    let house = House::all().await.remove(0);
    let (board, class) = (&house.board, house.class().await.id);
    board.add_subjects(&olga(), class, &names(&["Алгебра"])).await.unwrap();
    let file = format!("sqlite://{}", house.folder.path().join("board.db").display());
    let mut other = sqlx::AnyConnection::connect(&file).await.unwrap();
    sqlx::query("begin immediate").execute(&mut other).await.unwrap();
    let refused = board.set_note(&olga(), class, 1, "§ 1", Expect::Anything).await;
    assert!(matches!(refused, Err(Error::Database(..))), "{refused:?}");
    assert_eq!(board.snapshot(class).await.unwrap().subjects[&1].note, "", "reading goes on");
    sqlx::query("commit").execute(&mut other).await.unwrap();
    board.set_note(&olga(), class, 1, "§ 1", Expect::Anything).await.unwrap();
    assert_eq!(board.snapshot(class).await.unwrap().subjects[&1].note, "§ 1");
}
