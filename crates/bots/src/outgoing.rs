//! The worker of a platform: it empties the queue on the disk, as fast as the platform takes messages.
//!
//! A message leaves the queue when the platform has taken it, or when it is given up. If the program ends between the
//! two, the message is sent again after the next start; VK knows it again by its number and sends it once.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use board::{Board, Outgoing, Platform};
use jiff::SignedDuration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::lanes::{Lanes, Turn};
use crate::limits::Limits;
use crate::meter::{Health, Meter};
use crate::parcel::Parcel;
use crate::refusal::{Cure, Refusal};
use crate::{Message, telegram, vk};

/// How long the end waits for messages that are under way.
const GRACE: Duration = Duration::from_secs(5);
/// How long to wait before the disk is tried again.
const DISK_PAUSE: Duration = Duration::from_secs(1);
/// How many messages are taken off the disk together.
const MOST_TOGETHER: usize = 512;
/// After so many failures in a row the platform is taken to be out of order, and tried with one message at a time.
const OUTAGE: u32 = 5;

/// How long and how often a message is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The pause after the first failure; each later one is twice as long.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// The pause when the platform is to be left alone for long.
    pub much_later: Duration,
    /// The pause when the access token is refused.
    pub token: Duration,
    /// How often a message is tried.
    pub tries: u32,
    /// How long a message may wait: what was due tomorrow is of no use the day after.
    pub age: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
        Patience {
            first: Duration::from_secs(1),
            longest: minutes(5),
            much_later: minutes(10),
            token: minutes(15),
            tries: 16,
            age: minutes(6 * 60),
        }
    }
}

impl Patience {
    /// The pause after so many failures.
    pub(crate) fn pause(&self, failures: u32) -> Duration {
        let times = 1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first.saturating_mul(times).min(self.longest)
    }
}

/// Where messages are posted.
pub(crate) trait Post: Send + Sync + 'static {
    /// Which platform it is.
    const PLATFORM: Platform;

    /// Posts a message, with its number.
    fn post(&self, peer: i64, message: &Message, number: i32) -> impl Future<Output = Result<(), Refusal>> + Send;
}

impl Post for vk::Api {
    const PLATFORM: Platform = Platform::Vk;

    async fn post(&self, peer: i64, message: &Message, number: i32) -> Result<(), Refusal> {
        self.send(peer, message, number).await
    }
}

impl Post for telegram::Api {
    const PLATFORM: Platform = Platform::Telegram;

    async fn post(&self, peer: i64, message: &Message, _: i32) -> Result<(), Refusal> {
        self.send(peer, message).await
    }
}

/// Empties the queue of a platform, of which it gets each message once through `inbox`, until it is stopped.
pub(crate) async fn empty<P: Post>(
    board: Board,
    post: Arc<P>,
    manners: (Limits, Patience),
    inbox: UnboundedReceiver<Vec<Outgoing>>,
    meter: Arc<Meter>,
    stop: CancellationToken,
) {
    let (worker, shelf) = Worker::new(board, post, manners, inbox, meter);
    tokio::join!(worker.work(stop), shelf.clear());
}

struct Worker<P> {
    board: Board,
    post: Arc<P>,
    patience: Patience,
    at_once: usize,
    lanes: Lanes,
    under_way: JoinSet<(Parcel, Result<(), Refusal>)>,
    inbox: UnboundedReceiver<Vec<Outgoing>>,
    meter: Arc<Meter>,
    /// Tells the disk which messages are done with.
    done: UnboundedSender<i64>,
    /// Failures of the platform itself, in a row.
    failures: u32,
}

impl<P: Post> Worker<P> {
    fn new(
        board: Board,
        post: Arc<P>,
        (limits, patience): (Limits, Patience),
        inbox: UnboundedReceiver<Vec<Outgoing>>,
        meter: Arc<Meter>,
    ) -> (Self, Shelf) {
        let (done, receiver) = unbounded_channel();
        let shelf = Shelf { board: board.clone(), platform: P::PLATFORM, done: receiver };
        let worker = Worker {
            board,
            post,
            patience,
            at_once: limits.at_once.max(1),
            lanes: Lanes::new(limits),
            under_way: JoinSet::new(),
            inbox,
            meter,
            done,
            failures: 0,
        };
        (worker, shelf)
    }

    /// Works until it is stopped or nothing can come any more; what is under way then is waited for, but not for long.
    async fn work(mut self, stop: CancellationToken) {
        loop {
            let wake = self.dispatch();
            tokio::select! {
                () = stop.cancelled() => break,
                queued = self.inbox.recv() => match queued {
                    Some(queued) => self.take(queued),
                    None => break,
                },
                Some(ended) = self.under_way.join_next(), if !self.under_way.is_empty() => self.settle(ended).await,
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {}
            }
        }
        let rest = async {
            while let Some(ended) = self.under_way.join_next().await {
                self.settle(ended).await;
            }
        };
        if timeout(GRACE, rest).await.is_err() {
            tracing::warn!(platform = %P::PLATFORM, "Messages under way were not waited for; they will be sent again");
        }
    }

    fn take(&mut self, queued: Vec<Outgoing>) {
        let (now, moment) = (Instant::now(), self.board.now());
        for outgoing in queued {
            let (id, due) = (outgoing.id, outgoing.due);
            let wait = Duration::try_from(due.duration_since(moment)).unwrap_or_default().min(self.patience.age);
            match Parcel::of(outgoing) {
                Some(parcel) => self.lanes.add(parcel, now + wait, now),
                None => self.give_up(id, "it is no message"),
            }
        }
    }

    /// Sends what can be sent now, and tells when more can be.
    fn dispatch(&mut self) -> Option<Instant> {
        let in_trouble = self.failures >= OUTAGE || self.meter.health() == Health::TokenRefused;
        let most = if in_trouble { 1 } else { self.at_once };
        let now = Instant::now();
        let oldest = self.board.now().checked_sub(SignedDuration::try_from(self.patience.age).unwrap_or_default());
        while self.under_way.len() < most {
            let parcel = match self.lanes.next(now) {
                Turn::Send(parcel) => parcel,
                Turn::Wait(until) => return Some(until),
                Turn::Idle => return None,
            };
            let too_old = oldest.as_ref().is_ok_and(|oldest| parcel.created < oldest.as_millisecond());
            let Some((message, number)) = parcel.part().filter(|_| !too_old) else {
                self.lanes.gone(parcel.peer, now);
                self.give_up(parcel.id, "it has waited too long");
                continue;
            };
            let (post, message) = (self.post.clone(), message.clone());
            self.under_way.spawn(async move {
                let result = post.post(parcel.peer, &message, number).await;
                (parcel, result)
            });
        }
        None
    }

    /// Draws the consequences of what became of a message.
    async fn settle(&mut self, ended: Result<(Parcel, Result<(), Refusal>), JoinError>) {
        let Ok((mut parcel, result)) = ended else {
            // Nothing in a task panics or is aborted; should it, the message is sent after the next start.
            tracing::error!(platform = %P::PLATFORM, "Sending a message broke off");
            return;
        };
        let now = Instant::now();
        let Err(refusal) = result else {
            self.failures = 0;
            if self.meter.note(Health::Good) {
                tracing::info!(platform = %P::PLATFORM, "Messages are taken again");
            }
            if parcel.part_sent() {
                self.lanes.again(parcel, now, now);
            } else {
                Meter::add(&self.meter.sent, 1);
                self.lanes.gone(parcel.peer, now);
                self.finish(parcel.id);
            }
            return;
        };
        self.failures = if refusal.is_outage() { self.failures.saturating_add(1) } else { 0 };
        if self.failures >= OUTAGE {
            self.lanes.pause(now + self.patience.pause(self.failures - OUTAGE + 1));
            if self.meter.note(Health::Unreachable) {
                tracing::warn!(platform = %P::PLATFORM, error = %refusal, "The platform seems to be out of order");
            }
        }
        parcel.tries += 1;
        let exhausted = parcel.tries >= self.patience.tries;
        let at = match refusal.cure() {
            Cure::Soon if !exhausted => Some(self.patience.pause(parcel.tries)),
            Cure::MuchLater if !exhausted => Some(self.patience.much_later),
            Cure::After(pause) => {
                // Nobody's fault, so that it does not count; a restart need not know of it either.
                parcel.tries -= 1;
                Meter::add(&self.meter.retried, 1);
                self.lanes.again(parcel, now + pause, now);
                return;
            }
            Cure::Token => {
                if self.meter.note(Health::TokenRefused) {
                    tracing::error!(platform = %P::PLATFORM, error = %refusal, "The access token is refused: nothing can be sent");
                }
                parcel.tries -= 1;
                self.lanes.pause(now + self.patience.token);
                self.lanes.again(parcel, now + self.patience.token, now);
                return;
            }
            Cure::WithoutKeyboard if parcel.without_keyboard() => Some(Duration::ZERO),
            Cure::Shorter if parcel.shorten() => Some(Duration::ZERO),
            _ => None,
        };
        match at {
            Some(pause) => {
                tracing::debug!(platform = %P::PLATFORM, error = %refusal, ?pause, "A message goes again");
                Meter::add(&self.meter.retried, 1);
                self.postpone(&parcel, pause).await;
                self.lanes.again(parcel, now + pause, now);
            }
            None => {
                self.lanes.gone(parcel.peer, now);
                self.give_up(parcel.id, &refusal.to_string());
            }
        }
    }

    /// Lets the disk know that a message goes later, for the case of a restart. Without it, it would only go sooner.
    async fn postpone(&self, parcel: &Parcel, pause: Duration) {
        let until = self.board.now().checked_add(pause).unwrap_or_else(|_| self.board.now());
        if let Err(error) = self.board.postpone(parcel.id, until, None).await {
            tracing::warn!(platform = %P::PLATFORM, %error, "It could not be noted that a message goes later");
        }
    }

    fn give_up(&mut self, id: i64, why: &str) {
        tracing::warn!(platform = %P::PLATFORM, why, "A message is given up");
        Meter::add(&self.meter.given_up, 1);
        self.finish(id);
    }

    fn finish(&mut self, id: i64) {
        self.meter.waiting.fetch_sub(1, Ordering::Relaxed);
        // The other end is there as long as this one.
        let _ = self.done.send(id);
    }
}

/// Takes messages off the disk that are done with, those of the same moment together. It has its own pace: nobody waits
/// for the disk before sending. What it has not done when the program is killed is sent again.
struct Shelf {
    board: Board,
    platform: Platform,
    done: UnboundedReceiver<i64>,
}

impl Shelf {
    /// Works until nothing can come any more.
    async fn clear(mut self) {
        let mut ids = Vec::new();
        while self.done.recv_many(&mut ids, MOST_TOGETHER).await > 0 {
            while let Err(error) = self.board.sent(&ids).await {
                tracing::warn!(platform = %self.platform, %error, "It could not be noted which messages were sent");
                if self.done.is_closed() {
                    return;
                }
                sleep(DISK_PAUSE).await;
            }
            ids.clear();
        }
    }
}

#[cfg(test)]
mod tests;
