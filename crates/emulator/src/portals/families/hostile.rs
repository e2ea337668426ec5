//! What is odd in the same way at every portal: foreign hosts, plain HTTP, endless redirects, huge pages (portals §3.5).
//!
//! The user names of [`accounts`](crate::portals::accounts) meet it once they have proved who they are. A [`Trap`] is set
//! for everybody, before any password: no user name is known by then.

mod nasty;

use axum::body::{Body, to_bytes};
use axum::http::{Method, header};

use crate::portals::accounts::{Scenario, Who};
use crate::portals::asked::Asked;
use crate::portals::reply::{Reply, hidden};

pub use nasty::HOSTILE;
pub(crate) use nasty::{HOST, entity_bomb};

/// A host that is no part of any portal.
pub(crate) const FOREIGN: &str = "ailleurs.exemple.test";
/// Where those go who are redirected without end, on whichever host.
const LOOP: &str = "/boucle";
/// The most bytes of a page whose form is changed; those of portals are far smaller.
const MOST_BYTES: usize = 1 << 20;

/// What goes wrong at every portal, before any password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trap {
    /// The portal redirects to a host that is no part of it.
    Elsewhere,
    /// The credential form goes to a host that is no part of the portal.
    FormElsewhere,
    /// The portal redirects to its own host in plain HTTP.
    PlainHttp,
    /// The credential form goes to its own host in plain HTTP.
    FormPlainHttp,
    /// The portal redirects without end.
    Loop,
    /// The portal's page has 64 MiB.
    Huge,
    /// The portal's page comes at one byte a second.
    Slow,
}

/// What somebody gets in place of going on; none for those who may go on.
pub(crate) fn answer(asked: &Asked<'_>, who: &Who) -> Option<Reply> {
    Some(match who.scenario {
        Scenario::Elsewhere => elsewhere_now(),
        Scenario::FormElsewhere => again_elsewhere(asked),
        Scenario::PlainHttp => plain_http(asked),
        Scenario::Loop => go_round(0),
        Scenario::Huge => nasty::huge(),
        Scenario::Slow => nasty::slow(),
        _ => return None,
    })
}

/// What comes before the portal itself has a say: the trap that is set, and the way round without end.
pub(crate) fn before(asked: &Asked<'_>) -> Option<Reply> {
    if asked.path == LOOP {
        return Some(go_round(asked.query.get("n").and_then(|n| n.parse().ok()).unwrap_or(0)));
    }
    if asked.place.id.is_empty() {
        return None;
    }
    Some(match asked.state.trap()? {
        Trap::Elsewhere => elsewhere_now(),
        Trap::PlainHttp => plain_http(asked),
        Trap::Loop => go_round(0),
        Trap::Huge => nasty::huge(),
        Trap::Slow => nasty::slow(),
        Trap::FormElsewhere | Trap::FormPlainHttp => return None,
    })
}

/// Changes where the credential form of a page goes, when that trap is set.
pub(crate) async fn after(trap: Option<Trap>, host: &str, reply: Reply) -> Reply {
    let target = match trap {
        Some(Trap::FormElsewhere) => format!("https://{FOREIGN}/vol"),
        Some(Trap::FormPlainHttp) => format!("http://{host}/vol"),
        _ => return reply,
    };
    let Reply { response, outcome } = reply;
    let (mut parts, body) = response.into_parts();
    let page = to_bytes(body, MOST_BYTES).await.ok().and_then(|page| String::from_utf8(page.into()).ok());
    let page = page.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    let page = with_action(&page, &target).unwrap_or(page);
    Reply { response: axum::response::Response::from_parts(parts, Body::from(page)), outcome }
}

/// The page with another action of the form that holds the password field.
fn with_action(page: &str, target: &str) -> Option<String> {
    const ACTION: &str = "action=\"";
    let form = page[..page.find("type=\"password\"")?].rfind("<form")?;
    let start = form + page[form..].find(ACTION)? + ACTION.len();
    let end = start + page[start..].find('"')?;
    Some(format!("{}{target}{}", &page[..start], &page[end..]))
}

/// Answers for hosts that are no part of any portal.
pub(crate) fn elsewhere(asked: &Asked<'_>) -> Reply {
    if asked.host == FOREIGN {
        asked.violation("somebody followed a portal to a foreign host");
    }
    Reply::page("Ailleurs", "<p>Rien ici.</p>").says("elsewhere")
}

/// Answers for the place that means harm.
pub(crate) fn place(asked: &Asked<'_>) -> Reply {
    nasty::answer(asked)
}

fn elsewhere_now() -> Reply {
    Reply::redirect(&format!("https://{FOREIGN}/")).says("redirected elsewhere")
}

/// To this very host, where anybody on the way can read along.
fn plain_http(asked: &Asked<'_>) -> Reply {
    Reply::redirect(&format!("http://{}{}", asked.host, asked.path)).says("redirected to plain HTTP")
}

fn go_round(turn: u64) -> Reply {
    Reply::redirect(&format!("{LOOP}?n={}", turn + 1)).says("redirected again")
}

/// The form once more, as it was filled in, but for where it goes.
fn again_elsewhere(asked: &Asked<'_>) -> Reply {
    let user = ["j_username", "username", "email"].into_iter().find(|name| asked.form.get(name).is_some());
    let user = user.unwrap_or("username");
    let (id, password) = if user == "j_username" { ("validerAuth", "j_password") } else { ("fm1", "password") };
    let body = format!(
        "<form id=\"{id}\" class=\"cas__login-form\" method=\"{}\" action=\"https://{FOREIGN}/vol\">{}<input id=\"username\" \
         name=\"{user}\"><input id=\"password\" type=\"password\" name=\"{password}\"><button>Se connecter</button></form>",
        Method::POST,
        hidden("_eventId_proceed", ""),
    );
    Reply::page("Connexion", &body).says("form of a foreign host")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_form_with_the_password_goes_elsewhere() {
        let page = "<form action=\"a\"></form><form id=\"x\" action=\"b\"><input type=\"password\"></form>";
        assert_eq!(
            with_action(page, "https://c/").as_deref(),
            Some("<form action=\"a\"></form><form id=\"x\" action=\"https://c/\"><input type=\"password\"></form>")
        );
        assert_eq!(with_action("<form action=\"a\"></form>", "https://c/"), None);
    }
}
