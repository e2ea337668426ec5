//! From a portal to a sign-in that needs it no more (portals §2.3).
//!
//! ```text
//! through_portal → PRONOTE's own page, or a question of the portal
//! land           → the session that the portal opens, or steps that the school asks for
//! settle         → the school is asked for a QR code, which signs in as a telephone does: its token is what is kept
//! ```
//!
//! Where a school gives no such code, the portal's session is used as long as it lasts.

use std::collections::BTreeMap;
use std::path::PathBuf;

use portals::{Portal, Portals, Progress};
use pronote::functions::mobile_token;
use pronote::login::{Credentials, Device, Entrance, Landing, QrCode, SignIn};
use pronote::{Cause, Session, Space};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::sessions::give_up;
use crate::tokens::random;
use crate::{Error, Gateway, files};

/// An account at a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalAccount {
    /// The portal's identifier; without one it is found from the school's redirect each time.
    pub portal: Option<String>,
    /// The kind of account there; without one it follows from the space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<portals::Profile>,
    /// The login there.
    pub login: String,
}

/// Where an account is that a portal opened.
pub(crate) enum Settled {
    /// Signed in as a telephone does; the portal is needed no more.
    Lasting(Entrance),
    /// This session is all there is: the school gives no code, or does not let the code in, and why.
    Once(Session, Option<pronote::Error>),
}

impl Gateway {
    /// The way through portals.
    #[must_use]
    pub fn portals(&self) -> &Portals {
        &self.portals
    }

    /// Signs in through a portal, up to PRONOTE's own page or a question. A portal that the user added gets nothing until
    /// its hosts were confirmed ([`Gateway::trust`]).
    ///
    /// # Errors
    /// What happened at the portal, or it waits to be confirmed.
    pub async fn through_portal(&self, sign_in: portals::SignIn) -> Result<Progress, Error> {
        let client = self.client_for(&sign_in.school);
        let mut sign_in = sign_in;
        if !self.strangers()?.is_empty() {
            let id = match sign_in.portal {
                Some(id) => id,
                None => self.portals.find(client, &sign_in.school, sign_in.space).await?,
            };
            if let Some(portal) = self.portals.registry().get(&id)
                && !self.trusts(portal)?
            {
                return Err(Error::Unconfirmed { portal: id, hosts: portal.credential_hosts.clone() });
            }
            sign_in.portal = Some(id);
        }
        Ok(Box::pin(self.portals.sign_in(client, sign_in)).await?)
    }

    /// Opens PRONOTE with what a portal left. The session may write, whoever it is for: it asks for a code.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn land(&self, landing: Box<Landing>, device: &Device) -> Result<Entrance, Error> {
        let credentials = Credentials::Portal(landing);
        let client = self.client_for(&credentials.place()?.0);
        let sign_in = SignIn::new(credentials, device.clone()).once().writing();
        Ok(Box::pin(client.sign_in(sign_in)).await?)
    }

    /// Takes an account over from the portal that opened it. `prepare` says who keeps the token.
    ///
    /// # Errors
    /// The school, the network, or the pace; or the token could not be kept.
    pub(crate) async fn settle(
        &self,
        session: Session,
        space: Space,
        device: &Device,
        prepare: impl FnOnce(SignIn) -> SignIn,
    ) -> Result<Settled, Error> {
        let client = self.client_for(&session.school());
        // An account's next code ends the one before: of those who sign in at once, none would get in, and the school
        // would count refusals.
        let _turn = client.pacer().one_at_a_time(&format!("codes of {}", session.school().key())).await;
        let Some(code) = code_of(&session, space).await? else { return Ok(Settled::Once(session, None)) };
        let sign_in = SignIn { navigator: session.instance().device_id.clone(), ..SignIn::new(code, device.clone()) };
        match Box::pin(client.sign_in(prepare(sign_in))).await {
            Ok(entrance) => {
                // The other one is open: nobody waits for this goodbye.
                drop(tokio::spawn(give_up(Entrance::Open(session))));
                Ok(Settled::Lasting(entrance))
            }
            Err(error) if matches!(error.cause, Cause::NotKept(_)) => {
                give_up(Entrance::Open(session)).await;
                Err(error.into())
            }
            Err(error) => {
                tracing::info!(step = %error.step, "The session of a portal is used as it is");
                Ok(Settled::Once(session, Some(error)))
            }
        }
    }

    /// Whether a portal may be given a password: those shipped with the program may, those of the user once their hosts
    /// were confirmed as they are now (portals §4.3).
    ///
    /// # Errors
    /// What was confirmed cannot be read.
    pub fn trusts(&self, portal: &Portal) -> Result<bool, Error> {
        Ok(portal.file.is_none() || self.confirmed()?.get(&portal.id) == Some(&hosts(portal)))
    }

    /// Confirms the hosts of a portal that the user added.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn trust(&self, portal: &Portal) -> Result<(), Error> {
        let mut confirmed = self.confirmed()?;
        confirmed.insert(portal.id.clone(), hosts(portal));
        let damaged = |error: serde_json::Error| Error::Damaged { path: self.confirmations(), why: error.to_string() };
        files::replace(&self.confirmations(), &serde_json::to_vec_pretty(&confirmed).map_err(damaged)?, true)
    }

    /// The portals that wait to be confirmed: those that the user added and [`Gateway::trusts`] does not.
    ///
    /// # Errors
    /// What was confirmed cannot be read.
    pub fn strangers(&self) -> Result<Vec<&Portal>, Error> {
        let mut added: Vec<_> = self.portals.registry().iter().filter(|portal| portal.file.is_some()).collect();
        if !added.is_empty() {
            let confirmed = self.confirmed()?;
            added.retain(|portal| confirmed.get(&portal.id) != Some(&hosts(portal)));
        }
        Ok(added)
    }

    fn confirmed(&self) -> Result<BTreeMap<String, Vec<String>>, Error> {
        let path = self.confirmations();
        let Some(bytes) = files::read(&path)? else { return Ok(BTreeMap::new()) };
        serde_json::from_slice(&bytes).map_err(|error| Error::Damaged { path, why: error.to_string() })
    }

    fn confirmations(&self) -> PathBuf {
        self.data().join("pronote").join("portals.json")
    }
}

/// What was confirmed of a portal: other hosts are another portal.
fn hosts(portal: &Portal) -> Vec<String> {
    let mut hosts = portal.credential_hosts.clone();
    hosts.sort();
    hosts
}

/// A code that signs in as a telephone does, closed by digits that nobody sees; none where the school gives none.
async fn code_of(session: &Session, space: Space) -> Result<Option<Credentials>, Error> {
    let digits = u16::from_le_bytes(random()?) % 10_000;
    let pin = SecretString::from(format!("{digits:04}"));
    let Ok(request) = mobile_token::Request::new(pin.clone()) else { return Ok(None) };
    let answer = match session.writer()?.save(&request).await {
        Ok(answer) => answer,
        Err(error) => {
            use Cause::{Denied, Malformed, NoTab, SaveRefused, Server};
            return match error.cause {
                Denied | NoTab | SaveRefused(_) | Server { .. } | Malformed(_) => {
                    tracing::info!(step = %error.step, "The school gives no code to sign in with");
                    Ok(None)
                }
                _ => Err(error.into()),
            };
        }
    };
    let page = session.school().below(&space.page())?;
    let code: Result<QrCode, _> = answer.qr_text(page.as_str()).expose_secret().parse();
    Ok(code.ok().map(|code| Credentials::QrCode { code, pin }))
}
