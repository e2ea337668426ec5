//! An emulated school, and the people of its demonstration accounts, who ask the schemas without a socket.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_graphql::Request;
use emulator::{Clock, Config, Emulator};
use gateway::viewers::{Admission, Door, TokenShape};
use gateway::{Gateway, Viewer, Viewers, viewers};
use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use pronote::Space;
use pronote::login::{Credentials, Device};
use pronote::pace::Limits as Pace;
use serde_json::{Value, json};
use server::graphql::{Limits, Schemas};
use transport::Transport;

/// A Tuesday of an ordinary week.
const NOW: &str = "2026-11-24T09:30:00";

/// A school that teaches, at a frozen moment.
pub(crate) struct School {
    pub(crate) emulator: Emulator,
    viewers: Viewers,
    schemas: Schemas,
    passed: Arc<AtomicI64>,
    _data: tempfile::TempDir,
}

/// Someone who signed in.
pub(crate) struct Someone {
    pub(crate) viewer: Arc<Viewer>,
    viewers: Viewers,
    schemas: Schemas,
}

impl School {
    pub(crate) async fn open() -> Self {
        let clock: DateTime = NOW.parse().unwrap();
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let emulator = Emulator::start(Config::new(emulator::School::demo(Clock::Fixed(clock)))).await.unwrap();
        let start = zone.to_timestamp(clock).unwrap();
        let passed = Arc::new(AtomicI64::new(0));
        let seconds = Arc::clone(&passed);
        let now = move || start + SignedDuration::from_secs(seconds.load(Ordering::Relaxed));
        let data = tempfile::tempdir().unwrap();
        let transport = Transport::new(transport::Config::default()).unwrap();
        let gateway = Gateway::open(data.path(), transport, Pace::default(), Arc::new(now)).unwrap();
        let viewers = Viewers::open(gateway, viewers::Config { zone, ..viewers::Config::default() }).unwrap();
        School { emulator, viewers, schemas: Schemas::new(Limits::default()), passed, _data: data }
    }

    /// Lets time pass for the gateway.
    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.passed.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Signs in for reading.
    pub(crate) async fn reader(&self, space: Space) -> Someone {
        self.enter(space, false).await
    }

    /// Signs in for writing.
    pub(crate) async fn writer(&self, space: Space) -> Someone {
        self.enter(space, true).await
    }

    async fn enter(&self, space: Space, write: bool) -> Someone {
        let school = self.emulator.url().parse().unwrap();
        let login = if space == Space::SchoolLife { "demonstration2" } else { "demonstration" };
        let door = Door {
            way: Credentials::Password { school, space, login: login.to_owned(), password: "pronotevs".into() }.into(),
            device: Device::new("test"),
            answers: None,
            write,
            next: false,
            shape: TokenShape::Long,
        };
        let admission = self.viewers.sign_in(IpAddr::V4(Ipv4Addr::LOCALHOST), door).await.unwrap();
        let Admission::Open { viewer, .. } = admission else { panic!("the school asks for more") };
        Someone { viewer, viewers: self.viewers.clone(), schemas: self.schemas.clone() }
    }
}

impl Someone {
    /// What the question is answered, with errors if there are any.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        let viewer = self.viewer.begin(false);
        let response = self.schemas.execute(viewer, self.viewers.clone(), Request::new(query)).await;
        json!({ "data": response.data, "errors": response.errors })
    }

    /// The data of an answer without errors.
    #[track_caller]
    pub(crate) fn data(&self, query: &str) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        async move {
            let mut answer = self.ask(query).await;
            assert_eq!(answer["errors"], json!([]), "{caller}: {query}");
            answer["data"].take()
        }
    }

    /// The code of the only error of an answer.
    #[track_caller]
    pub(crate) fn refusal(&self, query: &str) -> impl Future<Output = String> {
        let caller = std::panic::Location::caller();
        async move {
            let answer = self.ask(query).await;
            let errors = answer["errors"].as_array().unwrap();
            assert_eq!(errors.len(), 1, "{caller}: {query}: {answer}");
            errors[0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
        }
    }
}

/// The elements of a list; none where there is no list.
pub(crate) fn list(of: &Value) -> &[Value] {
    of.as_array().map_or(&[], Vec::as_slice)
}

/// The first element of a list of which that is so.
#[track_caller]
pub(crate) fn named<'a>(of: &'a Value, key: &str, value: &str) -> &'a Value {
    list(of).iter().find(|element| element[key] == value).unwrap_or_else(|| panic!("no {key} {value} in {of}"))
}
