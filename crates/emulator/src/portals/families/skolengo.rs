//! Skolengo (portals §2.4).

use axum::http::StatusCode;

use crate::portals::accounts::Who;
use crate::portals::asked::{Asked, Verdict};
use crate::portals::places::PlaceKind;
use crate::portals::reply::{Reply, escape, hidden, with_query};

/// The cookie that tickets are given for.
const COOKIE: &str = "CASTGC";
/// The cookie of a conversation: where somebody wants to go.
const CONVERSATION: &str = "JSESSIONID";
/// Where EduConnect's answers are read.
const CONSUMER: &str = "/saml/SAMLAssertionConsumer";

/// Answers for a host of the family.
pub(super) fn answer(asked: &Asked<'_>) -> Reply {
    match (asked.path, asked.is_post()) {
        ("/login", false) => login(asked),
        ("/login", true) => judge(asked),
        ("/delegate/redirect/EDU", false) => delegate(asked),
        ("/delegate/redirect/EDU", true) => Reply::status(StatusCode::METHOD_NOT_ALLOWED),
        (CONSUMER, true) => consume(asked),
        ("/", false) => home(),
        ("/continue", false) => go_on(asked),
        _ => Reply::missing(),
    }
}

/// Selections of a place: to EduConnect, and to its own form.
fn selections<'a>(asked: &'a Asked<'_>) -> (&'a [String], &'a [String]) {
    match &asked.place.kind {
        PlaceKind::Skolengo { edu, local, .. } => (edu, local),
        _ => (&[], &[]),
    }
}

fn service<'a>(asked: &'a Asked<'_>) -> &'a str {
    asked.query.get("service").unwrap_or_default()
}

fn login(asked: &Asked<'_>) -> Reply {
    let service = service(asked);
    if !service.is_empty() && !asked.serves(service) {
        return service_refused();
    }
    if let Some(who) = asked.remembered(COOKIE) {
        return leave(asked, service, &who);
    }
    let (edu, local) = selections(asked);
    let only = (edu.len() + local.len() == 1).then(|| edu.first().or(local.first())).flatten();
    // An own form that is the only way in is not asked about.
    let chosen = asked.query.filled("selection").or_else(|| only.filter(|_| edu.is_empty()).map(String::as_str));
    let is = |codes: &[String]| chosen.is_some_and(|chosen| codes.iter().any(|code| code == chosen));
    if is(edu) {
        let conversation = asked.note("service", service);
        return Reply::redirect(&asked.here("/delegate/redirect/EDU")).cookie(CONVERSATION, &conversation);
    }
    if is(local) { form(asked, StatusCode::OK, "") } else { chooser(asked) }
}

/// The page that asks who one is.
fn chooser(asked: &Asked<'_>) -> Reply {
    let (edu, local) = selections(asked);
    let radio = |code: &String| {
        let code = escape(code);
        format!(
            "<div><input type=\"radio\" name=\"selection\" id=\"idp-{code}\" value=\"{code}\"><label \
             for=\"idp-{code}\">{code}</label></div>"
        )
    };
    let radios: String = edu.iter().chain(local).map(radio).collect();
    let service = service(asked);
    let service = if service.is_empty() { String::new() } else { hidden("service", service) };
    Reply::page(
        "Choisissez votre profil",
        &format!(
            "<form method=\"get\" action=\"/login\">{service}{radios}<input type=\"submit\" id=\"button-submit\" \
             name=\"submit\" value=\"Valider\"></form>"
        ),
    )
    .says("chooser")
}

/// The own form; `message` is HTML.
fn form(asked: &Asked<'_>, status: StatusCode, message: &str) -> Reply {
    let execution = asked.note("execution", "");
    Reply::page_of(
        status,
        "Connexion",
        &format!(
            "<form class=\"cas__login-form\" method=\"post\" action=\"{}\">{message}{}{}{}<input type=\"text\" \
             name=\"username\"><input type=\"password\" name=\"password\"><input type=\"submit\" name=\"submit\" \
             value=\"Valider\"></form>",
            escape(&asked.path_and_query()),
            hidden("lt", &format!("LT-{execution}")),
            hidden("execution", &execution),
            hidden("_eventId", "submit"),
        ),
    )
    .says("credential form")
}

/// Takes the own form.
fn judge(asked: &Asked<'_>) -> Reply {
    let execution = asked.form.filled("execution").and_then(|name| asked.noted("execution", name));
    if execution.is_none() || asked.form.get("_eventId") != Some("submit") {
        return form(asked, StatusCode::OK, "").says("no execution");
    }
    let message = |text: &str| format!("<div class=\"cas__messages\"><p class=\"msg__content\">{text}</p></div>");
    let refused = |text: &str, outcome| form(asked, StatusCode::UNAUTHORIZED, &message(text)).says(outcome);
    match asked.judge("username", "password") {
        Verdict::Right(who) => welcome(asked, service(asked), &who),
        Verdict::Wrong => refused("Identifiant ou mot de passe incorrect.", "refused"),
        Verdict::Locked => refused("Votre compte est verrouillé. Réessayez dans 15 minutes.", "locked"),
        Verdict::Blocked => refused("Votre compte est bloqué par votre établissement.", "blocked"),
        Verdict::Renewal => refused("Votre mot de passe a expiré, vous devez le renouveler.", "renewal"),
        Verdict::Activation => refused("Votre compte doit être activé.", "activation"),
        Verdict::Terms => refused("Vous devez accepter les conditions d'utilisation.", "terms"),
        Verdict::Odd(reply) => reply,
    }
}

/// The page that asks EduConnect.
fn delegate(asked: &Asked<'_>) -> Reply {
    let service = asked.cookies.filled(CONVERSATION).and_then(|name| asked.noted("service", name));
    match service {
        Some(service) => asked.ask_by_form(CONSUMER, &service),
        None => chooser(asked),
    }
}

/// Reads EduConnect's answer.
fn consume(asked: &Asked<'_>) -> Reply {
    let learned = match asked.learn() {
        Ok(learned) => learned,
        Err(reply) => return *reply,
    };
    let service = learned.context.unwrap_or_default();
    let notice = matches!(asked.place.kind, PlaceKind::Skolengo { notice: true, .. });
    if notice && !service.is_empty() && asked.unavailable(&learned.who).is_none() {
        let cookie = asked.remember(&learned.who);
        let onward = escape(&with_query("/continue", "service", &service));
        return Reply::page(
            "Information",
            &format!("<div class=\"msg\"><div class=\"msg__content\"><a href=\"{onward}\">Continuer</a></div></div>"),
        )
        .cookie(COOKIE, &cookie)
        .says("notice");
    }
    welcome(asked, &service, &learned.who)
}

/// The link of the notice.
fn go_on(asked: &Asked<'_>) -> Reply {
    match asked.remembered(COOKIE) {
        Some(who) => leave(asked, service(asked), &who),
        None => chooser(asked),
    }
}

/// Somebody is known now.
fn welcome(asked: &Asked<'_>, service: &str, who: &Who) -> Reply {
    if let Some(reply) = asked.unavailable(who) {
        return reply;
    }
    let cookie = asked.remember(who);
    leave(asked, service, who).cookie(COOKIE, &cookie)
}

fn leave(asked: &Asked<'_>, service: &str, who: &Who) -> Reply {
    if service.is_empty() {
        return home();
    }
    if asked.serves(service) { asked.ticket(service, who) } else { service_refused() }
}

fn home() -> Reply {
    Reply::page("Accueil", "<p>Vous êtes connecté.</p>").says("home")
}

fn service_refused() -> Reply {
    let sentence = "L'application vers laquelle vous souhaitez vous rendre n'est pas autorisée à utiliser CAS.";
    Reply::notice(StatusCode::FORBIDDEN, "Application non autorisée", sentence).says("service refused")
}
