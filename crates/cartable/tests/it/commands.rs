//! The commands that need no account: demo, emulator, decode, find, completions, man.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::command::{cartable, typing};
use crate::school::School;

/// Ends a process as a person does with Ctrl-C, and gives its exit code.
fn interrupt(mut process: Child) -> Option<i32> {
    let killed = Command::new("kill").args(["-INT", &process.id().to_string()]).status().unwrap();
    assert!(killed.success());
    process.wait().unwrap().code()
}

fn start(arguments: &[&str]) -> (Child, Vec<String>) {
    let mut process = Command::new(env!("CARGO_BIN_EXE_cartable"))
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut said = Vec::new();
    for line in lines {
        let ready = line.contains("ready: ");
        said.push(line);
        if ready {
            break;
        }
    }
    (process, said)
}

fn get(origin: &str, path: &str) -> String {
    let host = origin.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_demo_tells_where_to_go_and_its_commands_work() {
    let data = tempfile::tempdir().unwrap();
    let (process, said) = start(&["demo", "--listen", "127.0.0.1:0", "--data", data.path().to_str().unwrap()]);
    let origin = said.last().unwrap().strip_prefix("ready: ").unwrap().to_owned();
    assert!(origin.starts_with("http://127.0.0.1:") && origin.ends_with('/'));
    let page = get(&origin, "/");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("pronote/eleve.html"), "{page}");
    assert!(get(&origin, "/pronote/eleve.html").starts_with("HTTP/1.1 200"));

    // The three commands, copied as they stand.
    let commands: Vec<&String> = said.iter().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(commands.len(), 3, "{said:#?}");
    for command in commands {
        let ran = Command::new("sh").arg("-c").arg(command).env_remove("CARTABLE_DATA").output().unwrap();
        assert!(ran.status.success(), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
        assert!(!ran.stdout.is_empty());
    }
    assert!(data.path().join("pronote/profiles/demo.json").exists(), "they use the folder of the demo");
    assert_eq!(interrupt(process), Some(0));
}

#[test]
fn the_emulator_says_one_line_when_it_is_ready_and_ends_cleanly() {
    let (process, said) = start(&["emulator", "--listen", "127.0.0.1:0", "--profile", "g26", "--encrypt"]);
    assert_eq!(said.len(), 1);
    let url = said[0].strip_prefix("emulator ready: ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/pronote/"), "{url}");
    assert_eq!(interrupt(process), Some(0));
}

#[test]
fn a_school_can_be_written_changed_and_served() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("school.toml");
    let path = file.to_str().unwrap();
    cartable(data.path(), &["emulator", "--write-school", path]).done();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("Collège Cartable", "Collège de la Mer", 1)).unwrap();
    let school = School::start(&["--school", path]);
    let told = cartable(data.path(), &["pronote", "instance", "--url", &school.url, "--json"]).json();
    assert_eq!(told["data"]["name"], "Collège de la Mer");

    std::fs::write(&file, "name = 3").unwrap();
    let wrong = cartable(data.path(), &["emulator", "--school", path]);
    assert_eq!(wrong.code, 3);
    assert!(wrong.err.contains("line 1"), "{}", wrong.err);
}

#[test]
fn an_address_in_use_is_told() {
    let data = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for command in ["demo", "emulator"] {
        let ran = cartable(data.path(), &[command, "--listen", &address]);
        assert_eq!(ran.code, 3);
        assert!(ran.err.contains("--listen"), "{}", ran.err);
    }
}

#[test]
fn schools_near_a_place_are_found() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let directory = school.url.replace("pronote/", "swie/geoloc.php");
    let find = |latitude: &str, longitude: &str| {
        let place = ["--lat", latitude, "--lon", longitude, "--directory", &directory, "--json"];
        cartable(data.path(), &[&["pronote", "find"][..], &place].concat())
    };
    assert_eq!(find("48.85", "2.35").json()["data"][0]["name"], "Collège Cartable");
    assert_eq!(find("-33.86", "151.2").json()["data"], serde_json::json!([]), "nothing there");
    assert_eq!(find("91", "0").code, 2);
}

#[test]
fn a_captured_answer_is_decoded_with_what_could_not_be_read() {
    let data = tempfile::tempdir().unwrap();
    let answer = r#"{"data":{"General":{"PremierLundi":{"_T":7,"V":"01/09/2025"},"NomEtablissement":[]}}}"#;
    let decode = |arguments: &[&str], text| typing(data.path(), &[&["pronote", "decode"], arguments].concat(), text);
    let decoded = decode(&["FonctionParametres", "-", "--json"], answer).json();
    assert_eq!(decoded["data"]["first_monday"], "2025-09-01");
    assert!(decoded["diagnostics"][0]["path"].as_str().unwrap().contains("NomEtablissement"));

    let unknown = decode(&["PageInconnue", "-"], answer);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("PageEmploiDuTemps (tab 16)"), "{}", unknown.err);
    assert_eq!(decode(&["FonctionParametres", "-"], "<html>").code, 3);
    assert_eq!(decode(&["FonctionParametres", "-"], "[]").code, 7);
    assert_eq!(decode(&["FonctionParametres", "missing.json"], "").code, 3);
}

#[test]
fn any_function_can_be_asked_and_none_that_changes_something_unasked() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let sign_in = ["pronote", "login", "--url", &school.url, "--username", "demonstration", "--password-stdin"];
    typing(data.path(), &sign_in, "pronotevs").done();
    let request = |arguments: &[&str]| cartable(data.path(), &[&["pronote", "request"], arguments].concat());
    let answer = request(&["PageMenus", r#"{"date":{"_T":7,"V":"23/11/2026"}}"#, "--tab", "10"]).json();
    assert!(answer["data"].is_object());
    let unasked = request(&["SaisieTAFFaitEleve", "--tab", "88"]);
    assert!(unasked.code == 2 && unasked.err.contains("Add --write"), "{}", unasked.err);
    assert_eq!(request(&["PageMenus", "{", "--tab", "10"]).code, 2);
    assert_eq!(request(&["PageInconnue"]).code, 4, "the server denies what it does not know");
}

#[test]
fn completions_and_man_pages_know_every_command() {
    let data = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = cartable(data.path(), &["completions", shell]).done();
        assert!(script.contains("timetable") && script.contains("diagnose"), "{shell}");
    }
    let man = data.path().join("man");
    cartable(data.path(), &["man", man.to_str().unwrap()]).done();
    let page = std::fs::read_to_string(man.join("cartable-pronote-login.1")).unwrap();
    assert!(page.contains("keep\\-password"), "{page}");
}

#[test]
fn help_documents_the_exit_codes() {
    let data = tempfile::tempdir().unwrap();
    let help = cartable(data.path(), &["--help"]).done();
    assert!(help.contains("Exit codes:") && help.contains("4  refused"), "{help}");
    assert_eq!(cartable(data.path(), &["nonsense"]).code, 2);
}
