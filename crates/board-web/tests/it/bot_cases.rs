//! Every recorded case of the bot, posted to the door where VK posts: what is answered, and what VK is asked to send.

use board::Platform;
use emulator::chat::{Call, Next};
use serde::Deserialize;
use serde_json::Value;

use crate::board_cases::prepare;
use crate::cases::{self, Accepted, Known, Request, Setup, short};
use crate::chats::Chats;
use crate::house::{House, contract};

#[derive(Deserialize)]
struct Case {
    id: String,
    setup: Option<Setup>,
    request: Request,
    response: Accepted,
    vk: Option<Value>,
    sent: Vec<Sent>,
    #[serde(default)]
    sane: Sane,
}

#[derive(Deserialize)]
struct Sent {
    peer_id: i64,
    message: String,
    keyboard: Option<Value>,
}

#[derive(Default, Deserialize)]
struct Sane {
    accept: Vec<Other>,
}

#[derive(Deserialize)]
struct Other {
    response: Accepted,
    #[serde(default)]
    sent: Vec<Sent>,
    joined: Option<Vec<Sent>>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_recorded_event_is_answered_as_recorded() {
    let Some(text) = contract("bot-cases.jsonl") else { return };
    let chats = Chats::open(None).await;
    for house in House::all_with(&chats).await {
        replay(&cases::read(&text), &house, &chats).await;
    }
}

async fn replay(cases: &[Case], house: &House, chats: &Chats) {
    let mut known = Known::default();
    known.words.insert("WEBHOOK", "/index.php".to_owned());
    known.words.insert("CONFIRMATION", chats.vk.config().confirmation.clone());
    known.numbers.insert("GROUP_ID", 1);
    let mut failed = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        if let Some(setup) = &case.setup {
            prepare(house, setup).await;
        }
        if let Some(answer) = &case.vk {
            chats.vk.answer_next("messages.send", scripted(answer));
        }
        known.words.insert("EVENT_ID", format!("event{number}"));
        known.numbers.insert("MSG_ID", number + 1);
        let before = chats.vk.calls().len();
        let told = house.ask(&known.ask(&case.request)).await;
        let calls = chats.quiet(house, Platform::Vk).await.split_off(before);
        let recorded = known.accepts(&case.response, &told) && same(&known, &case.sent, &calls);
        let sane = case.sane.accept.iter().any(|other| {
            let sent = match &other.joined {
                Some(whole) => joined(&known, whole, &calls),
                None => same(&known, &other.sent, &calls),
            };
            known.clone().accepts(&other.response, &told) && sent
        });
        if !recorded && !sane {
            let calls = short(&format!("{calls:?}"));
            failed.push(format!("{}: {} {:?}; sent: {calls}", case.id, told.status, told.text()));
        }
    }
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

/// What VK is to answer to the next message.
fn scripted(answer: &Value) -> Next {
    match answer["error"]["error_code"].as_i64() {
        Some(code) => Next::Error(code),
        None => Next::Status(u16::try_from(answer["status"].as_u64().unwrap()).unwrap()),
    }
}

fn same(known: &Known, wanted: &[Sent], calls: &[Call]) -> bool {
    let equal = |(wanted, call): (&Sent, &Call)| {
        let text = wanted.message == "<ANYTEXT>" || known.fill(&wanted.message) == call.text;
        wanted.peer_id == call.peer && text && wanted.keyboard == call.keyboard
    };
    wanted.len() == calls.len() && wanted.iter().zip(calls).all(equal)
}

/// Whether several messages are one text together, up to blanks.
fn joined(known: &Known, wanted: &[Sent], calls: &[Call]) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<String>();
    let said: String = calls.iter().map(|call| call.text.as_str()).collect();
    let fits = |wanted: &Sent, call: &Call| call.peer == wanted.peer_id && call.text.chars().count() <= 4096;
    wanted.iter().all(|wanted| {
        plain(&said) == plain(&known.fill(&wanted.message)) && calls.iter().all(|call| fits(wanted, call))
    })
}
