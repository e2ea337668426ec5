//! Telegram, for one bot: [`api`](Api) out; `updates` in, by webhook or by asking.

mod api;
mod updates;

use secrecy::SecretString;
use transport::Url;

use crate::limits::Limits;

pub use api::Api;
pub(crate) use updates::number_of;
pub use updates::{Door, Refused, read};

/// How the bot is connected to Telegram.
#[derive(Debug, Clone)]
pub struct Config {
    /// The base of the API, `https://api.telegram.org` as a rule.
    pub api: Url,
    /// The bot's token.
    pub token: SecretString,
    /// What the webhook needs, if updates come by webhook; otherwise they are asked for.
    pub webhook: Option<Webhook>,
    /// How often messages may be sent.
    pub limits: Limits,
}

/// What the webhook needs.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The public address that Telegram is told of; without one, somebody else has told it.
    pub url: Option<Url>,
    /// What every update has to carry in its header, 1 to 256 letters, digits, `_` and `-`.
    pub secret: SecretString,
}

impl Config {
    /// A bot at Telegram itself, which asks for its updates.
    #[must_use]
    pub fn new(token: SecretString) -> Self {
        let api = Url::parse("https://api.telegram.org").expect("this is an address");
        Config { api, token, webhook: None, limits: Limits::telegram() }
    }
}
