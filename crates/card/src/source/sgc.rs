//! The card manager esup-sgc (`card.md`, section 4.3).
//!
//! It leaves out whom it does not know, and sends a picture with every refusal to send one: only its status says what is
//! one.

use serde_json::Value;
use transport::{Request, Transport, Url};

use super::http::{Http, addressable, unexpected};
use super::{Answer, Kind, Picture, Source, SourceError, key};
use crate::record::Record;

/// The state of a card that is in force.
const ENABLED: &str = "ENABLED";
/// The attribute of the photo.
const PHOTO: &str = "photo";
/// What is said of a person, by our names and by its own.
const OF_PERSON: [(&str, &str); 9] = [
    ("eppn", "eppn"),
    ("name", "name"),
    ("firstname", "firstname"),
    ("birthday", "birthday"),
    ("email", "email"),
    ("due_date", "dueDate"),
    ("crous", "crous"),
    ("european_card", "europeanStudentCard"),
    ("photo_agreed", "difPhoto"),
];
/// What is said of the card in force.
const OF_CARD: [(&str, &str); 3] = [("csn", "csn"), ("escn", "escnUid"), ("card_id", "id")];
/// What is said of the latest card, in force or not.
const OF_STATE: [(&str, &str); 2] = [("state", "etat"), ("state_date", "dateEtat")];
/// Whom nobody is called.
const NOBODY: &str = "cartable-check@invalid";

/// Where esup-sgc is. It lets in by the address that asks, so that there is nothing secret.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Its address, before `/wsrest`.
    pub url: Url,
    /// Which photos are asked for. Default: `photo`.
    #[serde(default)]
    pub photo: Photo,
    /// How long one answer may take, in milliseconds. Default: 1500.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
}

/// Which photos are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Photo {
    /// That of the enabled card.
    #[default]
    Photo,
    /// The same, of those who agreed to its being shown.
    Restricted,
    /// By student number, which is then the key; nothing but the photo is asked for.
    StudentNumber,
}

fn timeout_ms() -> u64 {
    1500
}

impl Config {
    /// The keys that hold secrets: none.
    pub const SECRETS: &[&str] = &[];
}

/// People of a card manager.
pub struct Sgc {
    http: Http,
    url: Url,
    photo: Photo,
}

impl Sgc {
    /// Checks the settings; no server is asked yet.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(config: Config, transport: &Transport) -> Result<Self, String> {
        if !matches!(config.url.scheme(), "http" | "https") || config.url.query().is_some() {
            return Err("`url` is no address of esup-sgc, such as https://sgc.univ-ville.fr".to_owned());
        }
        Ok(Sgc { http: Http::new(transport, config.timeout_ms), url: config.url, photo: config.photo })
    }

    /// An address below that of the service.
    fn address(&self, parts: &[&str]) -> Result<Url, SourceError> {
        let mut url = self.url.clone();
        match url.path_segments_mut() {
            Ok(mut path) => drop(path.pop_if_empty().extend(parts)),
            Err(()) => return Err(SourceError::Unreadable("its address has no place below it".to_owned())),
        }
        Ok(url)
    }

    /// The people of a name.
    async fn people(&self, eppn: &str) -> Result<Vec<Value>, SourceError> {
        let mut url = self.address(&["wsrest", "api", "get"])?;
        url.query_pairs_mut().append_pair("eppn", eppn);
        let answer = self.http.ask(Request::get(&url)).await?;
        if answer.status != 200 {
            return Err(unexpected(answer.status));
        }
        listed(&answer.body)
    }

    async fn find(&self, eppn: &str) -> Result<Option<Record>, SourceError> {
        if !key::askable(eppn) {
            return Ok(None);
        }
        if self.photo == Photo::StudentNumber {
            return Ok(Some(Record::default()));
        }
        meant(&self.people(eppn).await?, eppn)
    }

    async fn picture(&self, key: &str) -> Result<Option<Picture>, SourceError> {
        if !addressable(key) {
            return Ok(None);
        }
        let kind = match self.photo {
            Photo::Photo => "photo",
            Photo::Restricted => "restrictedPhoto",
            Photo::StudentNumber => "photoSupannEtuId",
        };
        let mut url = self.address(&["wsrest", "photo", key, kind])?;
        url.query_pairs_mut().append_pair("cardEtat", ENABLED);
        let answer = self.http.ask(Request::get(&url)).await?;
        match answer.status {
            200 => Ok(Some(Picture::new(answer.body[..].into()))),
            // No photo, or none that may be shown; the body is a picture of nobody.
            403 | 404 => Ok(None),
            status => Err(unexpected(status)),
        }
    }
}

/// The people in an answer.
fn listed(answer: &[u8]) -> Result<Vec<Value>, SourceError> {
    match serde_json::from_slice::<Vec<Value>>(answer) {
        Ok(people) if people.iter().all(Value::is_object) => Ok(people),
        _ => Err(SourceError::Unreadable("it answers what is no list of people".to_owned())),
    }
}

/// Who was asked for, among the people in an answer.
fn meant(people: &[Value], eppn: &str) -> Result<Option<Record>, SourceError> {
    // Another only looks like the one who was asked for.
    let is_other = |held: &Value| !held.is_null() && text(held).is_none_or(|held| !key::same(&held, eppn));
    match people {
        [] => Ok(None),
        [person] if person.get("eppn").is_some_and(is_other) => Ok(None),
        [person] => Ok(Some(record(person))),
        _ => Err(SourceError::Ambiguous),
    }
}

/// Reads any answer as one about a person: for fuzzing.
#[doc(hidden)]
pub fn try_anything(answer: &[u8], eppn: &str) -> Result<Option<Record>, SourceError> {
    meant(&listed(answer)?, eppn)
}

/// What is said of a person: the card is the one in force that was last put in force.
fn record(person: &Value) -> Record {
    let mut record = Record::default();
    let mut add = |of: &Value, names: &[(&str, &str)]| {
        for (ours, its) in names {
            if let Some(text) = text(&of[its]) {
                record.add(ours, text.as_str());
            }
        }
    };
    add(person, &OF_PERSON);
    let cards = person["cards"].as_array().map(Vec::as_slice).unwrap_or_default();
    let latest = |enabled: bool| {
        let cards = cards.iter().filter(|card| !enabled || card["etat"] == ENABLED);
        cards.max_by_key(|card| moment(&card["dateEtat"]))
    };
    if let Some(card) = latest(true) {
        add(card, &OF_CARD);
        add(card, &OF_STATE);
    } else if let Some(card) = latest(false) {
        add(card, &OF_STATE);
    }
    record
}

/// Something by which moments are put in order, whether they are milliseconds or written as ISO 8601 does.
fn moment(value: &Value) -> (i64, &str) {
    (value.as_i64().unwrap_or_default(), value.as_str().unwrap_or_default())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => (!text.trim().is_empty()).then(|| text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

impl Source for Sgc {
    fn kind(&self) -> Kind {
        Kind::EsupSgc
    }

    fn find<'a>(&'a self, key: &'a str, _: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(self.find(key))
    }

    fn photos<'a>(&'a self, key: &'a str, attribute: &'a str, _: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(async move {
            match attribute.eq_ignore_ascii_case(PHOTO) {
                true => Ok(self.picture(key).await?.into_iter().collect()),
                false => Ok(vec![]),
            }
        })
    }

    fn keys<'a>(&'a self, _: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async { Ok(None) })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(async {
            self.people(NOBODY).await?;
            Ok("it answers".to_owned())
        })
    }

    fn columns(&self) -> Option<Vec<String>> {
        let names = OF_PERSON.iter().chain(&OF_CARD).chain(&OF_STATE).map(|(ours, _)| *ours);
        Some(names.chain([PHOTO]).map(str::to_owned).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_another_key_or_a_number_for_one_was_not_asked_for() {
        let is_known = |answer: &str| try_anything(answer.as_bytes(), "amartin@univ-ville.fr").unwrap().is_some();
        assert!(is_known(r#"[{"eppn": "AMartin@univ-ville.fr"}]"#));
        assert!(is_known(r#"[{"eppn": null, "name": "Martin"}]"#), "nothing else is told of the key");
        for other in [r#""blefevre@univ-ville.fr""#, r#""""#, "22100001", "true", "[]"] {
            assert!(!is_known(&format!(r#"[{{"eppn": {other}}}]"#)), "{other}");
        }
    }
}
