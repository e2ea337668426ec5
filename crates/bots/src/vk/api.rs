//! What is asked of VK: `POST <base>/<method>`, with the parameters as a form.

use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use transport::{Browser, Request, Transport, Url};

use super::{Config, VERSION};
use crate::Message;
use crate::refusal::{Cure, Refusal, short};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long to wait when there were too many calls within a second.
const A_SECOND: Duration = Duration::from_secs(1);

/// The VK API, for one community.
pub struct Api {
    browser: Browser,
    base: Url,
    token: SecretString,
}

impl Api {
    /// Makes the API's client; nothing is asked yet.
    #[must_use]
    pub fn new(transport: &Transport, config: &Config) -> Self {
        let mut base = config.api.clone();
        // So that the names of methods come after it, not in its place.
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Api { browser: transport.browser(), base, token: config.token.clone() }
    }

    /// Sends a message that is short enough. Of those with the same `random_id` to the same peer, VK sends one.
    ///
    /// # Errors
    /// VK refuses, or cannot be asked.
    pub async fn send(&self, peer: i64, message: &Message, random_id: i32) -> Result<(), Refusal> {
        let (peer, random_id) = (peer.to_string(), random_id.to_string());
        let keyboard = message.keyboard_labels.as_deref().map(|labels| keyboard(labels).to_string());
        let mut parameters = vec![("peer_id", peer.as_str()), ("random_id", &random_id), ("message", &message.text)];
        parameters.extend(keyboard.as_deref().map(|keyboard| ("keyboard", keyboard)));
        self.call("messages.send", &parameters).await.map(drop)
    }

    /// Calls a method, and returns its response.
    ///
    /// # Errors
    /// VK refuses, or cannot be asked.
    pub async fn call(&self, method: &str, parameters: &[(&str, &str)]) -> Result<Value, Refusal> {
        let url = self.base.join(method).map_err(|_| Refusal::Unreadable)?;
        let who = [("access_token", self.token.expose_secret()), ("v", VERSION)];
        let request = Request::form(&url, who.iter().chain(parameters).copied());
        let answer = self.browser.send(request.timeout(PATIENCE)).await?;
        if answer.status != 200 {
            return Err(Refusal::Status(answer.status));
        }
        let mut answer: Value = serde_json::from_slice(&answer.body).map_err(|_| Refusal::Unreadable)?;
        if let Some(code) = answer["error"]["error_code"].as_i64() {
            let text = short(answer["error"]["error_msg"].as_str().unwrap_or_default());
            return Err(Refusal::Code { code, text, cure: cure(code) });
        }
        match answer.get_mut("response") {
            Some(response) => Ok(response.take()),
            None => Err(Refusal::Unreadable),
        }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").finish_non_exhaustive()
    }
}

/// What helps against an error of VK, by its code (dev.vk.com, "Errors", and those of `messages.send`).
fn cure(code: i64) -> Cure {
    match code {
        1 | 10 => Cure::Soon,
        6 => Cure::After(A_SECOND),
        9 | 29 => Cure::MuchLater,
        5 | 27 => Cure::Token,
        911 | 912 => Cure::WithoutKeyboard,
        914 => Cure::Shorter,
        // No permission, captchas, wrong parameters, nobody there: the same would be said again.
        _ => Cure::Never,
    }
}

/// The keyboard with these labels; without any, what takes the keyboard away.
fn keyboard(labels: &[Vec<String>]) -> Value {
    if labels.is_empty() {
        return json!({"buttons": []});
    }
    let button = |label: &String| json!({"action": {"type": "text", "label": label}, "color": "primary"});
    let rows: Vec<Vec<Value>> = labels.iter().map(|row| row.iter().map(button).collect()).collect();
    json!({"one_time": false, "buttons": rows})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_cure() {
        let after = Cure::After(A_SECOND);
        let expected = [
            (Cure::Soon, [1, 10].as_slice()),
            (after, &[6]),
            (Cure::MuchLater, &[9, 29]),
            (Cure::Token, &[5, 27]),
            (Cure::WithoutKeyboard, &[911, 912]),
            (Cure::Shorter, &[914]),
            (Cure::Never, &[7, 14, 15, 100, 900, 901, 902, 917, 922, 925, 927, 932, 936, 945, 946, 12_345]),
        ];
        for (wanted, codes) in expected {
            for code in codes {
                assert_eq!(cure(*code), wanted, "code {code}");
            }
        }
    }

    #[test]
    fn the_keyboard_has_the_labels_in_their_rows() {
        let rows = [vec!["дз".to_owned(), "дз на сегодня".to_owned()], vec!["все дз".to_owned()]];
        let button = |label: &str| json!({"action": {"type": "text", "label": label}, "color": "primary"});

        let expected =
            json!({"one_time": false, "buttons": [[button("дз"), button("дз на сегодня")], [button("все дз")]]});
        assert_eq!(keyboard(&rows), expected);
        assert_eq!(keyboard(&[]), json!({"buttons": []}), "this takes it away");
    }
}
