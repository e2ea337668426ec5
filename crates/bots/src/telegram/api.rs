//! What is asked of Telegram: `POST <base>/bot<token>/<method>`, with the parameters as JSON.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use transport::{Browser, Request, Transport, Url};

use super::{Config, Webhook};
use crate::Message;
use crate::refusal::{Cure, Refusal, short};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long Telegram keeps a question for updates waiting when there are none.
const WAIT: u64 = 30;
/// The longest pause that Telegram is believed to want.
const LONGEST_PAUSE: u64 = 60 * 60;
/// What is asked for; of everything else there is no need to hear.
const UPDATES: [&str; 3] = ["message", "edited_message", "my_chat_member"];

/// The Telegram Bot API, for one bot.
pub struct Api {
    browser: Browser,
    base: Url,
    token: SecretString,
}

/// What Telegram answers.
#[derive(Deserialize)]
struct Answer<'a> {
    ok: bool,
    #[serde(default, borrow)]
    result: Option<&'a RawValue>,
    #[serde(default)]
    error_code: Option<i64>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    parameters: Value,
}

impl Api {
    /// Makes the API's client; nothing is asked yet.
    #[must_use]
    pub fn new(transport: &Transport, config: &Config) -> Self {
        Api { browser: transport.browser(), base: config.api.clone(), token: config.token.clone() }
    }

    /// Sends a message that is short enough.
    ///
    /// # Errors
    /// Telegram refuses, or cannot be asked.
    pub async fn send(&self, chat: i64, message: &Message) -> Result<(), Refusal> {
        let mut parameters = json!({"chat_id": chat, "text": message.text});
        if let Some(labels) = &message.keyboard_labels {
            parameters["reply_markup"] = keyboard(labels);
        }
        self.call("sendMessage", &parameters, PATIENCE).await.map(drop)
    }

    /// Waits for updates from a number on; those before it are forgotten. Each is read on its own, so that one that
    /// cannot be read does not hold up the others.
    ///
    /// # Errors
    /// Telegram refuses, or cannot be asked.
    pub async fn updates(&self, offset: i64) -> Result<Vec<Value>, Refusal> {
        let parameters = json!({"offset": offset, "timeout": WAIT, "allowed_updates": UPDATES});
        let text = self.call("getUpdates", &parameters, Duration::from_secs(WAIT) + PATIENCE).await?;
        let updates: Vec<&RawValue> = serde_json::from_str(&text).map_err(|_| Refusal::Unreadable)?;
        // Of one that cannot be read at least the number is wanted, or it would come again for ever.
        #[derive(Deserialize)]
        struct Number {
            update_id: i64,
        }
        let number = |update: &str| serde_json::from_str::<Number>(update).map(|it| json!({"update_id": it.update_id}));
        let read = |update: &&RawValue| serde_json::from_str(update.get()).or_else(|_| number(update.get())).ok();
        Ok(updates.iter().filter_map(read).collect())
    }

    /// Says where updates are to be posted, or that they will be asked for.
    ///
    /// # Errors
    /// Telegram refuses, or cannot be asked.
    pub async fn set_webhook(&self, webhook: Option<&Webhook>) -> Result<(), Refusal> {
        let Some((url, secret)) = webhook.and_then(|webhook| Some((webhook.url.as_ref()?, &webhook.secret))) else {
            return self.call("deleteWebhook", &json!({}), PATIENCE).await.map(drop);
        };
        let secret = secret.expose_secret();
        let parameters = json!({"url": url.as_str(), "secret_token": secret, "allowed_updates": UPDATES});
        self.call("setWebhook", &parameters, PATIENCE).await.map(drop)
    }

    /// Calls a method, and returns its result as JSON text.
    async fn call(&self, method: &str, parameters: &Value, patience: Duration) -> Result<String, Refusal> {
        let mut url = self.base.clone();
        let path = format!("{}/bot{}/{method}", self.base.path().trim_end_matches('/'), self.token.expose_secret());
        url.set_path(&path);
        let request = Request::post(&url, "application/json", parameters.to_string());
        let answer = self.browser.send(request.timeout(patience)).await?;
        let (status, text) = (answer.status, answer.text());
        match serde_json::from_str::<Answer<'_>>(&text) {
            Ok(Answer { ok: true, result: Some(result), .. }) if status == 200 => Ok(result.get().to_owned()),
            Ok(Answer { ok: false, error_code: Some(code), description, parameters, .. }) if code < 500 => {
                let description = description.unwrap_or_default();
                let cure = cure(code, &description, &parameters);
                Err(Refusal::Code { code, text: short(&description), cure })
            }
            _ if status != 200 => Err(Refusal::Status(status)),
            _ => Err(Refusal::Unreadable),
        }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// What helps against an error of Telegram. Where one code stands for many things, its words tell them apart.
fn cure(code: i64, description: &str, parameters: &Value) -> Cure {
    let description = description.to_lowercase();
    match code {
        429 => {
            let seconds = parameters["retry_after"].as_u64().unwrap_or(1);
            Cure::After(Duration::from_secs(seconds.clamp(1, LONGEST_PAUSE)))
        }
        // A token that is not even shaped like one is answered with 404.
        401 | 404 => Cure::Token,
        400 if description.contains("too long") => Cure::Shorter,
        400 if description.contains("markup") || description.contains("keyboard") || description.contains("button") => {
            Cure::WithoutKeyboard
        }
        // Somebody else asks for updates, or a webhook is set: that may change.
        409 => Cure::Soon,
        _ => Cure::Never,
    }
}

/// The keyboard with these labels; without any, what takes the keyboard away.
fn keyboard(labels: &[Vec<String>]) -> Value {
    if labels.is_empty() {
        return json!({"remove_keyboard": true});
    }
    let rows: Vec<Vec<Value>> =
        labels.iter().map(|row| row.iter().map(|label| json!({"text": label})).collect()).collect();
    json!({"keyboard": rows, "resize_keyboard": true})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_cure() {
        let nothing = Value::Null;
        assert_eq!(cure(429, "", &json!({"retry_after": 17})), Cure::After(Duration::from_secs(17)));
        assert_eq!(cure(429, "", &json!({"retry_after": u64::MAX})), Cure::After(Duration::from_secs(LONGEST_PAUSE)));
        assert_eq!(cure(429, "", &nothing), Cure::After(Duration::from_secs(1)));
        assert_eq!(cure(401, "Unauthorized", &nothing), Cure::Token);
        assert_eq!(cure(404, "Not Found", &nothing), Cure::Token);
        assert_eq!(cure(400, "Bad Request: message is too long", &nothing), Cure::Shorter);
        assert_eq!(cure(400, "Bad Request: object expected as reply markup", &nothing), Cure::WithoutKeyboard);
        assert_eq!(cure(400, "Bad Request: chat not found", &nothing), Cure::Never);
        assert_eq!(cure(403, "Forbidden: bot was blocked by the user", &nothing), Cure::Never);
    }

    #[test]
    fn the_keyboard_has_the_labels_in_their_rows() {
        let rows = [vec!["дз".to_owned()], vec!["замены".to_owned(), "все дз".to_owned()]];
        let expected = json!([[{"text": "дз"}], [{"text": "замены"}, {"text": "все дз"}]]);

        assert_eq!(keyboard(&rows)["keyboard"], expected);
        assert_eq!(keyboard(&[]), json!({"remove_keyboard": true}));
    }
}
