//! The protocol server: from HTTP to a page's question and back.
//!
//! ```text
//! a request → server.rs      which door it knocks at
//!             page.rs        entry pages, portal.rs before them: they begin a session
//!             calls.rs       order, keys and moment are checked (session.rs), then login.rs, second_factor.rs
//!                            or the pages answer
//!             poll.rs  upload.rs  files.rs  directory.rs   the other doors
//! ```
//!
//! Faults ([`Faults`]) may strike at any door.

mod calls;
mod credentials;
mod directory;
mod faults;
mod files;
mod journal;
mod keys;
mod login;
mod page;
mod poll;
mod portal;
mod qr;
mod refusals;
mod scripts;
mod second_factor;
mod session;
mod text;
mod upload;

use std::io;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use bytes::Bytes;
use pronote::protocol::Flags;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use faults::{Fault, FaultRule, Faults, UnknownFault, When};
pub use journal::{Exchange, Mail};
pub(crate) use page::Notice;
pub use qr::QrCode;

use crate::School;
use crate::config::{Config, IdScope, Limits, Place, Profile};
use crate::school::Space;
use calls::Address;
use credentials::Credentials;
use journal::Journal;
use scripts::Scripts;
use serde_json::Value;
use session::{Sessions, Stage};

/// What every door needs.
struct Server {
    profile: Profile,
    flags: Flags,
    session_idle: Duration,
    poll_hold: Duration,
    ids: IdScope,
    follow_dialect: bool,
    portal: bool,
    demo: bool,
    token_grace: bool,
    limits: Limits,
    place: Place,
    welcome: Option<String>,
    seed: u64,
    /// Such as `http://127.0.0.1:8080/`.
    origin: String,
    school: Mutex<School>,
    sessions: Sessions,
    credentials: Mutex<Credentials>,
    faults: Faults,
    scripts: Scripts,
    journal: Journal,
    watch: Watch,
    stop: CancellationToken,
}

impl Server {
    fn school(&self) -> MutexGuard<'_, School> {
        self.school.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn credentials(&self) -> MutexGuard<'_, Credentials> {
        self.credentials.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether too many sign-ins were refused in a row.
    fn is_suspended(&self) -> bool {
        self.limits.refusals.is_some_and(|most| self.journal.refusals_in_a_row() >= most)
    }
}

/// The machine's monotonic time, which tests can hasten.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    ahead: AtomicU64,
}

impl Watch {
    pub(crate) fn now(&self) -> Instant {
        Instant::now() + Duration::from_millis(self.ahead.load(Ordering::Relaxed))
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.ahead.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

/// A running school. Dropping it stops it.
pub struct Emulator {
    server: Arc<Server>,
    tasks: TaskTracker,
    url: String,
}

impl Emulator {
    /// Serves a school on a free port of this machine's loopback.
    ///
    /// # Errors
    /// No port can be bound.
    pub async fn start(config: Config) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Self::serve(config, listener, CancellationToken::new())
    }

    /// Serves a school on a bound socket, until `stop` is cancelled. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// The socket has no address.
    pub fn serve(config: Config, listener: TcpListener, stop: CancellationToken) -> io::Result<Self> {
        let mut address = listener.local_addr()?;
        if address.ip().is_unspecified() {
            // Everywhere is an address to listen on, not one to go to.
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let origin = format!("http://{address}/");
        // Stopping this server does not stop whoever started it.
        let stop = stop.child_token();
        let Config {
            school,
            profile,
            flags,
            session_idle,
            poll_hold,
            ids,
            follow_dialect,
            portal,
            demo,
            token_grace,
            limits,
            place,
            welcome,
        } = config;
        let seed = school.seed;
        let server = Arc::new(Server {
            profile,
            flags,
            session_idle,
            poll_hold,
            ids,
            follow_dialect,
            portal,
            demo,
            token_grace,
            limits,
            place,
            welcome,
            seed,
            school: Mutex::new(school),
            sessions: Sessions::new(limits.sessions, seed),
            credentials: Mutex::default(),
            faults: Faults::new(seed),
            scripts: Scripts::default(),
            journal: Journal::default(),
            watch: Watch::default(),
            stop: stop.clone(),
            origin: origin.clone(),
        });
        // Somewhat more than the largest file, so that one that is a little too large is refused in so many words.
        let form = DefaultBodyLimit::max(limits.upload.saturating_mul(2).saturating_add(1 << 20));
        let router = Router::new().fallback(knock).layer(form).with_state(server.clone());
        let tasks = TaskTracker::new();
        tasks.spawn(async move {
            if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await {
                tracing::error!(%error, "The emulated school stopped serving");
            }
        });
        tasks.close();
        Ok(Self { server, tasks, url: format!("{origin}pronote/") })
    }

    /// The root of the school, with a final slash: what a person would type.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of the central directory that knows this school.
    pub fn directory_url(&self) -> String {
        format!("{}swie/geoloc.php", self.server.origin)
    }

    /// The base, to look into or to change. Nothing is served while it is held.
    pub fn school(&self) -> MutexGuard<'_, School> {
        self.server.school()
    }

    /// What is to go wrong.
    pub fn faults(&self) -> &Faults {
        &self.server.faults
    }

    /// Lets a test have its way with every later answer of a function: the script is given what was asked and what the school
    /// answers, and may change the answer. For what real servers say and this school never would.
    pub fn script(&self, function: &str, script: impl Fn(&Value, &mut Value) + Send + 'static) {
        self.server.scripts.add(function, script);
    }

    /// Lets every session expire, as after a long silence.
    pub async fn expire_sessions(&self) {
        for slot in self.server.sessions.all() {
            slot.lock().await.expire();
        }
    }

    /// Lets time pass for sessions and QR codes; the school's clock is another matter.
    pub fn pass(&self, time: Duration) {
        self.server.watch.pass(time);
    }

    /// How many times somebody signed in.
    pub fn sign_ins(&self) -> u64 {
        self.server.journal.sign_ins()
    }

    /// How many sign-ins were refused.
    pub fn refusals(&self) -> u64 {
        self.server.journal.refusals()
    }

    /// Ends the suspension that too many refused sign-ins led to.
    pub fn forgive(&self) {
        self.server.journal.forgive();
    }

    /// How many calls of a function were done; pages served are `page`, and `polling`, `upload` and `file` count too.
    pub fn count(&self, function: &str) -> u64 {
        self.server.journal.count(function)
    }

    /// The names of the latest calls, oldest first.
    pub fn calls(&self) -> Vec<String> {
        self.server.journal.calls()
    }

    /// The latest calls with what they asked, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.server.journal.exchanges()
    }

    /// How many calls arrived while another one of their session was at hand; they were refused.
    pub fn overlaps(&self) -> u64 {
        self.server.journal.overlaps()
    }

    /// The latest mails that the school sent.
    pub fn mails(&self) -> Vec<Mail> {
        self.server.journal.mails()
    }

    /// How many sessions are open.
    pub async fn open_sessions(&self) -> usize {
        let mut open = 0;
        for slot in self.server.sessions.all() {
            open += usize::from(matches!(slot.lock().await.stage, Stage::Open(_)));
        }
        open
    }

    /// Makes a QR code for a login, as its owner would on the site; none when there is no such login.
    pub fn qr_code(&self, login: &str, space: Space, pin: &str) -> Option<QrCode> {
        let account = self.server.school().account(login, space)?.id;
        let page = page::PAGES.iter().find(|page| page.space == space)?;
        QrCode::make(&self.server, account, page, pin)
    }

    /// Answers a request that came by another listener: regional portals have their own (portals §3.1).
    pub(crate) async fn answer(&self, request: Request) -> Response {
        knock(State(self.server.clone()), request).await
    }

    /// The page of a space, by its file name, with what a portal leaves there for a login; with nothing when the login has
    /// no account in the space (portals §3.2).
    pub(crate) fn landing(&self, name: &str, login: Option<&str>) -> Response {
        page::landing(&self.server, name, login)
    }

    /// A notice in place of a page.
    pub(crate) fn notice(&self, notice: Notice) -> Response {
        page::notice(&self.server, notice)
    }

    /// The instance information of a school behind a portal.
    pub(crate) fn information(&self, portal: &str) -> Response {
        page::information(&self.server, Some(portal))
    }

    /// Stops accepting, lets calls at hand end, and waits for that.
    pub async fn shutdown(self) {
        self.server.stop.cancel();
        self.tasks.wait().await;
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.server.stop.cancel();
    }
}

/// Finds the door that a request is for. Paths may be lower-cased and hold double slashes (protocol §1.6).
async fn knock(State(server): State<Arc<Server>>, request: Request) -> Response {
    let mut response = open_door(&server, request).await;
    if let Ok(name) = HeaderValue::from_str(&format!("PRONOTE {}", server.profile.version)) {
        response.headers_mut().insert(header::SERVER, name);
    }
    response
}

async fn open_door(server: &Server, request: Request) -> Response {
    let uri = request.uri().clone();
    let query = uri.query().unwrap_or_default();
    let segments: Vec<&str> = uri.path().split('/').filter(|segment| !segment.is_empty()).collect();
    let door: Vec<String> = segments.iter().take(2).map(|segment| segment.to_ascii_lowercase()).collect();
    let door: Vec<&str> = door.iter().map(String::as_str).collect();
    let post = request.method() == Method::POST;
    match (&door[..], segments.get(2..).unwrap_or_default()) {
        (["pronote", "appelfonction"], [space, session, order]) if post => {
            match (space.parse(), session.parse(), body(server, request).await) {
                (Ok(space), Ok(session), Some(body)) => {
                    calls::call(server, Address { space, session, order }, &body).await
                }
                (_, _, None) => text::status(StatusCode::PAYLOAD_TOO_LARGE),
                _ => text::status(StatusCode::NOT_FOUND),
            }
        }
        (["pronote", "appelpolling"], [space, session, order]) if post => {
            match (space.parse(), session.parse(), body(server, request).await) {
                (Ok(space), Ok(session), Some(body)) => {
                    poll::poll(server, Address { space, session, order }, &body).await
                }
                (_, _, None) => text::status(StatusCode::PAYLOAD_TOO_LARGE),
                _ => text::status(StatusCode::NOT_FOUND),
            }
        }
        (["pronote", "uploadfilesession"], [space, session]) if post => match (space.parse(), session.parse()) {
            (Ok(space), Ok(session)) => {
                let headers = request.headers().clone();
                upload::upload(server, space, session, &headers, request).await
            }
            _ => text::status(StatusCode::NOT_FOUND),
        },
        (["pronote", "appeldeconnexion"], [..]) if post => {
            if let Some(body) = body(server, request).await {
                calls::beacon(server, &body).await;
            }
            text::status(StatusCode::OK)
        }
        (["pronote", "logclientleger"], []) => text::status(StatusCode::OK),
        (["pronote", "fichiersexternes"], [cipher, ..]) => files::linked(server, cipher, query).await,
        (["pronote", "ical"], [_]) => files::calendar(server, query),
        (["pronote", "infomobileapp.json"], []) => {
            page::information(server, server.portal.then(|| format!("{}cas/", server.origin)).as_deref())
        }
        (["pronote", "message.html"], []) => page::message(server),
        ([], []) => page::welcome(server),
        (["pronote"], []) => page::root(server, false),
        (["pronote", "mobile.html"], []) => page::root(server, true),
        (["pronote", name], []) if name.ends_with(".html") => {
            server.journal.call("page");
            if let Some(response) = page_fault(server).await {
                return response;
            }
            page::entry(server, name, query, request.headers())
        }
        (["pronote", ..], _) => files::generated(server, &segments[1..].join("/")),
        (["cas", "login"], []) if post => match body(server, request).await {
            Some(body) => portal::enter(server, query, &body),
            None => text::status(StatusCode::PAYLOAD_TOO_LARGE),
        },
        (["cas", "login"], []) => portal::form(server),
        (["swie", "geoloc.php"], []) if post => match body(server, request).await {
            Some(body) => directory::search(server, &body),
            None => text::status(StatusCode::PAYLOAD_TOO_LARGE),
        },
        _ => text::status(StatusCode::NOT_FOUND),
    }
}

/// The faults of an entry page, and the suspension that refused sign-ins lead to.
async fn page_fault(server: &Server) -> Option<Response> {
    if server.is_suspended() {
        return Some(page::notice(server, page::Notice::Suspended));
    }
    Some(match server.faults.strike("page")? {
        Fault::Suspended => page::notice(server, page::Notice::Suspended),
        Fault::Closed => page::notice(server, page::Notice::Closed),
        Fault::Html => text::status(StatusCode::OK),
        Fault::LostRequest | Fault::LostReply | Fault::Truncated => text::dropped(),
        Fault::Status(status) => {
            text::status(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Fault::Delay(delay) => {
            tokio::select! {
                () = tokio::time::sleep(delay) => {}
                () = server.stop.cancelled() => {}
            }
            return None;
        }
        _ => return None,
    })
}

/// The body, unless it is larger than a call may be.
async fn body(server: &Server, request: Request) -> Option<Bytes> {
    to_bytes(request.into_body(), server.limits.call).await.ok()
}
