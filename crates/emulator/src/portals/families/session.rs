//! What portals that ask EduConnect do with the answer: a session, a way onward, a ticket.

use axum::http::StatusCode;

use super::shib_wayf;
use crate::portals::accounts::{Scenario, Who};
use crate::portals::asked::Asked;
use crate::portals::places::PlaceKind;
use crate::portals::reply::Reply;

/// Takes EduConnect's answer: a session under a cookie, and on to the path that was wanted.
pub(crate) fn begin(asked: &Asked<'_>, cookie: &str) -> Reply {
    let learned = match asked.learn() {
        Ok(learned) => learned,
        Err(reply) => return *reply,
    };
    let who = learned.who;
    if who.scenario == Scenario::Unknown {
        // A service provider's own error page, where there is one.
        return match &asked.place.kind {
            PlaceKind::ShibWayf => shib_wayf::error(asked, "opensaml::FatalProfileException", "No account matches."),
            _ => unknown(asked),
        };
    }
    if let Some(reply) = asked.unavailable(&who) {
        return reply;
    }
    let target = learned.context.unwrap_or_else(|| "/".to_owned());
    Reply::redirect(&asked.here(&target)).cookie(cookie, &asked.remember(&who)).says("session")
}

/// A ticket for the service that is asked for, if this portal knows it.
pub(crate) fn ticket(asked: &Asked<'_>, who: &Who) -> Reply {
    match asked.query.filled("service") {
        Some(service) if asked.serves(service) => asked.ticket(service, who),
        Some(_) => refused(),
        None => Reply::page("Mes services", "<p>Choisissez un service.</p>").says("home"),
    }
}

/// The service may not ask for tickets here.
pub(crate) fn refused() -> Reply {
    let sentence =
        "L'application pour laquelle vous avez tenté de vous authentifier n'est pas autorisée à utiliser CAS.";
    Reply::notice(StatusCode::FORBIDDEN, "Application non autorisée à utiliser CAS", sentence).says("service refused")
}

/// Nobody here has the identity that EduConnect names.
fn unknown(asked: &Asked<'_>) -> Reply {
    let sentence = format!("Aucun compte de {} ne correspond à votre identité.", asked.host);
    Reply::notice(StatusCode::FORBIDDEN, "Compte introuvable", &sentence).says("no account")
}
