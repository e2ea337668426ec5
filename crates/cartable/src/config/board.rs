//! The sections of the class board, and of its bots.

use std::time::Duration;

use bots::{Limits, Rate, Strangers};
use gateway::filling;
use jiff::tz::TimeZone;
use secrecy::{ExposeSecret, SecretString};
use toml::de::DeValue;
use url::Url;

use super::reader::Section;
use super::value::{Value, quoted};

/// Where the platforms' own servers answer.
const VK_API: &str = "https://api.vk.com/method";
const TELEGRAM_API: &str = "https://api.telegram.org";

/// What the class board runs with.
#[derive(Clone)]
pub(crate) struct Board {
    /// Whether `serve` has one.
    pub(crate) enabled: bool,
    /// Its database, if it is not the usual file.
    pub(crate) database: Option<SecretString>,
    /// The time zone of classes that have none of their own, if it is not this machine's.
    pub(crate) zone: Option<TimeZone>,
    /// What a chat hears that is bound to no class.
    pub(crate) unbound_chats: UnboundChats,
    /// Whether browsers reach it by HTTPS only.
    pub(crate) https: bool,
    /// How classes are filled from PRONOTE.
    pub(crate) filling: filling::Config,
}

impl Default for Board {
    fn default() -> Self {
        Board {
            enabled: true,
            database: None,
            zone: None,
            unbound_chats: UnboundChats::Default,
            https: false,
            filling: filling::Config::default(),
        }
    }
}

impl Board {
    /// What a chat hears that is bound to no class, for the bot.
    pub(crate) fn strangers(&self) -> Strangers {
        match self.unbound_chats {
            UnboundChats::Default => Strangers::HearAClass,
            UnboundChats::Code => Strangers::NeedCode,
        }
    }

    /// Whether its database is a PostgreSQL.
    pub(crate) fn is_on_postgres(&self) -> bool {
        let database = self.database.as_ref().map(ExposeSecret::expose_secret);
        database.is_some_and(|database| database.starts_with("postgres://") || database.starts_with("postgresql://"))
    }
}

/// What a chat hears that is bound to no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnboundChats {
    /// The default class.
    Default,
    /// That it needs the code of a class.
    Code,
}

impl Value for UnboundChats {
    fn read(value: &DeValue<'_>) -> Result<Self, String> {
        match value.as_str() {
            Some("default") => Ok(UnboundChats::Default),
            Some("code") => Ok(UnboundChats::Code),
            _ => Err("has to be \"default\" or \"code\"".to_owned()),
        }
    }

    fn show(&self) -> String {
        quoted(match self {
            UnboundChats::Default => "default",
            UnboundChats::Code => "code",
        })
    }
}

/// What the bot speaks to VK with.
#[derive(Clone)]
pub(crate) struct Vk {
    /// The community's token.
    pub(crate) token: Option<SecretString>,
    /// What VK wants to hear before it sends events.
    pub(crate) confirmation: Option<SecretString>,
    /// What every event carries.
    pub(crate) secret: Option<SecretString>,
    /// The community's number; 0 for none.
    pub(crate) group: u32,
    /// Where VK answers.
    pub(crate) api: Url,
    /// Whether events are fetched.
    pub(crate) long_poll: bool,
    /// How often VK may be asked.
    pub(crate) requests_per_second: u32,
}

impl Default for Vk {
    fn default() -> Self {
        let api = Url::parse(VK_API).expect("the address is one");
        Vk { token: None, confirmation: None, secret: None, group: 0, api, long_poll: false, requests_per_second: 20 }
    }
}

/// What the bot speaks to Telegram with.
#[derive(Clone)]
pub(crate) struct Telegram {
    /// The bot's token.
    pub(crate) token: Option<SecretString>,
    /// What every update carries that Telegram brings; without it, updates are fetched.
    pub(crate) webhook_secret: Option<SecretString>,
    /// The address that Telegram is told to bring updates to, if it is to be told.
    pub(crate) webhook_url: Option<Url>,
    /// Where Telegram answers.
    pub(crate) api: Url,
    /// How many messages may be sent, over all chats.
    pub(crate) messages_per_second: u32,
}

impl Default for Telegram {
    fn default() -> Self {
        let api = Url::parse(TELEGRAM_API).expect("the address is one");
        Telegram { token: None, webhook_secret: None, webhook_url: None, api, messages_per_second: 30 }
    }
}

impl Vk {
    /// VK, for the bot; nothing without a token.
    pub(crate) fn bot(&self) -> Option<bots::vk::Config> {
        let confirmation = self.confirmation.as_ref().map(|text| text.expose_secret().to_owned());
        Some(bots::vk::Config {
            api: self.api.clone(),
            group: Some(i64::from(self.group)).filter(|group| *group != 0),
            callback: confirmation.map(|confirmation| bots::vk::Callback { confirmation, secret: self.secret.clone() }),
            long_poll: self.long_poll,
            limits: Limits { overall: a_second(self.requests_per_second, Limits::vk()), ..Limits::vk() },
            ..bots::vk::Config::new(self.token.clone()?)
        })
    }
}

impl Telegram {
    /// Telegram, for the bot; nothing without a token.
    pub(crate) fn bot(&self) -> Option<bots::telegram::Config> {
        let webhook =
            |secret: &SecretString| bots::telegram::Webhook { url: self.webhook_url.clone(), secret: secret.clone() };
        Some(bots::telegram::Config {
            api: self.api.clone(),
            webhook: self.webhook_secret.as_ref().map(webhook),
            limits: Limits { overall: a_second(self.messages_per_second, Limits::telegram()), ..Limits::telegram() },
            ..bots::telegram::Config::new(self.token.clone()?)
        })
    }
}

/// So many in the time that a platform takes its usual number in.
fn a_second(count: u32, usual: Limits) -> Option<Rate> {
    let per = usual.overall.map_or(Duration::from_secs(1), |rate| rate.per);
    Some(Rate { count: usize::try_from(count).unwrap_or(usize::MAX), per })
}

/// Reads `[board]`.
pub(super) fn read(section: &mut Section<'_, '_>, board: &mut Board) {
    let Board { enabled, database, zone, unbound_chats, https, filling } = board;
    section.key("enabled", enabled, "Whether `cartable serve` has a class board.");
    let about = "Its database: an address such as \"postgres://board@127.0.0.1/board\", or the path of an SQLite file. \
                 Without it, `board/board.db` in the data folder.";
    section.database("database", database, "env:BOARD_DATABASE", about);
    let about = "Time zone of classes that have none of their own. Without it, this machine's.";
    section.optional("zone", zone, "Europe/Moscow", about);
    let about = "What a chat hears that is bound to no class: \"default\" answers for the oldest class, \"code\" asks for the \
                 code of a class.";
    section.key("unbound_chats", unbound_chats, about);
    let about = "Whether browsers reach the editor by HTTPS only, through a reverse proxy: its cookies are then kept from \
                 anything else.";
    section.key("https", https, about);
    let about =
        "How often a class is filled from PRONOTE that is bound to a profile: some ten calls to the school each time.";
    section.within("fill_every", &mut filling.every, Duration::from_secs(300)..=Duration::from_secs(86_400), about);
}

/// Reads `[vk]`.
pub(super) fn read_vk(section: &mut Section<'_, '_>, vk: &mut Vk) {
    let Vk { token, confirmation, secret, group, api, long_poll, requests_per_second } = vk;
    section.secret("token", token, "env:VK_TOKEN", "The community's access token, which may send messages.");
    let about = "What VK wants to hear when the address of the Callback API, `/index.php`, is confirmed. With it, events \
                 are awaited there.";
    section.secret("confirmation", confirmation, "env:VK_CONFIRMATION", about);
    let about = "The secret key of the Callback API. Without it, whoever reaches this server may pretend to be VK.";
    section.secret("secret", secret, "env:VK_SECRET", about);
    let about = "Whether events are fetched (Bots Long Poll), which needs no public address.";
    section.key("long_poll", long_poll, about);
    let about = "The community's number; 0 when it is not said. Long Poll needs it; with it, events of others are refused, \
                 and only the bot's own invitation is greeted.";
    section.key("group", group, about);
    section.key("api", api, "Where VK answers.");
    section.within("requests_per_second", requests_per_second, 1..=100_000, "How often VK may be asked.");
    for (name, given) in [("confirmation", confirmation.is_some()), ("long_poll", *long_poll)] {
        if given && token.is_none() {
            section.fault(name, format!("`{name}` needs `token`"));
        }
    }
    if *long_poll && *group == 0 {
        section.fault("long_poll", "`long_poll` needs `group`".to_owned());
    }
    if *long_poll && confirmation.is_some() {
        section.fault("long_poll", "events are either fetched (`long_poll`) or awaited (`confirmation`)".to_owned());
    }
    if confirmation.is_some() && secret.is_none() {
        section.warn("confirmation", "without `secret`, whoever reaches this server may pretend to be VK".to_owned());
    }
}

/// Reads `[telegram]`.
pub(super) fn read_telegram(section: &mut Section<'_, '_>, telegram: &mut Telegram) {
    let Telegram { token, webhook_secret, webhook_url, api, messages_per_second } = telegram;
    section.secret("token", token, "env:TELEGRAM_TOKEN", "The bot's token, as BotFather gave it.");
    let about = "A secret of 1 to 256 Latin letters, digits, `_` and `-`. With it, updates are awaited at `/telegram` and \
                 have to carry it; without it, they are fetched, which needs no public address.";
    section.secret("webhook_secret", webhook_secret, "env:TELEGRAM_SECRET", about);
    let about = "The public address of `/telegram`, to tell Telegram of. Without it, it has been told otherwise.";
    section.optional("webhook_url", webhook_url, "https://board.example/telegram", about);
    section.key("api", api, "Where Telegram answers.");
    let about = "How many messages may be sent, over all chats.";
    section.within("messages_per_second", messages_per_second, 1..=100_000, about);
    if let Some(secret) = webhook_secret {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let secret = secret.expose_secret();
        if secret.len() > 256 || !secret.bytes().all(plain) {
            let told = "`webhook_secret` has to be 1 to 256 Latin letters, digits, `_` and `-`";
            section.fault("webhook_secret", told.to_owned());
        }
        if token.is_none() {
            section.fault("webhook_secret", "`webhook_secret` needs `token`".to_owned());
        }
    } else if webhook_url.is_some() {
        section.fault("webhook_url", "`webhook_url` needs `webhook_secret`".to_owned());
    }
}
