//! How a page is made: its template, what all pages share, and the headers it is sent with.

use std::sync::LazyLock;

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};

use super::assets::ASSETS;
use super::fault::Raised;
use super::words::{self, Arg, Language};

/// Nothing but what comes from here, nothing inside a page, and no frame around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        /// The templates by name.
        pub(crate) const TEMPLATES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../templates/board/", $name)))),*];
    };
}

templates![
    "account.html",
    "assignment.html",
    "change.html",
    "changes.html",
    "chats.html",
    "class.html",
    "classes.html",
    "confirm.html",
    "history.html",
    "homework.html",
    "kept.html",
    "layout.html",
    "note.html",
    "overview.html",
    "parts.html",
    "plan.html",
    "preview.html",
    "problem.html",
    "pronote.html",
    "settings.html",
    "sign_in.html",
    "subject.html",
    "subjects.html",
    "timetable.html",
    "user.html",
    "users.html",
];

/// The pages in each language: a template asks for a message and cannot get the language wrong.
static PAGES: LazyLock<[Environment<'static>; Language::ALL.len()]> = LazyLock::new(|| Language::ALL.map(environment));

fn environment(language: Language) -> Environment<'static> {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("nothing is set that can clash"),
    );
    for (name, source) in TEMPLATES {
        pages.add_template(name, source).expect("the templates are checked by the tests");
    }
    pages.add_function("t", move |key: &str, args: Kwargs| message(language, key, &args));
    pages.add_function("class", class);
    pages.add_global("language", language.tag());
    pages.add_global("style", Value::from_safe_string(ASSETS.style.url()));
    pages.add_global("script", Value::from_safe_string(ASSETS.script.url()));
    pages.add_global("icon", Value::from_safe_string(ASSETS.icon.url()));
    let choices = Language::ALL.map(|one| minijinja::context! { tag => one.tag(), name => one.own_name() });
    pages.add_global("languages", Vec::from(choices));
    pages
}

/// `t("editor-notes", count=3)`: a message with what it names.
fn message(language: Language, key: &str, args: &Kwargs) -> Result<String, minijinja::Error> {
    let mut given = Vec::new();
    for name in args.args() {
        let value: Value = args.get(name)?;
        let arg = match value.kind() {
            ValueKind::Number => Arg::from(i64::try_from(value)?),
            ValueKind::Undefined => return Err(ErrorKind::UndefinedError.into()),
            _ => Arg::from(value.to_string()),
        };
        given.push((name, arg));
    }
    let said = words::say(language, key, &given);
    // A message that is not there is said by its key. The tests look at every page, and must not miss it.
    if cfg!(debug_assertions) && said == key {
        return Err(minijinja::Error::new(ErrorKind::InvalidOperation, format!("there is no message `{key}`")));
    }
    Ok(said)
}

/// `class("card", bad=true, open=false)`: the classes whose condition holds, as an attribute's value.
fn class(base: &str, conditions: Kwargs) -> Result<String, minijinja::Error> {
    let mut classes = vec![base];
    for name in conditions.args() {
        if conditions.get::<bool>(name)? {
            classes.push(name);
        }
    }
    Ok(classes.join(" ").trim().to_owned())
}

/// Makes a page of a template.
pub(crate) fn page(language: Language, status: StatusCode, template: &str, context: Value) -> Response {
    let at = Language::ALL.iter().position(|one| *one == language).unwrap_or_default();
    let made = PAGES[at].get_template(template).and_then(|template| template.render(context));
    match made {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "Could not make the page `{template}`");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Makes pages of what handlers only named, and sends every page with the headers that keep it safe.
pub(crate) async fn finish(request: Request, next: Next) -> Response {
    let asked: HeaderMap = request.headers().clone();
    let mut response = next.run(request).await;
    if let Some(raised) = response.extensions_mut().remove::<Raised>() {
        response = raised.page(&asked);
    }
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Forms have to say where they come from; other sites do not.
        (REFERRER_POLICY, "same-origin"),
        (VARY, "Accept-Language, Cookie"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
