//! What comes back from a call: a result, "please wait", or one of many ways to say no.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::value::RawValue;
use serde_json::{Value, json};
use transport::Response;

use super::{DEFAULT_WAIT, Peer, Sealed};
use crate::error::{Cause, Error, Step};
use crate::protocol::envelope::{Direction, Envelope, Unreadable};
use crate::protocol::page::Closed;
use crate::wire::{Document, Json};

impl Peer {
    /// Checks that an answer is the one to a message, and unfolds it.
    pub(super) fn open(&self, step: &Step, response: &Response, sealed: &Sealed) -> Result<String, Error> {
        let fail = |cause: Cause| self.error(step, cause);
        let text = response.text();
        let no_answer = |cause: Cause| fail(self.page_refusal(response.status, &text).unwrap_or(cause));
        if response.status != 200 {
            return Err(no_answer(Cause::Status(response.status)));
        }
        if matches!(text, Cow::Owned(_)) {
            return Err(no_answer(Unreadable::NotText.into()));
        }
        let envelope = Envelope::parse(&text).map_err(|unreadable| no_answer(unreadable.into()))?;
        if let Some(error) = envelope.error {
            return Err(fail(self.server_error(error.get())));
        }
        if envelope.session().is_some_and(|session| session != 0 && session != self.page.session) {
            return Err(fail(Cause::Mismatch("session")));
        }
        let order = envelope.order.as_deref().unwrap_or_default();
        if sealed.reply_keys.decrypt_hex(order).as_deref() != Ok(sealed.answer.to_string().as_bytes()) {
            return Err(fail(Cause::Mismatch("order number")));
        }
        let payload = envelope
            .payload(Direction::Response, self.page.flags, &sealed.reply_keys)
            .map_err(|unreadable| fail(unreadable.into()))?;
        match error_inside(&payload) {
            Some(error) => Err(fail(self.server_error(&error))),
            None => Ok(payload.into_owned()),
        }
    }

    /// Why a page stands where an answer should be.
    pub(crate) fn page_refusal(&self, status: u16, text: &str) -> Option<Cause> {
        self.pacer.page_refusal(&self.address.key(), status, text)
    }

    /// Codes first; the sentences tell the same things on servers that number them otherwise (protocol §3.4).
    pub(super) fn server_error(&self, error: &str) -> Cause {
        let json = Json::parse(error).unwrap_or(Json::Null);
        let document = Document::new(&json);
        let root = document.root();
        let (code, title) = (root.read::<i64>("G").unwrap_or(-1), root.text("Titre"));
        let school = self.address.key();
        match code {
            25 => self.pacer.rate_limited(&school),
            8 | 10 | 11 | 13 | 14 | 20 => return Cause::Expired,
            21 => return Cause::Server { code, title },
            22 => return Cause::StaleIdentifiers,
            3 => return Cause::Denied,
            _ if root.text("Message").starts_with("Vous avez dépassé le nombre") => self.pacer.rate_limited(&school),
            _ if title.contains("adresse IP") => return self.pacer.closed(&school, Closed::Suspended),
            _ if title.starts_with("La page a expiré") => return Cause::Expired,
            _ => return Cause::Server { code, title },
        }
        Cause::RateLimited
    }
}

/// A server's request to come back later with the same call (protocol §3.5).
pub(super) struct Wait {
    pub(super) delay: Duration,
    pub(super) repeat_arguments: bool,
    pub(super) block: Value,
}

impl Wait {
    pub(super) fn of(payload: &str) -> Option<Self> {
        // Pages are large and hardly ever wait: look before parsing.
        if !payload.contains("SignatureAttente") {
            return None;
        }
        let json: Value = serde_json::from_str(payload).ok()?;
        let block = ["SignatureAttente", "_SignatureAttente_"].iter().find_map(|name| json.get(name))?.clone();
        let parameters = ["ParametresAtt", "Parametres"].iter().find_map(|name| block.get(name)).unwrap_or(&block);
        let delay = parameters.get("delai").and_then(Value::as_f64).map(|seconds| seconds.clamp(0.05, 30.0));
        Some(Wait {
            delay: delay.map_or(DEFAULT_WAIT, Duration::from_secs_f64),
            repeat_arguments: parameters.get("repeterRequete").and_then(Value::as_bool).unwrap_or(false),
            block,
        })
    }
}

/// The error a payload may hold in place of a result, or in its signature (protocol §3.3).
fn error_inside(payload: &str) -> Option<Cow<'_, str>> {
    #[derive(serde::Deserialize)]
    struct Inside<'a> {
        #[serde(borrow, default, rename = "Erreur")]
        error: Option<&'a RawValue>,
        #[serde(default, rename = "Signature", alias = "_Signature_")]
        signature: Value,
    }
    if !payload.contains("\"Erreur\"") {
        return None;
    }
    let Inside { error, signature } = serde_json::from_str(payload).ok()?;
    if let Some(error) = error.map(RawValue::get).filter(|error| error.starts_with('{')) {
        return Some(Cow::Borrowed(error));
    }
    match signature.get("Erreur")? {
        Value::Null | Value::Bool(false) => None,
        error @ Value::Object(_) => Some(Cow::Owned(error.to_string())),
        _ => {
            let message = &signature["MessageErreur"];
            Some(Cow::Owned(json!({ "Message": message, "Titre": message }).to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_found_wherever_a_payload_holds_it() {
        for (payload, found) in [
            (r#"{"data":{}}"#, None),
            (r#"{"data":{"titre":"Erreur","Erreur":{"G":3}}}"#, None),
            (r#"{"data":{},"Signature":{"Erreur":false}}"#, None),
            (r#"{"Erreur":{"G":3}}"#, Some(r#"{"G":3}"#)),
            (r#"{"data":{},"_Signature_":{"Erreur":{"G":22}}}"#, Some(r#"{"G":22}"#)),
            (
                r#"{"data":{},"Signature":{"Erreur":true,"MessageErreur":"Non"}}"#,
                Some(r#"{"Message":"Non","Titre":"Non"}"#),
            ),
        ] {
            assert_eq!(error_inside(payload).as_deref(), found, "{payload}");
        }
    }
}
