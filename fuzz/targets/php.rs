//! The old face of the class board: queries, forms, bodies and what is said of them.
//!
//! Its sources are compiled in here: they need nothing else of their crate, and it much that takes long.
#![no_main]
#![allow(dead_code)]

use libfuzzer_sys::fuzz_target;

#[path = "../../crates/board-web/src/php/json.rs"]
mod json;
#[path = "../../crates/board-web/src/php/query.rs"]
mod query;
#[path = "../../crates/board-web/src/php/validate.rs"]
mod validate;

fuzz_target!(|input: &[u8]| {
    for name in ["id", "user", "pass"] {
        if let Some(number) = query::find(input, name).and_then(|text| query::number(&text)) {
            assert_eq!(query::find(format!("{name}={number}").as_bytes(), name), Some(number.to_string()));
        }
    }
    let theirs: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_slice(input);
    let Some(body) = json::read(input) else {
        assert!(theirs.is_err());
        return;
    };
    if let Ok(names) = validate::names(&body) {
        let odd = names.iter().filter(|name| validate::odd_subject(name).is_some()).count();
        assert!(odd <= names.len());
    }
    if let Ok(user) = validate::user(&body) {
        assert!(validate::odd_user(&user).is_some() || validate::is_name(user.name));
    }
    let said = [
        validate::homework(&body).err(),
        validate::timetable(&body).err(),
        validate::changes(&body).err(),
        validate::names(&body).err(),
        validate::numbers(&body).err(),
        validate::user(&body).err(),
    ];
    for message in said.into_iter().flatten() {
        assert!(message.len() > "Failed to validate parameters: ".len());
    }
});
