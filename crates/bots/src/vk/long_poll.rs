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
    line: Option<Line>,
}

struct Line {
    server: Url,
    key: String,
    ts: String,
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
    ts: String,
}

impl LongPoll {
    /// Prepares to listen; nothing if the configuration does not want that, or does not name the community.
    pub(crate) fn of(transport: &Transport, config: &Config) -> Option<Self> {
        let group = config.group.filter(|_| config.long_poll)?;
        Some(LongPoll { browser: transport.browser(), group, line: None })
    }

    /// Waits for news. The same come again until [`LongPoll::heard`] is told of them.
    ///
    /// # Errors
    /// VK cannot be asked, or refuses.
    pub(crate) async fn listen(&mut self, api: &Api) -> Result<News, Refusal> {
        let line = match &mut self.line {
            Some(line) => line,
            none => none.insert(open(api, self.group).await?),
        };
        let mut url = line.server.clone();
        url.query_pairs_mut()
            .append_pair("act", "a_check")
            .append_pair("key", &line.key)
            .append_pair("ts", &line.ts)
            .append_pair("wait", &WAIT.to_string());
        let answer = self.browser.send(Request::get(&url).timeout(PATIENCE)).await?;
        if answer.status != 200 {
            return Err(Refusal::Status(answer.status));
        }
        let text = answer.text();
        let answer: Answer<'_> = serde_json::from_str(&text).map_err(|_| Refusal::Unreadable)?;
        let ts = answer.ts.as_ref().and_then(number);
        match answer.failed {
            None => {
                let ts = ts.ok_or(Refusal::Unreadable)?;
                let events = answer.updates.iter().filter_map(|event| serde_json::from_str(event.get()).ok()).collect();
                Ok(News { events, ts })
            }
            // VK has forgotten some events; those after `ts` it still knows.
            Some(1) => Ok(News { events: Vec::new(), ts: ts.ok_or(Refusal::Unreadable)? }),
            // The key has expired: what is new since `ts` is there for another key.
            Some(2) => {
                let ts = line.ts.clone();
                let fresh = open(api, self.group).await?;
                self.line = Some(Line { ts: ts.clone(), ..fresh });
                Ok(News { events: Vec::new(), ts })
            }
            Some(_) => {
                let line = self.line.insert(open(api, self.group).await?);
                Ok(News { events: Vec::new(), ts: line.ts.clone() })
            }
        }
    }

    /// Notes that news were taken in.
    pub(crate) fn heard(&mut self, news: &News) {
        if let Some(line) = &mut self.line {
            line.ts.clone_from(&news.ts);
        }
    }
}

/// Asks where to listen.
async fn open(api: &Api, group: i64) -> Result<Line, Refusal> {
    let server = api.call("groups.getLongPollServer", &[("group_id", &group.to_string())]).await?;
    let key = server["key"].as_str().ok_or(Refusal::Unreadable)?.to_owned();
    let ts = number(&server["ts"]).ok_or(Refusal::Unreadable)?;
    let address = server["server"].as_str().ok_or(Refusal::Unreadable)?;
    // Some versions leave the scheme out.
    let address = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    Ok(Line { server: Url::parse(&address).map_err(|_| Refusal::Unreadable)?, key, ts })
}

/// A `ts`, which is a text in some answers and a number in others.
fn number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
