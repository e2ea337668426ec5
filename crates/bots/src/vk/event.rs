//! VK's events, which a callback and a long poll bring alike.

use board::Platform;
use jiff::Timestamp;
use serde_json::Value;

use crate::Incoming;

/// Numbers above this one are chats; below are people, and communities below zero.
const CHATS: i64 = 2_000_000_000;
/// The longest name of an event. VK's have 40 characters.
const LONGEST_NAME: usize = 128;

/// What VK tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It wants to know whether the callback server is the community's own.
    Confirmation,
    /// Somebody wrote, or the bot was invited.
    Message(Incoming),
    /// Something that the bot does not care for.
    Other,
}

/// That something is not an event of VK.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// Reads an event. `group` is the bot's community, if it is known otherwise than by the event; `now` is when a message
/// was written that does not say it.
///
/// # Errors
/// It has no type. (The original took `"type": true` for any type, and gave its confirmation away.)
pub fn read(event: &Value, group: Option<i64>, now: Timestamp) -> Result<Event, Unreadable> {
    let kind = event["type"].as_str().ok_or(Unreadable)?;
    let object = &event["object"];
    Ok(match kind {
        "confirmation" => Event::Confirmation,
        "message_new" | "message_edit" => {
            // An edited message is the object itself, and so was a new one before version 5.103.
            let message = if object["message"].is_object() { &object["message"] } else { object };
            let group = group.or_else(|| group_of(event));
            incoming(message, group, name_of(event), now).map_or(Event::Other, Event::Message)
        }
        _ => Event::Other,
    })
}

/// The community that an event is of.
pub(super) fn group_of(event: &Value) -> Option<i64> {
    integer(&event["group_id"])
}

fn incoming(message: &Value, group: Option<i64>, event: Option<String>, now: Timestamp) -> Option<Incoming> {
    let peer = integer(&message["peer_id"]).filter(|peer| *peer != 0)?;
    if integer(&message["out"]) == Some(1) {
        // The bot's own words.
        return None;
    }
    let text = message["text"].as_str().unwrap_or_default().to_owned();
    let at = integer(&message["date"]).and_then(|date| Timestamp::from_second(date).ok());
    Some(Incoming {
        platform: Platform::Vk,
        peer,
        from: integer(&message["from_id"]),
        event,
        at: at.unwrap_or(now),
        invited: is_invited(&message["action"], group),
        text,
        private: peer < CHATS,
    })
}

/// Whether it is the bot's community that was invited, and nobody else.
fn is_invited(action: &Value, group: Option<i64>) -> bool {
    let member = integer(&action["member_id"]);
    action["type"].as_str() == Some("chat_invite_user")
        && member.is_some_and(|member| group.map_or(member < 0, |group| member.checked_neg() == Some(group)))
}

/// The name of an event, if it is one that can be remembered.
fn name_of(event: &Value) -> Option<String> {
    let name = event["event_id"].as_str()?;
    let plain = (1..=LONGEST_NAME).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    plain.then(|| name.to_owned())
}

/// A whole number, also one that is written as a text.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::any_json;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn message(message: Value) -> Value {
        json!({"type": "message_new", "object": {"message": message}, "group_id": 1, "event_id": "e1"})
    }

    fn read_message(event: &Value) -> Incoming {
        match read(event, None, NOW) {
            Ok(Event::Message(incoming)) => incoming,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_message_is_read_in_every_form_that_vk_gives_it() {
        let content = json!({"peer_id": 2_000_000_001, "from_id": 7, "date": 1_756_717_200, "text": "дз", "out": 0});
        let new = message(content.clone());
        let old = json!({"type": "message_new", "object": content, "event_id": "e1"});
        let edited = json!({"type": "message_edit", "object": content, "event_id": "e1"});
        let wrapped = json!({"type": "message_edit", "object": {"message": content}, "event_id": "e1"});

        let expected = Incoming {
            platform: Platform::Vk,
            peer: 2_000_000_001,
            from: Some(7),
            event: Some("e1".to_owned()),
            at: Timestamp::from_second(1_756_717_200).unwrap(),
            text: "дз".to_owned(),
            invited: false,
            private: false,
        };
        for event in [new, old, edited, wrapped] {
            assert_eq!(read_message(&event), expected, "{event}");
        }
    }

    #[test]
    fn a_message_may_lack_nearly_everything() {
        let incoming = read_message(&json!({"type": "message_new", "object": {"peer_id": 7, "text": null}}));

        assert_eq!((incoming.text.as_str(), incoming.at, incoming.from, incoming.event), ("", NOW, None, None));
        assert!(incoming.private);
    }

    #[test]
    fn what_is_not_about_a_message_is_something_else() {
        for event in [
            json!({"type": "message_reply", "object": {"peer_id": 5, "text": "дз"}}),
            json!({"type": "Confirmation"}),
            json!({"type": "message_new"}),
            json!({"type": "message_new", "object": [1]}),
            json!({"type": "message_new", "object": {"message": {"text": "дз"}}}),
            message(json!({"peer_id": 7, "text": "дз", "out": 1})),
            message(json!({"peer_id": 0, "text": "дз"})),
            message(json!({"peer_id": 1e300, "text": "дз"})),
        ] {
            assert_eq!(read(&event, None, NOW), Ok(Event::Other), "{event}");
        }
    }

    #[test]
    fn what_has_no_type_is_no_event() {
        for event in
            [json!({"type": true}), json!({"type": null}), json!({}), json!([]), json!("message_new"), json!(1)]
        {
            assert_eq!(read(&event, None, NOW), Err(Unreadable), "{event}");
        }
    }

    #[test]
    fn only_the_community_itself_counts_as_invited() {
        let invited = |action: Value, group| {
            let event = message(json!({"peer_id": 2_000_000_001, "text": "", "action": action}));
            matches!(read(&event, group, NOW), Ok(Event::Message(Incoming { invited: true, .. })))
        };
        let invitation = |member: i64| json!({"type": "chat_invite_user", "member_id": member});

        assert!(invited(invitation(-1), None), "the event says that the community is 1");
        assert!(invited(invitation(-5), Some(5)), "the settings know better");
        assert!(!invited(invitation(-1), Some(5)));
        assert!(!invited(invitation(555), None));
        assert!(!invited(invitation(i64::MIN), None));
        assert!(!invited(json!({"type": "chat_invite_user_by_link", "member_id": -1}), None));
        assert!(!invited(json!({}), None));
    }

    #[test]
    fn a_name_that_cannot_be_remembered_is_none() {
        for name in [json!(""), json!("a\u{0}b"), json!("имя"), json!("a".repeat(129)), json!(7)] {
            let event = json!({"type": "message_new", "object": {"peer_id": 7}, "event_id": name});
            assert_eq!(read_message(&event).event, None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_json_whatever_makes_it_fail(event in any_json(), kind in "message_(new|edit)", group: Option<i64>) {
            let _ = read(&event, group, NOW);
            let _ = read(&json!({"type": kind, "object": event, "event_id": event}), group, NOW);
            let _ = read(&message(event), group, NOW);
        }
    }
}
