//! Signing in, in every way a school offers (protocol §5).
//!
//! [`Client::sign_in`] takes [`Credentials`] and gives an [`Entrance`]: an open [`Session`], or the
//! [`SecuritySteps`] that a person has to answer first. A token that the server issues on the way is handed to the
//! [`Keeper`] before anything else is asked, so that a crash never loses it.

mod credentials;
mod handshake;
mod qr_code;
mod steps;

use std::future::Future;
use std::sync::Arc;

use transport::Transport;

pub use credentials::{Credentials, Device, Keeper, Landing, SavedLogin};
pub use qr_code::QrCode;
pub use steps::{Answers, Demand, Offer, PasswordRule, PasswordRules, SecuritySteps, Strategy};

use crate::channel::{Channel, Replays};
use crate::error::{Cause, Error, Step};
use crate::model::{DeviceId, Instance};
use crate::pace::Pacer;
use crate::session::{Renewal, Session};
use handshake::Handshake;

/// What every sign-in of a process shares: the way out, the pace, the patience.
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport,
    pacer: Pacer,
    replays: Replays,
}

/// How to sign in.
#[derive(Clone)]
pub struct SignIn {
    /// Who, where, and the proof.
    pub credentials: Credentials,
    /// This device, as the school will list it.
    pub device: Device,
    /// The identifier the school gave this device earlier.
    pub navigator: Option<DeviceId>,
    /// Whether a token is asked for, to sign in without the password next time.
    pub ask_token: bool,
    /// Whether the session may change anything.
    pub write: bool,
    /// Whether the session signs in again by itself when it has expired: it then holds what that takes in memory.
    pub renew: bool,
    /// For teachers: connect as being in class.
    pub in_class: bool,
    /// Who keeps the token.
    pub keeper: Option<Keeper>,
}

impl SignIn {
    /// A sign-in that only reads, asks for no token and keeps nothing.
    #[must_use]
    pub fn new(credentials: Credentials, device: Device) -> Self {
        SignIn {
            credentials,
            device,
            navigator: None,
            ask_token: false,
            write: false,
            renew: true,
            in_class: false,
            keeper: None,
        }
    }

    /// Lets the session end when it expires: nothing to sign in with stays in memory once it is open.
    #[must_use]
    pub fn once(self) -> Self {
        SignIn { renew: false, ..self }
    }

    /// Lets the session change things.
    #[must_use]
    pub fn writing(self) -> Self {
        SignIn { write: true, ..self }
    }

    /// Asks for a token, and hands each one to a keeper before anything else is asked.
    #[must_use]
    pub fn kept_by(self, keeper: Keeper) -> Self {
        SignIn { ask_token: true, keeper: Some(keeper), ..self }
    }
}

/// Where a sign-in leads.
#[derive(Debug)]
pub enum Entrance {
    /// The session is open.
    Open(Session),
    /// The school asks for something first.
    Steps(Box<SecuritySteps>),
}

impl Client {
    /// Makes a client.
    #[must_use]
    pub fn new(transport: Transport, pacer: Pacer) -> Self {
        Client { transport, pacer, replays: Replays::default() }
    }

    /// Changes how calls of unknown outcome are sent again.
    #[must_use]
    pub fn with_replays(self, replays: Replays) -> Self {
        Client { replays, ..self }
    }

    /// The way out.
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The pace.
    #[must_use]
    pub fn pacer(&self) -> &Pacer {
        &self.pacer
    }

    /// Signs in. Goes on if the caller goes away, so that the token it brings is kept all the same.
    ///
    /// # Errors
    /// The step that failed. Nothing is sent for an account whose sign-ins were refused too often, nor twice with a
    /// wrong secret.
    pub async fn sign_in(&self, sign_in: SignIn) -> Result<Entrance, Error> {
        let client = self.clone();
        to_the_end(async move {
            let verified = Handshake::begin(&client, &sign_in).await?.prove(&client, &sign_in).await?;
            let renewal = Arc::new(verified.renewal(&client, sign_in));
            if verified.demands.is_empty() {
                Session::open(verified.channel, verified.instance, renewal).await.map(Entrance::Open)
            } else {
                Ok(Entrance::Steps(Box::new(SecuritySteps::new(verified, renewal))))
            }
        })
        .await
    }
}

/// Signs in again without anyone there to answer anything.
pub(crate) async fn renew(client: &Client, sign_in: SignIn) -> Result<(Channel, Instance, Renewal), Error> {
    let verified = Handshake::begin(client, &sign_in).await?.prove(client, &sign_in).await?;
    if !verified.demands.is_empty() {
        return Err(verified.channel.peer().error(&Step::Device, Cause::StepNeeded));
    }
    let renewal = verified.renewal(client, sign_in);
    Ok((verified.channel, verified.instance, renewal))
}

/// Runs something to its end even if whoever waits for it goes away.
pub async fn to_the_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work).await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The runtime is ending, and this with it.
        Err(Err(_)) => std::future::pending().await,
    }
}
