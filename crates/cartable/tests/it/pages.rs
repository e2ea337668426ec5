//! The pages, as a person reads them and as a program does; and what the next read shows of a change.
//!
//! After a change of what the emulator invents, write the tables and `docs/json.md` anew:
//! `INSTA_UPDATE=always cargo test -p cartable --test it pages::`.

use serde_json::{Value, json};

use crate::person::Person;

/// Commands that show a page, and what `docs/json.md` says of each.
const PAGES: [(&[&str], &str); 21] = [
    (&["timetable"], "What lies under something else is left out; `--all` keeps it."),
    (
        &["homework"],
        "From today, for two weeks, unless `--from` and `--to` say otherwise. `reference` names a file for `download`.",
    ),
    (&["grades"], "`computed` says that the school does not tell an average, and it was computed from what it shows."),
    (&["evaluations"], "`level_code` is one of `skill_levels` of the school."),
    (&["absences"], "Kinds of events without a model of their own are in `others`, as the server sends them."),
    (&["news"], "`questions` is null where the server gives them only on demand: `news show` has them."),
    (&["menus"], "The week of today, unless `--from` and `--to` say otherwise."),
    (&["messages"], "Without the messages: `messages show ID` has them."),
    (&["messages", "recipients"], "Whom one may write to."),
    (&["report"], "`published` is false, and `notice` says why, where there is no report card."),
    (&["contents"], "The last seven days, unless `--from` and `--to` say otherwise."),
    (&["resources"], "Files and links that teachers share, and digital manuals."),
    (&["home"], "What the server puts on the home page; `others` holds the parts without a model, as it sends them."),
    (&["team"], "The people who teach."),
    (&["user"], "Who is signed in."),
    (&["account"], "Personal data."),
    (&["periods"], "The grading periods. Commands take one by its number in this list or by its name."),
    (&["holidays"], "Both days are included."),
    (&["timetable", "--from", "monday", "--to", "+6"], ""),
    (&["contents", "--from", "2026-10-01", "--to", "2026-10-02"], ""),
    (&["menus", "--from", "tomorrow", "--to", "tomorrow"], ""),
];

#[test]
fn every_page_is_shown_as_a_table() {
    let pupil = Person::pupil();
    for (page, _) in PAGES {
        insta::assert_snapshot!(page.join("_").replace(['-', '+'], ""), pupil.says(page));
    }
}

#[test]
fn the_json_of_every_page_is_documented() {
    let pupil = Person::pupil();
    let mut text = include_str!("json.md").to_owned();
    for (page, about) in PAGES.iter().filter(|(_, about)| !about.is_empty()) {
        let mut example = pupil.json(page);
        shorten(&mut example);
        let command = page.join(" ");
        text.push_str(&format!("\n## `{command}`\n\n{about}\n\n```json\n{example:#}\n```\n"));
    }
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/json.md");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(place, &text).unwrap();
    }
    let documented = std::fs::read_to_string(place).unwrap_or_default();
    assert!(documented == text, "docs/json.md is stale: write it anew with INSTA_UPDATE=always");
}

/// Cuts lists to their first element and long texts to their beginning, for reading.
fn shorten(value: &mut Value) {
    match value {
        Value::Array(values) => {
            values.truncate(1);
            values.iter_mut().for_each(shorten);
        }
        Value::Object(members) => members.values_mut().for_each(shorten),
        Value::String(text) if text.chars().count() > 100 => {
            *text = text.chars().take(100).collect::<String>() + "…";
        }
        _ => {}
    }
}

#[test]
fn identifiers_are_the_same_in_every_session() {
    let pupil = Person::pupil();
    for page in ["homework", "news", "messages", "contents"] {
        let ids = |list: Vec<Value>| list.iter().map(|thing| thing["id"].clone()).collect::<Vec<_>>();
        let (once, again) = (ids(pupil.list(&[page])), ids(pupil.list(&[page])));
        assert_eq!(once, again, "{page}");
        let distinct: std::collections::HashSet<_> = once.iter().map(Value::to_string).collect();
        assert_eq!(distinct.len(), once.len(), "{page}");
    }
}

#[test]
fn homework_is_marked_done_and_not_done() {
    let pupil = Person::pupil();
    let id = pupil.id(&["homework"], |item| item["done"] == false);
    let done = || pupil.list(&["homework"]).iter().find(|item| item["id"] == *id).unwrap()["done"].clone();
    assert!(pupil.says(&["homework", "done", &id[..5]]).starts_with("Done: "));
    assert_eq!(done(), true);
    assert_eq!(pupil.json(&["homework", "done", &id, "--undo"])["data"], json!({ "id": id, "notices": [] }));
    assert_eq!(done(), false);
}

#[test]
fn a_file_is_handed_in_saved_and_taken_back() {
    let pupil = Person::pupil();
    let id = pupil.id(&["homework"], |item| item["submission"]["possible"] == true);
    let handed_in = || {
        let list = pupil.list(&["homework"]);
        list.iter().find(|item| item["id"] == *id).unwrap()["submission"]["file"].clone()
    };
    std::fs::write(pupil.path("redaction.txt"), "Il était une fois").unwrap();
    pupil.says(&["homework", "submit", &id, "redaction.txt"]);
    let file = handed_in();
    assert_eq!(file["name"], "redaction.txt");
    pupil.says(&["download", file["reference"].as_str().unwrap(), "--out", "back.txt"]);
    assert_eq!(std::fs::read_to_string(pupil.path("back.txt")).unwrap(), "Il était une fois");
    pupil.says(&["homework", "withdraw", &id]);
    assert_eq!(handed_in(), Value::Null);
    assert!(pupil.fails(8, &["homework", "withdraw", &id]).contains("nothing was handed in"));
}

#[test]
fn news_are_read_acknowledged_answered_and_deleted() {
    let pupil = Person::pupil();
    let item = |id: &str| pupil.list(&["news"]).into_iter().find(|item| item["id"] == *id);
    let asks = |item: &Value, kind: &str| {
        item["questions"].as_array().unwrap().iter().any(|question| question["kind"] == kind)
    };
    let id = pupil.id(&["news"], |item| asks(item, "acknowledgement"));
    assert!(pupil.says(&["news", "ack", &id]).starts_with("Acknowledged: "));
    let whole = pupil.json(&["news", "show", &id]);
    let questions = whole["data"]["questions"].as_array().unwrap();
    assert!(questions.iter().any(|question| question["answer"]["answered"] == true));

    pupil.says(&["news", "read", &id, "--undo"]);
    assert_eq!(item(&id).unwrap()["read"], false);
    pupil.says(&["news", "read", &id]);
    assert_eq!(item(&id).unwrap()["read"], true);

    let survey = pupil.id(&["news"], |item| asks(item, "multiple_choice") && asks(item, "single_choice"));
    let survey_json = pupil.json(&["news", "show", &survey]);
    let numbers = survey_json["data"]["questions"].as_array().unwrap().iter().enumerate();
    let answers: Vec<String> = numbers
        .filter_map(|(place, question)| match question["kind"].as_str().unwrap() {
            "single_choice" => Some(format!("{}=2", place + 1)),
            "multiple_choice" => Some(format!("{}=1,3", place + 1)),
            "text" => Some(format!("{}=Rien de plus", place + 1)),
            _ => None,
        })
        .collect();
    let answers: Vec<&str> = answers.iter().map(String::as_str).collect();
    pupil.says(&[&["news", "answer", &survey][..], &answers].concat());
    let shown = pupil.says(&["news", "show", &survey]);
    assert!(shown.contains("[x] 2:") && shown.contains("Rien de plus"), "{shown}");
    assert!(pupil.fails(2, &["news", "answer", &survey, "99=1"]).contains("no question 99"));

    pupil.says(&["news", "delete", &id]);
    assert_eq!(item(&id), None);
}

#[test]
fn discussions_are_replied_to_begun_and_thrown_away() {
    let pupil = Person::pupil();
    let open = pupil.id(&["messages"], |talk| talk["unread"] != 0);
    pupil.says(&["messages", "reply", &open, "Merci & à demain"]);
    assert!(pupil.says(&["messages", "show", &open]).contains("Merci & à demain"));
    pupil.says(&["messages", "mark", &open]);
    let unread = pupil.list(&["messages"]).iter().find(|talk| talk["id"] == *open).unwrap()["unread"].clone();
    assert_eq!(unread, 0);
    let closed = pupil.id(&["messages"], |talk| talk["closed"] == true);
    pupil.fails(4, &["messages", "reply", &closed, "Trop tard"]);

    let teacher = pupil.list(&["messages", "recipients", "--kind", "teachers"])[0].clone();
    let to = teacher["name"].as_str().unwrap();
    pupil.says(&["messages", "new", "--to", to, "--subject", "Un livre", "Puis-je l'emprunter ?"]);
    let begun = pupil.id(&["messages"], |talk| talk["subject"] == "Un livre");
    pupil.says(&["messages", "trash", &begun]);
    assert!(!pupil.says(&["messages"]).contains("Un livre"));
    assert!(pupil.says(&["messages", "--in-trash"]).contains("Un livre"));
    pupil.says(&["messages", "restore", &begun]);
    assert!(pupil.says(&["messages"]).contains("Un livre"));
}

#[test]
fn a_parent_sees_every_child_or_the_one_named() {
    let parent = Person::parent();
    let all = parent.json(&["homework"]);
    let children: Vec<&str> =
        all["children"].as_array().unwrap().iter().map(|one| one["child"].as_str().unwrap()).collect();
    assert_eq!(children.len(), 2);
    let text = parent.says(&["grades"]);
    for (place, child) in children.iter().enumerate() {
        assert!(text.contains(&format!("# {child}\n")), "{text}");
        let named = parent.json(&["homework", "--child", child])["data"].clone();
        assert_eq!(named, all["children"][place]["data"]);
        assert_eq!(named, parent.json(&["homework", "--child", &(place + 1).to_string()])["data"]);
    }
    assert!(parent.fails(8, &["grades", "--child", "Personne"]).contains("Personne"));
}

#[test]
fn school_life_lists_classes_pupils_and_guardians() {
    let staff = Person::of("demonstration2", "school-life", &[]);
    let class = staff.list(&["classes"])[0]["name"].as_str().unwrap().to_owned();
    let pupil = staff.id(&["students", &class], |_| true);
    let card = staff.json(&["students", &class, &pupil]);
    assert!(!card["data"]["guardians"].as_array().unwrap().is_empty());
    assert!(staff.says(&["students", &class, &pupil]).contains("legal guardian"));
    assert!(staff.fails(8, &["students", "9Z"]).contains("The classes are: "));
    staff.fails(4, &["grades"]);
}

#[test]
fn what_is_wrong_is_said_with_its_exit_code() {
    let pupil = Person::pupil();
    for (code, arguments, said) in [
        (2, &["homework", "--from", "2026-02-31"][..], "no day"),
        (2, &["timetable", "--week", "99"], "1 to 62"),
        (2, &["timetable", "--week", "3", "--from", "today"], "cannot be used with"),
        (2, &["download", "fiche.pdf"], "names no file"),
        (2, &["download", "menus/abcdef/1"], "no page with files"),
        (8, &["grades", "--period", "Trimestre 9"], "The periods are: "),
        (8, &["homework", "done", "nosuchthing"], "no homework `nosuchthing`"),
        (8, &["homework", "done", "a"], "at least 3 characters"),
        (8, &["messages", "show", "nosuchthing"], "`cartable pronote messages` shows the identifiers"),
        (8, &["download", "homework/nosuchthing/1"], "no homework"),
    ] {
        let told = pupil.fails(code, arguments);
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
    assert_eq!(pupil.says(&["classes"]), "This account has no classes.\n");
}
