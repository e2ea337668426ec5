use std::time::Duration;

use board::Platform;
use emulator::chat::Next;
use serde_json::json;

use crate::house::{House, Wish, said};

const PEER: i64 = 2_000_000_001;

#[tokio::test]
async fn a_question_is_answered_after_it_is_on_the_disk() {
    let house = House::open().await;
    house.subjects(&[("Алгебра", "№ 12, 13"), ("Физика", "")]).await;

    house.write(PEER, "все дз").await;

    assert_eq!(said(&house.quiet().await), [(PEER, "Всё домашнее задание:\nАлгебра: № 12, 13\n")]);
    assert_eq!(house.count(Platform::Vk, |state| state.received), 1);
    assert_eq!(house.count(Platform::Vk, |state| state.sent), 1);
}

#[tokio::test]
async fn a_repeated_event_is_answered_once() {
    let mut house = House::open().await;
    let event = house.vk.message_event(PEER, "все дз");

    for _ in 0..3 {
        assert_eq!(house.post(&event).await, (200, "ok".to_owned()));
    }
    house.quiet().await;
    house.restart().await;
    assert_eq!(house.post(&event).await, (200, "ok".to_owned()));

    assert_eq!(house.quiet().await.len(), 1);
}

#[tokio::test]
async fn events_that_come_together_are_all_answered_and_in_order() {
    let house = House::open().await;
    let events: Vec<_> = (0..300).map(|number| house.vk.message_event(1 + number % 3, "все дз")).collect();

    let answers = events.iter().map(|event| {
        let (bots, body) = (house.bots.clone(), event.to_string());
        tokio::spawn(async move { bots.vk_callback(body.as_bytes(), None, None).await.status() })
    });
    let answers: Vec<_> = answers.collect();
    for answer in answers {
        assert_eq!(answer.await.unwrap(), 200);
    }

    assert_eq!(house.quiet().await.len(), 300);
    assert_eq!(house.vk.counts().sent, 300);
}

#[tokio::test]
async fn strangers_and_nonsense_stay_outside() {
    let house = House::wishing(Wish { vk_secret: Some("тайна"), vk_group: Some(1), ..Wish::default() }).await;
    let right = house.vk.message_event(PEER, "все дз");

    let mut wrong = vec![(json!("другая"), json!(1)), (json!(null), json!(1)), (json!("тайна"), json!(2))];
    for (secret, group) in wrong.drain(..) {
        let mut event = right.clone();
        event["secret"] = secret;
        event["group_id"] = group;
        assert_eq!(house.post(&event).await.0, 403, "{event}");
    }
    for body in ["", "{", "[]", r#"{"type":true}"#, r#"{"type":null}"#, r#""message_new""#] {
        let answer = house.bots.vk_callback(body.as_bytes(), Some(2), None).await;
        assert_eq!(answer.status(), 400, "{body}");
        assert!(!answer.body().contains(&house.vk.config().confirmation));
    }
    assert!(house.quiet().await.is_empty());

    assert_eq!(house.post(&right).await, (200, "ok".to_owned()));
    assert_eq!(house.quiet().await.len(), 1);
    let confirmation = json!({"type": "confirmation", "group_id": 1, "secret": "тайна"});
    assert_eq!(house.post(&confirmation).await, (200, house.vk.config().confirmation.clone()));
}

#[tokio::test]
async fn a_failure_of_vk_is_not_a_failure_of_the_callback() {
    let house = House::open().await;
    for next in [Next::Error(901), Next::Status(502), Next::Error(10)] {
        house.vk.answer_next("messages.send", next);
        house.write(PEER, "все дз").await;
        house.quiet().await;
    }
    assert_eq!(house.vk.counts().sent, 2, "who does not want messages gets none");
}

#[tokio::test]
async fn what_waits_at_the_end_is_sent_after_the_next_start() {
    let mut house = House::open().await;
    house.vk.answer_next("messages.send", Next::Slow(Duration::from_secs(3600)));
    for text in ["все дз", "замены", "все дз"] {
        house.write(PEER, text).await;
    }
    house.vk.sent(1).await;

    house.restart().await;

    assert_eq!(house.quiet().await.len(), 4);
    assert_eq!((house.vk.counts().sent, house.vk.counts().repeated), (3, 1));
    let sends = house.vk.sends();
    assert_eq!(sends[0].text, sends[2].text);
    assert_ne!(sends[0].random_id, sends[2].random_id);
}

#[tokio::test]
async fn a_queue_that_is_full_asks_vk_to_come_again() {
    let house = House::wishing(Wish { queue: 1, ..Wish::default() }).await;
    house.vk.answer_next("messages.send", Next::Held);
    house.write(PEER, "все дз").await;
    house.vk.until(|counts| counts.held == 1).await;

    let event = house.vk.message_event(PEER, "замены");
    assert_eq!(house.post(&event).await.0, 503);
    house.vk.release();
    house.quiet().await;

    assert_eq!(house.post(&event).await.0, 200, "nothing of it was taken in before");
    assert_eq!(house.quiet().await.len(), 2);
}

#[tokio::test]
async fn a_board_that_fails_asks_vk_to_come_again() {
    let house = House::open().await;
    house.board.close().await;

    assert_eq!(house.post(&house.vk.message_event(PEER, "все дз")).await.0, 503);
    assert_eq!(house.vk.counts().requests, 0);
}

#[tokio::test]
async fn after_the_end_vk_is_asked_to_come_again() {
    let house = House::open().await;
    house.stop().await;

    assert_eq!(house.post(&house.vk.message_event(PEER, "все дз")).await.0, 503);
}

#[tokio::test]
async fn a_chat_is_bound_by_a_code_and_asks_to_be_told() {
    let house = House::open().await;
    let by = board::Actor::program("test");
    let other = house.board.add_class(&by, "9b", board::ClassSettings::named("9Б")).await.unwrap();
    house.board.add_subjects(&by, other.id, &["Химия".to_owned()]).await.unwrap();

    house.write(PEER, "привязать 1А-0000").await;
    house.write(PEER, &format!("привязать {}", other.code)).await;
    house.write(PEER, "уведомления").await;
    house.quiet().await;

    let chat = house.board.chat(Platform::Vk, PEER).await.unwrap().unwrap();
    assert_eq!((chat.class, chat.alerts), (other.id, Some(board::Alerts::AtOnce)));
    assert_eq!(house.vk.counts().sent, 3);

    house.write(PEER, "отвязать").await;
    house.quiet().await;
    assert_eq!(house.board.chat(Platform::Vk, PEER).await.unwrap(), None);
}

#[tokio::test]
async fn a_repeated_binding_does_not_undo_what_came_after_it() {
    let house = House::open().await;
    let code = house.board.default_class().await.unwrap().code;
    let bind = house.vk.message_event(PEER, &format!("привязать {code}"));
    house.post(&bind).await;
    house.write(PEER, "отвязать").await;

    assert_eq!(house.post(&bind).await.0, 200);

    house.quiet().await;
    assert_eq!(house.board.chat(Platform::Vk, PEER).await.unwrap(), None);
    assert_eq!(house.vk.counts().sent, 2);
}

#[tokio::test]
async fn the_code_of_a_class_cannot_be_guessed() {
    let house = House::open().await;
    let code = house.board.default_class().await.unwrap().code;
    for guess in 0..10 {
        house.write(7, &format!("привязать 0Я-{guess:04}")).await;
    }

    house.write(7, &format!("привязать {code}")).await;
    house.write(8, &format!("привязать {code}")).await;

    house.quiet().await;
    assert_eq!(house.board.chat(Platform::Vk, 7).await.unwrap(), None);
    assert!(house.board.chat(Platform::Vk, 8).await.unwrap().is_some());
}

#[tokio::test]
async fn the_long_poll_brings_events_whatever_happens_to_it() {
    let house = House::wishing(Wish { vk_group: Some(1), vk_long_poll: true, ..Wish::default() }).await;
    assert_eq!(house.post(&house.vk.message_event(PEER, "все дз")).await.0, 404, "there is no callback");

    house.vk.push_message(PEER, "все дз");
    house.vk.sent(1).await;
    for (sent, failed) in (2..).zip(1..=3) {
        house.vk.all_heard().await;
        let requests = house.vk.counts().requests;
        house.vk.fail_next_poll(failed);
        // A line that is forgotten altogether is opened anew, and what came before that is lost.
        house.vk.until(|counts| counts.requests >= requests + if failed == 1 { 1 } else { 2 }).await;
        house.vk.push(json!("no event"));
        house.vk.push_message(PEER, "замены");
        house.vk.sent(sent).await;
    }
}

#[tokio::test]
async fn the_long_poll_tries_again_when_vk_fails() {
    let house = House::wishing(Wish { vk_group: Some(1), vk_long_poll: true, ..Wish::default() }).await;
    house.vk.push_message(PEER, "все дз");
    house.vk.sent(1).await;

    house.vk.answer_next("groups.getLongPollServer", Next::Status(502));
    house.vk.answer_next("groups.getLongPollServer", Next::Garbage);
    house.vk.fail_next_poll(2);
    house.vk.push_message(PEER, "замены");

    house.vk.sent(2).await;
    house.stop().await;
}

#[tokio::test]
async fn what_was_written_while_the_bot_was_away_is_answered() {
    let mut house = House::wishing(Wish { vk_group: Some(1), vk_long_poll: true, ..Wish::default() }).await;
    house.vk.push_message(PEER, "все дз");
    house.vk.sent(1).await;
    house.vk.all_heard().await;
    house.stop().await;

    house.vk.push_message(PEER, "замены");
    house.restart().await;

    let sent = house.vk.sent(2).await;
    assert_eq!(sent.len(), 2, "and nothing is answered twice");
}
