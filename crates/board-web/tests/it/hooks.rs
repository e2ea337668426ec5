//! The doors of the chat platforms: who may come in, and whose bot it is then.

use board::{Actor, Changes, ClassSettings, Expect, Platform};
use serde_json::{Value, json};

use crate::chats::{Chats, TELEGRAM_SECRET};
use crate::house::{House, PATIENCE};
use crate::wire::{Ask, Line, Told};

async fn post(house: &House, path: &str, event: &Value) -> Told {
    house.ask(&Ask::json(path, event)).await
}

/// Writes changes that tell one class from another.
async fn change(house: &House, class: board::ClassId, text: &str) {
    let changes = Changes { text: text.to_owned(), ..Changes::default() };
    house.board.set_changes(&Actor::program("test"), class, None, changes, Expect::Anything).await.unwrap();
}

#[tokio::test]
async fn only_the_community_itself_is_heard() {
    let chats = Chats::open(Some("тайна")).await;
    let house = House::with(&chats).await;
    let event = chats.vk.message_event(7, "замены");
    for (member, value) in [("secret", json!("другая")), ("secret", Value::Null), ("group_id", json!(2))] {
        let mut forged = event.clone();
        forged[member] = value;
        assert_eq!(post(&house, "/index.php", &forged).await.status, 403, "{member}");
    }
    assert!(chats.quiet(&house, Platform::Vk).await.is_empty());
    let told = post(&house, "/index.php", &event).await;
    assert_eq!((told.status, told.text().as_str()), (200, "ok"));
    assert_eq!(chats.quiet(&house, Platform::Vk).await.len(), 1);
}

#[tokio::test]
async fn below_the_address_of_a_class_its_bot_answers() {
    let chats = Chats::open(None).await;
    let house = House::with(&chats).await;
    let by = Actor::program("test");
    let other = house.board.add_class(&by, "9b", ClassSettings::named("9Б")).await.unwrap();
    change(&house, house.class, "10А").await;
    change(&house, other.id, "9Б").await;
    for (path, peer) in [("/index.php", 1), ("/c/9b/index.php", 2)] {
        assert_eq!(post(&house, path, &chats.vk.message_event(peer, "замены")).await.text(), "ok");
    }
    let bound = house.board.bind_chat(Platform::Vk, 3, &other.code).await.unwrap();
    assert_eq!(post(&house, "/index.php", &chats.vk.message_event(3, "замены")).await.text(), "ok");
    let mut said: Vec<_> =
        chats.quiet(&house, Platform::Vk).await.into_iter().map(|call| (call.peer, call.text)).collect();
    said.sort_unstable();
    let wanted = [(1, "10А"), (2, "9Б"), (3, "9Б")].map(|(peer, text)| (peer, text.to_owned()));
    assert_eq!((said, bound.id), (wanted.to_vec(), other.id));
    assert_eq!(post(&house, "/c/9v/index.php", &chats.vk.message_event(1, "замены")).await.status, 404);
}

#[tokio::test]
async fn telegram_comes_in_by_its_secret() {
    let chats = Chats::open(None).await;
    let house = House::with(&chats).await;
    change(&house, house.class, "4-го урока нет").await;
    let update = json!({"update_id": 1, "message": {
        "message_id": 1, "date": 1_756_717_200, "text": "замены",
        "chat": {"id": 5, "type": "private"}, "from": {"id": 5, "is_bot": false},
    }});
    let with = |secret: &str| Ask::json("/telegram", &update).header("X-Telegram-Bot-Api-Secret-Token", secret);
    assert_eq!(house.ask(&Ask::json("/telegram", &update)).await.status, 403);
    assert_eq!(house.ask(&with("other")).await.status, 403);
    assert_eq!(house.ask(&with(TELEGRAM_SECRET)).await.status, 200);
    assert_eq!(house.ask(&with(TELEGRAM_SECRET)).await.status, 200, "a repetition");
    let calls = chats.quiet(&house, Platform::Telegram).await;
    assert_eq!((calls.len(), calls[0].text.as_str()), (1, "4-го урока нет"));
}

#[tokio::test]
async fn bad_events_are_refused_and_nothing_is_said() {
    let chats = Chats::open(None).await;
    let house = House::with(&chats).await;
    let long = chats.vk.message_event(7, &"дз ".repeat(1 << 20));
    assert_eq!(post(&house, "/index.php", &long).await.status, 413);
    let nested = format!("{{\"type\":\"message_new\",\"object\":{}", "[".repeat(10_000));
    for body in [nested.as_bytes(), b"\0", br#"{"type":"message_new","object":{"message":{"text":"\ud83d"}}}"#, b"\xff"]
    {
        assert_eq!(house.ask(&Ask::post("/index.php", body)).await.status, 400);
        let with_secret = Ask::post("/telegram", body).header("X-Telegram-Bot-Api-Secret-Token", TELEGRAM_SECRET);
        assert_eq!(house.ask(&with_secret).await.status, 400);
    }
    let told = house.ask(&Ask::get("/index.php")).await;
    assert_eq!((told.status, told.header("allow")), (405, Some("POST")));
    let mut line = Line::open(house.at, "127.0.0.1").await;
    let whole = Ask::json("/index.php", &chats.vk.message_event(7, "замены")).bytes();
    let begun = std::time::Instant::now();
    line.send(&whole[..whole.len() - 1]).await;
    assert_eq!(line.hear().await.unwrap().status, 408);
    assert!(begun.elapsed() >= PATIENCE);
    assert!(chats.quiet(&house, Platform::Vk).await.is_empty());
}

#[tokio::test]
async fn names_of_events_may_hold_anything() {
    let chats = Chats::open(None).await;
    for house in House::all_with(&chats).await {
        change(&house, house.class, "x").await;
        for name in [json!("a\0b"), json!("я".repeat(100_000)), json!(7), json!({"a": []})] {
            let mut event = chats.vk.message_event(7, "замены");
            event["event_id"] = name;
            assert!(post(&house, "/index.php", &event).await.status < 500, "{}", event["event_id"]);
        }
        chats.quiet(&house, Platform::Vk).await;
    }
}

#[tokio::test]
async fn without_a_bot_there_is_no_door() {
    let house = House::on_sqlite().await;
    for path in ["/index.php", "/telegram"] {
        assert_eq!(house.ask(&Ask::post(path, "{}")).await.status, 404, "{path}");
    }
}
