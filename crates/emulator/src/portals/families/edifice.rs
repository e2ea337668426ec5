//! Edifice, also known as OpenENT, NEO and ONE (portals §2.6).

mod pages;

use axum::http::StatusCode;

use crate::portals::IdpMode;
use crate::portals::accounts::{Scenario, Who};
use crate::portals::asked::{Asked, Verdict};
use crate::portals::places::PlaceKind;
use crate::portals::reply::{Reply, encode, with_query};

/// The cookie of a session.
pub(super) const SESSION: &str = "oneSessionId";
/// The cookie that says where somebody wants to go.
const CALLBACK: &str = "callback";
/// What notes about it are called.
const WISH: &str = "callback";
/// Where EduConnect's answers are read.
const CONSUMER: &str = "/auth/saml/acs";
/// The start by a provider, and its name.
const PROVIDER: &str = "/auth/saml/authn/";

/// What the place allows; nothing for other kinds, which use parts of this one.
struct Rules<'a> {
    local: bool,
    routes: &'a [String],
    chooser: Option<&'a str>,
}

fn rules<'a>(asked: &'a Asked<'_>) -> Rules<'a> {
    match &asked.place.kind {
        PlaceKind::Edifice { local, routes, chooser, .. } => {
            Rules { local: *local, routes, chooser: chooser.as_deref() }
        }
        _ => Rules { local: false, routes: &[], chooser: None },
    }
}

/// Answers for a host of the family.
pub(super) fn answer(asked: &Asked<'_>) -> Reply {
    if asked.host != asked.place.name() {
        return pages::chooser(asked, &format!("https://{}", asked.place.host), rules(asked).routes);
    }
    match (asked.path, asked.is_post()) {
        ("/cas/login", false) => cas(asked, |asked, wish| {
            let to = match rules(asked).chooser {
                Some(host) => format!("https://{host}/"),
                None => asked.here("/auth/login"),
            };
            Reply::redirect(&with_query(&to, "callback", wish))
        }),
        ("/auth/login", false) => pages::login(asked, "").says("credential form"),
        ("/auth/login", true) => judge(asked),
        ("/auth/saml/wayf", false) => pages::chooser(asked, "", rules(asked).routes),
        (CONSUMER, true) => consume(asked),
        ("/auth/saml/selectUser", true) => select(asked),
        ("/", false) => pages::home(),
        (path, false) if path.starts_with(PROVIDER) => start(asked, &path[PROVIDER.len()..]),
        ("/auth/reset/forceChangePassword", false) => pages::renewal(),
        ("/auth/cgu", false) => pages::terms(),
        _ => Reply::missing(),
    }
}

/// `GET /cas/login?service=`: a ticket for whoever is signed in; `otherwise` is told where the others want to go.
pub(super) fn cas(asked: &Asked<'_>, otherwise: impl FnOnce(&Asked<'_>, &str) -> Reply) -> Reply {
    let Some(service) = asked.query.filled("service") else { return pages::invalid_service() };
    if !asked.serves(service) {
        return pages::invalid_service();
    }
    if let Some(who) = asked.remembered(SESSION) {
        return asked.ticket(service, &who);
    }
    let wish = format!("/cas/login?service={}", encode(service));
    let note = asked.note(WISH, &wish);
    otherwise(asked, &wish).cookie(CALLBACK, &note).says("to sign in")
}

/// Takes the own form.
fn judge(asked: &Asked<'_>) -> Reply {
    let error = |key: &str, text: &str| pages::login(asked, text).says(key);
    match asked.judge("email", "password") {
        Verdict::Right(who) => {
            let legacy = matches!(asked.state.idp(), IdpMode::Legacy | IdpMode::Legacy2);
            if !rules(asked).local && !legacy {
                // Their accounts are EduConnect's: their password is no business of this form.
                asked.violation("the password of EduConnect came to the portal's own form");
                return error("auth.error.authenticationFailed", pages::WRONG);
            }
            match who.scenario {
                Scenario::Code => error("auth.error.otpDisabled", "Le mot de passe à usage unique est désactivé."),
                Scenario::Unknown => error("auth.error.authenticationFailed", pages::WRONG),
                _ => welcome(asked, &who, wish_of_form(asked)),
            }
        }
        Verdict::Wrong => error("auth.error.authenticationFailed", pages::WRONG),
        Verdict::Locked => error(
            "auth.error.ban",
            "Suite à plusieurs échecs, votre compte est temporairement bloqué. Réessayez dans quelques minutes.",
        ),
        Verdict::Blocked => error("auth.error.blockedUser", "Votre compte est bloqué par votre établissement."),
        Verdict::Renewal => {
            Reply::redirect(&with_query("/auth/reset/forceChangePassword", "callback", "/")).says("renewal")
        }
        Verdict::Activation => pages::activation(asked),
        Verdict::Terms => Reply::redirect("/auth/cgu").says("terms"),
        Verdict::Odd(reply) => reply,
    }
}

/// Where the form says that somebody wants to go, when that is on this host.
fn wish_of_form(asked: &Asked<'_>) -> Option<String> {
    let wish = asked.form.filled("callBack")?;
    let decoded = if wish.starts_with('/') || wish.starts_with("https://") {
        wish.to_owned()
    } else {
        url::form_urlencoded::parse(format!("x={wish}").as_bytes()).next()?.1.into_owned()
    };
    let path = decoded.strip_prefix(&asked.here("")).unwrap_or(&decoded);
    (path.starts_with('/') && !path.starts_with("//")).then(|| path.to_owned())
}

/// Where the cookie says that somebody wants to go.
fn wish_of_cookie(asked: &Asked<'_>) -> Option<String> {
    asked.noted(WISH, asked.cookies.filled(CALLBACK)?)
}

/// `GET /auth/saml/authn/{provider}`: asks EduConnect, for a profile.
fn start(asked: &Asked<'_>, provider: &str) -> Reply {
    if !rules(asked).routes.iter().any(|route| route == provider) {
        return Reply::status(StatusCode::FORBIDDEN).says("provider not enabled");
    }
    let profile = match provider {
        "student" => Some("eleve"),
        "relative" => Some("responsable"),
        _ => None,
    };
    let wish = asked.query.filled("callBack").map(str::to_owned).or_else(|| wish_of_cookie(asked)).unwrap_or_default();
    let reply = asked.ask_by_redirect(CONSUMER, &wish, profile);
    let relay = asked.note("relaystate", &wish);
    let reply = reply.cookie("relaystate", &relay);
    if wish.is_empty() { reply } else { reply.cookie(CALLBACK, &asked.note(WISH, &wish)) }
}

/// Reads EduConnect's answer.
fn consume(asked: &Asked<'_>) -> Reply {
    let learned = match asked.learn() {
        Ok(learned) => learned,
        Err(reply) => return *reply,
    };
    match learned.who.scenario {
        Scenario::Unknown => {
            Reply::redirect("/auth/login?error=fed.auth.error.user.not.found").says("fed.auth.error.user.not.found")
        }
        Scenario::Blocked => pages::login(asked, "Votre compte est bloqué.").says("fed.auth.error.blocked"),
        Scenario::Schools => pages::schools(asked, &learned.who),
        _ => welcome(asked, &learned.who, wish_of_cookie(asked)),
    }
}

/// One of several accounts was chosen.
fn select(asked: &Asked<'_>) -> Reply {
    let whole = pages::CHOICE_FIELDS.iter().all(|name| asked.form.get(name).is_some());
    let key = asked.form.filled("key").and_then(|key| asked.noted("choice", key));
    match key.filter(|_| whole).and_then(|login| Who::named(&login)) {
        Some(who) => welcome(asked, &who, wish_of_cookie(asked)),
        None => Reply::status(StatusCode::BAD_REQUEST).says("choice refused"),
    }
}

/// Somebody is known now.
pub(super) fn welcome(asked: &Asked<'_>, who: &Who, wish: Option<String>) -> Reply {
    match who.scenario {
        Scenario::Overloaded => return pages::too_loaded(),
        _ => {
            if let Some(reply) = asked.unavailable(who) {
                return reply;
            }
        }
    }
    let session = asked.remember(who);
    Reply::redirect(&asked.here(&wish.unwrap_or_else(|| "/".to_owned())))
        .cookie(SESSION, &session)
        .cookie("authenticated", "true")
        .cookie("XSRF-TOKEN", &pronote::protocol::challenge::random_text::<8>())
        .says("signed in")
}
