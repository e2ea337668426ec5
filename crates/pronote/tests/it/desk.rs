//! What every test sits at: a school, a client, and accounts to try.

use std::sync::Arc;
use std::time::Duration;

use emulator::{Clock, Config, Emulator, School};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use pronote::functions::timetable;
use pronote::login::{Credentials, Device, Entrance, SignIn};
use pronote::pace::{self, Limits, Memory, Pacer};
use pronote::{Client, Error, Replays, SchoolAddress, Session, Space};
use transport::Transport;

/// A Tuesday of an ordinary week.
pub(crate) const TODAY: Date = date(2026, 3, 17);

pub(crate) async fn school() -> Emulator {
    school_with(|_| {}).await
}

pub(crate) async fn school_with(change: impl FnOnce(&mut Config)) -> Emulator {
    let mut config = Config::new(School::demo(Clock::Fixed(TODAY.at(9, 30, 0, 0))));
    change(&mut config);
    Emulator::start(config).await.unwrap()
}

pub(crate) fn clock() -> pace::Clock {
    Arc::new(Timestamp::now)
}

/// A client that hurries, for a school that cannot suspend anyone.
pub(crate) fn client() -> Client {
    client_paced_by(Pacer::unlimited(clock()))
}

pub(crate) fn careful_client() -> Client {
    client_paced_by(Pacer::new(Limits::default(), clock(), Memory::default()))
}

fn client_paced_by(pacer: Pacer) -> Client {
    let transport = Transport::new(transport::Config::default()).unwrap();
    Client::new(transport, pacer).with_replays(Replays(vec![Duration::from_millis(10); 3]))
}

pub(crate) fn device() -> Device {
    Device { id: "11111111-2222-3333-4444-555555555555".into(), name: "Cartable".into() }
}

pub(crate) fn address(school: &Emulator) -> SchoolAddress {
    school.url().parse().unwrap()
}

pub(crate) fn password(school: &Emulator, space: Space, login: &str, password: &str) -> SignIn {
    let (school, login) = (address(school), login.to_owned());
    SignIn::new(Credentials::Password { school, space, login, password: password.into() }, device())
}

/// The pupil of the demonstration.
pub(crate) fn fanny(school: &Emulator) -> SignIn {
    SignIn::new(Credentials::demonstration(address(school), Space::Student), device())
}

pub(crate) async fn enter(client: &Client, sign_in: SignIn) -> Result<Session, Error> {
    match client.sign_in(sign_in).await? {
        Entrance::Open(session) => Ok(session),
        Entrance::Steps(steps) => panic!("the school asks for {:?}", steps.demands()),
    }
}

pub(crate) fn this_week(session: &Session) -> timetable::Request {
    timetable::Request { when: timetable::When::Week(session.instance().week_of(TODAY)) }
}
