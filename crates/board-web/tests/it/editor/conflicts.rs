//! Two people at the same thing: nothing is lost, and both see what the other did.

use jiff::civil::date;

use super::{school, signed_in};
use crate::editor::browser::{Browser, Form, Page};

/// Both open a page; one saves, then the other. Gives the page that the other sees.
async fn both(anna: &mut Browser<'_>, boris: &mut Browser<'_>, address: &str, action: &str, field: &str) -> Page {
    let form = |page: Page| {
        page.forms().into_iter().find(|form| form.action.ends_with(action) && form.fields.contains_key(field)).unwrap()
    };
    let (mine, theirs) = (form(anna.open(address).await), form(boris.open(address).await));
    let saved = boris.send(&theirs.set(field, "Boris's version")).await;
    assert_eq!(saved.status, 200, "{}", saved.html);
    let page = anna.send(&mine.set(field, "Anna's version")).await;
    assert_eq!(page.status, 409, "{}", page.html);
    assert!(page.says("Somebody else changed this meanwhile"));
    assert!(page.says("boris saved another version (today, "), "{}", page.html);
    assert_eq!(page.form(action).fields[field], "Anna's version");
    assert!(page.texts(".theirs blockquote").contains(&"Boris's version".to_owned()), "{}", page.html);
    page
}

fn of(page: &Page, action: &str) -> Form {
    page.form(action)
}

#[tokio::test]
async fn homework_without_a_date() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);
    let note = || async { house.board.snapshot(house.class).await.unwrap().subjects[&1].note.clone() };

    let page = both(&mut anna, &mut boris, "/board/class/homework", "notes/1", "text").await;
    assert_eq!(note().await, "Boris's version", "nothing was written over");
    let page = anna.send(&of(&page, "notes/1").set("text", "Both versions")).await;

    assert_eq!(page.status, 200, "who has seen the other version may save");
    assert_eq!(note().await, "Both versions");
}

#[tokio::test]
async fn dated_homework() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);

    let page = both(&mut anna, &mut boris, "/board/class/homework/1", "homework/1", "text").await;
    let again = boris.open("/board/class/homework/1").await.form("homework/1");
    boris.send(&again.set("text", "Boris once more")).await;
    let page = anna.send(&of(&page, "homework/1")).await;

    assert_eq!(page.status, 409, "what was seen has changed again");
    assert!(page.texts(".theirs blockquote").contains(&"Boris once more".to_owned()));
    assert_eq!(anna.send(&of(&page, "homework/1")).await.status, 200);
    let task = house.board.assignment(house.class, 1).await.unwrap().unwrap().task;
    assert_eq!(task.text, "Anna's version");
}

#[tokio::test]
async fn homework_that_was_taken_away_meanwhile() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);
    let mine = anna.open("/board/class/homework/1").await.form("homework/1").set("text", "Hours of work");
    let page = boris.open("/board/class/homework/1").await;
    boris.send(&page.form("homework/1/remove")).await;

    let page = anna.send(&mine).await;
    assert_eq!(page.status, 409);
    assert!(page.says("It was removed from the board meanwhile."));
    let page = anna.send(&page.form("homework/1")).await;

    assert!(page.status == 200 && page.says("Hours of work"), "{}", page.html);
}

#[tokio::test]
async fn what_was_changed_is_not_removed_unseen() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);
    let remove = anna.open("/board/class/homework/1").await.form("homework/1/remove");
    let form = boris.open("/board/class/homework/1").await.form("homework/1");
    boris.send(&form.set("text", "Much more of it")).await;

    let page = anna.send(&remove).await;

    assert_eq!(page.status, 409);
    assert_eq!(page.form("homework/1").fields["text"], "Much more of it");
    assert!(house.board.assignment(house.class, 1).await.unwrap().is_some());
}

#[tokio::test]
async fn changes_with_and_without_a_date() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);
    both(&mut anna, &mut boris, "/board/class/changes", "class/changes", "text").await;

    // Both begin with a day that has none.
    let page = both(&mut anna, &mut boris, "/board/class/changes/2025-09-03", "2025-09-03", "text").await;
    anna.send(&page.form("2025-09-03").set("row1", "2")).await;
    let snapshot = house.board.snapshot(house.class).await.unwrap();
    assert_eq!(snapshot.dated_changes[&date(2025, 9, 3)].rows[0], 2);
}

#[tokio::test]
async fn the_week() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);
    let address = "/board/class/timetable/week";
    let mine = anna.open(address).await.form("timetable/week").set("s00", "1").set("s51", "2");
    let theirs = boris.open(address).await.form("timetable/week").set("s00", "2");
    assert_eq!(boris.send(&theirs).await.status, 200);

    let page = anna.send(&mine).await;

    assert_eq!(page.status, 409);
    let form = page.form("timetable/week");
    assert_eq!((form.fields["s00"].as_str(), form.fields["s51"].as_str()), ("1", "2"));
    assert_eq!(page.texts(".theirs blockquote"), ["Physics", "—"], "what follows from the grid is not compared");
    assert_eq!(anna.send(&form.set("s00", "2")).await.status, 200);
    let rows = &house.board.snapshot(house.class).await.unwrap().week.rows;
    assert_eq!((rows[0].as_slice(), rows[5].as_slice()), (&[2][..], &[board::NO_LESSON, 2][..]));
}

#[tokio::test]
async fn a_dated_timetable() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);
    let form = anna.open("/board/class/timetable/new").await.form("timetable/new");
    anna.send(&form).await;
    let id = house.board.snapshot(house.class).await.unwrap().timetables[0].id;
    let address = format!("/board/class/timetable/{id}");
    let mine = anna.open(&address).await.form(&address).set("to", "2025-12-30");
    let remove = anna.open(&address).await.form("remove");
    let theirs = boris.open(&address).await.form(&address).set("to", "2025-11-30");
    boris.send(&theirs).await;

    let page = anna.send(&mine).await;
    assert_eq!(page.status, 409);
    assert_eq!(page.texts(".theirs blockquote"), ["2025-11-30"]);
    assert_eq!(anna.send(&remove).await.status, 409);
    assert_eq!(house.board.snapshot(house.class).await.unwrap().timetables.len(), 1);
}

#[tokio::test]
async fn settings_names_and_rights() {
    let house = school().await;
    house.add_user("second", super::PASSWORD, &[(house.class, board::Role::Head)]).await;
    let (mut anna, mut other) = (signed_in(&house, "anna").await, signed_in(&house, "second").await);
    for (address, action, field) in
        [("/board/class/settings", "class/settings", "name"), ("/board/class/subjects/1", "subjects/1", "name")]
    {
        let mine = anna.open(address).await.form(action).set(field, "Anna");
        let theirs = other.open(address).await.form(action).set(field, "Second");
        assert_eq!(other.send(&theirs).await.status, 200);
        let page = anna.send(&mine).await;
        assert_eq!(page.status, 409, "{address}");
        assert_eq!(page.texts(".theirs blockquote"), ["Second"]);
        assert_eq!(anna.send(&page.form(action)).await.status, 200);
    }
    let vera = house.board.user("vera").await.unwrap().unwrap();
    let address = format!("/board/class/users/{}", vera.id.0);
    let mine = anna.open(&address).await.form(&address).set("role-class", "head");
    let theirs = other.open(&address).await.form(&address).set("role-class", "editor");
    other.send(&theirs).await;
    let page = anna.send(&mine).await;
    assert_eq!((page.status, page.texts(".theirs blockquote")), (409, vec!["Editor".to_owned()]));
}

#[tokio::test]
async fn what_somebody_did_to_another_part_of_it_is_no_conflict() {
    let house = school().await;
    let (mut anna, mut boris) = (signed_in(&house, "anna").await, signed_in(&house, "boris").await);
    let rename = anna.open("/board/class/subjects/1").await.form("subjects/1").set("name", "Mathematics");
    let note = boris.open("/board/class/homework").await.form("notes/1").set("text", "No. 13");

    anna.send(&rename).await;
    let page = boris.send(&note).await;

    assert_eq!(page.status, 200);
    let subject = house.board.snapshot(house.class).await.unwrap().subjects[&1].clone();
    assert_eq!((subject.name.as_str(), subject.note.as_str()), ("Mathematics", "No. 13"));
}

#[tokio::test]
async fn a_change_is_undone_as_long_as_nobody_changed_it_again() {
    let house = school().await;
    let mut boris = signed_in(&house, "boris").await;
    for text in ["First", "Second"] {
        let form = boris.open("/board/class/homework").await.form("notes/1");
        boris.send(&form.set("text", text)).await;
    }
    let undo =
        |page: &Page| -> Vec<Form> { page.forms().into_iter().filter(|form| form.action.ends_with("/undo")).collect() };
    let page = boris.open("/board/class/history").await;
    let [second, first] = &undo(&page)[..2] else { panic!("{}", page.html) };

    let refused = boris.send(first).await;
    assert_eq!((refused.status, refused.texts(".conflict h2")), (409, vec!["This can no longer be undone".to_owned()]));
    assert!(boris.send(second).await.says("Undone."));
    assert!(boris.send(first).await.says("Undone."));
    assert_eq!(house.board.snapshot(house.class).await.unwrap().subjects[&1].note, "No. 12");
}

#[tokio::test]
async fn an_editor_does_not_undo_what_takes_a_head() {
    let house = school().await;
    let mut anna = signed_in(&house, "anna").await;
    let form = anna.open("/board/class/subjects/2").await.form("subjects/2");
    anna.send(&form.set("name", "Science")).await;
    let mut boris = signed_in(&house, "boris").await;
    let wanted = board::History { class: Some(house.class), before: None, limit: 1 };
    let last = house.board.history(&wanted).await.unwrap()[0].id;
    let mut form = boris.open("/board/class/history").await.form("sign-out");
    form.action = format!("/board/class/history/{last}/undo");

    assert_eq!(boris.send(&form).await.status, 403);
    let form = anna.open("/board/class/history").await.form(&format!("{last}/undo"));
    assert!(anna.send(&form).await.says("Undone."));
}
