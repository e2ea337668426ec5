//! Who may ask, by which paths, and how often.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret as _, SecretString};
use toml::Spanned;
use url::Url;

use super::reader::Section;
use super::sources::secret;
use super::{Access, Audit, Auth, Limits, Surroundings, UnknownUser};
use crate::year::Year;

/// The addresses of this machine.
const LOOPBACK: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
/// The shortest token.
const SHORTEST_TOKEN: usize = 16;
/// The tokens that the application's server sends when it was given none.
const NO_TOKENS: &[&str] = &["undefined", "null", "bearer undefined"];
/// The most tokens of one kind: several only while one is being replaced.
const MOST_TOKENS: usize = 16;

impl Default for Access {
    fn default() -> Self {
        Access {
            path: "/card".to_owned(),
            eu_path: "/card-eu".to_owned(),
            view_path: "/card-view".to_owned(),
            legacy_path: String::new(),
            verify_path: "/v".to_owned(),
            auth: Auth::Tokens,
            tokens: Vec::new(),
            view_tokens: Vec::new(),
            checker_tokens: Vec::new(),
            allow_from: LOOPBACK.map(IpNet::from).to_vec(),
            public_url: None,
            limits: Limits::default(),
            audit: Audit::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits { per_second: 50, per_login_per_minute: 10, unknown_per_hour: 300 }
    }
}

impl Default for Audit {
    fn default() -> Self {
        Audit { file: None, days: 183, plain: false }
    }
}

/// Reads who may ask.
pub(super) fn read(card: &mut Section<'_, '_>, around: &Surroundings<'_>, clear: bool) -> Access {
    let mut access = Access::default();
    path(card, "path", &mut access.path);
    path(card, "eu_path", &mut access.eu_path);
    path(card, "view_path", &mut access.view_path);
    path(card, "legacy_path", &mut access.legacy_path);
    path(card, "verify_path", &mut access.verify_path);
    let paths = [&access.path, &access.eu_path, &access.view_path, &access.legacy_path, &access.verify_path];
    let used: Vec<_> = paths.iter().filter(|path| !path.is_empty()).collect();
    if (1..used.len()).any(|at| used[..at].contains(&used[at])) {
        card.fault(card.span.clone(), "[card]: two of the paths are the same");
    }
    access.tokens = tokens(card, "tokens", around, clear);
    access.view_tokens = tokens(card, "view_tokens", around, clear);
    access.checker_tokens = tokens(card, "checker_tokens", around, clear);
    access.auth = card.word("auth", &[("none", Auth::Open), ("tokens", Auth::Tokens)]).unwrap_or(Auth::Tokens);
    match (access.auth, access.tokens.is_empty()) {
        (Auth::Tokens, true) if !card.took("tokens") => card.fault(
            card.span.clone(),
            "[card]: `tokens` is missing: anybody could ask about anybody. To try it out on this machine only, `auth = \"none\"`",
        ),
        (Auth::Tokens, true) if access.view_tokens.is_empty() && !card.has_faults() => {
            card.fault(card.span.clone(), "[card]: `tokens` is empty: nobody may ask");
        }
        (Auth::Open, false) => {
            card.fault(card.span.clone(), "[card]: `auth = \"none\"` and `tokens` cannot both be: which is it?");
        }
        _ => {}
    }
    if let Some(networks) = card.texts("allow_from") {
        access.allow_from = networks.iter().filter_map(|text| network(card, text)).collect();
        if networks.is_empty() {
            card.fault(card.span.clone(), "[card]: `allow_from` is empty: nobody may ask");
        }
    }
    if let Some(text) = card.text("public_url") {
        match Url::parse(text.get_ref()) {
            Ok(url) if is_public(&url) => access.public_url = Some(url),
            _ => card
                .fault(text.span(), "`public_url` has to be an address that begins with https://, without `?` and `#`"),
        }
    }
    if let Some(mut limits) = card.table("limits") {
        let each = 1..=1_000_000;
        let Limits { per_second, per_login_per_minute, unknown_per_hour } = &mut access.limits;
        *per_second = limits.number("per_second", each.clone()).unwrap_or(*per_second);
        *per_login_per_minute = limits.number("per_login_per_minute", each.clone()).unwrap_or(*per_login_per_minute);
        *unknown_per_hour = limits.number("unknown_per_hour", each).unwrap_or(*unknown_per_hour);
        limits.finish();
    }
    if let Some(mut audit) = card.table("audit") {
        access.audit.file = audit.text("file").map(|file| around.folder.join(file.into_inner()));
        access.audit.days = audit.number("days", 1..=3660).unwrap_or(access.audit.days);
        access.audit.plain = audit.word("login", &[("hash", false), ("plain", true)]).unwrap_or(false);
        audit.finish();
    }
    access
}

/// Whether phones may be sent to an address: securely, or, to try things out, on this machine.
fn is_public(url: &Url) -> bool {
    let here = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    (url.scheme() == "https" || (url.scheme() == "http" && here)) && url.query().is_none() && url.fragment().is_none()
}

/// Reads a path: empty, or segments that each follow a slash.
fn path(card: &mut Section<'_, '_>, name: &'static str, path: &mut String) {
    let Some(given) = card.text(name) else { return };
    let text = given.get_ref().trim_end_matches('/');
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | '/');
    let segments =
        || text.split('/').skip(1).all(|segment| !segment.is_empty() && !segment.trim_matches('.').is_empty());
    if text.is_empty() || (text.starts_with('/') && text.chars().all(fits) && segments()) {
        *path = text.to_owned();
    } else {
        card.fault(given.span(), format!("`{name}` has to be empty, or a path such as \"/card\""));
    }
}

/// Reads tokens. One that is in everybody's hands, or short, is none.
fn tokens(card: &mut Section<'_, '_>, name: &'static str, around: &Surroundings<'_>, clear: bool) -> Vec<SecretString> {
    let given = card.texts(name).unwrap_or_default();
    if given.len() > MOST_TOKENS {
        card.fault(card.span.clone(), format!("`{name}`: there are more than {MOST_TOKENS}"));
    }
    let mut tokens = Vec::new();
    for text in given {
        let token = secret(text.get_ref(), around, clear);
        match token.and_then(|token| strong(&token).map(|()| token)) {
            Ok(token) => tokens.push(token),
            Err(what) => card.fault(text.span(), format!("`{name}`: {what}")),
        }
    }
    tokens
}

fn strong(token: &SecretString) -> Result<(), String> {
    let token = token.expose_secret();
    if NO_TOKENS.contains(&token.to_lowercase().as_str()) {
        return Err("the token is what an application sends that was given none".to_owned());
    }
    if token.chars().count() < SHORTEST_TOKEN {
        return Err(format!("the token is shorter than {SHORTEST_TOKEN} characters"));
    }
    if token.chars().any(|c| c.is_control() || c.is_whitespace() || !c.is_ascii()) {
        return Err("the token holds what a header cannot".to_owned());
    }
    Ok(())
}

fn network(card: &Section<'_, '_>, text: &Spanned<String>) -> Option<IpNet> {
    let written = text.get_ref().trim();
    let network = written.parse::<IpNet>().or_else(|_| written.parse::<IpAddr>().map(IpNet::from));
    if network.is_err() {
        card.fault(text.span(), format!("`{written}` is no address and no network, such as \"10.1.0.0/16\""));
    }
    network.ok().map(|network| network.trunc())
}

/// What is said of time.
pub(super) struct Time {
    pub(super) zone: TimeZone,
    pub(super) year: Year,
    pub(super) budget: Duration,
}

/// Reads the time zone, the academic year and the budget.
pub(super) fn time(card: &mut Section<'_, '_>) -> Time {
    let named = card.text("timezone").unwrap_or_else(|| Spanned::new(0..0, "Europe/Paris".to_owned()));
    let zone = TimeZone::get(named.get_ref()).unwrap_or_else(|_| {
        card.fault(named.span(), format!("`{}` is no time zone, such as \"Europe/Paris\"", named.get_ref()));
        TimeZone::UTC
    });
    let budget = card.number("budget_ms", 100..=60_000).unwrap_or(3000);
    let mut year = Year::default();
    if let Some(mut section) = card.table("year") {
        day(&mut section, "starts", &mut year.starts);
        day(&mut section, "valid_from", &mut year.valid_from);
        day(&mut section, "valid_until", &mut year.valid_until);
        section.finish();
    }
    Time { zone, year, budget: Duration::from_millis(budget.into()) }
}

/// Reads a month and a day.
fn day(section: &mut Section<'_, '_>, name: &'static str, day: &mut (i8, i8)) {
    let Some(given) = section.text(name) else { return };
    let read = given.get_ref().split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    // In a year without 29 February, so that the day is there in every year.
    match read.filter(|(month, day)| jiff::civil::Date::new(2001, *month, *day).is_ok()) {
        Some(read) => *day = read,
        None => section.fault(given.span(), format!("`{name}` has to be a month and a day, such as \"09-01\"")),
    }
}

/// Reads what is answered about people whom nobody knows.
pub(super) fn unknown_user(card: &mut Section<'_, '_>) -> UnknownUser {
    let words = [("404", UnknownUser::NotFound), ("no-active-card", UnknownUser::NoActiveCard)];
    card.word("unknown_user", &words).unwrap_or(UnknownUser::NotFound)
}
