//! Whether a value is as its schema describes it: every fault at once, each with its place. What the description of the
//! routes says is what is checked, so that the two cannot differ.
//!
//! Of JSON Schema it knows what our descriptions use. Rules that it has no words for have a name as the schema's `format`.

use std::fmt::Write as _;

use board::{judge_password, judge_slug, judge_subject, judge_user};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::problem::Fault;

/// The most faults that are told: whoever has more begins with these.
pub(super) const MOST_FAULTS: usize = 100;

/// Judges a value by a schema, which may refer to others by their names; takes out of it what is only for reading.
pub(super) fn judge(value: &mut Value, schema: &Value, schemas: &Value) -> Vec<Fault> {
    let mut judge = Judge { schemas, place: String::new(), faults: Vec::new() };
    judge.value(value, schema);
    judge.faults
}

struct Judge<'a> {
    schemas: &'a Value,
    /// Where it is, as a JSON pointer.
    place: String,
    faults: Vec<Fault>,
}

impl Judge<'_> {
    fn fault(&mut self, message: impl Into<String>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { pointer: self.place.clone(), message: message.into() });
        }
    }

    /// Judges what is below the present place.
    fn below(&mut self, name: &str, judge: impl FnOnce(&mut Self)) {
        let length = self.place.len();
        let name = name.replace('~', "~0").replace('/', "~1");
        // Writing to a text does not fail.
        let _ = write!(self.place, "/{name}");
        judge(self);
        self.place.truncate(length);
    }

    fn value(&mut self, value: &mut Value, schema: &Value) {
        if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
            let schemas = self.schemas;
            return self.value(value, &schemas[name]);
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            return self.one_of(value, choices);
        }
        let kind = kind_of(value);
        let fits = match &schema["type"] {
            Value::String(wanted) => wanted == kind,
            Value::Array(several) => several.iter().any(|wanted| wanted == kind),
            _ => true,
        };
        if !fits {
            return self.fault(format!("it has to be {}", wanted(&schema["type"])));
        }
        if let Some(allowed) = schema["enum"].as_array().filter(|allowed| !allowed.contains(value)) {
            let names: Vec<String> = allowed.iter().map(Value::to_string).collect();
            return self.fault(format!("it has to be one of {}", names.join(", ")));
        }
        match value {
            Value::String(text) => self.text(text, schema),
            Value::Number(number) => self.number(number.as_i64(), schema),
            Value::Array(items) => self.items(items, schema),
            Value::Object(members) => self.members(members, schema),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// One of several forms: the first that fits, or what is wrong with the only one that is not `null`.
    fn one_of(&mut self, value: &mut Value, choices: &[Value]) {
        let mut forms = choices.iter().filter(|choice| choice["type"] != "null");
        if value.is_null() && choices.iter().any(|choice| choice["type"] == "null") {
            return;
        }
        if let (Some(only), None) = (forms.next(), forms.next()) {
            return self.value(value, only);
        }
        for choice in choices {
            let mut copy = value.clone();
            let mut other = Judge { schemas: self.schemas, place: self.place.clone(), faults: Vec::new() };
            other.value(&mut copy, choice);
            if other.faults.is_empty() {
                *value = copy;
                return;
            }
        }
        self.fault("it has none of the forms that it may have");
    }

    fn text(&mut self, text: &str, schema: &Value) {
        let length = text.chars().count() as u64;
        if let Some(least) = schema["minLength"].as_u64().filter(|least| length < *least) {
            return self.fault(match least {
                1 => "it is empty".to_owned(),
                least => format!("it has to be at least {least} characters long"),
            });
        }
        if let Some(most) = schema["maxLength"].as_u64().filter(|most| length > *most) {
            return self.fault(format!("it is at most {most} characters long"));
        }
        if let Err(message) = schema["format"].as_str().map_or(Ok(()), |format| formed(text, format)) {
            self.fault(message);
        }
    }

    fn number(&mut self, number: Option<i64>, schema: &Value) {
        let Some(number) = number else { return self.fault("it has to be an integer within 64 bits") };
        let (least, most) = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
        if let Some(least) = least.filter(|least| number < *least) {
            self.fault(format!("it has to be at least {least}"));
        }
        if let Some(most) = most.filter(|most| number > *most) {
            self.fault(format!("it is at most {most}"));
        }
    }

    fn items(&mut self, items: &mut [Value], schema: &Value) {
        let length = items.len() as u64;
        let (least, most) = (schema["minItems"].as_u64(), schema["maxItems"].as_u64());
        if let Some(most) = most.filter(|most| length > *most) {
            return self.fault(format!("there are at most {most} in it"));
        }
        if let Some(least) = least.filter(|least| length < *least) {
            self.fault(format!("there have to be {least} in it"));
        }
        for (number, item) in items.iter_mut().enumerate() {
            self.below(&number.to_string(), |judge| judge.value(item, &schema["items"]));
        }
    }

    fn members(&mut self, members: &mut Map<String, Value>, schema: &Value) {
        let known = &schema["properties"];
        members.retain(|name, _| known[name]["readOnly"] != true);
        let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for name in needed.filter(|name| known[*name]["readOnly"] != true) {
            if !members.contains_key(name) {
                self.below(name, |judge| judge.fault("it is needed"));
            }
        }
        if let Some(most) = schema["maxProperties"].as_u64().filter(|most| members.len() as u64 > *most) {
            return self.fault(format!("there are at most {most} in it"));
        }
        for (name, value) in members {
            self.below(name, |judge| match known.get(name).unwrap_or(&schema["additionalProperties"]) {
                Value::Bool(false) => judge.fault("nothing of this name is known here"),
                described => {
                    let before = judge.faults.len();
                    judge.text(name, &schema["propertyNames"]);
                    if judge.faults.len() == before {
                        judge.value(value, described);
                    }
                }
            });
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        // Whether it is one is found out later: whatever else is a number is meant to be one.
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn wanted(kind: &Value) -> &'static str {
    let kind = match kind {
        Value::Array(several) => several.iter().find(|kind| *kind != "null").unwrap_or(&Value::Null),
        kind => kind,
    };
    match kind.as_str().unwrap_or_default() {
        "boolean" => "true or false",
        "integer" => "an integer",
        "string" => "a text",
        "array" => "a list",
        "object" => "an object",
        _ => "null",
    }
}

/// Whether a text is what a format says. A format that is not known here says nothing about what is sent.
fn formed(text: &str, format: &str) -> Result<(), String> {
    let told = |judged: Result<(), board::Error>| judged.map_err(|error| error.to_string());
    match format {
        "date" => day(text).map(|_| ()).ok_or_else(|| NO_DAY.to_owned()),
        "local-time" => time(text).then_some(()).ok_or_else(|| "a time is written 08:30 or 08:30:00".to_owned()),
        "subject-name" => told(judge_subject(text)),
        "user-name" => told(judge_user(text)),
        "class-slug" => told(judge_slug(text)),
        "new-password" => told(judge_password(&text.to_owned().into(), true)),
        "time-zone" => match TimeZone::get(text) {
            Ok(_) => Ok(()),
            Err(_) => Err("there is no such time zone; give a name such as Europe/Moscow".to_owned()),
        },
        "link" => {
            let web = text.starts_with("https://") || text.starts_with("http://");
            let plain = web && !text.contains(char::is_whitespace);
            plain.then_some(()).ok_or_else(|| "a link begins with https:// or http://, and has no blanks".to_owned())
        }
        _ => Ok(()),
    }
}

/// How a day has to be written.
pub(super) const NO_DAY: &str = "a day is written 2026-09-14, between 0001-01-01 and 9999-12-31";

/// A day as it is written here, and in no other of the ways of ISO 8601.
pub(super) fn day(text: &str) -> Option<Date> {
    let form = text.len() == 10 && digits_around(text, b'-', &[4, 7]);
    let date: Date = form.then(|| text.parse().ok())??;
    (date.year() >= 1).then_some(date)
}

fn time(text: &str) -> bool {
    let form = matches!(text.len(), 5 | 8) && digits_around(text, b':', if text.len() == 5 { &[2] } else { &[2, 5] });
    form && !text.ends_with(":60") && text.parse::<Time>().is_ok()
}

/// Whether a text is of digits, but for a mark at some places.
fn digits_around(text: &str, mark: u8, places: &[usize]) -> bool {
    let fits = |(place, byte): (usize, u8)| if places.contains(&place) { byte == mark } else { byte.is_ascii_digit() };
    text.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What is wrong with a value, by place.
    fn faults(mut value: Value, schema: &Value) -> Vec<(String, String)> {
        let schemas = json!({
            "Bell": {
                "type": "object",
                "properties": {"from": {"type": "string", "format": "local-time"}, "id": {"type": "integer", "readOnly": true}},
                "required": ["from", "id"],
                "additionalProperties": false
            }
        });
        let found = judge(&mut value, schema, &schemas);
        found.into_iter().map(|fault| (fault.pointer, fault.message)).collect()
    }

    fn places(value: Value, schema: &Value) -> Vec<String> {
        faults(value, schema).into_iter().map(|(pointer, _)| pointer).collect()
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let schema = json!({
            "type": "object",
            "properties": {
                "bells": {"type": "array", "maxItems": 3, "items": {"$ref": "#/components/schemas/Bell"}},
                "name": {"type": "string", "minLength": 1},
                "zone": {"type": ["string", "null"], "format": "time-zone"},
                "days": {"type": "integer", "minimum": 5, "maximum": 6}
            },
            "required": ["name"],
            "additionalProperties": false
        });
        let wrong = json!({
            "bells": [{"from": "08:30", "id": "ignored"}, {"from": "8:30"}, {"a/b~": 1}],
            "zone": "Mars/Olympus", "days": 7, "surplus": []
        });
        assert_eq!(
            places(wrong, &schema),
            ["/name", "/bells/1/from", "/bells/2/from", "/bells/2/a~1b~0", "/days", "/surplus", "/zone"]
        );
        assert!(places(json!({"name": "x", "zone": null, "days": 5}), &schema).is_empty());
        assert_eq!(faults(json!([]), &schema), [(String::new(), "it has to be an object".to_owned())]);
    }

    #[test]
    fn what_is_only_for_reading_is_taken_out() {
        let mut value = json!({"from": "08:30:15", "id": 7});
        let schema = json!({"type": "object", "properties": {"from": {"type": "string"}, "id": {"readOnly": true}}});
        assert!(judge(&mut value, &schema, &Value::Null).is_empty());
        assert_eq!(value, json!({"from": "08:30:15"}));
    }

    #[test]
    fn one_of_several_forms_has_to_fit() {
        let schema = json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Bell"}]});
        assert!(places(Value::Null, &schema).is_empty());
        assert_eq!(places(json!({"from": "late"}), &schema), ["/from"]);
        let schema = json!({"oneOf": [{"type": "integer"}, {"type": "string", "minLength": 2}]});
        assert!(places(json!("ab"), &schema).is_empty() && places(json!(1), &schema).is_empty());
        assert_eq!(places(json!("a"), &schema), [""]);
    }

    #[test]
    fn numbers_are_integers_within_64_bits() {
        let schema = json!({"type": "integer"});
        for wrong in ["1.5", "9223372036854775808", "-9223372036854775809", "1e3", "1.0"] {
            assert_eq!(places(serde_json::from_str(wrong).unwrap(), &schema), [""], "{wrong}");
        }
        for right in ["0", "9223372036854775807", "-9223372036854775808"] {
            assert!(places(serde_json::from_str(right).unwrap(), &schema).is_empty(), "{right}");
        }
        assert_eq!(places(json!("1"), &schema), [""]);
    }

    #[test]
    fn a_day_and_a_time_are_written_in_one_way() {
        for right in ["0001-01-01", "2024-02-29", "9999-12-31"] {
            assert!(day(right).is_some(), "{right}");
        }
        let wrong =
            ["", "0000-01-01", "-001-01-01", "2025-02-29", "20250901", "2025-9-1", "+2025-09-1", "２０２５-09-01"];
        for wrong in wrong.into_iter().chain(["2025-09-01T00:00", "10000-01-01", "2025/09/01"]) {
            assert!(day(wrong).is_none(), "{wrong}");
        }
        assert!(time("08:30") && time("23:59:59"));
        assert!(!["8:30", "24:00", "08:60", "08:30:60", "083000", "08:30:00.5"].into_iter().any(time));
    }

    #[test]
    fn there_are_not_more_faults_than_anybody_reads() {
        let surplus: Map<String, Value> = (0..1000).map(|number| (number.to_string(), Value::Null)).collect();
        let schema = json!({"type": "object", "properties": {}, "additionalProperties": false});
        assert_eq!(places(surplus.into(), &schema).len(), MOST_FAULTS);
    }

    #[test]
    fn the_names_of_members_are_judged_too() {
        let schema = json!({"propertyNames": {"format": "date"}, "additionalProperties": {"type": "integer"}});
        assert_eq!(places(json!({"2025-09-01": 1, "2025-09-02": "", "today": 1}), &schema), ["/2025-09-02", "/today"]);
    }
}
