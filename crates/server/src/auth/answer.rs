//! What a door answers: a token, or what the school asks for first.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use gateway::viewers::Admission;
use portals::Question;
use pronote::login::{Demand, Offer, PasswordRules, SavedLogin};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::problem;

/// A sign-in that succeeded.
#[derive(Serialize, ToSchema)]
pub(crate) struct Opened {
    /// Opens everything else, as `Token` or as bearer.
    token: String,
    /// What the next sign-in takes in place of a password. It holds a secret, and is good once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    next: Option<SavedLogin>,
    /// `false` where a portal opened the account and the school gives nothing to sign in to it again: when the session has
    /// ended, the password is needed once more.
    #[serde(skip_serializing_if = "is_lasting")]
    #[schema(value_type = Option<bool>)]
    lasting: bool,
}

fn is_lasting(lasting: &bool) -> bool {
    *lasting
}

/// A sign-in that the school opens when it has its answers; without `continue`, a refusal like any other.
#[derive(Serialize, ToSchema)]
pub(crate) struct Continue {
    /// `SECOND_FACTOR_REQUIRED`, or `PORTAL_QUESTION` where the portal asks.
    #[schema(value_type = Option<String>, example = "SECOND_FACTOR_REQUIRED")]
    code: &'static str,
    message: &'static str,
    /// What to name when going on.
    #[schema(value_type = Option<String>)]
    r#continue: String,
    /// What is asked for.
    #[schema(value_type = Option<Vec<NeededItem>>)]
    needed: Vec<NeededItem>,
}

/// Something that the school or its portal asks for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NeededItem {
    /// `newPassword`, `strategy`, `newPin`, `pin`, `resetPin`, or `other`, which cannot be answered here; of a portal
    /// `birthDate` (a child's, where a guardian signs in), `code` or `choice`.
    what: &'static str,
    /// The fields of the answer.
    fields: &'static [&'static str],
    /// Whether a PIN has exactly four digits; otherwise at least four.
    #[serde(skip_serializing_if = "Option::is_none")]
    four_digits: Option<bool>,
    /// What a new password must be like.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    rules: Option<PasswordRules>,
    /// What to choose from: strategies by their names, what a portal offers by its number, counted from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<String>)]
    choices: Vec<Value>,
    /// The host that asks, where it is a portal's.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    /// What the school says to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

pub(super) enum Answer {
    Opened(Opened),
    Steps(Continue),
}

pub(super) fn of(admission: Admission) -> Answer {
    match admission {
        Admission::Open { token, next, lasting, .. } => {
            Answer::Opened(Opened { token: token.expose().to_owned(), next, lasting })
        }
        Admission::Question { continuation, host, question } => Answer::Steps(Continue {
            code: "PORTAL_QUESTION",
            message: "The portal asks for more before it opens this account",
            r#continue: continuation.expose().to_owned(),
            needed: vec![NeededItem::asked(host, question)],
        }),
        Admission::Steps { continuation, demands, offer } => Answer::Steps(Continue {
            code: "SECOND_FACTOR_REQUIRED",
            message: "The school asks for more before it opens this account",
            r#continue: continuation.expose().to_owned(),
            needed: demands.into_iter().filter_map(|demand| NeededItem::of(demand, &offer)).collect(),
        }),
    }
}

impl Answer {
    pub(super) fn into_response(self) -> Response {
        match self {
            Answer::Opened(opened) => problem::json(&opened),
            Answer::Steps(steps) => (StatusCode::UNAUTHORIZED, problem::json(&steps)).into_response(),
        }
    }
}

impl NeededItem {
    fn new(what: &'static str, fields: &'static [&'static str]) -> Self {
        NeededItem { what, fields, four_digits: None, rules: None, choices: Vec::new(), host: None, hint: None }
    }

    /// What a portal asks.
    fn asked(host: String, question: Question) -> Self {
        let (what, choices) = match question {
            Question::BirthDate => ("birthDate", Vec::new()),
            Question::Code => ("code", Vec::new()),
            Question::Choice { options } => ("choice", options.into_iter().map(Value::from).collect()),
        };
        NeededItem { choices, host: Some(host), ..NeededItem::new(what, &["answer"]) }
    }

    /// A device has been named already, so that nobody needs to be asked for it.
    fn of(demand: Demand, offer: &Offer) -> Option<Self> {
        let item = NeededItem::new;
        let pin = |what, fields| NeededItem { four_digits: Some(offer.fixed_pin), ..item(what, fields) };
        Some(match demand {
            Demand::NewPassword => NeededItem {
                rules: Some(offer.password.clone()),
                hint: offer.message.clone(),
                ..item("newPassword", &["newPassword"])
            },
            Demand::ChooseStrategy => NeededItem {
                choices: offer.strategies.iter().map(|strategy| json!(strategy)).collect(),
                ..item("strategy", &["strategy"])
            },
            Demand::NewPin => pin("newPin", &["pin"]),
            Demand::Pin => pin("pin", &["pin"]),
            Demand::ResetPin => {
                NeededItem { hint: offer.masked_email.clone(), ..pin("resetPin", &["resetCode", "pin"]) }
            }
            Demand::DeviceName => return None,
            Demand::Other(_) => item("other", &[]),
        })
    }
}
