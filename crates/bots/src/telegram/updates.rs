//! Telegram's updates, which a webhook and a question bring alike.

use board::Platform;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use super::Config;
use crate::Incoming;

/// The door that Telegram posts updates to.
#[derive(Debug, Clone)]
pub struct Door {
    secret: SecretString,
}

/// Why what is at the door does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not an update.
    #[error("this is not an update of Telegram")]
    Malformed,
    /// It does not carry the secret.
    #[error("this update does not carry the secret")]
    Stranger,
}

impl Door {
    /// The door of a bot; none when its updates do not come by webhook.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let secret = config.webhook.as_ref()?.secret.clone();
        // Anybody could hold an empty one.
        (!secret.expose_secret().is_empty()).then_some(Door { secret })
    }

    /// Reads what Telegram, or whoever knows the address, has posted, with its `X-Telegram-Bot-Api-Secret-Token`.
    /// Nothing is to be done about some updates.
    ///
    /// # Errors
    /// It does not come in, and nothing may be done about it.
    pub fn open(&self, body: &[u8], secret: Option<&[u8]>, now: Timestamp) -> Result<Option<Incoming>, Refused> {
        let given = secret.unwrap_or_default();
        if !bool::from(given.ct_eq(self.secret.expose_secret().as_bytes())) {
            return Err(Refused::Stranger);
        }
        let update: Value = serde_json::from_slice(body).map_err(|_| Refused::Malformed)?;
        if number_of(&update).is_none() {
            return Err(Refused::Malformed);
        }
        Ok(read(&update, now))
    }
}

/// The number of an update: each is one more than that before it.
pub(crate) fn number_of(update: &Value) -> Option<i64> {
    update["update_id"].as_i64()
}

/// Reads an update; nothing if it does not concern the bot. `now` is when a message was written that does not say it.
#[must_use]
pub fn read(update: &Value, now: Timestamp) -> Option<Incoming> {
    let (content, invited) = match ["message", "edited_message"].iter().find_map(|kind| update.get(kind)) {
        Some(message) => (message, false),
        None => (update.get("my_chat_member").filter(|change| is_invitation(change))?, true),
    };
    let chat = &content["chat"];
    let private = chat["type"].as_str() == Some("private");
    if content["from"]["is_bot"].as_bool() == Some(true) || (invited && private) {
        // Two bots could talk for ever. And who opens a private talk begins it with `/start`.
        return None;
    }
    let at = content["date"].as_i64().and_then(|date| Timestamp::from_second(date).ok());
    Some(Incoming {
        platform: Platform::Telegram,
        peer: chat["id"].as_i64().filter(|chat| *chat != 0)?,
        from: content["from"]["id"].as_i64(),
        event: number_of(update).map(|number| number.to_string()),
        at: at.unwrap_or(now),
        text: content["text"].as_str().unwrap_or_default().to_owned(),
        invited,
        private,
    })
}

/// Whether the bot was outside of a chat, and is inside now.
fn is_invitation(change: &Value) -> bool {
    let is_outside = |member: &Value| matches!(member["status"].as_str(), Some("left" | "kicked"));
    is_outside(&change["old_chat_member"])
        && matches!(change["new_chat_member"]["status"].as_str(), Some("member" | "administrator"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::any_json;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn update(kind: &str, content: &Value) -> Value {
        json!({"update_id": 42, kind: content})
    }

    #[test]
    fn a_message_is_read_whether_new_or_edited() {
        let message = json!({
            "message_id": 1, "date": 1_756_717_200, "text": "/dz", "chat": {"id": -100_500, "type": "supergroup"},
            "from": {"id": 7, "is_bot": false},
        });
        let expected = Incoming {
            platform: Platform::Telegram,
            peer: -100_500,
            from: Some(7),
            event: Some("42".to_owned()),
            at: Timestamp::from_second(1_756_717_200).unwrap(),
            text: "/dz".to_owned(),
            invited: false,
            private: false,
        };

        assert_eq!(read(&update("message", &message), NOW), Some(expected.clone()));
        assert_eq!(read(&update("edited_message", &message), NOW), Some(expected));
    }

    #[test]
    fn a_talk_with_one_person_is_private() {
        let message = json!({"chat": {"id": 7, "type": "private"}, "text": "дз"});
        assert!(read(&update("message", &message), NOW).unwrap().private);
    }

    #[test]
    fn the_bot_is_invited_when_it_comes_in() {
        let change = |old: &str, new: &str, kind: &str| {
            let change = json!({
                "chat": {"id": -5, "type": kind}, "from": {"id": 7}, "date": 5,
                "old_chat_member": {"status": old}, "new_chat_member": {"status": new},
            });
            read(&update("my_chat_member", &change), NOW).map(|incoming| incoming.invited)
        };

        assert_eq!(change("left", "member", "group"), Some(true));
        assert_eq!(change("kicked", "administrator", "supergroup"), Some(true));
        assert_eq!(change("member", "administrator", "group"), None);
        assert_eq!(change("member", "left", "group"), None);
        assert_eq!(change("kicked", "member", "private"), None);
    }

    #[test]
    fn what_does_not_concern_the_bot_is_nothing() {
        for update in [
            json!({"update_id": 1}),
            update("poll", &json!({"id": "1"})),
            update("message", &json!({"text": "дз"})),
            update(
                "message",
                &json!({"text": "дз", "chat": {"id": 7, "type": "private"}, "from": {"id": 8, "is_bot": true}}),
            ),
            update("channel_post", &json!({"text": "дз", "chat": {"id": -7, "type": "channel"}})),
        ] {
            assert_eq!(read(&update, NOW), None, "{update}");
        }
    }

    #[test]
    fn the_door_opens_for_the_secret_alone() {
        let door = Door { secret: "s3cret".into() };
        let body = update("message", &json!({"text": "дз", "chat": {"id": 7, "type": "private"}})).to_string();
        let open = |secret: Option<&str>| door.open(body.as_bytes(), secret.map(str::as_bytes), NOW);

        assert_eq!(open(Some("s3cret")).unwrap().unwrap().text, "дз");
        for wrong in [None, Some(""), Some("s3cre"), Some("s3cret ")] {
            assert_eq!(open(wrong), Err(Refused::Stranger), "{wrong:?}");
        }
        for malformed in [b"".as_slice(), b"{", b"[]", b"{}", b"{\"update_id\":\"1\"}", b"\xff"] {
            assert_eq!(door.open(malformed, Some(b"s3cret"), NOW), Err(Refused::Malformed));
        }
    }

    #[test]
    fn there_is_no_door_without_a_secret() {
        let webhook = |secret: &str| Some(super::super::Webhook { url: None, secret: secret.into() });
        let config = |webhook| Config { webhook, ..Config::new("1:token".into()) };

        assert!(Door::of(&config(None)).is_none());
        assert!(Door::of(&config(webhook(""))).is_none());
        assert!(Door::of(&config(webhook("s3cret"))).is_some());
    }

    proptest! {
        #[test]
        fn no_json_whatever_makes_it_fail(content in any_json(), kind in "message|edited_message|my_chat_member") {
            let _ = read(&content, NOW);
            let _ = read(&update(&kind, &content), NOW);
            let _ = read(&update(&kind, &json!({"chat": content, "from": content, "date": content})), NOW);
        }
    }
}
