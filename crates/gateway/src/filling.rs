//! Filling class boards from PRONOTE: classes that are bound to a kept sign-in get their subjects, weeks, changes and
//! homework from it, on a schedule.
//!
//! ```text
//! schedule.rs   when which class is filled next
//! pass.rs       one pass: sign in, read a handful of pages, leave
//! lessons.rs    what of a timetable a board cares for      privacy.rs   what is about one pupil stays out
//! hours.rs      times become rows      week.rs   a week becomes a plan and what differs from it      homework.rs
//! words.rs      how it is said         error.rs  what went wrong, and what is noted of it
//! ```
//!
//! What is already on the board, and whose word stands, is for [`board::filling`] to say.

mod error;
mod homework;
mod hours;
mod lessons;
mod pass;
mod privacy;
mod schedule;
mod week;
mod words;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use board::{Board, ClassId, FillReport, Filling, Outcome, PassState};
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use error::Error;
pub(crate) use error::is_refusal;
use schedule::Schedule;

use crate::Gateway;
use crate::calendar::USUAL_ZONE;

/// How often it is looked whether classes were bound or unbound, also by another process.
const LOOK: Duration = Duration::from_secs(30);
/// How many classes are filled at once: a slow school does not hold up the others.
const AT_ONCE: usize = 4;

/// How classes are filled.
#[derive(Debug, Clone)]
pub struct Config {
    /// How often a class is filled. Default 30 minutes: some ten calls each time, a few hundred a day.
    pub every: Duration,
    /// The zone of the schools' clocks, for classes without one of their own. Default `Europe/Paris`.
    pub zone: TimeZone,
}

impl Default for Config {
    fn default() -> Self {
        let zone = TimeZone::get(USUAL_ZONE).unwrap_or(TimeZone::UTC);
        Config { every: Duration::from_secs(30 * 60), zone }
    }
}

/// Fills the classes that are bound to a sign-in. A cheap clone.
#[derive(Clone)]
pub struct Filler(Arc<Inner>);

struct Inner {
    gateway: Gateway,
    board: Board,
    config: Config,
    stop: CancellationToken,
    passes: watch::Sender<u64>,
}

impl Filler {
    /// Fills when it is told to ([`now`](Self::now)).
    #[must_use]
    pub fn new(gateway: Gateway, board: Board, config: Config) -> Self {
        Filler::until(gateway, board, config, CancellationToken::new())
    }

    /// Fills every class that is bound, on a schedule, until `stop` is cancelled; sessions that are open then are left
    /// politely before `tasks` end. Must be called within a Tokio runtime.
    #[must_use]
    pub fn start(gateway: Gateway, board: Board, config: Config, tasks: &TaskTracker, stop: CancellationToken) -> Self {
        let filler = Filler::until(gateway, board, config, stop);
        tasks.spawn(filler.clone().run());
        filler
    }

    fn until(gateway: Gateway, board: Board, config: Config, stop: CancellationToken) -> Self {
        Filler(Arc::new(Inner { gateway, board, config, stop, passes: watch::Sender::default() }))
    }

    /// Fills a class at once, and notes what came of it.
    ///
    /// # Errors
    /// It is not bound, it stopped and was not bound again, or the pass went wrong.
    pub async fn now(&self, class: ClassId) -> Result<FillReport, Error> {
        let filling = self.0.board.filling(class).await?.ok_or(Error::Unbound)?;
        if filling.is_stopped()
            && let Some(outcome) = filling.outcome
        {
            return Err(Error::Stopped(Box::new(outcome)));
        }
        Box::pin(self.fill(&filling)).await
    }

    /// How many passes have ended, well or not.
    #[must_use]
    pub fn passes(&self) -> watch::Receiver<u64> {
        self.0.passes.subscribe()
    }

    async fn run(self) {
        let (board, mut schedule) = (&self.0.board, Schedule::new(self.0.config.every));
        let (mut passes, mut running) = (JoinSet::new(), HashMap::<Id, ClassId>::new());
        loop {
            match self.bound().await {
                Ok(fillings) => schedule.look(fillings, Instant::now(), board.now()),
                Err(error) => tracing::warn!(%error, "It cannot be told which classes are filled"),
            }
            while passes.len() < AT_ONCE
                && let Some(filling) = schedule.take_due(Instant::now())
            {
                let (filler, class) = (self.clone(), filling.class);
                // What went wrong is noted already.
                let pass = passes.spawn(async move { drop(Box::pin(filler.fill(&filling)).await) });
                running.insert(pass.id(), class);
            }
            let look = Instant::now() + LOOK;
            let wake = schedule.next().filter(|_| passes.len() < AT_ONCE).map_or(look, |next| next.min(look));
            tokio::select! {
                () = self.0.stop.cancelled() => break,
                Some(ended) = passes.join_next_with_id(), if !passes.is_empty() => {
                    let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                    if let Some(class) = running.remove(&id) {
                        schedule.done(class);
                    }
                }
                () = tokio::time::sleep_until(wake) => {}
            }
        }
        // They are told to stop as this is, and say goodbye.
        while passes.join_next().await.is_some() {}
    }

    /// The classes that are bound and not put away.
    async fn bound(&self) -> Result<Vec<Filling>, board::Error> {
        let mut fillings = self.0.board.fillings().await?;
        if !fillings.is_empty() {
            let classes = self.0.board.classes().await?;
            let in_use = |id: ClassId| classes.iter().any(|class| class.id == id && class.archived.is_none());
            fillings.retain(|filling| in_use(filling.class));
        }
        Ok(fillings)
    }

    /// Fills a class, and notes what came of it.
    async fn fill(&self, filling: &Filling) -> Result<FillReport, Error> {
        let Inner { gateway, board, passes, .. } = &*self.0;
        let class = filling.class.0;
        let result = self.pass(filling).await;
        let outcome = match &result {
            Ok(report) => {
                tracing::info!(class, ?report, "A class was filled");
                Some((filled(*report), None))
            }
            // A process that ends has nothing to say about the school.
            Err(Error::Closing) => None,
            Err(error) => {
                let outcome = error.outcome();
                tracing::warn!(class, step = outcome.step, cause = outcome.words, "A class could not be filled");
                let refused = error.is_refused().then(|| pass::mark(gateway, filling)).flatten();
                Some((outcome, refused))
            }
        };
        if let Some((outcome, refused)) = outcome
            && let Err(error) = board.note_pass(filling, &outcome, refused.as_deref()).await
        {
            tracing::warn!(class, %error, "What came of a pass could not be noted");
        }
        passes.send_modify(|passes| *passes += 1);
        result
    }

    async fn pass(&self, filling: &Filling) -> Result<FillReport, Error> {
        let Inner { gateway, board, config, stop, .. } = &*self.0;
        let classes = board.classes().await?;
        let class = classes.iter().find(|class| class.id == filling.class).ok_or(Error::Unbound)?;
        if class.archived.is_some() {
            return Err(Error::Archived);
        }
        let imported = pass::read(gateway, class, filling, &config.zone, stop).await?;
        Ok(board.fill(filling, &imported).await?)
    }
}

/// What is noted of a pass that went well.
fn filled(report: FillReport) -> Outcome {
    Outcome {
        state: PassState::Filled,
        step: String::new(),
        words: String::new(),
        advice: String::new(),
        until: None,
        report,
    }
}
