//! `[[card.source]]`: where people come from.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};
use transport::Transport;
use url::Url;

use super::reader::{Notes, Section};
use super::{Given, Surroundings};
use crate::expression::Template;
use crate::source::{self, Settings, Source};

/// The longest that a source is waited for, if nothing is said.
const TIMEOUT: Duration = Duration::from_secs(2);
/// What it is given beyond its own limit: it tells better what was slow.
const GRACE: Duration = Duration::from_millis(200);
/// The most sources.
const MOST: usize = 16;
/// The names that templates use for something else.
const TAKEN: &[&str] = &[
    "login",
    "today",
    "affiliation",
    "enrolled",
    "year",
    "academic_year",
    "field",
    "card",
    "tables",
    "verify_url",
    "loop",
    "self",
    "true",
    "false",
    "none",
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
];

/// A source that was opened, and whose key is still to be compiled.
pub(super) struct Opened {
    pub(super) name: String,
    pub(super) key: Option<Spanned<String>>,
    optional: bool,
    timeout: Duration,
    /// None, if it could not be opened: what is wrong with the rest is told none the less.
    source: Option<Arc<dyn Source>>,
}

impl Opened {
    /// Its attributes, if all are known.
    pub(super) fn columns(&self) -> Option<Vec<String>> {
        self.source.as_ref()?.columns()
    }

    /// With its key, and what is asked of it.
    pub(super) fn given(self, key: Option<Template>, attributes: Vec<String>) -> Option<Given> {
        let Opened { name, optional, timeout, source, .. } = self;
        Some(Given { name, key, optional, timeout, source: source?, attributes })
    }
}

/// Opens the sources, the one that identifies people first.
pub(super) fn open(card: &mut Section<'_, '_>, around: &Surroundings<'_>, clear: bool) -> Vec<Opened> {
    let sections = card.tables("source");
    if sections.is_empty() {
        card.fault(card.span.clone(), "[card]: there is no [[card.source]]: nobody would be known");
    }
    if sections.len() > MOST {
        card.fault(card.span.clone(), format!("[card]: there are more than {MOST} sources"));
    }
    let (mut opened, mut identity): (Vec<Opened>, usize) = (Vec::new(), 0);
    let any = !sections.is_empty();
    for mut section in sections {
        let span = section.span.clone();
        let identifies = section.word("role", &[("identity", ())]).is_some();
        let name = section.required("name");
        let kind = section.required("kind");
        let key = section.text("key");
        let optional = section.flag("optional").unwrap_or(false);
        identity += usize::from(identifies);
        if let Some(name) = &name {
            check_name(&section, name, &opened);
        }
        match (&key, identifies) {
            (Some(key), true) => {
                section.fault(key.span(), "the source that identifies people is asked by the login: it has no `key`");
            }
            (None, false) => section.fault(
                span.clone(),
                "a source that does not identify people needs a `key`, such as \"{{ ldap.uid }}\"",
            ),
            _ => {}
        }
        if identifies && optional {
            section.fault(span.clone(), "the source that identifies people cannot be optional");
        }
        let timeout = section.peek("timeout_ms").and_then(DeValue::as_integer).and_then(|ms| ms.as_str().parse().ok());
        let timeout = timeout.map_or(TIMEOUT, |ms| Duration::from_millis(ms) + GRACE);
        let (Some(name), Some(kind)) = (name, kind) else { continue };
        let source = open_one(section, &kind, around, clear);
        let this = Opened { name: name.into_inner(), key, optional, timeout, source };
        if identifies { opened.insert(0, this) } else { opened.push(this) }
    }
    if any && identity != 1 {
        card.fault(
            card.span.clone(),
            "exactly one [[card.source]] has to have `role = \"identity\"`: it knows people by their login",
        );
    }
    opened
}

fn check_name(section: &Section<'_, '_>, name: &Spanned<String>, opened: &[Opened]) {
    let text = name.get_ref().as_str();
    let begins = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    if !begins || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        section.fault(name.span(), "the name of a source is made of letters, digits and `_`, and begins with a letter");
    } else if TAKEN.contains(&text) {
        section.fault(name.span(), format!("`{text}` means something else in templates: name the source otherwise"));
    } else if opened.iter().any(|other| other.name == text) {
        section.fault(name.span(), format!("there are two sources `{text}`"));
    }
}

/// Opens one, with the keys of its kind.
fn open_one(
    section: Section<'_, '_>,
    kind: &Spanned<String>,
    around: &Surroundings<'_>,
    clear: bool,
) -> Option<Arc<dyn Source>> {
    let (notes, span) = (section.notes, section.span.clone());
    let table = section.rest().into_inner();
    let opened = match Settings::secrets(kind.get_ref()) {
        None => open_other(kind, table, &span, around)?,
        Some(secrets) => {
            let table = resolve(table, secrets, around, clear, notes)?;
            let settings = Settings::read(kind.get_ref(), Deserializer::from(Spanned::new(span.clone(), table)));
            let failed = |error: toml::de::Error| (error.span().unwrap_or(span.clone()), error.message().to_owned());
            settings.map_err(failed).and_then(|settings| {
                // Sources are where the configuration says, this machine and its network included.
                let transport = Transport::new(transport::Config::default());
                let transport = transport.map_err(|error| (span.clone(), error.to_string()))?;
                let around = source::Surroundings { folder: around.folder, transport: &transport };
                settings.open(around).map_err(|what| (span.clone(), what))
            })
        }
    };
    opened.map_err(|(span, what)| notes.fault(span, what)).ok()
}

/// A source that was opened, or where and why it could not be.
type Opening = Result<Arc<dyn Source>, (Range<usize>, String)>;

/// Opens one of a kind from outside.
fn open_other(
    kind: &Spanned<String>,
    table: DeTable<'_>,
    span: &Range<usize>,
    around: &Surroundings<'_>,
) -> Option<Opening> {
    let table = toml::Table::deserialize(Deserializer::from(Spanned::new(span.clone(), table))).ok()?;
    Some(match (around.other)(kind.get_ref(), &table) {
        Some(opened) => opened.map_err(|what| (span.clone(), what)),
        None => {
            let kinds = Settings::KINDS.join(", ");
            Err((kind.span(), format!("there is no kind of source `{}`; there are {kinds}", kind.get_ref())))
        }
    })
}

/// Fetches the secrets of a table. One that stands in it is refused, unless that is allowed.
fn resolve<'t>(
    mut table: DeTable<'t>,
    secrets: &[&str],
    around: &Surroundings<'_>,
    clear: bool,
    notes: &Notes,
) -> Option<DeTable<'t>> {
    let mut whole = true;
    for name in secrets {
        let Some(value) = table.get_mut(*name) else { continue };
        let Some(text) = value.get_ref().as_str() else { continue };
        let span = value.span();
        match secret(text, around, clear || (*name == "url" && !has_password(text))) {
            Ok(secret) => {
                *value = Spanned::new(span, DeValue::String(secret.expose_secret().to_owned().into()));
            }
            Err(what) => {
                notes.fault(span, format!("`{name}`: {what}"));
                whole = false;
            }
        }
    }
    whole.then_some(table)
}

/// A secret, from where it is said to be.
pub(super) fn secret(text: &str, around: &Surroundings<'_>, clear: bool) -> Result<SecretString, String> {
    if text.starts_with("env:") || text.starts_with("file:") {
        return (around.secret)(text);
    }
    if clear { Ok(text.into()) } else { Err(CLEAR.to_owned()) }
}

/// What is said of a secret that stands in the configuration.
const CLEAR: &str =
    "a secret is written \"env:NAME\" or \"file:PATH\"; in clear only with `allow_clear_secrets = true`";

/// Whether an address has a password in it. What is no address is a path.
fn has_password(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.password().is_some() || url.query_pairs().any(|(name, _)| name == "password"))
}
