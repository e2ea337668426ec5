//! What several tests need.

use proptest::prelude::*;
use serde_json::Value;

/// The names that parsers look for, so that invented JSON meets them.
const NAMES: [&str; 14] = [
    "type",
    "object",
    "message",
    "peer_id",
    "text",
    "date",
    "action",
    "member_id",
    "out",
    "event_id",
    "chat",
    "id",
    "from",
    "status",
];

/// Any JSON, with names that mean something in it.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["message_new", "chat_invite_user", "left", "member", "private"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        let name = prop_oneof![prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned), ".{0,6}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((name, inner), 0..8).prop_map(|members| members.into_iter().collect()),
        ]
    })
}
