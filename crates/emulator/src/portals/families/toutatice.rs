//! Toutatice (Rennes): a chooser, EduConnect, then two questions in XML that a script asks (portals §2.12).

use axum::http::StatusCode;

use super::hostile;
use super::session;
use crate::portals::IdpMode;
use crate::portals::accounts::{Scenario, Who};
use crate::portals::asked::Asked;
use crate::portals::educonnect;
use crate::portals::reply::{Reply, escape, hidden, with_query};

/// The cookie of whoever is signed in.
const COOKIE: &str = "TOUTATICE_SESSION";
/// The cookie of a conversation; one host has it, and there is only one of it.
const CONVERSATION: &str = "IDP_JSESSIONID";
/// Where assertions come.
const CONSUMER: &str = "/idp/profile/SAML2/POST/SSO";
/// What the notes of this portal are about: who is in a conversation, and where to go afterwards.
const TALK: &str = "conversation";
/// The number under which somebody is known in a conversation.
const UID: &str = "uid";

/// Answers for the portal.
pub(crate) fn answer(asked: &Asked<'_>) -> Reply {
    match (asked.path, asked.is_post()) {
        ("/portail/auth/MonEspace", false) => match asked.remembered(COOKIE) {
            Some(_) => Reply::page("Mon espace", "<p>Bienvenue.</p>").says("home"),
            None => choose(asked),
        },
        ("/idp/profile/cas/login", false) => match asked.remembered(COOKIE) {
            Some(who) => session::ticket(asked, &who),
            None => choose(asked),
        },
        ("/wayf/Ctrl", true) => chosen(asked),
        ("/idp/Login", false) => asked.ask_by_redirect(CONSUMER, asked.query.get("target").unwrap_or_default(), None),
        (CONSUMER, true) => learn(asked),
        ("/idp/Loader", false) => Reply::page("Chargement", "<p>Chargement en cours…</p>").says("loader"),
        ("/idp/Authn/RemoteUser", false) => remote_user(asked),
        _ => Reply::missing(),
    }
}

/// The chooser. The profiles of staff are below, with forms of their own.
fn choose(asked: &Asked<'_>) -> Reply {
    let back = with_query(&asked.here("/idp/Login"), "target", &asked.path_and_query());
    let form = |kind: &str, idp: &str, label: &str| {
        format!(
            "<div class=\"{kind}\"><form method=\"post\" action=\"{}\">{}{}{}<button>{label}</button></form></div>",
            asked.here("/wayf/Ctrl"),
            hidden("entityID", &asked.here("/shibboleth")),
            hidden("return", &back),
            hidden("_saml_idp", idp),
        )
    };
    let body = format!(
        "{}{}",
        form("eduouprofils", "educonnect", "Élève ou parent"),
        form("autresprofils", "academie", "Personnel")
    );
    Reply::page("Toutatice", &body).says("chooser")
}

fn chosen(asked: &Asked<'_>) -> Reply {
    let back = asked.form.filled("return").filter(|back| back.starts_with(&asked.here("/idp/")));
    match (asked.form.get("_saml_idp"), back) {
        (Some("educonnect"), Some(back)) => {
            Reply::redirect(&with_query(back, "entityID", educonnect::ENTITY)).says("chosen")
        }
        _ => Reply::notice(StatusCode::BAD_REQUEST, "Erreur", "Profil inconnu.").says("unknown profile"),
    }
}

/// EduConnect has answered: a conversation begins. One client takes EduConnect's own number for it, which is right only
/// as long as both are the same.
fn learn(asked: &Asked<'_>) -> Reply {
    let learned = match asked.learn() {
        Ok(learned) => learned,
        Err(reply) => return *reply,
    };
    let number = match asked.state.idp() {
        IdpMode::Legacy | IdpMode::Legacy2 => "e1s1",
        _ => "e3s1",
    };
    let talk = format!("{number} {} {}", learned.who.login, learned.context.unwrap_or_default());
    let talk = asked.note(TALK, &talk);
    let to = with_query(&asked.here("/idp/Loader"), "conversation", number);
    Reply::redirect(&with_query(&to, "sessionid", &talk)).cookie(CONVERSATION, &talk).says("conversation")
}

/// Both questions: the first gives a number, the second takes it.
fn remote_user(asked: &Asked<'_>) -> Reply {
    let talk = asked.query.filled("sessionid").filter(|talk| asked.cookies.get(CONVERSATION) == Some(talk));
    let talk = talk.and_then(|talk| asked.noted(TALK, talk));
    let mut parts = talk.as_deref().unwrap_or_default().splitn(3, ' ');
    let (number, login, target) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
    let Some((number, who)) = number.zip(login.and_then(Who::named)) else {
        return xml("<erreurTechnique>Session inconnue.</erreurTechnique>", "no conversation");
    };
    // The number that was given counts one step further.
    let next = number.replace("s1", "s2");
    match (asked.query.get("conversation"), asked.query.filled("uidInSession")) {
        (Some(conversation), None) if conversation == number => first(asked, &who, &next),
        (Some(conversation), Some(uid)) if conversation == next => second(asked, &who, uid, target),
        _ => xml("<erreurTechnique>Conversation inconnue.</erreurTechnique>", "another conversation"),
    }
}

fn first(asked: &Asked<'_>, who: &Who, next: &str) -> Reply {
    if asked.query.get("redirectToLoaderRemoteUser") != Some("0") {
        return Reply::redirect(&asked.here("/idp/Loader"));
    }
    match who.scenario {
        Scenario::Unknown => {
            let text = "<erreurFonctionnelle>Aucun compte Toutatice ne vous est rattaché.</erreurFonctionnelle>";
            xml(text, "no account")
        }
        Scenario::Overloaded => xml("<erreurTechnique>Le service est surchargé.</erreurTechnique>", "overloaded"),
        Scenario::Entities => Reply::new(StatusCode::OK, "application/xml", hostile::entity_bomb()).says("entities"),
        _ => {
            if let Some(reply) = asked.unavailable(who) {
                return reply;
            }
            let uid = asked.note(UID, &who.login);
            let body = format!("<conversation>{}</conversation><uidInSession>{uid}</uidInSession>", escape(next));
            xml(&body, "identity")
        }
    }
}

fn second(asked: &Asked<'_>, who: &Who, uid: &str, target: &str) -> Reply {
    if asked.take_note(UID, uid).as_ref() != Some(&who.login) {
        return xml("<erreurTechnique>Identité inconnue.</erreurTechnique>", "another identity");
    }
    let target = if target.is_empty() { "/portail/auth/MonEspace" } else { target };
    Reply::redirect(&asked.here(target)).cookie(COOKIE, &asked.remember(who)).says("session")
}

fn xml(body: &str, outcome: &str) -> Reply {
    let document = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<remoteUser>{body}</remoteUser>\n");
    Reply::new(StatusCode::OK, "application/xml; charset=utf-8", document).says(outcome)
}
