//! Eight clients of one key, reading and writing at once.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use board::History;
use serde_json::{Value, json};

use crate::house::House;
use crate::wire::{Ask, Line};

const CLIENTS: usize = 8;

/// How long they go on: `CARTABLE_TEST_SECONDS`, or a moment.
fn duration() -> Duration {
    let seconds = std::env::var("CARTABLE_TEST_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(3))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_clients_of_one_key_lose_no_session_and_no_write_and_tear_no_read() {
    for house in House::all().await {
        let key = house.head().await;
        let names: Vec<_> = (0..CLIENTS).map(|client| format!("Предмет {client}")).collect();
        house.ask(&Ask::json("/api/addSubjects.php", &json!({"names": names})).key(&key)).await;
        save(&mut Line::open(house.at, "127.0.0.1").await, &key, 0).await;
        let before = count_writes(&house).await;
        let end = Instant::now() + duration();
        let clients = (0..CLIENTS).map(|client| tokio::spawn(act(house.at, key.clone(), client, end)));
        let (mut reads, mut writes) = (0, 0);
        for client in clients.collect::<Vec<_>>() {
            let (read, written) = client.await.unwrap();
            reads += read;
            writes += written;
        }
        println!("{reads} reads, {writes} writes");
        assert_eq!(count_writes(&house).await - before, writes, "the history has them all");
        assert_eq!(house.head().await, key, "the session is the same");
    }
}

/// One client, until the end; tells how often it read and wrote.
async fn act(server: SocketAddr, key: String, client: usize, end: Instant) -> (usize, usize) {
    let mut line = Line::open(server, "127.0.0.1").await;
    let (mut reads, mut writes) = (0, 0);
    for round in 1.. {
        if Instant::now() >= end {
            break;
        }
        // Every value is written once in the whole test.
        let value = round * CLIENTS + client;
        let number = client + 1;
        if round % 4 == 0 {
            save(&mut line, &key, value).await;
            let text = value.to_string();
            let body = json!({"ID": number, "Homework": text});
            assert_eq!(
                ask(&mut line, Ask::json("/api/updateHomework.php", &body), &key).await,
                json!({"updated": true})
            );
            let kept = ask(&mut line, Ask::get(&format!("/api/getHomework.php?id={number}")), &key).await;
            assert_eq!(kept["Homework"], text, "nobody else writes there");
            writes += 3;
            reads += 1;
        }
        let changes = ask(&mut line, Ask::get("/api/getChanges.php"), &key).await;
        assert_eq!(changes, changes_of(changes["TextChanges"].as_str().unwrap().parse().unwrap()), "of one saving");
        let week = ask(&mut line, Ask::get("/api/getTimetable.php"), &key).await;
        assert_eq!(week, week_of(week["TextTimetable"][0].as_str().unwrap().parse().unwrap()), "of one saving");
        let subjects = ask(&mut line, Ask::get("/api/getSubjects.php"), &key).await;
        assert_eq!(subjects.as_array().unwrap().len(), CLIENTS);
        reads += 3;
    }
    (reads, writes)
}

/// Writes a value into the changes and the week.
async fn save(line: &mut Line, key: &str, value: usize) {
    assert_eq!(ask(line, Ask::json("/api/updateChanges.php", &changes_of(value)), key).await, json!({"updated": true}));
    assert_eq!(ask(line, Ask::json("/api/updateTimetable.php", &week_of(value)), key).await, json!({"updated": true}));
}

fn changes_of(value: usize) -> Value {
    json!({"TextChanges": value.to_string(), "NumericChanges": vec![value; 8]})
}

fn week_of(value: usize) -> Value {
    json!({"TextTimetable": vec![value.to_string(); 6], "NumericTimetable": vec![vec![value; 8]; 6]})
}

async fn ask(line: &mut Line, ask: Ask, key: &str) -> Value {
    let told = line.ask(&ask.key(key)).await;
    assert_eq!(told.status, 200, "{}", told.text());
    let value = told.json();
    assert!(value.get("error").is_none(), "{value}");
    value
}

async fn count_writes(house: &House) -> usize {
    let (mut count, mut before) = (0, None);
    loop {
        let wanted = History { class: Some(house.class), before, limit: 100 };
        let entries = house.board.history(&wanted).await.unwrap();
        let Some(last) = entries.last() else { return count };
        before = Some(last.id);
        count += entries.len();
    }
}
