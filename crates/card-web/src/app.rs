//! What every route needs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use card::Clock;
use card::config::Access;
use card::connector::Connector;
use card::model::{Code, Finding, Outcome};
use card::render::Renderer;
use card::verify::Issuer;
use jiff::Timestamp;
use prometheus_client::registry::Registry;
use tokio::sync::Semaphore;

use crate::access::Gate;
use crate::audit::{Audit, Entry};
use crate::floor::Floor;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::rates::Rates;

/// Pictures that are drawn at once: drawing keeps a core busy.
const DRAWN_AT_ONCE: usize = 2;

/// What cards are spoken with.
pub struct App {
    pub(crate) connector: Connector,
    /// Makes and checks codes, if there are any.
    pub(crate) issuer: Option<Arc<Issuer>>,
    /// Draws cards, if they are drawn.
    pub(crate) renderer: Option<Arc<Renderer>>,
    pub(crate) clock: Clock,
    pub(crate) gate: Gate,
    pub(crate) rates: Rates,
    pub(crate) floor: Floor,
    pub(crate) metrics: Metrics,
    pub(crate) drawing: Semaphore,
    /// When each source answered last.
    pub(crate) successes: Mutex<BTreeMap<String, Timestamp>>,
    /// When the sources were asked last whether they work, and what they said.
    pub(crate) looked: tokio::sync::Mutex<Option<crate::ready::Looked>>,
    audit: Option<Arc<Audit>>,
}

impl App {
    /// The faces of a connector.
    #[must_use]
    pub fn new(connector: Connector, clock: Clock) -> Self {
        let access = &connector.config().access;
        App {
            gate: Gate::new(access),
            rates: Rates::new(&access.limits),
            connector,
            issuer: None,
            renderer: None,
            clock,
            floor: Floor::default(),
            metrics: Metrics::default(),
            drawing: Semaphore::new(DRAWN_AT_ONCE),
            successes: Mutex::default(),
            looked: tokio::sync::Mutex::default(),
            audit: None,
        }
    }

    /// The same, with pages on which codes are verified.
    #[must_use]
    pub fn verifying(self, issuer: Arc<Issuer>) -> Self {
        App { issuer: Some(issuer), ..self }
    }

    /// The same, with pictures.
    #[must_use]
    pub fn drawing(self, renderer: Arc<Renderer>) -> Self {
        App { renderer: Some(renderer), ..self }
    }

    /// The same, writing down what is answered.
    #[must_use]
    pub fn audited(self, audit: Audit) -> Self {
        App { audit: Some(Arc::new(audit)), ..self }
    }

    /// Has what is counted shown in a registry, under `card_`.
    pub fn register(&self, registry: &mut Registry) {
        self.metrics.register(registry, self.connector.clone(), self.audit.clone());
    }

    pub(crate) fn access(&self) -> &Access {
        &self.connector.config().access
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Finds out about somebody. A bug in finding out is one answer's, not the server's.
    pub(crate) async fn find(self: &Arc<Self>, login: &str) -> Result<Finding, Problem> {
        let (connector, login) = (self.connector.clone(), login.to_owned());
        let found = tokio::spawn(async move { connector.find(&login).await }).await.map_err(|_| {
            // What a panic says may name somebody.
            tracing::error!("Finding out about a card failed");
            Problem::Internal
        })?;
        for (source, took) in &found.asked {
            self.metrics.asked(source, *took);
        }
        let failed = match &found.outcome {
            Outcome::Unavailable { source, .. } => {
                self.metrics.failed(source);
                Some(source)
            }
            _ => None,
        };
        let mut successes = self.successes.lock().unwrap_or_else(PoisonError::into_inner);
        for (source, _) in found.asked.iter().filter(|(source, _)| Some(source) != failed) {
            match successes.get_mut(source) {
                Some(at) => *at = found.at,
                None => drop(successes.insert(source.clone(), found.at)),
            }
        }
        drop(successes);
        Ok(found)
    }

    /// Counts an answer, and writes it down.
    pub(crate) fn told(
        &self,
        asked: &Asked<'_>,
        outcome: &[&'static str],
        status: u16,
        sources: &[(String, Duration)],
    ) {
        let short = match outcome {
            [one] => one,
            _ => "no_card",
        };
        self.metrics.answered(asked.face, short);
        self.write(asked, outcome, status, sources);
    }

    /// Counts what was refused, and writes it down as long as it is not much: anybody can be refused, and nobody is to fill
    /// the disk with it.
    pub(crate) fn refused(&self, asked: &Asked<'_>, why: &'static str, status: u16) {
        self.metrics.answered(asked.face, why);
        if self.rates.refusal() {
            self.write(asked, &[why], status, &[]);
        }
    }

    fn write(&self, asked: &Asked<'_>, outcome: &[&'static str], status: u16, sources: &[(String, Duration)]) {
        let Some(audit) = &self.audit else { return };
        audit.write(&Entry {
            at: self.now(),
            from: asked.from,
            face: asked.face,
            login: asked.login,
            outcome,
            status,
            took: asked.begun.elapsed(),
            asked: sources,
        });
    }
}

/// A question, as it is counted and written down.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) face: &'static str,
    pub(crate) from: std::net::IpAddr,
    pub(crate) login: Option<&'a str>,
    pub(crate) begun: Instant,
}

/// What was decided, in the words of the metrics and the audit.
pub(crate) fn words(outcome: &Outcome) -> Vec<&'static str> {
    let code = |code: &Code| match code {
        Code::UnpaidFees => "UNPAID_FEES",
        Code::NoActiveCard => "NO_ACTIVE_CARD",
        Code::NoPhoto => "NO_PHOTO",
    };
    match outcome {
        Outcome::Card(_) => vec!["card"],
        Outcome::NoCard { codes, .. } => codes.iter().map(code).collect(),
        Outcome::Unknown(_) => vec!["not_found"],
        Outcome::Unavailable { .. } => vec!["unavailable"],
    }
}
