//! The way in: what a sign-in brings, and where it leads.

use std::fmt;
use std::sync::{Arc, Mutex};

use pronote::login::{Answers, Credentials, Demand, Device, Offer, SavedLogin};

use super::kept::{Proof, Provisional};
use super::seats::Seat;
use crate::{Error, Role, Token, Viewer};

/// A way in: who, where, with what proof, and what for.
pub struct Door {
    /// Who, where, and the proof.
    pub credentials: Credentials,
    /// This device, as the school will list it.
    pub device: Device,
    /// Answers to the steps the school may ask for, if they are known beforehand.
    pub answers: Option<Answers>,
    /// Whether the session may change things.
    pub write: bool,
    /// Whether the caller wants what signs in next time without a password. It is only given where sign-ins are not
    /// kept here: whoever used it first would lock the other out.
    pub next: bool,
    /// The shape of the token.
    pub shape: TokenShape,
}

/// The shape of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenShape {
    /// A version 4 UUID, for programs that expect one.
    Uuid,
    /// 256 bits.
    Long,
}

/// Where a sign-in leads.
#[derive(Debug)]
pub enum Admission {
    /// In.
    Open {
        /// What opens the account from now on.
        token: Token,
        /// The account.
        viewer: Arc<Viewer>,
        /// What signs in next time, if it was wanted and the school gives it.
        next: Option<SavedLogin>,
    },
    /// The school asks for something first.
    Steps {
        /// What to give with the answers ([`Viewers::go_on`](super::Viewers::go_on)).
        continuation: Token,
        /// What the school asks for.
        demands: Vec<Demand>,
        /// What it says about it.
        offer: Box<Offer>,
    },
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Door").field("write", &self.write).field("shape", &self.shape).finish_non_exhaustive()
    }
}

impl TokenShape {
    pub(super) fn make(self) -> Result<Token, Error> {
        match self {
            TokenShape::Uuid => Token::uuid(),
            TokenShape::Long => Token::long(),
        }
    }
}

/// Someone at the door: what goes with a sign-in until it leads somewhere.
pub(super) struct Arrival {
    pub(super) seat: Seat,
    pub(super) token: Token,
    pub(super) role: Role,
    pub(super) write: bool,
    /// What the school gave for the next time.
    pub(super) next: Arc<Mutex<Option<SavedLogin>>>,
    pub(super) keeping: Provisional,
    /// What is kept if the school gives nothing for the next time.
    pub(super) password: Option<Proof>,
}
