//! Every recorded case of the bot, by callback and by long poll: what VK is answered, and what it is asked to send.

use std::collections::BTreeMap;

use board::{Actor, Changes, Expect, Week};
use emulator::chat::{Call, Next};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::cases::{expand, recorded};
use crate::house::{House, Wish};

#[derive(Deserialize)]
struct Case {
    id: String,
    setup: Option<Setup>,
    request: Request,
    response: Response,
    vk: Option<Value>,
    #[serde(default)]
    sent: Vec<Sent>,
    #[serde(default)]
    sane: Sane,
}

#[derive(Deserialize)]
struct Setup {
    #[serde(default)]
    subjects: Vec<String>,
    #[serde(default)]
    homework: BTreeMap<String, String>,
    timetable: Option<Timetable>,
    changes: Option<SetOfChanges>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Timetable {
    text_timetable: [String; 6],
    numeric_timetable: [Vec<i64>; 6],
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetOfChanges {
    text_changes: String,
    numeric_changes: [i64; 8],
}

#[derive(Deserialize)]
struct Request {
    method: String,
    body: Value,
}

#[derive(Deserialize)]
struct Response {
    status: Value,
    body: Value,
}

#[derive(Deserialize)]
struct Sent {
    peer_id: i64,
    message: String,
    keyboard: Option<Value>,
}

#[derive(Default, Deserialize)]
struct Sane {
    #[serde(default)]
    accept: Vec<Accepted>,
}

#[derive(Deserialize)]
struct Accepted {
    response: Response,
    #[serde(default)]
    sent: Vec<Sent>,
    #[serde(default)]
    joined: Vec<Sent>,
}

#[tokio::test]
async fn every_recorded_event_is_answered_as_recorded_by_callback() {
    replay(false).await;
}

#[tokio::test]
async fn every_recorded_event_is_answered_as_recorded_by_long_poll() {
    replay(true).await;
}

async fn replay(long_poll: bool) {
    let Some(text) = recorded("bot-cases.jsonl") else { return };
    let mut house = None;
    let mut failed = Vec::new();
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(&expand(line)).unwrap()).collect();
    for (number, case) in cases.iter().enumerate() {
        if let Some(setup) = &case.setup {
            let opened = House::wishing(Wish { vk_group: Some(1), vk_long_poll: long_poll, ..Wish::default() }).await;
            prepare(&opened, setup).await;
            house = Some(opened);
        }
        let house = house.as_ref().unwrap();
        if case.request.method != "POST" {
            continue;
        }
        let before = house.vk.calls().len();
        if let Some(answer) = &case.vk {
            house.vk.answer_next("messages.send", scripted(answer));
        }
        let body = filled(&case.request.body, number).to_string();
        let answer = if long_poll {
            let Ok(event @ Value::Object(_)) = serde_json::from_str(&body) else { continue };
            house.vk.push(event);
            // It has been taken in when the next question comes.
            house.vk.all_heard().await;
            None
        } else {
            let body = if let Value::String(text) = &case.request.body { text.clone() } else { body };
            let answer = house.bots.vk_callback(body.as_bytes(), None, None).await;
            Some((answer.status(), answer.body().to_owned()))
        };
        let calls = house.quiet().await.split_off(before);
        let recorded = fits(&case.response, answer.as_ref()) && same(&case.sent, &calls);
        let sane = case.sane.accept.iter().any(|accepted| {
            let sent = if accepted.joined.is_empty() {
                same(&accepted.sent, &calls)
            } else {
                joined(&accepted.joined, &calls)
            };
            fits(&accepted.response, answer.as_ref()) && sent
        });
        if !recorded && !sane {
            failed.push(format!("{}: {answer:?}, {calls:?}", case.id));
        }
    }
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

/// Whether an answer is one that is accepted; a long poll has none.
fn fits(accepted: &Response, answer: Option<&(u16, String)>) -> bool {
    let Some((status, body)) = answer else { return true };
    let statuses =
        if let Value::Array(statuses) = &accepted.status { statuses.clone() } else { vec![accepted.status.clone()] };
    let text = match accepted.body.as_str() {
        Some("<ANY>") => true,
        Some("<CONFIRMATION>") => *body == emulator::chat::VkConfig::default().confirmation,
        text => text == Some(body),
    };
    text && statuses.contains(&json!(status))
}

fn same(wanted: &[Sent], calls: &[Call]) -> bool {
    let equal = |(wanted, call): (&Sent, &Call)| {
        let text = wanted.message == "<ANYTEXT>" || wanted.message == call.text;
        wanted.peer_id == call.peer && text && wanted.keyboard == call.keyboard
    };
    wanted.len() == calls.len() && wanted.iter().zip(calls).all(equal)
}

fn joined(wanted: &[Sent], calls: &[Call]) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    wanted.iter().all(|wanted| {
        let parts: Vec<_> = calls.iter().map(|call| call.text.as_str()).collect();
        plain(&parts.concat()) == plain(&wanted.message)
            && calls.iter().all(|call| call.peer == wanted.peer_id && call.text.chars().count() <= 4096)
    })
}

async fn prepare(house: &House, setup: &Setup) {
    let by = Actor::program("test");
    let (board, class) = (&house.board, house.class);
    if !setup.subjects.is_empty() {
        board.add_subjects(&by, class, &setup.subjects).await.unwrap();
    }
    for (number, text) in &setup.homework {
        let number = number.parse().unwrap();
        board.set_note(&by, class, number, text, Expect::Anything).await.unwrap();
    }
    if let Some(Timetable { text_timetable, numeric_timetable }) = &setup.timetable {
        let texts = text_timetable.clone();
        board.set_week(&by, class, Week { texts, rows: numeric_timetable.clone() }, Expect::Anything).await.unwrap();
    }
    if let Some(SetOfChanges { text_changes, numeric_changes }) = &setup.changes {
        let changes = Changes { text: text_changes.clone(), rows: *numeric_changes, ..Changes::default() };
        board.set_changes(&by, class, None, changes, Expect::Anything).await.unwrap();
    }
}

/// What VK is to answer to the next message.
fn scripted(answer: &Value) -> Next {
    match answer["error"]["error_code"].as_i64() {
        Some(code) => Next::Error(code),
        None => Next::Status(u16::try_from(answer["status"].as_u64().unwrap()).unwrap()),
    }
}

/// Fills in what differs from run to run.
fn filled(value: &Value, number: usize) -> Value {
    let text = value.to_string();
    let text = text.replace("\"<GROUP_ID>\"", "1").replace("\"<MSG_ID>\"", &(number + 1).to_string());
    serde_json::from_str(&text.replace("<EVENT_ID>", &format!("event{number}"))).unwrap()
}
