use std::time::Duration;

use emulator::chat::{Next, Outcome, Vk, VkConfig};
use serde_json::{Value, json};

use super::{json, post};
use crate::http::{get, send};

const PEER: i64 = 2_000_000_001;

async fn vk() -> Vk {
    Vk::start(VkConfig::default()).await.unwrap()
}

/// Calls a method with the token and the version, unless told otherwise.
async fn call(vk: &Vk, method: &str, parameters: &[(&str, &str)]) -> Value {
    let token = vk.config().token.clone();
    let mut all = vec![("access_token", token.as_str()), ("v", "5.199")];
    all.extend_from_slice(parameters);
    json(&post(&format!("{}/{method}", vk.url()), &all).await)
}

async fn say(vk: &Vk, text: &str, random_id: &str) -> Value {
    call(vk, "messages.send", &[("peer_id", "2000000001"), ("message", text), ("random_id", random_id)]).await
}

fn code(answer: &Value) -> i64 {
    answer["error"]["error_code"].as_i64().unwrap()
}

#[tokio::test]
async fn a_message_is_sent_and_noted() {
    let vk = vk().await;
    let keyboard = r#"{"one_time":false,"buttons":[[{"action":{"type":"text","label":"дз"},"color":"primary"}]]}"#;

    let answer = call(
        &vk,
        "messages.send",
        &[("peer_id", "2000000001"), ("message", "Привет & пока\n"), ("random_id", "-7"), ("keyboard", keyboard)],
    )
    .await;

    assert_eq!(answer, json!({"response": 1}));
    let sent = vk.sent(1).await;
    assert_eq!((sent[0].peer, sent[0].text.as_str(), sent[0].random_id), (PEER, "Привет & пока\n", -7));
    assert_eq!(sent[0].keyboard.as_ref().unwrap()["buttons"][0][0]["action"]["label"], "дз");
    assert_eq!(vk.counts().sent, 1);
}

#[tokio::test]
async fn parameters_are_read_from_the_address_and_from_multipart_too() {
    let vk = vk().await;
    let token = &vk.config().token;

    let url =
        format!("{}/messages.send?access_token={token}&v=5.101&peer_id=5&random_id=0&message=%D0%B4%D0%B7", vk.url());
    assert_eq!(json(&get(&url).await), json!({"response": 1}));

    let part =
        |name: &str, value: &str| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let fields =
        [("access_token", token.as_str()), ("v", "5.101"), ("peer_id", "6"), ("random_id", "0"), ("message", "ещё")];
    let body = fields.map(|(name, value)| part(name, value)).concat() + "--x--\r\n";
    let kind = [("Content-Type", "multipart/form-data; boundary=x")];
    let reply = send("POST", &format!("{}/messages.send", vk.url()), &kind, body.as_bytes()).await;
    assert_eq!(json(&reply), json!({"response": 2}));

    let sent: Vec<_> = vk.sends().into_iter().map(|call| (call.peer, call.text)).collect();
    assert_eq!(sent, [(5, "дз".to_owned()), (6, "ещё".to_owned())]);
}

#[tokio::test]
async fn a_repeated_random_id_is_answered_with_the_first_number_and_sent_once() {
    let vk = vk().await;

    assert_eq!(say(&vk, "раз", "11").await, json!({"response": 1}));
    assert_eq!(say(&vk, "раз", "11").await, json!({"response": 1}));
    assert_eq!(say(&vk, "два", "0").await, json!({"response": 2}));
    assert_eq!(say(&vk, "два", "0").await, json!({"response": 3}));

    assert_eq!(vk.sends().len(), 3);
    assert_eq!(vk.calls()[1].outcome, Outcome::Repeated(1));
    assert_eq!(vk.counts().repeated, 1);
}

#[tokio::test]
async fn what_vk_refuses_is_refused_with_its_codes() {
    let vk = vk().await;
    let url = format!("{}/messages.send", vk.url());
    let token = vk.config().token.clone();

    assert_eq!(code(&json(&post(&url, &[("v", "5.199")]).await)), 5, "no token");
    assert_eq!(code(&json(&post(&url, &[("v", "5.199"), ("access_token", "other")]).await)), 5, "another's token");
    assert_eq!(code(&json(&post(&url, &[("access_token", &token)]).await)), 8, "no version");
    assert_eq!(code(&call(&vk, "messages.sing", &[]).await), 3, "an unknown method");
    assert_eq!(code(&call(&vk, "messages.send", &[("random_id", "1"), ("message", "дз")]).await), 100, "no peer");
    assert_eq!(code(&call(&vk, "messages.send", &[("peer_id", "1"), ("message", "дз")]).await), 100, "no random_id");
    assert_eq!(code(&say(&vk, "дз", "5000000000").await), 100, "more than 32 bits");
    assert_eq!(code(&say(&vk, "", "1").await), 100, "no text");
    assert_eq!(code(&say(&vk, &"а".repeat(4097), "1").await), 914);
    assert_eq!(say(&vk, &"а".repeat(4096), "1").await, json!({"response": 1}));
    let keyboard = [("peer_id", "1"), ("message", "дз"), ("random_id", "2"), ("keyboard", "{\"buttons\":[[{}]]}")];
    assert_eq!(code(&call(&vk, "messages.send", &keyboard).await), 911);

    let answer = say(&vk, "", "1").await;
    assert!(!answer.to_string().contains(&token), "an error does not repeat the token: {answer}");
}

#[tokio::test]
async fn the_next_calls_fail_as_they_are_told() {
    let vk = vk().await;
    for next in [Next::Error(9), Next::Status(502), Next::Garbage, Next::Silence, Next::Lost, Next::RetryAfter(3)] {
        vk.answer_next("messages.send", next);
    }
    let url = format!("{}/messages.send", vk.url());
    let token = vk.config().token.clone();
    let send = || {
        let fields =
            [("access_token", token.as_str()), ("v", "5.199"), ("peer_id", "7"), ("random_id", "3"), ("message", "дз")];
        let url = url.clone();
        async move { post(&url, &fields).await }
    };

    assert_eq!(code(&json(&send().await)), 9);
    assert_eq!(send().await.status, 502);
    assert!(serde_json::from_slice::<Value>(&send().await.body).is_err());
    assert!(!send().await.whole);
    assert_eq!(vk.counts().sent, 0, "so far nothing was sent");
    assert!(!send().await.whole, "only the answer is lost");
    assert_eq!(vk.counts().sent, 1);
    assert_eq!(code(&json(&send().await)), 429);
    assert_eq!(json(&send().await), json!({"response": 1}), "the usual again: a repetition");
    assert_eq!(vk.counts().calls(), 7);
}

#[tokio::test]
async fn a_call_that_is_held_waits_alone() {
    let vk = vk().await;
    vk.answer_next_to(7, Next::Held);

    let held = call(&vk, "messages.send", &[("peer_id", "7"), ("random_id", "1"), ("message", "дз")]);
    let others = async {
        vk.until(|counts| counts.held == 1).await;
        assert_eq!(say(&vk, "дз", "2").await, json!({"response": 1}));
        vk.release();
    };
    let (answer, ()) = tokio::join!(held, others);

    assert_eq!(answer, json!({"response": 2}));
    assert_eq!(vk.counts().held, 0);
}

#[tokio::test]
async fn more_calls_than_the_rate_are_refused() {
    let vk = Vk::start(VkConfig { rate: Some(2), ..VkConfig::default() }).await.unwrap();

    let answers = [say(&vk, "раз", "1").await, say(&vk, "два", "2").await, say(&vk, "три", "3").await];

    assert_eq!(code(&answers[2]), 6);
    assert_eq!(vk.counts().sent, 2);
}

#[tokio::test]
async fn events_come_through_the_long_poll_in_order() {
    let vk = vk().await;
    let server = call(&vk, "groups.getLongPollServer", &[("group_id", "1")]).await["response"].clone();
    let (address, key) = (server["server"].as_str().unwrap(), server["key"].as_str().unwrap());
    let poll = async |key: &str, ts: &Value, wait: u32| {
        json(&get(&format!("{address}?act=a_check&key={key}&ts={}&wait={wait}", ts.as_str().unwrap())).await)
    };

    let nothing = poll(key, &server["ts"], 0).await;
    assert_eq!(nothing, json!({"ts": server["ts"], "updates": []}));

    let waiting = poll(key, &server["ts"], 25);
    let writing = async {
        vk.push_message(PEER, "дз");
        vk.push_message(7, "замены");
    };
    let (first, ()) = tokio::join!(waiting, writing);
    assert_eq!(first["updates"][0]["object"]["message"]["text"], "дз");
    let rest = if first["updates"].as_array().unwrap().len() == 2 { first } else { poll(key, &first["ts"], 25).await };
    let last = rest["updates"].as_array().unwrap().last().unwrap();
    assert_eq!(last["object"]["message"]["text"], "замены");
    assert_ne!(last["event_id"], Value::Null);

    assert_eq!(poll("other", &rest["ts"], 0).await, json!({"failed": 2}));
    assert_eq!(poll(key, &json!("900"), 0).await, json!({"failed": 1, "ts": 3}));
    vk.fail_next_poll(1);
    assert_eq!(poll(key, &rest["ts"], 0).await["failed"], 1);
    vk.fail_next_poll(3);
    assert_eq!(poll(key, &rest["ts"], 0).await, json!({"failed": 3}));
    assert_eq!(poll(key, &rest["ts"], 0).await, json!({"failed": 2}), "the key is another now");
}

#[tokio::test]
async fn a_poll_ends_when_the_platform_does() {
    let vk = vk().await;
    let server = call(&vk, "groups.getLongPollServer", &[("group_id", "1")]).await["response"].clone();
    let url = format!(
        "{}?act=a_check&key=key1&ts={}&wait=90",
        server["server"].as_str().unwrap(),
        server["ts"].as_str().unwrap()
    );
    let polling = tokio::spawn(async move { get(&url).await });
    vk.until(|counts| counts.requests == 2).await;

    tokio::time::timeout(Duration::from_secs(10), vk.shutdown()).await.unwrap();

    assert_eq!(json(&polling.await.unwrap())["updates"], json!([]));
}

#[tokio::test]
async fn the_confirmation_is_told_to_the_community_alone() {
    let vk = vk().await;

    let own = call(&vk, "groups.getCallbackConfirmationCode", &[("group_id", "1")]).await;
    assert_eq!(own, json!({"response": {"code": vk.config().confirmation}}));
    assert_eq!(code(&call(&vk, "groups.getCallbackConfirmationCode", &[("group_id", "2")]).await), 15);
    assert_eq!(code(&call(&vk, "groups.getLongPollServer", &[]).await), 100);
}

#[tokio::test]
async fn an_event_has_a_name_of_its_own_and_the_secret() {
    let vk = Vk::start(VkConfig { secret: Some("тайна".to_owned()), ..VkConfig::default() }).await.unwrap();

    let (one, two) = (vk.message_event(PEER, "дз"), vk.message_event(PEER, "дз"));

    assert_ne!(one["event_id"], two["event_id"]);
    assert_eq!((&one["secret"], &one["group_id"], &one["type"]), (&json!("тайна"), &json!(1), &json!("message_new")));
}
