//! The answers to card applications: who may ask, how often, and that nobody learns more than they were told.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use card::answer::{self, Answer};
use card::config::Config;
use card::model::{Finding, Outcome};

use crate::App;
use crate::access::Scopes;
use crate::app::{Asked, words};
use crate::client;
use crate::path;
use crate::problem::Problem;
use crate::view::{self, View};

/// The most bytes of an answer: a larger one ends the caller's whole service (`card.md`, 1.5).
const MOST_BYTES: usize = 512 << 10;

/// In which form a card is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// For the card module.
    Card,
    /// For the module of European cards.
    European,
    /// For applications up to 2.1.
    Legacy,
}

impl Face {
    fn name(self) -> &'static str {
        match self {
            Face::Card => "card",
            Face::European => "card-eu",
            Face::Legacy => "legacy",
        }
    }

    fn answer(self, finding: &Finding, asked: &str, config: &Config) -> Answer {
        match self {
            Face::Card => answer::card(finding, asked, config),
            Face::European => answer::european(finding, asked, config),
            Face::Legacy => answer::legacy(finding, asked, config),
        }
    }
}

/// Its routes.
pub(crate) fn routes(app: &App) -> Router<Arc<App>> {
    let access = app.access();
    let face = |face| any(move |State(app): State<Arc<App>>, request| async move { serve(app, face, request).await });
    let mut routes = Router::new().route(&format!("{}/{{login}}", access.path), face(Face::Card));
    if !access.path.is_empty() {
        // A login that is empty is nobody's.
        routes = routes.route(&format!("{}/", access.path), face(Face::Card));
    }
    if !access.eu_path.is_empty() {
        routes = routes.route(&format!("{}/{{login}}/extended", access.eu_path), face(Face::European));
    }
    if !access.legacy_path.is_empty() {
        routes = routes.route(&format!("{}/{{login}}", access.legacy_path), face(Face::Legacy));
    }
    routes
}

async fn serve(app: Arc<App>, face: Face, request: Request) -> Response {
    let begun = Instant::now();
    let from_end = usize::from(face == Face::European);
    let login = path::part(request.uri().path(), from_end);
    let shown = login.as_ref().unwrap_or_else(|readable| readable);
    let asked = Asked { face: face.name(), from: client::address(&request), login: Some(shown), begun };
    let scopes = match enter(&app, &request, &asked) {
        Ok(scopes) => scopes,
        Err(problem) => return refuse(&app, &asked, problem),
    };
    // `/card/alice.svg` is a picture for whoever shows a token for pictures, and a login for whoever shows one for cards:
    // a login may end like that, and no token is for both.
    if face == Face::Card && scopes.shown_views {
        return match View::of_suffix(shown, request.uri().query()) {
            Ok((login, view)) => {
                view::draw(&app, &Asked { face: "view", login: Some(login), ..asked }, login, view).await
            }
            Err(problem) => refuse(&app, &asked, problem),
        };
    }
    if !scopes.cards {
        return refuse(&app, &asked, wrong_token(&app, &asked));
    }
    let finding = match found(&app, &asked, login.as_deref().unwrap_or_default()).await {
        Ok(finding) => finding,
        Err(problem) => return refuse(&app, &asked, problem),
    };
    let Answer { status, body } = face.answer(&finding, shown, app.connector.config());
    if body.len() > MOST_BYTES {
        tracing::error!(bytes = body.len(), "An answer about a card is too large to be sent");
        return refuse(&app, &asked, Problem::Internal);
    }
    if let Outcome::Card(card) = &finding.outcome {
        app.metrics.sent(card.photo.bytes(), body.len());
    }
    app.told(&asked, &words(&finding.outcome), status, &finding.asked);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, answer::CONTENT_TYPE)], body).into_response()
}

/// Whether a request may be made at all, and what its token opens.
pub(crate) fn enter(app: &App, request: &Request, asked: &Asked<'_>) -> Result<Scopes, Problem> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Problem::Method);
    }
    if !app.gate.admits(asked.from) {
        return Err(Problem::Forbidden);
    }
    Ok(app.gate.scopes(request.headers()))
}

/// What is answered to a token that does not open what is asked for: guessing has an end.
pub(crate) fn wrong_token(app: &App, asked: &Asked<'_>) -> Problem {
    match app.rates.wrong_token(asked.from) {
        Ok(()) => Problem::Unauthorized,
        Err(too_much) => Problem::TooMany(too_much.0),
    }
}

/// Finds out about somebody, as often as may be asked. That nobody is known takes as long as if somebody were.
pub(crate) async fn found(app: &Arc<App>, asked: &Asked<'_>, login: &str) -> Result<Finding, Problem> {
    let shown = asked.login.unwrap_or_default();
    let counted = app.rates.may_ask(asked.from, app.now());
    // What is asked too often about one person takes no turn from the others.
    counted
        .and_then(|()| app.rates.about(shown))
        .and_then(|()| app.rates.question())
        .map_err(|too_much| Problem::TooMany(too_much.0))?;
    let finding = app.find(login).await?;
    match finding.outcome {
        Outcome::Card(_) | Outcome::NoCard { .. } => app.floor.known(asked.begun.elapsed()),
        Outcome::Unknown(_) => {
            if app.rates.unknown(asked.from, shown, app.now()) {
                app.metrics.probing();
                tracing::warn!(
                    client.address = %asked.from,
                    "An address asked for too many cards of nobody: it has to wait. Is somebody trying names?"
                );
            }
            tokio::time::sleep(app.floor.missing(asked.begun.elapsed())).await;
        }
        Outcome::Unavailable { .. } => {}
    }
    Ok(finding)
}

/// Answers that there is no answer.
pub(crate) fn refuse(app: &App, asked: &Asked<'_>, problem: Problem) -> Response {
    app.refused(asked, problem.name(), problem.status().as_u16());
    problem.into_response()
}
