//! How a command ends: one exit code per family of causes, and an error told so that a person can act on it.

use std::error::Error as StdError;
use std::process::ExitCode;

use board::legacy::LegacyError;
use gateway::filling;
use portals::Kind;
use pronote::Cause;
use pronote::protocol::page::Closed;

use crate::output::NobodyReads;
use crate::present::block;

/// The exit codes, as `--help` shows them.
pub(crate) const CODES: &str = "Exit codes:
  0  done
  1  something unexpected on this machine, for instance a full disk
  2  the command line is wrong
  3  the configuration, a profile or a file that was given is wrong
  4  refused: the sign-in, the access or the change
  5  the server cannot be reached, or is closed for now
  6  held back: too many calls or refused sign-ins, or the vendor suspended this network's address
  7  the server's answer makes no sense
  8  what was asked for is not there";

/// A family of causes; its number is the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    /// Anything else.
    Unexpected = 1,
    /// The command line.
    Usage = 2,
    /// Configuration, profiles, files that were given.
    Configuration = 3,
    /// A sign-in, an access, a change.
    Refused = 4,
    /// The network, or a closed server.
    Unreachable = 5,
    /// Held back on this side or by the vendor.
    HeldBack = 6,
    /// An answer that cannot be understood.
    Nonsense = 7,
    /// No such thing.
    Missing = 8,
}

/// An error of this program's own, with its family and what to do about it.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Failure {
    family: Family,
    message: String,
    advice: String,
}

/// Makes an error of a family: what failed, and what the person can do.
pub(crate) fn failure(family: Family, message: impl Into<String>, advice: impl Into<String>) -> anyhow::Error {
    Failure { family, message: message.into(), advice: advice.into() }.into()
}

/// Tells a person what failed, why, and what to do; gives the exit code.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    if error.is::<NobodyReads>() {
        return ExitCode::SUCCESS;
    }
    // Names of the school may be in it.
    eprintln!("cartable: {}", block(&told(error)));
    let (family, advice) = error.chain().find_map(known).unwrap_or((Family::Unexpected, String::new()));
    if !advice.is_empty() {
        eprintln!("{}", block(&advice));
    }
    ExitCode::from(family as u8)
}

/// The chain of causes in one line, without what a cause repeats of the one before.
pub(crate) fn told(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// Whether asking again would do harm: the server, the vendor or this side holds calls back.
pub(crate) fn is_held_back(error: &anyhow::Error) -> bool {
    error.chain().find_map(known).is_some_and(|(family, _)| family == Family::HeldBack)
}

/// The family of an error that has one, and what to do about it.
fn known(error: &(dyn StdError + 'static)) -> Option<(Family, String)> {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        Some((failure.family, failure.advice.clone()))
    } else if let Some(error) = error.downcast_ref::<board::Error>() {
        Some((of_board(error), advice_of_board(error).to_owned()))
    } else if let Some(error) = error.downcast_ref::<filling::Error>() {
        Some((of_filling(error), error.advice()))
    } else if let Some(error) = error.downcast_ref::<LegacyError>() {
        Some((of_legacy(error), String::new()))
    } else if let Some(error) = error.downcast_ref::<gateway::Error>() {
        Some((of_gateway(error), error.advice()))
    } else {
        let error = error.downcast_ref::<pronote::Error>()?;
        Some((of_pronote(&error.cause), error.advice().to_owned()))
    }
}

fn of_board(error: &board::Error) -> Family {
    use board::Error;

    match error {
        Error::Unreachable(_) => Family::Unreachable,
        Error::Folder(..) | Error::Damaged(_) | Error::TooNew => Family::Configuration,
        Error::Database(..) | Error::NoRandomness => Family::Unexpected,
        Error::TooManyTries(_) | Error::Busy => Family::HeldBack,
        Error::Missing(_) => Family::Missing,
        Error::Invalid { pointer: "/admin", .. }
        | Error::WrongPassword
        | Error::Disabled
        | Error::Forbidden
        | Error::Taken(_)
        | Error::Stale { .. } => Family::Refused,
        Error::Invalid { .. } => Family::Usage,
    }
}

fn advice_of_board(error: &board::Error) -> &'static str {
    use board::Error;

    match error {
        Error::Unreachable(_) => "`database` in [board] says where it is; without it, it is in the data folder.",
        Error::Database(..) => "Nothing was changed. Try again; if it stays so, look at the disk and at the database.",
        Error::TooNew => "Use that version, or a copy of the database from before it.",
        Error::Missing("class") => "`cartable board class list` shows them.",
        Error::Taken("user") => "`cartable board user list` shows them; `password` gives one another password.",
        _ => "",
    }
}

fn of_filling(error: &filling::Error) -> Family {
    use filling::Error;

    match error {
        Error::Unbound | Error::NothingToRead | Error::WhichChild => Family::Missing,
        Error::Archived | Error::Stopped(_) | Error::RefusedBefore | Error::StepNeeded | Error::NotAFamily => {
            Family::Refused
        }
        Error::TooSlow(_) => Family::Unreachable,
        Error::Closing => Family::Unexpected,
        Error::Gateway(error) => of_gateway(error),
        Error::Board(error) => of_board(error),
    }
}

fn of_legacy(error: &LegacyError) -> Family {
    match error {
        LegacyError::NoFolder(_) | LegacyError::NotInstalled(_) | LegacyError::NotEmpty(_) => Family::Configuration,
        LegacyError::File(..) | LegacyError::Database(..) => Family::Unexpected,
    }
}

fn of_gateway(error: &gateway::Error) -> Family {
    use gateway::Error;

    match error {
        Error::Pronote(error) => of_pronote(&error.cause),
        Error::Portal(error) => of_portal(&error.kind),
        Error::PortalAsks { .. } | Error::NotAnAnswer(_) => Family::Refused,
        Error::Unconfirmed { .. } => Family::Configuration,
        Error::NothingToKeep | Error::UnservedSpace | Error::NoSteps | Error::StepsBusy | Error::Left => {
            Family::Refused
        }
        Error::Full | Error::AddressFull | Error::TooManySteps | Error::TooManyFeeds => Family::HeldBack,
        Error::NoRandomness | Error::Closing => Family::Unexpected,
        Error::Storage { .. }
        | Error::Damaged { .. }
        | Error::Unsealed { .. }
        | Error::Name
        | Error::NoProfile(_)
        | Error::Busy(_)
        | Error::FolderInUse(_)
        | Error::NotKept(_)
        | Error::NothingKept(_) => Family::Configuration,
    }
}

fn of_portal(kind: &Kind) -> Family {
    match kind {
        Kind::NoSuchPortal { .. } => Family::Missing,
        Kind::AmbiguousPortal { .. } | Kind::NoPortal | Kind::NotPronote => Family::Usage,
        Kind::WrongCredentials { .. }
        | Kind::AccountLocked { .. }
        | Kind::PasswordRenewal
        | Kind::ActivationRequired
        | Kind::PortalAction
        | Kind::IdentityConfirmation
        | Kind::MfaRequired
        | Kind::CaptchaRequired
        | Kind::ProfileChoice { .. }
        | Kind::SelectionRejected
        | Kind::NetworkFiltered
        | Kind::ServiceNotAllowed
        | Kind::NoPortalAccount
        | Kind::NoPronoteAccess
        | Kind::AccountBindingRequired
        | Kind::Retired { .. }
        | Kind::Refused
        | Kind::HostNotAllowed { .. }
        | Kind::Insecure { .. }
        | Kind::CredentialHostRefused { .. }
        | Kind::SecondLoginRequested
        | Kind::PortalMessage
        | Kind::UnknownPortal { .. }
        | Kind::ProfileNotSupported { .. } => Family::Refused,
        Kind::PortalClosed { .. } | Kind::PortalOverloaded | Kind::Timeout | Kind::Unreachable | Kind::Tls => {
            Family::Unreachable
        }
        Kind::IpSuspended { .. }
        | Kind::RateLimited { .. }
        | Kind::AlreadyRefused { .. }
        | Kind::TooManyAttempts { .. } => Family::HeldBack,
        Kind::ServiceLoop | Kind::UnexpectedPage { .. } | Kind::TooLarge | Kind::TooManyRedirects => Family::Nonsense,
    }
}

fn of_pronote(cause: &Cause) -> Family {
    match cause {
        Cause::Address(_) | Cause::NotAQrCode(_) | Cause::ReadOnly => Family::Usage,
        Cause::NotKept(_) => Family::Configuration,
        Cause::PortalRequired { .. }
        | Cause::Denied
        | Cause::Unopened(_)
        | Cause::Refused(_)
        | Cause::QrPin
        | Cause::AnswerNeeded(_)
        | Cause::StepRefused(_)
        | Cause::StepNeeded
        | Cause::SaveRefused(_)
        | Cause::Expired
        | Cause::StaleIdentifiers
        | Cause::NoTab => Family::Refused,
        Cause::Closed(Closed::NotPronote | Closed::Outdated) => Family::Nonsense,
        Cause::Closed(Closed::Suspended) | Cause::RateLimited | Cause::Paused(_) => Family::HeldBack,
        Cause::Transport(_) | Cause::Closed(_) | Cause::StillWaiting(_) => Family::Unreachable,
        Cause::Status(status) if *status >= 500 => Family::Unreachable,
        Cause::Status(_) | Cause::Unreadable(_) | Cause::Mismatch(_) | Cause::Malformed(_) | Cause::Server { .. } => {
            Family::Nonsense
        }
        Cause::NoChild | Cause::NothingThere(_) => Family::Missing,
    }
}
