//! How the pages are made: one style, no script, the headers that keep them safe.

use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use i18n::{Language, t};
use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::{Holder, Seal, Seen};
use crate::App;
use card::model::Affiliation;

/// No search engine is to know the pages.
pub(super) const ROBOTS: &str = "noindex, nofollow, noarchive";

const STYLE: &str = include_str!("../../assets/check.css");

/// Nothing but the page itself and the pictures within it, and no frame around it.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let digest = STANDARD.encode(ring::digest::digest(&ring::digest::SHA256, STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).expect("base 64 is text")
});

/// The pages in each language.
static PAGES: LazyLock<[Environment<'static>; Language::ALL.len()]> = LazyLock::new(|| Language::ALL.map(environment));

fn environment(language: Language) -> Environment<'static> {
    let mut pages = Environment::new();
    pages.set_undefined_behavior(UndefinedBehavior::Strict);
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    pages.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().expect("nothing is set that can clash"),
    );
    for (name, source) in [
        ("layout.html", include_str!("../../templates/layout.html")),
        ("check.html", include_str!("../../templates/check.html")),
        ("checker.html", include_str!("../../templates/checker.html")),
    ] {
        pages.add_template(name, source).expect("the templates are checked by the tests");
    }
    pages.add_function("t", move |key: &str| t(language, key, &[]));
    pages.add_global("language", language.tag());
    pages.add_global("style", Value::from_safe_string(STYLE.to_owned()));
    pages
}

/// Makes a page.
pub(super) fn page(language: Language, status: StatusCode, template: &str, context: Value) -> Response {
    let at = Language::ALL.iter().position(|one| *one == language).unwrap_or_default();
    let made = PAGES[at].get_template(template).and_then(|template| template.render(context));
    let mut response = match made {
        Ok(html) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "Could not make the page `{template}`");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static(ROBOTS));
    response
}

/// What was seen of a code. `checks` says that whoever looks has signed in.
pub(super) fn seen(app: &App, language: Language, seen: &Seen, checks: bool) -> Response {
    let zone = &app.connector.config().timezone;
    let clock = |at| time(zone, at);
    let first = seen.first.map(clock);
    let (mood, words, hint) = match seen.verdict {
        Seal::Valid => ("good", t(language, "card-valid", &[]), t(language, "card-valid-hint", &[])),
        Seal::AlreadyShown => {
            let time = first.clone().unwrap_or_default();
            ("odd", t(language, "card-shown", &[]), t(language, "card-shown-hint", &[("time", time.into())]))
        }
        Seal::Expired => ("late", t(language, "card-expired", &[]), t(language, "card-expired-hint", &[])),
        Seal::Revoked => ("bad", t(language, "card-revoked", &[]), t(language, "card-revoked-hint", &[])),
        Seal::Unknown => ("bad", t(language, "card-unknown", &[]), t(language, "card-unknown-hint", &[])),
    };
    let context = context! {
        mood, words, hint,
        holder => seen.holder.as_ref().map(|holder| told(language, holder)),
        time => clock(seen.at),
        day => i18n::date_with_year(language, zone.to_datetime(seen.at).date()),
        checker => (!checks && !app.access().checker_tokens.is_empty()).then(|| Value::from_safe_string(checker_address(app))),
    };
    page(language, seen.verdict.status(), "check.html", context)
}

fn told(language: Language, holder: &Holder) -> Value {
    let layout = match holder.affiliation {
        Affiliation::Student => t(language, "card-student", &[]),
        Affiliation::Staff => t(language, "card-staff", &[]),
    };
    // A picture in base 64 holds nothing that HTML would read.
    let photo = holder.photo.as_ref().map(|photo| Value::from_safe_string(photo.to_string()));
    context! { name => &*holder.name, layout, year => holder.year('–'), photo }
}

/// It was verified too often: the same answer, as a page.
pub(super) fn too_often(language: Language, answer: Response) -> Response {
    let context = context! {
        mood => "late",
        words => t(language, "card-too-often", &[]),
        hint => t(language, "card-too-often-hint", &[]),
        holder => (), time => (), day => (), checker => (),
    };
    let mut response = page(language, answer.status(), "check.html", context);
    if let Some(wait) = answer.headers().get(RETRY_AFTER) {
        response.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    response
}

/// Where those who check cards sign in.
pub(super) fn checker_address(app: &App) -> String {
    format!("{}/checker", app.access().verify_path)
}

fn time(zone: &TimeZone, at: jiff::Timestamp) -> String {
    zone.to_datetime(at).strftime("%H:%M:%S").to_string()
}
