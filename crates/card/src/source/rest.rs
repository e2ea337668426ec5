//! JSON over HTTP, in whatever form (`card.md`, section 4.6).

mod auth;
mod pointer;

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde_json::Value;
use transport::{Request, Response, Transport, Url, header};

use self::auth::Door;
use self::pointer::Pointer;
use super::http::{Http, addressable, encoded, is_private, unexpected};
use super::{Answer, Kind, Picture, Source, SourceError};
use crate::record::{Datum, Record};

/// The attribute of the photo that has an address of its own.
const PHOTO: &str = "photo";
/// Whom nobody is called.
const NOBODY: &str = "cartable-check";

/// What is asked, and where in the answer things are.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address of a person, with `{key}` in its path or query.
    pub url: String,
    /// How to be let in. Default: without anything.
    #[serde(default)]
    pub auth: Auth,
    /// The token, for `bearer` and `header`.
    pub token: Option<SecretString>,
    /// The header of the token, for `header`, such as `X-Api-Key`.
    pub header: Option<String>,
    /// The account, for `basic` and `cas`.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<SecretString>,
    /// Where the token is fetched, for `cas`.
    pub token_url: Option<Url>,
    /// Whether a secret may go over `http://` to another machine, readable by all between. Default: false.
    #[serde(default)]
    pub allow_plain: bool,
    /// Attributes, each with the JSON pointer of its value. `*` in a pointer is every element of an array, and an array
    /// that it leads to is several values.
    pub attributes: BTreeMap<String, String>,
    /// Answers that say that there is no such person. Default: the status 404.
    #[serde(default = "not_found")]
    pub not_found: Vec<Pattern>,
    /// The address of a photo, which is the attribute `photo`, with `{key}` or an attribute in its place. Default: none.
    pub photo_url: Option<String>,
    /// How long one answer may take, in milliseconds. Default: 1500.
    #[serde(default = "timeout_ms")]
    pub timeout_ms: u64,
    /// The largest answer, in bytes. Default: 4 MiB.
    #[serde(default = "max_bytes")]
    pub max_bytes: usize,
}

/// How to be let in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// Without anything.
    #[default]
    None,
    /// A token that does not change.
    Bearer,
    /// An account.
    Basic,
    /// A key in a header of its own.
    Header,
    /// A token that an account fetches from CAS, and that ends.
    Cas,
}

/// An answer that is recognized.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pattern {
    /// Its status.
    pub status: u16,
    /// A text in its body. Default: any.
    pub text: Option<String>,
}

fn not_found() -> Vec<Pattern> {
    vec![Pattern { status: 404, text: None }]
}

fn timeout_ms() -> u64 {
    1500
}

fn max_bytes() -> usize {
    4 << 20
}

impl Config {
    /// The keys that hold secrets.
    pub const SECRETS: &[&str] = &["token", "password"];
}

/// People of a server that speaks JSON.
pub struct Rest {
    http: Http,
    door: Door,
    url: String,
    attributes: BTreeMap<String, Pointer>,
    not_found: Vec<Pattern>,
    photo_url: Option<String>,
    max_bytes: usize,
}

impl Rest {
    /// Checks the settings; no server is asked yet.
    ///
    /// # Errors
    /// What is wrong with them, in a sentence.
    pub fn open(config: Config, transport: &Transport) -> Result<Self, String> {
        let door = Door::new(&config)?;
        if config.attributes.is_empty() && config.photo_url.is_none() {
            return Err("`attributes` names nothing that would be of use".to_owned());
        }
        let places: Vec<&str> = config.attributes.keys().map(String::as_str).collect();
        check_address("url", &config.url, &[], &config)?;
        if let Some(url) = &config.photo_url {
            check_address("photo_url", url, &places, &config)?;
        }
        let pointer = |(name, pointer): (String, String)| match Pointer::parse(&pointer) {
            Some(pointer) => Ok((name, pointer)),
            None => Err(format!("`attributes.{name}` is no JSON pointer, such as /person/name")),
        };
        Ok(Rest {
            http: Http::new(transport, config.timeout_ms),
            door,
            url: config.url,
            attributes: config.attributes.into_iter().map(pointer).collect::<Result<_, _>>()?,
            not_found: config.not_found,
            photo_url: config.photo_url,
            max_bytes: config.max_bytes,
        })
    }

    /// Asks for what is at an address. `None` when the answer says that there is nothing.
    async fn get(&self, url: &str, accept: &'static str) -> Result<Option<Response>, SourceError> {
        let url = Url::parse(url).map_err(|_| SourceError::Unreadable("a key makes no address".to_owned()))?;
        let ask = || Request::get(&url).header(header::ACCEPT, accept);
        let request = ask().map_err(|error| SourceError::Unreadable(error.to_string()))?;
        let answer = self.door.ask(&self.http, request).await?;
        let text = answer.text();
        let says = |pattern: &&Pattern| {
            pattern.status == answer.status && pattern.text.as_ref().is_none_or(|wanted| text.contains(wanted))
        };
        if self.not_found.iter().any(|pattern| says(&pattern)) {
            return Ok(None);
        }
        if !answer.is_success() {
            return Err(unexpected(answer.status));
        }
        if answer.body.len() > self.max_bytes {
            return Err(SourceError::Unreadable(format!("its answer is larger than {} bytes", self.max_bytes)));
        }
        drop(text);
        Ok(Some(answer))
    }

    async fn find(&self, key: &str) -> Result<Option<Record>, SourceError> {
        if !addressable(key) {
            return Ok(None);
        }
        let Some(answer) = self.get(&filled(&self.url, |_| Some(key.to_owned()))?, "application/json").await? else {
            return Ok(None);
        };
        let person: Value = serde_json::from_slice(&answer.body)
            .map_err(|_| SourceError::Unreadable("it answers what is not JSON".to_owned()))?;
        if person.is_null() || person.as_array().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        let mut record = Record::default();
        for (name, pointer) in &self.attributes {
            for text in pointer.texts(&person) {
                record.add(name, Datum::Text(text));
            }
        }
        Ok(Some(record))
    }

    async fn pictures(&self, key: &str, attribute: &str, record: &Record) -> Result<Vec<Picture>, SourceError> {
        let Some(url) = self.photo_url.as_deref().filter(|_| attribute.eq_ignore_ascii_case(PHOTO)) else {
            return Ok(record.get(attribute).iter().filter_map(Datum::text).map(Picture::written_out).collect());
        };
        let value = |name: &str| match name {
            "key" => Some(key.to_owned()),
            name => record.get(name).first().and_then(Datum::text).map(str::to_owned),
        };
        // Without what is in its address, there is none.
        let Ok(url) = filled(url, |name| value(name).filter(|value| addressable(value))) else { return Ok(vec![]) };
        let answer = self.get(&url, "image/*").await?;
        Ok(answer.map(|answer| Picture::new(answer.body[..].into())).into_iter().collect())
    }
}

/// An address with its places filled.
fn filled(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, SourceError> {
    let (mut url, mut rest) = (String::new(), template);
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        let value = value(name).ok_or_else(|| SourceError::Unreadable(format!("`{name}` has no value")))?;
        url.push_str(before);
        url.push_str(&encoded(&value));
        rest = after;
    }
    url.push_str(rest);
    Ok(url)
}

/// Whether an address has places for what is known, and none before its path.
fn check_address(name: &str, template: &str, places: &[&str], config: &Config) -> Result<(), String> {
    let known = |place: &str| place == "key" || places.contains(&place);
    let fill = |with: &str| {
        let url = filled(template, |place| known(place).then(|| with.to_owned())).map_err(|why| why.to_string())?;
        Url::parse(&url).map_err(|_| "it is no address".to_owned())
    };
    let urls = fill("x").and_then(|one| Ok((one, fill("y")?))).map_err(|why| format!("`{name}`: {why}"))?;
    let (one, other) = urls;
    if !matches!(one.scheme(), "http" | "https") || one.origin() != other.origin() {
        return Err(format!("`{name}` is no address with `{{key}}` in its path or query"));
    }
    if one == other {
        return Err(format!("`{name}` has no `{{key}}` in it"));
    }
    if config.auth != Auth::None && !config.allow_plain && !is_private(&one) {
        return Err(format!(
            "`{name}` would be told the secret for all to read: use https or, knowing it, `allow_plain`"
        ));
    }
    Ok(())
}

impl Source for Rest {
    fn kind(&self) -> Kind {
        Kind::Rest
    }

    fn find<'a>(&'a self, key: &'a str, _: &'a [String]) -> Answer<'a, Option<Record>> {
        Box::pin(self.http.within(self.find(key)))
    }

    fn photos<'a>(&'a self, key: &'a str, attribute: &'a str, record: &'a Record) -> Answer<'a, Vec<Picture>> {
        Box::pin(self.http.within(self.pictures(key, attribute, record)))
    }

    fn keys<'a>(&'a self, _: Option<&'a str>) -> Answer<'a, Option<Vec<String>>> {
        Box::pin(async { Ok(None) })
    }

    fn check(&self) -> Answer<'_, String> {
        Box::pin(self.http.within(async {
            match self.find(NOBODY).await? {
                None => Ok("it answers, and does not know who does not exist".to_owned()),
                Some(_) => {
                    Err(SourceError::Unreadable("it knows somebody who does not exist: see `not_found`".to_owned()))
                }
            }
        }))
    }

    fn columns(&self) -> Option<Vec<String>> {
        let photo = self.photo_url.as_ref().filter(|_| !self.attributes.contains_key(PHOTO)).map(|_| PHOTO.to_owned());
        Some(self.attributes.keys().map(|name| name.to_lowercase()).chain(photo).collect())
    }
}
