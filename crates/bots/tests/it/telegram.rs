use board::Platform;
use emulator::chat::Next;
use serde_json::json;

use crate::house::{House, Wish, said};

const GROUP: i64 = -1_000_000_000_001;

#[tokio::test]
async fn a_webhook_is_answered_to_whoever_knows_its_secret() {
    let house = House::open().await;
    let update = house.telegram.message_update(GROUP, "все дз").to_string();
    let post = async |secret: Option<&str>| {
        let secret = secret.map(str::as_bytes);
        house.bots.telegram_webhook(update.as_bytes(), secret).await.status()
    };

    assert_eq!(post(None).await, 403);
    assert_eq!(post(Some("other")).await, 403);
    assert_eq!(post(Some("s3cret")).await, 200);
    assert_eq!(post(Some("s3cret")).await, 200, "a repetition");
    house.quiet().await;

    assert_eq!(said(&house.telegram.calls()), [(GROUP, "Задание отсутствует")]);
    assert_eq!(house.bots.telegram_webhook(b"[]", Some(b"s3cret")).await.status(), 400);
    assert_eq!(house.bots.telegram_webhook(br#"{"update_id":1}"#, Some(b"s3cret")).await.status(), 200);
}

#[tokio::test]
async fn the_keyboard_comes_with_the_start() {
    let house = House::open().await;
    let update = house.telegram.message_update(7, "/start").to_string();

    house.bots.telegram_webhook(update.as_bytes(), Some(b"s3cret")).await;
    house.quiet().await;

    let sends = house.telegram.sends();
    let rows = sends[0].keyboard.as_ref().unwrap()["keyboard"].as_array().unwrap().len();
    assert_eq!(rows, 4);
}

#[tokio::test]
async fn updates_are_asked_for_and_confirmed_once_they_are_on_the_disk() {
    let house = House::wishing(Wish { telegram_secret: None, ..Wish::default() }).await;
    house.telegram.answer_next("getUpdates", Next::Status(502));
    house.telegram.push_message(GROUP, "все дз");
    house.telegram.push(house.telegram.update("poll", json!({})));

    house.telegram.sent(1).await;
    house.telegram.push_message(GROUP, "замены");
    house.telegram.sent(2).await;
    house.telegram.until(|counts| counts.sent == 2).await;
    house.quiet().await;

    assert_eq!(house.count(Platform::Telegram, |state| state.sent), 2);
    assert_eq!(house.bots.telegram_webhook(b"{}", Some(b"")).await.status(), 404, "there is no webhook");
    house.stop().await;
}
