use std::fmt;
use std::str::FromStr;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::address::{SchoolAddress, Space};
use crate::error::{Cause, Error, Step};
use crate::protocol::challenge;
use crate::wire::{Document, Json};

/// The longest text of a code; a real one has about three hundred bytes.
const MOST_BYTES: usize = 4096;

/// The content of a sign-in QR code, still closed by its PIN (protocol §5.10).
///
/// Parses the JSON text that the picture holds.
#[derive(Clone)]
pub struct QrCode {
    pub(crate) school: SchoolAddress,
    pub(crate) space: Space,
    login: String,
    token: SecretString,
}

impl QrCode {
    /// The school it leads to.
    #[must_use]
    pub fn school(&self) -> &SchoolAddress {
        &self.school
    }

    /// The space it opens.
    #[must_use]
    pub fn space(&self) -> Space {
        self.space
    }

    /// The login and the one-time token inside.
    ///
    /// # Errors
    /// The PIN is not the one of this code.
    pub(crate) fn open(&self, pin: &SecretString) -> Result<(String, SecretString), Error> {
        let open = |field: &str| {
            challenge::open_qr_field(pin.expose_secret().trim(), field)
                .map_err(|_| Error::new(Step::Identification, Cause::QrPin))
        };
        Ok((open(&self.login)?, open(self.token.expose_secret())?.into()))
    }
}

impl FromStr for QrCode {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let refuse = |why| Error::new(Step::Identification, Cause::NotAQrCode(why));
        if text.len() > MOST_BYTES {
            return Err(refuse("it is too long"));
        }
        let json = Json::parse(text.trim()).map_err(|_| refuse("it holds no JSON"))?;
        let document = Document::new(&json);
        let field = |name| document.root().read::<String>(name).filter(|text| !text.is_empty());
        let url = field("url").ok_or_else(|| refuse("it names no address"))?;
        let (login, token) = (field("login"), field("jeton"));
        let (login, token) = login.zip(token).ok_or_else(|| refuse("it holds no login and token"))?;
        let school: SchoolAddress = url.parse()?;
        // Some codes name the mobile page after a `#`.
        let fragment = Url::parse(&url).ok().and_then(|url| Space::of_page(url.fragment()?.rsplit('/').next()?));
        let space = school.space().or(fragment).ok_or_else(|| refuse("its address names no space"))?;
        Ok(QrCode { school, space, login, token: token.into() })
    }
}

impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrCode").field("space", &self.space).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(url: &str) -> Result<QrCode, Error> {
        let login = challenge::seal_qr_field("1234", "demonstration");
        let token = challenge::seal_qr_field("1234", "9B1F6C0D");
        serde_json::json!({ "url": url, "login": login, "jeton": token }).to_string().parse()
    }

    #[test]
    fn a_code_opens_with_its_pin() {
        let code = code("https://ecole.example/pronote/mobile.eleve.html").unwrap();
        assert_eq!((code.space(), code.school().key().as_str()), (Space::Student, "ecole.example/pronote"));
        let (login, token) = code.open(&"1234".into()).unwrap();
        assert_eq!((login.as_str(), token.expose_secret()), ("demonstration", "9B1F6C0D"));
    }

    #[test]
    fn a_wrong_pin_is_said_to_be_wrong() {
        let error = code("https://ecole.example/parent.html").unwrap().open(&"4321".into()).unwrap_err();
        assert!(matches!(error.cause, Cause::QrPin));
    }

    #[test]
    fn the_longer_address_of_parents_is_understood() {
        let code = code("https://ecole.example/pronote/parent.html?identifiant=x#/mobile.parent.html").unwrap();
        assert_eq!(code.space(), Space::Parent);
    }

    #[test]
    fn what_is_no_code_is_said_to_be_none() {
        for text in ["", "{}", "https://ecole.example", r#"{"url":"https://e.example/eleve.html"}"#, "[1]"] {
            assert!(matches!(text.parse::<QrCode>().unwrap_err().cause, Cause::NotAQrCode(_)), "{text}");
        }
        assert!(code("https://ecole.example/").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,80}") {
            let _ = text.parse::<QrCode>();
        }
    }
}
