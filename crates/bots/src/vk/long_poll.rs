//! VK's long poll, for those who have no public address.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use transport::{Browser, Request, Transport, Url};

use super::{Api, Config};
use crate::refusal::Refusal;

/// How long VK keeps a question waiting when there is nothing new; VK advises 25 seconds.
const WAIT: u64 = 25;
/// How long it may take altogether.
const PATIENCE: Duration = Duration::from_secs(WAIT + 15);

/// The line to VK, and how far it was listened to.
pub(crate) struct LongPoll {
    browser: Browser,
    group: i64,
    /// Where to listen; not known at first, and not after a failure.
    server: Option<Server>,
    /// How far it was listened to; without it, from now on.
    ts: Option<String>,
}

struct Server {
    address: Url,
    key: String,
}

/// What VK answers to a question for news.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(default)]
    failed: Option<i64>,
    #[serde(default)]
    ts: Option<Value>,
    /// Each read on its own, so that one that cannot be read does not hold up the others.
    #[serde(default, borrow)]
    updates: Vec<&'a RawValue>,
}

/// Events, and how far they go.
pub(crate) struct News {
    /// The events that can be read.
    pub(crate) events: Vec<Value>,
    ts: Option<String>,
}

impl LongPoll {
    /// Prepares to listen; nothing if the configuration does not want that, or does not name the community.
    pub(crate) fn of(transport: &Transport, config: &Config) -> Option<Self> {
        let group = config.group.filter(|_| config.long_poll)?;
        Some(LongPoll { browser: transport.browser(), group, server: None, ts: None })
    }

    /// How far it was listened to, for the next start of the program.
    pub(crate) fn position(&self) -> Option<String> {
        self.ts.as_ref().map(|ts| format!("{} {ts}", self.group))
    }

    /// Goes on where an earlier run of the program ended, if that listened to the same community.
    pub(crate) fn resume(&mut self, position: &str) {
        self.ts =
            position.split_once(' ').filter(|(group, _)| *group == self.group.to_string()).map(|(_, ts)| ts.to_owned());
    }

    /// Waits for news. The same come again until [`LongPoll::heard`] is told of them.
    ///
    /// # Errors
    /// VK cannot be asked, or refuses.
    pub(crate) async fn listen(&mut self, api: &Api) -> Result<News, Refusal> {
        let news = self.ask(api).await;
        if news.is_err() {
            // Perhaps it is to be asked elsewhere.
            self.server = None;
        }
        news
    }

    async fn ask(&mut self, api: &Api) -> Result<News, Refusal> {
        let server = match &self.server {
            Some(server) => server,
            None => {
                let (server, ts) = open(api, self.group).await?;
                self.ts.get_or_insert(ts);
                self.server.insert(server)
            }
        };
        let mut url = server.address.clone();
        url.query_pairs_mut()
            .append_pair("act", "a_check")
            .append_pair("key", &server.key)
            .append_pair("ts", self.ts.as_deref().unwrap_or_default())
            .append_pair("wait", &WAIT.to_string());
        let answer = self.browser.send(Request::get(&url).timeout(PATIENCE)).await?;
        if answer.status != 200 {
            return Err(Refusal::Status(answer.status));
        }
        let text = answer.text();
        let answer: Answer<'_> = serde_json::from_str(&text).map_err(|_| Refusal::Unreadable)?;
        let ts = answer.ts.as_ref().and_then(number);
        let read = |event: &&RawValue| serde_json::from_str(event.get()).ok();
        let (events, ts) = match answer.failed {
            None => (answer.updates.iter().filter_map(read).collect(), Some(ts.ok_or(Refusal::Unreadable)?)),
            // VK has forgotten some events; those after `ts` it still knows.
            Some(1) => (Vec::new(), Some(ts.ok_or(Refusal::Unreadable)?)),
            Some(failed) => {
                self.server = None;
                // If but the key has expired, what is new since `ts` is there for another key.
                (Vec::new(), self.ts.clone().filter(|_| failed == 2))
            }
        };
        Ok(News { events, ts })
    }

    /// Notes that news were taken in; tells whether that makes a difference.
    pub(crate) fn heard(&mut self, news: News) -> bool {
        let another = self.ts != news.ts;
        self.ts = news.ts;
        another
    }
}

/// Asks where to listen, and from where on.
async fn open(api: &Api, group: i64) -> Result<(Server, String), Refusal> {
    let server = api.call("groups.getLongPollServer", &[("group_id", &group.to_string())]).await?;
    let key = server["key"].as_str().ok_or(Refusal::Unreadable)?.to_owned();
    let ts = number(&server["ts"]).ok_or(Refusal::Unreadable)?;
    let address = server["server"].as_str().ok_or(Refusal::Unreadable)?;
    // Some versions leave the scheme out.
    let address = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    Ok((Server { address: Url::parse(&address).map_err(|_| Refusal::Unreadable)?, key }, ts))
}

/// A `ts`, which is a text in some answers and a number in others.
fn number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
