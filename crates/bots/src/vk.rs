//! VK, for one community: [`api`](Api) out; `callback` or `long_poll` in.

mod api;
mod callback;
mod event;
mod long_poll;

use secrecy::SecretString;
use transport::Url;

use crate::limits::Limits;

pub use api::Api;
pub use callback::{Door, Knock, Refused};
pub use event::{Event, Unreadable, read};
pub(crate) use long_poll::LongPoll;

/// The version of the API that is spoken.
const VERSION: &str = "5.199";

/// How the bot is connected to VK.
#[derive(Debug, Clone)]
pub struct Config {
    /// The base of the API, `https://api.vk.com/method` as a rule.
    pub api: Url,
    /// The community's access token.
    pub token: SecretString,
    /// The community's number. Events of others are refused; needed for the long poll.
    pub group: Option<i64>,
    /// What the callback server needs, if events come by callback.
    pub callback: Option<Callback>,
    /// Whether events are fetched by long poll.
    pub long_poll: bool,
    /// How often messages may be sent.
    pub limits: Limits,
}

/// What the callback server needs.
#[derive(Debug, Clone)]
pub struct Callback {
    /// What VK wants to hear to confirm the server.
    pub confirmation: String,
    /// The secret that every event has to carry, if one is set in the community.
    pub secret: Option<SecretString>,
}

impl Config {
    /// A community at VK itself, into which nothing comes yet.
    #[must_use]
    pub fn new(token: SecretString) -> Self {
        let api = Url::parse("https://api.vk.com/method").expect("this is an address");
        Config { api, token, group: None, callback: None, long_poll: false, limits: Limits::vk() }
    }
}
