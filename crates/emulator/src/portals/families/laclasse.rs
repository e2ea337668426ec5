//! La Classe (Lyon): a form of its own, and a way to EduConnect beside it (portals §2.10).

use axum::http::StatusCode;

use super::cas::pages;
use super::session;
use crate::portals::accounts::{CODE, Scenario, Who};
use crate::portals::asked::{Asked, Verdict};
use crate::portals::reply::{Reply, encode, escape, hidden, with_query};

/// The cookie of whoever is signed in.
const COOKIE: &str = "LACLASSE_AUTH";
/// Where assertions come.
const CONSUMER: &str = "/sso/educonnect/acs";
/// What the notes of this portal are about: somebody who owes a code, and the service.
const OWES: &str = "code";

/// Answers for the portal.
pub(crate) fn answer(asked: &Asked<'_>) -> Reply {
    match (asked.path, asked.is_post()) {
        ("/sso/login", false) => login(asked),
        ("/sso/login", true) if asked.form.get("token").is_some() => take_code(asked),
        ("/sso/login", true) => submit(asked),
        ("/sso/educonnect" | "/sso/parentPortalIdp", false) => {
            asked.ask_by_redirect(CONSUMER, asked.query.get("service").unwrap_or_default(), None)
        }
        (CONSUMER, true) => match asked.learn() {
            Ok(learned) => admit(asked, &learned.who, &learned.context.unwrap_or_default()),
            Err(reply) => *reply,
        },
        // No form on it: one client takes any for a refusal.
        ("/portail/", false) => Reply::page("Laclasse", "<p>Bienvenue sur laclasse.com.</p>").says("home"),
        _ => Reply::missing(),
    }
}

fn login(asked: &Asked<'_>) -> Reply {
    let service = asked.query.get("service").unwrap_or_default();
    if !service.is_empty() && !asked.serves(service) {
        return session::refused();
    }
    match asked.remembered(COOKIE) {
        Some(who) => granted(asked, &who, service),
        None => form(service, None),
    }
}

/// The form; its fields carry what the query said.
fn form(service: &str, error: Option<&str>) -> Reply {
    let state = pronote::protocol::challenge::random_text::<8>();
    let ticket = if service.is_empty() { "False" } else { "True" };
    let error = error.map(|text| format!("<div id=\"error-content\">{}</div>", escape(text)));
    let body = format!(
        "<form method=\"post\" action=\"login\">{}{}{}<input type=\"text\" name=\"username\"><input type=\"password\" \
         name=\"password\"><input type=\"checkbox\" name=\"keepconnected\" value=\"true\"><input type=\"submit\" \
         name=\"submit\" value=\"Se connecter\"></form>{}<a id=\"parentPortalIdp\" class=\"parentPortalIdp\" \
         href=\"parentPortalIdp?service={}&amp;state={state}\">Connexion avec EduConnect</a><form method=\"post\" \
         action=\"rescue\"><input name=\"rescueId\"><input type=\"submit\" name=\"rescue\" value=\"Mot de passe \
         oublié\"></form>",
        hidden("service", service),
        hidden("state", &state),
        hidden("ticket", ticket),
        error.unwrap_or_default(),
        encode(service),
    );
    Reply::page("Authentification", &body).says("form")
}

fn submit(asked: &Asked<'_>) -> Reply {
    let service = asked.form.get("service").unwrap_or_default();
    let here = with_query("/sso/login", "service", service);
    let page = |body: String, outcome: &str| Reply::page("Authentification", &body).says(outcome);
    let refused = |text: &str, outcome: &str| form(service, Some(text)).says(outcome);
    match asked.judge("username", "password") {
        Verdict::Right(who) if who.scenario == Scenario::Code => ask_code(asked, &who, service),
        Verdict::Right(who) => admit(asked, &who, service),
        Verdict::Wrong => refused("Les informations transmises n'ont pas permis de vous authentifier.", "refused"),
        Verdict::Locked | Verdict::Blocked => refused("Votre compte est verrouillé.", "locked"),
        Verdict::Renewal => page(pages::renewal(&here), "renewal"),
        Verdict::Activation => page(pages::activation(), "activation"),
        Verdict::Terms => page(pages::conditions(&here), "conditions"),
        Verdict::Odd(reply) => reply,
    }
}

/// Whoever proved who they are, here or at EduConnect: pupils and parents find it closed in summer.
fn admit(asked: &Asked<'_>, who: &Who, service: &str) -> Reply {
    match who.scenario {
        Scenario::Closed => {
            let sentence = "Laclasse.com est fermé pendant l'été pour les élèves et les parents.";
            Reply::notice(StatusCode::OK, "Service fermé", sentence).says("closed")
        }
        Scenario::Unknown => Reply::page(
            "Authentification",
            "<div id=\"error-content\">Aucun compte ne correspond à votre identité.</div>",
        )
        .says("no account"),
        _ => match asked.unavailable(who) {
            Some(reply) => reply,
            None => granted(asked, who, service).cookie(COOKIE, &asked.remember(who)),
        },
    }
}

fn granted(asked: &Asked<'_>, who: &Who, service: &str) -> Reply {
    if asked.serves(service) { asked.ticket(service, who) } else { Reply::redirect(&asked.here("/portail/")) }
}

fn ask_code(asked: &Asked<'_>, who: &Who, service: &str) -> Reply {
    let turn = asked.note(OWES, &format!("{} {service}", who.login));
    let body = pages::code("login", &turn);
    Reply::page("Authentification", &body).says("code asked")
}

fn take_code(asked: &Asked<'_>) -> Reply {
    let owes = asked.form.filled("execution").and_then(|turn| asked.take_note(OWES, turn));
    let Some((login, service)) = owes.as_deref().and_then(|owes| owes.split_once(' ')) else { return Reply::missing() };
    let Some(who) = Who::named(login) else { return Reply::missing() };
    if asked.form.get("token").map(str::trim) == Some(CODE) {
        admit(asked, &who, service)
    } else {
        ask_code(asked, &who, service)
    }
}
