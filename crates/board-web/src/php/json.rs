//! JSON as the original read it: what it took for an integer, what it refused, and that the last of a repeated member
//! counts (`board-api.md`, section 5).
//!
//! A reader of our own, because the one at hand tells neither `-0` from `-0.0` nor takes `1e400`, and gives up where
//! the original did not.

use std::borrow::Cow;

/// How deep objects and lists may lie in each other, the outermost one counted: what PHP allows by default.
const DEEPEST: usize = 512;
/// The most values in a document: each takes some 32 bytes, and two bytes are enough to send one.
const MOST_VALUES: usize = 1 << 20;

/// A value, with the types that messages name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Boolean,
    Integer(i64),
    Double(f64),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object,
}

/// The outermost object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// A member; the last one of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().rev().find(|(member, _)| member == name).map(|(_, value)| value)
    }
}

/// Reads a document whose outermost value is an object; nothing for any other text.
pub(crate) fn read(bytes: &[u8]) -> Option<Object<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut reader = Reader { text, at: 0, depth: 0, values: 0 };
    reader.blanks();
    let mut members = Vec::new();
    reader.object(&mut |name, value| members.push((name, value)))?;
    reader.blanks();
    (reader.at == text.len()).then_some(Object(members))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    values: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past a byte, if it is the next one.
    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Option<Value<'a>> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return None;
        }
        match self.peek()? {
            b'"' => self.string().map(Value::String),
            b'[' => self.array().map(Value::Array),
            // What is in an object matters in the outermost one only, but it has to be JSON.
            b'{' => self.object(&mut |_, _| ()).map(|()| Value::Object),
            b'n' => self.word("null", Value::Null),
            b't' => self.word("true", Value::Boolean),
            b'f' => self.word("false", Value::Boolean),
            _ => self.number(),
        }
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Option<Value<'a>> {
        self.text[self.at..].starts_with(word).then(|| self.at += word.len())?;
        Some(value)
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    fn array(&mut self) -> Option<Vec<Value<'a>>> {
        self.deeper()?;
        self.take(b'[')?;
        self.blanks();
        let mut items = Vec::new();
        if self.take(b']').is_none() {
            loop {
                self.blanks();
                items.push(self.value()?);
                self.blanks();
                if self.take(b',').is_none() {
                    self.take(b']')?;
                    break;
                }
            }
        }
        self.depth -= 1;
        Some(items)
    }

    fn object(&mut self, keep: &mut dyn FnMut(Cow<'a, str>, Value<'a>)) -> Option<()> {
        self.deeper()?;
        self.take(b'{')?;
        self.blanks();
        if self.take(b'}').is_none() {
            loop {
                self.blanks();
                let name = self.string()?;
                self.blanks();
                self.take(b':')?;
                self.blanks();
                let value = self.value()?;
                keep(name, value);
                self.blanks();
                if self.take(b',').is_none() {
                    self.take(b'}')?;
                    break;
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let begin = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > begin).then_some(())
    }

    /// An integer if it is written as one and fits 64 bits; otherwise a double, perhaps without bounds.
    fn number(&mut self) -> Option<Value<'a>> {
        let begin = self.at;
        let _ = self.take(b'-');
        if self.take(b'0').is_none() {
            self.digits()?;
        }
        let mut whole = true;
        if self.take(b'.').is_some() {
            self.digits()?;
            whole = false;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
            whole = false;
        }
        let text = &self.text[begin..self.at];
        let integer = if whole { text.parse().ok().map(Value::Integer) } else { None };
        integer.or_else(|| text.parse().ok().map(Value::Double))
    }

    /// A text: borrowed up to the first escape, if there is none.
    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.take(b'"')?;
        let (mut begin, mut unescaped) = (self.at, None::<String>);
        loop {
            match self.peek()? {
                b'"' => {
                    let rest = &self.text[begin..self.at];
                    self.at += 1;
                    return Some(match unescaped {
                        None => Cow::Borrowed(rest),
                        Some(text) => Cow::Owned(text + rest),
                    });
                }
                b'\\' => {
                    let text = unescaped.get_or_insert_default();
                    text.push_str(&self.text[begin..self.at]);
                    self.at += 1;
                    let letter = self.escaped()?;
                    unescaped.get_or_insert_default().push(letter);
                    begin = self.at;
                }
                0..0x20 => return None,
                _ => self.at += 1,
            }
        }
    }

    /// What stands behind a backslash. Half a surrogate pair stands for nothing.
    fn escaped(&mut self) -> Option<char> {
        let letter = match self.peek()? {
            letter @ (b'"' | b'\\' | b'/') => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                let first = self.unit()?;
                if !(0xd800..0xdc00).contains(&first) {
                    return char::from_u32(first);
                }
                self.take(b'\\')?;
                self.take(b'u')?;
                let second = self.unit()?;
                let low = (0xdc00..0xe000).contains(&second).then(|| second - 0xdc00)?;
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + low);
            }
            _ => return None,
        };
        self.at += 1;
        Some(letter)
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        // The standard library would take a sign.
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| self.at += 4)?;
        u32::from_str_radix(digits, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member(text: &str) -> Option<Value<'_>> {
        read(text.as_bytes())?.get("a").cloned()
    }

    fn string(text: &str) -> Option<Value<'_>> {
        Some(Value::String(text.into()))
    }

    #[test]
    fn only_an_object_is_a_body() {
        for text in ["{}", " \r\n\t{ } \n", "{\"a\" : [ ] , \"b\":{}}", "{\"a\":null,\"b\":true,\"c\":false}"] {
            assert!(read(text.as_bytes()).is_some(), "{text}");
        }
        let no = [
            "",
            " ",
            "[]",
            "\"a\"",
            "1",
            "null",
            "\u{feff}{}",
            "{}{}",
            "{} x",
            "{\"a\":1",
            "{\"a\":1,}",
            "{,}",
            "{\"a\"}",
            "{'a':1}",
            "{a:1}",
            "{\"a\":1}/*c*/",
            "{\"a\":NaN}",
            "{\"a\":[1,]}",
            "{\"a\":[,1]}",
            "{\"a\":tru}",
            "{\"a\":True}",
            "\u{a0}{}",
            "{\"a\":\0}",
            "{}\0",
        ];
        for text in no {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
        assert!(read(b"{\"a\":\"\xff\"}").is_none());
        assert!(read(b"{\"a\":\"\xed\xa0\xbd\"}").is_none(), "half a surrogate pair as bytes");
    }

    #[test]
    fn numbers_are_integers_as_they_are_written() {
        let numbers = [
            ("0", Value::Integer(0)),
            ("-0", Value::Integer(0)),
            ("-0.0", Value::Double(-0.0)),
            ("1.0", Value::Double(1.0)),
            ("1e0", Value::Double(1.0)),
            ("12E-1", Value::Double(1.2)),
            ("9223372036854775807", Value::Integer(i64::MAX)),
            ("9223372036854775808", Value::Double(9_223_372_036_854_775_808.0)),
            ("-9223372036854775808", Value::Integer(i64::MIN)),
            ("1e400", Value::Double(f64::INFINITY)),
        ];
        for (text, value) in numbers {
            assert_eq!(member(&format!("{{\"a\":{text}}}")), Some(value), "{text}");
        }
        for text in ["01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "--1", "- 1", "1 2", "Infinity"] {
            assert_eq!(member(&format!("{{\"a\":{text}}}")), None, "{text}");
        }
    }

    #[test]
    fn texts_are_read_with_their_escapes() {
        assert_eq!(member(r#"{"a":"\u041c\u0425\u041a"}"#), string("МХК"));
        assert_eq!(member(r#"{"a":"x\"\\\/\b\f\n\r\t\u0000y"}"#), string("x\"\\/\u{8}\u{c}\n\r\t\0y"));
        assert_eq!(member(r#"{"a":"\ud83e\uddea"}"#), string("🧪"));
        assert_eq!(member(r#"{"\u0061":"🧪"}"#), string("🧪"));
        for text in
            [r"\ud83d", r"\ud83d\u0041", r"\ude00", r"\ud83dx", r"\u12", r"\u+123", r"\x41", "\\", "a\nb", "\u{1f}"]
        {
            assert_eq!(member(&format!("{{\"a\":\"{text}\"}}")), None, "{text}");
        }
    }

    #[test]
    fn the_last_of_a_repeated_member_counts() {
        assert_eq!(member(r#"{"a":1,"b":2,"a":"x"}"#), string("x"));
    }

    #[test]
    fn nesting_ends_at_512() {
        let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        assert!(member(&nested(511)).is_some());
        assert!(member(&nested(512)).is_none());
        assert!(member(&nested(10_000)).is_none());
        assert!(read("{\"a\":".repeat(10_000).as_bytes()).is_none());
        let siblings = format!("{{\"a\":[{}1]}}", "[[]],".repeat(1000));
        assert!(member(&siblings).is_some(), "siblings are not deeper");
    }

    #[test]
    fn values_have_a_bound() {
        let many = format!("{{\"a\":[{}0]}}", "0,".repeat(MOST_VALUES));
        assert!(read(many.as_bytes()).is_none());
    }

    proptest! {
        #[test]
        fn what_others_write_is_read(texts in proptest::collection::vec(".*", 0..5), number: i64, double: f64) {
            let body = serde_json::json!({"texts": texts, "number": number, "double": double}).to_string();
            let read = read(body.as_bytes()).unwrap();
            let texts = texts.into_iter().map(|text| Value::String(text.into())).collect();
            prop_assert_eq!(read.get("texts"), Some(&Value::Array(texts)));
            prop_assert_eq!(read.get("number"), Some(&Value::Integer(number)));
            prop_assert_eq!(read.get("double"), Some(&Value::Double(double)));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..100), text in r#"\{"a":[\[\]{}",:\\u0-9a-f\-.eE]*\}"#) {
            let _ = read(&bytes);
            let ours = read(text.as_bytes()).is_some();
            let theirs: Result<serde_json::Map<String, serde_json::Value>, _> = serde_json::from_str(&text);
            // They refuse numbers that are too large for them.
            prop_assert!(ours == theirs.is_ok() || (ours && theirs.unwrap_err().to_string().contains("out of range")));
        }
    }
}
