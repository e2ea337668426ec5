//! What a browser gets: the portal, the entry page of a space in each skin, notices, and the instance information
//! (protocol §1 and §2).
//!
//! No page may hold the capital letters I and P side by side, nor the names of the two flags outside the call: clients
//! search the whole page for them (protocol §8.3). That is why the school's name is on none of them.

use std::fmt::Write as _;

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use pronote::protocol::Generation;
use serde_json::{Value, json};

use super::session::Ticket;
use super::{Server, keys, text};
use crate::config::{IdScope, Skin};
use crate::pages::Ids;
use crate::school::Space;

/// An entry page.
#[derive(Debug)]
pub(super) struct Page {
    /// Its file name.
    pub(super) name: &'static str,
    /// The number of the space, desktop and mobile apart.
    pub(super) number: u32,
    /// The space behind both.
    pub(super) space: Space,
    /// The number that the other kind of page has.
    other: &'static str,
}

/// All entry pages: desktop and mobile of each space (protocol §1.2).
pub(super) const PAGES: [Page; 8] = [
    Page { name: "professeur.html", number: 1, space: Space::Teacher, other: "mobile.professeur.html" },
    Page { name: "mobile.professeur.html", number: 8, space: Space::Teacher, other: "professeur.html" },
    Page { name: "parent.html", number: 2, space: Space::Guardian, other: "mobile.parent.html" },
    Page { name: "mobile.parent.html", number: 7, space: Space::Guardian, other: "parent.html" },
    Page { name: "eleve.html", number: 3, space: Space::Student, other: "mobile.eleve.html" },
    Page { name: "mobile.eleve.html", number: 6, space: Space::Student, other: "eleve.html" },
    Page { name: "viescolaire.html", number: 13, space: Space::SchoolLife, other: "mobile.viescolaire.html" },
    Page { name: "mobile.viescolaire.html", number: 14, space: Space::SchoolLife, other: "viescolaire.html" },
];

impl Page {
    /// Whether it is the one for telephones.
    pub(super) fn is_mobile(&self) -> bool {
        self.name.starts_with("mobile.")
    }

    /// The mobile page of the same space.
    pub(super) fn mobile_name(&self) -> &'static str {
        if self.is_mobile() { self.name } else { self.other }
    }

    /// The desktop page of the same space.
    pub(super) fn desktop_name(&self) -> &'static str {
        if self.is_mobile() { self.other } else { self.name }
    }
}

/// Why the server shows no entry page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Notice {
    /// The vendor suspended the address.
    Suspended,
    /// The school closed the site.
    Closed,
    /// The space is not offered here.
    NoSpace,
    /// Whoever came by the portal has no account here.
    NoRight,
    /// The spaces are entered by the portal alone.
    PortalOnly,
}

/// The page with a notice that every client recognises (protocol §2.5).
pub(super) fn notice(server: &Server, notice: Notice) -> Response {
    let sentence = match notice {
        Notice::Suspended => "Votre adresse IP est provisoirement suspendue.",
        Notice::Closed => "Le site n'est pas disponible.",
        Notice::NoSpace => "Cet espace n'est pas publié.",
        Notice::NoRight => "Vous n'avez pas de compte dans cet établissement.",
        Notice::PortalOnly => "La connexion se fait par le portail de l'établissement.",
    };
    html(server, StatusCode::OK, &format!("<p>{sentence}</p>"))
}

/// The page at the root, or the one for telephones: a link to each space.
pub(super) fn root(server: &Server, mobile: bool) -> Response {
    let mut links = String::new();
    for page in published(server).filter(|page| page.is_mobile() == mobile) {
        let _ = write!(links, "<li><a href=\"{}\">{}</a></li>", page.name, page.space.label());
    }
    html(server, StatusCode::OK, &format!("<ul>{links}</ul>"))
}

/// The page for whoever opens the root of the address.
pub(super) fn welcome(server: &Server) -> Response {
    match &server.welcome {
        Some(page) => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.clone()).into_response(),
        None => text::status(StatusCode::NOT_FOUND),
    }
}

/// A notice with nothing to say, such as the one after a sign-out.
pub(super) fn message(server: &Server) -> Response {
    html(server, StatusCode::OK, "<p>Vous êtes déconnecté.</p>")
}

/// The entry page of a space: begins a session.
pub(super) fn entry(server: &Server, name: &str, query: &str, headers: &HeaderMap) -> Response {
    let Some(page) = published(server).find(|page| page.name.eq_ignore_ascii_case(name)) else {
        return notice(server, Notice::NoSpace);
    };
    let asked =
        |key: &str| url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == key && !value.is_empty());
    let mut ticket = None;
    if server.portal && !asked("login") && !asked("bydlg") {
        ticket = super::portal::ticket(server, page.space, headers);
        if ticket.is_none() {
            return super::portal::redirect(server, page);
        }
    }
    open(server, page, ticket)
}

/// The entry page of a space for whoever comes by a regional portal (portals §3.2).
pub(super) fn landing(server: &Server, name: &str, login: Option<&str>) -> Response {
    let Some(page) = published(server).find(|page| page.name.eq_ignore_ascii_case(name)) else {
        return notice(server, Notice::NoSpace);
    };
    let login = login.filter(|login| server.school().account(login, page.space).is_some());
    open(server, page, login.map(Ticket::for_login))
}

/// Begins a session, and shows its page.
fn open(server: &Server, page: &'static Page, ticket: Option<Ticket>) -> Response {
    let generation = server.profile.generation();
    let ids = |number: u64| match server.ids {
        IdScope::Stable => Ids::stable(server.seed),
        IdScope::Session => Ids::for_session(server.seed, &number.to_string()),
    };
    let session =
        server.sessions.open(page, generation, ticket.clone(), ids, (server.watch.now(), server.session_idle));
    let members = members(server, generation, session, page, ticket.as_ref());
    html(server, StatusCode::OK, &start(server.profile.skin, &members))
}

/// The pages of the spaces that somebody can enter.
fn published(server: &Server) -> impl Iterator<Item = &'static Page> + use<> {
    let school = server.school();
    let entered = |space: &Space| school.accounts.iter().any(|account| account.space == *space);
    let mut spaces = vec![Space::Teacher, Space::Guardian, Space::Student, Space::SchoolLife];
    spaces.retain(entered);
    PAGES.iter().filter(move |page| spaces.contains(&page.space))
}

/// A member of the `Start` call.
enum Member {
    Text(String),
    Number(u64),
    True,
}

fn members(
    server: &Server,
    generation: Generation,
    session: u64,
    page: &Page,
    ticket: Option<&Ticket>,
) -> Vec<(&'static str, Member)> {
    let old = generation < Generation::G25;
    let number = if old { Member::Text(session.to_string()) } else { Member::Number(session) };
    let mut members = vec![("h", number), ("a", Member::Number(u64::from(page.number)))];
    let mut flag = |name, wanted: bool| {
        // A flag that is not set is left out: one client takes any text for true.
        if wanted {
            members.push((name, Member::True));
        }
    };
    // A server that answers everybody in their own names tells everybody what is done to payloads.
    let (tells_old, tells_new) = (old || server.follow_dialect, !old || server.follow_dialect);
    flag("sCrA", tells_old && !server.flags.encrypt);
    flag("sCoA", tells_old && !server.flags.compress);
    flag("CrA", tells_new && server.flags.encrypt);
    flag("CoA", tells_new && server.flags.compress);
    flag("poll", generation == Generation::G24);
    flag("d", server.demo);
    if generation == Generation::G22 {
        members.push(("MR", Member::Text(keys::MODULUS.to_owned())));
        members.push(("ER", Member::Text(keys::EXPONENT.to_owned())));
    }
    if let Some(ticket) = ticket {
        members.push(("e", Member::Text(ticket.account.clone())));
        members.push(("f", Member::Text(ticket.key.clone())));
        members.push(("g", Member::Number(3)));
    }
    members
}

/// The call in the shape of a skin (protocol §2.2 and §2.4).
fn start(skin: Skin, members: &[(&'static str, Member)]) -> String {
    let written = |quote: char, quoted_names: bool| {
        let members: Vec<String> = members
            .iter()
            .map(|(name, member)| {
                let name = if quoted_names { format!("\"{name}\"") } else { (*name).to_owned() };
                match member {
                    Member::Text(text) => format!("{name}:{quote}{text}{quote}"),
                    Member::Number(number) => format!("{name}:{number}"),
                    Member::True => format!("{name}:true"),
                }
            })
            .collect();
        format!("Start ({{{}}})", members.join(","))
    };
    let (relaxed, strict) = (written('\'', false), written('"', true));
    match skin {
        Skin::Classic => format!(
            "</head><body id=\"id_body\" role=\"application\" onload=\"try {{ {relaxed} }} catch (e) {{ messageErreur (e) \
             }} \" class=\"EspaceIndex\">"
        ),
        Skin::Script => format!(
            "<script>window.addEventListener(\"load\", () => {{try{{{strict};}} catch (e) {{IE.sendLogFailStart (0, \
             e)}}}});</script></head><body id=\"id_body\" class=\"EspaceIndex\">"
        ),
        Skin::Hybrid => format!(
            "<script>window.addEventListener(\"load\",()=>{{try{{{strict}}}catch(e){{}}}});</script></head><body \
             id=\"id_body\" onload=\"try {{ {relaxed} }} catch (e) {{ }}\">"
        ),
    }
}

/// A page with the version on it; `content` may end the head itself.
pub(super) fn html(server: &Server, status: StatusCode, content: &str) -> Response {
    let body = if content.contains("</head>") { "" } else { "</head><body>" };
    let version = server.profile.version.short();
    let page = format!(
        "<!DOCTYPE html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>PRONOTE</title>{body}{content}\
         <footer><a>PRONOTE {version}</a></footer></body></html>"
    );
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// The instance information (protocol §1.4), with the address of the portal when there is one.
pub(super) fn information(server: &Server, portal: Option<&str>) -> Response {
    let version = server.profile.version;
    let numbers: Vec<u16> = version
        .short()
        .split('.')
        .filter_map(|number| number.parse().ok())
        .chain([version.build().unwrap_or(0)])
        .collect();
    let spaces: Vec<Value> = published(server)
        .filter(|page| page.is_mobile())
        .map(|page| json!({ "nom": page.space.label(), "URL": page.name, "genreEspace": page.number }))
        .collect();
    let (name, now) = {
        let school = server.school();
        (school.name.clone(), school.clock.now())
    };
    text::json(&json!({
        "version": numbers,
        "date": now.to_string(),
        "modeModif": false,
        "nomEtab": name,
        "espaces": spaces,
        "CAS": {
            "actif": portal.is_some(),
            "casURL": portal.unwrap_or_default(),
            "jetonCAS": pronote::protocol::challenge::random_text::<16>(),
        },
    }))
}

#[cfg(test)]
mod tests {
    use pronote::protocol::page::EntryPage;

    use super::*;

    #[test]
    fn every_skin_says_the_same() {
        let members = [("h", Member::Number(12)), ("a", Member::Number(6)), ("d", Member::True)];
        for skin in [Skin::Classic, Skin::Script, Skin::Hybrid] {
            let page = EntryPage::parse(&format!("{}<a>PRONOTE 2026.1.3</a>", start(skin, &members)), None).unwrap();
            assert_eq!((page.session, page.space, page.demo), (12, 6, true), "{skin:?}");
        }
    }

    #[test]
    fn a_page_knows_its_twin() {
        for page in &PAGES {
            assert_eq!(page.mobile_name(), format!("mobile.{}", page.desktop_name()));
        }
    }
}
