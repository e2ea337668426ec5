//! A CAS server as it comes, with a form of its own: `cas-form`, and what `apereo` has in common with it (portals §2.8, §2.9).

pub(crate) mod pages;

use axum::http::StatusCode;

use crate::portals::accounts::{CODE, Scenario, Who};
use crate::portals::asked::{Asked, Verdict};
use crate::portals::reply::{Reply, with_query};

/// What the notes of this family are about: one turn of the form, good once.
const TURN: &str = "execution";

/// Who uses the server, and how it differs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cas<'a> {
    /// The path before `/login`.
    pub(crate) root: &'a str,
    /// The cookie of whoever is signed in.
    pub(crate) cookie: &'static str,
    /// Whether it lets people in who bring no service.
    pub(crate) lenient: bool,
    /// Whether its forms carry the `lt` of a CAS 3, which answers a refusal with 200.
    pub(crate) old: bool,
}

/// Answers for a plain CAS server.
pub(crate) fn answer(asked: &Asked<'_>, root: &str, lenient: bool) -> Reply {
    let cas = Cas { root, cookie: "CASTGC", lenient, old: lenient };
    let login = asked.path.strip_prefix(root) == Some("/login");
    match (login, asked.is_post()) {
        (true, true) => cas.submit(asked),
        (true, false) => cas.login(asked).unwrap_or_else(|| cas.form(asked, StatusCode::OK, None)),
        _ => Reply::missing(),
    }
}

impl Cas<'_> {
    /// What comes before any form: a ticket, or a refusal.
    pub(crate) fn login(&self, asked: &Asked<'_>) -> Option<Reply> {
        let service = asked.query.filled("service");
        match service {
            Some(service) if !asked.serves(service) => {
                return Some(page(StatusCode::FORBIDDEN, pages::service_refused(), "service refused"));
            }
            None if !self.lenient => {
                return Some(page(StatusCode::BAD_REQUEST, pages::service_missing(), "service missing"));
            }
            _ => {}
        }
        asked.remembered(self.cookie).map(|who| granted(asked, service.unwrap_or_default(), &who))
    }

    /// The form, with a turn of its own.
    pub(crate) fn form(&self, asked: &Asked<'_>, status: StatusCode, notice: Option<&str>) -> Reply {
        let turn = asked.note(TURN, "");
        let mut hidden = vec![("execution", turn.as_str()), ("_eventId", "submit"), ("geolocation", "")];
        if self.old {
            hidden.insert(0, ("lt", "LT-1"));
        }
        let form = pages::login(&asked.path_and_query(), &hidden, notice);
        page(status, form, if notice.is_some() { "refused" } else { "form" })
    }

    /// Takes any form of this server: each carries a turn, which is good once.
    pub(crate) fn submit(&self, asked: &Asked<'_>) -> Reply {
        let Some(turn) = asked.form.filled(TURN).and_then(|turn| asked.take_note(TURN, turn)) else {
            // An old turn: the form anew, and whatever came with it unread.
            asked.expects_password.set(true);
            return self.form(asked, StatusCode::OK, None).says("stale");
        };
        if !turn.is_empty() {
            return self.resume(asked, &turn);
        }
        let service = asked.query.get("service").unwrap_or_default();
        let refused = if self.old { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        match asked.judge("username", "password") {
            Verdict::Right(who) if who.scenario == Scenario::Code => self.ask_code(asked, &who),
            Verdict::Right(who) => self.admit(asked, service, &who),
            Verdict::Wrong => self.form(asked, refused, Some("Mauvais identifiant / mot de passe.")),
            Verdict::Locked | Verdict::Blocked => page(refused, pages::locked(), "locked"),
            Verdict::Renewal => page(StatusCode::OK, pages::renewal(&asked.path_and_query()), "renewal"),
            Verdict::Activation => page(StatusCode::OK, pages::activation(), "activation"),
            Verdict::Terms => page(StatusCode::OK, pages::conditions(&asked.path_and_query()), "conditions"),
            Verdict::Odd(reply) => reply,
        }
    }

    /// Whoever proved who they are, here or elsewhere, before there is a session: some have no account, or several.
    pub(crate) fn admit(&self, asked: &Asked<'_>, service: &str, who: &Who) -> Reply {
        match who.scenario {
            Scenario::Unknown => page(StatusCode::OK, pages::no_account(), "no account"),
            Scenario::Closed => page(StatusCode::OK, pages::closed(), "closed"),
            Scenario::Schools => {
                let turn = asked.note(TURN, &format!("school {}", who.login));
                let accounts = [("u1", "Collège des Tilleuls"), ("u2", "Lycée du Parc")];
                page(StatusCode::OK, pages::selection(&self.here(service), &turn, &accounts), "selection")
            }
            _ => match asked.unavailable(who) {
                Some(reply) => reply,
                None => self.remembering(asked, service, who),
            },
        }
    }

    /// A session, and what it opens.
    fn remembering(&self, asked: &Asked<'_>, service: &str, who: &Who) -> Reply {
        granted(asked, service, who).cookie(self.cookie, &asked.remember(who))
    }

    fn ask_code(&self, asked: &Asked<'_>, who: &Who) -> Reply {
        let turn = asked.note(TURN, &format!("code {}", who.login));
        page(StatusCode::OK, pages::code(&asked.path_and_query(), &turn), "code asked")
    }

    /// Goes on after a page in between; `turn` says which, and for whom.
    fn resume(&self, asked: &Asked<'_>, turn: &str) -> Reply {
        let Some((step, login)) = turn.split_once(' ') else { return Reply::missing() };
        let Some(who) = Who::named(login) else { return Reply::missing() };
        match step {
            "code" if asked.form.get("token").map(str::trim) != Some(CODE) => self.ask_code(asked, &who),
            "school" if !matches!(asked.form.get("credential"), Some("u1" | "u2")) => Reply::missing(),
            _ => self.remembering(asked, asked.query.get("service").unwrap_or_default(), &who),
        }
    }

    /// The login page with the service that is on the way.
    fn here(&self, service: &str) -> String {
        let login = format!("{}/login", self.root);
        if service.is_empty() { login } else { with_query(&login, "service", service) }
    }
}

/// What somebody with a session gets.
fn granted(asked: &Asked<'_>, service: &str, who: &Who) -> Reply {
    if asked.serves(service) { asked.ticket(service, who) } else { page(StatusCode::OK, pages::success(), "signed in") }
}

fn page(status: StatusCode, body: String, outcome: &str) -> Reply {
    Reply::page_of(status, "Service central d'authentification", &body).says(outcome)
}
