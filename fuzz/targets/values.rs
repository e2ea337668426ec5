//! Typed values: dates, sets, marks, HTML. What is read and written again is read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pronote::functions::messaging::parse_date_label;
use pronote::model::Color;
use pronote::wire::{Html, Json, Mark, Set, parse_date, parse_date_time, write};

fuzz_target!(|text: &str| {
    if let Some(date) = parse_date(text) {
        assert_eq!(parse_date(&write::padded_date(date)), Some(date));
        let _ = parse_date_label(text, Some(date));
    }
    if let Some(at) = parse_date_time(text) {
        assert_eq!(parse_date_time(&write::padded_date_time(at)), Some(at));
    }
    if let Some(set) = Set::parse(text) {
        assert_eq!(Set::parse(&set.to_string()), Some(set));
    }
    if let Ok(Some(mark)) = Mark::parse(text) {
        let _ = mark.number();
        assert_eq!(Mark::parse(&mark.to_string()), Ok(Some(mark)));
    }
    if let Some(color) = Color::parse(text) {
        assert_eq!(Color::parse(&color.to_string()), Some(color));
    }
    let _ = Html::new(text).text();
    if let Ok(json) = Json::parse(text) {
        let _ = json.opened();
    }
});
