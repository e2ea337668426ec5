//! A bare SAML entry: Poitiers' dispatcher, whose pages are redirects (portals §2.9).

use super::session;
use crate::portals::asked::Asked;
use crate::portals::reply::Reply;

/// The cookie of whoever is signed in.
const COOKIE: &str = "PHPSESSID";
/// Where assertions come.
const CONSUMER: &str = "/dispatcher/saml/acs";
/// Where people go who wanted to go nowhere.
const HOME: &str = "/dispatcher/";

/// Answers for the portal.
pub(crate) fn answer(asked: &Asked<'_>) -> Reply {
    let who = asked.remembered(COOKIE);
    match (asked.path, asked.is_post(), who) {
        ("/dispatcher/index2.php", false, Some(_)) => Reply::redirect(&asked.here(HOME)),
        ("/dispatcher/index2.php", false, None) => asked.ask_by_redirect(CONSUMER, HOME, None),
        ("/dispatcher/cas/login", false, Some(who)) => session::ticket(asked, &who),
        ("/dispatcher/cas/login", false, None) => asked.ask_by_redirect(CONSUMER, &asked.path_and_query(), None),
        (CONSUMER, true, _) => session::begin(asked, COOKIE),
        (HOME, false, _) => Reply::page("Mes services", "<p>Choisissez un service.</p>").says("home"),
        _ => Reply::missing(),
    }
}
