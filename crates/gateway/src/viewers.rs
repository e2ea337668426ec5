//! Everyone who is signed in: tokens, and the accounts behind them.
//!
//! ```text
//! sign_in → seat (bounds) → pronote's sign-in → token and viewer
//!                                             → or steps, which go_on takes up
//! viewer  → the account behind a token
//! leave   → the session is logged out, the token forgotten
//! ```

mod census;
mod seats;
mod steps;

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pronote::login::{Answers, Credentials, Demand, Device, Entrance, Keeper, Offer, SavedLogin, SignIn};
use pronote::{Cause, Session};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub use census::Census;

use crate::keep_alive::Beats;
use crate::pages::Pages;
use crate::seal::Sealer;
use crate::sessions::give_up;
use crate::tokens::{Digest, Token};
use crate::viewer::{House, Role, SessionState, Viewer, lock};
use crate::{Error, Gateway};
use census::Tally;
use seats::{Seat, Seats};
use steps::{Pending, Waiting};

/// How long a school may take to say goodbye to one account.
const GOODBYE: Duration = Duration::from_secs(5);
/// How many goodbyes are said at once when everything ends: within what a process may open of connections.
const GOODBYES_AT_ONCE: usize = 128;
/// Past so long without a question, a session that nobody keeps alive is surely over: schools end it after minutes.
const SPENT: Duration = Duration::from_secs(60 * 60);
/// How often what is old is looked for.
const SWEEP: Duration = Duration::from_secs(60);

/// How many may be signed in, and how long.
#[derive(Debug, Clone)]
pub struct Config {
    /// The most tokens. Default 10 000: twice what one process was measured with.
    pub most_tokens: usize,
    /// The most tokens that one client address holds; 0 for no bound of its own. Default 100: a family and its
    /// programs, a bot for a class; whoever serves many people from one address raises it.
    pub most_per_address: usize,
    /// The most sign-ins that wait for a person's answers. Default 100: each holds a connection's keys for minutes.
    pub most_steps: usize,
    /// After how long without use a token is forgotten; zero for never. Default 90 days: longer than any holidays.
    pub idle: Duration,
    /// How often a session that is kept alive speaks. Default 120 seconds: schools end silent ones after about 300.
    pub keep_alive_every: Duration,
    /// How old a page may be that is given again. Default 60 seconds: what several questions of one visit need.
    pub fresh: Duration,
    /// What the pages of all accounts may weigh in memory, in bytes. Default 32 MiB: some thousand pages.
    pub page_bytes: u64,
    /// How long the goodbyes may take when everything ends. Default 10 seconds: service managers kill soon after.
    pub close_within: Duration,
    /// The zone of the schools' clocks. Default `Europe/Paris`.
    pub zone: TimeZone,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            most_tokens: 10_000,
            most_per_address: 100,
            most_steps: 100,
            idle: Duration::from_secs(90 * 24 * 60 * 60),
            keep_alive_every: Duration::from_secs(120),
            fresh: Duration::from_secs(60),
            page_bytes: 32 << 20,
            close_within: Duration::from_secs(10),
            zone: TimeZone::get(crate::calendar::USUAL_ZONE).unwrap_or(TimeZone::UTC),
        }
    }
}

/// A way in: who, where, with what proof, and what for.
pub struct Door {
    /// Who, where, and the proof.
    pub credentials: Credentials,
    /// This device, as the school will list it.
    pub device: Device,
    /// Answers to the steps the school may ask for, if they are known beforehand.
    pub answers: Option<Answers>,
    /// Whether the session may change things.
    pub write: bool,
    /// Whether the caller wants what signs in next time without a password.
    pub next: bool,
    /// The shape of the token.
    pub shape: TokenShape,
}

/// The shape of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenShape {
    /// A version 4 UUID, for programs that expect one.
    Uuid,
    /// 256 bits.
    Long,
}

/// Where a sign-in leads.
#[derive(Debug)]
pub enum Admission {
    /// In.
    Open {
        /// What opens the account from now on.
        token: Token,
        /// The account.
        viewer: Arc<Viewer>,
        /// What signs in next time, if it was wanted and the school gives it.
        next: Option<SavedLogin>,
    },
    /// The school asks for something first.
    Steps {
        /// What to give with the answers ([`Viewers::go_on`]).
        continuation: Token,
        /// What the school asks for.
        demands: Vec<Demand>,
        /// What it says about it.
        offer: Box<Offer>,
    },
}

/// Everyone who is signed in. Clones are the same.
#[derive(Clone)]
pub struct Viewers(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    config: Config,
    house: Arc<House>,
    seats: Arc<Seats>,
    live: Mutex<HashMap<Digest, Arc<Entry>>>,
    waiting: Waiting,
    tally: Tally,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// The tasks end with the last clone, too.
    _stop: DropGuard,
}

/// A token, as it is known here.
struct Entry {
    seat: Seat,
    /// When it was last used, in milliseconds of Unix time.
    used: AtomicI64,
    viewer: Arc<Viewer>,
}

/// Someone at the door: what goes with a sign-in until it leads somewhere.
struct Arrival {
    seat: Seat,
    role: Role,
    write: bool,
    shape: TokenShape,
    /// What the school gave for the next time.
    next: Arc<Mutex<Option<SavedLogin>>>,
}

impl Viewers {
    /// Begins with nobody signed in. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn open(gateway: Gateway, config: Config) -> Result<Self, Error> {
        let beats = Arc::new(Beats::new(config.keep_alive_every));
        let house = Arc::new(House {
            clock: gateway.clock().clone(),
            zone: config.zone.clone(),
            fresh: config.fresh,
            pages: Pages::new(config.page_bytes),
            beats: Arc::clone(&beats),
            files: Sealer::of_this_process()?,
            numbers: AtomicU64::new(0),
        });
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let inner = Arc::new(Inner {
            house,
            seats: Seats::new(config.most_tokens, config.most_per_address),
            live: Mutex::default(),
            waiting: Waiting::new(config.most_steps),
            tally: Tally::default(),
            tasks: tasks.clone(),
            _stop: stop.clone().drop_guard(),
            stop: stop.clone(),
            gateway,
            config,
        });
        let beating = stop.clone().run_until_cancelled_owned(beats.run(tasks.clone()));
        tasks.spawn(beating);
        tasks.spawn(stop.run_until_cancelled_owned(sweep(Arc::downgrade(&inner))));
        Ok(Viewers(inner))
    }

    /// Signs in for a client at an address.
    ///
    /// # Errors
    /// The sign-in fails; or as many are signed in as may be.
    pub async fn sign_in(&self, from: IpAddr, door: Door) -> Result<Admission, Error> {
        let this = self.clone();
        self.to_the_end(async move {
            let admission = this.enter(from, door).await;
            this.0.count(&admission);
            admission
        })
        .await
    }

    /// Goes on with a sign-in that waits for answers. After a refusal it can be called again.
    ///
    /// # Errors
    /// None waits under that name; answers are missing or refused; or the sign-in fails.
    pub async fn go_on(&self, continuation: &str, answers: Answers) -> Result<Admission, Error> {
        let name = Digest::of(continuation);
        let mut held = self.0.waiting.hold(name, self.0.now())?;
        let this = self.clone();
        self.to_the_end(async move {
            let pending = held.as_mut().ok_or(Error::NoSteps)?;
            match pending.steps.finish(&answers).await {
                Ok(session) => {
                    this.0.waiting.remove(name);
                    let arrival = held.take().ok_or(Error::NoSteps)?.arrival;
                    let admission = this.admit(session, arrival).await;
                    this.0.count(&admission);
                    admission
                }
                Err(error) => {
                    // The school has closed this sign-in: other answers would come too late.
                    if matches!(error.cause, Cause::Expired | Cause::NotKept(_)) {
                        this.0.waiting.remove(name);
                    }
                    Err(error.into())
                }
            }
        })
        .await
    }

    /// The account behind a token; none behind one that opens nothing.
    ///
    /// # Errors
    /// There is none yet.
    pub async fn viewer(&self, token: &str) -> Result<Option<Arc<Viewer>>, Error> {
        let entry = lock(&self.0.live).get(&Digest::of(token)).cloned();
        Ok(entry.map(|entry| {
            entry.used.store(self.0.now().as_millisecond(), Ordering::Relaxed);
            Arc::clone(&entry.viewer)
        }))
    }

    /// Forgets a token, and logs its session out. Does nothing for a token that opens nothing.
    pub async fn leave(&self, token: &str) {
        let entry = lock(&self.0.live).remove(&Digest::of(token));
        let Some(entry) = entry else { return };
        // Whoever asks may go away; the goodbye is said all the same.
        let said = self.0.tasks.spawn(async move { entry.log_out().await });
        // It only fails when the runtime ends.
        let _ = said.await;
    }

    /// Logs everyone out, within the time of the settings, and ends what runs beside. Nobody can sign in afterwards.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.waiting.clear();
        let entries: Vec<Arc<Entry>> = lock(&self.0.live).drain().map(|(_, entry)| entry).collect();
        let goodbyes = futures_util::stream::iter(entries)
            .for_each_concurrent(GOODBYES_AT_ONCE, |entry| async move { entry.log_out().await });
        self.0.tasks.close();
        let all = async {
            goodbyes.await;
            self.0.tasks.wait().await;
        };
        if tokio::time::timeout(self.0.config.close_within, all).await.is_err() {
            tracing::warn!("Some sessions were left without a word");
        }
    }

    /// What there is to count.
    #[must_use]
    pub fn census(&self) -> Census {
        let (page_bytes, page_hits, page_misses) = self.0.house.pages.census();
        let (sign_ins, failed_sign_ins) = self.0.tally.totals();
        let live = lock(&self.0.live);
        Census {
            tokens: live.len(),
            kept_alive: live.values().filter(|entry| entry.viewer.core.is_kept_alive()).count(),
            kept: 0,
            steps: self.0.waiting.len(),
            feeds: 0,
            page_bytes,
            page_hits,
            page_misses,
            sign_ins,
            failed_sign_ins,
            calls: self.0.gateway.calls(),
        }
    }

    async fn enter(&self, from: IpAddr, door: Door) -> Result<Admission, Error> {
        let Door { credentials, device, answers, write, next, shape } = door;
        let (school, space) = credentials.place()?;
        let role = Role::of(space).ok_or(Error::UnservedSpace)?;
        let arrival = Arrival { seat: self.0.seat(from)?, role, write, shape, next: Arc::default() };
        let mut sign_in = SignIn { write, ..SignIn::new(credentials, device).once() };
        if next {
            let slot = Arc::clone(&arrival.next);
            sign_in = sign_in.kept_by(Keeper::new(move |login| {
                *lock(&slot) = Some(login);
                async { Ok(()) }
            }));
        }
        let entrance = Box::pin(self.0.gateway.client_for(&school).sign_in(sign_in)).await?;
        let mut steps = match entrance {
            Entrance::Open(session) => return self.admit(session, arrival).await,
            Entrance::Steps(steps) => steps,
        };
        if let Some(answers) = answers {
            match steps.finish(&answers).await {
                Ok(session) => return self.admit(session, arrival).await,
                // They were not enough: the caller is told what is asked for.
                Err(error) if matches!(error.cause, Cause::AnswerNeeded(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let (demands, offer) = (steps.demands(), Box::new(steps.offer().clone()));
        let continuation = self.0.waiting.add(Pending { steps, arrival }, self.0.now())?;
        Ok(Admission::Steps { continuation, demands, offer })
    }

    /// Gives an open session its token.
    async fn admit(&self, session: Session, arrival: Arrival) -> Result<Admission, Error> {
        let Arrival { seat, role, write, shape, next } = arrival;
        let token = match shape {
            TokenShape::Uuid => Token::uuid()?,
            TokenShape::Long => Token::long()?,
        };
        let viewer = Arc::new(Viewer::new(session.clone(), role, write, &self.0.house));
        let used = AtomicI64::new(self.0.now().as_millisecond());
        {
            let mut live = lock(&self.0.live);
            // Everyone who was there when the end began has been logged out; this one would be forgotten.
            if !self.0.stop.is_cancelled() {
                live.insert(token.digest(), Arc::new(Entry { seat, used, viewer: Arc::clone(&viewer) }));
                let next = lock(&next).take();
                return Ok(Admission::Open { token, viewer, next });
            }
        }
        give_up(Entrance::Open(session)).await;
        Err(Error::Closing)
    }

    /// Runs a sign-in to its end even if whoever waits for it goes away: then the token, which nobody knows, is left.
    async fn to_the_end(
        &self,
        work: impl Future<Output = Result<Admission, Error>> + Send + 'static,
    ) -> Result<Admission, Error> {
        let (tell, told) = oneshot::channel();
        let this = self.clone();
        self.0.tasks.spawn(async move {
            if let Err(Ok(Admission::Open { token, .. })) = tell.send(work.await) {
                this.leave(token.expose()).await;
            }
        });
        told.await.unwrap_or(Err(Error::Closing))
    }
}

impl Inner {
    fn now(&self) -> Timestamp {
        (self.house.clock)()
    }

    fn count(&self, admission: &Result<Admission, Error>) {
        match admission {
            Ok(Admission::Open { .. }) => self.tally.signed_in(),
            Ok(Admission::Steps { .. }) => {}
            Err(error) => self.tally.failed(error),
        }
    }

    /// A seat for one more, in place of one whose session is surely over if there is no other.
    fn seat(&self, from: IpAddr) -> Result<Seat, Error> {
        if self.stop.is_cancelled() {
            return Err(Error::Closing);
        }
        match self.seats.take(from) {
            Err(Error::Full) if self.make_room(|_| true) => self.seats.take(from),
            Err(Error::AddressFull) if self.make_room(|seat| seat.is_from(from)) => self.seats.take(from),
            seat => seat,
        }
    }

    /// Forgets the token that was unused for longest among those that open nothing any more.
    fn make_room(&self, fits: impl Fn(&Seat) -> bool) -> bool {
        let now = self.now();
        let mut live = lock(&self.live);
        let spent = live.iter().filter(|(_, entry)| fits(&entry.seat) && entry.is_spent(now));
        let oldest = spent.min_by_key(|(_, entry)| entry.used.load(Ordering::Relaxed)).map(|(digest, _)| *digest);
        oldest.and_then(|digest| live.remove(&digest)).is_some()
    }

    /// Forgets what was not used for long.
    async fn sweep(&self) {
        let (now, idle) = (self.now(), self.config.idle);
        self.waiting.sweep(now);
        self.house.pages.sweep(now, self.config.fresh);
        if idle.is_zero() {
            return;
        }
        let old: Vec<Arc<Entry>> = {
            let mut live = lock(&self.live);
            live.extract_if(|_, entry| entry.unused_for(now) >= idle).map(|(_, entry)| entry).collect()
        };
        futures_util::stream::iter(old)
            .for_each_concurrent(GOODBYES_AT_ONCE, |entry| async move { entry.log_out().await })
            .await;
    }
}

/// Looks for what is old now and then, while anyone holds the registry.
async fn sweep(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(inner) = inner.upgrade() else { return };
        inner.sweep().await;
    }
}

impl Entry {
    fn unused_for(&self, now: Timestamp) -> Duration {
        let milliseconds = now.as_millisecond().saturating_sub(self.used.load(Ordering::Relaxed));
        Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0))
    }

    /// Whether its session is surely over.
    fn is_spent(&self, now: Timestamp) -> bool {
        match self.viewer.state() {
            SessionState::Expired | SessionState::LoggedOut => true,
            SessionState::Open | SessionState::Healing => {
                !self.viewer.core.is_kept_alive() && self.unused_for(now) >= SPENT
            }
        }
    }

    /// Says goodbye to the school, if it listens.
    async fn log_out(&self) {
        match tokio::time::timeout(GOODBYE, self.viewer.core.log_out()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!(step = %error.step, "A session was left without a word"),
            Err(_) => tracing::debug!("A school did not say goodbye in time"),
        }
    }
}

impl fmt::Debug for Viewers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Viewers").field("tokens", &lock(&self.0.live).len()).finish_non_exhaustive()
    }
}
