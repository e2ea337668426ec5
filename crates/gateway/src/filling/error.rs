//! Why a class was not filled, and what is noted of it.

use board::{FillReport, Outcome, PassState};
use jiff::Timestamp;
use pronote::Cause;
use pronote::protocol::page::Closed;

use crate::diagnosis::kind;

/// Why a class was not filled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The class is bound to no sign-in.
    #[error("the class is not bound to PRONOTE")]
    Unbound,
    /// The class is put away.
    #[error("the class is put away")]
    Archived,
    /// It stopped, and was not bound again since.
    #[error("filling stopped: {}", .0.words)]
    Stopped(Box<Outcome>),
    /// The school refused what is kept of this sign-in; nothing new was kept since.
    #[error("the school has refused this sign-in already")]
    RefusedBefore,
    /// The school asks for something before it lets anyone in.
    #[error("the school asks for a security step")]
    StepNeeded,
    /// A parent's account has several children, or none that is meant.
    #[error("it is not clear which child's pages are meant")]
    WhichChild,
    /// Not the account of a pupil or a parent.
    #[error("the account is neither a pupil's nor a parent's")]
    NotAFamily,
    /// The account has neither timetable nor homework.
    #[error("the account has neither a timetable nor homework")]
    NothingToRead,
    /// The school took too long.
    #[error("the school did not finish within {0} seconds")]
    TooSlow(u64),
    /// The process is ending.
    #[error("the server is stopping")]
    Closing,
    /// The school, the network, the pace, or what is kept of the sign-in.
    #[error(transparent)]
    Gateway(#[from] crate::Error),
    /// The board.
    #[error(transparent)]
    Board(#[from] board::Error),
}

impl From<pronote::Error> for Error {
    fn from(error: pronote::Error) -> Self {
        Error::Gateway(error.into())
    }
}

impl Error {
    /// What the person can do about it, in one sentence; perhaps nothing.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Error::Unbound => "Bind it with `cartable board bind`.".to_owned(),
            Error::Archived => "Take it up again first.".to_owned(),
            Error::Stopped(outcome) => outcome.advice.clone(),
            Error::RefusedBefore => {
                "Sign in again with `cartable pronote login`, then bind the class again.".to_owned()
            }
            Error::StepNeeded => {
                "Sign in with `cartable pronote login` and answer what the school asks, then bind the class again."
                    .to_owned()
            }
            Error::WhichChild => "Bind the class again, and name one child with --child.".to_owned(),
            Error::NotAFamily => "Bind the class to the account of a pupil of it, or of a parent.".to_owned(),
            Error::NothingToRead => "Bind the class to an account that sees them.".to_owned(),
            Error::TooSlow(_) => "It is tried again by itself.".to_owned(),
            Error::Closing => "It goes on when the server has started.".to_owned(),
            Error::Gateway(error) => error.advice(),
            Error::Board(_) => String::new(),
        }
    }

    /// How the pass ended.
    pub(super) fn state(&self) -> PassState {
        match self {
            Error::Stopped(_)
            | Error::RefusedBefore
            | Error::StepNeeded
            | Error::WhichChild
            | Error::NotAFamily
            | Error::NothingToRead => PassState::Stopped,
            Error::Gateway(error) if error.is_final() => PassState::Stopped,
            Error::Gateway(crate::Error::Portal(_)) => PassState::Waiting,
            Error::Gateway(crate::Error::Pronote(error)) if is_refusal(&error.cause) => PassState::Stopped,
            Error::Gateway(crate::Error::Pronote(error)) => match &error.cause {
                Cause::Paused(_) | Cause::RateLimited | Cause::Closed(Closed::Suspended) => PassState::Waiting,
                _ => PassState::Failed,
            },
            _ => PassState::Failed,
        }
    }

    /// Whether the school refused what is kept of the sign-in.
    pub(super) fn is_refused(&self) -> bool {
        match self {
            Error::RefusedBefore => true,
            Error::Gateway(crate::Error::Pronote(error)) => is_refusal(&error.cause),
            Error::Gateway(error) => error.is_final(),
            _ => false,
        }
    }

    /// The moment before which nothing is asked.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match self {
            Error::Gateway(crate::Error::Pronote(error)) => match &error.cause {
                Cause::Paused(paused) => Some(paused.until),
                _ => None,
            },
            _ => None,
        }
    }

    /// What is noted of it: the step and a word for the cause, never what a server said in its own words.
    pub(super) fn outcome(&self) -> Outcome {
        let (step, words) = match self {
            Error::Gateway(crate::Error::Pronote(error)) => {
                (error.step.to_string(), format!("{}: {}", error.step, kind(&error.cause)))
            }
            // What a page is titled, or what it offers, may name somebody: it is noted and logged by its code.
            Error::Gateway(crate::Error::Portal(error)) => ("portal".to_owned(), format!("portal: {}", error.code())),
            Error::Gateway(crate::Error::PortalAsks { .. }) => {
                ("portal".to_owned(), "portal: it asks for something".to_owned())
            }
            // Paths of files and names of profiles are nobody's business but the log's.
            Error::Gateway(crate::Error::NoProfile(_) | crate::Error::NothingKept(_)) => {
                (String::new(), "nothing is kept of this sign-in".to_owned())
            }
            Error::Gateway(_) => (String::new(), "what is kept of this sign-in cannot be used".to_owned()),
            Error::Board(_) => (String::new(), "the board could not be written".to_owned()),
            other => (String::new(), other.to_string()),
        };
        let advice = match self {
            Error::Gateway(crate::Error::Pronote(_) | crate::Error::Portal(_) | crate::Error::PortalAsks { .. })
            | Error::Board(_) => self.advice(),
            Error::Gateway(_) => "Sign in again with `cartable pronote login`.".to_owned(),
            other => other.advice(),
        };
        let (state, until) = (self.state(), self.until());
        Outcome { state, step, words, advice, until, report: FillReport::default() }
    }
}

/// Whether the school refused the sign-in, or would refuse it: asked again, it would do no good.
pub(crate) fn is_refusal(cause: &Cause) -> bool {
    let same_secret = |paused: &pronote::pace::Paused| paused.why == pronote::pace::Why::SameSecret;
    match cause {
        Cause::Unopened(_) | Cause::Refused(_) | Cause::StepNeeded | Cause::AnswerNeeded(_) | Cause::StepRefused(_) => {
            true
        }
        Cause::Paused(paused) => same_secret(paused),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use portals::Kind;

    use super::*;

    #[test]
    fn what_is_noted_of_a_portal_names_nobody() {
        for kind in [
            Kind::UnexpectedPage { title: Some("Bonjour Émilie".to_owned()) },
            Kind::ProfileChoice { options: vec!["Émilie, collège".to_owned()] },
        ] {
            let error =
                portals::Error { kind, portal: None, host: None, said: Some("Émilie".to_owned()), evaluated: true };
            let outcome = Error::Gateway(error.into()).outcome();
            assert!(!format!("{}{}", outcome.words, outcome.advice).contains("Émilie"), "{}", outcome.words);
        }
    }
}
