//! The demonstration: what it prints to copy works as it stands.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::net::TcpListener;
use std::process::Command;

use crate::command::cartable;
use crate::running::{Running, exchange};

/// Runs lines in one shell, as they would be pasted, and gives what they print.
fn paste(lines: &[&String]) -> String {
    let script = lines.iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n");
    let ran = Command::new("sh").arg("-ec").arg(&script).env_remove("CARTABLE_DATA").output().unwrap();
    assert!(ran.status.success(), "{script}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

#[test]
fn what_it_prints_to_copy_works_as_it_stands() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    let demo = Running::start(&["demo", "--listen", "127.0.0.1:0", "--gateway", "127.0.0.1:0", "--data", folder]);
    let place = demo.place();
    assert!(demo.said.last().unwrap().starts_with("ready: http://127.0.0.1:"));
    let (status, page) = demo.get("/");
    assert!(status == 200 && page.contains("pronote/eleve.html") && page.contains("/graphql"), "{page}");
    assert_eq!(exchange(&place, "GET /pronote/eleve.html HTTP/1.1\r\n", "").0, 200);

    let commands: Vec<&String> = demo.said.iter().filter(|line| line.starts_with("  ")).collect();
    let (cards, commands): (Vec<&String>, Vec<&String>) = commands.iter().partition(|line| line.contains("card"));
    let (asking, mine): (Vec<&String>, Vec<&String>) = commands.iter().partition(|line| line.contains("curl"));
    let (talking, mine): (Vec<&String>, Vec<&String>) = mine.iter().partition(|line| line.ends_with("board chat"));
    let (through, mine): (Vec<&String>, Vec<&String>) = mine.iter().partition(|line| line.contains("--ent"));
    assert_eq!((mine.len(), asking.len(), talking.len(), cards.len()), (3, 2, 1, 3), "{:#?}", demo.said);
    let said = paste(&[through[0]]);
    assert!(said.contains("PARENT Fanny") && data.path().join("pronote/profiles/ent.json").exists(), "{said}");
    let wrong = format!("! {} 2>&1", through[0].trim().replacen("echo pronotevs", "echo wrong", 1));
    let told = paste(&[&wrong]);
    assert!(told.contains("127.0.0.1 refuses this user name, this password"), "{told}");
    let said = paste(&[&format!("echo дз | {}", talking[0].trim())]);
    assert!(said.contains("Геометрия: теорема о сумме углов, № 31"), "{said}");
    assert_eq!(demo.get("/").0, 200);
    let board = demo.said.iter().find_map(|line| line.strip_prefix("The board of a class:   http://")).unwrap();
    let (place, path) = board.split_once('/').unwrap();
    let (status, page) = exchange(place, &format!("GET /{path}sign-in HTTP/1.1\r\n"), "");
    assert!(status == 200 && page.contains("<form"), "{page}");
    for command in mine {
        assert!(!paste(&[command]).is_empty());
    }
    assert!(data.path().join("pronote/profiles/demo.json").exists(), "they use the folder of the demo");
    let answer: serde_json::Value = serde_json::from_str(&paste(&asking)).unwrap();
    assert!(answer["data"]["user"]["name"].is_string() && answer.get("errors").is_none(), "{answer}");
    assert!(answer["data"]["marks"]["averages"]["student"].is_number(), "{answer}");
    // Hers is from PRONOTE, the picture is of a pupil from the file, and a third has none.
    let fanny = paste(&[cards[0]]);
    assert!(fanny.contains("\"lastname\":\"PARENT\"") && fanny.contains("\"errors\":[]"), "{fanny}");
    let in_folder = format!("cd '{folder}'");
    paste(&[&in_folder, cards[1]]);
    assert!(std::fs::read(data.path().join("card.png")).unwrap().starts_with(b"\x89PNG"));
    assert!(paste(&[cards[2]]).contains("NO_ACTIVE_CARD: holds"));
    assert_eq!(demo.end("-INT"), Some(0));
}

#[test]
fn an_address_in_use_is_told() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for (arguments, named) in [
        (&["demo", "--listen", &address][..], "--listen"),
        (&["demo", "--listen", "127.0.0.1:0", "--gateway", &address], "--gateway"),
        (&["emulator", "--listen", &address], "--listen"),
    ] {
        let ran = cartable(data.path(), arguments);
        assert_eq!(ran.code, 3);
        assert!(ran.err.contains(named), "{}", ran.err);
    }
}
