//! Sessions: from a profile, or from credentials that are used once.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use portals::{Portals, Progress, Registry};
use pronote::login::{Client, Credentials, Device, Entrance, Keeper, SavedLogin, SignIn};
use pronote::pace::{Clock, Limits, Pacer};
use pronote::{Cause, Refusal, SchoolAddress, Secret, Session, Space, Step};
use secrecy::SecretString;
use transport::Transport;

use crate::pace::PaceFile;
use crate::portal::{PortalAccount, Settled};
use crate::profiles::{Pace, Profile, ProfileName, Profiles, Secrets};
use crate::{Error, files};

/// The way to every school, with what is kept between two runs.
#[derive(Clone)]
pub struct Gateway {
    data: PathBuf,
    profiles: Profiles,
    careful: Client,
    unpaced: Client,
    pub(crate) portals: Portals,
    clock: Clock,
}

/// A sign-in whose outcome is kept as a profile.
pub struct NewLogin {
    /// Who, where, and the proof.
    pub credentials: Credentials,
    /// This device, as the school will list it.
    pub device: Device,
    /// Whether the password, if there is one, is kept too: sealed, for when the token is no longer good.
    pub keep_password: bool,
    /// Whether the session may change anything.
    pub write: bool,
}

/// An account that a portal opened, and what is kept of it.
pub struct ThroughPortal {
    /// The account at the portal.
    pub account: PortalAccount,
    /// Its password, if it is to be kept: sealed, for when the token is no longer good.
    pub password: Option<SecretString>,
    /// This device, as the school will list it.
    pub device: Device,
    /// Whether the session may change anything.
    pub write: bool,
}

impl Gateway {
    /// Opens the data folder, which is made if it is not there.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn open(data: &Path, transport: Transport, limits: Limits, clock: Clock) -> Result<Self, Error> {
        let folder = data.join("pronote");
        files::make_folder(&folder)?;
        let store = Arc::new(PaceFile::new(&folder));
        let careful = Client::new(transport.clone(), Pacer::with_store(limits, clock.clone(), store));
        let unpaced = Client::new(transport, Pacer::unlimited(clock.clone()));
        let portals = Portals::new(Registry::builtin());
        Ok(Gateway { data: data.to_owned(), profiles: Profiles::open(data)?, careful, unpaced, portals, clock })
    }

    /// Signs in through the portals of another registry.
    #[must_use]
    pub fn with_portals(self, registry: Registry) -> Self {
        Gateway { portals: Portals::new(Arc::new(registry)), ..self }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The profiles.
    #[must_use]
    pub fn profiles(&self) -> &Profiles {
        &self.profiles
    }

    /// The client that asks a school at its pace.
    #[must_use]
    pub fn client(&self, pace: Pace) -> &Client {
        match pace {
            Pace::Careful => &self.careful,
            Pace::Off => &self.unpaced,
        }
    }

    /// Tells the time.
    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How many requests this process has sent, to all schools.
    pub(crate) fn calls(&self) -> u64 {
        self.careful.pacer().passed() + self.unpaced.pacer().passed()
    }

    /// The client for a school.
    #[must_use]
    pub fn client_for(&self, school: &SchoolAddress) -> &Client {
        self.client(Pace::of(school))
    }

    /// Signs in, and keeps what the next sign-in needs under a name. Whatever the name stood for is replaced.
    ///
    /// # Errors
    /// The sign-in fails; or there is nothing to keep, since the school gives no token and the password is not to be kept.
    pub async fn sign_in(&self, name: &ProfileName, login: NewLogin) -> Result<Entrance, Error> {
        let NewLogin { credentials, device, keep_password, write } = login;
        let _lock = self.profiles.lock(name).await?;
        let (school, _) = credentials.place()?;
        let pace = Pace::of(&school);
        // Some spaces give no token; then the password is all there is.
        let otherwise = match &credentials {
            Credentials::Password { space, login, password, .. } if keep_password => {
                let (school, space, login, device) = (school.to_string(), *space, login.clone(), device.clone());
                let profile = Profile { school, space, login, device, pace, kept: (self.clock)(), portal: None };
                Some((profile, password.clone()))
            }
            _ => None,
        };
        let kept = Arc::new(AtomicBool::new(false));
        let password = otherwise.as_ref().map(|(_, password)| password.clone());
        let keeper = self.keeper(name, pace, None, password, &kept);
        let sign_in = SignIn { write, ..SignIn::new(credentials, device).kept_by(keeper) };
        let entrance = Box::pin(self.client(pace).sign_in(sign_in)).await?;
        self.keeping(name, entrance, &kept, otherwise).await
    }

    /// Goes in if something is kept for the next time: the token by now, or else the password, where it may be.
    async fn keeping(
        &self,
        name: &ProfileName,
        entrance: Entrance,
        kept: &AtomicBool,
        otherwise: Option<(Profile, SecretString)>,
    ) -> Result<Entrance, Error> {
        if !kept.load(Ordering::Relaxed) {
            let Some((profile, password)) = otherwise else {
                give_up(entrance).await;
                return Err(Error::NothingToKeep);
            };
            self.profiles.keep(name, &profile, &Secrets { password: Some(password), ..Secrets::default() })?;
        }
        Ok(entrance)
    }

    /// Takes an account over from the portal that opened it, and keeps what the next sign-in needs under a name.
    ///
    /// # Errors
    /// The sign-in fails; or there is nothing to keep, since the school gives no code and the password is not to be kept.
    pub async fn take_over(
        &self,
        name: &ProfileName,
        session: Session,
        space: Space,
        through: ThroughPortal,
    ) -> Result<Entrance, Error> {
        let _lock = self.profiles.lock(name).await?;
        self.settle_profile(name, session, space, through).await
    }

    async fn settle_profile(
        &self,
        name: &ProfileName,
        session: Session,
        space: Space,
        through: ThroughPortal,
    ) -> Result<Entrance, Error> {
        let ThroughPortal { account, password, device, write } = through;
        let school = session.school();
        let kept = Arc::new(AtomicBool::new(false));
        let pace = Pace::of(&school);
        let keeper = self.keeper(name, pace, Some(account.clone()), password.clone(), &kept);
        let prepare = |sign_in: SignIn| SignIn { write, ..sign_in.kept_by(keeper) };
        let entrance = match self.settle(session, space, &device, prepare).await? {
            Settled::Lasting(entrance) => entrance,
            Settled::Once(session, Some(why)) if password.is_none() => {
                give_up(Entrance::Open(session)).await;
                return Err(why.into());
            }
            Settled::Once(session, _) if write => Entrance::Open(session),
            Settled::Once(session, _) => Entrance::Open(session.only_reading()),
        };
        let (login, school, now) = (account.login.clone(), school.to_string(), (self.clock)());
        let profile = Profile { school, space, login, device, pace, kept: now, portal: Some(account) };
        self.keeping(name, entrance, &kept, password.map(|password| (profile, password))).await
    }

    /// Opens a session from a profile. Each token is used once: the next one is on the disk before anything is asked.
    ///
    /// A refused token is followed by the password, once, if it is kept; where the account is a portal's, through it.
    ///
    /// # Errors
    /// There is no such profile, it cannot be opened, or the sign-in fails.
    pub async fn resume(&self, name: &ProfileName, write: bool) -> Result<Entrance, Error> {
        self.profiles.describe(name)?;
        // Until the new token is kept, no other process may use the old one.
        let _lock = self.profiles.lock(name).await?;
        let (profile, secrets) = self.profiles.unseal(name)?;
        let account = profile.portal.clone();
        let keeper = self.keeper(name, profile.pace, account.clone(), secrets.password.clone(), &Arc::default());
        let client = self.client(profile.pace);
        let sign_in = |credentials| {
            let sign_in = SignIn::new(credentials, profile.device.clone()).kept_by(keeper.clone());
            Box::pin(client.sign_in(SignIn { navigator: secrets.navigator.clone(), write, ..sign_in }))
        };
        if let Some(token) = profile.saved_login(&secrets).map(Credentials::Token) {
            match sign_in(token).await {
                Err(error) if secrets.password.is_some() && is_refused_token(&error) => {}
                entrance => return Ok(entrance?),
            }
        }
        let Some(password) = secrets.password.clone() else { return Err(Error::NothingKept(name.to_string())) };
        let (school, space) = (profile.school.parse()?, profile.space);
        match account {
            None => {
                let login = profile.login.clone();
                Ok(sign_in(Credentials::Password { school, space, login, password }).await?)
            }
            Some(account) => {
                let device = profile.device.clone();
                let through = ThroughPortal { account, password: Some(password.clone()), device, write };
                Box::pin(self.resume_through_portal(name, (school, space), password, through)).await
            }
        }
    }

    /// The same through the portal, without anyone there to answer anything. Renewals of one account go one after another,
    /// and wait longer each time that something is closed (portals §5 R10).
    async fn resume_through_portal(
        &self,
        name: &ProfileName,
        (school, space): (SchoolAddress, Space),
        password: SecretString,
        through: ThroughPortal,
    ) -> Result<Entrance, Error> {
        let pacer = self.client_for(&school).pacer();
        let renewal = format!("{} {:?} {}", school.key(), through.account.portal, through.account.login);
        let _alone = pacer.one_at_a_time(&renewal).await;
        let held_back = |paused| pronote::Error { step: Step::Bootstrap, cause: Cause::Paused(paused), version: None };
        pacer.may_renew(&renewal).map_err(held_back)?;
        let entrance = self.again_through_portal(name, (school, space), password, through).await;
        match &entrance {
            Ok(_) => pacer.renewed(&renewal),
            Err(error) if error.is_closed() => pacer.renewal_failed(&renewal),
            Err(_) => {}
        }
        entrance
    }

    async fn again_through_portal(
        &self,
        name: &ProfileName,
        (school, space): (SchoolAddress, Space),
        password: SecretString,
        through: ThroughPortal,
    ) -> Result<Entrance, Error> {
        let PortalAccount { portal, kind, login } = through.account.clone();
        let sign_in = portals::SignIn { school, space, portal, profile: kind, login, password };
        let landing = match self.through_portal(sign_in).await? {
            Progress::Landed(landing) => landing,
            Progress::Question(asked) => {
                let (host, question) = (asked.host().to_owned(), asked.question().clone());
                return Err(Error::PortalAsks { host, question });
            }
        };
        match self.land(landing, &through.device).await? {
            Entrance::Open(session) => self.settle_profile(name, session, space, through).await,
            Entrance::Steps(steps) => Err(steps.unanswered().into()),
        }
    }

    /// Opens a session and keeps nothing.
    ///
    /// # Errors
    /// The sign-in fails.
    pub async fn visit(&self, credentials: Credentials, device: Device, write: bool) -> Result<Entrance, Error> {
        let client = self.client_for(&credentials.place()?.0);
        Ok(Box::pin(client.sign_in(SignIn { write, ..SignIn::new(credentials, device) })).await?)
    }

    /// Keeps each token of a profile as it comes, and says so in `kept`.
    fn keeper(
        &self,
        name: &ProfileName,
        pace: Pace,
        portal: Option<PortalAccount>,
        password: Option<SecretString>,
        kept: &Arc<AtomicBool>,
    ) -> Keeper {
        let (profiles, clock) = (self.profiles.clone(), self.clock.clone());
        let (name, kept) = (name.clone(), Arc::clone(kept));
        Keeper::new(move |login| {
            let SavedLogin { school, space, login, token, device, navigator } = login;
            let secrets = Secrets { token: Some(token), navigator, password: password.clone() };
            let (profiles, name, kept) = (profiles.clone(), name.clone(), Arc::clone(&kept));
            let (portal, now) = (portal.clone(), clock());
            async move {
                let profile = Profile { school, space, login, device, pace, kept: now, portal };
                tokio::task::spawn_blocking(move || profiles.keep(&name, &profile, &secrets)).await??;
                kept.store(true, Ordering::Relaxed);
                Ok(())
            }
        })
    }
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway").field("profiles", &self.profiles).finish_non_exhaustive()
    }
}

fn is_refused_token(error: &pronote::Error) -> bool {
    matches!(
        error.cause,
        Cause::Unopened(Secret::DeviceToken) | Cause::Refused(Refusal { secret: Secret::DeviceToken, .. })
    )
}

/// Leaves politely; that it fails changes nothing.
pub(crate) async fn give_up(entrance: Entrance) {
    if let Entrance::Open(session) = entrance
        && let Err(error) = session.log_out().await
    {
        tracing::debug!(%error, "The session was left without a word");
    }
}
