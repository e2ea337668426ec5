//! VK's callback: the door that VK posts events to.

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use super::event::{Event, group_of, read};
use super::{Callback, Config};
use crate::Incoming;

/// The door, and who may come in.
#[derive(Debug, Clone)]
pub struct Door {
    confirmation: String,
    secret: Option<SecretString>,
    group: Option<i64>,
}

/// What is at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Knock {
    /// VK wants to hear this.
    Confirm(String),
    /// Somebody wrote: it is to be taken in before `ok` is said.
    Message(Incoming),
    /// Nothing to do but to say `ok`; VK repeats what it does not hear that of.
    Nothing,
}

/// Why what is at the door does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not an event.
    #[error("this is not an event of VK")]
    Malformed,
    /// It does not carry the secret, or is of another community.
    #[error("this event is not from the community")]
    Stranger,
}

impl Door {
    /// The door of a community; none when its events do not come by callback.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        let Callback { confirmation, secret } = config.callback.clone()?;
        Some(Door { confirmation, secret, group: config.group })
    }

    /// Reads what VK, or whoever knows the address, has posted.
    ///
    /// # Errors
    /// It does not come in, and nothing may be done about it.
    pub fn open(&self, body: &[u8], now: Timestamp) -> Result<Knock, Refused> {
        let event: Value = serde_json::from_slice(body).map_err(|_| Refused::Malformed)?;
        let read = read(&event, self.group, now).map_err(|_| Refused::Malformed)?;
        if let Some(secret) = &self.secret {
            let given = event["secret"].as_str().unwrap_or_default();
            if !bool::from(given.as_bytes().ct_eq(secret.expose_secret().as_bytes())) {
                return Err(Refused::Stranger);
            }
        }
        if self.group.is_some() && self.group != group_of(&event) {
            return Err(Refused::Stranger);
        }
        Ok(match read {
            Event::Confirmation => Knock::Confirm(self.confirmation.clone()),
            Event::Message(incoming) => Knock::Message(incoming),
            Event::Other => Knock::Nothing,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn door(secret: Option<&str>, group: Option<i64>) -> Door {
        Door { confirmation: "e6f7a8b9".to_owned(), secret: secret.map(SecretString::from), group }
    }

    fn open(door: &Door, event: &Value) -> Result<Knock, Refused> {
        door.open(event.to_string().as_bytes(), NOW)
    }

    #[test]
    fn the_confirmation_is_told_to_whom_it_concerns() {
        let event = json!({"type": "confirmation", "group_id": 1, "secret": "тайна"});

        assert_eq!(open(&door(Some("тайна"), Some(1)), &event), Ok(Knock::Confirm("e6f7a8b9".to_owned())));
        assert_eq!(open(&door(None, None), &event), Ok(Knock::Confirm("e6f7a8b9".to_owned())));
        assert_eq!(open(&door(Some("другая"), None), &event), Err(Refused::Stranger));
        assert_eq!(open(&door(None, Some(2)), &event), Err(Refused::Stranger));
        assert_eq!(open(&door(None, None), &json!({"type": true})), Err(Refused::Malformed));
    }

    #[test]
    fn an_event_without_the_right_secret_stays_outside() {
        let door = door(Some("тайна"), None);
        for secret in [json!(null), json!(""), json!("тайн"), json!("тайна "), json!(true), json!(["тайна"])]
        {
            let event = json!({"type": "message_new", "object": {"peer_id": 7, "text": "дз"}, "secret": secret});
            assert_eq!(open(&door, &event), Err(Refused::Stranger), "{event}");
        }
    }

    #[test]
    fn events_that_are_not_for_the_bot_are_nothing() {
        for kind in ["message_reply", "wall_post_new", "message_typing_state", "Confirmation"] {
            let event = json!({"type": kind, "object": {"peer_id": 5, "text": "дз"}});
            assert_eq!(open(&door(None, None), &event), Ok(Knock::Nothing));
        }
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let nested = "[".repeat(10_000);
        let bodies =
            [b"".as_slice(), b"{\"type\":\"message_new\"", b"[]", b"\"message_new\"", nested.as_bytes(), b"\xff\xfe"];
        for body in bodies {
            assert_eq!(door(None, None).open(body, NOW), Err(Refused::Malformed));
        }
        let surrogate = br#"{"type":"message_new","object":{"peer_id":7,"text":"\ud800"}}"#;
        assert_eq!(door(None, None).open(surrogate, NOW), Err(Refused::Malformed));
    }
}
