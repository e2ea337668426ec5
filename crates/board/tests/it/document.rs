//! A class as a document: taken out, changed, put in.

use board::{
    Actor, Board, Changes, ClassId, ClassSettings, Error, Expect, History, Parity, Plan, Source, Tally, Task, Week,
};
use jiff::civil::date;

use crate::engine::{House, olga};

/// A class with something of everything.
async fn fill(board: &Board, class: ClassId) {
    let by = Actor::program("pronote");
    board.add_subjects(&olga(), class, &["Алгебра".to_owned(), "Физика".to_owned()]).await.unwrap();
    board.set_note(&olga(), class, 1, "№ 12", Expect::Anything).await.unwrap();
    let week = Week { rows: [vec![1, 2], vec![2, 9], vec![], vec![], vec![], vec![]], ..Week::default() };
    board.set_week(&olga(), class, week.clone(), Expect::Anything).await.unwrap();
    let source = Source::Pronote { origin: "semaine A".to_owned() };
    let plan = Plan { valid_from: date(2025, 9, 1), valid_to: None, parity: Parity::A, week, source: source.clone() };
    board.add_timetable(&by, class, plan).await.unwrap();
    for day in [None, Some(date(2024, 9, 2)), Some(date(2025, 9, 2))] {
        let changes = Changes { text: "2-й урок: химия".to_owned(), ..Changes::default() };
        board.set_changes(&olga(), class, day, changes, Expect::Anything).await.unwrap();
    }
    for text in ["§ 1", "§ 1", "§ 2"] {
        let (given, due) = (date(2025, 9, 1), date(2025, 9, 3));
        let task = Task { subject: 2, given, due, text: text.to_owned(), links: Vec::new(), source: source.clone() };
        board.add_assignment(&by, class, task).await.unwrap();
    }
}

fn same(count: usize) -> Tally {
    Tally { same: count, ..Tally::default() }
}

#[tokio::test]
async fn a_class_goes_into_another_as_a_document_and_a_second_time_changes_nothing() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        fill(board, class).await;
        let document = board.document(class).await.unwrap();
        assert_eq!((document.days.len(), document.assignments.len(), document.subjects.len()), (2, 3, 2));
        let other = board.add_class(&olga(), "9v", ClassSettings::named("9В")).await.unwrap().id;

        let told = board.take_document(&olga(), other, document.clone(), true).await.unwrap();
        assert!(told.changes_anything() && told.unknown.iter().eq([&9]));
        assert!(board.snapshot(other).await.unwrap().subjects.is_empty(), "a dry run writes nothing");
        let done = board.take_document(&olga(), other, document.clone(), false).await.unwrap();
        assert_eq!(done, told);

        let taken = board.document(other).await.unwrap();
        assert_eq!((&taken.subjects, &taken.week, &taken.days), (&document.subjects, &document.week, &document.days));
        assert!(taken.assignments.iter().all(|task| task.source == Source::Hand), "here a person wrote it");
        let again = board.take_document(&olga(), other, document, false).await.unwrap();
        assert!(!again.changes_anything());
        assert_eq!((again.assignments, again.timetables, again.days), (same(3), same(1), same(2)));
    }
}

#[tokio::test]
async fn taking_a_class_back_keeps_what_is_the_same_and_where_it_comes_from() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await.id);
        fill(board, class).await;
        let document = board.document(class).await.unwrap();
        let first = board.snapshot(class).await.unwrap().assignments[0].clone();
        board.remove_assignment(&olga(), class, first.id, Expect::Anything).await.unwrap();
        board.rename_subject(&olga(), class, 1, "Геометрия", Expect::Anything).await.unwrap();
        board.rename_subject(&olga(), class, 2, "Алгебра", Expect::Anything).await.unwrap();
        board.add_subjects(&olga(), class, &["История".to_owned()]).await.unwrap();
        board.remove_changes(&olga(), class, date(2024, 9, 2), Expect::Anything).await.unwrap();

        let done = board.take_document(&olga(), class, document.clone(), false).await.unwrap();
        assert_eq!(done.assignments, Tally { added: 1, same: 2, ..Tally::default() });
        assert_eq!(done.subjects, Tally { changed: 2, removed: 1, ..Tally::default() });
        assert_eq!(done.days, Tally { added: 1, same: 1, ..Tally::default() });
        let now = board.document(class).await.unwrap();
        assert_eq!((&now.subjects, &now.timetables), (&document.subjects, &document.timetables));
        let latest = board.history(&History { class: Some(class), before: None, limit: 1 }).await.unwrap().remove(0);
        assert_eq!(latest.resource, "import");
    }
}

#[tokio::test]
async fn a_document_that_will_not_do_changes_nothing() {
    let house = House::all().await.remove(0);
    let (board, class) = (&house.board, house.class().await.id);
    fill(board, class).await;
    let good = board.document(class).await.unwrap();
    let mut twice = good.clone();
    twice.subjects[1].name = twice.subjects[0].name.clone();
    let mut late = good.clone();
    late.assignments[2].due = date(2025, 8, 1);
    let newer = board::Document { version: 2, ..good.clone() };
    for (bad, place) in [(twice, "/subjects"), (late, "/due"), (newer, "/version")] {
        let refused = board.take_document(&olga(), class, bad, false).await;
        assert!(matches!(refused, Err(Error::Invalid { pointer, .. }) if pointer == place), "{place}");
    }
    assert_eq!(board.document(class).await.unwrap(), good);
}
