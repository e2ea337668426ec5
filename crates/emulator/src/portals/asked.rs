//! A request as the players of hosts read it, and what they all do with one.

use std::cell::{Cell, RefCell};

use axum::http::{HeaderMap, Method, StatusCode, header};

use super::SchoolMode;
use super::accounts::{PASSWORD, Scenario, Who};
use super::families::hostile;
use super::hosts;
use super::places::{Place, PlaceKind};
use super::reply::{Reply, with_query};
use super::state::{Note, Remembered, State, Ticket};

/// Names and values in the order they came: a query, a form, cookies.
#[derive(Debug, Default, Clone)]
pub(super) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Reads `application/x-www-form-urlencoded`.
    pub(super) fn read(text: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(text).into_owned().collect())
    }

    /// Reads the cookies of a request.
    pub(super) fn cookies(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        Self(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The first value of a name; names with several spellings are compared without case.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The same, when it is not empty.
    pub(super) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All names.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Whether there is a password among the values.
    pub(super) fn holds_password(&self) -> bool {
        let is_one = |(name, value): &(String, String)| {
            value.contains(PASSWORD) || (matches!(name.as_str(), "password" | "j_password") && !value.is_empty())
        };
        self.0.iter().any(is_one)
    }
}

/// What comes of a user name and a password.
#[derive(Debug)]
pub(super) enum Verdict {
    /// Right: go on. Scenarios of later steps are in [`Who::scenario`].
    Right(Who),
    /// Wrong: the form again.
    Wrong,
    /// Locked for a while.
    Locked,
    /// Blocked by the school.
    Blocked,
    /// The password must be renewed.
    Renewal,
    /// The account must be activated.
    Activation,
    /// Conditions must be accepted.
    Terms,
    /// What is odd everywhere in the same way: just answer this.
    Odd(Reply),
}

/// A request for a played host.
pub(super) struct Asked<'a> {
    pub(super) state: &'a State,
    /// The place that the host belongs to.
    pub(super) place: &'a Place,
    /// In lower case, without port.
    pub(super) host: &'a str,
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    /// The query as it came.
    pub(super) raw_query: &'a str,
    pub(super) query: Pairs,
    pub(super) form: Pairs,
    pub(super) cookies: Pairs,
    /// Whether somebody here wanted a password.
    pub(super) expects_password: Cell<bool>,
    /// The user name that was judged.
    pub(super) judged: RefCell<Option<String>>,
}

impl Asked<'_> {
    /// Whether it is a `POST`.
    pub(super) fn is_post(&self) -> bool {
        self.method == Method::POST
    }

    /// The address of a path on this host.
    pub(super) fn here(&self, path: &str) -> String {
        format!("https://{}{path}", self.host)
    }

    /// The path with its query, as it came.
    pub(super) fn path_and_query(&self) -> String {
        if self.raw_query.is_empty() { self.path.to_owned() } else { format!("{}?{}", self.path, self.raw_query) }
    }

    /// Judges the user name and the password of a form. Call it only where a credential form is answered: a password that
    /// comes anywhere else is a violation.
    pub(super) fn judge(&self, login: &str, password: &str) -> Verdict {
        self.expects_password.set(true);
        let login = self.form.get(login).unwrap_or_default().trim();
        let password = self.form.get(password).unwrap_or_default();
        *self.judged.borrow_mut() = Some(login.to_owned());
        let who = Who::named(login);
        let right = password == PASSWORD && who.as_ref().is_some_and(|who| who.scenario != Scenario::Refused);
        if !right {
            let (before, again) = self.state.refuse(self.host, login, password);
            if again {
                self.violation("the same wrong password came twice");
            }
            let locks = who.is_some_and(|who| who.scenario == Scenario::Locked);
            return if locks && before > 0 { Verdict::Locked } else { Verdict::Wrong };
        }
        let Some(who) = who else { return Verdict::Wrong };
        match who.scenario {
            Scenario::Locked => Verdict::Locked,
            Scenario::Blocked => Verdict::Blocked,
            Scenario::Renewal => Verdict::Renewal,
            Scenario::Activation => Verdict::Activation,
            Scenario::Terms => Verdict::Terms,
            _ => hostile::answer(self, &who).map_or(Verdict::Right(who), Verdict::Odd),
        }
    }

    /// Remembers somebody on this host; the answer has to set the cookie to what is returned.
    pub(super) fn remember(&self, who: &Who) -> String {
        self.state.sessions.give(self.state.now(), Remembered { host: self.host.to_owned(), who: who.clone() })
    }

    /// Whom the cookie of a name is for, on this host.
    pub(super) fn remembered(&self, cookie: &str) -> Option<Who> {
        let remembered = self.state.sessions.look(self.state.now(), self.cookies.filled(cookie)?)?;
        (remembered.host == self.host).then_some(remembered.who)
    }

    /// Writes something down for later, under the name returned.
    pub(super) fn note(&self, about: &'static str, text: &str) -> String {
        let note = Note { host: self.host.to_owned(), about, text: text.to_owned() };
        self.state.notes.give(self.state.now(), note)
    }

    /// Reads what was written down on this host about something.
    pub(super) fn noted(&self, about: &'static str, name: &str) -> Option<String> {
        let note = self.state.notes.look(self.state.now(), name)?;
        (note.host == self.host && note.about == about).then_some(note.text)
    }

    /// The same, and forgets it: it is good once.
    pub(super) fn take_note(&self, about: &'static str, name: &str) -> Option<String> {
        let text = self.noted(about, name)?;
        self.state.notes.take(self.state.now(), name).map(|_| text)
    }

    /// Whether a service is one that this portal knows: a school behind it, exactly as the school registered it.
    pub(super) fn serves(&self, service: &str) -> bool {
        let Some(school) = hosts::school_of_service(service) else { return false };
        let Some(place) = self.state.place(&school) else { return false };
        if self.state.school_mode(&school) == SchoolMode::Unlisted {
            return false;
        }
        let everybody = matches!(self.place.kind, PlaceKind::HubEduconnect);
        everybody || place.name() == self.host || place.kind.other_hosts().contains(&self.host)
    }

    /// Sends somebody back to a service with a ticket.
    pub(super) fn ticket(&self, service: &str, who: &Who) -> Reply {
        let ticket = Ticket { service: service.to_owned(), login: who.login.clone() };
        let name = format!("ST-{}", pronote::protocol::challenge::random_text::<16>());
        self.state.tickets.give_as(name.clone(), self.state.now(), ticket);
        Reply::redirect(&with_query(service, "ticket", &name)).says("ticket")
    }

    /// The answer where `ferme` and `surcharge` end, when this is one of them; for portals that do not say it in their own way.
    pub(super) fn unavailable(&self, who: &Who) -> Option<Reply> {
        let (title, sentence) = match who.scenario {
            Scenario::Closed => ("Portail fermé", "Le portail est fermé. Il n'est pas disponible pour le moment."),
            Scenario::Overloaded => ("Service surchargé", "Le service est surchargé. Réessayez dans quelques minutes."),
            _ => return None,
        };
        Some(Reply::notice(StatusCode::SERVICE_UNAVAILABLE, title, sentence).says("unavailable"))
    }

    /// Writes down what no good client does.
    pub(super) fn violation(&self, what: &str) {
        self.state.journal.violation(format!("{} {}{}: {what}", self.method, self.host, self.path));
    }
}
