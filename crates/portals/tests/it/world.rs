//! The emulated portals, with a client whose every name leads there.

use std::sync::Arc;

use emulator::portals::{Config, PASSWORD, Portals as Emulated, Visit};
use emulator::{Clock, School};
use jiff::Timestamp;
use portals::{Error, Portals, Progress, Registry, SignIn};
use pronote::pace::Pacer;
use pronote::{Client, SchoolAddress, Space};
use transport::{Detour, Transport};

pub(crate) struct World {
    pub(crate) emulated: Emulated,
    pub(crate) client: Client,
    pub(crate) portals: Portals,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(Registry::builtin()).await
    }

    pub(crate) async fn with(registry: Arc<Registry>) -> Self {
        Self::of(Config::new(emulator::Config::new(School::demo(Clock::system()))), registry).await
    }

    pub(crate) async fn of(config: Config, registry: Arc<Registry>) -> Self {
        let emulated = Emulated::start(config).await.unwrap();
        let detour = Detour::to(emulated.address(), emulated.authority().as_bytes());
        let transport = Transport::new(transport::Config { detour: Some(detour), ..Default::default() }).unwrap();
        let client = Client::new(transport, Pacer::unlimited(Arc::new(Timestamp::now)));
        World { emulated, client, portals: Portals::new(registry) }
    }

    pub(crate) fn school(&self, portal: &str) -> SchoolAddress {
        self.emulated.school_url(portal).parse().unwrap()
    }

    /// A sign-in with the right password.
    pub(crate) fn sign_in(&self, portal: &str, login: &str) -> SignIn {
        let space = if login.starts_with("parent") { Space::Parent } else { Space::Student };
        SignIn {
            school: self.school(portal),
            space,
            portal: Some(portal.to_owned()),
            profile: None,
            login: login.to_owned(),
            password: PASSWORD.into(),
        }
    }

    /// Signs in through a portal.
    pub(crate) async fn enter(&self, portal: &str, login: &str) -> Result<Progress, Error> {
        self.portals.sign_in(&self.client, self.sign_in(portal, login)).await
    }

    /// The same, to the error that it ends with.
    pub(crate) async fn refused(&self, portal: &str, login: &str) -> Error {
        match self.enter(portal, login).await {
            Ok(progress) => panic!("{portal}, {login}: {progress:?}\n{}", self.story()),
            Err(error) => error,
        }
    }

    /// The requests that held the password.
    pub(crate) fn passwords(&self) -> Vec<Visit> {
        self.emulated.journal().into_iter().filter(|visit| visit.holds_password).collect()
    }

    /// What was asked, for the message of a test that fails.
    pub(crate) fn story(&self) -> String {
        let line = |visit: &Visit| {
            format!("{} {}{} {} {}\n", visit.method, visit.host, visit.path, visit.status, visit.outcome)
        };
        self.emulated.journal().iter().map(line).collect()
    }
}

/// What a sign-in came to is PRONOTE's page.
pub(crate) fn landed(progress: Result<Progress, Error>, world: &World) -> Box<pronote::login::Landing> {
    match progress {
        Ok(Progress::Landed(landing)) => landing,
        Ok(progress) => panic!("{progress:?}\n{}", world.story()),
        Err(error) => panic!("{error}\n{}", world.story()),
    }
}
