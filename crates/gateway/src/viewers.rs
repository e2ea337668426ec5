//! Everyone who is signed in: tokens, and the accounts behind them.
//!
//! ```text
//! sign_in → seat (bounds) → pronote's sign-in, or a portal's → token and viewer
//!                                                           → or steps and questions, which go_on takes up
//! viewer  → the account behind a token
//! leave   → the session is logged out, the token forgotten
//! ```

mod census;
mod config;
mod door;
mod entry;
mod feeds;
pub(crate) mod kept;
mod seats;
mod steps;
mod way_in;

use std::fmt;
use std::net::IpAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use futures_util::StreamExt as _;
use jiff::Timestamp;
use pronote::login::{Entrance, SignIn};
use pronote::{Cause, Session};
use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

pub use census::Census;
pub use config::Config;
pub use door::{Admission, Door, Reply, TokenShape, Way};

use crate::feeds::FAR_FRESH;
use crate::keep_alive::Beats;
use crate::pages::Pages;
use crate::seal::Sealer;
use crate::tokens::Digest;
use crate::viewer::{Credit, House, Role, Viewer, lock};
use crate::{Error, Gateway};
use census::Tally;
use entry::{Entry, Live};
use kept::{Keeping, Proof, Store};
use seats::{Seat, Seats};
use steps::Waiting;

/// How many goodbyes are said at once when everything ends: within what a process may open of connections.
const GOODBYES_AT_ONCE: usize = 128;
/// How often what is old is looked for.
const SWEEP: Duration = Duration::from_secs(60);

/// Everyone who is signed in. Clones are the same.
#[derive(Clone)]
pub struct Viewers(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    config: Config,
    house: Arc<House>,
    seats: Arc<Seats>,
    live: Mutex<Live>,
    /// Where sign-ins are kept, if they are.
    store: Option<Arc<Store>>,
    waiting: Waiting,
    tally: Tally,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// The tasks end with the last clone, too.
    _stop: DropGuard,
}

impl Viewers {
    /// Begins with those whose sign-in was kept. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// The folder of kept sign-ins cannot be used, or the system gives no random numbers.
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
        let store = config.keep_sign_ins.then(|| Store::open(gateway.data()).map(Arc::new)).transpose()?;
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let inner = Arc::new(Inner {
            house,
            seats: Seats::new(config.most_tokens, config.most_per_address),
            live: Mutex::default(),
            store,
            waiting: Waiting::new(config.most_steps),
            tally: Tally::default(),
            tasks: tasks.clone(),
            _stop: stop.clone().drop_guard(),
            stop: stop.clone(),
            gateway,
            config,
        });
        inner.remember()?;
        let beating = stop.clone().run_until_cancelled_owned(beats.run(tasks.clone()));
        tasks.spawn(beating);
        tasks.spawn(stop.run_until_cancelled_owned(sweep(Arc::downgrade(&inner))));
        Ok(Viewers(inner))
    }

    /// The portals that accounts may be signed in to through.
    #[must_use]
    pub fn portals(&self) -> &portals::Registry {
        self.0.gateway.portals().registry()
    }

    /// Those of them that nobody signs in through yet, as [`Gateway::strangers`].
    ///
    /// # Errors
    /// What was confirmed cannot be read.
    pub fn strangers(&self) -> Result<Vec<&portals::Portal>, Error> {
        self.0.gateway.strangers()
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

    /// Goes on with a sign-in that waits for answers. After a school's refusal it can be called again; a portal takes each
    /// answer once.
    ///
    /// # Errors
    /// None waits under that name; answers are missing or refused; or the sign-in fails.
    pub async fn go_on(&self, continuation: &str, reply: impl Into<Reply>) -> Result<Admission, Error> {
        let name = Digest::of(continuation);
        let held = self.0.waiting.hold(name, self.0.now())?;
        let (this, reply) = (self.clone(), reply.into());
        self.to_the_end(async move { this.reply(name, held, reply).await }).await
    }

    /// The account behind a token; none behind one that opens nothing. A sign-in that an earlier process kept is taken
    /// up at its first use.
    ///
    /// # Errors
    /// What was kept does not sign in. If it was refused, it is forgotten with its token.
    pub async fn viewer(&self, token: &str) -> Result<Option<Arc<Viewer>>, Error> {
        let entry = lock(&self.0.live).entries.get(&Digest::of(token)).cloned();
        match entry {
            Some(entry) => self.account(entry).await,
            None => Ok(None),
        }
    }

    /// Forgets a token, and logs its session out. Does nothing for a token that opens nothing.
    pub async fn leave(&self, token: &str) {
        let entry = lock(&self.0.live).remove(Digest::of(token));
        let Some(entry) = entry else { return };
        // Whoever asks may go away; the goodbye is said all the same.
        let said = self.0.tasks.spawn(async move { entry.leave().await });
        // It only fails when the runtime ends.
        let _ = said.await;
    }

    /// Logs everyone out, within the time of the settings, and ends what runs beside. Nobody can sign in afterwards; what
    /// is kept stays.
    pub async fn close(&self) {
        self.0.stop.cancel();
        self.0.waiting.clear();
        let entries: Vec<Arc<Entry>> = std::mem::take(&mut *lock(&self.0.live)).entries.into_values().collect();
        entries.iter().for_each(|entry| entry.note_use());
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
            tokens: live.entries.len(),
            kept_alive: live.entries.values().filter(|entry| entry.is_kept_alive()).count(),
            kept: live.entries.values().filter(|entry| entry.is_kept()).count(),
            steps: self.0.waiting.len(),
            feeds: live.feeds.len(),
            page_bytes,
            page_hits,
            page_misses,
            sign_ins,
            failed_sign_ins,
            calls: self.0.gateway.calls(),
        }
    }

    /// The account of a token, woken up if need be.
    async fn account(&self, entry: Arc<Entry>) -> Result<Option<Arc<Viewer>>, Error> {
        let now = self.0.now();
        if self.0.is_old(&entry, now) {
            lock(&self.0.live).remove(entry.token);
            entry.leave().await;
            return Ok(None);
        }
        entry.use_at(now);
        if let Some(viewer) = entry.account.get() {
            return Ok(Some(Arc::clone(viewer)));
        }
        let inner = Arc::clone(&self.0);
        // To its end even if whoever waits goes away: the token of the school is another one by then.
        let woken = self.0.tasks.spawn(async move {
            match entry.account.get_or_try_init(|| inner.wake(&entry)).await {
                Ok(viewer) if lock(&inner.live).entries.contains_key(&entry.token) => Ok(Some(Arc::clone(viewer))),
                // It was left meanwhile.
                Ok(_) => {
                    entry.log_out().await;
                    Ok(None)
                }
                Err(Some(error)) => {
                    inner.tally.failed(&error);
                    Err(error)
                }
                Err(None) => Ok(None),
            }
        });
        woken.await.unwrap_or(Err(Error::Closing))
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
            Ok(Admission::Steps { .. } | Admission::Question { .. }) => {}
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

    /// Adds a token, unless everything is ending: then it would be forgotten without a goodbye.
    fn add(&self, entry: impl FnOnce() -> Entry) -> bool {
        let mut live = lock(&self.live);
        if self.stop.is_cancelled() {
            return false;
        }
        live.add(Arc::new(entry()));
        true
    }

    /// Takes up what earlier processes kept, without asking any school.
    fn remember(&self) -> Result<(), Error> {
        let Some(store) = &self.store else { return Ok(()) };
        let now = self.now();
        for (token, kept, at) in store.all()? {
            let seat = self.seats.take_again(kept.from);
            let used = Timestamp::try_from(at).unwrap_or(now).min(now);
            let keeping = Keeping::of(store, token, &kept);
            lock(&self.live).add(Arc::new(Entry::asleep(token, seat, keeping, kept.feeds, used)));
        }
        Ok(())
    }

    /// Signs in with what was kept of a token. What is refused is forgotten, and so is its token; none if it was before.
    async fn wake(&self, entry: &Entry) -> Result<Arc<Viewer>, Option<Error>> {
        let Some(keeping) = entry.keeping.clone().filter(|keeping| keeping.is_kept()) else { return Err(None) };
        let reading = Arc::clone(&keeping);
        let proof = tokio::task::spawn_blocking(move || reading.proof()).await.unwrap_or(Err(Error::Closing));
        let proof = proof.map_err(Some)?.ok_or(None)?;
        match Box::pin(self.sign_in_again(&keeping, proof)).await {
            Ok((session, role)) => {
                self.tally.signed_in();
                let credit = Credit { token: entry.token, role, write: keeping.write(), keeping: Some(keeping) };
                Ok(Arc::new(Viewer::new(session, credit, &self.house)))
            }
            Err(error) => {
                let is_used_up = |error: &pronote::Error| {
                    use Cause::{NotKept, Refused, StepNeeded, Unopened};
                    matches!(error.cause, Refused(_) | Unopened(_) | StepNeeded | NotKept(_))
                };
                if matches!(&error, Error::Pronote(error) if is_used_up(error)) {
                    lock(&self.live).remove(entry.token);
                    entry.leave().await;
                }
                Err(Some(error))
            }
        }
    }

    async fn sign_in_again(&self, keeping: &Arc<Keeping>, proof: Proof) -> Result<(Session, Role), Error> {
        let sign_in = proof.sign_in()?;
        let (school, space) = sign_in.credentials.place()?;
        let role = Role::of(space).ok_or(Error::UnservedSpace)?;
        let sign_in = SignIn { write: keeping.write(), ..sign_in.kept_by(keeping.keeper()) };
        match self.gateway.client_for(&school).sign_in(sign_in).await? {
            Entrance::Open(session) => Ok((session, role)),
            Entrance::Steps(steps) => Err(steps.unanswered().into()),
        }
    }

    /// Forgets the token that was unused for longest among those that open nothing any more.
    fn make_room(&self, fits: impl Fn(&Seat) -> bool) -> bool {
        let now = self.now();
        let mut live = lock(&self.live);
        let spent = live.entries.values().filter(|entry| fits(&entry.seat) && entry.is_spent(now));
        let oldest = spent.min_by_key(|entry| entry.used()).map(|entry| entry.token);
        oldest.and_then(|token| live.remove(token)).is_some()
    }

    /// Whether a token was not used for longer than the settings allow.
    fn is_old(&self, entry: &Entry, now: Timestamp) -> bool {
        !self.config.idle.is_zero() && entry.unused_for(now) >= self.config.idle
    }

    /// Forgets what was not used for long, and what must not be used again.
    async fn sweep(&self) {
        let now = self.now();
        self.waiting.sweep(now);
        let (old, refused): (Vec<Arc<Entry>>, Vec<Arc<Entry>>) = {
            let mut live = lock(&self.live);
            let longest = if live.feeds.is_empty() { self.config.fresh } else { FAR_FRESH.max(self.config.feed_fresh) };
            self.house.pages.sweep(now, longest.max(self.config.fresh));
            let old = live.entries.values().filter(|entry| self.is_old(entry, now));
            let old: Vec<Digest> = old.map(|entry| entry.token).collect();
            let old = old.into_iter().filter_map(|token| live.remove(token)).collect();
            (old, live.entries.values().filter(|entry| entry.is_refused()).cloned().collect())
        };
        for keeping in refused.into_iter().filter_map(|entry| entry.keeping.clone()) {
            keeping.forgotten().await;
        }
        futures_util::stream::iter(old)
            .for_each_concurrent(GOODBYES_AT_ONCE, |entry| async move { entry.leave().await })
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

impl fmt::Debug for Viewers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Viewers").field("tokens", &lock(&self.0.live).entries.len()).finish_non_exhaustive()
    }
}
