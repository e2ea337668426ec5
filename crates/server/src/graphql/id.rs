//! The identifiers of things: a hash of what they say.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use twox_hash::XxHash64;

/// A compact JSON object of what tells a thing apart, in a fixed order, being written.
///
/// ```text
/// {"from":"2020-09-02T06:00:00.000Z","to":"2020-09-02T07:00:00.000Z","subject":"MATHS"}
/// ```
#[derive(Debug)]
pub(crate) struct Fingerprint(String);

impl Fingerprint {
    /// Begins with nothing.
    pub(crate) fn new() -> Self {
        Fingerprint("{".to_owned())
    }

    /// Adds a text.
    pub(crate) fn text(self, key: &str, text: &str) -> Self {
        self.value(key, &serde_json::Value::from(text).to_string())
    }

    /// Adds a text that may be `null`.
    pub(crate) fn maybe(self, key: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self.value(key, "null"),
        }
    }

    /// Adds a moment.
    pub(crate) fn date(self, key: &str, moment: Timestamp) -> Self {
        let text = moment.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        self.text(key, &text)
    }

    /// Adds a whole number.
    pub(crate) fn number(self, key: &str, number: u32) -> Self {
        self.value(key, &number.to_string())
    }

    /// Adds what surrounds the thing.
    pub(crate) fn extra(self, text: &str) -> Self {
        self.text("__extraData", text)
    }

    /// The identifier: XXH64 of the text, in hexadecimal without zeros before it.
    pub(crate) fn id(mut self) -> String {
        self.0.push('}');
        format!("{:x}", XxHash64::oneshot(0, self.0.as_bytes()))
    }

    fn value(mut self, key: &str, json: &str) -> Self {
        let comma = if self.0.len() > 1 { "," } else { "" };
        let _ = write!(self.0, "{comma}\"{key}\":{json}");
        self
    }
}

/// Tells things of one identifier apart: each gets its rank in place of the last character.
pub(crate) fn distinct(ids: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut ids: Vec<String> = ids.into_iter().collect();
    let mut places: HashMap<String, Vec<usize>> = HashMap::with_capacity(ids.len());
    for (place, id) in ids.iter().enumerate() {
        places.entry(id.clone()).or_default().push(place);
    }
    for (id, places) in places.into_iter().filter(|(_, places)| places.len() > 1) {
        for (rank, place) in places.into_iter().enumerate() {
            ids[place] = format!("{}{rank}", &id[..id.len() - 1]);
        }
    }
    ids
}

/// The identifiers of a list, made when the first of them is asked for.
#[derive(Debug, Default)]
pub(crate) struct Ids(OnceLock<Vec<String>>);

impl Ids {
    /// The identifier of one thing of the list.
    pub(crate) fn of(&self, place: usize, all: impl FnOnce() -> Vec<String>) -> &str {
        self.0.get_or_init(all).get(place).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn new() -> Fingerprint {
        Fingerprint::new()
    }

    #[test]
    fn identifiers_are_those_the_original_gave() {
        let lesson = |from, to| new().date("from", at(from)).date("to", at(to));
        let (six, seven) = ("2020-09-02T06:00:00Z", "2020-09-02T07:00:00Z");
        let evening = at("2020-09-09T22:00:00Z");
        let known = [
            (new(), "2e1472b57af294d1"),
            (new().text("name", "doc.pdf"), "ea66b028317150c7"),
            (lesson(six, seven).maybe("subject", Some("MATHS")), "564380727502322b"),
            (lesson(seven, "2020-09-02T08:30:00Z").maybe("subject", Some("FR")), "526710c7b84d2f5"),
            (new().text("subject", "MATHS").date("from", at(six)).date("to", at(seven)), "c7fe87f102469c13"),
            (new().text("title", "DS").date("date", evening).extra("MATHS"), "d26ab2415e5f1083"),
            (new().text("name", "Dictée").date("date", evening).extra("FR"), "4016ac44327ef0cf"),
            (lesson("2020-09-10T06:00:00Z", "2020-09-10T08:00:00Z"), "30a8baddbca2ce70"),
            (new().text("kind", "Leçon non apprise").date("date", at("2020-09-11T22:00:00Z")), "82be0446ad263858"),
            (new().date("date", at("2020-09-01T22:00:00Z")).text("title", "Réunion"), "9f015b5610872d01"),
            (new().number("minutesMissed", 10), "784feaea2eb1fd88"),
            (new().extra("givenAt"), "ea6aa2b94209ebd4"),
            (new().extra("name"), "efedb738615a9090"),
        ];
        for (fingerprint, id) in known {
            let text = format!("{fingerprint:?}");
            assert_eq!(fingerprint.id(), id, "{text}");
        }
    }

    #[test]
    fn a_lesson_without_subject_says_so() {
        assert_eq!(new().maybe("subject", None).0, r#"{"subject":null"#);
    }

    #[test]
    fn twins_are_ranked_in_place_of_the_last_character() {
        let ids = distinct(std::iter::repeat_n("abcdef".to_owned(), 12));
        assert_eq!((ids[0].as_str(), ids[9].as_str()), ("abcde0", "abcde9"));
        assert_eq!((ids[10].as_str(), ids[11].as_str()), ("abcde10", "abcde11"));
        assert_eq!(distinct(["a1".into(), "b2".into(), "a1".into()]), ["a0", "b2", "a1"]);
    }
}
