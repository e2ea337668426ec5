//! A school's PRONOTE behind a portal: redirects, tickets, and the page with what the portal leaves there (portals §3.2).

use axum::http::StatusCode;

use super::SchoolMode;
use super::accounts::{Scenario, Who, login_at_pronote};
use super::asked::Asked;
use super::hosts::school_host;
use super::reply::{Reply, with_query};
use crate::server::Notice;

/// Answers what comes before the ordinary emulator; none when it is for that one.
pub(super) fn enter(asked: &Asked<'_>, portal: &str) -> Option<Reply> {
    let Some(place) = asked.state.place(portal) else { return Some(Reply::missing()) };
    let path = asked.path.to_ascii_lowercase();
    let Some(page) = path.strip_prefix("/pronote") else { return Some(Reply::missing()) };
    let mode = asked.state.school_mode(portal);
    let school = &asked.state.school;
    let notice = |notice, outcome| Some(shown(school.notice(notice), outcome));
    match page.trim_matches('/') {
        "" if page.is_empty() => {
            let moved = Reply::redirect(&asked.here("/pronote/"));
            return Some(with_status(moved, StatusCode::MOVED_PERMANENTLY));
        }
        "infomobileapp.json" => return Some(shown(school.information(&place.login()), "information")),
        name if !name.ends_with(".html") || matches!(name, "mobile.html" | "message.html") => return None,
        _ => {}
    }
    match mode {
        SchoolMode::Suspended => return notice(Notice::Suspended, "suspended"),
        SchoolMode::Closed => return notice(Notice::Closed, "closed"),
        SchoolMode::RateLimited => return Some(Reply::status(StatusCode::TOO_MANY_REQUESTS).says("rate limited")),
        _ => {}
    }
    let file = page.trim_matches('/');
    if let Some(name) = asked.query.filled("identifiant") {
        return Some(arrive(asked, file, mode, name));
    }
    // Phones with a code or a token say `fd`; whoever brings a password says `bydlg` or nothing.
    let own_form = asked.query.filled("login").is_some() || asked.query.filled("bydlg").is_some();
    if own_form {
        let token = asked.query.filled("fd").is_some() && asked.query.filled("bydlg").is_none();
        return match mode {
            SchoolMode::PortalOnly if !token => notice(Notice::PortalOnly, "own form refused"),
            _ => None,
        };
    }
    let host =
        if mode == SchoolMode::Capitals { school_host(portal).to_ascii_uppercase() } else { school_host(portal) };
    let service = format!("https://{host}{}", asked.path);
    if let Some(name) = asked.query.filled("ticket") {
        let ticket = asked.state.tickets.take(asked.state.now(), name);
        let good = ticket.filter(|ticket| ticket.service == service && mode != SchoolMode::Loop);
        if let Some(ticket) = good {
            let name = pronote::protocol::challenge::random_text::<8>();
            asked.state.arrivals.give_as(name.clone(), asked.state.now(), ticket.login);
            return Some(Reply::redirect(&with_query(&asked.here(asked.path), "identifiant", &name)).says("welcome"));
        }
    }
    Some(Reply::redirect(&with_query(&place.login(), "service", &service)).says("to the portal"))
}

/// The page for whoever the portal vouched for, once.
fn arrive(asked: &Asked<'_>, page: &str, mode: SchoolMode, name: &str) -> Reply {
    let school = &asked.state.school;
    if mode == SchoolMode::NoRight {
        return shown(school.notice(Notice::NoRight), "no right");
    }
    if mode == SchoolMode::Binding {
        let form = "<p>Saisissez l'identifiant et le mot de passe de votre compte PRONOTE.</p><form \
                    method=\"post\"><input name=\"identifiant\"><input type=\"password\" \
                    name=\"motdepasse\"><button>Valider</button></form>";
        return Reply::page("PRONOTE", form).says("accounts to link");
    }
    let login = asked.state.arrivals.take(asked.state.now(), name);
    let login = login
        .filter(|login| Who::named(login).is_some_and(|who| who.scenario != Scenario::NoRight))
        .map(|login| login_at_pronote(&login, mode == SchoolMode::Pin));
    let outcome = if login.is_some() { "landed" } else { "landed without account" };
    shown(school.landing(page, login.as_deref()), outcome)
}

fn shown(response: axum::response::Response, outcome: &str) -> Reply {
    Reply { response, outcome: outcome.to_owned() }
}

fn with_status(mut reply: Reply, status: StatusCode) -> Reply {
    *reply.response.status_mut() = status;
    reply
}
