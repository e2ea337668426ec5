//! The EduConnect hub of PRONOTE's vendor, for any school that uses it (portals §2.13).

use super::session;
use crate::portals::asked::Asked;
use crate::portals::reply::{Reply, escape};

/// The cookie of whoever is signed in.
const COOKIE: &str = "HUB_SESSION";
/// Where assertions come.
const CONSUMER: &str = "/EduConnect/saml/acs";
/// The login page, without its query.
const LOGIN: &str = "/EduConnect/cas/login";

/// Answers for the hub.
pub(crate) fn answer(asked: &Asked<'_>) -> Reply {
    match (asked.path, asked.is_post()) {
        (LOGIN, false) => match asked.query.filled("service") {
            None => message("L'url de service est vide").says("service missing"),
            Some(service) if !asked.serves(service) => {
                message(&format!("{service} n'est pas une url de confiance.")).says("service refused")
            }
            Some(_) => match asked.remembered(COOKIE) {
                Some(who) => session::ticket(asked, &who),
                None => asked.ask_by_form(CONSUMER, &asked.path_and_query()),
            },
        },
        (CONSUMER, true) => session::begin(asked, COOKIE),
        _ => Reply::missing(),
    }
}

/// A page with a message, as clients look for it.
fn message(text: &str) -> Reply {
    let body = format!("<div class=\"message\"><label id=\"zone_msgDetail\">{}</label></div>", escape(text));
    Reply::page("HubEduConnect", &body)
}
