//! `POST /method/<name>`: who asks, whether it may, and what it wants.

use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::extract::{Path, Request, State as Shared};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::State;
use crate::chat::form::Form;
use crate::chat::journal::{Call, Outcome};
use crate::chat::keyboard;
use crate::chat::script::Next;

/// The longest message.
const LONGEST: usize = 4096;

/// Why something is not done: VK's code, and what it says of it.
struct Refusal(i64, String);

impl Refusal {
    fn invalid(what: &str) -> Self {
        Refusal(100, format!("One of the parameters specified was missing or invalid: {what}"))
    }

    /// A refusal by its code alone.
    fn of(code: i64) -> Self {
        let text = match code {
            1 => "Unknown error occurred",
            5 => "User authorization failed: invalid access_token (4).",
            6 => "Too many requests per second",
            7 => "Permission to perform this action is denied",
            9 => "Flood control",
            10 => "Internal server error",
            14 => "Captcha needed",
            15 => "Access denied",
            27 => "Group authorization failed: method is unavailable with group auth.",
            29 => "Rate limit reached",
            900 => "Can't send messages for users from blacklist",
            901 => "Can't send messages for users without permission",
            902 => "Can't send messages to this user due to their privacy settings",
            911 => "Keyboard format is invalid",
            912 => "This is a chat bot feature, change this status in settings",
            914 => "Message is too long",
            917 => "You don't have access to this chat",
            936 => "Contact not found",
            _ => "Error",
        };
        Refusal(code, text.to_owned())
    }

    fn answer(self, form: &Form) -> Value {
        let asked = form.without("access_token").map(|(key, value)| json!({"key": key, "value": value}));
        json!({"error": {"error_code": self.0, "error_msg": self.1, "request_params": asked.collect::<Vec<_>>()}})
    }
}

/// Answers a call of a method.
pub(super) async fn call(Shared(state): Shared<Arc<State>>, Path(method): Path<String>, request: Request) -> Response {
    let bearer = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = bearer.and_then(|value| value.strip_prefix("Bearer ")).map(str::to_owned);
    let form = Form::read(request).await;
    state.journal.count(|counts| counts.requests += 1);

    let peer = form.number("peer_id");
    let next = tokio::select! {
        next = state.script.take(&method, peer, &state.journal) => next,
        () = state.stop.cancelled() => None,
    };
    let refused = next.and_then(Next::outcome);
    let checked = || {
        if let Some(Outcome::Refused(code)) = refused {
            return Err(Refusal::of(code));
        }
        admit(&state, &method, &form, form.get("access_token").or(bearer.as_deref()))
    };
    let result = match method.as_str() {
        "messages.send" => send(&state, &form, refused, checked),
        "groups.getLongPollServer" => checked().and_then(|()| {
            own_group(&state, &form)?;
            Ok(state.long_poll.server(&format!("{}/longpoll", state.origin)))
        }),
        "groups.getCallbackConfirmationCode" => {
            checked().and_then(|()| own_group(&state, &form)).map(|()| json!({"code": state.config.confirmation}))
        }
        _ => checked().and(Err(Refusal(3, "Unknown method passed".to_owned()))),
    };
    if let Some(next) = next
        && let Some(answer) = next.answer().await
    {
        return answer;
    }
    let answer = result.map_or_else(|refusal| refusal.answer(&form), |response| json!({"response": response}));
    Json(answer).into_response()
}

/// Checks what every call must have.
fn admit(state: &State, method: &str, form: &Form, token: Option<&str>) -> Result<(), Refusal> {
    match token {
        None => return Err(Refusal(5, "User authorization failed: no access_token passed.".to_owned())),
        Some(token) if token != state.config.token => return Err(Refusal::of(5)),
        Some(_) => {}
    }
    let version = form.get("v").and_then(|version| version.split_once('.'));
    if !version.is_some_and(|(major, minor)| major == "5" && minor.parse::<u32>().is_ok()) {
        return Err(Refusal(8, format!("Invalid request: v (version) is required by {method}")));
    }
    if state.rate.allows(Instant::now()) { Ok(()) } else { Err(Refusal::of(6)) }
}

fn own_group(state: &State, form: &Form) -> Result<(), Refusal> {
    match form.number("group_id") {
        None => Err(Refusal::invalid("group_id is undefined")),
        Some(group) if group == state.config.group => Ok(()),
        Some(_) => Err(Refusal::of(15)),
    }
}

/// `messages.send`; noted whatever becomes of it.
fn send(
    state: &State,
    form: &Form,
    told: Option<Outcome>,
    checked: impl FnOnce() -> Result<(), Refusal>,
) -> Result<Value, Refusal> {
    let board = form.get("keyboard").map(keyboard::read);
    let call = Call {
        peer: form.number("peer_id").unwrap_or(0),
        text: form.get("message").unwrap_or_default().to_owned(),
        keyboard: board.clone().and_then(Result::ok),
        random_id: form.number("random_id").unwrap_or(0),
        at: Instant::now(),
        outcome: told.unwrap_or(Outcome::Failed),
    };
    if told == Some(Outcome::Failed) {
        state.journal.refuse(call);
        return Ok(Value::Null);
    }
    if let Err(refusal) = checked().and_then(|()| check_message(form, &call, board)) {
        state.journal.refuse(Call { outcome: Outcome::Refused(refusal.0), ..call });
        return Err(refusal);
    }
    match state.journal.send(call) {
        Outcome::Sent(id) | Outcome::Repeated(id) => Ok(json!(id)),
        Outcome::Refused(code) => Err(Refusal::of(code)),
        Outcome::Failed => Err(Refusal::of(1)),
    }
}

fn check_message(form: &Form, call: &Call, board: Option<Result<Value, &str>>) -> Result<(), Refusal> {
    if call.peer == 0 {
        return Err(Refusal::invalid("you should specify peer_id, user_id, domain, chat_id or user_ids param"));
    }
    match form.number("random_id") {
        None => return Err(Refusal::invalid("random_id is a required parameter")),
        Some(number) if i32::try_from(number).is_err() => {
            return Err(Refusal::invalid("random_id is not a 32-bit integer"));
        }
        Some(_) => {}
    }
    if call.text.trim().is_empty() {
        return Err(Refusal::invalid("message is empty or invalid"));
    }
    if call.text.chars().count() > LONGEST {
        return Err(Refusal::of(914));
    }
    match board {
        Some(Err(fault)) => Err(Refusal(911, format!("Keyboard format is invalid: {fault}"))),
        _ => Ok(()),
    }
}
