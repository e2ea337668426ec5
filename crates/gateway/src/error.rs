//! What can go wrong between a person's profiles and a school.

use std::io;
use std::path::{Path, PathBuf};

use pronote::Cause;
use pronote::protocol::page::Closed;

/// Why a profile or a session cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The school, the network, or the pace.
    #[error(transparent)]
    Pronote(#[from] pronote::Error),
    /// A portal, or the way to it.
    #[error(transparent)]
    Portal(Box<portals::Error>),
    /// A portal asks something, and nobody is there to answer.
    #[error("{host} asks for something before it lets this account in")]
    PortalAsks {
        /// The host that asks.
        host: String,
        /// What it asks.
        question: portals::Question,
    },
    /// A text does not answer what a portal asks.
    #[error(transparent)]
    NotAnAnswer(#[from] portals::NotAnAnswer),
    /// A portal that the user added waits to be confirmed.
    #[error("the portal {portal} was added here, and would be given the password at {}", .hosts.join(", "))]
    Unconfirmed {
        /// The portal.
        portal: String,
        /// The hosts that would be given the password.
        hosts: Vec<String>,
    },
    /// A file or folder of ours cannot be used.
    #[error("could not {attempt} {}", path.display())]
    Storage {
        /// What was attempted.
        attempt: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file of ours does not hold what it should.
    #[error("the file {} is damaged: {why}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// What is sealed in a profile does not open.
    #[error("the secrets of the profile {} do not open with the key {}", profile.display(), key.display())]
    Unsealed {
        /// The profile's file.
        profile: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The text cannot name a profile.
    #[error(
        "a profile's name has 1 to 64 letters, digits, dots, dashes and underscores, and does not begin with a dot"
    )]
    Name,
    /// There is no profile of that name.
    #[error("there is no profile named {0}")]
    NoProfile(String),
    /// Another process is signing in with the profile and does not finish.
    #[error("another process is using the profile {0}")]
    Busy(String),
    /// The school gave no token, and the password was not to be kept.
    #[error("the school gives this account no token, so there is nothing to keep but the password")]
    NothingToKeep,
    /// A profile has neither a token nor a password.
    #[error("nothing to sign in with is kept in the profile {0}")]
    NothingKept(String),
    /// Only pupils, guardians, teachers and school-life staff have pages here.
    #[error("accounts of this space are not served")]
    UnservedSpace,
    /// As many accounts are signed in as may be.
    #[error("too many accounts are signed in")]
    Full,
    /// As many accounts are signed in from one address as may be.
    #[error("too many accounts are signed in from this address")]
    AddressFull,
    /// As many sign-ins wait for a person's answers as may.
    #[error("too many sign-ins wait for an answer")]
    TooManySteps,
    /// No sign-in waits for answers under that name: it is finished, given up, or too old.
    #[error("no sign-in waits for these answers any more")]
    NoSteps,
    /// Other answers to the same questions are being given at this moment.
    #[error("this sign-in is being gone on with already")]
    StepsBusy,
    /// What signs in again could not be kept.
    #[error("the sign-in could not be kept")]
    NotKept(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// As many calendars are open as an account may have.
    #[error("this account has as many calendars as it may")]
    TooManyFeeds,
    /// The token of an account was left.
    #[error("the token opens nothing any more")]
    Left,
    /// Another process keeps its sign-ins in the same folder.
    #[error("another server uses the folder {}", .0.display())]
    FolderInUse(PathBuf),
    /// The process is ending.
    #[error("the server is stopping")]
    Closing,
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomness,
}

impl Error {
    /// What the person can do about it, in one sentence.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Error::Pronote(error) => error.advice().to_owned(),
            Error::Portal(error) if matches!(error.kind, portals::Kind::AlreadyRefused { .. }) => {
                format!("{} If it has been changed there since, to this one: --again.", error.advice())
            }
            Error::Portal(error) => match error.kind {
                portals::Kind::WrongCredentials { profile: portals::Profile::Pupil, .. } => {
                    format!("{} Then: --space parent.", error.advice())
                }
                portals::Kind::WrongCredentials { profile: portals::Profile::Guardian, .. } => {
                    format!("{} Then: --space student.", error.advice())
                }
                _ => error.advice(),
            },
            Error::PortalAsks { .. } => "Sign in with `cartable pronote login --ent`, and answer there.".to_owned(),
            Error::NotAnAnswer(_) => "Answer what is asked.".to_owned(),
            Error::Unconfirmed { portal, .. } => {
                format!("If these are the portal's hosts, confirm them: `cartable pronote portals trust {portal}`.")
            }
            Error::Storage { .. } => "Make room or give access there, or choose another folder with --data.".to_owned(),
            Error::Damaged { path, .. } => {
                format!("Restore {} from a copy, or remove it and sign in again.", path.display())
            }
            Error::Unsealed { profile, key } => format!(
                "Restore the key {} that sealed it, or remove {} and sign in again.",
                key.display(),
                profile.display()
            ),
            Error::Name => "Choose another name.".to_owned(),
            Error::NoProfile(_) | Error::NothingKept(_) => {
                "Sign in with `cartable pronote login`, or name one that `cartable pronote profiles` lists with --profile."
                    .to_owned()
            }
            Error::Busy(_) => "Wait until it has finished, then try again.".to_owned(),
            Error::NothingToKeep => {
                "Add --keep-password to keep the password, sealed; or do without a profile, with CARTABLE_PRONOTE_URL, \
                 _USERNAME and _PASSWORD."
                    .to_owned()
            }
            Error::UnservedSpace => "Sign in to the space of a pupil, a parent, a teacher or school life.".to_owned(),
            Error::Full | Error::AddressFull => "Log out of what is not used any more, or try again later.".to_owned(),
            Error::TooManySteps | Error::StepsBusy => "Try again in a few minutes.".to_owned(),
            Error::NotKept(_) => "Make room or give access in the data folder, then sign in again.".to_owned(),
            Error::TooManyFeeds => "Revoke one that is not used any more.".to_owned(),
            Error::NoSteps | Error::Left => "Sign in again.".to_owned(),
            Error::FolderInUse(_) => "Stop the other server, or choose another folder with --data.".to_owned(),
            Error::Closing => "Try again when it has started.".to_owned(),
            Error::NoRandomness => "Check the system's source of random numbers.".to_owned(),
        }
    }

    /// Whether a school may let this account in through its portal: it does not sign people in itself, and the password has
    /// gone nowhere yet.
    #[must_use]
    pub fn may_be_behind_a_portal(&self) -> bool {
        matches!(self, Error::Pronote(error) if matches!(error.cause, Cause::PortalRequired { .. } | Cause::Closed(Closed::NoSpace)))
    }

    /// Whether the portal or the school is closed, overloaded, or turns this address away.
    pub(crate) fn is_closed(&self) -> bool {
        use portals::Kind::{IpSuspended, PortalClosed, PortalOverloaded, RateLimited};
        match self {
            Error::Portal(error) => {
                matches!(error.kind, PortalClosed { .. } | PortalOverloaded | IpSuspended { .. } | RateLimited { .. })
            }
            Error::Pronote(error) => matches!(
                error.cause,
                Cause::Closed(Closed::Suspended | Closed::Unavailable | Closed::Busy) | Cause::RateLimited
            ),
            _ => false,
        }
    }

    /// Whether asking again by itself would do no good, or harm: someone has to look first.
    pub(crate) fn is_final(&self) -> bool {
        match self {
            Error::Portal(error) => error.retry() == pronote::Retry::Never,
            Error::PortalAsks { .. } | Error::Unconfirmed { .. } => true,
            _ => false,
        }
    }

    pub(crate) fn storage(attempt: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Error::Storage { attempt, path, source }
    }
}

impl From<portals::Error> for Error {
    fn from(error: portals::Error) -> Self {
        Error::Portal(Box::new(error))
    }
}
