//! Emulated chat platforms, and a bot that they post to.

use std::time::Duration;

use board::{Board, Platform};
use bots::{Bots, Config, Limits, Patience, telegram, vk};
use emulator::chat::{Call, Telegram, TelegramConfig, Vk, VkConfig};
use tokio_util::sync::{CancellationToken, DropGuard};
use transport::Transport;

use crate::house::House;

/// What Telegram's updates carry.
pub(crate) const TELEGRAM_SECRET: &str = "s3cret";

/// The platforms.
pub(crate) struct Chats {
    pub(crate) vk: Vk,
    pub(crate) telegram: Telegram,
    stop: CancellationToken,
    _end: DropGuard,
}

impl Chats {
    /// Platforms of which VK's events carry a secret, or none.
    pub(crate) async fn open(secret: Option<&str>) -> Self {
        let stop = CancellationToken::new();
        let vk = Vk::start(VkConfig { secret: secret.map(str::to_owned), ..VkConfig::default() }).await.unwrap();
        let telegram = Telegram::start(TelegramConfig::default()).await.unwrap();
        Chats { vk, telegram, _end: stop.clone().drop_guard(), stop }
    }

    /// A bot that tries again at once.
    pub(crate) async fn start(&self, board: &Board) -> Bots {
        let VkConfig { token, group, confirmation, secret, .. } = self.vk.config().clone();
        let callback = vk::Callback { confirmation, secret: secret.map(Into::into) };
        let patience = Patience { first: Duration::ZERO, longest: Duration::ZERO, ..Patience::default() };
        let config = Config {
            vk: Some(vk::Config {
                api: self.vk.url().parse().unwrap(),
                group: Some(group),
                callback: Some(callback),
                limits: Limits::none(),
                ..vk::Config::new(token.into())
            }),
            telegram: Some(telegram::Config {
                api: self.telegram.url().parse().unwrap(),
                webhook: Some(telegram::Webhook { url: None, secret: TELEGRAM_SECRET.into() }),
                limits: Limits::none(),
                ..telegram::Config::new(self.telegram.config().token.clone().into())
            }),
            patience,
            ..Config::default()
        };
        let transport = Transport::new(transport::Config::default()).unwrap();
        Bots::start(board.clone(), config, &transport, self.stop.clone()).await.unwrap()
    }

    /// Waits until nothing waits to be sent, and tells what a platform was asked to send.
    pub(crate) async fn quiet(&self, house: &House, platform: Platform) -> Vec<Call> {
        let bots = house.bots.as_ref().unwrap();
        let waited = tokio::time::timeout(Duration::from_secs(60), async {
            while bots.state().iter().any(|state| state.waiting > 0) {
                tokio::task::yield_now().await;
            }
        });
        waited.await.expect("everything is sent in time");
        if platform == Platform::Vk { self.vk.calls() } else { self.telegram.calls() }
    }
}
