//! Every page, in every language, for everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use board::filling::Counts;
use board::{Actor, Changes, Expect, FillReport, Outcome, Parity, PassState, Plan, Platform, Source, Task, Week};
use jiff::civil::date;

use super::{Browser, PASSWORD, school, signed_in};
use crate::house::House;

/// A school in which every page has something to show, from PRONOTE too.
async fn full() -> House {
    let house = school().await;
    let (by, class) = (Actor::program("pronote"), house.class);
    let source = || Source::Pronote { origin: "MATHS, 2 septembre".to_owned() };
    let task = Task {
        subject: 2,
        given: date(2025, 9, 1),
        due: date(2025, 9, 2),
        text: "Experiment".to_owned(),
        links: vec!["https://example.org/".to_owned()],
        source: source(),
    };
    let added = house.board.add_assignment(&by, class, task.clone()).await.unwrap();
    house.board.add_assignment(&by, class, task.clone()).await.unwrap();
    let over = Task { text: "Another experiment".to_owned(), ..task };
    house.board.set_assignment(&Actor::program("editor"), class, added.id, over, Expect::Anything).await.unwrap();
    let mut week = Week::default();
    week.rows[0] = vec![1, 2];
    week.rows[1] = vec![2, 1];
    week.texts[0] = "Freely".to_owned();
    house.board.set_week(&Actor::program("php"), class, week.clone(), Expect::Anything).await.unwrap();
    let plan = Plan { valid_from: date(2025, 9, 1), valid_to: None, parity: Parity::Every, week, source: source() };
    house.board.add_timetable(&by, class, plan).await.unwrap();
    let changes = Changes { text: "No algebra".to_owned(), rows: [-1, 1, -2, 2, -2, -2, -2, -2], source: source() };
    house.board.set_changes(&by, class, Some(date(2025, 9, 2)), changes, Expect::Nothing).await.unwrap();
    let code = house.board.class("class").await.unwrap().unwrap().code;
    house.board.bind_chat(Platform::Telegram, -100, &code).await.unwrap();
    house
}

/// Follows every link from the first page on, and expects a page behind each.
async fn walk(browser: &mut Browser<'_>) -> BTreeMap<String, String> {
    let mut wanted = vec!["/board/".to_owned()];
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    while let Some(address) = wanted.pop() {
        // Weeks and days go on for ever.
        let endless = address.contains("?week=") || address.contains("/changes/2");
        let endless_seen = seen.keys().filter(|seen| seen.contains("?week=") || seen.contains("/changes/2")).count();
        if seen.contains_key(&address) || (endless && endless_seen > 6) {
            continue;
        }
        let page = browser.open(&address).await;
        assert_eq!(page.status, 200, "{address}: {}", page.html);
        assert!(page.html.contains(&format!("<html lang=\"{}\">", browser.language)), "{address}");
        assert_eq!(page.texts("h1").len(), 1, "{address}");
        assert!(!page.html.contains("editor-"), "{address} shows the key of a message");
        let mut names = BTreeSet::new();
        for id in page.html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(names.insert(id.to_owned()), "{id} is twice on {address}");
        }
        wanted.extend(page.links());
        seen.insert(address, page.html);
    }
    seen
}

#[tokio::test]
async fn every_link_leads_to_a_page_in_every_language_for_everybody() {
    let house = full().await;
    for language in ["ru", "fr", "en"] {
        for (name, least) in [("vera", 15), ("boris", 25), ("anna", 40), ("admin", 50)] {
            let mut browser = signed_in(&house, name).await;
            browser.language = language;
            let seen = walk(&mut browser).await;
            assert!(seen.len() >= least, "{name} found {} pages only: {:?}", seen.len(), seen.keys());
        }
    }
}

#[tokio::test]
async fn every_template_is_shown_by_some_page() {
    let house = full().await;
    let mut admin = signed_in(&house, "admin").await;
    let vera = house.board.user("vera").await.unwrap().unwrap().id.0;
    let pages = [
        ("account", "/board/account".to_owned()),
        ("assignment", "/board/class/homework/1".to_owned()),
        ("change", "/board/class/changes/2025-09-02".to_owned()),
        ("changes", "/board/class/changes".to_owned()),
        ("chats", "/board/class/chats".to_owned()),
        ("class", "/board/new-class".to_owned()),
        ("classes", "/board/".to_owned()),
        ("confirm", "/board/class/subjects/1/archive".to_owned()),
        ("history", "/board/class/history".to_owned()),
        ("homework", "/board/class/homework".to_owned()),
        ("note", "/board/class/homework/notes/1".to_owned()),
        ("overview", "/board/class/".to_owned()),
        ("plan", "/board/class/timetable/week".to_owned()),
        ("preview", "/board/class/preview?text=%D0%B4%D0%B7".to_owned()),
        ("problem", "/board/class/nowhere".to_owned()),
        ("pronote", "/board/class/pronote".to_owned()),
        ("settings", "/board/class/settings".to_owned()),
        ("sign_in", "/board/sign-in".to_owned()),
        ("subject", "/board/class/subjects/1".to_owned()),
        ("subjects", "/board/class/subjects".to_owned()),
        ("timetable", "/board/class/timetable".to_owned()),
        ("user", format!("/board/class/users/{vera}")),
        ("users", "/board/class/users".to_owned()),
    ];
    // These are parts of all pages, and what follows a session that ended (`what_was_typed_outlives_the_session`).
    let elsewhere = ["kept", "layout", "parts"];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/board");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let files: BTreeSet<String> = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let known = pages.iter().map(|(name, _)| (*name).to_owned()).chain(elsewhere.map(str::to_owned)).collect();
    assert_eq!(files, known);

    for language in ["ru", "fr", "en"] {
        admin.language = language;
        for (name, address) in &pages {
            let page = admin.open(address).await;
            assert!([200, 404].contains(&page.status) && page.texts("h1").len() == 1, "{name} in {language}");
        }
    }
}

#[tokio::test]
async fn what_came_from_pronote_says_so_and_what_was_written_over_too() {
    let house = full().await;
    let mut anna = signed_in(&house, "anna").await;

    let page = anna.open("/board/class/homework").await;
    assert_eq!(page.texts(".origin").iter().filter(|text| *text == "PRONOTE MATHS, 2 septembre").count(), 1);
    assert!(page.says("Written over came from PRONOTE: MATHS, 2 septembre"));
    assert!(anna.open("/board/class/changes/2025-09-02").await.says("PRONOTE MATHS"));
    assert!(anna.open("/board/class/timetable").await.says("PRONOTE MATHS"));
    assert!(anna.open("/board/class/pronote").await.says("1 as it came; 1 written over"));
}

#[tokio::test]
async fn a_class_that_is_filled_from_pronote_says_how_it_went_and_is_unbound() {
    let house = full().await;
    let filling = house.board.bind_filling(&Actor::program("command"), house.class, "ecole", "Emilie").await.unwrap();
    let outcome = Outcome {
        state: PassState::Stopped,
        step: "identification".to_owned(),
        words: "the school refused the password".to_owned(),
        advice: "sign in again".to_owned(),
        until: None,
        report: FillReport {
            assignments: Counts { added: 2, ..Counts::default() },
            by_hand: 1,
            ..FillReport::default()
        },
    };
    house.board.note_pass(&filling, &outcome, None).await.unwrap();
    let mut anna = signed_in(&house, "anna").await;

    let page = anna.open("/board/class/pronote").await;
    for told in [
        "ecole · Emilie",
        "Stopped until it is bound again",
        "the school refused the password: sign in again",
        "Homework: 2 new, 0 changed, 0 removed",
        "Left as people wrote it: 1",
    ] {
        assert!(page.says(told), "{told}: {}", page.html);
    }
    let page = anna.open("/board/class/pronote/unbind").await;
    let page = anna.send(&page.form("unbind")).await;

    assert!(page.says("no longer filled from PRONOTE") && page.says("This class is not bound."), "{}", page.html);
    assert!(house.board.filling(house.class).await.unwrap().is_none());
    assert!(anna.open("/board/class/history").await.says("PRONOTE · removed"));
}

#[tokio::test]
async fn the_bot_is_heard_without_being_asked() {
    let house = full().await;
    let mut anna = signed_in(&house, "anna").await;
    let page = anna.open("/board/class/preview?text=%D0%B4%D0%B7").await;
    assert!(page.says("Домашнее задание на завтра:"), "{}", page.html);

    let page = anna.open("/board/class/preview?text=%D0%B4%D0%B7&date=2025-09-06").await;
    assert!(page.says("понедельник"), "asked on a Saturday, it tells of Monday");
    let before = house.board.revision().await.unwrap();
    let page = anna.open("/board/class/preview?text=%D0%BE%D1%82%D0%B2%D1%8F%D0%B7%D0%B0%D1%82%D1%8C").await;
    assert!(page.says("Nothing of it is done here."), "{}", page.html);
    assert_eq!(house.board.revision().await.unwrap(), before);
}

#[tokio::test]
async fn the_language_is_switched_and_stays() {
    let house = school().await;
    let mut browser = Browser::new(&house, "en");
    let page = browser.open("/board/sign-in").await;
    assert_eq!(page.texts("h1"), ["Sign in"]);

    let mut form = page.form("language");
    form.fields.insert("language".to_owned(), "fr".to_owned());
    let page = browser.send(&form).await;
    assert_eq!(page.texts("h1"), ["Connexion"]);
    browser.sign_in("vera", PASSWORD).await;

    assert_eq!(browser.open("/board/class/homework").await.texts("h1"), ["Devoirs"]);
}

#[tokio::test]
async fn a_new_class_says_what_to_do_first() {
    let house = House::on_sqlite().await;
    house.add_user("anna", PASSWORD, &[(house.class, board::Role::Head)]).await;
    house.add_user("boris", PASSWORD, &[(house.class, board::Role::Editor)]).await;
    let mut anna = signed_in(&house, "anna").await;

    let page = anna.open("/board/class/").await;
    assert!(page.says("Add the subjects"), "{}", page.html);
    assert!(anna.open("/board/class/subjects").await.says("No subjects yet."));
    assert!(anna.open("/board/class/homework").await.says("First the class needs subjects."));
    assert!(anna.open("/board/class/history").await.says("Nothing has been changed yet."));
    let mut boris = signed_in(&house, "boris").await;
    assert!(!boris.open("/board/class/").await.says("First steps"), "they are the head's");
}

#[tokio::test]
async fn past_weeks_stay_readable() {
    let house = school().await;
    house.advance(200 * 24 * 3600);
    let mut vera = signed_in(&house, "vera").await;

    let page = vera.open("/board/class/homework").await;
    assert!(!page.says("Ex. 5"));
    let page = vera.open("/board/class/homework?week=2025-09-04").await;

    assert!(page.says("Week of 1 September 2025") && page.says("Ex. 5"), "{}", page.html);
}
