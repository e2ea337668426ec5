//! A Shibboleth service provider with a discovery page: e-lyco, and Réunion whose discovery posts at once (portals §2.11).

use super::session;
use crate::portals::asked::Asked;
use crate::portals::educonnect;
use crate::portals::reply::{Reply, escape, hidden, with_query};

/// The cookie of whoever is signed in.
const COOKIE: &str = "_shibsession_64656661756c74";
/// Where assertions come.
const CONSUMER: &str = "/Shibboleth.sso/SAML2/POST";
/// The page that asks where somebody's account is.
const DISCOVERY: &str = "/discovery/WAYF";
/// What the discovery page may be called with to name where it sends back to.
const RETURNS: [&str; 2] = ["return", "returnX"];

/// Answers for the portal.
pub(crate) fn answer(asked: &Asked<'_>) -> Reply {
    match (asked.path, asked.is_post()) {
        ("/access/login", false) => match asked.remembered(COOKIE) {
            Some(who) => session::ticket(asked, &who),
            None => Reply::redirect(&discovery(asked)).says("to the discovery page"),
        },
        (DISCOVERY, false) => choose(asked),
        ("/Shibboleth.sso/Login", false) => start(asked),
        ("/saml/discovery/", false) => post_at_once(asked),
        (CONSUMER, true) => session::begin(asked, COOKIE),
        ("/", false) => Reply::page("Portail", "<p>Bienvenue.</p>").says("home"),
        _ => Reply::missing(),
    }
}

/// The discovery page, to come back from with the page that was asked for.
fn discovery(asked: &Asked<'_>) -> String {
    let back = with_query(&asked.here("/Shibboleth.sso/Login"), "SAMLDS", "1");
    let back = with_query(&back, "target", &asked.here(&asked.path_and_query()));
    let to = with_query(&asked.here(DISCOVERY), "entityID", &asked.here("/shibboleth"));
    with_query(&with_query(&to, "return", &back), "returnIDParam", "entityID")
}

/// Asks where somebody's account is, unless that is said in the query.
fn choose(asked: &Asked<'_>) -> Reply {
    let back = RETURNS.iter().find_map(|name| asked.query.filled(name));
    let Some(back) = back.filter(|back| back.starts_with(&asked.here("/Shibboleth.sso/"))) else {
        return error(asked, "opensaml::BindingException", "Return URL is missing or not allowed.");
    };
    let chosen = asked.query.filled("origin").filter(|_| asked.query.get("action") == Some("selection"));
    let name = asked.query.filled("returnIDParam").unwrap_or("entityID");
    let notice = match chosen {
        Some(origin) if origin == educonnect::ENTITY => {
            return Reply::redirect(&with_query(back, name, origin)).says("chosen");
        }
        Some(_) => "<p class=\"error\">Le fournisseur d'identité demandé n'existe pas.</p>",
        None => "",
    };
    let carried: String = ["entityID", "return", "returnX", "returnIDParam"]
        .iter()
        .filter_map(|name| Some(hidden(name, asked.query.get(name)?)))
        .collect();
    let form = format!(
        "{notice}<form id=\"IdPList\" name=\"IdPList\" method=\"get\" action=\"{DISCOVERY}\">{carried}{}<select \
         name=\"origin\"><option value=\"-\">Choisissez votre profil</option><option value=\"{}\">Élève ou \
         parent</option><option value=\"https://personnels.exemple.test/idp\">Personnel</option></select><input \
         type=\"submit\" name=\"Select\" value=\"Sélection\"></form>",
        hidden("action", "selection"),
        escape(educonnect::ENTITY),
    );
    Reply::page("Qui êtes-vous ?", &form).says(if notice.is_empty() { "discovery" } else { "unknown origin" })
}

/// The service provider goes to the identity provider that was chosen.
fn start(asked: &Asked<'_>) -> Reply {
    if asked.query.get("entityID") != Some(educonnect::ENTITY) {
        return error(
            asked,
            "opensaml::saml2md::MetadataException",
            "Unable to locate metadata for identity provider.",
        );
    }
    let target = asked.query.filled("target").and_then(|target| target.strip_prefix(&asked.here("")));
    asked.ask_by_redirect(CONSUMER, target.unwrap_or("/"), None).cookie("_shibstate_1", "x")
}

/// Réunion: the discovery is told whom to ask, and its page does so.
fn post_at_once(asked: &Asked<'_>) -> Reply {
    if asked.query.get("idp_ident") != Some(educonnect::ENTITY) {
        return error(
            asked,
            "opensaml::saml2md::MetadataException",
            "Unable to locate metadata for identity provider.",
        );
    }
    asked.ask_by_form(CONSUMER, "/").cookie("_shibstate_1", "x")
}

/// The error page that a service provider comes with.
pub(crate) fn error(asked: &Asked<'_>, class: &str, message: &str) -> Reply {
    let body = format!(
        "<h1>{class}</h1><p>The system encountered an error at {}</p><p class=\"error\">{class}: {message}</p>",
        escape(asked.path)
    );
    Reply::page(class, &body).says(class)
}
