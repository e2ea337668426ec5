//! Recorded cases: how they are written, what stands for what in them, and whether an answer is one of those accepted
//! (`board-api.md`, section 15).

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::Value;

use crate::wire::{Ask, Told};

/// A case.
#[derive(Debug, Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) setup: Option<Setup>,
    #[serde(default)]
    pub(crate) before: Before,
    pub(crate) request: Request,
    pub(crate) response: Accepted,
    #[serde(default)]
    pub(crate) sane: Sane,
}

/// The state before a group.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Setup {
    pub(crate) subjects: Vec<String>,
    pub(crate) homework: BTreeMap<i64, String>,
    pub(crate) timetable: Option<Value>,
    pub(crate) changes: Option<Value>,
    pub(crate) users: Vec<User>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct User {
    pub(crate) user: String,
    pub(crate) pass: String,
    pub(crate) pr: i64,
    #[serde(default)]
    pub(crate) sessions: Vec<Session>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Session {
    pub(crate) name: String,
    pub(crate) client_ip: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Before {
    #[serde(default)]
    pub(crate) advance: i64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Value,
    body_b64: Option<String>,
    pub(crate) client_ip: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Accepted {
    status: Value,
    body: Value,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Sane {
    #[serde(default)]
    pub(crate) accept: Vec<Accepted>,
}

/// Reads a file of cases.
pub(crate) fn read<T: for<'de> Deserialize<'de>>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// What is known of the placeholders.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Keys by the names of their sessions.
    pub(crate) keys: BTreeMap<String, String>,
    /// What other placeholders stand for.
    pub(crate) words: BTreeMap<&'static str, String>,
    /// The same of those that are numbers.
    pub(crate) numbers: BTreeMap<&'static str, usize>,
}

impl Known {
    /// A text with its placeholders filled in.
    pub(crate) fn fill(&self, text: &str) -> String {
        let (mut filled, mut rest) = (String::new(), text);
        while let Some(begin) = rest.find('<') {
            filled += &rest[..begin];
            rest = &rest[begin..];
            let (instead, taken) = self.placeholder(rest).unwrap_or_else(|| ("<".to_owned(), 1));
            filled += &instead;
            rest = &rest[taken..];
        }
        filled + rest
    }

    /// What a placeholder at the beginning of a text stands for, and how long it is.
    fn placeholder(&self, text: &str) -> Option<(String, usize)> {
        let end = text.find('>')?;
        let inner = &text[1..end];
        let instead = if let Some(name) = inner.strip_prefix("KEY:") {
            self.keys.get(name)?.clone()
        } else if let Some(repeated) = inner.strip_prefix("REPEAT:") {
            let (text, times) = repeated.rsplit_once(':')?;
            text.repeat(times.parse().ok()?)
        } else {
            self.words.get(inner)?.clone()
        };
        Some((instead, end + 1))
    }

    /// The request of a case.
    pub(crate) fn ask(&self, request: &Request) -> Ask {
        let body = match (&request.body_b64, &request.body) {
            (Some(bytes), _) => BASE64_STANDARD.decode(bytes).unwrap(),
            (None, Value::Null) => Vec::new(),
            (None, Value::String(text)) => self.fill(text).into(),
            (None, event) => {
                let numbered = self.numbers.iter().fold(event.to_string(), |event, (name, number)| {
                    event.replace(&format!("\"<{name}>\""), &number.to_string())
                });
                self.fill(&numbered).into()
            }
        };
        let headers = request.headers.iter().map(|(name, value)| (name.clone(), self.fill(value)));
        let path = self.fill(&request.path);
        Ask { method: request.method.clone(), path, headers: headers.collect(), body }
    }

    /// Whether an answer is an accepted one; a key that is seen for the first time is then known.
    pub(crate) fn accepts(&mut self, accepted: &Accepted, told: &Told) -> bool {
        let status = match &accepted.status {
            Value::Array(several) => several.iter().any(|status| *status == told.status),
            status => *status == told.status,
        };
        let body = match &accepted.body {
            Value::String(text) => Value::String(match text.as_str() {
                "<ANY>" => return status,
                _ => told.text(),
            }),
            _ => match serde_json::from_slice(&told.body) {
                Ok(body) => body,
                Err(_) => return false,
            },
        };
        let mut known = self.clone();
        let met = status && known.matches(&accepted.body, &body);
        if met {
            *self = known;
        }
        met
    }

    /// Whether a value is what was expected.
    pub(crate) fn matches(&mut self, expected: &Value, value: &Value) -> bool {
        match (expected, value) {
            (Value::String(expected), value) if expected == "<ANY>" => !value.is_null(),
            (Value::String(expected), Value::String(_)) if expected == "<ANYSTR>" || expected == "<ANYTEXT>" => true,
            (Value::String(expected), Value::String(text)) => {
                let name = expected.strip_prefix("<KEY:").and_then(|name| name.strip_suffix('>'));
                match name.filter(|name| !self.keys.contains_key(*name)) {
                    Some(name) => {
                        let key = text.len() == 64 && text.bytes().all(|byte| b"0123456789abcdef".contains(&byte));
                        let new = !self.keys.values().any(|other| other == text);
                        self.keys.insert(name.to_owned(), text.clone());
                        key && new
                    }
                    None => self.fill(expected) == *text,
                }
            }
            (Value::Array(expected), Value::Array(values)) => {
                expected.len() == values.len()
                    && expected.iter().zip(values).all(|(one, other)| self.matches(one, other))
            }
            (Value::Object(expected), Value::Object(values)) => {
                expected.len() == values.len()
                    && expected.iter().all(|(name, one)| values.get(name).is_some_and(|other| self.matches(one, other)))
            }
            (expected, value) => expected == value,
        }
    }
}

impl Accepted {
    /// What is accepted, short enough to be read.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", self.status, short(&self.body.to_string()))
    }
}

/// The beginning of a text.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(400).collect()
}

#[test]
fn placeholders_stand_for_what_they_say() {
    let mut known = Known::default();
    known.keys.insert("a".to_owned(), "f".repeat(64));
    known.words.insert("RUN", "r7".to_owned());
    assert_eq!(
        known.fill("<b><RUN> <REPEAT:а :3><KEY:b>< <KEY:a>"),
        format!("<b>r7 а а а <KEY:b>< {}", "f".repeat(64))
    );
    let expected = serde_json::json!({"key": "<KEY:b>", "x": ["<ANYSTR>", "<ANY>"]});
    let answer = |key: &str| serde_json::json!({"key": key, "x": ["y", 1]});
    assert!(!known.clone().matches(&expected, &answer(&"f".repeat(64))), "different names are different keys");
    assert!(!known.clone().matches(&expected, &answer("F")), "a key is 64 digits");
    assert!(known.matches(&expected, &answer(&"e".repeat(64))));
    assert!(known.matches(&expected, &answer(&"e".repeat(64))) && !known.matches(&expected, &answer(&"d".repeat(64))));
}
