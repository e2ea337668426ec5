//! The Telegram Bot API, as far as a bot that talks uses it.

mod methods;
mod updates;

use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::updates::Updates;
use super::journal::{Call, Counts, Journal};
use super::script::{Next, Script};
use super::served::{Rate, Served};

/// What the platform knows of the one bot it has.
#[derive(Debug, Clone)]
pub struct TelegramConfig {
    /// The bot's token.
    pub token: String,
    /// The bot's name, without the `@`.
    pub name: String,
    /// How many messages a second are taken; Telegram takes about 30. Default: any number.
    pub rate: Option<u32>,
}

impl Default for TelegramConfig {
    fn default() -> Self {
        TelegramConfig { token: "4242:emulated".to_owned(), name: "cartable_bot".to_owned(), rate: None }
    }
}

/// Where a bot wants its updates posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// What the header `X-Telegram-Bot-Api-Secret-Token` is to hold.
    pub secret: Option<String>,
}

/// A running platform. Dropping it stops it.
pub struct Telegram {
    state: Arc<State>,
    served: Served,
}

struct State {
    config: TelegramConfig,
    journal: Journal,
    script: Script,
    rate: Rate,
    updates: Updates,
    webhook: Mutex<Option<Webhook>>,
    messages: AtomicI64,
    stop: CancellationToken,
}

impl State {
    fn webhook(&self) -> MutexGuard<'_, Option<Webhook>> {
        self.webhook.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Telegram {
    /// Serves on a free port of this machine's loopback.
    ///
    /// # Errors
    /// No port can be bound.
    pub async fn start(config: TelegramConfig) -> io::Result<Self> {
        Self::serve(config, Served::listener().await?)
    }

    /// Serves on a bound socket. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// The socket has no address.
    pub fn serve(config: TelegramConfig, listener: TcpListener) -> io::Result<Self> {
        let stop = CancellationToken::new();
        let state = Arc::new(State {
            journal: Journal::new(),
            script: Script::new(),
            rate: Rate::new(config.rate),
            updates: Updates::new(),
            webhook: Mutex::default(),
            messages: AtomicI64::new(0),
            stop: stop.clone(),
            config,
        });
        let router = Router::new().route("/{bot}/{method}", any(methods::call)).with_state(state.clone());
        Ok(Telegram { state, served: Served::start(listener, router, stop)? })
    }

    /// The base of the API, for a bot's settings: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.served.address)
    }

    /// What the platform knows of the bot.
    #[must_use]
    pub fn config(&self) -> &TelegramConfig {
        &self.state.config
    }

    /// The latest messages that were sent, oldest first.
    #[must_use]
    pub fn sends(&self) -> Vec<Call> {
        self.state.journal.sends()
    }

    /// The latest calls of `sendMessage`, whatever became of them, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state.journal.calls()
    }

    /// How often what happened.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.state.journal.counts()
    }

    /// Waits until the counts are as wanted.
    pub async fn until(&self, wanted: impl FnMut(&Counts) -> bool) {
        self.state.journal.until(wanted).await;
    }

    /// Waits until so many messages were sent since the start, and returns those of them that are remembered.
    pub async fn sent(&self, count: u64) -> Vec<Call> {
        self.until(|counts| counts.sent >= count).await;
        self.sends()
    }

    /// Says what happens to the next call of a method. What is said for the same method happens in order.
    pub fn answer_next(&self, method: &str, next: Next) {
        self.state.script.add(method, None, next);
    }

    /// Says what happens to the next message to a chat.
    pub fn answer_next_to(&self, chat: i64, next: Next) {
        self.state.script.add("sendMessage", Some(chat), next);
    }

    /// Lets every call go on that waits because of [`Next::Held`].
    pub fn release(&self) {
        self.state.script.release();
    }

    /// Where the bot wants its updates posted, if it does.
    #[must_use]
    pub fn webhook(&self) -> Option<Webhook> {
        self.state.webhook().clone()
    }

    /// Makes the update of a text that somebody writes, as Telegram posts it to a webhook. It has a number of its own.
    #[must_use]
    pub fn message_update(&self, chat: i64, text: &str) -> Value {
        let (kind, from) = if chat < 0 { ("supergroup", 100_500) } else { ("private", chat) };
        let number = self.state.messages.fetch_add(1, Ordering::Relaxed) + 1;
        self.update(
            "message",
            json!({
                "message_id": number, "date": jiff::Timestamp::now().as_second(), "text": text,
                "chat": {"id": chat, "type": kind}, "from": {"id": from, "is_bot": false, "first_name": "Аня"},
            }),
        )
    }

    /// Makes any update, as Telegram posts it to a webhook.
    #[must_use]
    pub fn update(&self, kind: &str, content: Value) -> Value {
        json!({"update_id": self.state.updates.number(), kind: content})
    }

    /// Passes on a text that somebody writes to whoever polls.
    pub fn push_message(&self, chat: i64, text: &str) {
        self.push(self.message_update(chat, text));
    }

    /// Passes on an update to whoever polls.
    pub fn push(&self, update: Value) {
        self.state.updates.push(update);
    }

    /// How many updates nobody has said to have got.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.state.updates.unread()
    }

    /// Stops, and waits until nothing is served.
    pub async fn shutdown(self) {
        self.served.shutdown().await;
    }
}
