//! What is wrong is said beside its field, and what was typed stays.

use super::{PASSWORD, school, signed_in};
use crate::editor::browser::Page;

/// Expects a fault beside a field, with what was typed still in it, and a way to it from the top of the page.
fn told(page: &Page, action: &str, field: &str, typed: &str, starts: &str) {
    assert_eq!(page.status, 422, "{}", page.html);
    let wrong = page.wrong_with(field).unwrap_or_else(|| panic!("nothing is wrong with {field}: {}", page.html));
    assert!(wrong.starts_with(starts), "{wrong}");
    assert_eq!(page.form(action).fields.get(field).map_or("", String::as_str), typed);
    assert!(page.texts(".notice.bad li a").contains(&wrong), "the top of the page leads there");
}

#[tokio::test]
async fn homework() {
    let house = school().await;
    let mut boris = signed_in(&house, "boris").await;
    let form = boris.open("/board/class/homework/new").await.form("homework/new");

    let page = boris.send(&form).await;
    assert_eq!(page.texts(".notice.bad h2"), ["Please check 2 fields"]);
    told(&page, "homework/new", "subject", "", "Choose a subject.");
    told(&page, "homework/new", "text", "", "Write what is to be done.");

    let form = form.set("text", "Ex. 7").set("subject", "1");
    let page = boris.send(&form.clone().set("due", "2025-02-30")).await;
    told(&page, "homework/new", "due", "2025-02-30", "Write the date as");
    assert_eq!(page.form("homework/new").fields["text"], "Ex. 7", "the other fields stay too");
    let page = boris.send(&form.clone().set("due", "2025-08-01")).await;
    told(&page, "homework/new", "due", "2025-08-01", "It is due before it was given.");
    let page = boris.send(&form.clone().set("subject", "77")).await;
    told(&page, "homework/new", "subject", "77", "Choose one of the subjects.");
    let links = "https://example.org/1\n".repeat(21);
    let page = boris.send(&form.clone().set("links", links.trim_end())).await;
    told(&page, "homework/new", "links", links.trim_end(), "At most 20 links");

    let page = boris.send(&form).await;
    assert_eq!((page.status, page.address.as_str()), (200, "/board/class/homework"));
    assert_eq!(page.texts("[role=status]"), ["Homework added."]);
    assert!(boris.open("/board/class/homework").await.texts("[role=status]").is_empty(), "a notice is shown once");
}

#[tokio::test]
async fn timetables() {
    let house = school().await;
    let mut boris = signed_in(&house, "boris").await;
    let form = boris.open("/board/class/timetable/new").await.form("timetable/new");

    let page = boris.send(&form.clone().set("from", "")).await;
    told(&page, "timetable/new", "from", "", "Give a date.");
    let page = boris.send(&form.clone().set("to", "2025-08-31")).await;
    told(&page, "timetable/new", "to", "2025-08-31", "The last day is before the first one.");
    let page = boris.send(&form.clone().set("parity", "a")).await;
    told(&page, "timetable/new", "parity", "a", "Weeks A and B need a start");
    let page = boris.send(&form.clone().set("s23", "9")).await;
    told(&page, "timetable/new", "s23", "9", "Choose one of the subjects.");

    let page = boris.send(&form.set("s00", "2").set("s02", "1")).await;
    assert_eq!(page.address, "/board/class/timetable");
    let snapshot = house.board.snapshot(house.class).await.unwrap();
    let week = &snapshot.timetables[0].plan.week;
    assert_eq!(week.rows[0], [2, board::NO_LESSON, 1]);
    assert_eq!(week.texts[0], "1. Physics\n3. Algebra\n");
}

#[tokio::test]
async fn the_text_of_a_day_is_written_from_the_grid_or_freely() {
    let house = school().await;
    let mut boris = signed_in(&house, "boris").await;
    let form = boris.open("/board/class/timetable/week").await.form("timetable/week");
    assert_eq!(form.fields["mode0"], "grid");

    let form = form.set("s00", "1").set("s11", "2").set("mode1", "free").set("text1", "Only physics\r\nin room 7");
    boris.send(&form).await;
    let week = house.board.snapshot(house.class).await.unwrap().week.clone();
    assert_eq!((week.texts[0].as_str(), week.texts[1].as_str()), ("1. Algebra\n", "Only physics\nin room 7"));

    let form = boris.open("/board/class/timetable/week").await.form("timetable/week");
    assert_eq!((form.fields["mode0"].as_str(), form.fields["mode1"].as_str()), ("grid", "free"));
    boris.send(&form).await;
    assert_eq!(house.board.snapshot(house.class).await.unwrap().week, week, "sent as it is, it stays as it is");
}

#[tokio::test]
async fn what_old_clients_wrote_is_not_changed_by_looking_at_it() {
    let house = school().await;
    let mut week = board::Week::default();
    week.rows[0] = vec![1, 0, 99, -1, -2];
    week.texts[0] = "1. Algebra\r\n\r\n3. ?\r\n".to_owned();
    let by = board::Actor::program("test");
    house.board.set_week(&by, house.class, week.clone(), board::Expect::Anything).await.unwrap();
    let changes =
        board::Changes { text: " \r\n a".to_owned(), rows: [-2, -1, 99, 0, 1, -2, -2, -2], ..Default::default() };
    house.board.set_changes(&by, house.class, None, changes.clone(), board::Expect::Anything).await.unwrap();
    let mut boris = signed_in(&house, "boris").await;

    let page = boris.open("/board/class/timetable/week").await;
    assert!(page.says("No. 99 (not there)"));
    boris.send(&page.form("timetable/week")).await;
    let page = boris.open("/board/class/changes").await;
    boris.send(&page.forms().into_iter().find(|form| form.fields.contains_key("row1")).unwrap()).await;

    let snapshot = house.board.snapshot(house.class).await.unwrap();
    assert_eq!((&snapshot.week, &snapshot.changes), (&week, &changes));
}

#[tokio::test]
async fn subjects() {
    let house = school().await;
    let mut anna = signed_in(&house, "anna").await;
    let form = anna.open("/board/class/subjects").await.form("subjects");

    for (names, fault) in [
        ("", "Enter a name."),
        ("Chemistry!", "“Chemistry!”: only letters"),
        ("Algebra", "There is such a subject already"),
        ("Art\nArt", "There is such a subject already"),
    ] {
        told(&anna.send(&form.clone().set("names", names)).await, "subjects", "names", names, fault);
    }
    let long = "x".repeat(51);
    told(&anna.send(&form.clone().set("names", &long)).await, "subjects", "names", &long, "“xxx");
    let page = anna.send(&form.set("names", " Art \n\nChemistry\n")).await;
    assert!(page.says("Subjects added.") && page.says("Chemistry"));

    let form = anna.open("/board/class/subjects/1").await.form("subjects/1");
    told(
        &anna.send(&form.clone().set("name", "Physics")).await,
        "subjects/1",
        "name",
        "Physics",
        "There is such a subject",
    );
    anna.send(&form.set("name", "Algebra (advanced)")).await;
    assert_eq!(house.board.snapshot(house.class).await.unwrap().subjects[&1].name, "Algebra (advanced)");

    let page = anna.open("/board/class/subjects/1/archive").await;
    assert!(
        page.says("Its homework without a date goes too: No. 12") && page.says("One piece of dated homework names it")
    );
    let page = anna.send(&page.form("archive")).await;
    assert!(page.says("Subject put away."));
    assert!(anna.open("/board/class/homework").await.says("No. 1 (not there)"), "its homework is still shown");
}

#[tokio::test]
async fn users() {
    let house = school().await;
    let mut anna = signed_in(&house, "anna").await;
    let form = anna.open("/board/class/users").await.form("users");
    let with = |name: &str, password: &str| {
        let mut form = form.clone().set("name", name);
        form.fields.insert("new-password".to_owned(), password.to_owned());
        form
    };

    told(&anna.send(&with("", PASSWORD)).await, "users", "name", "", "Enter a user name.");
    told(&anna.send(&with("a b", PASSWORD)).await, "users", "name", "a b", "A user name is made of");
    told(&anna.send(&with("boris", "")).await, "users", "name", "boris", "This person is in the class already.");
    told(&anna.send(&with("olga", "short")).await, "users", "new-password", "", "At least 8 characters");
    told(
        &anna.send(&with("olga", "password")).await,
        "users",
        "new-password",
        "",
        "Everybody tries this password first.",
    );
    assert!(house.board.user("olga").await.unwrap().is_none());
}

#[tokio::test]
async fn settings() {
    let house = school().await;
    let mut anna = signed_in(&house, "anna").await;
    let form = anna.open("/board/class/settings").await.form("class/settings");

    for (field, value, fault) in [
        ("name", "", "Enter a name."),
        ("zone", "Europe/Nowhere", "There is no such time zone."),
        ("week_a", "soon", "Write the date as"),
        ("b0from", "25:00", "Give a time"),
        ("h0from", "2025-13-01", "Write the date as"),
        ("h0name", "Holidays without days", "Give a date."),
    ] {
        let page = anna.send(&form.clone().set(field, value)).await;
        let beside = if field == "h0name" { "h0from" } else { field };
        let typed = if field == "h0name" { "" } else { value };
        told(&page, "class/settings", beside, typed, fault);
    }
    let bells = form.clone().set("b0from", "08:00").set("b0to", "08:45").set("b1from", "08:30").set("b1to", "09:15");
    told(&anna.send(&bells).await, "class/settings", "b1from", "08:30", "It begins before the lesson above ends.");

    let bells = bells.set("b1from", "08:55").set("b1to", "09:40").set("h0from", "2025-10-27").set("h0name", "Autumn");
    let page = anna.send(&bells.set("language", "en").set("days", "5").set("zone", "Europe/Paris")).await;
    assert!(page.says("Saved."), "{}", page.html);
    let settings = house.board.class("class").await.unwrap().unwrap().settings;
    assert_eq!((settings.bells.len(), settings.days, settings.zone.as_deref()), (2, 5, Some("Europe/Paris")));
    assert_eq!(settings.holidays[0].to, jiff::civil::date(2025, 10, 27), "a single day is given once");
}

#[tokio::test]
async fn alerts() {
    let house = school().await;
    let code = house.board.class("class").await.unwrap().unwrap().code;
    house.board.bind_chat(board::Platform::Vk, 2_000_000_001, &code).await.unwrap();
    let mut anna = signed_in(&house, "anna").await;
    let form = anna.open("/board/class/chats").await.form("chats/alerts");

    let page = anna.send(&form.clone().set("when", "daily")).await;
    told(&page, "chats/alerts", "time", "", "Give a time");
    anna.send(&form.set("when", "daily").set("time", "18:30")).await;
    let chats = house.board.chats(house.class).await.unwrap();
    assert_eq!(chats[0].alerts, Some(board::Alerts::Daily(jiff::civil::time(18, 30, 0, 0))));

    let page = anna.open("/board/class/chats").await;
    anna.send(&page.form("chats/code")).await;
    assert_ne!(house.board.class("class").await.unwrap().unwrap().code, code);
    let page = anna.send(&page.form("chats/leave")).await;
    assert!(page.says("No chat is bound yet."));
}
