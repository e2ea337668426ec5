//! `/bot<token>/<method>`: who asks, and what it wants.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Path, Request, State as Shared};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::{State, Webhook};
use crate::chat::form::Form;
use crate::chat::journal::{Call, Outcome};
use crate::chat::script::Next;

/// The longest message, in characters.
const LONGEST: usize = 4096;
/// The longest that a call for updates is kept waiting, in seconds.
const LONGEST_WAIT: i64 = 50;

/// Why something is not done.
struct Refusal {
    code: i64,
    text: String,
    retry_after: Option<u64>,
}

impl Refusal {
    fn bad(what: &str) -> Self {
        Refusal { code: 400, text: format!("Bad Request: {what}"), retry_after: None }
    }

    fn flood(seconds: u64) -> Self {
        Refusal { code: 429, text: format!("Too Many Requests: retry after {seconds}"), retry_after: Some(seconds) }
    }

    /// A refusal by its code alone.
    fn of(code: i64) -> Self {
        let text = match code {
            400 => "Bad Request: chat not found",
            401 => "Unauthorized",
            403 => "Forbidden: bot was blocked by the user",
            404 => "Not Found",
            409 => {
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete it first"
            }
            429 => return Self::flood(1),
            _ => "Internal Server Error",
        };
        Refusal { code, text: text.to_owned(), retry_after: None }
    }
}

/// Answers a call of a method.
pub(super) async fn call(
    Shared(state): Shared<Arc<State>>,
    Path((bot, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    let form = Form::read(request).await;
    state.journal.count(|counts| counts.requests += 1);

    let chat = form.number("chat_id");
    let next = tokio::select! {
        next = state.script.take(&method, chat, &state.journal) => next,
        () = state.stop.cancelled() => None,
    };
    let told = next.and_then(told);
    let admitted = bot.strip_prefix("bot") == Some(state.config.token.as_str());
    let result = match method.as_str() {
        "sendMessage" => send(&state, &form, admitted, told, next),
        _ if let Some(refusal) = told => Err(refusal),
        _ if !admitted => Err(Refusal::of(401)),
        _ => other(&state, &method, &form).await,
    };
    if let Some(next) = next
        && let Some(answer) = next.answer().await
    {
        return answer;
    }
    match result {
        Ok(result) => Json(json!({"ok": true, "result": result})).into_response(),
        Err(refusal) => {
            let status = u16::try_from(refusal.code).ok().and_then(|code| StatusCode::from_u16(code).ok());
            let mut answer = json!({"ok": false, "error_code": refusal.code, "description": refusal.text});
            if let Some(seconds) = refusal.retry_after {
                answer["parameters"] = json!({"retry_after": seconds});
            }
            (status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Json(answer)).into_response()
        }
    }
}

/// The refusal a test asked for.
fn told(next: Next) -> Option<Refusal> {
    match next {
        Next::Error(code) => Some(Refusal::of(code)),
        Next::RetryAfter(seconds) => Some(Refusal::flood(seconds)),
        _ => None,
    }
}

async fn other(state: &State, method: &str, form: &Form) -> Result<Value, Refusal> {
    match method {
        "getMe" => Ok(json!({"id": 4242, "is_bot": true, "first_name": "Cartable", "username": state.config.name})),
        "setWebhook" => {
            let url = form.get("url").map(str::to_owned);
            *state.webhook() = url.map(|url| Webhook { url, secret: form.get("secret_token").map(str::to_owned) });
            Ok(json!(true))
        }
        "deleteWebhook" => {
            *state.webhook() = None;
            Ok(json!(true))
        }
        "getUpdates" if state.webhook().is_some() => Err(Refusal::of(409)),
        "getUpdates" => {
            let wait = form.number("timeout").unwrap_or(0).clamp(0, LONGEST_WAIT).unsigned_abs();
            let until = tokio::time::Instant::now() + Duration::from_secs(wait);
            let (offset, limit) = (form.number("offset").unwrap_or(0), form.number("limit").unwrap_or(100));
            Ok(Value::Array(state.updates.get(offset, limit, until, &state.stop).await))
        }
        _ => Err(Refusal::of(404)),
    }
}

/// `sendMessage`; noted whatever becomes of it.
fn send(
    state: &State,
    form: &Form,
    admitted: bool,
    told: Option<Refusal>,
    next: Option<Next>,
) -> Result<Value, Refusal> {
    let markup: Option<Result<Value, _>> = form.get("reply_markup").map(serde_json::from_str);
    let failed = next.and_then(Next::outcome);
    let call = Call {
        peer: form.number("chat_id").unwrap_or(0),
        text: form.get("text").unwrap_or_default().to_owned(),
        keyboard: markup.as_ref().and_then(|markup| markup.as_ref().ok().cloned()),
        random_id: 0,
        at: Instant::now(),
        outcome: failed.unwrap_or(Outcome::Failed),
    };
    if failed == Some(Outcome::Failed) {
        state.journal.refuse(call);
        return Ok(Value::Null);
    }
    let checked = match told {
        Some(refusal) => Err(refusal),
        None if !admitted => Err(Refusal::of(401)),
        None => check_message(state, &call, matches!(markup, Some(Err(_)))),
    };
    if let Err(refusal) = checked {
        state.journal.refuse(Call { outcome: Outcome::Refused(refusal.code), ..call });
        return Err(refusal);
    }
    let (chat, text) = (call.peer, call.text.clone());
    match state.journal.send(call) {
        Outcome::Sent(id) | Outcome::Repeated(id) => Ok(json!({
            "message_id": id, "date": jiff::Timestamp::now().as_second(), "chat": {"id": chat}, "text": text,
        })),
        Outcome::Refused(_) | Outcome::Failed => Err(Refusal::of(500)),
    }
}

fn check_message(state: &State, call: &Call, bad_keyboard: bool) -> Result<(), Refusal> {
    if call.peer == 0 {
        return Err(Refusal::bad("chat_id is empty"));
    }
    if call.text.trim().is_empty() {
        return Err(Refusal::bad("message text is empty"));
    }
    if call.text.chars().count() > LONGEST {
        return Err(Refusal::bad("message is too long"));
    }
    if bad_keyboard || call.keyboard.as_ref().is_some_and(|keyboard| !keyboard.is_object()) {
        return Err(Refusal::bad("object expected as reply markup"));
    }
    if state.rate.allows(call.at) { Ok(()) } else { Err(Refusal::flood(1)) }
}
