//! Whether cards can be answered: each source, and when it last did.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::App;
use crate::client;
use crate::problem::Problem;

/// How long what the sources said is believed: they are not asked at each look.
const BELIEVED: SignedDuration = SignedDuration::from_secs(10);

/// What the sources said when they were asked last.
pub(crate) struct Looked {
    at: Timestamp,
    /// What is the matter, by source; nothing when it works.
    faults: BTreeMap<String, Option<String>>,
}

/// Whether cards can be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Whether all sources work, but for those that cards can do without.
    pub ready: bool,
    /// The sources.
    pub sources: Vec<SourceReadiness>,
}

/// Whether a source works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceReadiness {
    /// Its name in the configuration.
    pub name: String,
    /// Whether it works.
    pub ready: bool,
    /// Whether cards can do without it.
    pub optional: bool,
    /// When it last answered.
    pub last_success: Option<Timestamp>,
    /// What is the matter.
    pub fault: Option<String>,
}

impl App {
    /// Whether cards can be answered. The sources are asked at most every ten seconds.
    pub async fn readiness(&self) -> Readiness {
        let now = self.now();
        let mut looked = self.looked.lock().await;
        let fresh = |looked: &&Looked| (SignedDuration::ZERO..BELIEVED).contains(&now.duration_since(looked.at));
        let faults = match looked.as_ref().filter(fresh) {
            Some(looked) => looked.faults.clone(),
            None => {
                let said = self.connector.check().await;
                let faults = said.into_iter().map(|(name, said)| (name, said.err().map(|fault| fault.to_string())));
                let faults: BTreeMap<_, _> = faults.collect();
                let mut successes = self.successes.lock().unwrap_or_else(PoisonError::into_inner);
                for (name, _) in faults.iter().filter(|(_, fault)| fault.is_none()) {
                    successes.insert(name.clone(), now);
                }
                *looked = Some(Looked { at: now, faults: faults.clone() });
                faults
            }
        };
        drop(looked);
        let successes = self.successes.lock().unwrap_or_else(PoisonError::into_inner);
        let sources = self.connector.config().sources.iter().map(|given| {
            let fault = faults.get(&given.name).cloned().flatten();
            SourceReadiness {
                name: given.name.clone(),
                ready: fault.is_none(),
                optional: given.optional,
                last_success: successes.get(&given.name).copied(),
                fault,
            }
        });
        let sources: Vec<_> = sources.collect();
        Readiness { ready: sources.iter().all(|source| source.ready || source.optional), sources }
    }
}

/// `GET /card-ready`, for whoever may ask for cards, without a token.
pub(crate) async fn show(State(app): State<Arc<App>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::Method.into_response();
    }
    if !app.gate.admits(client::address(&request)) {
        return Problem::Forbidden.into_response();
    }
    let readiness = app.readiness().await;
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::to_string(&readiness).unwrap_or_default();
    (status, [(CONTENT_TYPE, card::answer::CONTENT_TYPE)], body).into_response()
}
