//! What chat platforms post: any bytes at VK's door and at Telegram's.
#![no_main]

use std::sync::LazyLock;

use bots::{telegram, vk};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const SECRET: &str = "s3cret";

static VK: LazyLock<vk::Door> = LazyLock::new(|| {
    let callback = Some(vk::Callback { confirmation: "e6f7a8b9".to_owned(), secret: Some(SECRET.into()) });
    vk::Door::of(&vk::Config { callback, ..vk::Config::new("token".into()) }).expect("there is a callback")
});
static TELEGRAM: LazyLock<telegram::Door> = LazyLock::new(|| {
    let webhook = Some(telegram::Webhook { url: None, secret: SECRET.into() });
    telegram::Door::of(&telegram::Config { webhook, ..telegram::Config::new("1:token".into()) })
        .expect("there is a webhook")
});

fuzz_target!(|body: &[u8]| {
    let json = serde_json::from_slice::<Value>(body);
    match VK.open(body, NOW) {
        Ok(knock) => {
            let event = json.as_ref().expect("only JSON comes in");
            assert_eq!(event["secret"], SECRET);
            assert_eq!(matches!(knock, vk::Knock::Confirm(_)), event["type"] == "confirmation");
        }
        Err(vk::Refused::Malformed) => assert!(json.as_ref().map_or(true, |event| !event["type"].is_string())),
        Err(vk::Refused::Stranger) => {}
    }
    let _ = TELEGRAM.open(body, Some(SECRET.as_bytes()), NOW);
    assert!(TELEGRAM.open(body, Some(body), NOW).is_err());

    let Ok(event) = json else { return };
    if let Ok(vk::Event::Message(incoming)) = vk::read(&event, Some(1), NOW) {
        assert!(incoming.peer != 0);
        assert!(incoming.event.is_none_or(|name| (1..=128).contains(&name.len()) && name.is_ascii()));
    }
    if let Some(incoming) = telegram::read(&event, NOW) {
        assert!(incoming.peer != 0);
    }
});
