use board::{Actor, Alerts, Changes, Expect, Platform, Task};
use jiff::civil::{date, time};

use crate::house::{House, wait};

const PEER: i64 = 2_000_000_001;

/// A class with a subject, and a chat that is bound to it.
async fn house(alerts: Alerts) -> House {
    let house = House::open().await;
    house.subjects(&[("Алгебра", "")]).await;
    let code = house.board.default_class().await.unwrap().code;
    house.board.bind_chat(Platform::Vk, PEER, &code).await.unwrap();
    house.board.set_alerts(Platform::Vk, PEER, Some(alerts)).await.unwrap();
    house
}

async fn set(house: &House, text: &str) {
    let by = Actor::program("test");
    let task = Task {
        subject: 1,
        given: date(2026, 9, 16),
        due: date(2026, 9, 18),
        text: text.to_owned(),
        links: Vec::new(),
        source: board::Source::Hand,
    };
    house.board.add_assignment(&by, house.class, task).await.unwrap();
}

/// Waits until the chat was told of everything, once.
async fn all_told(house: &House) {
    house.vk.sent(1).await;
    loop {
        let chat = house.board.chat(Platform::Vk, PEER).await.unwrap().unwrap();
        if house.board.news(house.class, chat.told, 100).await.unwrap().is_empty() {
            break;
        }
    }
    house.quiet().await;
}

#[tokio::test]
async fn a_chat_is_told_together_of_what_came_together() {
    let house = house(Alerts::AtOnce).await;
    set(&house, "№ 12").await;
    set(&house, "№ 13").await;
    house.pass(29);
    let revision = house.board.revision().await.unwrap();
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!((house.vk.counts().sent, house.board.revision().await.unwrap()), (0, revision), "more may come");

    house.pass(2);
    all_told(&house).await;

    let sends = house.vk.sends();
    assert_eq!(sends.len(), 1);
    assert!(sends[0].text.contains("№ 12") && sends[0].text.contains("№ 13"), "{}", sends[0].text);
}

#[tokio::test]
async fn who_keeps_writing_does_not_keep_the_chat_from_knowing() {
    let house = house(Alerts::AtOnce).await;
    for number in 0..15 {
        set(&house, &format!("№ {number}")).await;
        house.pass(20);
    }
    house.pass(1);

    wait(|| house.vk.counts().sent > 0).await;
}

#[tokio::test]
async fn a_chat_is_told_at_its_time_of_day() {
    // It is noon.
    let house = house(Alerts::Daily(time(18, 0, 0, 0))).await;
    set(&house, "№ 12").await;
    let by = Actor::program("test");
    let changes = Changes { text: "Алгебры нет".to_owned(), ..Changes::default() };
    house.board.set_changes(&by, house.class, Some(date(2026, 9, 17)), changes, Expect::Anything).await.unwrap();
    house.pass(5 * 3600);
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(house.vk.counts().sent, 0);

    house.pass(3600);
    all_told(&house).await;

    let sends = house.vk.sends();
    assert_eq!(sends.len(), 1);
    assert!(sends[0].text.contains("№ 12") && sends[0].text.contains("Алгебры нет"), "{}", sends[0].text);
}

#[tokio::test]
async fn nothing_is_told_twice_and_nothing_of_what_was_taken_back() {
    let mut house = house(Alerts::AtOnce).await;
    let by = Actor::program("test");
    set(&house, "№ 12").await;
    let id = house.board.news(house.class, 0, 1).await.unwrap()[0].key.parse().unwrap();
    house.board.remove_assignment(&by, house.class, id, Expect::Anything).await.unwrap();
    house.board.set_note(&by, house.class, 1, "§ 4", Expect::Anything).await.unwrap();
    house.pass(60);
    all_told(&house).await;
    house.restart().await;
    house.pass(60);
    house.write(7, "все дз").await;
    house.quiet().await;

    let sends = house.vk.sends();
    assert_eq!(sends.iter().filter(|call| call.peer == PEER).count(), 1);
    assert!(sends[0].text.contains("§ 4") && !sends[0].text.contains("№ 12"), "{}", sends[0].text);
}
