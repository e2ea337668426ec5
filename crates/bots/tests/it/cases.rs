//! The recorded cases whose meaning lies in the conversation: who wrote what on which day, and what is answered.
//!
//! What they say of the webhook and of refusals is replayed elsewhere, over a socket.

#![expect(clippy::unwrap_used, reason = "a case that cannot be read fails the test")]

use std::path::PathBuf;

use board::{Changes, Class, ClassId, ClassSettings, Platform, ROWS, Snapshot, Source, Subject, Week};
use bots::{Incoming, Message, converse, split};
use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::Value;

/// The community that the cases invite.
const COMMUNITY: i64 = 1;

#[test]
fn the_recorded_cases_are_answered() {
    let Some(text) = recorded("bot-cases.jsonl") else { return };
    let mut class = None;
    let (mut replayed, mut failed) = (0, Vec::new());
    for line in text.lines() {
        let case: Value = serde_json::from_str(&expand(line)).unwrap();
        if let Some(setup) = case.get("setup") {
            class = Some(snapshot(setup));
        }
        let Some(incoming) = incoming(&case) else { continue };
        replayed += 1;
        let said = converse(&incoming, class.as_ref(), &TimeZone::UTC).messages;
        let parts: Vec<Message> = said.into_iter().flat_map(split).collect();
        if !is_accepted(&case, incoming.peer, &parts) {
            failed.push(format!("{}: {:?} is answered with {parts:#?}", case["id"], incoming.text));
        }
    }
    assert!(failed.is_empty(), "{} of {replayed} failed\n{}", failed.len(), failed.join("\n"));
    assert!(replayed > 150, "only {replayed} cases were replayed");
}

/// A file of recorded cases; nothing, and a notice, when it is not beside the repository.
pub(crate) fn recorded(name: &str) -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/spec");
    let folder = std::env::var_os("CARTABLE_SPEC").map_or(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(name));
    assert!(
        text.is_ok() || std::env::var_os("CI").is_none(),
        "{name} is neither in CARTABLE_SPEC nor beside the repository"
    );
    if text.is_err() {
        eprintln!("skipped: {name} is neither in CARTABLE_SPEC nor beside the repository");
    }
    text.ok()
}

/// Writes out `<REPEAT:x:n>`.
pub(crate) fn expand(line: &str) -> String {
    let mut pieces = line.split("<REPEAT:");
    let mut expanded = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (repeat, rest) = piece.split_once('>').unwrap();
        let (text, times) = repeat.rsplit_once(':').unwrap();
        expanded += &text.repeat(times.parse().unwrap());
        expanded += rest;
    }
    expanded
}

fn snapshot(setup: &Value) -> Snapshot {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = |value: &Value| value.as_array().unwrap().iter().map(|row| row.as_i64().unwrap()).collect::<Vec<_>>();
    let names = setup["subjects"].as_array().cloned().unwrap_or_default();
    let subject = |(number, name): (i64, &Value)| {
        let note = text(&setup["homework"][number.to_string()]);
        (number, Subject { number, name: text(name), note, source: Source::Hand })
    };
    let mut week = Week::default();
    if let Some(timetable) = setup.get("timetable") {
        week.texts = std::array::from_fn(|day| text(&timetable["TextTimetable"][day]));
        week.rows = std::array::from_fn(|day| rows(&timetable["NumericTimetable"][day]));
    }
    let mut changes = Changes::default();
    if let Some(set) = setup.get("changes") {
        changes.text = text(&set["TextChanges"]);
        changes.rows = <[i64; ROWS]>::try_from(rows(&set["NumericChanges"])).unwrap();
    }
    Snapshot {
        class: Class {
            id: ClassId(1),
            slug: "9b".to_owned(),
            code: "9Б-47110815".to_owned(),
            archived: None,
            settings: ClassSettings::named("9Б"),
        },
        revision: 1,
        subjects: (1..).zip(&names).map(subject).collect(),
        week,
        changes,
        timetables: Vec::new(),
        dated_changes: Default::default(),
        assignments: Vec::new(),
        since: date(2025, 8, 1),
    }
}

/// What a case hands to the conversation; nothing when it is about something else.
fn incoming(case: &Value) -> Option<Incoming> {
    let event = &case["request"]["body"];
    let message = event.pointer("/object/message")?;
    // The second delivery is dropped before it gets here.
    let repeated = case["sane"]["note"].as_str().is_some_and(|note| note.contains("the same event_id"));
    if event["type"] != "message_new" || repeated {
        return None;
    }
    let peer = message["peer_id"].as_i64()?;
    let action = &message["action"];
    Some(Incoming {
        platform: Platform::Vk,
        peer,
        from: message["from_id"].as_i64(),
        event: None,
        at: Timestamp::from_second(message["date"].as_i64()?).unwrap(),
        text: message["text"].as_str().unwrap_or_default().to_owned(),
        invited: action["type"] == "chat_invite_user" && action["member_id"] == -COMMUNITY,
        private: peer < 2_000_000_000,
    })
}

/// Whether the answer is the recorded one, or one of those that are as good.
fn is_accepted(case: &Value, peer: i64, parts: &[Message]) -> bool {
    let texts = |sent: &Value| sent.as_array().is_some_and(|sent| is_sent(sent, peer, parts));
    let joined = |whole: &Value| {
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        let said: String = parts.iter().map(|part| part.text.as_str()).collect();
        let short = parts.iter().all(|part| part.text.chars().count() <= 4096);
        whole["peer_id"] == peer && short && plain(whole["message"].as_str().unwrap()) == plain(&said)
    };
    let accept = case["sane"]["accept"].as_array().cloned().unwrap_or_default();
    // What is too long is refused by the platform: there, and for what is empty, only the other answers will do.
    let sendable = |sent: &Value| {
        let fits = |message: &Value| (1..=4096).contains(&message["message"].as_str().unwrap().chars().count());
        sent.as_array().is_some_and(|sent| sent.iter().all(fits))
    };
    (sendable(&case["sent"]) && texts(&case["sent"]))
        || accept.iter().any(|other| texts(&other["sent"]) || other.get("joined").is_some_and(|it| joined(&it[0])))
}

fn is_sent(sent: &[Value], peer: i64, parts: &[Message]) -> bool {
    let labels = |keyboard: &Value| -> Option<Vec<Vec<String>>> {
        let label = |button: &Value| button["action"]["label"].as_str().map(str::to_owned);
        keyboard["buttons"].as_array()?.iter().map(|row| row.as_array()?.iter().map(label).collect()).collect()
    };
    sent.len() == parts.len()
        && sent.iter().zip(parts).all(|(sent, part)| {
            sent["peer_id"] == peer
                && (sent["message"] == part.text || (sent["message"] == "<ANYTEXT>" && !part.text.is_empty()))
                && labels(&sent["keyboard"]) == part.keyboard_labels
        })
}
