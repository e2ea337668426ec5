//! The gateway, as the person who runs it and the programs that ask it see it.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};

use emulator::Emulator;
use serde_json::{Value, json};

use crate::command::cartable;
use crate::peers::{installed, judge};
use crate::running::{Running, exchange, until};
use crate::school::School;

/// A gateway on a free port that may reach a school.
pub(crate) fn serving(data: &Path, school: &str) -> Running {
    Running::start(&["serve", "0", "--data", data.to_str().unwrap(), "--allow", school])
}

/// A school in this process, which can be looked into.
async fn school_here() -> Emulator {
    Emulator::start(emulator::Config::new(emulator::School::demo(emulator::Clock::system()))).await.unwrap()
}

/// Signs the pupil of the demonstration in.
fn sign_in(gateway: &Running, school: &str) -> (u16, Value) {
    let body = json!({ "url": school, "username": "demonstration", "password": "pronotevs" });
    gateway.post("/auth/login", &[], &body)
}

#[test]
fn a_question_goes_all_the_way_to_the_school_and_back() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let gateway = serving(data.path(), &school.url);
    let (status, signed_in) = sign_in(&gateway, &school.url);
    assert_eq!(status, 200, "{signed_in}");
    let token = signed_in["token"].as_str().unwrap();
    let (status, answer) = gateway.post("/graphql", &[("Token", token)], &json!({ "query": "{ user { name } }" }));
    assert_eq!(status, 200);
    assert!(answer["data"]["user"]["name"].as_str().is_some_and(|name| !name.is_empty()), "{answer}");
}

#[test]
fn a_school_that_nobody_allowed_is_not_reached() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let gateway = Running::start(&["serve", "0", "--data", data.path().to_str().unwrap()]);
    let (status, answer) = sign_in(&gateway, &school.url);
    assert!((400..500).contains(&status), "{status}: {answer}");
    assert_eq!(answer["code"], "FORBIDDEN_ADDRESS", "{answer}");
}

#[test]
fn the_line_it_says_names_the_place_where_it_listens() {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().to_str().unwrap();
    for (host, shown) in [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::1", "[::1]")] {
        let gateway = Running::start(&["serve", "0", host, "--data", folder]);
        let place = gateway.said.last().unwrap().strip_prefix("--> Listening on ").unwrap();
        assert_eq!(place.rsplit_once(':').unwrap().0, shown);
        assert_eq!(gateway.said.len(), 1);
        assert_eq!(gateway.get("/health").0, 200);
    }
}

#[test]
fn a_port_in_use_and_a_wrong_one_are_told() {
    let data = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let ran = cartable(data.path(), &["serve", &taken.local_addr().unwrap().port().to_string()]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    assert!(ran.err.contains("could not listen on 127.0.0.1:"), "{}", ran.err);
    for wrong in ["http", "70000", "-1"] {
        assert_eq!(cartable(data.path(), &["serve", wrong]).code, 2, "{wrong}");
    }
    assert!(cartable(data.path(), &["serve", "--help"]).done().contains("21727"));
}

#[test]
fn listening_wider_than_this_machine_is_refused_unless_it_is_meant() {
    let data = tempfile::tempdir().unwrap();
    let ran = cartable(data.path(), &["serve", "0", "0.0.0.0"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("public = true"), "{}", ran.err);
    std::fs::write(data.path().join("cartable.toml"), "[serve]\npublic = true\n").unwrap();
    let gateway = Running::start(&["serve", "0", "0.0.0.0", "--data", data.path().to_str().unwrap()]);
    assert_eq!(gateway.get("/health").0, 200);
}

#[cfg(unix)]
#[test]
fn a_link_with_the_old_server_s_name_serves() {
    let data = tempfile::tempdir().unwrap();
    let link = data.path().join("pronote-api-server");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cartable"), &link).unwrap();
    let gateway = Running::of(Command::new(&link).args(["0", "127.0.0.1"]).env("CARTABLE_DATA", data.path()));
    assert_eq!(gateway.get("/health").0, 200);
    let help = Command::new(&link).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("pronote-api-server [OPTIONS] [PORT] [HOST]"), "{help}");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn when_it_is_told_to_end_it_logs_out_at_the_school() {
    for signal in ["-INT", "-TERM"] {
        let (school, data) = (school_here().await, tempfile::tempdir().unwrap());
        let gateway = serving(data.path(), school.url());
        assert_eq!(sign_in(&gateway, school.url()).0, 200);
        assert_eq!(school.open_sessions().await, 1);
        assert_eq!(gateway.end(signal), Some(0));
        assert_eq!(school.open_sessions().await, 0, "{signal}");
    }
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() {
    let (school, data) = (school_here().await, tempfile::tempdir().unwrap());
    school.faults().add("SaisieDeconnexion:delay=60000".parse().unwrap());
    let gateway = serving(data.path(), school.url());
    assert_eq!(sign_in(&gateway, school.url()).0, 200);
    gateway.signal("-TERM");
    gateway.wait_until_nobody_listens();
    assert_eq!(gateway.end("-TERM"), Some(1), "it does not wait for the school");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_at_hand_when_it_is_told_to_end_is_answered() {
    let (school, data) = (school_here().await, tempfile::tempdir().unwrap());
    // What keeps a session alive has one name or the other, by PRONOTE's year.
    for function in ["Presence", "Navigation"] {
        school.faults().add(format!("{function}:delay=1000").parse().unwrap());
    }
    let gateway = serving(data.path(), school.url());
    let (_, signed_in) = sign_in(&gateway, school.url());
    let (place, token) = (gateway.place(), signed_in["token"].as_str().unwrap().to_owned());
    let asked = std::thread::spawn(move || {
        let head = format!("POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\nToken: {token}\r\n");
        exchange(&place, &head, r#"{"query":"mutation { keepAlive }"}"#)
    });
    until(|| school.count("Presence") + school.count("Navigation") > 0);
    assert_eq!(gateway.end("-TERM"), Some(0));
    assert_eq!(asked.join().unwrap(), (200, r#"{"data":{"keepAlive":true}}"#.to_owned()));
    assert_eq!(school.open_sessions().await, 0);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_kept_sign_in_outlives_the_process() {
    let (school, data) = (school_here().await, tempfile::tempdir().unwrap());
    let start = || {
        let arguments = ["serve", "0", "--data", data.path().to_str().unwrap(), "--allow", school.url()];
        let mut command = Command::new(env!("CARGO_BIN_EXE_cartable"));
        Running::of(command.args(arguments).env("CARTABLE_SERVE_KEEP_SIGN_INS", "true"))
    };
    let gateway = start();
    let (_, signed_in) = sign_in(&gateway, school.url());
    let token = [("Token", signed_in["token"].as_str().unwrap())];
    assert_eq!(gateway.end("-TERM"), Some(0));

    let gateway = start();
    let (status, answer) = gateway.post("/graphql", &token, &json!({ "query": "{ user { name } }" }));
    assert!(status == 200 && answer["data"]["user"]["name"].is_string(), "{answer}");
    assert_eq!(gateway.post("/auth/logout", &token, &json!({})).0, 200);
    assert_eq!(gateway.end("-TERM"), Some(0));

    let gateway = start();
    let (status, answer) = gateway.post("/graphql", &token, &json!({ "query": "{ user { name } }" }));
    assert_eq!((status, &answer["message"]), (401, &json!("Unknown session token")));
}

#[test]
fn variables_and_secrets_reach_the_server() {
    let data = tempfile::tempdir().unwrap();
    let gateway = Running::of(
        Command::new(env!("CARGO_BIN_EXE_cartable"))
            .arg("serve")
            .env("CARTABLE_DATA", data.path())
            .env("CARTABLE_SERVE_LISTEN", "127.0.0.1:0")
            .env("CARTABLE_SERVE_METRICS_TOKEN", "env:MINE")
            .env("MINE", "open sesame"),
    );
    assert_eq!(gateway.get("/metrics").0, 401);
    let head = "GET /metrics HTTP/1.1\r\nAuthorization: Bearer open sesame\r\n";
    let (status, numbers) = exchange(&gateway.place(), head, "");
    assert!(status == 200 && numbers.contains("cartable_tokens 0"), "{numbers}");
}

#[test]
fn what_it_says_goes_to_the_right_stream() {
    let data = tempfile::tempdir().unwrap();
    let gateway = Running::of(
        Command::new(env!("CARGO_BIN_EXE_cartable"))
            .args(["serve", "0", "--log", "debug", "--data", data.path().to_str().unwrap()])
            .stdin(Stdio::null()),
    );
    assert_eq!(gateway.get("/nothing").0, 404);
    assert_eq!(gateway.said.len(), 1, "logs go to stderr");
}

#[test]
fn no_log_names_a_school() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let said = data.path().join("said");
    let folder = data.path().to_str().unwrap();
    let gateway = Running::logging(
        Command::new(env!("CARGO_BIN_EXE_cartable")).args([
            "serve",
            "0",
            "--log",
            "trace",
            "--data",
            folder,
            "--allow",
            &school.url,
        ]),
        std::fs::File::create(&said).unwrap().into(),
    );
    assert_eq!(sign_in(&gateway, &school.url).0, 200);
    let said = std::fs::read_to_string(&said).unwrap();
    assert!(said.contains("Answered"), "it does log");
    let place = school.url.split('/').nth(2).unwrap();
    for secret in [place, "demonstration", "pronotevs"] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[test]
fn every_route_answers_as_its_description_says() {
    let Some(peers) = installed() else { return };
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let gateway = serving(data.path(), &school.url);
    let description = format!("http://{}/openapi.json", gateway.place());
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";
    // What it finds it keeps in the folder it runs in.
    judge(
        Command::new(peers.join("schemathesis/bin/schemathesis"))
            .args(["run", &description, "--phases", "examples,coverage,fuzzing", "--checks", checks])
            .args(["--max-examples", "10", "--seed", "1", "--no-color"])
            .current_dir(data.path()),
    );
}
