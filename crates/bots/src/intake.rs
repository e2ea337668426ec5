//! The desk of a platform: what comes in is answered and put on the disk, all that comes at the same time in one
//! transaction. Whoever brought it hears of it when it is there.

mod chats;
mod guesses;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use board::{Board, ClassId, Intake, Outgoing, Platform, Snapshot};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use serde_json::Value;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedSender};
use tokio::sync::oneshot;

use self::chats::Chats;
use self::guesses::Guesses;
use crate::meter::Meter;
use crate::{Effect, Incoming, Message, Outcome, answer, converse, earlier_day, language_of, split};

/// How many who bring something may wait; others wait before they can.
const MOST_WAITING: usize = 1024;
/// How many events go to the disk together.
const MOST_TOGETHER: usize = 256;
/// The most messages that one answer becomes: nobody reads more, and everybody else would wait for them.
const MOST_PARTS: usize = 24;
/// How many days an answer about the past looks at from the first day of the class that is in memory.
const DAYS_AFTER: i64 = 60;

/// What a chat hears that is bound to no class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Strangers {
    /// The class at whose door it came, or the oldest.
    #[default]
    HearAClass,
    /// That it needs the code of a class.
    NeedCode,
}

/// Why something was not taken in. Whoever brought it may come again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Later;

/// Where to bring what comes in.
#[derive(Debug, Clone)]
pub(crate) struct Desk(Sender<Brought>);

/// What was brought, and who is to hear of it.
struct Brought {
    /// The class at whose door it was brought, if it was at one.
    door: Option<ClassId>,
    incoming: Vec<Incoming>,
    alerts: Vec<Intake>,
    answer: oneshot::Sender<Result<(), Later>>,
}

impl Desk {
    /// Has messages answered. When this returns, the answers are on the disk; or none is. Chats that are bound to no
    /// class are answered for the one at whose door they came.
    pub(crate) async fn take(&self, incoming: Vec<Incoming>, door: Option<ClassId>) -> Result<(), Later> {
        self.bring(incoming, Vec::new(), door).await
    }

    /// Has chats told what they did not ask for.
    pub(crate) async fn tell(&self, alerts: Vec<Intake>) -> Result<(), Later> {
        self.bring(Vec::new(), alerts, None).await
    }

    async fn bring(&self, incoming: Vec<Incoming>, alerts: Vec<Intake>, door: Option<ClassId>) -> Result<(), Later> {
        let (answer, heard) = oneshot::channel();
        self.0.send(Brought { door, incoming, alerts, answer }).await.map_err(|_| Later)?;
        heard.await.map_err(|_| Later)?
    }
}

/// Whoever sits at the desk.
pub(crate) struct Clerk {
    board: Board,
    platform: Platform,
    strangers: Strangers,
    /// The most messages that may wait to be sent; then nothing is taken in.
    queue: u64,
    brought: Receiver<Brought>,
    outbox: UnboundedSender<Vec<Outgoing>>,
    meter: Arc<Meter>,
    chats: Chats,
    guesses: Guesses,
}

impl Clerk {
    /// Sets up a desk, with whoever sits at it; what is queued goes to `outbox`.
    pub(crate) fn new(
        board: Board,
        (platform, strangers): (Platform, Strangers),
        queue: u64,
        outbox: UnboundedSender<Vec<Outgoing>>,
        meter: Arc<Meter>,
    ) -> (Desk, Self) {
        let (sender, brought) = mpsc::channel(MOST_WAITING);
        let (chats, guesses) = (Chats::new(platform), Guesses::default());
        (Desk(sender), Clerk { board, platform, strangers, queue, brought, outbox, meter, chats, guesses })
    }

    /// Works until nobody can bring anything any more.
    pub(crate) async fn run(mut self) {
        while let Some(first) = self.brought.recv().await {
            let mut count = first.incoming.len() + first.alerts.len();
            let mut together = vec![first];
            while count < MOST_TOGETHER
                && let Ok(next) = self.brought.try_recv()
            {
                count += next.incoming.len() + next.alerts.len();
                together.push(next);
            }
            let mut result = Err(Later);
            if self.meter.waiting.load(Ordering::Relaxed) < self.queue {
                result = self.take(&mut together).await.map_err(|error| {
                    tracing::error!(platform = %self.platform, %error, "What chats say could not be taken in");
                    Later
                });
            } else {
                tracing::warn!(platform = %self.platform, "Too much waits to be sent, nothing is taken in");
            }
            for brought in together {
                // Who did not wait will come again.
                let _ = brought.answer.send(result);
            }
        }
    }

    /// Answers everything, and stores the answers. What was stored when something fails is known when it comes again.
    async fn take(&mut self, together: &mut [Brought]) -> Result<(), board::Error> {
        let mut intakes = Vec::new();
        for brought in together {
            Meter::add(&self.meter.received, brought.incoming.len());
            for incoming in &brought.incoming {
                let class = self.class_of(incoming, brought.door).await?;
                let Outcome { mut messages, effect } = self.converse(incoming, class.as_ref()).await?;
                if let Some(effect) = effect {
                    // What was said before was about the chat as it was.
                    self.store(std::mem::take(&mut intakes)).await?;
                    if self.is_known(incoming).await? {
                        continue;
                    }
                    messages = self.carry_out(effect, incoming, class.as_ref(), messages).await?;
                }
                // An event that is not answered need not be known again either.
                if !messages.is_empty() {
                    let bodies = messages.into_iter().flat_map(parts).map(|message| (incoming.peer, body(&message)));
                    let event = incoming.event.clone();
                    intakes.push(Intake { event, messages: bodies.collect(), told: Vec::new() });
                }
            }
            intakes.append(&mut brought.alerts);
        }
        self.store(intakes).await
    }

    async fn store(&self, intakes: Vec<Intake>) -> Result<(), board::Error> {
        if intakes.is_empty() {
            return Ok(());
        }
        let queued = self.board.take_in(self.platform, &intakes).await?;
        Meter::add(&self.meter.waiting, queued.len());
        // Without a worker, at the very end, they wait on the disk.
        let _ = self.outbox.send(queued);
        Ok(())
    }

    /// The class that a chat belongs to: that it is bound to; or else the one at whose door it came, or the one that is
    /// meant when none is named, unless chats need a code.
    async fn class_of(
        &mut self,
        incoming: &Incoming,
        door: Option<ClassId>,
    ) -> Result<Option<Arc<Snapshot>>, board::Error> {
        let bound = self.chats.class_of(&self.board, incoming.peer).await?;
        if bound.is_none() && self.strangers == Strangers::NeedCode {
            return Ok(None);
        }
        let id = match bound.or(door) {
            Some(class) => class,
            None => match self.board.class_id(None).await {
                Err(board::Error::Missing(_)) => return Ok(None),
                default => default?,
            },
        };
        let class = self.board.snapshot(id).await?;
        Ok(class.class.archived.is_none().then_some(class))
    }

    async fn converse(&self, incoming: &Incoming, class: Option<&Arc<Snapshot>>) -> Result<Outcome, board::Error> {
        let Some(class) = class else { return Ok(converse(incoming, None, &TimeZone::UTC)) };
        let zone = self.board.zone_of(&class.class);
        let Some(day) = earlier_day(incoming, class, &zone) else { return Ok(converse(incoming, Some(class), &zone)) };
        let until = class.since.saturating_add(DAYS_AFTER.days());
        let around = self.board.snapshot_around(class.class.id, day, until).await?;
        Ok(converse(incoming, Some(&around), &zone))
    }

    async fn is_known(&self, incoming: &Incoming) -> Result<bool, board::Error> {
        match &incoming.event {
            Some(event) => self.board.knows(self.platform, event).await,
            None => Ok(false),
        }
    }

    /// Does what a message wants done, and returns what is said then.
    async fn carry_out(
        &mut self,
        effect: Effect,
        incoming: &Incoming,
        class: Option<&Arc<Snapshot>>,
        said: Vec<Message>,
    ) -> Result<Vec<Message>, board::Error> {
        use board::Error::{Invalid, Missing};
        let (platform, peer) = (self.platform, incoming.peer);
        match effect {
            Effect::Bind { language, .. } if !self.guesses.may(peer) => Ok(vec![answer::no_such_code(language)]),
            Effect::Bind { code, language } => match self.board.bind_chat(platform, peer, &code).await {
                Ok(class) => Ok(vec![answer::bound(&class)]),
                Err(Missing(_) | Invalid { .. }) => {
                    self.guesses.wrong(peer);
                    Ok(vec![answer::no_such_code(language)])
                }
                Err(error) => Err(error),
            },
            Effect::Leave => self.board.leave_chat(platform, peer).await.map(|_| said),
            Effect::Alerts(alerts) => match self.board.set_alerts(platform, peer, alerts).await {
                Ok(()) => Ok(said),
                Err(Missing(_)) => {
                    let language = class.map(|class| language_of(class.class.settings.language));
                    Ok(vec![answer::unbound(language.unwrap_or_default())])
                }
                Err(error) => Err(error),
            },
        }
    }
}

/// The messages that one becomes which are short enough; of a very long one the beginning.
fn parts(message: Message) -> Vec<Message> {
    let mut parts = split(message);
    if parts.len() > MOST_PARTS {
        parts.truncate(MOST_PARTS);
        parts.push(Message::text("…"));
    }
    parts
}

/// A message as it stands in the queue.
pub(crate) fn body(message: &Message) -> Value {
    serde_json::to_value(message).unwrap_or_default()
}
