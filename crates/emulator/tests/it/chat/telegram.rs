use emulator::chat::{Next, Telegram, TelegramConfig, Webhook};
use serde_json::{Value, json};

use super::{json, post};
use crate::http::{Reply, send};

async fn telegram() -> Telegram {
    Telegram::start(TelegramConfig::default()).await.unwrap()
}

async fn call(telegram: &Telegram, method: &str, parameters: &[(&str, &str)]) -> Reply {
    post(&format!("{}/bot{}/{method}", telegram.url(), telegram.config().token), parameters).await
}

#[tokio::test]
async fn a_message_is_sent_and_noted() {
    let telegram = telegram().await;
    let url = format!("{}/bot{}/sendMessage", telegram.url(), telegram.config().token);
    let body = json!({"chat_id": -100, "text": "дз", "reply_markup": {"keyboard": [[{"text": "дз"}]]}}).to_string();

    let reply = send("POST", &url, &[("Content-Type", "application/json")], body.as_bytes()).await;

    assert_eq!(json(&reply)["result"]["message_id"], 1);
    let sent = telegram.sent(1).await;
    assert_eq!((sent[0].peer, sent[0].text.as_str()), (-100, "дз"));
    assert_eq!(sent[0].keyboard.as_ref().unwrap()["keyboard"][0][0]["text"], "дз");
}

#[tokio::test]
async fn what_telegram_refuses_is_refused_in_its_words() {
    let telegram = telegram().await;
    let refusal = async |parameters: &[(&str, &str)]| {
        let reply = call(&telegram, "sendMessage", parameters).await;
        (reply.status, json(&reply)["description"].as_str().unwrap().to_owned())
    };
    let bad = |what: &str| (400, format!("Bad Request: {what}"));

    assert_eq!(refusal(&[("text", "дз")]).await, bad("chat_id is empty"));
    assert_eq!(refusal(&[("chat_id", "7")]).await, bad("message text is empty"));
    assert_eq!(refusal(&[("chat_id", "7"), ("text", &"а".repeat(4097))]).await, bad("message is too long"));
    let markup = [("chat_id", "7"), ("text", "дз"), ("reply_markup", "[")];
    assert_eq!(refusal(&markup).await, bad("object expected as reply markup"));
    assert_eq!(call(&telegram, "sendMessage", &[("chat_id", "7"), ("text", &"а".repeat(4096))]).await.status, 200);

    let stranger = post(&format!("{}/bot1:other/getMe", telegram.url()), &[]).await;
    assert_eq!((stranger.status, &json(&stranger)["description"]), (401, &json!("Unauthorized")));
    assert_eq!(call(&telegram, "getMoon", &[]).await.status, 404);
}

#[tokio::test]
async fn the_next_calls_fail_as_they_are_told() {
    let telegram = telegram().await;
    for next in [Next::RetryAfter(17), Next::Error(403), Next::Status(502), Next::Silence] {
        telegram.answer_next("sendMessage", next);
    }
    let say = || call(&telegram, "sendMessage", &[("chat_id", "7"), ("text", "дз")]);

    let flood = json(&say().await);
    assert_eq!((&flood["error_code"], &flood["parameters"]), (&json!(429), &json!({"retry_after": 17})));
    assert_eq!(say().await.status, 403);
    assert_eq!(say().await.status, 502);
    assert!(!say().await.whole);
    assert_eq!(say().await.status, 200);
    assert_eq!((telegram.counts().sent, telegram.counts().failed), (1, 4));
}

#[tokio::test]
async fn more_messages_than_the_rate_are_refused() {
    let telegram = Telegram::start(TelegramConfig { rate: Some(1), ..TelegramConfig::default() }).await.unwrap();

    assert_eq!(call(&telegram, "sendMessage", &[("chat_id", "7"), ("text", "раз")]).await.status, 200);
    assert_eq!(call(&telegram, "sendMessage", &[("chat_id", "7"), ("text", "два")]).await.status, 429);
}

#[tokio::test]
async fn updates_wait_until_the_bot_says_that_it_has_them() {
    let telegram = telegram().await;
    let updates = async |offset: &str, timeout: &str| {
        json(&call(&telegram, "getUpdates", &[("offset", offset), ("timeout", timeout)]).await)["result"].clone()
    };

    assert_eq!(updates("0", "0").await, json!([]));
    let (first, ()) = tokio::join!(updates("0", "50"), async { telegram.push_message(7, "дз") });
    assert_eq!(first[0]["message"]["text"], "дз");
    assert_eq!(updates("0", "0").await, first, "not confirmed yet");
    let next = (first[0]["update_id"].as_i64().unwrap() + 1).to_string();
    assert_eq!(updates(&next, "0").await, json!([]));
    assert_eq!(telegram.unread(), 0);
}

#[tokio::test]
async fn a_webhook_takes_the_place_of_asking() {
    let telegram = telegram().await;

    call(&telegram, "setWebhook", &[("url", "https://a.example/tg"), ("secret_token", "тайна")]).await;
    let wanted = Webhook { url: "https://a.example/tg".to_owned(), secret: Some("тайна".to_owned()) };
    assert_eq!(telegram.webhook(), Some(wanted));
    assert_eq!(call(&telegram, "getUpdates", &[]).await.status, 409);

    call(&telegram, "deleteWebhook", &[]).await;
    assert_eq!(telegram.webhook(), None);
    assert_eq!(json(&call(&telegram, "getUpdates", &[]).await)["result"], Value::Array(Vec::new()));
    assert_eq!(json(&call(&telegram, "getMe", &[]).await)["result"]["username"], "cartable_bot");
}
