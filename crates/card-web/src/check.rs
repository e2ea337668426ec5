//! The pages on which a card is verified: for the browser of a phone, and as JSON for gates (`card.md`, section 9.3).
//!
//! A code that is good is not believed alone: the sources are asked again, so that a card that was withdrawn a moment ago is
//! refused. When they cannot answer, what the code says counts: it is a minute old.

mod checker;
mod page;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use card::model::{Affiliation, Outcome};
use card::verify::{Shown, Subject, Verdict};
use i18n::Language;
use jiff::Timestamp;
use serde::Serialize;

use crate::App;
use crate::app::Asked;
use crate::client;
use crate::path;
use crate::problem::Problem;

/// What is seen when a code is verified.
struct Seen {
    verdict: Seal,
    /// Whom the card is of, when it may be told.
    holder: Option<Holder>,
    /// When the code was seen first, when it was.
    first: Option<Timestamp>,
    at: Timestamp,
}

/// What a code is worth, for who looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Seal {
    Valid,
    AlreadyShown,
    Expired,
    Revoked,
    Unknown,
}

/// What may be told of whoever shows a card.
struct Holder {
    affiliation: Affiliation,
    end_date: Option<i16>,
    /// The first name and the first letter of the last name.
    name: String,
    /// For who has signed in to check cards only.
    photo: Option<Arc<str>>,
}

impl Seal {
    fn name(self) -> &'static str {
        match self {
            Seal::Valid => "valid",
            Seal::AlreadyShown => "already_shown",
            Seal::Expired => "expired",
            Seal::Revoked => "revoked",
            Seal::Unknown => "unknown",
        }
    }

    /// A gate that looks at nothing else opens for what is valid only.
    fn status(self) -> StatusCode {
        match self {
            Seal::Valid => StatusCode::OK,
            Seal::AlreadyShown => StatusCode::CONFLICT,
            Seal::Expired | Seal::Revoked => StatusCode::GONE,
            Seal::Unknown => StatusCode::NOT_FOUND,
        }
    }
}

/// What a gate is told.
#[derive(Serialize)]
struct Told<'a> {
    verdict: Seal,
    at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_shown: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layout: Option<Affiliation>,
    /// `2026/2027`.
    #[serde(skip_serializing_if = "Option::is_none")]
    year: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    photo: Option<&'a str>,
}

/// Its routes. In a QR code the address is in upper case.
pub(crate) fn routes(app: &App) -> Router<Arc<App>> {
    let routes = Router::new().route(path::KEYS, any(keys));
    let lower = &app.access().verify_path;
    if lower.is_empty() {
        return routes;
    }
    let routes = routes.route(&format!("{lower}/checker"), any(checker::serve));
    let routes = routes.route(&format!("{lower}/{{code}}"), any(serve));
    let upper = lower.to_ascii_uppercase();
    if upper == *lower { routes } else { routes.route(&format!("{upper}/{{code}}"), any(serve)) }
}

/// The keys that whoever wants can check codes with.
async fn keys(State(app): State<Arc<App>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::Method.into_response();
    }
    let Some(issuer) = &app.issuer else { return Problem::NotFound.into_response() };
    // A new key is here a day before it signs: an hour in a cache does no harm.
    let headers = [(CONTENT_TYPE, card::answer::CONTENT_TYPE), (CACHE_CONTROL, "public, max-age=3600")];
    (headers, issuer.public_keys(app.now())).into_response()
}

async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    let asked = Asked { face: "verify", from: client::address(&request), login: None, begun: Instant::now() };
    let headers = request.headers();
    let (json, language) = (wants_json(headers), language(headers));
    let refused = match *request.method() {
        Method::GET | Method::HEAD => app.rates.check(asked.from).err().map(|wait| Problem::TooMany(wait.0)),
        _ => Some(Problem::Method),
    };
    if let Some(problem) = refused {
        app.refused(&asked, problem.name(), problem.status().as_u16());
        return match problem {
            Problem::TooMany(_) if !json => page::too_often(language, problem.into_response()),
            _ => problem.into_response(),
        };
    }
    // The headers alone are no look at a card: programs that only try the address leave no trace.
    let looks = *request.method() == Method::GET;
    let code = path::part(request.uri().path(), 0).unwrap_or_default();
    let checks = app.gate.scopes(headers).checks || checker::is_in(&app, headers);
    let seen = see(&app, &asked, &code, looks, checks).await;
    if json { seen.json() } else { page::seen(&app, language, &seen, checks) }
}

/// Looks at a code, and asks again about whoever shows it.
async fn see(app: &Arc<App>, asked: &Asked<'_>, code: &str, looks: bool, checks: bool) -> Seen {
    let at = app.now();
    let verdict = match &app.issuer {
        Some(issuer) if looks => issuer.check(code, at),
        Some(issuer) => issuer.peek(code, at),
        None => Verdict::Unknown,
    };
    let (mut verdict, first, shown) = match verdict {
        Verdict::Valid(shown) => (Seal::Valid, None, Some(shown)),
        Verdict::AlreadyShown { at, shown } => (Seal::AlreadyShown, Some(at), Some(shown)),
        Verdict::Expired => (Seal::Expired, None, None),
        Verdict::Revoked => (Seal::Revoked, None, None),
        Verdict::Unknown => (Seal::Unknown, None, None),
    };
    let mut sources = Vec::new();
    let mut holder = None;
    if let Some(shown) = &shown {
        holder = match app.find(&shown.login).await {
            Ok(finding) => {
                sources = finding.asked;
                now(&finding.outcome, shown, checks)
            }
            Err(_) => Some(as_shown(shown)),
        };
        if holder.is_none() {
            verdict = Seal::Revoked;
        }
    }
    if looks {
        app.metrics.verified(verdict.name());
        let asked = Asked { login: shown.as_ref().map(|shown| shown.login.as_str()), ..*asked };
        let status = verdict.status().as_u16();
        match &shown {
            Some(_) => app.told(&asked, &[verdict.name()], status, &sources),
            // Anybody can send what is no code, or an old one.
            None => app.refused(&asked, verdict.name(), status),
        }
    }
    let first = first.filter(|_| holder.is_some());
    Seen { verdict, holder, first, at }
}

/// Who shows a card, as the sources say now; nobody, when there is no card any more.
fn now(outcome: &Outcome, shown: &Shown, checks: bool) -> Option<Holder> {
    match outcome {
        Outcome::Card(card) => Some(Holder {
            affiliation: card.affiliation,
            end_date: Some(card.end_date),
            name: Subject::from(&**card).name(),
            photo: checks.then(|| Arc::clone(&card.photo.uri)),
        }),
        Outcome::NoCard { .. } | Outcome::Unknown(_) => None,
        Outcome::Unavailable { .. } => Some(as_shown(shown)),
    }
}

fn as_shown(shown: &Shown) -> Holder {
    Holder { affiliation: shown.affiliation, end_date: shown.end_date, name: shown.name.clone(), photo: None }
}

impl Seen {
    fn json(&self) -> Response {
        let holder = self.holder.as_ref();
        let told = Told {
            verdict: self.verdict,
            at: self.at,
            first_shown: self.first,
            layout: holder.map(|holder| holder.affiliation),
            year: holder.and_then(|holder| holder.year('/')),
            name: holder.map(|holder| &*holder.name),
            photo: holder.and_then(|holder| holder.photo.as_deref()),
        };
        let body = serde_json::to_string(&told).unwrap_or_default();
        let headers = [(CONTENT_TYPE.as_str(), card::answer::CONTENT_TYPE), ("x-robots-tag", page::ROBOTS)];
        (self.verdict.status(), headers, body).into_response()
    }
}

impl Holder {
    /// `2026/2027`.
    fn year(&self, between: char) -> Option<String> {
        self.end_date.map(|year| format!("{}{between}{year}", year.saturating_sub(1)))
    }
}

/// Whether JSON is liked better than a page.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let json = accept.find("application/json");
    json.is_some_and(|json| accept.find("text/html").is_none_or(|html| json < html))
}

/// The language of whoever looks: French, unless the browser likes another one better that we speak.
fn language(headers: &HeaderMap) -> Language {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|accepted| accepted.to_str().ok());
    accepted.and_then(Language::accepted).unwrap_or(Language::Fr)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_gets_json_and_a_browser_a_page() {
        for (accept, json) in [
            ("application/json", true),
            ("text/html,application/xhtml+xml,*/*;q=0.8", false),
            ("application/json, text/html", true),
            ("text/html, application/json", false),
            ("*/*", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT, accept.parse().unwrap())]);
            assert_eq!(wants_json(&headers), json, "{accept}");
        }
    }
}
