//! Regional portals in front of the emulated school, for tests of those who sign in through them (portals §3).
//!
//! ```text
//! a connection → listener.rs    TLS by the name asked for (authority.rs mints it), then HTTP
//!                hosts.rs       which host it is for: a school, EduConnect, or a place of places.rs
//!                entry.rs       the school's entry: tickets, and then the ordinary emulator
//!                educonnect.rs  the national identity provider, in every mode
//!                skolengo.rs …  one file per family of portals
//! ```
//!
//! Every host is played under its real name; a school is `https://{portal}.pronote.test/pronote/`. The user name decides what
//! happens ([`accounts`]), the password is [`PASSWORD`].

mod accounts;
mod asked;
mod authority;
mod control;
mod educonnect;
mod entry;
mod families;
mod handed;
mod hosts;
mod journal;
mod listener;
mod places;
mod reply;
mod saml;
mod state;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use accounts::{BIRTH_DATE, CODE, PASSWORD, accounts};
pub use families::hostile::{HOSTILE, Trap};
pub use journal::Visit;
pub use places::{Place, PlaceKind};

use crate::Emulator;
use authority::Authority;
use state::State;

/// Everything that is chosen before the portals start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The PRONOTE behind all of them.
    pub school: crate::Config,
    /// How EduConnect behaves. Default: as today.
    pub idp: IdpMode,
    /// How long a ticket is good. Default: 10 seconds.
    pub ticket_life: Duration,
    /// How long a conversation with an identity provider may take. Default: 5 minutes.
    pub conversation_life: Duration,
    /// How long a portal remembers who signed in. Default: 2 hours.
    pub session_life: Duration,
    /// Portals besides the known ones.
    pub places: Vec<Place>,
}

impl Config {
    /// The known portals, as they are today.
    pub fn new(school: crate::Config) -> Self {
        Self {
            school,
            idp: IdpMode::Current,
            ticket_life: Duration::from_secs(10),
            conversation_life: Duration::from_secs(5 * 60),
            session_life: Duration::from_secs(2 * 60 * 60),
            places: Vec::new(),
        }
    }
}

/// How EduConnect behaves (portals §3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdpMode {
    /// A probe, then the form with its token and the profile.
    Current,
    /// The same, then the date of birth.
    CurrentWithBirthDate,
    /// The form at once, with its token, without the profile.
    OnePage,
    /// The form at once, without token.
    Legacy,
    /// A probe, then the form, without token.
    Legacy2,
    /// The network is refused before anything.
    Filtered,
}

/// How the PRONOTE behind a portal receives people (portals §3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SchoolMode {
    /// As it should.
    #[default]
    Usual,
    /// The address is suspended.
    Suspended,
    /// The site is closed.
    Closed,
    /// Nobody who comes by the portal has a right here: a page without `Start`.
    NoRight,
    /// No ticket is ever good: back to the portal.
    Loop,
    /// The PIN 1234 is asked after the portal.
    Pin,
    /// The school's own form is refused.
    PortalOnly,
    /// The service is registered with the host in capitals.
    Capitals,
    /// The portal does not know the school.
    Unlisted,
    /// Whoever comes by the portal is asked for PRONOTE's own login, to link the accounts.
    Binding,
    /// Too many requests: 429.
    RateLimited,
}

/// Names of modes and traps, for the control port.
macro_rules! named {
    ($mode:ty, $what:literal: $($name:literal => $value:expr),+ $(,)?) => {
        impl FromStr for $mode {
            type Err = UnknownMode;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($name => Ok($value),)+
                    _ => Err(UnknownMode { what: $what, known: &[$($name),+] }),
                }
            }
        }
    };
}

named!(IdpMode, "a mode of EduConnect":
    "current" => Self::Current,
    "current+dob" => Self::CurrentWithBirthDate,
    "one-page" => Self::OnePage,
    "legacy" => Self::Legacy,
    "legacy-2" => Self::Legacy2,
    "filtered" => Self::Filtered,
);

named!(SchoolMode, "a mode of a school":
    "usual" => Self::Usual,
    "suspended" => Self::Suspended,
    "closed" => Self::Closed,
    "no-right" => Self::NoRight,
    "loop" => Self::Loop,
    "pin" => Self::Pin,
    "portal-only" => Self::PortalOnly,
    "capitals" => Self::Capitals,
    "unlisted" => Self::Unlisted,
    "binding" => Self::Binding,
    "rate-limited" => Self::RateLimited,
);

named!(Trap, "a trap":
    "elsewhere" => Self::Elsewhere,
    "form-elsewhere" => Self::FormElsewhere,
    "plain-http" => Self::PlainHttp,
    "form-plain-http" => Self::FormPlainHttp,
    "loop" => Self::Loop,
    "huge" => Self::Huge,
    "slow" => Self::Slow,
);

/// The text names no mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} is one of {}", known.join(", "))]
pub struct UnknownMode {
    what: &'static str,
    known: &'static [&'static str],
}

/// Running portals. Dropping them stops them.
pub struct Portals {
    state: Arc<State>,
    address: SocketAddr,
    authority: Arc<Authority>,
    control_url: String,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Portals {
    /// Serves on free ports of this machine's loopback.
    ///
    /// # Errors
    /// No port can be bound.
    pub async fn start(config: Config) -> io::Result<Self> {
        let free = (Ipv4Addr::LOCALHOST, 0);
        Self::serve(config, TcpListener::bind(free).await?, TcpListener::bind(free).await?, CancellationToken::new())
    }

    /// Serves on bound sockets until `stop` is cancelled: every host on one, the control port on the other. Must be called
    /// within a Tokio runtime.
    ///
    /// # Errors
    /// A socket has no address, or no certificate can be made.
    pub fn serve(config: Config, tls: TcpListener, control: TcpListener, stop: CancellationToken) -> io::Result<Self> {
        let stop = stop.child_token();
        let (address, control_url) = (tls.local_addr()?, format!("http://{}/", control.local_addr()?));
        let authority = Arc::new(Authority::new().map_err(io::Error::other)?);
        let state = Arc::new(State::new(config, &stop)?);
        let tasks = TaskTracker::new();
        tasks.spawn(listener::run(tls, authority.clone(), state.clone(), tasks.clone(), stop.clone()));
        tasks.spawn(control::run(control, state.clone(), stop.clone()));
        tasks.close();
        Ok(Self { state, address, authority, control_url, tasks, stop })
    }

    /// Where every host is played.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority that vouches for every host, in PEM. It is made anew at each start.
    pub fn authority(&self) -> &str {
        self.authority.pem()
    }

    /// The control port: `POST /reset`, `POST /idp?mode=`, `POST /school?portal=&mode=`, `POST /trap?kind=` (none without `kind`), `POST /pass?seconds=`, `GET /journal`,
    /// `GET /violations`.
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// The PRONOTE behind all portals.
    pub fn school(&self) -> &Emulator {
        &self.state.school
    }

    /// The root of the school behind a portal, with a final slash.
    pub fn school_url(&self, portal: &str) -> String {
        format!("https://{}/pronote/", hosts::school_host(portal))
    }

    /// Every portal that is played.
    pub fn places(&self) -> &[Place] {
        &self.state.places
    }

    /// How EduConnect behaves from now on.
    pub fn set_idp(&self, mode: IdpMode) {
        self.state.set_idp(mode);
    }

    /// What goes wrong at every portal from now on, before any password; `None` takes it away.
    pub fn set_trap(&self, trap: Option<Trap>) {
        self.state.set_trap(trap);
    }

    /// How the school behind a portal behaves from now on.
    pub fn set_school(&self, portal: &str, mode: SchoolMode) {
        self.state.set_school(portal, mode);
    }

    /// The latest requests, oldest first.
    pub fn journal(&self) -> Vec<Visit> {
        self.state.journal.visits()
    }

    /// What no good client does: passwords sent where nobody asked for one, the same wrong password twice, an assertion
    /// delivered elsewhere, plain HTTP.
    pub fn violations(&self) -> Vec<String> {
        self.state.journal.violations()
    }

    /// Lets time pass for tickets, conversations and sessions.
    pub fn pass(&self, time: Duration) {
        self.state.watch.pass(time);
    }

    /// Forgets everything that happened, and goes back to how it started.
    pub fn reset(&self) {
        self.state.reset();
    }

    /// Stops accepting, and waits until nothing is served.
    pub async fn shutdown(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Portals {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
