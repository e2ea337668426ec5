//! The connector: asks the sources about a person, and decides.
//!
//! In this order (`card.md`, section 6): the source that identifies people, whether the person counts as unknown, the other
//! sources, the layout, the fields, the rules, the photo, the code beside the card.

mod asking;
mod photos;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use minijinja::Value;
use tokio::time::Instant;

use self::asking::Asking;
use crate::Clock;
use crate::config::{Config, Field, LONGEST_CODE, is_secure};
use crate::derive::{Derivation, Layout, Undecided, sent};
use crate::explain::Explanation;
use crate::expression::{Day, Facts, Labels, Notes, Template};
use crate::model::{Affiliation, Card, Code, Decided, Finding, Outcome, QrCode};
use crate::photo::Photos;
use crate::source::SourceError;
use crate::verify::{Issuer, Subject};

/// The longest login, in bytes.
const LONGEST_LOGIN: usize = 256;
/// The longest that a source is given to say whether it works.
const CHECK: Duration = Duration::from_secs(10);

/// Whether something can be a login at all (`card.md`, 1.1): it is not empty, not longer than 256 bytes, and holds neither a
/// control character nor a slash.
#[must_use]
pub fn is_login(text: &str) -> bool {
    !text.trim().is_empty() && text.len() <= LONGEST_LOGIN && !text.chars().any(|c| c.is_control() || c == '/')
}

/// Finds out about people. Cheap to clone.
#[derive(Clone)]
pub struct Connector {
    config: Arc<Config>,
    photos: Arc<Photos>,
    issuer: Option<Arc<Issuer>>,
    clock: Clock,
    data_faults: Arc<AtomicU64>,
}

impl Connector {
    /// A connector with what was configured. Reaches no source yet.
    #[must_use]
    pub fn open(config: Config, clock: Clock) -> Self {
        let photos = Arc::new(Photos::new(config.photos.clone()));
        Connector { config: Arc::new(config), photos, issuer: None, clock, data_faults: Arc::default() }
    }

    /// The same, that puts codes into cards by which they are verified.
    #[must_use]
    pub fn with_issuer(self, issuer: Arc<Issuer>) -> Self {
        Connector { issuer: Some(issuer), ..self }
    }

    /// What was configured.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The photos that are ready.
    #[must_use]
    pub fn photos(&self) -> &Photos {
        &self.photos
    }

    /// How often no answer could be given because of what the sources say, rather than because they did not.
    #[must_use]
    pub fn data_faults(&self) -> u64 {
        self.data_faults.load(Ordering::Relaxed)
    }

    /// Finds out whether somebody has a card.
    pub async fn find(&self, login: &str) -> Finding {
        self.decide(login, (self.clock)(), None).await.finding
    }

    /// Finds out the same, and tells how.
    pub async fn explain(&self, login: &str) -> Explanation {
        self.explain_at(login, (self.clock)()).await
    }

    /// Tells how it would be at another moment, with what the sources say now.
    pub async fn explain_at(&self, login: &str, at: Timestamp) -> Explanation {
        self.decide(login, at, Some(Explanation::default())).await.trace.unwrap_or_default()
    }

    /// The decision about somebody, with the codes that have no label, each with its table.
    pub(crate) async fn decision(&self, login: &str, at: Timestamp) -> (Outcome, BTreeSet<(String, String)>) {
        let decision = self.decide(login, at, None).await;
        (decision.finding.outcome, decision.notes.unknown_codes)
    }

    /// Asks each source whether it works, by its name.
    pub async fn check(&self) -> Vec<(String, Result<String, SourceError>)> {
        let checks = self.config.sources.iter().map(|given| async move {
            let limit = CHECK.max(given.timeout);
            let said = tokio::time::timeout(limit, given.source.check()).await;
            let slow = SourceError::Slow(u64::try_from(limit.as_millis()).unwrap_or(u64::MAX));
            (given.name.clone(), said.unwrap_or(Err(slow)))
        });
        futures_util::future::join_all(checks).await
    }

    async fn decide(&self, login: &str, at: Timestamp, trace: Option<Explanation>) -> Decision {
        let config = &*self.config;
        let today = Day::of(at, &config.timezone);
        let date = today.date;
        let mut facts = Facts::new(login, today);
        facts.tell("academic_year", i64::from(config.year.of(date)));
        facts.tell("tables", Value::from_object(Labels(config.tables.clone())));
        let trace = trace.map(|trace| {
            let at = at.to_zoned(config.timezone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string();
            Explanation { login: login.to_owned(), at, ..trace }
        });
        let derivation = Derivation { config, facts, today: date, notes: Notes::default(), trace };
        let mut asking = Asking::new(derivation, Instant::now() + config.budget);
        let outcome = match self.outcome(login, at, &mut asking).await {
            Ok(outcome) => outcome,
            Err(Stop::Source(source, error)) => {
                tracing::warn!(source, "a source could not tell: {error}");
                Outcome::Unavailable { source, why: error.to_string() }
            }
            Err(Stop::Data(Undecided { source, why })) => {
                self.data_faults.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(source, "what it says of a person makes no card: {why}");
                Outcome::Unavailable { source, why }
            }
        };
        let Asking { mut derivation, asked, .. } = asking;
        if let Some(trace) = &mut derivation.trace {
            let unknown = derivation.notes.unknown_codes.iter();
            trace.notes.extend(unknown.map(|(table, code)| format!("the table `{table}` has no label for `{code}`")));
            trace.conclude(&outcome);
        }
        let facts = derivation.facts.value();
        let finding = Finding { outcome, facts, at, asked };
        Decision { finding, trace: derivation.trace, notes: derivation.notes }
    }

    async fn outcome(&self, login: &str, at: Timestamp, asking: &mut Asking<'_>) -> Result<Outcome, Stop> {
        let config = &*self.config;
        if !is_login(login) {
            asking.derivation.tell(|trace, _| trace.notes.push("this cannot be a login".to_owned()));
            return Ok(Outcome::Unknown(Decided::Several));
        }
        let by = config.sources.first().map_or(Decided::Several, |given| Decided::By(given.source.kind()));
        if !asking.identify(login).await? || asking.derivation.is_unknown()? {
            return Ok(Outcome::Unknown(by));
        }
        asking.join().await?;
        let affiliation = match asking.derivation.layout()? {
            Layout::Has(affiliation) => affiliation,
            Layout::None(affiliation) => {
                return Ok(Outcome::NoCard { affiliation, codes: vec![Code::NoActiveCard] });
            }
        };
        let enrolled = asking.derivation.enrol(affiliation)?;
        let fields = if affiliation == Affiliation::Student { &config.student } else { &config.staff };
        let mut values = asking.derivation.fields(fields)?;
        let mut codes = asking.derivation.rules(affiliation)?;
        let photo = asking.photo(&self.photos, &mut codes).await?;
        let codes = sent(codes, config.report);
        let Some(photo) = photo.filter(|_| codes.is_empty()) else {
            return Ok(Outcome::NoCard { affiliation, codes });
        };
        let end_date = asking.derivation.end_date(affiliation, enrolled, values.get(&Field::EndDate))?;
        let mut take = |field: Field| values.remove(&field);
        let missing = |field: Field| Undecided::missing(field, fields, config);
        let mut card = Card {
            login: take(Field::Login).unwrap_or_else(|| login.to_owned()),
            affiliation,
            lastname: take(Field::Lastname).ok_or_else(|| missing(Field::Lastname))?,
            firstname: take(Field::Firstname).ok_or_else(|| missing(Field::Firstname))?,
            birthdate: take(Field::Birthdate),
            gender: take(Field::Gender),
            title: take(Field::Title).ok_or_else(|| missing(Field::Title))?,
            subtitle: take(Field::Subtitle),
            ine: take(Field::Ine).filter(|_| affiliation == Affiliation::Student),
            csn: take(Field::Csn),
            id_number: take(Field::IdNumber).ok_or_else(|| missing(Field::IdNumber))?,
            end_date: end_date.ok_or_else(|| missing(Field::EndDate))?,
            euid: take(Field::Euid),
            escn: take(Field::Escn),
            photo,
            qr_code: None,
        };
        card.qr_code = self.code(login, &card, at, &mut asking.derivation);
        Ok(Outcome::Card(Box::new(card)))
    }

    /// The code beside the card. One that cannot be made is left out: the card is good without.
    fn code(&self, login: &str, card: &Card, at: Timestamp, derivation: &mut Derivation<'_>) -> Option<QrCode> {
        let config = &*self.config;
        let (Some(kind), Some(template)) = (&config.qr.kind, &config.qr.value) else { return None };
        let made = self.texts(login, card, at, derivation, template).and_then(|texts| {
            let Some(text) = texts.first() else { return Ok(None) };
            if texts.iter().any(|text| text.len() > LONGEST_CODE) {
                return Err("it holds more than 1000 bytes".to_owned());
            }
            if kind == "url" && !is_secure(text) {
                return Err("it does not begin with https://".to_owned());
            }
            let value = match &config.panels {
                None => text.clone(),
                Some(panels) => {
                    let drawn = panels.draw(card, &derivation.facts.value(), &texts, at);
                    drawn.map_err(|fault| fault.to_string())?
                }
            };
            Ok(Some(QrCode { kind: kind.clone(), value }))
        });
        made.unwrap_or_else(|why| {
            tracing::warn!("the code beside a card was left out: {why}");
            derivation.tell(|trace, _| trace.notes.push(format!("the code was left out: {why}")));
            None
        })
    }

    /// What is in the code; or in each code of a series, if it is drawn and speaks of verification.
    fn texts(
        &self,
        login: &str,
        card: &Card,
        at: Timestamp,
        derivation: &mut Derivation<'_>,
        template: &Template,
    ) -> Result<Vec<String>, String> {
        let mut texts = Vec::new();
        let addresses = self.addresses(login, card, at, template);
        let speak = |facts: &mut Facts, address: &String| {
            let address = address.clone();
            facts.tell("verify_url", Value::from_function(move || address.clone()));
        };
        for address in &addresses {
            speak(&mut derivation.facts, address);
            texts.extend(self.config.engine.text(template, &derivation.facts, &mut derivation.notes)?);
        }
        // Who speaks of it later means now.
        addresses.first().into_iter().for_each(|first| speak(&mut derivation.facts, first));
        Ok(texts)
    }

    /// The addresses by which a card is verified: one, or a series for a panel; a blank one, if cards are not verified.
    fn addresses(&self, login: &str, card: &Card, at: Timestamp, template: &Template) -> Vec<String> {
        let (Some(issuer), Some(base)) = (&self.issuer, verification(&self.config)) else { return vec![String::new()] };
        if !template.names.contains("verify_url") {
            return vec![String::new()];
        }
        // By what was asked, and not by what is shown as the login: it is asked again when the code is verified.
        let subject = Subject { login, ..Subject::from(card) };
        let tokens = match &self.config.panels {
            Some(_) => issuer.series(&subject, self.config.verify.series, at),
            None => vec![issuer.code(&subject, at)],
        };
        tokens.into_iter().map(|token| format!("{base}{token}")).collect()
    }
}

/// What comes before a token in the address by which a card is verified: in capitals where that changes nothing, so that the
/// code is small.
#[must_use]
pub fn verification(config: &Config) -> Option<String> {
    let url = config.access.public_url.as_ref()?;
    let host = url.host_str()?.to_uppercase();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    // Under a path of its own it is for that server to know capitals from small letters.
    let route =
        if path.is_empty() { config.access.verify_path.to_uppercase() } else { config.access.verify_path.clone() };
    Some(format!("{}://{host}{port}{path}{route}/", url.scheme().to_uppercase()))
}

/// A decision, and what was noticed on the way.
struct Decision {
    finding: Finding,
    trace: Option<Explanation>,
    notes: Notes,
}

/// Why it ends without a decision.
enum Stop {
    /// A source failed.
    Source(String, SourceError),
    /// What they say makes no card.
    Data(Undecided),
}

impl From<Undecided> for Stop {
    fn from(undecided: Undecided) -> Self {
        Stop::Data(undecided)
    }
}
