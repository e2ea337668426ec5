//! An emulated school, and a data folder to ask it with.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::path::Path;
use std::sync::Arc;

use emulator::{Clock, Config, Emulator, School};
use gateway::{Gateway, NewLogin, ProfileName};
use jiff::Timestamp;
use pronote::login::{Credentials, Device, Entrance};
use pronote::pace::Limits;
use pronote::{Session, Space};
use transport::Transport;

/// A school where a used token is of no use at all.
pub(crate) async fn strict() -> Emulator {
    Emulator::start(Config { token_grace: false, ..config() }).await.unwrap()
}

pub(crate) fn config() -> Config {
    Config::new(School::demo(Clock::Fixed("2026-11-23T10:00:00".parse().unwrap())))
}

/// A gateway as one process opens it.
pub(crate) fn gateway(data: &Path) -> Gateway {
    let transport = Transport::new(transport::Config::default()).unwrap();
    Gateway::open(data, transport, Limits::default(), Arc::new(Timestamp::now)).unwrap()
}

pub(crate) fn name(text: &str) -> ProfileName {
    text.parse().unwrap()
}

pub(crate) fn password(school: &Emulator, space: Space, login: &str, password: &str) -> Credentials {
    let address = school.url().parse().unwrap();
    Credentials::Password { school: address, space, login: login.to_owned(), password: password.into() }
}

pub(crate) fn login(credentials: Credentials) -> NewLogin {
    NewLogin { credentials, device: Device::new("test"), keep_password: false, write: false }
}

/// A login of the demonstration pupil.
pub(crate) fn pupil(school: &Emulator) -> NewLogin {
    login(password(school, Space::Student, "demonstration", "pronotevs"))
}

#[track_caller]
pub(crate) fn open(entrance: Result<Entrance, gateway::Error>) -> Session {
    match entrance.unwrap() {
        Entrance::Open(session) => session,
        Entrance::Steps(steps) => panic!("the school asks for {:?}", steps.demands()),
    }
}
