use std::fs;

use jiff::SignedDuration;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

fn opened(folder: &TempDir, logins: Logins) -> Audit {
    let settings = Settings {
        file: folder.path().join("log/card.log"),
        days: 10,
        logins,
        keys: folder.path().join("keys"),
        timezone: TimeZone::get("Europe/Paris").unwrap(),
    };
    Audit::open(settings).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn entry(at: Timestamp, login: &str) -> Entry<'_> {
    Entry {
        at,
        from: "192.0.2.1".parse().unwrap(),
        face: "card",
        login: Some(login),
        outcome: &["UNPAID_FEES", "NO_PHOTO"],
        status: 200,
        took: Duration::from_millis(12),
        asked: &[],
    }
}

fn lines(folder: &TempDir, day: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder.path().join(format!("log/card.log.{day}"))).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names(folder: &TempDir, below: &str) -> Vec<String> {
    let entries = fs::read_dir(folder.path().join(below)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_line_tells_what_was_answered_and_no_login() {
    let folder = tempfile::tempdir().unwrap();
    let audit = opened(&folder, Logins::Hashed);
    let now = at("2026-11-28T23:30:00Z");
    let asked = [("ldap".to_owned(), Duration::from_millis(8))];
    audit.write(&Entry { asked: &asked, ..entry(now, "amartin") });
    audit.write(&entry(now, "AMartin"));
    let who = audit.name("amartin", now).unwrap();
    drop(audit);

    let lines = lines(&folder, "2026-11-29");
    let line = json!({
        "at": "2026-11-28T23:30:00.000Z", "from": "192.0.2.1", "face": "card", "who": who,
        "outcome": ["UNPAID_FEES", "NO_PHOTO"], "status": 200, "ms": 12, "asked": {"ldap": 8},
    });
    assert_eq!(lines[0], line, "in the zone of the institution it is the next day");
    assert_eq!(lines[1]["who"], lines[0]["who"]);
    assert!(!fs::read_to_string(folder.path().join("log/card.log.2026-11-29")).unwrap().contains("martin"));
}

#[test]
fn a_login_is_written_as_it_is_when_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let audit = opened(&folder, Logins::Plain);
    audit.write(&entry(at("2026-11-28T12:00:00Z"), "a\"b\nc"));
    drop(audit);
    assert_eq!(lines(&folder, "2026-11-28")[0]["who"], "a\"b\nc");
}

#[test]
fn the_next_year_has_another_key_and_old_files_and_keys_go() {
    let folder = tempfile::tempdir().unwrap();
    let audit = opened(&folder, Logins::Hashed);
    fs::write(folder.path().join("log/other.log.2020-01-01"), "not ours").unwrap();
    let eve = at("2026-12-31T12:00:00Z");
    let (before, after) = (audit.name("alice", eve), audit.name("alice", eve + SignedDuration::from_hours(24)));
    assert_ne!(before.unwrap(), after.unwrap());
    for hours in [0, 24, 24 * 10, 24 * 12] {
        audit.write(&entry(eve + SignedDuration::from_hours(hours), "alice"));
    }
    drop(audit);

    let files = ["card.log.2027-01-10", "card.log.2027-01-12", "other.log.2020-01-01"];
    let kept = names(&folder, "log");
    assert!(files.iter().all(|file| kept.contains(&(*file).to_owned())), "{kept:?}");
    assert!(!kept.contains(&"card.log.2026-12-31".to_owned()) && !kept.contains(&"card.log.2027-01-01".to_owned()));
    assert_eq!(names(&folder, "keys"), ["audit-key-2027"]);
    #[cfg(unix)]
    for path in ["keys/audit-key-2027", "log/card.log.2027-01-12"] {
        let about = fs::metadata(folder.path().join(path)).unwrap();
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o777, 0o600, "{path}");
    }
}

#[test]
fn a_restart_goes_on_in_the_same_file_with_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        opened(&folder, Logins::Hashed).write(&entry(at("2026-11-28T12:00:00Z"), "alice"));
    }
    let lines = lines(&folder, "2026-11-28");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], lines[1]);
}

#[test]
fn what_cannot_be_written_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let audit = opened(&folder, Logins::Hashed);
    // A folder stands where the file of the day would be.
    fs::create_dir(folder.path().join("log/card.log.2026-11-28")).unwrap();
    audit.write(&entry(at("2026-11-28T12:00:00Z"), "alice"));
    audit.write(&entry(at("2026-11-29T12:00:00Z"), "alice"));
    while !folder.path().join("log/card.log.2026-11-29").exists() {
        std::thread::yield_now();
    }
    assert_eq!(audit.dropped(), 1);
}
