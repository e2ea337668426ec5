//! A server, and commands beside it.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::{add_user, board};
use crate::command::cartable;
use crate::running::{Running, exchange, until};

/// A server with a class board, and what it says beside its output.
fn serving(data: &Path, options: &[&str]) -> (Running, String) {
    let log = data.join("log");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cartable"));
    command.args(["serve", "0", "--data", data.to_str().unwrap()]).args(options);
    let running = Running::logging(&mut command, Stdio::from(File::create(&log).unwrap()));
    (running, fs::read_to_string(&log).unwrap())
}

/// Signs in at the old API.
fn sign_in(server: &Running, name: &str, password: &str) -> Value {
    let head = "POST /api/auth.php HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let (status, body) = exchange(&server.place(), head, &format!("user={name}&pass={password}"));
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

/// Asks the old API with a key.
fn ask(server: &Running, key: &str, method: &str) -> Value {
    let (status, body) = exchange(&server.place(), &format!("GET /api/{method}.php HTTP/1.1\r\nkey: {key}\r\n"), "");
    assert_eq!(status, 200, "{body}");
    serde_json::from_str(&body).unwrap()
}

fn key_of(signed_in: &Value) -> String {
    signed_in["key"].as_str().unwrap_or_else(|| panic!("{signed_in}")).to_owned()
}

#[test]
fn the_first_start_tells_a_password_once() {
    let data = tempfile::tempdir().unwrap();
    let (server, said) = serving(data.path(), &[]);
    let password = said.trim().rsplit(' ').next().unwrap();
    assert!(said.contains("Sign in as `head`") && password.len() == 19, "{said}");
    let signed_in = sign_in(&server, "head", password);
    assert_eq!(signed_in["pr"], 2);
    assert_eq!(ask(&server, &key_of(&signed_in), "getSubjects"), json!([]));
    assert_eq!(server.end("-TERM"), Some(0));

    let (server, said) = serving(data.path(), &[]);
    assert!(!said.contains("password"), "{said}");
    assert_eq!(sign_in(&server, "head", password)["pr"], 2, "it is still the one");
}

#[tokio::test]
async fn what_a_command_does_beside_a_server_is_seen_within_a_second() {
    let data = tempfile::tempdir().unwrap();
    add_user(data.path(), "olga", "Parol-77", &["--head"]).done();
    let (server, said) = serving(data.path(), &[]);
    assert!(said.is_empty(), "{said}");
    assert_eq!(sign_in(&server, "anna", "parol")["errorcode"], 3);
    let olga = key_of(&sign_in(&server, "olga", "Parol-77"));

    let old = super::old_installation(data.path()).await;
    board(data.path(), &["import", old.to_str().unwrap()]).done();
    let began = std::time::Instant::now();
    until(|| ask(&server, &olga, "getSubjects").as_array().is_some_and(|subjects| subjects.len() == 2));
    assert!(began.elapsed().as_secs() < 1);
    assert_eq!(ask(&server, &olga, "getChanges")["TextChanges"], "Физики не будет");
    let anna = key_of(&sign_in(&server, "anna", "parol"));
    let copy = data.path().join("copy.db");
    board(data.path(), &["backup", copy.to_str().unwrap()]).done();

    board(data.path(), &["user", "remove", "anna"]).done();
    until(|| ask(&server, &anna, "getSubjects")["errorcode"] == 4);
    let change = ["board", "user", "password", "olga", "--password-stdin"];
    crate::command::typing(data.path(), &change, "Parol-81\n").done();
    until(|| sign_in(&server, "olga", "Parol-81")["pr"] == 2);
    assert_eq!(sign_in(&server, "olga", "Parol-77")["errorcode"], 3);
}

#[test]
fn the_clock_of_a_test_can_be_moved_and_nobody_is_told_how() {
    let data = tempfile::tempdir().unwrap();
    add_user(data.path(), "olga", "Parol-77", &["--head"]).done();
    let file = data.path().join("offset");
    let (server, _) = serving(data.path(), &["--clock-offset-file", file.to_str().unwrap()]);
    let key = key_of(&sign_in(&server, "olga", "Parol-77"));
    fs::write(&file, "1790").unwrap();
    assert_eq!(ask(&server, &key, "getSubjects"), json!([]), "each use prolongs a key");
    fs::write(&file, "3580").unwrap();
    assert_eq!(ask(&server, &key, "getSubjects"), json!([]));
    fs::write(&file, "5390").unwrap();
    assert_eq!(ask(&server, &key, "getSubjects")["errorcode"], 5);
    assert_eq!(ask(&server, &key, "getSubjects")["errorcode"], 4, "it is forgotten");
    let help = cartable(data.path(), &["serve", "--help"]).done();
    assert!(!help.contains("clock") && help.contains("--allow"), "{help}");
}

#[test]
fn a_board_that_is_not_wanted_is_not_there() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("cartable.toml"), "[board]\nenabled = false\n").unwrap();
    let (server, said) = serving(data.path(), &[]);
    assert!(said.is_empty() && !data.path().join("board").exists(), "{said}");
    assert_eq!(server.get("/api/getSubjects.php").0, 404);
}
