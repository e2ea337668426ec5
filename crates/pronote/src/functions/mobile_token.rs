//! `JetonAppliMobile`: the content of a QR code that signs another device in (protocol §5.10).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{Context, Function, Payload, Write};
use crate::model::tab;
use crate::wire::{Malformed, Node};

/// Asks for a QR code closed by a PIN. Whoever has both is signed in: it is good for ten minutes, and once.
#[derive(Debug, Clone)]
pub struct Request {
    pin: SecretString,
}

/// A PIN that is not four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the PIN of a QR code has four digits")]
pub struct NotAPin;

impl Request {
    /// Closes the code with a PIN of four digits.
    ///
    /// # Errors
    /// [`NotAPin`].
    pub fn new(pin: SecretString) -> Result<Self, NotAPin> {
        let digits = pin.expose_secret();
        if digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit()) {
            Ok(Request { pin })
        } else {
            Err(NotAPin)
        }
    }
}

/// What a QR code holds, closed by its PIN. It is a secret all the same: four digits are soon guessed.
#[derive(Clone)]
pub struct MobileToken {
    login: String,
    token: SecretString,
}

impl MobileToken {
    /// The text of the picture, for a school at that address (a page of the school, for instance `…/mobile.eleve.html`).
    #[must_use]
    pub fn qr_text(&self, page: &str) -> SecretString {
        json!({ "avecPageConnexion": false, "jeton": self.token.expose_secret(), "login": self.login, "url": page })
            .to_string()
            .into()
    }
}

impl fmt::Debug for MobileToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MobileToken(…)")
    }
}

impl Function for Request {
    const NAME: &'static str = "JetonAppliMobile";
    const TAB: Option<u32> = Some(tab::HOME);
    type Answer = MobileToken;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "code": self.pin.expose_secret() })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<MobileToken, Malformed> {
        mobile_token(payload.data)
    }
}

/// It lets another device in: that is no reading.
impl Write for Request {}

fn mobile_token(data: Node<'_>) -> Result<MobileToken, Malformed> {
    Ok(MobileToken { login: data.need("login")?, token: data.need::<String>("jeton")?.into() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::common::reading;
    use crate::login::QrCode;

    #[test]
    fn the_text_of_the_picture_is_a_code_to_sign_in_with() {
        let (token, _) = reading(r#"{"login":"0A0B","jeton":"0C0D"}"#, mobile_token);
        let token = token.unwrap();
        assert_eq!(format!("{token:?}"), "MobileToken(…)");
        let text = token.qr_text("https://ecole.exemple.fr/pronote/mobile.eleve.html");
        let code: QrCode = text.expose_secret().parse().unwrap();
        assert_eq!(code.space(), crate::address::Space::of_page("mobile.eleve.html").unwrap());
    }

    #[test]
    fn an_answer_without_a_token_is_refused() {
        for text in ["{}", r#"{"login":"0A"}"#, r#"{"login":"0A","jeton":[]}"#, "[]"] {
            assert!(reading(text, mobile_token).0.is_err(), "{text}");
        }
    }

    #[test]
    fn a_pin_has_four_digits_and_is_never_shown() {
        for text in ["", "123", "12345", "12a4", "１２３４"] {
            assert_eq!(Request::new(text.into()).unwrap_err(), NotAPin, "{text}");
        }
        let request = Request::new("4321".into()).unwrap();
        assert!(!format!("{request:?}").contains("4321"));
        assert_eq!(request.arguments(&Context::default()), json!({ "code": "4321" }));
    }
}
