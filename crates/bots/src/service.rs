//! The bot at work: what comes in from every platform, what goes out to it, alerts.

use std::sync::Arc;
use std::time::Duration;

use board::{Board, ClassId, Platform};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use transport::Transport;

use crate::alerts::{AlertPace, Teller};
use crate::intake::{Clerk, Desk, Later, Strangers};
use crate::limits::Limits;
use crate::meter::{Meter, State};
use crate::outgoing::{self, Patience, Post};
use crate::polls::Poll;
use crate::{Incoming, telegram, vk};

/// How many messages may wait to be sent to a platform: over an hour's worth of VK's limit. They are in memory too.
const QUEUE: u64 = 100_000;
/// How many messages are read from the disk at once at the start.
const PAGE: u32 = 1000;
/// When a platform may come again with what could not be taken in.
const COME_AGAIN: Duration = Duration::from_secs(10);

/// How the bot works.
#[derive(Debug, Clone)]
pub struct Config {
    /// VK, if it is there.
    pub vk: Option<vk::Config>,
    /// Telegram, if it is there.
    pub telegram: Option<telegram::Config>,
    /// How long and how often a message is tried.
    pub patience: Patience,
    /// How soon chats are told of news.
    pub alerts: AlertPace,
    /// How many messages may wait to be sent to a platform; then nothing more is taken in.
    pub queue: u64,
    /// What a chat hears that is bound to no class.
    pub strangers: Strangers,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            vk: None,
            telegram: None,
            patience: Patience::default(),
            alerts: AlertPace::default(),
            queue: QUEUE,
            strangers: Strangers::default(),
        }
    }
}

/// What to answer to a platform that posted something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallbackAnswer {
    /// It was taken in, or need not be.
    Ok,
    /// VK wants to hear this.
    Confirmation(String),
    /// It is not what the platform posts.
    Malformed,
    /// It does not come from the platform.
    Forbidden,
    /// The platform is not there, or is listened to in another way.
    Absent,
    /// It could not be taken in: it may come again after so long.
    Later(Duration),
}

impl CallbackAnswer {
    /// The status of HTTP.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            CallbackAnswer::Ok | CallbackAnswer::Confirmation(_) => 200,
            CallbackAnswer::Malformed => 400,
            CallbackAnswer::Forbidden => 403,
            CallbackAnswer::Absent => 404,
            CallbackAnswer::Later(_) => 503,
        }
    }

    /// The body, as plain text.
    #[must_use]
    pub fn body(&self) -> &str {
        match self {
            CallbackAnswer::Ok => "ok",
            CallbackAnswer::Confirmation(text) => text,
            CallbackAnswer::Malformed => "this is not an event",
            CallbackAnswer::Forbidden => "this event is not from the platform",
            CallbackAnswer::Absent => "there is no such bot",
            CallbackAnswer::Later(_) => "please come again",
        }
    }
}

/// The bot at work. Clones are the same.
#[derive(Clone)]
pub struct Bots(Arc<Inner>);

struct Inner {
    board: Board,
    vk: Option<Line<vk::Door>>,
    telegram: Option<Line<telegram::Door>>,
    tasks: TaskTracker,
}

/// The connection to a platform.
struct Line<D> {
    platform: Platform,
    door: Option<D>,
    desk: Desk,
    meter: Arc<Meter>,
    intake: &'static str,
}

impl Bots {
    /// Starts everything the configuration wants. It works until `stop` is cancelled.
    ///
    /// # Errors
    /// The queue on the disk cannot be read.
    pub async fn start(
        board: Board,
        config: Config,
        transport: &Transport,
        stop: CancellationToken,
    ) -> Result<Self, board::Error> {
        let start = Start { board: &board, config: &config, tasks: TaskTracker::new(), stop };
        let vk = match &config.vk {
            Some(vk) => Some(start.vk(vk, transport).await?),
            None => None,
        };
        let telegram = match &config.telegram {
            Some(telegram) => Some(start.telegram(telegram, transport).await?),
            None => None,
        };
        let mut desks = Vec::new();
        desks.extend(vk.as_ref().map(|line| (Platform::Vk, line.desk.clone())));
        desks.extend(telegram.as_ref().map(|line| (Platform::Telegram, line.desk.clone())));
        let Start { tasks, stop, .. } = start;
        if !desks.is_empty() {
            tasks.spawn(Teller::new(board.clone(), desks, config.alerts).run(stop));
        }
        tasks.close();
        Ok(Bots(Arc::new(Inner { board, vk, telegram, tasks })))
    }

    /// Answers what VK has posted, once it is on the disk. `retry` is how often VK says to have posted it before
    /// (`X-Retry-Counter`), `class` that at whose door it was posted, if it was at one.
    pub async fn vk_callback(&self, body: &[u8], retry: Option<u32>, class: Option<ClassId>) -> CallbackAnswer {
        let Some((line, door)) = self.0.vk.as_ref().and_then(|line| Some((line, line.door.as_ref()?))) else {
            return CallbackAnswer::Absent;
        };
        if let Some(retry) = retry.filter(|retry| *retry > 0) {
            tracing::info!(retry, "VK posts an event again");
        }
        match door.open(body, self.0.board.now()) {
            Ok(vk::Knock::Confirm(text)) => CallbackAnswer::Confirmation(text),
            Ok(vk::Knock::Message(incoming)) => line.take(incoming, class).await,
            Ok(vk::Knock::Nothing) => CallbackAnswer::Ok,
            Err(vk::Refused::Malformed) => CallbackAnswer::Malformed,
            Err(vk::Refused::Stranger) => CallbackAnswer::Forbidden,
        }
    }

    /// Answers what Telegram has posted, once it is on the disk. `secret` is its `X-Telegram-Bot-Api-Secret-Token`.
    pub async fn telegram_webhook(&self, body: &[u8], secret: Option<&[u8]>) -> CallbackAnswer {
        let Some((line, door)) = self.0.telegram.as_ref().and_then(|line| Some((line, line.door.as_ref()?))) else {
            return CallbackAnswer::Absent;
        };
        match door.open(body, secret, self.0.board.now()) {
            Ok(Some(incoming)) => line.take(incoming, None).await,
            Ok(None) => CallbackAnswer::Ok,
            Err(telegram::Refused::Malformed) => CallbackAnswer::Malformed,
            Err(telegram::Refused::Stranger) => CallbackAnswer::Forbidden,
        }
    }

    /// How the platforms that are there get on.
    #[must_use]
    pub fn state(&self) -> Vec<State> {
        let vk = self.0.vk.as_ref().map(Line::state);
        vk.into_iter().chain(self.0.telegram.as_ref().map(Line::state)).collect()
    }

    /// Waits, after `stop` was cancelled, until what was under way is done.
    pub async fn ended(&self) {
        self.0.tasks.wait().await;
    }
}

impl std::fmt::Debug for Bots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bots").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl<D> Line<D> {
    async fn take(&self, incoming: Incoming, class: Option<ClassId>) -> CallbackAnswer {
        match self.desk.take(vec![incoming], class).await {
            Ok(()) => CallbackAnswer::Ok,
            Err(Later) => CallbackAnswer::Later(COME_AGAIN),
        }
    }

    fn state(&self) -> State {
        self.meter.state(self.platform, self.intake)
    }
}

/// What starting a platform needs.
struct Start<'a> {
    board: &'a Board,
    config: &'a Config,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Start<'_> {
    async fn vk(&self, config: &vk::Config, transport: &Transport) -> Result<Line<vk::Door>, board::Error> {
        let api = Arc::new(vk::Api::new(transport, config));
        let (desk, meter) = self.platform(api.clone(), config.limits).await?;
        let door = vk::Door::of(config);
        let line = vk::LongPoll::of(transport, config);
        let intake = match (&door, &line) {
            (Some(_), None) => "callback",
            (None, Some(_)) => "long poll",
            (Some(_), Some(_)) => "callback, long poll",
            (None, None) => "none",
        };
        if config.long_poll && line.is_none() {
            tracing::error!("VK cannot be listened to: the number of the community is not set");
        }
        if let Some(line) = line {
            self.tasks.spawn(self.poll(&desk, &meter).vk(api, line, config.group));
        }
        Ok(Line { platform: Platform::Vk, door, desk, meter, intake })
    }

    async fn telegram(
        &self,
        config: &telegram::Config,
        transport: &Transport,
    ) -> Result<Line<telegram::Door>, board::Error> {
        let api = Arc::new(telegram::Api::new(transport, config));
        let (desk, meter) = self.platform(api.clone(), config.limits).await?;
        let door = telegram::Door::of(config);
        let poll = self.poll(&desk, &meter);
        let intake = match config.webhook.clone() {
            None => {
                self.tasks.spawn(poll.telegram(api));
                "long poll"
            }
            Some(webhook) => {
                if webhook.url.is_some() {
                    self.tasks.spawn(async move { poll.set_webhook(&api, Some(&webhook)).await });
                }
                "webhook"
            }
        };
        Ok(Line { platform: Platform::Telegram, door, desk, meter, intake })
    }

    /// Starts the desk of a platform and its worker, who begins with what is on the disk.
    async fn platform<P: Post>(&self, post: Arc<P>, limits: Limits) -> Result<(Desk, Arc<Meter>), board::Error> {
        let (board, meter) = (self.board, Arc::new(Meter::default()));
        let (outbox, inbox) = unbounded_channel();
        let mut after = 0;
        loop {
            let page = board.waiting(P::PLATFORM, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.id;
            Meter::add(&meter.waiting, page.len());
            // The other end is in this function.
            let _ = outbox.send(page);
        }
        let manners = (limits, self.config.patience);
        self.tasks.spawn(outgoing::empty(board.clone(), post, manners, inbox, meter.clone(), self.stop.clone()));
        let whose = (P::PLATFORM, self.config.strangers);
        let (desk, clerk) = Clerk::new(board.clone(), whose, self.config.queue, outbox, meter.clone());
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = clerk.run() => {}
            }
        });
        Ok((desk, meter))
    }

    fn poll(&self, desk: &Desk, meter: &Arc<Meter>) -> Poll {
        Poll {
            board: self.board.clone(),
            desk: desk.clone(),
            meter: meter.clone(),
            patience: self.config.patience,
            stop: self.stop.clone(),
        }
    }
}
