//! A year in a folder, files with names a school made up, calendars.

use std::fs;
use std::process::Command;

use crate::person::{Person, files};

#[test]
fn a_second_export_changes_nothing_and_loses_nothing() {
    let pupil = Person::pupil();
    let folder = pupil.path("year");
    pupil.says(&["export", "year"]);
    let first = files(&folder);
    for name in
        ["homework.json", "timetable.json", "calendar.ics", "messages.json", "photo.jpg", "grades/1 Trimestre 1.json"]
    {
        assert!(first.iter().any(|file| file.ends_with(name)), "{name} in {first:?}");
    }
    assert!(first.iter().any(|file| file.contains("/files/homework/")));
    let home = folder.join("2026-2027/PARENT Fanny");
    fs::write(home.join("mine.txt"), "kept").unwrap();
    let before = fs::read(home.join("homework.json")).unwrap();

    let said = pupil.says(&["export", "year"]);
    assert!(said.contains("0 new or changed files"), "{said}");
    assert_eq!(files(&folder).len(), first.len() + 1);

    let id = pupil.id(&["homework"], |item| item["done"] == false);
    pupil.says(&["homework", "done", &id]);
    pupil.says(&["export", "year"]);
    assert_ne!(fs::read(home.join("homework.json")).unwrap(), before);
    assert_eq!(fs::read(home.join("earlier/homework.1.json")).unwrap(), before);
    assert_eq!(fs::read_to_string(home.join("mine.txt")).unwrap(), "kept");
}

#[test]
fn a_page_that_fails_is_named_and_the_others_are_exported() {
    let pupil = Person::of("demonstration", "student", &["--fault", "DernieresNotes:status=500"]);
    let said = pupil.fails(5, &["export", "year", "--raw"]);
    assert!(said.contains("not exported: grades/1 Trimestre 1"), "{said}");
    let exported = files(&pupil.path("year"));
    assert!(exported.iter().any(|file| file.ends_with("/homework.json")));
    assert!(exported.iter().any(|file| file.contains("/raw/") && file.ends_with("/menus-1.json")));
    assert!(!exported.iter().any(|file| file.contains("/grades/")));
}

#[test]
fn each_child_is_exported_to_a_folder_of_its_own() {
    let parent = Person::parent();
    let exported = parent.list(&["export", "year"]);
    assert!(exported.iter().all(|one| one["saved"].as_str().unwrap().starts_with("year") && one["files"] != 0));
    assert_eq!(exported.len(), 2);
    let folders: Vec<_> = fs::read_dir(parent.path("year/2026-2027")).unwrap().collect();
    assert_eq!(folders.len(), 2);
}

#[test]
fn names_that_a_school_made_up_stay_in_their_folder() {
    let folder = tempfile::tempdir().unwrap();
    let school = folder.path().join("school.toml");
    let wrote = Command::new(env!("CARGO_BIN_EXE_cartable"))
        .args(["emulator", "--clock", "2026-11-17T10:00:00", "--write-school"])
        .arg(&school)
        .status();
    assert!(wrote.unwrap().success());
    let text = fs::read_to_string(&school).unwrap();
    assert!(text.contains("fiche.pdf"));
    fs::write(&school, text.replace("fiche.pdf", r"../../\u001b[31m\u202ep.pdf")).unwrap();

    let pupil = Person::of("demonstration", "student", &["--school", school.to_str().unwrap()]);
    let text = pupil.says(&["homework"]);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n') && !text.contains('\u{202e}'), "{text}");
    let list = pupil.list(&["homework"]);
    let attachments = list.iter().flat_map(|item| item["attachments"].as_array().unwrap());
    let hostile = attachments.into_iter().find(|file| file["name"].as_str().unwrap().contains("..")).unwrap();
    fs::create_dir(pupil.path("in")).unwrap();
    pupil.says(&["download", hostile["reference"].as_str().unwrap(), "--out", "in"]);
    assert_eq!(files(&pupil.path("in")).len(), 1);
    pupil.says(&["export", "in/year"]);
    let outside =
        files(pupil.folder.path()).into_iter().filter(|file| !file.starts_with("in/") && !file.starts_with("data/"));
    assert_eq!(outside.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_download_keeps_what_is_there() {
    let pupil = Person::pupil();
    fs::write(pupil.path("photo.jpg"), "mine").unwrap();
    assert!(pupil.fails(3, &["download", "photo", "--out", "photo.jpg"]).contains("is there already"));
    assert_eq!(fs::read_to_string(pupil.path("photo.jpg")).unwrap(), "mine");
    pupil.says(&["download", "photo", "--out", "photo.jpg", "--force"]);
    assert!(fs::read(pupil.path("photo.jpg")).unwrap().len() > 100);
    pupil.says(&["report", "--pdf", "report.pdf"]);
    assert!(fs::read(pupil.path("report.pdf")).unwrap().starts_with(b"%PDF"));
    let saved = |name: &str| serde_json::json!({ "data": { "saved": name }, "diagnostics": [] });
    let again = ["download", "photo", "--out", "photo.jpg", "--force"];
    assert_eq!(pupil.json(&again), saved("photo.jpg"));
    assert_eq!(pupil.json(&["report", "--pdf", "report.pdf", "--force"]), saved("report.pdf"));
    assert_eq!(pupil.json(&["ics", "--out", "year.ics"]), saved("year.ics"));
    let left: Vec<String> = files(pupil.folder.path()).into_iter().filter(|file| file.ends_with(".part")).collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn a_calendar_holds_what_was_asked_for() {
    let pupil = Person::pupil();
    let week = ["--from", "2026-11-16", "--to", "2026-11-22"];
    let all = pupil.says(&[&["ics"][..], &week].concat());
    assert!(all.starts_with("BEGIN:VCALENDAR\r\n") && all.contains("BEGIN:VTIMEZONE"));
    assert!(all.contains("STATUS:CANCELLED") && all.contains("BEGIN:VTODO") && all.contains("holiday"));
    let tasks = pupil.says(&[&["ics", "--only", "homework", "--out", "tasks.ics"][..], &week].concat());
    assert_eq!(tasks, "Saved tasks.ics\n");
    let tasks = fs::read_to_string(pupil.path("tasks.ics")).unwrap();
    assert!(tasks.contains("BEGIN:VTODO") && !tasks.contains("BEGIN:VEVENT"));
    assert!(pupil.fails(2, &["ics", "--json"]).contains("--out FILE"));
    assert!(pupil.fails(2, &["ics", "--zone", "Mars/Olympus"]).contains("Mars/Olympus"));
}
