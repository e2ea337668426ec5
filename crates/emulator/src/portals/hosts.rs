//! Which host a request is for, and who plays it.

use std::cell::{Cell, RefCell};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{Request, header};
use axum::response::Response;

use super::asked::{Asked, Pairs};
use super::journal::Visit;
use super::places::{Place, PlaceKind};
use super::reply::Reply;
use super::state::State;
use super::{educonnect, entry, families};

/// What the hosts of schools end in.
const SCHOOLS: &str = ".pronote.test";
/// Where EduConnect sends networks that it does not like.
const ASSISTANCE: &str = "assistance.phm.education.gouv.fr";

/// The host of the school behind a portal.
pub(super) fn school_host(portal: &str) -> String {
    format!("{portal}{SCHOOLS}")
}

/// The portal whose school has a host.
fn school_at(host: &str) -> Option<&str> {
    host.strip_suffix(SCHOOLS)
}

/// The portal of the school that a service belongs to.
pub(super) fn school_of_service(service: &str) -> Option<String> {
    let rest = service.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/')?;
    path.starts_with("pronote/").then(|| school_at(&host.to_ascii_lowercase()).map(str::to_owned))?
}

/// Answers a request, and writes it into the journal.
pub(super) async fn answer(state: &State, parts: Parts, body: Bytes) -> Response {
    let host = host(&parts);
    let path = parts.uri.path().to_owned();
    let raw_query = parts.uri.query().unwrap_or_default().to_owned();
    let query = Pairs::read(raw_query.as_bytes());
    let is_form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded"));
    let form = if is_form { Pairs::read(&body) } else { Pairs::default() };
    let holds_password = form.holds_password() || query.holds_password();
    let method = parts.method.clone();
    let cookies = Pairs::cookies(&parts.headers);

    // Those that are no portal: their requests are read in the same way.
    let nowhere = Place { id: String::new(), host: host.clone(), kind: PlaceKind::SamlEntry };
    let asked = Asked {
        state,
        place: state.place_at(&host).unwrap_or(&nowhere),
        host: &host,
        method: &method,
        path: &path,
        raw_query: &raw_query,
        query,
        form,
        cookies,
        expects_password: Cell::new(false),
        judged: RefCell::new(None),
    };
    let portal = school_at(&host).map(str::to_owned);
    let (entry, rest) = match &portal {
        Some(portal) => (entry::enter(&asked, portal), Some(Request::from_parts(parts, Body::from(body)))),
        None => (Some(play(&asked)), None),
    };
    let expected = asked.expects_password.get();
    if holds_password && (!expected || asked.query.holds_password()) {
        asked.violation("a password came where nobody asked for one");
    }
    let login = asked.judged.borrow().clone();
    let (query, form) = (asked.query.names(), asked.form.names());
    drop(asked);

    let Reply { response, outcome } = match (entry, rest) {
        (Some(reply), _) if portal.is_some() => reply,
        (Some(reply), _) => families::hostile::after(state.trap(), &host, reply).await,
        (None, Some(request)) => {
            let response = state.school.answer(request).await;
            Reply { response, outcome: "school".to_owned() }
        }
        (None, None) => Reply::missing(),
    };
    let path = if portal.is_some() { brief(&path) } else { path };
    let (method, status) = (method.to_string(), response.status().as_u16());
    state.journal.visit(Visit { host, method, path, query, form, status, holds_password, login, outcome });
    response
}

/// Lets whoever plays a host answer.
fn play(asked: &Asked<'_>) -> Reply {
    if let Some(reply) = families::hostile::before(asked) {
        return reply;
    }
    match asked.host {
        educonnect::HOST | educonnect::AGRICULTURAL => educonnect::answer(asked),
        ASSISTANCE => Reply::page("Assistance", "<p>Votre accès a été bloqué.</p>"),
        _ if asked.place.id.is_empty() => families::hostile::elsewhere(asked),
        _ => families::answer(asked),
    }
}

/// The host that was asked for, in lower case and without port.
fn host(parts: &Parts) -> String {
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host.to_ascii_lowercase()
}

/// The first two parts of a school's path: the others are numbers of sessions and calls.
fn brief(path: &str) -> String {
    path.split_inclusive('/').take(3).collect::<String>().trim_end_matches('/').to_owned()
}
