//! Signing in and out. Whoever was signed out in the middle of something comes back to it, with what was typed.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;
use board::{Error, KeyKind};
use secrecy::SecretString;

use super::fault::{Fault, see_other};
use super::form::{Fields, Form, fields};
use super::page::page;
use super::visit::{Asked, Posted, Visit, read};
use super::words::{self, Arg, Language};
use super::{cookies, guard};
use crate::{App, ClientAddress};

/// Where it is done.
pub(crate) const ADDRESS: &str = "/board/sign-in";
/// What the names of kept fields begin with, so that none is taken for one of ours.
const KEPT: &str = "kept-";

/// What somebody wanted who is not signed in.
#[derive(Debug)]
pub(crate) struct Wanted {
    back: String,
    method: Method,
    expired: bool,
    https: bool,
    kept: Fields,
}

impl Wanted {
    /// A page, by its address.
    pub(crate) fn new(back: String, method: &Method, expired: bool, https: bool) -> Self {
        Wanted { back, method: method.clone(), expired, https, kept: Fields::new() }
    }

    /// The same, with the form that was sent there. Passwords are not kept: they would be shown to whoever is next.
    pub(crate) fn keeping(mut self, form: &Form) -> Self {
        if !form.all().keys().any(|name| name.contains("password")) {
            self.kept = form.all().clone();
            self.kept.remove("csrf");
        }
        self
    }
}

/// Asks to sign in.
pub(crate) fn ask(headers: &HeaderMap, wanted: &Wanted) -> Response {
    let read_only = matches!(wanted.method, Method::GET | Method::HEAD);
    let mut response = if read_only {
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("back", &wanted.back)
            .extend_pairs(wanted.expired.then_some(("expired", "1")))
            .finish();
        see_other(&format!("{ADDRESS}?{query}"))
    } else {
        let mut form = Form::new(fields([("back", wanted.back.clone())]));
        for (name, value) in &wanted.kept {
            form.set(format!("{KEPT}{name}"), value);
        }
        let doors = Doors { expired: true, lost: wanted.kept.is_empty(), https: wanted.https };
        show_form(headers, StatusCode::UNAUTHORIZED, form, &doors)
    };
    if wanted.expired
        && let Some(cookie) = cookies::drop(cookies::SESSION, wanted.https)
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Shows the form.
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    Asked(query): Asked,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let form = Form::new(fields([("back", query.get("back").cloned().unwrap_or_default())]));
    let doors = Doors { expired: query.contains_key("expired"), lost: false, https: app.settings.https };
    Ok(show_form(&headers, StatusCode::OK, form, &doors))
}

struct Doors {
    /// Whether a session has just ended.
    expired: bool,
    /// Whether a form was sent that is not kept.
    lost: bool,
    https: bool,
}

fn show_form(headers: &HeaderMap, status: StatusCode, form: Form, doors: &Doors) -> Response {
    let language = words::language(headers);
    // The same secret as long as the browser has one, so that two tabs do not disturb each other.
    let (secret, fresh) = match cookies::read(headers, cookies::BEFORE).filter(|secret| !secret.is_empty()) {
        Some(secret) => (secret.to_owned(), false),
        None => match guard::secret() {
            Ok(secret) => (secret, true),
            Err(error) => return super::fault::Raised::from(Fault::from(error)).page(headers),
        },
    };
    let kept: Fields = form.all().clone().into_iter().filter(|(name, _)| name.starts_with(KEPT)).collect();
    let context = minijinja::context! {
        csrf => guard::token(&secret),
        form => form.view(language),
        keeps => !kept.is_empty(),
        kept,
        expired => doors.expired,
        lost => doors.lost,
        address => ADDRESS,
    };
    let mut response = page(language, status, "sign_in.html", context);
    if fresh && let Some(cookie) = cookies::set(cookies::BEFORE, &secret, None, doors.https) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Signs in.
pub(crate) async fn enter(
    State(app): State<Arc<App>>,
    ClientAddress(from): ClientAddress,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Fault> {
    if !guard::is_ours(&headers) {
        return Err(Fault::Foreign);
    }
    let mut form = Form::parse(&read(request.into_body()).await?);
    let secret = cookies::read(&headers, cookies::BEFORE).unwrap_or_default().to_owned();
    let doors = Doors { expired: false, lost: false, https: app.settings.https };
    if secret.is_empty() || !guard::holds(&secret, form.get("csrf")) {
        // Cookies are off, or the form is from before they were cleared: a new form is all it takes.
        form.wrong("name", "editor-error-cookies");
        form.forget("password");
        return Ok(show_form(&headers, StatusCode::FORBIDDEN, form, &doors));
    }
    let password = SecretString::from(form.get("password").to_owned());
    form.forget("password");
    let name = form.line("name").to_owned();
    if name.is_empty() {
        form.wrong("name", "editor-error-user-missing");
        return Ok(show_form(&headers, StatusCode::UNPROCESSABLE_ENTITY, form, &doors));
    }
    let refused = match app.board.sign_in(&name, &password, from, KeyKind::Web).await {
        Ok(signed_in) => return Ok(let_in(&form, &signed_in.key, words::language(&headers), app.settings.https)),
        Err(error) => error,
    };
    let status = match refused {
        Error::WrongPassword => {
            form.wrong("name", "editor-error-password");
            StatusCode::UNAUTHORIZED
        }
        Error::Disabled => {
            form.wrong("name", "editor-error-disabled");
            StatusCode::FORBIDDEN
        }
        Error::TooManyTries(wait) => {
            let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX).max(1);
            form.fault("name", "editor-error-tries", vec![("count", Arg::from(seconds))]);
            StatusCode::TOO_MANY_REQUESTS
        }
        Error::Busy => {
            form.wrong("name", "editor-error-busy");
            StatusCode::SERVICE_UNAVAILABLE
        }
        error => return Err(error.into()),
    };
    Ok(show_form(&headers, status, form, &doors))
}

/// Lets somebody in: back to where they wanted to be, or to the form they had sent, which is theirs to send again.
fn let_in(form: &Form, key: &str, language: Language, https: bool) -> Response {
    let back = Some(form.get("back")).filter(|back| is_ours(back)).unwrap_or("/board/");
    let strip = |(name, value): (&String, &String)| Some((name.strip_prefix(KEPT)?.to_owned(), value.clone()));
    let kept: Fields = form.all().iter().filter_map(strip).collect();
    let mut response = if kept.is_empty() {
        see_other(back)
    } else {
        let context = minijinja::context! { csrf => guard::token(key), back, kept };
        page(language, StatusCode::OK, "kept.html", context)
    };
    let cookies = [cookies::set(cookies::SESSION, key, None, https), cookies::drop(cookies::BEFORE, https)];
    for cookie in cookies.into_iter().flatten() {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// Whether an address is one of the pages, and not of another server.
pub(crate) fn is_ours(address: &str) -> bool {
    address.starts_with("/board/") && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

/// Signs out.
pub(crate) async fn leave(Posted { visit, .. }: Posted<Visit>) -> Result<Response, Fault> {
    visit.app.board.sign_out(&visit.session).await?;
    let mut response = see_other(ADDRESS);
    if let Some(cookie) = cookies::drop(cookies::SESSION, visit.app.settings.https) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Goes on in another language.
pub(crate) async fn speak(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, Fault> {
    if !guard::is_ours(&headers) {
        return Err(Fault::Foreign);
    }
    let form = Form::parse(&read(request.into_body()).await?);
    let back = Some(form.get("back")).filter(|back| is_ours(back)).unwrap_or("/board/");
    let mut response = see_other(back);
    let year = 365 * 24 * 3600;
    let chosen = Language::of_tag(form.get("language")).map(Language::tag);
    let cookie = chosen.and_then(|code| cookies::set(words::COOKIE, code, Some(year), app.settings.https));
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_server_after_signing_in() {
        for address in ["https://evil.example/", "//evil.example", "/board", "/board/\\evil", "/board/\r\nx", ""] {
            assert!(!is_ours(address), "{address}");
        }
        assert!(is_ours("/board/9b/homework?week=2026-09-14"));
    }

    #[test]
    fn a_form_with_a_password_is_not_kept() {
        let wanted = || Wanted::new("/board/account".to_owned(), &Method::POST, true, false);

        assert!(wanted().keeping(&Form::parse(b"password=x&name=y")).kept.is_empty());
        assert!(wanted().keeping(&Form::parse(b"new-password=x")).kept.is_empty());
        assert_eq!(wanted().keeping(&Form::parse(b"text=x&csrf=y")).kept.len(), 1);
    }
}
