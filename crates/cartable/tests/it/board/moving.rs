//! From the board before this one, and back; and copies.

use super::{board, json, old_installation};

#[tokio::test]
async fn an_old_installation_is_taken_over_twice_with_the_same_result() {
    let data = tempfile::tempdir().unwrap();
    let old = old_installation(data.path()).await;
    let old = old.to_str().unwrap();

    let dry = board(data.path(), &["import", old, "--dry-run"]).done();
    assert!(dry.contains("dry run: nothing was written"), "{dry}");
    assert_eq!(json(data.path(), &["user", "list"]), serde_json::json!([]));

    let first = board(data.path(), &["import", old]);
    assert!(first.err.contains("nobody administers the school yet"), "{}", first.err);
    let first = first.done();
    for told in [
        "anna     editor  new",
        "1       Алгебра  new  yes",
        "NumTimetable/1: 99",
        "Timetable: changed",
        "APIInfo.php holds the token",
        "Imported into class `class`.",
    ] {
        assert!(first.contains(told), "{told}: {first}");
    }
    assert!(!first.contains("vk1.a.secret"), "a token is not shown");
    let second = board(data.path(), &["import", old]).done();
    assert!(second.contains("anna     editor  the same") && second.contains("Timetable: the same"), "{second}");

    let again = json(data.path(), &["import", old]);
    assert_eq!((&again["imported"], &again["subjects"][0]["outcome"]), (&true.into(), &"same".into()));
    let users = json(data.path(), &["user", "list"]);
    assert_eq!(users[1]["roles"], serde_json::json!({ "class": "head" }));
}

#[tokio::test]
async fn texts_in_another_encoding_are_taken_when_it_is_said() {
    let data = tempfile::tempdir().unwrap();
    let old = old_installation(data.path()).await;
    std::fs::write(old.join("changes"), b"\xd4\xe8\xe7\xe8\xea\xe8 \xed\xe5\xf2\n").unwrap();
    let old = old.to_str().unwrap();
    let refused = board(data.path(), &["import", old]);
    assert_eq!(refused.code, 3);
    assert!(refused.out.contains("changes: is not UTF-8, and most likely windows-1251"), "{}", refused.out);
    assert!(refused.err.contains("Nothing was changed"), "{}", refused.err);
    let report = board(data.path(), &["import", old, "--json"]);
    assert_eq!(report.code, 3);
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    assert_eq!(
        (&report["data"]["imported"], &report["data"]["faults"][0]["place"]),
        (&false.into(), &"changes".into())
    );
    let taken = board(data.path(), &["import", old, "--encoding", "windows-1251"]).done();
    assert!(taken.contains("changes: is taken as windows-1251"), "{taken}");
    assert_eq!(board(data.path(), &["import", old, "--encoding", "koi8-r"]).code, 2);
}

#[tokio::test]
async fn what_cannot_be_taken_over_is_told() {
    let data = tempfile::tempdir().unwrap();
    let old = old_installation(data.path()).await;
    let empty = data.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    for (folder, told) in [(&data.path().join("none"), "is no folder"), (&empty, "is no old installation")] {
        let ran = board(data.path(), &["import", folder.to_str().unwrap()]);
        assert_eq!(ran.code, 3);
        assert!(ran.err.contains(told), "{}", ran.err);
    }
    let ran = board(data.path(), &["import", old.to_str().unwrap(), "--class", "9b"]);
    assert_eq!(ran.code, 8);
    assert!(ran.err.contains("there is no class `9b`") && ran.err.contains("There are: class."), "{}", ran.err);
    std::fs::write(old.join("bot.db"), "this is no database").unwrap();
    let ran = board(data.path(), &["import", old.to_str().unwrap()]);
    assert!(ran.code == 3 && ran.out.contains("bot.db: cannot be read: file is not a database"), "{}", ran.out);
}

#[tokio::test]
async fn a_class_goes_back_as_it_came() {
    let data = tempfile::tempdir().unwrap();
    let old = old_installation(data.path()).await;
    board(data.path(), &["class", "add", "9b", "--name", "9Б"]).done();
    board(data.path(), &["import", old.to_str().unwrap(), "--class", "9b"]).done();
    let back = data.path().join("back");
    let said = board(data.path(), &["export", back.to_str().unwrap(), "--class", "9b"]).done();
    assert!(said.contains("2 accounts, 2 subjects"), "{said}");
    for file in ["TextTimetable/1", "NumTimetable/1", "NumTimetable/6", "changes", "NumericChanges"] {
        let content = |folder: &std::path::Path| std::fs::read(folder.join(file)).unwrap();
        assert_eq!(content(&old), content(&back), "{file}");
    }
    let other = tempfile::tempdir().unwrap();
    let report = json(other.path(), &["import", back.to_str().unwrap()]);
    assert_eq!((&report["imported"], &report["users"][1]["name"]), (&true.into(), &"olga".into()));

    let ran = board(data.path(), &["export", back.to_str().unwrap(), "--class", "9b"]);
    assert!(ran.code == 3 && ran.err.contains("is not empty"), "{}", ran.err);
}

#[test]
fn accounts_that_cannot_go_back_are_named_or_get_another_password() {
    let data = tempfile::tempdir().unwrap();
    super::add_user(data.path(), "olga", "Parol-77", &["--head"]).done();
    let folder = |name: &str| data.path().join(name).to_str().unwrap().to_owned();
    let said = board(data.path(), &["export", &folder("one")]).done();
    assert!(said.contains("account \"olga\": left out") && said.contains("0 accounts"), "{said}");
    let said = board(data.path(), &["export", &folder("two"), "--new-passwords"]).done();
    assert!(said.contains("New password of olga: ") && said.contains("1 accounts"), "{said}");
    let exported = json(data.path(), &["export", &folder("three"), "--new-passwords"]);
    assert_eq!(exported["passwords"]["olga"].as_str().map(str::len), Some(19), "{exported}");
}

#[test]
fn a_copy_holds_everything_and_takes_the_place_of_nothing() {
    let (data, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    super::add_user(data.path(), "olga", "Parol-77", &["--head"]).done();
    let copy = data.path().join("copy.db");
    let path = copy.to_str().unwrap();
    assert!(board(data.path(), &["backup", path]).done().contains("Saved"));
    let ran = board(data.path(), &["backup", path]);
    assert!(ran.code == 3 && ran.err.contains("is there already"), "{}", ran.err);
    board(data.path(), &["backup", path, "--force"]).done();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(copy.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    std::fs::create_dir(other.path().join("board")).unwrap();
    std::fs::copy(&copy, other.path().join("board/board.db")).unwrap();
    assert_eq!(json(other.path(), &["user", "list"])[0]["name"], "olga");
    let left = std::fs::read_dir(data.path()).unwrap().count();
    assert_eq!(left, 2, "the board and its copy, and nothing half done");
    assert_eq!(board(data.path(), &["backup", "/nowhere/copy.db"]).code, 3);
}
