//! What all hosts share: everything handed out, modes, failed attempts.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::accounts::{self, Who};
use super::handed::Handed;
use super::journal::Journal;
use super::places::{self, Place};
use super::saml::{Asserted, Wanted};
use super::{Config, IdpMode, SchoolMode, Trap};
use crate::Emulator;
use crate::server::Watch;

/// How long PRONOTE waits for a browser that it has sent to its own page.
const ARRIVAL_LIFE: Duration = Duration::from_secs(60);

/// How many wrong passwords are remembered: more than all tests together send.
const MOST_WRONG: usize = 10_000;

/// A service ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ticket {
    /// The service, byte for byte.
    pub(super) service: String,
    /// Whose it is.
    pub(super) login: String,
}

/// Somebody a host remembers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remembered {
    /// The host that remembers.
    pub(super) host: String,
    /// Whom.
    pub(super) who: Who,
}

/// Something a host wants to find again: where somebody wanted to go, what was said so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    /// The host that wrote it.
    pub(super) host: String,
    /// What it is for, such as `callback`.
    pub(super) about: &'static str,
    /// The text.
    pub(super) text: String,
}

/// What all hosts share.
pub(super) struct State {
    pub(super) school: Emulator,
    pub(super) places: Vec<Place>,
    pub(super) watch: Watch,
    pub(super) journal: Journal,
    pub(super) tickets: Handed<Ticket>,
    pub(super) sessions: Handed<Remembered>,
    pub(super) notes: Handed<Note>,
    /// `identifiant` at PRONOTE: whose, when anybody's.
    pub(super) arrivals: Handed<String>,
    /// SAML requests under way.
    pub(super) wanted: Handed<Wanted>,
    /// SAML responses under way.
    pub(super) asserted: Handed<Asserted>,
    pub(super) flows: Handed<Vec<super::educonnect::Flow>>,
    first_idp: IdpMode,
    moods: Mutex<Moods>,
}

/// What changes by order, and what went wrong before.
#[derive(Debug)]
struct Moods {
    idp: IdpMode,
    trap: Option<Trap>,
    schools: BTreeMap<String, SchoolMode>,
    /// Wrong passwords: host, user name, password.
    wrong: Vec<(String, String, String)>,
}

impl State {
    pub(super) fn new(config: Config, stop: &CancellationToken) -> io::Result<Self> {
        let Config { mut school, idp, ticket_life, conversation_life, session_life, places } = config;
        accounts::enroll(&mut school.school);
        school.portal = false;
        let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let school = Emulator::serve(school, TcpListener::from_std(listener)?, stop.clone())?;
        // A place of the caller's comes before a known one of the same identifier or host.
        let places = places.into_iter().chain(places::known()).collect();
        Ok(Self {
            school,
            places,
            watch: Watch::default(),
            journal: Journal::default(),
            tickets: Handed::new(ticket_life),
            sessions: Handed::new(session_life),
            notes: Handed::new(conversation_life),
            arrivals: Handed::new(ARRIVAL_LIFE),
            wanted: Handed::new(conversation_life),
            asserted: Handed::new(conversation_life),
            flows: Handed::new(conversation_life),
            first_idp: idp,
            moods: Mutex::new(Moods { idp, trap: None, schools: BTreeMap::new(), wrong: Vec::new() }),
        })
    }

    fn moods<T>(&self, act: impl FnOnce(&mut Moods) -> T) -> T {
        act(&mut self.moods.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn now(&self) -> Instant {
        self.watch.now()
    }

    pub(super) fn idp(&self) -> IdpMode {
        self.moods(|moods| moods.idp)
    }

    pub(super) fn set_idp(&self, mode: IdpMode) {
        self.moods(|moods| moods.idp = mode);
    }

    pub(super) fn trap(&self) -> Option<Trap> {
        self.moods(|moods| moods.trap)
    }

    pub(super) fn set_trap(&self, trap: Option<Trap>) {
        self.moods(|moods| moods.trap = trap);
    }

    pub(super) fn school_mode(&self, portal: &str) -> SchoolMode {
        self.moods(|moods| moods.schools.get(portal).copied().unwrap_or_default())
    }

    pub(super) fn set_school(&self, portal: &str, mode: SchoolMode) {
        self.moods(|moods| moods.schools.insert(portal.to_owned(), mode));
    }

    /// Remembers a wrong password; says how often the account was refused here before, and whether with this very password.
    pub(super) fn refuse(&self, host: &str, login: &str, password: &str) -> (usize, bool) {
        self.moods(|moods| {
            let before = moods.wrong.iter().filter(|(at, who, _)| at == host && who == login).count();
            let attempt = (host.to_owned(), login.to_owned(), password.to_owned());
            let again = moods.wrong.contains(&attempt);
            if moods.wrong.len() == MOST_WRONG {
                moods.wrong.remove(0);
            }
            moods.wrong.push(attempt);
            (before, again)
        })
    }

    /// The place of an identifier.
    pub(super) fn place(&self, id: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.id == id)
    }

    /// The place that a host belongs to, whatever its port. Those that share a host are the same.
    pub(super) fn place_at(&self, host: &str) -> Option<&Place> {
        self.places
            .iter()
            .find(|place| place.name() == host)
            .or_else(|| self.places.iter().find(|place| place.kind.other_hosts().contains(&host)))
    }

    pub(super) fn reset(&self) {
        let first = self.first_idp;
        self.moods(|moods| *moods = Moods { idp: first, trap: None, schools: BTreeMap::new(), wrong: Vec::new() });
        self.journal.clear();
        self.tickets.clear();
        self.sessions.clear();
        self.notes.clear();
        self.arrivals.clear();
        self.wanted.clear();
        self.asserted.clear();
        self.flows.clear();
    }
}
