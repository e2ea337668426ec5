//! A registry of viewers, and the ways in.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use emulator::Emulator;
use gateway::viewers::{Admission, Config, Door, TokenShape};
use gateway::{Token, Viewer, Viewers};
use pronote::Space;
use pronote::login::{Credentials, Device};

use crate::school::{gateway, password};

pub(crate) const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// A registry as a server opens it, in a folder of its own.
pub(crate) fn house(config: Config) -> (tempfile::TempDir, Viewers) {
    let data = tempfile::tempdir().unwrap();
    let viewers = Viewers::open(gateway(data.path()), config).unwrap();
    (data, viewers)
}

pub(crate) fn door(credentials: Credentials) -> Door {
    let device = Device::new("test");
    Door { way: credentials.into(), device, answers: None, write: false, next: false, shape: TokenShape::Long }
}

/// The way in of a demonstration account.
pub(crate) fn usual(school: &Emulator, space: Space) -> Door {
    door(password(school, space, "demonstration", "pronotevs"))
}

#[track_caller]
pub(crate) fn open(admission: Result<Admission, gateway::Error>) -> (Token, Arc<Viewer>) {
    match admission.unwrap() {
        Admission::Open { token, viewer, .. } => (token, viewer),
        Admission::Steps { demands, .. } => panic!("the school asks for {demands:?}"),
        Admission::Question { question, .. } => panic!("the portal asks for {question:?}"),
    }
}

pub(crate) async fn signed_in(viewers: &Viewers, school: &Emulator, space: Space) -> (Token, Arc<Viewer>) {
    open(viewers.sign_in(HOME, usual(school, space)).await)
}

/// Waits until something holds.
#[track_caller]
pub(crate) fn eventually(what: &'static str, holds: impl Fn() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        while !holds() {
            assert!(tokio::time::Instant::now() < deadline, "{caller}: {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
