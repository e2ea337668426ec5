//! `SecurisationComptePreference`: how signing in is protected, from the account page (protocol §5.13).

use serde::Serialize;
use serde_json::{Value, json};

use super::common::some_text;
use super::{Context, Function, Payload, Write};
use crate::model::{DeviceKind, SecurityMode, tab};
use crate::wire::{Malformed, Node, Set};

/// A secret as the session's forms send it, already encrypted with the keys of the session ([`Session::seal`]).
///
/// It dies with those keys: after a renewal it must be sealed again.
///
/// [`Session::seal`]: crate::Session::seal
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(pub String);

/// Changes how the account is protected. Where the account already has a PIN, the server may ask for it.
#[derive(Debug, Clone)]
pub enum Request {
    /// Chooses a protection.
    SetMode {
        /// The protection.
        mode: SecurityMode,
        /// The PIN of today.
        old_pin: Option<Sealed>,
    },
    /// Gives a PIN.
    SetPin {
        /// The new one.
        pin: Sealed,
        /// The PIN of today.
        old_pin: Option<Sealed>,
    },
    /// Gives a known device another name.
    RenameDevice {
        /// What the server calls it.
        id: String,
        /// What it signs in with.
        kind: DeviceKind,
        /// The name; at most 30 characters.
        name: String,
    },
    /// Forgets a known device.
    ForgetDevice {
        /// What the server calls it.
        id: String,
        /// What it signs in with.
        kind: DeviceKind,
    },
    /// Gives a password.
    SetPassword {
        /// The password of today.
        old: Sealed,
        /// The new one.
        new: Sealed,
    },
    /// Gives another login.
    SetLogin {
        /// The password of today.
        password: Sealed,
        /// The new login.
        login: Sealed,
    },
}

/// What the server said of the change.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Outcome {
    /// Whether it was made.
    pub accepted: bool,
    /// Why not, in the school's language.
    pub message: Option<String>,
    /// Whether the new password is too short or too long.
    pub wrong_length: bool,
    /// The codes of the rules that the new password breaks.
    pub broken_rules: Set,
    /// Whether the password of today is another one.
    pub wrong_old_password: bool,
}

impl Function for Request {
    const NAME: &'static str = "SecurisationComptePreference";
    const TAB: Option<u32> = Some(tab::PERSONAL_DATA);
    type Answer = Outcome;

    fn arguments(&self, _: &Context) -> Value {
        let mut arguments = match self {
            Request::SetMode { mode, .. } => json!({ "action": 4, "mode": mode.code() }),
            Request::SetPin { pin: Sealed(pin), .. } => json!({ "action": 5, "codePin": pin }),
            Request::RenameDevice { id, kind, name } => {
                json!({ "action": 6, "identifiantSysteme": id, "genreSource": kind.code(), "libelleSaisi": name })
            }
            Request::ForgetDevice { id, kind } => {
                json!({ "action": 7, "identifiantSysteme": id, "genreSource": kind.code() })
            }
            Request::SetPassword { old: Sealed(old), new: Sealed(new) } => {
                json!({ "action": 8, "ancienMDP": old, "nouveauMDP": new })
            }
            Request::SetLogin { password: Sealed(password), login: Sealed(login) } => {
                json!({ "action": 9, "ancienMDP": password, "identifiant": login })
            }
        };
        if let Request::SetMode { old_pin: Some(Sealed(pin)), .. }
        | Request::SetPin { old_pin: Some(Sealed(pin)), .. } = self
        {
            arguments["ancienCodePin"] = json!(pin);
        }
        arguments
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Outcome, Malformed> {
        Ok(outcome(payload.data))
    }
}

impl Write for Request {}

/// Servers answer with a result, or only with what was wrong.
fn outcome(data: Node<'_>) -> Outcome {
    let fault = data.get("erreurMDP");
    let message = some_text(data, "messageErreur");
    Outcome {
        accepted: data.read("result").unwrap_or(fault.is_none() && message.is_none()),
        message,
        wrong_length: fault.is_some_and(|fault| fault.flag("erreurTailleMDP")),
        broken_rules: fault.and_then(|fault| fault.read("reglesNonRespectes")).unwrap_or_default(),
        wrong_old_password: fault.is_some_and(|fault| fault.flag("erreurAncienMDP")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;

    #[test]
    fn each_change_has_its_number_and_its_fields() {
        let sealed = |text: &str| Sealed(text.into());
        let sent = |request: Request| request.arguments(&Context::default());
        assert_eq!(
            sent(Request::SetMode { mode: SecurityMode::Pin, old_pin: Some(sealed("0a")) }),
            json!({ "action": 4, "mode": 3, "ancienCodePin": "0a" })
        );
        assert_eq!(sent(Request::SetPin { pin: sealed("0b"), old_pin: None }), json!({ "action": 5, "codePin": "0b" }));
        assert_eq!(
            sent(Request::RenameDevice { id: "x".into(), kind: DeviceKind::Browser, name: "Bureau".into() }),
            json!({ "action": 6, "identifiantSysteme": "x", "genreSource": 2, "libelleSaisi": "Bureau" })
        );
        assert_eq!(sent(Request::ForgetDevice { id: "x".into(), kind: DeviceKind::Mobile })["action"], 7);
        assert_eq!(
            sent(Request::SetPassword { old: sealed("0c"), new: sealed("0d") }),
            json!({ "action": 8, "ancienMDP": "0c", "nouveauMDP": "0d" })
        );
        assert_eq!(
            sent(Request::SetLogin { password: sealed("0c"), login: sealed("0e") }),
            json!({ "action": 9, "ancienMDP": "0c", "identifiant": "0e" })
        );
    }

    #[test]
    fn silence_is_consent() {
        assert!(reading("{}", outcome).0.accepted);
        assert!(reading(r#"{"result":true}"#, outcome).0.accepted);
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        let (refused, noted) = reading(
            r#"{"result":false,"erreurMDP":{"erreurTailleMDP":true,"reglesNonRespectes":{"_T":26,"V":"[0,3]"},"erreurAncienMDP":true}}"#,
            outcome,
        );
        assert!(!refused.accepted && refused.wrong_length && refused.wrong_old_password && noted.is_empty());
        assert_eq!(refused.broken_rules.to_string(), "[0,3]");
        assert!(!reading(r#"{"messageErreur":"Non"}"#, outcome).0.accepted);
        assert!(!reading(r#"{"erreurMDP":3}"#, outcome).0.accepted);
    }
}
