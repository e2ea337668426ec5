//! A small regional portal in front of the school: a form, a cookie, and what it leaves in an entry page (protocol §5.12).

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::page::Page;
use super::session::Ticket;
use super::{Server, page};
use crate::school::Space;

/// The name of the portal's cookie.
const COOKIE: &str = "CASTGC";

/// Sends a browser without the portal's cookie to the portal.
pub(super) fn redirect(server: &Server, page: &Page) -> Response {
    let service = format!("{}pronote/{}", server.origin, page.name);
    let query: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("service", &service).finish();
    found(&format!("{}cas/login?{query}", server.origin), None)
}

/// What the portal leaves in the page for the login behind the cookie; none without a cookie that is good here.
pub(super) fn ticket(server: &Server, space: Space, headers: &HeaderMap) -> Option<Ticket> {
    let mut cookies = cookies(headers).filter(|(name, _)| *name == COOKIE);
    let login = cookies.find_map(|(_, cookie)| server.credentials().portal_login(cookie).map(str::to_owned))?;
    server.school().account(&login, space)?;
    Some(Ticket::for_login(&login))
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

const FORM: &str = "<form method=\"post\"><input name=\"username\"><input name=\"password\" type=\"password\"><button>Se \
                    connecter</button></form>";

/// The portal's form; `GET /cas/login`.
pub(super) fn form(server: &Server) -> Response {
    page::html(server, StatusCode::OK, FORM)
}

/// Takes the form; `POST /cas/login`. Goes back to the page that sent the browser, if it is one of ours.
pub(super) fn enter(server: &Server, query: &str, body: &[u8]) -> Response {
    let field = |text: &[u8], wanted: &str| {
        url::form_urlencoded::parse(text).find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
    };
    let (login, password) = (field(body, "username").unwrap_or_default(), field(body, "password").unwrap_or_default());
    let known = server.school().accounts.iter().any(|account| {
        account.login.eq_ignore_ascii_case(login.trim()) && account.password == password && !account.locked
    });
    if !known {
        // As CAS servers do: what is wrong, and the form again.
        let again = format!("<p class=\"errors\">Identifiant ou mot de passe incorrect.</p>{FORM}");
        return page::html(server, StatusCode::UNAUTHORIZED, &again);
    }
    let back = field(query.as_bytes(), "service")
        .filter(|service| service.starts_with(&server.origin))
        .unwrap_or_else(|| format!("{}pronote/", server.origin));
    let cookie = server.credentials().enter_portal(&login);
    found(&back, Some(&format!("{COOKIE}={cookie}; Path=/; HttpOnly")))
}

fn found(location: &str, cookie: Option<&str>) -> Response {
    let mut response = (StatusCode::FOUND, [(header::LOCATION, location)]).into_response();
    if let Some(cookie) = cookie.and_then(|cookie| cookie.parse().ok()) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
