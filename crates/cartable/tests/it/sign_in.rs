//! Signing in, and what is kept.

use std::fs;

use crate::command::{Ran, cartable, typing};
use crate::school::School;

/// Signs the demonstration pupil in.
fn log_in(data: &std::path::Path, school: &School, more: &[&str]) -> Ran {
    let base = ["pronote", "login", "--url", &school.url, "--username", "demonstration", "--password-stdin"];
    typing(data, &[&base[..], more].concat(), "pronotevs\n")
}

#[test]
fn a_password_makes_a_profile_that_later_commands_use() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    assert!(log_in(data.path(), &school, &[]).done().contains("PARENT Fanny"));
    for _ in 0..2 {
        assert!(cartable(data.path(), &["pronote", "user"]).done().contains("PARENT Fanny"));
    }
    let profiles = cartable(data.path(), &["pronote", "profiles", "--json"]).json();
    let profiles = &profiles["data"];
    assert_eq!(profiles[0]["login"], "demonstration");
    assert_eq!((&profiles[0]["default"], &profiles[0]["pace"]), (&true.into(), &"off".into()));

    cartable(data.path(), &["pronote", "logout"]).done();
    let gone = cartable(data.path(), &["pronote", "user"]);
    assert_eq!(gone.code, 3);
    assert!(gone.err.contains("cartable pronote login"), "{}", gone.err);
}

#[test]
fn a_wrong_password_is_refused_with_advice_and_keeps_nothing() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let arguments = ["pronote", "login", "--url", &school.url, "--username", "demonstration", "--password-stdin"];
    let refused = typing(data.path(), &arguments, "wrong\n");
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("Check the login and the password"), "{}", refused.err);
    assert!(!refused.err.contains("wrong\n") && refused.out.is_empty());
    assert_eq!(cartable(data.path(), &["pronote", "profiles", "--json"]).json()["data"], serde_json::json!([]));
}

#[test]
fn nobody_at_the_terminal_is_told_which_option_to_give() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let run = |more: &[&str]| cartable(data.path(), &[&["pronote", "login"], more].concat());
    for (arguments, code, advice) in [
        (&[][..], 2, "--url"),
        (&["--url", &school.url], 2, "--username"),
        (&["--url", &school.url, "--username", "demonstration"], 2, "--password-stdin"),
        (&["--url", "nonsense://", "--username", "demonstration"], 2, "address"),
    ] {
        let ran = run(arguments);
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(advice), "{}", ran.err);
    }
    let asked = ["pronote", "login", "--url", &school.url, "--username", "code", "--password-stdin"];
    let refused = typing(data.path(), &asked, "pronotevs\n");
    assert_eq!(refused.code, 4);
    assert!(refused.err.contains("--device-pin"), "{}", refused.err);
    typing(data.path(), &[&asked[..], &["--device-pin", "1234"]].concat(), "pronotevs\n").done();
}

#[test]
fn a_forced_new_password_is_the_one_that_is_kept() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let base =
        ["pronote", "login", "--url", &school.url, "--username", "premier", "--password-stdin", "--keep-password"];
    let answers = ["--new-password", "Nouveau-2026", "--strategy", "pin", "--device-pin", "4321"];
    typing(data.path(), &[&base[..], &answers].concat(), "pronotevs").done();
    let profiles = gateway::Profiles::open(data.path()).unwrap();
    let (_, secrets) = profiles.unseal(&profiles.default_name().unwrap()).unwrap();
    assert_eq!(secrecy::ExposeSecret::expose_secret(&secrets.password.unwrap()), "Nouveau-2026");
}

#[test]
fn a_qr_code_signs_in_once_from_a_picture() {
    let data = tempfile::tempdir().unwrap();
    let picture = data.path().join("code.png");
    let picture = picture.to_str().unwrap();
    let school = School::start(&["--qr", "demonstration", "--qr-pin", "4321", "--qr-png", picture]);
    let sign_in = |pin: &str| cartable(data.path(), &["pronote", "login", "--qr", picture, "--pin", pin]);
    assert_eq!(sign_in("1111").code, 4, "another PIN");
    sign_in("4321").done();
    assert!(sign_in("4321").err.contains("Make a new QR code"));

    // A code of our own, as text, for another device.
    let made = cartable(data.path(), &["pronote", "qr", "--pin", "2222", "--json"]).json();
    let text = made["data"]["text"].as_str().unwrap();
    cartable(data.path(), &["pronote", "--profile", "other", "login", "--qr", text, "--pin", "2222"]).done();
    assert_eq!(cartable(data.path(), &["pronote", "login", "--qr", "{}", "--pin", "2222"]).code, 2);
    fs::write(data.path().join("none.png"), "no picture").unwrap();
    let none = data.path().join("none.png");
    assert_eq!(cartable(data.path(), &["pronote", "login", "--qr", none.to_str().unwrap(), "--pin", "2222"]).code, 3);
    drop(school);
}

#[test]
fn the_environment_is_enough_without_a_profile() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let run = |password: &str| {
        std::process::Command::new(env!("CARGO_BIN_EXE_cartable"))
            .args(["pronote", "user"])
            .env("CARTABLE_DATA", data.path())
            .env("CARTABLE_PRONOTE_URL", &school.url)
            .env("CARTABLE_PRONOTE_USERNAME", "demonstration")
            .env("CARTABLE_PRONOTE_PASSWORD", password)
            .env("CARTABLE_PRONOTE_SPACE", "parent")
            .output()
            .unwrap()
    };
    let user = run("pronotevs");
    assert!(String::from_utf8_lossy(&user.stdout).contains("PARENT Flore"));
    assert_eq!(run("").status.code(), Some(2));
    assert!(!data.path().join("key").exists(), "nothing was kept");
}

#[test]
fn the_only_profile_is_the_default_one() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    log_in(data.path(), &school, &["--profile", "mine"]).done();
    assert!(cartable(data.path(), &["pronote", "user"]).done().contains("PARENT Fanny"));
    log_in(data.path(), &school, &["--profile", "hers", "--space", "parent"]).done();
    let as_parent = cartable(data.path(), &["pronote", "user", "--space", "parent"]);
    assert!(as_parent.err.contains("profile `mine` has its own school, login and space"), "{}", as_parent.err);
    assert!(as_parent.done().contains("PARENT Fanny"), "a second profile changes nothing");
}

#[test]
fn a_teacher_has_a_calendar_without_homework() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    log_in(data.path(), &school, &["--space", "teacher"]).done();
    let calendar = cartable(data.path(), &["pronote", "ics"]);
    assert!(calendar.err.contains("no homework page"), "{}", calendar.err);
    assert!(calendar.done().contains("BEGIN:VEVENT"));
    assert_eq!(cartable(data.path(), &["pronote", "ics", "--only", "homework"]).code, 4);
}

#[test]
fn a_child_is_chosen_by_number_or_name() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    log_in(data.path(), &school, &["--space", "parent"]).done();
    let timetable = |child: &str| cartable(data.path(), &["pronote", "--child", child, "timetable", "--json"]);
    let (first, second) = (timetable("1").done(), timetable("léo").done());
    assert_ne!(first, second);
    let none = timetable("3");
    assert_eq!(none.code, 8);
    assert!(none.err.contains("2 PARENT Léo"), "{}", none.err);
}

#[test]
fn a_token_of_another_client_signs_in() {
    let (school, theirs, ours) = (School::start(&[]), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    log_in(theirs.path(), &school, &[]).done();
    let profiles = gateway::Profiles::open(theirs.path()).unwrap();
    let (profile, secrets) = profiles.unseal(&profiles.default_name().unwrap()).unwrap();
    let token = secrets.token.unwrap();
    let base = ["pronote", "login", "--url", &school.url, "--username", "demonstration"];
    let sign_in = |device: &str| {
        let with = ["--token", "-", "--device-id", device];
        typing(ours.path(), &[&base[..], &with].concat(), secrecy::ExposeSecret::expose_secret(&token))
    };
    assert_eq!(sign_in("another-device").code, 4, "a token is bound to its device");
    sign_in(&profile.device.id).done();
    cartable(ours.path(), &["pronote", "user"]).done();
}

#[test]
fn a_wrong_configuration_is_named_with_its_line() {
    let data = tempfile::tempdir().unwrap();
    fs::write(data.path().join("cartable.toml"), "[pace]\nburst = 2\nhaste = 1\n").unwrap();
    let ran = cartable(data.path(), &["pronote", "profiles"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("cartable.toml:3: `haste`"), "{}", ran.err);
    fs::write(data.path().join("cartable.toml"), "[pace]\nburst = 2\n").unwrap();
    cartable(data.path(), &["pronote", "profiles"]).done();
    assert_eq!(cartable(data.path(), &["--log", "=", "pronote", "profiles"]).code, 2);
}

#[test]
fn a_server_that_is_not_there_is_unreachable() {
    let data = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/pronote/", listener.local_addr().unwrap());
    drop(listener);
    let ran = cartable(data.path(), &["pronote", "instance", "--url", &url]);
    assert_eq!(ran.code, 5, "{}", ran.err);
}

#[test]
fn a_suspended_address_is_held_back() {
    let (school, data) = (School::start(&["--fault", "page:suspended"]), tempfile::tempdir().unwrap());
    let ran = log_in(data.path(), &school, &[]);
    assert_eq!(ran.code, 6, "{}", ran.err);
    assert!(ran.err.contains("Wait"), "{}", ran.err);
}
