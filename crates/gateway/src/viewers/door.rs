//! The way in: what a sign-in brings, and where it leads.

use std::fmt;
use std::sync::{Arc, Mutex};

use pronote::login::{Answers, Credentials, Demand, Device, Keeper, Offer, SavedLogin, SignIn};
use pronote::{SchoolAddress, Space};
use secrecy::SecretString;

use super::kept::{Proof, Provisional};
use super::seats::Seat;
use super::way_in::Opener;
use crate::viewer::lock;
use crate::{Error, Role, Token, Viewer};

/// A way in: who, where, with what proof, and what for.
pub struct Door {
    /// Who, where, and the proof.
    pub way: Way,
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

/// Which way someone comes.
pub enum Way {
    /// Straight to the school.
    Direct(Credentials),
    /// Through a portal; where none is named and the school has none, straight to the school.
    Portal(portals::SignIn),
    /// Straight to the school; where it lets people in through its portal only, through that.
    Either(portals::SignIn),
}

/// What someone says to what a sign-in waits for.
#[derive(Default)]
pub struct Reply {
    /// To what a school asks for.
    pub answers: Answers,
    /// To what a portal asks, as typed.
    pub answer: Option<SecretString>,
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
        /// Whether the account can be signed in to again without the portal that opened it; it can where there was none.
        lasting: bool,
    },
    /// The portal asks something first.
    Question {
        /// What to give with the answer ([`Viewers::go_on`](super::Viewers::go_on)).
        continuation: Token,
        /// The host that asks.
        host: String,
        /// What it asks.
        question: portals::Question,
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

impl Way {
    /// The school and the space it leads to.
    ///
    /// # Errors
    /// The address of a saved login cannot be read.
    pub fn place(&self) -> Result<(SchoolAddress, Space), pronote::Error> {
        match self {
            Way::Direct(credentials) => credentials.place(),
            Way::Portal(sign_in) | Way::Either(sign_in) => Ok((sign_in.school.clone(), sign_in.space)),
        }
    }
}

impl From<Credentials> for Way {
    fn from(credentials: Credentials) -> Self {
        Way::Direct(credentials)
    }
}

impl From<Answers> for Reply {
    fn from(answers: Answers) -> Self {
        Reply { answers, answer: None }
    }
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
    pub(super) space: Space,
    pub(super) device: Device,
    /// Answers that are known already.
    pub(super) answers: Option<Answers>,
    pub(super) write: bool,
    pub(super) wants_next: bool,
    /// What the school gave for the next time.
    pub(super) next: Arc<Mutex<Option<SavedLogin>>>,
    pub(super) keeping: Provisional,
    /// What is kept if the school gives nothing for the next time.
    pub(super) password: Option<Proof>,
}

impl Arrival {
    /// What is kept of a password if the school gives nothing for the next time.
    pub(super) fn proof(&self, credentials: &Credentials) -> Option<Proof> {
        self.keeping.keeping().and_then(|_| Proof::password(credentials, &self.device))
    }

    /// Says who keeps what a sign-in gives for the next time. After a portal it stays in memory where nobody else keeps it:
    /// its password is asked for once.
    pub(super) fn prepare(&self, sign_in: SignIn, opener: Opener) -> SignIn {
        let sign_in = SignIn { write: self.write, ..sign_in };
        match (self.keeping.keeping(), opener) {
            (Some(keeping), _) => sign_in.kept_by(keeping.keeper()),
            (None, _) if self.wants_next => {
                let slot = Arc::clone(&self.next);
                let keeper = Keeper::new(move |login| {
                    *lock(&slot) = Some(login);
                    async { Ok(()) }
                });
                sign_in.kept_by(keeper).once()
            }
            (None, Opener::Portal) => sign_in,
            (None, Opener::School) => sign_in.once(),
        }
    }
}
