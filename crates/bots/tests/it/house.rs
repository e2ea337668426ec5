//! A bot with a board and emulated platforms.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use board::{Actor, Board, ClassId, Expect, Platform};
use bots::{AlertPace, Bots, Config, Limits, Patience, Strangers, telegram, vk};
use emulator::chat::{Call, Telegram, TelegramConfig, Vk, VkConfig};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use transport::Transport;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(60);
/// Wednesday, 16 September 2026, at noon.
const NOW: i64 = 1_789_560_000;

/// A bot and all that is around it.
pub(crate) struct House {
    pub(crate) board: Board,
    pub(crate) vk: Vk,
    pub(crate) telegram: Telegram,
    pub(crate) bots: Bots,
    pub(crate) class: ClassId,
    config: Config,
    clock: Arc<AtomicI64>,
    stop: CancellationToken,
    _folder: TempDir,
}

/// What a test wants otherwise.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) vk_secret: Option<&'static str>,
    pub(crate) vk_group: Option<i64>,
    pub(crate) vk_long_poll: bool,
    pub(crate) telegram_secret: Option<&'static str>,
    pub(crate) queue: u64,
    pub(crate) patience: Patience,
}

impl Default for Wish {
    /// VK by callback, Telegram by webhook, and no waiting.
    fn default() -> Self {
        let patience = Patience {
            first: Duration::ZERO,
            longest: Duration::ZERO,
            much_later: Duration::ZERO,
            token: Duration::ZERO,
            ..Patience::default()
        };
        Wish {
            vk_secret: None,
            vk_group: None,
            vk_long_poll: false,
            telegram_secret: Some("s3cret"),
            queue: 100_000,
            patience,
        }
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::wishing(Wish::default()).await
    }

    pub(crate) async fn wishing(wish: Wish) -> Self {
        let vk_secret = wish.vk_secret.map(str::to_owned);
        let vk = Vk::start(VkConfig { secret: vk_secret, ..VkConfig::default() }).await.unwrap();
        let telegram = Telegram::start(TelegramConfig::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOW));
        let board = Board::open(board::Config {
            zone: TimeZone::UTC,
            clock: {
                let clock = clock.clone();
                Arc::new(move || Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap())
            },
            ..board::Config::new(folder.path())
        })
        .await
        .unwrap();
        let class = board.default_class().await.unwrap().id;
        let callback =
            vk::Callback { confirmation: vk.config().confirmation.clone(), secret: wish.vk_secret.map(Into::into) };
        let config = Config {
            vk: Some(vk::Config {
                api: vk.url().parse().unwrap(),
                group: wish.vk_group,
                callback: (!wish.vk_long_poll).then_some(callback),
                long_poll: wish.vk_long_poll,
                limits: Limits::none(),
                ..vk::Config::new(vk.config().token.clone().into())
            }),
            telegram: Some(telegram::Config {
                api: telegram.url().parse().unwrap(),
                webhook: wish.telegram_secret.map(|secret| telegram::Webhook { url: None, secret: secret.into() }),
                limits: Limits::none(),
                ..telegram::Config::new(telegram.config().token.clone().into())
            }),
            patience: wish.patience,
            alerts: AlertPace { look: Duration::from_millis(1), ..AlertPace::default() },
            queue: wish.queue,
            strangers: Strangers::HearAClass,
        };
        let stop = CancellationToken::new();
        let bots = start(&board, &config, &stop).await;
        if wish.vk_long_poll {
            // What comes before VK was asked is not for this bot.
            vk.all_heard().await;
        }
        House { board, vk, telegram, bots, class, config, clock, stop, _folder: folder }
    }

    /// Ends the bot and starts it again, on the same board.
    pub(crate) async fn restart(&mut self) {
        self.stop.cancel();
        self.bots.ended().await;
        self.stop = CancellationToken::new();
        self.bots = start(&self.board, &self.config, &self.stop).await;
    }

    /// Ends the bot.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.bots.ended().await;
    }

    /// Lets so many seconds pass on the board's clock.
    pub(crate) fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Puts what VK would post at the door, and returns status and body of the answer.
    pub(crate) async fn post(&self, event: &serde_json::Value) -> (u16, String) {
        let answer = self.bots.vk_callback(event.to_string().as_bytes(), None, None).await;
        (answer.status(), answer.body().to_owned())
    }

    /// Writes something to the bot on VK.
    pub(crate) async fn write(&self, peer: i64, text: &str) {
        let answer = self.post(&self.vk.message_event(peer, text)).await;
        assert_eq!(answer, (200, "ok".to_owned()));
    }

    /// Waits until nothing waits to be sent, and returns what VK was asked to send.
    pub(crate) async fn quiet(&self) -> Vec<Call> {
        wait(|| self.bots.state().iter().all(|state| state.waiting == 0)).await;
        self.vk.calls()
    }

    /// Gives the class some subjects, with homework.
    pub(crate) async fn subjects(&self, subjects: &[(&str, &str)]) {
        let names: Vec<String> = subjects.iter().map(|(name, _)| (*name).to_owned()).collect();
        let by = Actor::program("test");
        let added = self.board.add_subjects(&by, self.class, &names).await.unwrap();
        for (subject, (_, note)) in added.iter().zip(subjects) {
            self.board.set_note(&by, self.class, subject.number, note, Expect::Anything).await.unwrap();
        }
    }

    pub(crate) fn count(&self, platform: Platform, count: impl Fn(&bots::State) -> u64) -> u64 {
        self.bots.state().iter().find(|state| state.platform == platform).map(count).unwrap()
    }
}

async fn start(board: &Board, config: &Config, stop: &CancellationToken) -> Bots {
    let transport = Transport::new(transport::Config::default()).unwrap();
    Bots::start(board.clone(), config.clone(), &transport, stop.clone()).await.unwrap()
}

/// Waits for what must happen soon. All happens on one thread: giving way lets it happen.
pub(crate) async fn wait(happened: impl Fn() -> bool) {
    let waiting = async {
        while !happened() {
            tokio::task::yield_now().await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "it did not happen");
}

/// To whom what was said.
pub(crate) fn said(calls: &[Call]) -> Vec<(i64, &str)> {
    calls.iter().map(|call| (call.peer, call.text.as_str())).collect()
}
