use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use transport::Browser;

use super::QrCode;
use crate::address::{SchoolAddress, Space};
use crate::error::Error;
use crate::model::DeviceId;
use crate::protocol::cipher;
use crate::protocol::page::EntryPage;

/// Who signs in, where, and with what proof.
#[derive(Clone)]
pub enum Credentials {
    /// A login and a password of PRONOTE itself; a portal's password is another thing.
    Password {
        /// The school.
        school: SchoolAddress,
        /// The space to open.
        space: Space,
        /// The login, as typed.
        login: String,
        /// The password, as typed.
        password: SecretString,
    },
    /// A QR code and the PIN chosen with it.
    QrCode {
        /// The code.
        code: QrCode,
        /// Its four digits.
        pin: SecretString,
    },
    /// The token of an earlier sign-in. It is used up, and another comes back.
    Token(SavedLogin),
    /// The page that a portal led to. It opens once.
    Portal(Box<Landing>),
}

impl Credentials {
    /// The vendor's demonstration account, which opens every space of a demonstration school (protocol §5.15).
    #[must_use]
    pub fn demonstration(school: SchoolAddress, space: Space) -> Self {
        Credentials::Password { school, space, login: "demonstration".into(), password: "pronotevs".into() }
    }
}

impl Credentials {
    /// The school and the space they open.
    ///
    /// # Errors
    /// The address of a saved login cannot be read.
    pub fn place(&self) -> Result<(SchoolAddress, Space), Error> {
        Ok(match self {
            Credentials::Password { school, space, .. } => (school.clone(), *space),
            Credentials::Portal(landing) => (landing.school.clone(), landing.space),
            Credentials::QrCode { code, .. } => (code.school().clone(), code.space()),
            Credentials::Token(saved) => (saved.school.parse()?, saved.space),
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Credentials::Password { .. } => "Password(…)",
            Credentials::QrCode { .. } => "QrCode(…)",
            Credentials::Token(_) => "Token(…)",
            Credentials::Portal(_) => "Portal(…)",
        })
    }
}

/// PRONOTE's own page at the end of a way through a portal (protocol §5.12), with what the portal left there for one
/// sign-in.
#[derive(Clone)]
pub struct Landing {
    pub(crate) school: SchoolAddress,
    pub(crate) space: Space,
    pub(crate) cookies: SecretString,
    pub(crate) page: EntryPage,
}

impl Landing {
    /// What a browser has come to; none when the page holds nothing that a portal left. Of the browser's cookies those
    /// for the school are taken along.
    #[must_use]
    pub fn new(school: SchoolAddress, space: Space, browser: &Browser, page: EntryPage) -> Option<Self> {
        page.portal.as_ref()?;
        browser.keep_only(&school.below(&space.desktop_page()).ok()?);
        Some(Landing { school, space, cookies: browser.export().into(), page })
    }
}

impl fmt::Debug for Landing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Landing").field("space", &self.space).finish_non_exhaustive()
    }
}

/// This device, as the school knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// An identifier that stays the same; tokens are bound to it.
    pub id: String,
    /// The label the school lists it under, at most 30 characters.
    pub name: String,
}

impl Device {
    /// A new device of that name, with a random identifier.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        let bytes: [u8; 16] = cipher::random();
        let hex = cipher::hex(&bytes);
        let id = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
        Device { id, name: name.into() }
    }

    /// The label as the server takes it.
    pub(crate) fn label(&self) -> String {
        self.name.trim().chars().take(30).collect()
    }
}

/// What to keep to sign in again without a password.
///
/// Serialising it writes the token: only ever serialise it to seal it.
#[derive(Clone, Serialize, Deserialize)]
pub struct SavedLogin {
    /// The school's root.
    pub school: String,
    /// The space.
    pub space: Space,
    /// The login the token belongs to.
    pub login: String,
    /// The token. It changes with every sign-in.
    #[serde(serialize_with = "expose")]
    pub token: SecretString,
    /// The device the token is bound to.
    pub device: Device,
    /// The identifier the school gave this device.
    pub navigator: Option<DeviceId>,
}

fn expose<S: Serializer>(secret: &SecretString, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose_secret())
}

impl fmt::Debug for SavedLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavedLogin").field("space", &self.space).finish_non_exhaustive()
    }
}

/// What a keeper gives back when it is done.
pub(crate) type Kept = Pin<Box<dyn Future<Output = Result<(), Box<dyn StdError + Send + Sync>>> + Send>>;

/// Keeps a fresh login before the client goes on.
#[derive(Clone)]
pub struct Keeper(Arc<dyn Fn(SavedLogin) -> Kept + Send + Sync>);

impl Keeper {
    /// Makes a keeper of a function.
    pub fn new<F, K>(keep: F) -> Self
    where
        F: Fn(SavedLogin) -> K + Send + Sync + 'static,
        K: Future<Output = Result<(), Box<dyn StdError + Send + Sync>>> + Send + 'static,
    {
        Keeper(Arc::new(move |login| Box::pin(keep(login))))
    }

    pub(crate) fn keep(&self, login: SavedLogin) -> Kept {
        (self.0)(login)
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper(…)")
    }
}
