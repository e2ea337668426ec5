//! What a board keeps that is killed in the middle of its work, and what eight clients at once see of it.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread;
use std::time::Duration;

use emulator::chat::{Next, Vk, VkConfig};
use serde_json::{Value, json};

use crate::running::{Running, exchange, try_exchange, until};

const PASSWORD: &str = "Parol-77-parol";

/// How often the board is killed; a hundred times where `CI` is set.
fn rounds() -> i64 {
    if std::env::var_os("CI").is_some() { 100 } else { 10 }
}

/// For how long clients work at once; a minute where `CI` is set.
fn a_while() -> Duration {
    Duration::from_secs(if std::env::var_os("CI").is_some() { 60 } else { 5 })
}

/// Makes a head in a board's folder.
fn head(data: &Path) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cartable"));
    command.args(["board", "user", "add", "olga", "--head", "--password-stdin", "--data"]).arg(data);
    let mut adding = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    adding.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(adding.wait().unwrap().success());
}

fn serving(data: &Path) -> Running {
    Running::start(&["serve", "0", "--data", data.to_str().unwrap()])
}

/// Calls a method of the old API; nothing when the server is not there any more.
fn call(place: &str, method: &str, key: &str, body: Option<&Value>) -> Option<Value> {
    let verb = if body.is_some() { "POST" } else { "GET" };
    let head = format!("{verb} /api/{method} HTTP/1.1\r\nkey: {key}\r\n");
    let (status, text) = try_exchange(place, &head, &body.map(Value::to_string).unwrap_or_default()).ok()?;
    assert_eq!(status, 200, "{method}: {text}");
    serde_json::from_str(&text).ok()
}

fn sign_in(place: &str) -> String {
    let head = "POST /api/auth.php HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let (_, text) = exchange(place, head, &format!("user=olga&pass={PASSWORD}"));
    let answer: Value = serde_json::from_str(&text).unwrap();
    answer["key"].as_str().unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// A week of which every text and every number says the same.
fn week(number: i64) -> Value {
    json!({ "TextTimetable": vec![number.to_string(); 6], "NumericTimetable": vec![vec![number; 8]; 6] })
}

/// The number that a week says, everywhere.
fn number_of(week: &Value) -> i64 {
    let number = week["NumericTimetable"][0][0].as_i64().unwrap_or_else(|| panic!("no week: {week}"));
    assert_eq!(*week, self::week(number), "a week is of one saving");
    number
}

#[test]
fn a_kill_in_the_middle_of_savings_leaves_the_old_or_the_new_and_never_a_mixture() {
    let data = tempfile::tempdir().unwrap();
    head(data.path());
    let (told, tried) = (AtomicI64::new(0), AtomicI64::new(0));
    let mut key = None;
    for round in 0..rounds() {
        let server = serving(data.path());
        let place = server.place();
        let key = key.get_or_insert_with(|| {
            let key = sign_in(&place);
            call(&place, "updateTimetable.php", &key, Some(&week(0))).unwrap();
            key
        });
        // The key of the first round is good in all of them: its session is not lost either.
        let seen = number_of(&call(&place, "getTimetable.php", key, None).unwrap());
        let (least, most) = (told.load(Ordering::SeqCst), tried.load(Ordering::SeqCst));
        assert!((least..=most).contains(&seen), "{seen} was read; {least} was told to be saved, {most} was tried");
        tried.store(seen, Ordering::SeqCst);
        told.store(seen, Ordering::SeqCst);
        thread::scope(|scope| {
            scope.spawn(|| {
                loop {
                    let next = tried.fetch_add(1, Ordering::SeqCst) + 1;
                    let Some(answer) = call(&place, "updateTimetable.php", key, Some(&week(next))) else { return };
                    assert_eq!(answer, json!({ "updated": true }));
                    told.store(next, Ordering::SeqCst);
                }
            });
            until(|| told.load(Ordering::SeqCst) > seen);
            // At another place of a saving each time.
            thread::sleep(Duration::from_micros(u64::try_from(round * 337 % 9000).unwrap()));
            server.end("-KILL");
        });
    }
}

#[test]
fn eight_clients_on_one_key_lose_nothing_and_read_whole_weeks() {
    let data = tempfile::tempdir().unwrap();
    head(data.path());
    let server = serving(data.path());
    let (place, key) = (server.place(), sign_in(&server.place()));
    call(&place, "updateTimetable.php", &key, Some(&week(0))).unwrap();
    call(&place, "addSubjects.php", &key, Some(&json!({ "names": ["А", "Б", "В", "Г"] }))).unwrap();
    let ended = AtomicBool::new(false);
    let asked = AtomicI64::new(0);
    thread::scope(|scope| {
        for client in 0..8_i64 {
            let (place, key, ended, asked) = (&place, &key, &ended, &asked);
            scope.spawn(move || {
                let mut number = client;
                while !ended.load(Ordering::Relaxed) {
                    number += 8;
                    if client < 4 {
                        let note = json!({ "ID": client + 1, "Homework": number.to_string() });
                        assert_eq!(call(place, "updateHomework.php", key, Some(&note)).unwrap()["updated"], true);
                        let kept = call(place, &format!("getHomework.php?id={}", client + 1), key, None).unwrap();
                        assert_eq!(kept["Homework"], number.to_string(), "nobody else writes this one");
                        call(place, "updateTimetable.php", key, Some(&week(number))).unwrap();
                    }
                    number_of(&call(place, "getTimetable.php", key, None).unwrap());
                    assert_eq!(call(place, "getSubjects.php", key, None).unwrap().as_array().unwrap().len(), 4);
                    asked.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        thread::sleep(a_while());
        ended.store(true, Ordering::Relaxed);
    });
    assert!(asked.load(Ordering::Relaxed) > 100, "they were at work");
}

#[cfg(unix)]
#[test]
fn a_full_disk_refuses_what_does_not_fit_and_loses_nothing() {
    let data = tempfile::tempdir().unwrap();
    head(data.path());
    // No file of this process grows beyond a megabyte (the shell counts in blocks of 512 or 1024 bytes); the signal that
    // would end it is ignored, so that writing fails as it does on a full disk.
    let script = "trap '' XFSZ; ulimit -f 1024; exec \"$0\" serve 0 --data \"$1\"";
    let server = Running::of(Command::new("sh").args(["-c", script, env!("CARGO_BIN_EXE_cartable")]).arg(data.path()));
    let (place, key) = (server.place(), sign_in(&server.place()));
    call(&place, "addSubjects.php", &key, Some(&json!({ "names": ["Алгебра"] }))).unwrap();
    let text = |round: usize| format!("{round} {}", "x".repeat(100_000));
    let save = |round: usize| {
        let note = json!({ "ID": 1, "Homework": text(round) });
        call(&place, "updateHomework.php", &key, Some(&note)).unwrap()
    };
    let mut kept = 0;
    let refused = (1..40).find_map(|round| {
        let answer = save(round);
        if answer["updated"] == true {
            kept = round;
        }
        answer.get("errorcode").cloned()
    });
    assert_eq!(refused, Some(json!(2)), "it is told, as trouble with the database");
    let now = || call(&place, "getHomework.php?id=1", &key, None).unwrap()["Homework"].clone();
    assert_eq!(now(), text(kept), "what was said to be saved is there");
    server.end("-TERM");
    let again = serving(data.path());
    assert_eq!(call(&again.place(), "getHomework.php?id=1", &key, None).unwrap()["Homework"], text(kept));
    let note = json!({ "ID": 1, "Homework": "room again" });
    assert_eq!(call(&again.place(), "updateHomework.php", &key, Some(&note)).unwrap(), json!({ "updated": true }));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_to_be_sent_when_the_board_is_killed_is_sent_once_after_it() {
    const EVENTS: u64 = 20;
    let vk = Vk::start(VkConfig::default()).await.unwrap();
    let data = tempfile::tempdir().unwrap();
    head(data.path());
    let configuration = format!(
        "[vk]\ntoken = {:?}\nconfirmation = {:?}\napi = {:?}\nrequests_per_second = 1000\n",
        vk.config().token,
        vk.config().confirmation,
        vk.url()
    );
    std::fs::write(data.path().join("cartable.toml"), configuration).unwrap();
    // The first arrives, and nobody is told: it is tried again, before the end or after it.
    vk.answer_next("messages.send", Next::Lost);
    let server = serving(data.path());
    for event in 0..EVENTS {
        let message = json!({
            "date": 1_756_717_200, "from_id": 1, "id": event, "out": 0, "text": "замены", "peer_id": 100 + event,
        });
        let event = json!({
            "type": "message_new", "group_id": vk.config().group, "event_id": format!("e{event}"), "v": "5.199",
            "object": { "message": message },
        });
        assert_eq!(server.post("/index.php", &[], &event), (200, Value::String("ok".to_owned())));
    }
    server.end("-KILL");
    let again = serving(data.path());
    let sends = vk.sent(EVENTS).await;
    let mut peers: Vec<i64> = sends.iter().map(|call| call.peer).collect();
    peers.sort_unstable();
    assert_eq!(peers, (100..120).collect::<Vec<_>>(), "each once");
    assert_eq!(again.end("-TERM"), Some(0));
    assert_eq!(vk.counts().sent, EVENTS);
}
