//! JSON about people: a line with a pointer, a line with whom was asked for, and any text as the answer of a server and of
//! esup-sgc.
#![no_main]

use card::source::sgc::try_anything;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

#[path = "../../crates/card/src/letters.rs"]
mod letters;
#[path = "../../crates/card/src/source/key.rs"]
#[allow(dead_code)]
mod key;
#[path = "../../crates/card/src/source/rest/pointer.rs"]
mod pointer;

fuzz_target!(|input: &str| {
    let Some((pointer, rest)) = input.split_once('\n') else { return };
    let Some((asked, answer)) = rest.split_once('\n') else { return };
    if let (Some(pointer), Ok(value)) = (pointer::Pointer::parse(pointer), serde_json::from_str::<Value>(answer)) {
        let texts = pointer.texts(&value);
        // No value is reached twice.
        assert!(texts.iter().map(String::len).sum::<usize>() <= value.to_string().len());
        assert!(texts.iter().all(|text| !text.trim().is_empty()));
    }
    if let Ok(Some(person)) = try_anything(answer.as_bytes(), asked) {
        for (name, values) in person.iter() {
            let [value] = values else { panic!("`{name}` has several values") };
            let text = value.text().expect("all that it says is text");
            assert!(!text.trim().is_empty());
            assert!(name != "eppn" || key::same(text, asked));
        }
    }
});
