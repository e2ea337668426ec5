//! Net O'Centre: an Apereo CAS that delegates to EduConnect, or asks itself (portals §2.8).

use axum::http::StatusCode;

use super::cas::Cas;
use crate::portals::accounts::Scenario;
use crate::portals::asked::Asked;
use crate::portals::educonnect;
use crate::portals::reply::{Reply, with_query};

/// The identity provider of pupils and guardians, and the portal's own name for what it is told there.
const EDU: &str = "parentEleveEN-IdP";
/// The one of agricultural schools.
const AGRICULTURAL: &str = "agri-IdP";
/// Those who sign in here.
const OTHERS: &str = "autres-publics";
/// The server.
const CAS: Cas<'static> = Cas { root: "/cas", cookie: "TGC", lenient: true, old: false };
/// Where assertions come.
const CONSUMER: &str = "/cas/login/saml";

/// Answers for the portal.
pub(crate) fn answer(asked: &Asked<'_>) -> Reply {
    match (asked.path, asked.is_post()) {
        ("/cas/login", false) => CAS.login(asked).unwrap_or_else(|| choose(asked)),
        ("/cas/login", true) => CAS.submit(asked),
        ("/cas/clientredirect", false) => {
            let idp = match asked.query.get("client_name") {
                Some(AGRICULTURAL) => educonnect::AGRICULTURAL,
                _ => educonnect::HOST,
            };
            asked.ask_at(idp, CONSUMER, asked.query.get("service").unwrap_or_default(), None)
        }
        (CONSUMER, true) => learn(asked),
        _ => Reply::missing(),
    }
}

/// Whoever has no session goes where their kind of account is known.
fn choose(asked: &Asked<'_>) -> Reply {
    match asked.query.filled("idpId") {
        Some(idp @ (EDU | AGRICULTURAL)) => {
            let to = with_query(&asked.here("/cas/clientredirect"), "client_name", idp);
            let service = asked.query.get("service").unwrap_or_default();
            Reply::redirect(&with_query(&to, "service", service)).says("delegated")
        }
        Some(OTHERS) | None => CAS.form(asked, StatusCode::OK, None),
        Some(_) => Reply::notice(StatusCode::NOT_FOUND, "Erreur", "Ce fournisseur d'identité n'est pas joué ici."),
    }
}

/// EduConnect has answered.
fn learn(asked: &Asked<'_>) -> Reply {
    let learned = match asked.learn() {
        Ok(learned) => learned,
        Err(reply) => return *reply,
    };
    // One account's service is lost on the way, as it happens.
    let service = learned.context.filter(|_| learned.who.scenario != Scenario::Lost).unwrap_or_default();
    CAS.admit(asked, &service, &learned.who)
}
