//! The VK API, as far as a community's bot uses it.

mod long_poll;
mod methods;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::routing::{any, get};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use self::long_poll::LongPoll;
use super::journal::{Call, Counts, Journal};
use super::script::{Next, Script};
use super::served::{Rate, Served};

/// Chats of several people have numbers above this one.
const CHATS: i64 = 2_000_000_000;

/// What the platform knows of the one community it has.
#[derive(Debug, Clone)]
pub struct VkConfig {
    /// The community's access token.
    pub token: String,
    /// The community's number.
    pub group: i64,
    /// What a callback server has to answer to be confirmed.
    pub confirmation: String,
    /// What every event carries, if anything.
    pub secret: Option<String>,
    /// How many calls a second are taken; VK takes 20. Default: any number.
    pub rate: Option<u32>,
}

impl Default for VkConfig {
    fn default() -> Self {
        VkConfig {
            token: "vk1.a.emulated".to_owned(),
            group: 1,
            confirmation: "e6f7a8b9".to_owned(),
            secret: None,
            rate: None,
        }
    }
}

/// A running platform. Dropping it stops it.
pub struct Vk {
    state: Arc<State>,
    served: Served,
}

struct State {
    config: VkConfig,
    origin: String,
    journal: Journal,
    script: Script,
    rate: Rate,
    long_poll: LongPoll,
    /// The number of the last event.
    events: AtomicI64,
    stop: CancellationToken,
}

impl Vk {
    /// Serves on a free port of this machine's loopback.
    ///
    /// # Errors
    /// No port can be bound.
    pub async fn start(config: VkConfig) -> io::Result<Self> {
        Self::serve(config, Served::listener().await?)
    }

    /// Serves on a bound socket. Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// The socket has no address.
    pub fn serve(config: VkConfig, listener: TcpListener) -> io::Result<Self> {
        let stop = CancellationToken::new();
        let state = Arc::new(State {
            origin: format!("http://{}", listener.local_addr()?),
            journal: Journal::new(),
            script: Script::new(),
            rate: Rate::new(config.rate),
            long_poll: LongPoll::new(),
            events: AtomicI64::new(0),
            stop: stop.clone(),
            config,
        });
        let router = Router::new()
            .route("/method/{name}", any(methods::call))
            .route("/longpoll", get(long_poll::check))
            .with_state(state.clone());
        Ok(Vk { state, served: Served::start(listener, router, stop)? })
    }

    /// The base of the API, for a bot's settings: `http://127.0.0.1:PORT/method`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/method", self.served.address)
    }

    /// What the platform knows of the community.
    #[must_use]
    pub fn config(&self) -> &VkConfig {
        &self.state.config
    }

    /// The latest messages that were sent, oldest first.
    #[must_use]
    pub fn sends(&self) -> Vec<Call> {
        self.state.journal.sends()
    }

    /// The latest calls of `messages.send`, whatever became of them, oldest first.
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

    /// Says what happens to the next message to a peer.
    pub fn answer_next_to(&self, peer: i64, next: Next) {
        self.state.script.add("messages.send", Some(peer), next);
    }

    /// Lets every call go on that waits because of [`Next::Held`].
    pub fn release(&self) {
        self.state.script.release();
    }

    /// Makes the event of a text that somebody writes, as VK posts it to a callback server. It has a name of its own.
    #[must_use]
    pub fn message_event(&self, peer: i64, text: &str) -> Value {
        let number = self.state.events.fetch_add(1, Ordering::Relaxed) + 1;
        let from = if peer > CHATS { 100_500 } else { peer };
        let message = json!({
            "date": jiff::Timestamp::now().as_second(), "from_id": from, "id": 0, "out": 0, "peer_id": peer,
            "conversation_message_id": number, "text": text, "random_id": 0, "attachments": [], "fwd_messages": [],
        });
        self.event("message_new", json!({"message": message, "client_info": {"keyboard": true}}))
    }

    /// Makes any event, as VK posts it to a callback server.
    #[must_use]
    pub fn event(&self, kind: &str, object: Value) -> Value {
        let config = &self.state.config;
        let number = self.state.events.fetch_add(1, Ordering::Relaxed) + 1;
        let mut event = json!({
            "type": kind, "object": object, "group_id": config.group, "event_id": format!("{number:040x}"), "v": "5.199",
        });
        if let Some(secret) = &config.secret {
            event["secret"] = json!(secret);
        }
        event
    }

    /// Passes on a text that somebody writes to whoever polls.
    pub fn push_message(&self, peer: i64, text: &str) {
        self.push(self.message_event(peer, text));
    }

    /// Passes on an event to whoever polls.
    pub fn push(&self, event: Value) {
        self.state.long_poll.push(event);
    }

    /// Waits until whoever polls has got all events there are now, and asks for more.
    pub async fn all_heard(&self) {
        self.state.long_poll.all_heard().await;
    }

    /// Fails the next long poll with VK's number: 1 some events are lost, 2 the key has expired, 3 everything is forgotten.
    pub fn fail_next_poll(&self, failed: u8) {
        self.state.long_poll.fail_next(failed);
    }

    /// Stops, and waits until nothing is served.
    pub async fn shutdown(self) {
        self.served.shutdown().await;
    }
}
