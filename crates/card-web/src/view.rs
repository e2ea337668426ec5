//! Pictures of cards, for who shows a token for pictures.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use card::model::{Card, Finding, Outcome};

use crate::App;
use crate::app::{Asked, words};
use crate::cards::{enter, found, refuse, wrong_token};
use crate::client;
use crate::path;
use crate::problem::Problem;

/// A picture in an SVG may do nothing but be looked at.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox";

/// Draws cards.
pub trait Views: Send + Sync {
    /// Draws a card. Why it cannot be drawn is said without naming anybody.
    ///
    /// # Errors
    ///
    /// The card cannot be drawn with what was configured.
    fn draw(&self, card: &Card, facts: &minijinja::Value, view: View) -> Result<Vec<u8>, String>;
}

/// A picture that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The kind of file.
    pub format: Format,
    /// Whether it is the back.
    pub back: bool,
    /// How many times the size of the card, 1 to 3; for PNG only.
    pub scale: u8,
    /// Whether there is a margin to be cut off, for printing.
    pub bleed: bool,
}

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An SVG that stands by itself.
    Svg,
    /// Pixels.
    Png,
    /// A page of the size of a card.
    Pdf,
}

impl Format {
    const ALL: [(Format, &'static str, &'static str); 3] = [
        (Format::Svg, "svg", "image/svg+xml"),
        (Format::Png, "png", "image/png"),
        (Format::Pdf, "pdf", "application/pdf"),
    ];

    fn of(name: &str) -> Option<Self> {
        Format::ALL.into_iter().find(|(_, extension, _)| *extension == name).map(|(format, ..)| format)
    }

    fn content_type(self) -> &'static str {
        Format::ALL.into_iter().find(|(format, ..)| *format == self).map_or("", |(.., kind)| kind)
    }

    fn extension(self) -> &'static str {
        Format::ALL.into_iter().find(|(format, ..)| *format == self).map_or("", |(_, extension, _)| extension)
    }
}

impl View {
    /// `alice.svg`: the login, and what is asked for.
    pub(crate) fn of_suffix<'a>(name: &'a str, query: Option<&str>) -> Result<(&'a str, Self), Problem> {
        let (login, extension) = name.rsplit_once('.').ok_or(Problem::Unauthorized)?;
        let format = Format::of(extension).ok_or(Problem::Unauthorized)?;
        Ok((login, View::of(format, query)?))
    }

    /// `?side=back&scale=2&bleed=1`. What is not known is not guessed.
    fn of(format: Format, query: Option<&str>) -> Result<Self, Problem> {
        let mut view = View { format, back: false, scale: 1, bleed: false };
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            match pair {
                "side=front" => view.back = false,
                "side=back" => view.back = true,
                "scale=1" => view.scale = 1,
                "scale=2" => view.scale = 2,
                "scale=3" => view.scale = 3,
                "bleed=0" => view.bleed = false,
                "bleed=1" => view.bleed = true,
                _ => return Err(Problem::BadRequest),
            }
        }
        Ok(view)
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
        Ok(_) => match name.strip_prefix("card.").and_then(Format::of) {
            Some(format) => View::of(format, request.uri().query()),
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
    let Some(views) = app.views.clone() else { return refuse(app, asked, Problem::NotFound) };
    let finding = match found(app, asked, login).await {
        Ok(finding) => finding,
        Err(problem) => return refuse(app, asked, problem),
    };
    let Finding { outcome: Outcome::Card(card), facts, .. } = finding else { return no_card(app, asked, &finding) };
    // Whoever waits here has been counted: there are only so many.
    let Ok(_seat) = app.drawing.acquire().await else { return refuse(app, asked, Problem::Internal) };
    let drawn = tokio::task::spawn_blocking(move || views.draw(&card, &facts, view)).await;
    let picture = match drawn {
        Ok(Ok(picture)) => picture,
        Ok(Err(why)) => {
            tracing::error!(why, "A card cannot be drawn");
            return refuse(app, asked, Problem::Internal);
        }
        Err(_) => {
            tracing::error!("Drawing a card failed");
            return refuse(app, asked, Problem::Internal);
        }
    };
    app.told(asked, &["card"], 200, &finding.asked);
    let name = format!("inline; filename=\"card.{}\"", view.format.extension());
    let headers =
        [(CONTENT_TYPE, view.format.content_type()), (CONTENT_DISPOSITION, &*name), (CONTENT_SECURITY_POLICY, POLICY)];
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
        let plain = View { format: Format::Svg, back: false, scale: 1, bleed: false };
        assert_eq!(View::of_suffix("a.b.svg", None), Ok(("a.b", plain)));
        let printed = View { format: Format::Pdf, back: true, bleed: true, ..plain };
        assert_eq!(View::of_suffix("alice.pdf", Some("side=back&bleed=1")), Ok(("alice", printed)));
        let large = View { format: Format::Png, scale: 3, ..plain };
        assert_eq!(View::of_suffix("alice.png", Some("scale=3")), Ok(("alice", large)));
        for name in ["alice", "alice.gif", "alice.SVG", "alice.svg.", ""] {
            assert_eq!(View::of_suffix(name, None), Err(Problem::Unauthorized), "{name}");
        }
        for query in ["scale=4", "scale=0", "scale", "side=left", "x=1", "scale=9999999999"] {
            assert_eq!(View::of_suffix("alice.png", Some(query)), Err(Problem::BadRequest), "{query}");
        }
    }
}
