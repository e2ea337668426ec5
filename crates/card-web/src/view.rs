//! Pictures of cards, for who shows a token for pictures.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use card::model::{Card, Finding, Outcome};
use card::render::{Fault, Renderer, Side};

use crate::App;
use crate::app::{Asked, words};
use crate::cards::{enter, found, refuse, wrong_token};
use crate::client;
use crate::path;
use crate::problem::Problem;

/// A picture in an SVG may do nothing but be looked at.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox";

/// A picture that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Svg(Side),
    /// How many times as large as the template, 1 to 3.
    Png(Side, u8),
    /// Both sides; with or without what is cut off.
    Pdf {
        bleed: bool,
    },
}

impl View {
    /// `alice.svg`: the login, and what is asked for.
    pub(crate) fn of_suffix<'a>(name: &'a str, query: Option<&str>) -> Result<(&'a str, Self), Problem> {
        let (login, extension) = name.rsplit_once('.').ok_or(Problem::Unauthorized)?;
        let view = View::plain(extension).ok_or(Problem::Unauthorized)?;
        Ok((login, view.with(query)?))
    }

    fn plain(extension: &str) -> Option<Self> {
        match extension {
            "svg" => Some(View::Svg(Side::Front)),
            "png" => Some(View::Png(Side::Front, 1)),
            "pdf" => Some(View::Pdf { bleed: false }),
            _ => None,
        }
    }

    /// `?side=back&scale=2`, or `?bleed=1`. What does not go with the kind of picture is not guessed.
    fn with(mut self, query: Option<&str>) -> Result<Self, Problem> {
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            match (&mut self, pair) {
                (View::Svg(side) | View::Png(side, _), "side=front") => *side = Side::Front,
                (View::Svg(side) | View::Png(side, _), "side=back") => *side = Side::Back,
                (View::Png(_, scale), "scale=1") => *scale = 1,
                (View::Png(_, scale), "scale=2") => *scale = 2,
                (View::Png(_, scale), "scale=3") => *scale = 3,
                (View::Pdf { bleed }, "bleed=0") => *bleed = false,
                (View::Pdf { bleed }, "bleed=1") => *bleed = true,
                _ => return Err(Problem::BadRequest),
            }
        }
        Ok(self)
    }

    /// Its type, and the name that a browser saves it by.
    fn named(self) -> (&'static str, &'static str) {
        match self {
            View::Svg(_) => ("image/svg+xml", "inline; filename=\"card.svg\""),
            View::Png(..) => ("image/png", "inline; filename=\"card.png\""),
            View::Pdf { .. } => ("application/pdf", "inline; filename=\"card.pdf\""),
        }
    }

    fn draw(self, renderer: &Renderer, card: &Card, facts: &minijinja::Value) -> Result<Vec<u8>, Fault> {
        match self {
            View::Svg(side) => renderer.svg(card, facts, side).map(String::into_bytes),
            View::Png(side, scale) => renderer.png(card, facts, side, scale),
            View::Pdf { bleed } => renderer.pdf(card, facts, bleed),
        }
    }
}

/// Its routes.
pub(crate) fn routes(app: &App) -> Router<Arc<App>> {
    let path = &app.access().view_path;
    if path.is_empty() { Router::new() } else { Router::new().route(&format!("{path}/{{login}}/{{name}}"), any(serve)) }
}

async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    let begun = Instant::now();
    let login = path::part(request.uri().path(), 1);
    let shown = login.as_ref().unwrap_or_else(|readable| readable);
    let asked = Asked { face: "view", from: client::address(&request), login: Some(shown), begun };
    let name = path::part(request.uri().path(), 0).unwrap_or_default();
    let view = match enter(&app, &request, &asked) {
        Err(problem) => Err(problem),
        Ok(scopes) if !scopes.views => Err(wrong_token(&app, &asked)),
        Ok(_) => match name.strip_prefix("card.").and_then(View::plain) {
            Some(view) => view.with(request.uri().query()),
            None => Err(Problem::NotFound),
        },
    };
    match view {
        Ok(view) => draw(&app, &asked, login.as_deref().unwrap_or_default(), view).await,
        Err(problem) => refuse(&app, &asked, problem),
    }
}

/// Draws the card of somebody.
pub(crate) async fn draw(app: &Arc<App>, asked: &Asked<'_>, login: &str, view: View) -> Response {
    let Some(renderer) = app.renderer.clone() else { return refuse(app, asked, Problem::NotFound) };
    let finding = match found(app, asked, login).await {
        Ok(finding) => finding,
        Err(problem) => return refuse(app, asked, problem),
    };
    let Finding { outcome: Outcome::Card(card), facts, .. } = finding else { return no_card(app, asked, &finding) };
    // Whoever waits here has been counted: there are only so many.
    let Ok(_seat) = app.drawing.acquire().await else { return refuse(app, asked, Problem::Internal) };
    let drawn = tokio::task::spawn_blocking(move || view.draw(&renderer, &card, &facts)).await;
    let picture = match drawn {
        Ok(Ok(picture)) => picture,
        Ok(Err(fault)) => {
            tracing::error!(%fault, "A card cannot be drawn");
            return refuse(app, asked, Problem::Internal);
        }
        Err(_) => {
            tracing::error!("Drawing a card failed");
            return refuse(app, asked, Problem::Internal);
        }
    };
    app.told(asked, &["card"], 200, &finding.asked);
    let (kind, name) = view.named();
    let headers = [(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name), (CONTENT_SECURITY_POLICY, POLICY)];
    (headers, picture).into_response()
}

/// There is nothing to draw: it is said as it is to a card application, but as a failure.
fn no_card(app: &App, asked: &Asked<'_>, finding: &Finding) -> Response {
    let config = app.connector.config();
    let answer = card::answer::card(finding, asked.login.unwrap_or_default(), config);
    // A picture is there or not: the 200 with codes is for applications that show their texts.
    let status = if answer.status == 200 { 404 } else { answer.status };
    app.told(asked, &words(&finding.outcome), status, &finding.asked);
    let status = axum::http::StatusCode::from_u16(status).unwrap_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, card::answer::CONTENT_TYPE)], answer.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_told_by_the_end_of_its_name() {
        for (name, query, view) in [
            ("a.b.svg", None, View::Svg(Side::Front)),
            ("a.b.svg", Some("side=back"), View::Svg(Side::Back)),
            ("a.b.png", Some("scale=3&side=back"), View::Png(Side::Back, 3)),
            ("a.b.pdf", Some("bleed=1"), View::Pdf { bleed: true }),
        ] {
            assert_eq!(View::of_suffix(name, query), Ok(("a.b", view)), "{name}");
        }
        for name in ["alice", "alice.gif", "alice.SVG", "alice.svg.", ""] {
            assert_eq!(View::of_suffix(name, None), Err(Problem::Unauthorized), "{name}");
        }
        for query in ["scale=4", "scale=0", "scale", "side=left", "x=1", "scale=9999999999", "bleed=1"] {
            assert_eq!(View::of_suffix("alice.png", Some(query)), Err(Problem::BadRequest), "{query}");
        }
        assert_eq!(View::of_suffix("alice.pdf", Some("side=back")), Err(Problem::BadRequest), "it has both");
    }
}
