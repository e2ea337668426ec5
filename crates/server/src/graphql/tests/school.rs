//! An emulated school, and people who ask it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use async_graphql::{Request, Response};
use emulator::{Clock, Config, Emulator};
use gateway::viewers::{Admission, Door, TokenShape};
use gateway::{Gateway, Viewer, Viewers, viewers};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pronote::Space;
use pronote::login::{Credentials, Device};
use pronote::pace::Limits as Pace;
use serde_json::Value;
use transport::Transport;

use super::super::{Limits, Schemas, to_json};

/// A Tuesday of an ordinary week.
pub(super) const NOW: &str = "2026-03-17T09:30:00";

/// A school that teaches, at a frozen moment.
pub(super) struct School {
    pub(super) emulator: Emulator,
    viewers: Viewers,
    _data: tempfile::TempDir,
}

/// Someone who signed in.
pub(super) struct Person {
    pub(super) viewer: Arc<Viewer>,
    viewers: Viewers,
    schemas: Schemas,
}

impl School {
    pub(super) async fn open() -> Self {
        let clock: DateTime = NOW.parse().unwrap();
        let emulator = Emulator::start(Config::new(emulator::School::demo(Clock::Fixed(clock)))).await.unwrap();
        let now: Timestamp = zone().to_timestamp(clock).unwrap();
        let data = tempfile::tempdir().unwrap();
        let transport = Transport::new(transport::Config::default()).unwrap();
        let gateway = Gateway::open(data.path(), transport, Pace::default(), Arc::new(move || now)).unwrap();
        let viewers = Viewers::open(gateway, viewers::Config { zone: zone(), ..viewers::Config::default() }).unwrap();
        School { emulator, viewers, _data: data }
    }

    pub(super) async fn pupil(&self) -> Person {
        self.enter(Space::Student).await
    }

    pub(super) async fn guardian(&self) -> Person {
        self.enter(Space::Parent).await
    }

    async fn enter(&self, space: Space) -> Person {
        let school = self.emulator.url().parse().unwrap();
        let door = Door {
            way: Credentials::demonstration(school, space).into(),
            device: Device { id: "11111111-2222-3333-4444-555555555555".into(), name: "test".into() },
            answers: None,
            write: false,
            next: false,
            shape: TokenShape::Uuid,
        };
        let admission = self.viewers.sign_in(IpAddr::V4(Ipv4Addr::LOCALHOST), door).await.unwrap();
        let Admission::Open { viewer, .. } = admission else { panic!("the school asks for more") };
        Person { viewer, viewers: self.viewers.clone(), schemas: Schemas::new(Limits::default()) }
    }

    /// How often the school was asked for a page so far.
    pub(super) fn asked(&self, function: &str) -> usize {
        self.emulator.exchanges().iter().filter(|exchange| exchange.function == function).count()
    }

    /// What the school was last asked for a page.
    pub(super) fn last(&self, function: &str) -> Value {
        let exchanges = self.emulator.exchanges();
        exchanges.into_iter().rfind(|exchange| exchange.function == function).map(|exchange| exchange.data).unwrap()
    }
}

impl Person {
    /// What the question is answered, as it goes out.
    pub(super) async fn ask(&self, query: &str) -> Value {
        let response = self.execute(&self.schemas, query).await;
        serde_json::from_slice(&to_json(&response)).unwrap()
    }

    /// What other schemas answer.
    pub(super) async fn execute(&self, schemas: &Schemas, query: &str) -> Response {
        schemas.execute(Arc::clone(&self.viewer), self.viewers.clone(), Request::new(query)).await
    }

    /// The data of an answer without errors.
    pub(super) async fn data(&self, query: &str) -> Value {
        let mut answer = self.ask(query).await;
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].take()
    }
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap()
}
