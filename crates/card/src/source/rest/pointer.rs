//! Where a value is in an answer.

use serde_json::Value;

/// A JSON pointer (RFC 6901), in which `*` is every element of an array.
#[derive(Debug)]
pub(crate) struct Pointer(Vec<String>);

impl Pointer {
    /// Reads one. `None`, if it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts = match text {
            "" => vec![],
            _ => text.strip_prefix('/')?.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect(),
        };
        Some(Pointer(parts))
    }

    /// The texts that it leads to: of an array, each of its elements; of an object or of nothing, none.
    pub(crate) fn texts(&self, value: &Value) -> Vec<String> {
        let mut reached = vec![value];
        for part in &self.0 {
            reached = reached.into_iter().flat_map(|value| step(value, part)).collect();
        }
        let each = reached.into_iter().flat_map(|value| match value {
            Value::Array(values) => values.iter().collect(),
            value => vec![value],
        });
        each.filter_map(text).collect()
    }
}

fn step<'a>(value: &'a Value, part: &str) -> Vec<&'a Value> {
    match value {
        Value::Array(values) if part == "*" => values.iter().collect(),
        Value::Array(values) => part.parse().ok().and_then(|at: usize| values.get(at)).into_iter().collect(),
        Value::Object(values) => values.get(part).into_iter().collect(),
        _ => vec![],
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_pointer_leads_to_texts() {
        let value = json!({"a": {"b/c": "x", "~": 1, "": true}, "list": ["y", null, " ", 2, {"z": 3}],
            "years": [{"year": 2025}, {"year": 2026}, {}]});
        for (pointer, texts) in [
            ("/a/b~1c", &["x"][..]),
            ("/a/~0", &["1"]),
            ("/a/", &["true"]),
            ("/list", &["y", "2"]),
            ("/list/0", &["y"]),
            ("/list/4/z", &["3"]),
            ("/years/*/year", &["2025", "2026"]),
            ("/list/*", &["y", "2"]),
            ("/a", &[]),
            ("/nothing/x", &[]),
            ("/list/x", &[]),
            ("", &[]),
        ] {
            assert_eq!(Pointer::parse(pointer).unwrap().texts(&value), texts, "{pointer}");
        }
        assert!(Pointer::parse("a/b").is_none());
    }
}
