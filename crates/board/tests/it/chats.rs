//! Chats, and what waits to be sent to them.

use board::{Alerts, Error, Intake, Platform};
use serde_json::json;

use crate::engine::{House, olga};

const CHAT: i64 = 2_000_000_001;

#[tokio::test]
async fn a_chat_is_bound_by_code_and_forgotten_when_it_leaves() {
    for house in House::all().await {
        let (board, class) = (&house.board, house.class().await);
        let wrong = board.bind_chat(Platform::Vk, CHAT, "9Б-0000").await;
        assert!(matches!(wrong, Err(Error::Missing("class"))));
        let typed = format!(" {} ", class.code.to_lowercase().replace('-', " "));
        assert_eq!(board.bind_chat(Platform::Vk, CHAT, &typed).await.unwrap().id, class.id);
        board.set_alerts(Platform::Vk, CHAT, Some(Alerts::Daily(jiff::civil::time(18, 0, 0, 0)))).await.unwrap();
        let chat = board.chat(Platform::Vk, CHAT).await.unwrap().unwrap();
        assert_eq!(chat.alerts, Some(Alerts::Daily(jiff::civil::time(18, 0, 0, 0))));
        assert_eq!(board.chats(class.id).await.unwrap().len(), 1);
        assert!(board.leave_chat(Platform::Vk, CHAT).await.unwrap());
        assert!(board.chat(Platform::Vk, CHAT).await.unwrap().is_none());
        let unbound = board.set_alerts(Platform::Vk, CHAT, None).await;
        assert!(matches!(unbound, Err(Error::Missing("chat"))));
        assert_ne!(board.renew_code(&olga(), class.id).await.unwrap().code, class.code);
    }
}

#[tokio::test]
async fn a_repeated_event_is_answered_once_and_what_waits_outlives_a_restart() {
    for house in House::all().await {
        let board = &house.board;
        let say = |event: &str, text: &str| Intake {
            event: Some(event.to_owned()),
            messages: vec![(CHAT, json!({ "text": text }))],
            told: Vec::new(),
        };
        let queued =
            board.take_in(Platform::Vk, &[say("e1", "one"), say("e2", "two"), say("e1", "one")]).await.unwrap();
        assert_eq!(queued.iter().map(|out| out.body["text"].as_str().unwrap()).collect::<Vec<_>>(), ["one", "two"]);
        assert!(board.take_in(Platform::Vk, &[say("e2", "two")]).await.unwrap().is_empty());
        board.sent(&[queued[0].id]).await.unwrap();
        board.postpone(queued[1].id, board.now(), Some(&json!({ "text": "two!" }))).await.unwrap();
        let again = house.another().await;
        let waiting = again.waiting(Platform::Vk, 0, 10).await.unwrap();
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[0].tries, &waiting[0].body), (1, &json!({ "text": "two!" })));
        assert_eq!(again.count_waiting(Platform::Telegram).await.unwrap(), 0);
        assert!(!again.seen(Platform::Telegram, "e1").await.unwrap(), "platforms do not share events");
        assert!(again.seen(Platform::Vk, "e1").await.unwrap());
    }
}
