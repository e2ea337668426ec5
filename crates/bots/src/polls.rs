//! Those who ask a platform for news, again and again: VK's long poll, Telegram's updates.

use std::sync::Arc;
use std::time::Duration;

use board::{Board, Platform};
use serde_json::Value;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::intake::Desk;
use crate::meter::{Health, Meter};
use crate::refusal::{Cure, Refusal};
use crate::{Incoming, Patience, telegram, vk};

/// Whatever the settings say, a platform is not asked without a pause after it failed.
const LEAST_PAUSE: Duration = Duration::from_millis(10);
/// A platform with nothing to tell lets wait; so often in a row it may not.
const MOST_HASTE: u32 = 3;
/// An answer within this time came without a wait.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What a poll needs of its surroundings.
pub(crate) struct Poll {
    pub(crate) board: Board,
    pub(crate) desk: Desk,
    pub(crate) meter: Arc<Meter>,
    pub(crate) patience: Patience,
    pub(crate) stop: CancellationToken,
}

impl Poll {
    /// Listens to VK until it is stopped.
    pub(crate) async fn vk(self, api: Arc<vk::Api>, mut line: vk::LongPoll, group: Option<i64>) {
        // What was written while nobody listened is answered too, as far as VK remembers it.
        match self.board.position(Platform::Vk).await {
            Ok(position) => line.resume(&position.unwrap_or_default()),
            Err(error) => tracing::warn!(%error, "It is not known how far VK was listened to"),
        }
        let (mut failures, mut haste) = (0, Haste::default());
        while let Some(heard) = self.unless_stopped(line.listen(&api)).await {
            let news = match heard {
                Ok(news) => news,
                Err(refusal) => {
                    self.rest(Platform::Vk, &refusal, &mut failures).await;
                    continue;
                }
            };
            self.recover(&mut failures);
            self.unless_stopped(haste.slow_down(news.events.is_empty())).await;
            let read = |event: &Value| match vk::read(event, group, self.board.now()) {
                Ok(vk::Event::Message(incoming)) => Some(incoming),
                _ => None,
            };
            if self.take(news.events.iter().filter_map(read).collect()).await {
                let another = line.heard(news);
                if let Some(position) = line.position().filter(|_| another)
                    && let Err(error) = self.board.set_position(Platform::Vk, &position).await
                {
                    tracing::warn!(%error, "It could not be noted how far VK was listened to");
                }
            }
        }
    }

    /// Asks Telegram for updates until it is stopped.
    pub(crate) async fn telegram(self, api: Arc<telegram::Api>) {
        // As long as they are posted somewhere, they cannot be asked for.
        self.set_webhook(&api, None).await;
        let (mut failures, mut haste, mut offset) = (0, Haste::default(), 0);
        while let Some(heard) = self.unless_stopped(api.updates(offset)).await {
            let updates = match heard {
                Ok(updates) => updates,
                Err(refusal) => {
                    self.rest(Platform::Telegram, &refusal, &mut failures).await;
                    continue;
                }
            };
            self.recover(&mut failures);
            self.unless_stopped(haste.slow_down(updates.is_empty())).await;
            let now = self.board.now();
            if self.take(updates.iter().filter_map(|update| telegram::read(update, now)).collect()).await {
                let last = updates.iter().filter_map(telegram::number_of).max();
                offset = last.map_or(offset, |last| last.saturating_add(1));
            }
        }
    }

    /// Tells Telegram where updates are to be posted, or that they will be asked for; again until it has heard it.
    pub(crate) async fn set_webhook(&self, api: &telegram::Api, webhook: Option<&telegram::Webhook>) {
        let mut failures = 0;
        while let Some(Err(refusal)) = self.unless_stopped(api.set_webhook(webhook)).await {
            self.rest(Platform::Telegram, &refusal, &mut failures).await;
        }
    }

    /// Takes in what was heard; when it cannot be, the same will be heard again a little later.
    async fn take(&self, incoming: Vec<Incoming>) -> bool {
        if incoming.is_empty() {
            return true;
        }
        let taken = self.desk.take(incoming, None).await.is_ok();
        if !taken {
            self.unless_stopped(sleep(self.patience.first)).await;
        }
        taken
    }

    /// Waits before the next try.
    async fn rest(&self, platform: Platform, refusal: &Refusal, failures: &mut u32) {
        *failures = failures.saturating_add(1);
        let pause = match refusal.cure() {
            Cure::After(pause) => pause,
            Cure::Token => {
                if self.meter.note(Health::TokenRefused) {
                    tracing::error!(%platform, error = %refusal, "The access token is refused: nothing can be heard");
                }
                self.patience.token
            }
            Cure::MuchLater | Cure::Never => self.patience.much_later,
            Cure::Soon | Cure::WithoutKeyboard | Cure::Shorter => self.patience.pause(*failures),
        };
        if *failures == 1 {
            tracing::warn!(%platform, error = %refusal, ?pause, "The platform could not be listened to");
        }
        self.unless_stopped(sleep(pause.max(LEAST_PAUSE))).await;
    }

    /// Notes that the platform can be listened to.
    fn recover(&self, failures: &mut u32) {
        if std::mem::take(failures) > 0 && self.meter.note(Health::Good) {
            tracing::info!("A platform can be listened to again");
        }
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            () = self.stop.cancelled() => None,
            done = work => Some(done),
        }
    }
}

/// Answers that told nothing and came at once, in a row: something between us and the platform is broken.
#[derive(Default)]
struct Haste {
    count: u32,
    last: Option<Instant>,
}

impl Haste {
    /// Waits if the platform would otherwise be asked again and again without a pause.
    async fn slow_down(&mut self, empty: bool) {
        let at_once = self.last.replace(Instant::now()).is_some_and(|last| last.elapsed() < AT_ONCE);
        self.count = if empty && at_once { self.count + 1 } else { 0 };
        if self.count > MOST_HASTE {
            self.count = 0;
            sleep(AT_ONCE).await;
        }
    }
}
