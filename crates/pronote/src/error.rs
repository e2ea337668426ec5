//! What can go wrong, told by the step at which it did.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::pace::Paused;
use crate::protocol::Version;
use crate::protocol::envelope::Unreadable;
use crate::protocol::page::Closed;
use crate::wire::Malformed;

/// The step of a conversation with a school at which something went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Understanding the address that was given.
    Address,
    /// Asking what a school is, or which are near.
    Discovery,
    /// Opening the entry page.
    Bootstrap,
    /// Agreeing on keys, and reading the school's parameters.
    KeyExchange,
    /// Telling who wants to sign in.
    Identification,
    /// Proving it.
    Challenge,
    /// Saving the credentials that a sign-in gave.
    Keeping,
    /// Registering this device, a PIN or a new password.
    Device,
    /// Asking a page, named as the server names it.
    Page(Cow<'static, str>),
    /// Sending a file.
    Upload,
    /// Receiving a file.
    Download,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Step::Address => "address",
            Step::Discovery => "discovery",
            Step::Bootstrap => "bootstrap",
            Step::KeyExchange => "key exchange",
            Step::Identification => "identification",
            Step::Challenge => "challenge",
            Step::Keeping => "keeping the credentials",
            Step::Device => "device",
            Step::Page(function) => return write!(f, "page {function}"),
            Step::Upload => "upload",
            Step::Download => "download",
        })
    }
}

/// Why a step failed. No cause holds a secret, a name or an identifier.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Cause {
    /// The address is not one of a school.
    #[error("the address cannot be read: {0}")]
    Address(&'static str),
    /// The network, or a limit on what comes from it.
    #[error("the server could not be asked")]
    Transport(#[source] Arc<transport::Error>),
    /// The entry page is no way in.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// The school lets people in through its portal only.
    #[error("the school signs people in through its portal at {host}")]
    PortalRequired {
        /// The portal's host.
        host: String,
    },
    /// An HTTP status instead of an answer.
    #[error("the server answered with HTTP status {0}")]
    Status(u16),
    /// The answer cannot be unfolded.
    #[error("the answer cannot be read")]
    Unreadable(#[from] Unreadable),
    /// The answer belongs to another call or session.
    #[error("the answer is not to this call: its {0} differs")]
    Mismatch(&'static str),
    /// The answer can be unfolded, but makes no sense.
    #[error("the answer makes no sense")]
    Malformed(#[from] Malformed),
    /// The server kept saying "please wait".
    #[error("the server did not finish within {0} seconds")]
    StillWaiting(u64),
    /// The session is over.
    #[error("the session has expired")]
    Expired,
    /// Identifiers of an earlier session were used.
    #[error("the identifiers are of an earlier session")]
    StaleIdentifiers,
    /// The server counts too many requests.
    #[error("the server says that too many requests were made")]
    RateLimited,
    /// The account may not do this.
    #[error("the server denies access")]
    Denied,
    /// Any other error of the server, in its words.
    #[error("the server answered with error {code}: {title}")]
    Server {
        /// The server's code.
        code: i64,
        /// The server's title of it.
        title: String,
    },
    /// The secret does not open the challenge.
    #[error("the challenge does not open with {0}")]
    Unopened(Secret),
    /// The server refused the sign-in.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The PIN does not open the QR code.
    #[error("the QR code does not open with this PIN")]
    QrPin,
    /// The text is not a sign-in QR code.
    #[error("this is not a sign-in QR code: {0}")]
    NotAQrCode(&'static str),
    /// A security step needs an answer that was not given.
    #[error("the school asks for {0}")]
    AnswerNeeded(&'static str),
    /// A security step was refused.
    #[error("the server refuses {0}")]
    StepRefused(&'static str),
    /// The caller's hook could not keep the new credentials.
    #[error("the new credentials could not be saved: {0}")]
    NotKept(Arc<dyn std::error::Error + Send + Sync>),
    /// Someone has to answer a security question of the school before this account opens.
    #[error("the school asks for a security step")]
    StepNeeded,
    /// This side holds the call back.
    #[error(transparent)]
    Paused(#[from] Paused),
    /// The server did not take what was saved.
    #[error("the server did not take the change: {}", .0.join("; "))]
    SaveRefused(Vec<String>),
    /// The session was opened for reading only.
    #[error("this session may only read")]
    ReadOnly,
    /// The account has no such page.
    #[error("this account does not have this page")]
    NoTab,
    /// No child of that name or number.
    #[error("there is no such child in this account")]
    NoChild,
    /// Nothing of that kind is there to ask for.
    #[error("there is nothing to fetch: {0}")]
    NothingThere(&'static str),
}

/// The kind of secret a sign-in used; never the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Secret {
    /// A login and a password.
    Password,
    /// The one-time token of a QR code.
    QrToken,
    /// The token of an earlier sign-in.
    DeviceToken,
    /// What a portal left in the page.
    Portal,
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Secret::Password => "this login and password",
            Secret::QrToken => "this QR code",
            Secret::DeviceToken => "the saved token",
            Secret::Portal => "what the portal gave",
        })
    }
}

/// A sign-in that the server refused, by its code (protocol §5.6).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server refused the sign-in with {secret}: {}", self.reason())]
pub struct Refusal {
    /// What was tried.
    pub secret: Secret,
    /// The server's `Acces` code; `None` when it gave no key and no code.
    pub code: Option<i64>,
    /// The server's own text, for code 9.
    pub message: Option<String>,
}

impl Refusal {
    fn reason(&self) -> Cow<'static, str> {
        match (self.code, &self.message) {
            (_, Some(message)) => Cow::Owned(message.clone()),
            (Some(1), _) => "login and secret do not go together".into(),
            (Some(2), _) => "the account's profile does not allow this space".into(),
            (Some(4), _) => "no person is attached to the account".into(),
            (Some(6), _) => "the pupil has left the school".into(),
            (Some(10), _) => "the account is disabled".into(),
            (Some(code), _) => format!("code {code}").into(),
            (None, _) => "it gave no reason".into(),
        }
    }
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same would happen again.
    Never,
    /// Later, perhaps; `Some` says from when.
    Later(Option<Timestamp>),
    /// After a new sign-in.
    AfterSignIn,
}

/// An error, the step it happened at, and the version of the server when it is known.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{step}: {cause}{}", .version.map(|version| format!(" (PRONOTE {version})")).unwrap_or_default())]
pub struct Error {
    /// Where it happened.
    pub step: Step,
    /// Why.
    #[source]
    pub cause: Cause,
    /// The version the server announced before it happened.
    pub version: Option<Version>,
}

impl Error {
    pub(crate) fn new(step: Step, cause: impl Into<Cause>) -> Self {
        Error { step, cause: cause.into(), version: None }
    }

    pub(crate) fn of_version(self, version: Version) -> Self {
        Error { version: Some(version), ..self }
    }

    /// Whether trying again can help, and when.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match &self.cause {
            Cause::Paused(paused) => Retry::Later(Some(paused.until)),
            Cause::Transport(error) if error.is_temporary() => Retry::Later(None),
            Cause::Closed(Closed::Suspended | Closed::Busy) | Cause::RateLimited | Cause::StillWaiting(_) => {
                Retry::Later(None)
            }
            Cause::Status(status) if *status >= 500 => Retry::Later(None),
            Cause::Expired | Cause::StaleIdentifiers => Retry::AfterSignIn,
            _ => Retry::Never,
        }
    }

    /// What the person can do about it, in one sentence.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.cause {
            Cause::Address(_) => "Copy the address from a browser that shows the school's PRONOTE sign-in page.",
            Cause::Transport(error) if error.is_temporary() => "Check the network, then try again in a few minutes.",
            Cause::Transport(_) => "Check the address and the network.",
            Cause::Closed(Closed::Suspended) => {
                "Wait: the vendor lifts the suspension by itself. Nothing is sent to this school until then."
            }
            Cause::Closed(Closed::Unavailable) => "The school has closed its site; it opens it again.",
            Cause::Closed(Closed::Busy) | Cause::StillWaiting(_) => "Try again in a few minutes.",
            Cause::Closed(Closed::Outdated) => "Update Cartable.",
            Cause::Closed(Closed::NoSpace) => "Choose another space, for instance the parents' one.",
            Cause::Closed(Closed::NotPronote) => "Check that the address leads to PRONOTE.",
            Cause::PortalRequired { .. } => "Sign in through that portal, or with a QR code made in PRONOTE.",
            Cause::Paused(_) => "Wait until the time given; the pause protects the account and the network's address.",
            Cause::RateLimited => "Wait an hour before anything else is asked of this school.",
            Cause::Expired | Cause::StaleIdentifiers => "Sign in again, and read the page again before changing it.",
            Cause::Unopened(Secret::Password) => {
                "Check the login and the password in a browser; a portal's password is not PRONOTE's."
            }
            Cause::Refused(Refusal { secret: Secret::Password, code: Some(1), .. }) => {
                "Check the login and the password in a browser; a portal's password is not PRONOTE's."
            }
            Cause::Unopened(Secret::QrToken)
            | Cause::Refused(Refusal { secret: Secret::QrToken, code: Some(1), .. }) => {
                "Make a new QR code: one is good for ten minutes and one use."
            }
            Cause::Unopened(Secret::DeviceToken)
            | Cause::Refused(Refusal { secret: Secret::DeviceToken, code: Some(1), .. }) => {
                "Sign in once more with a password or a QR code; the saved token is no longer good."
            }
            Cause::Unopened(Secret::Portal) | Cause::Refused(Refusal { secret: Secret::Portal, code: Some(1), .. }) => {
                "Sign in to the portal again."
            }
            Cause::Refused(_) | Cause::Denied | Cause::NoTab => "Ask the school whether the account may do this.",
            Cause::QrPin => "Type the four digits that were chosen when the QR code was made.",
            Cause::NotAQrCode(_) => "Use the QR code that PRONOTE shows for its mobile application.",
            Cause::AnswerNeeded(_) => "Give what is asked for.",
            Cause::StepNeeded => "Sign in once by hand, and answer what the school asks.",
            Cause::StepRefused(_) => "Check what was typed, then sign in again.",
            Cause::NotKept(_) => "Make room or give access where credentials are kept, then sign in again.",
            Cause::SaveRefused(_) => "Nothing was changed.",
            Cause::ReadOnly => "Open the session for writing.",
            Cause::NoChild => "List the account's children first.",
            Cause::NothingThere(_) => "Nothing to do.",
            Cause::Unreadable(_)
            | Cause::Mismatch(_)
            | Cause::Malformed(_)
            | Cause::Server { .. }
            | Cause::Status(_) => "Try again; if it lasts, write a diagnostic bundle and report it.",
        }
    }
}

impl From<transport::Error> for Cause {
    fn from(error: transport::Error) -> Self {
        Cause::Transport(Arc::new(error))
    }
}
