//! Whom kept sign-ins are about, as an emulated school tells.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use emulator::{Emulator, Fault};
use gateway::holders::{Holder, Holders, USUAL_INTERVAL};
use gateway::{Gateway, ProfileName, Secrets};
use pronote::Space;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::house::eventually;
use crate::school::{config, gateway, login, name, open, password, strict};

/// Holders of accounts that have signed in, each under the name of its space, and what ends them.
struct Desk {
    data: TempDir,
    school: Emulator,
    holders: Holders,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Desk {
    async fn new(spaces: &[(Space, &str)]) -> Self {
        let school = Emulator::start(config()).await.unwrap();
        Desk::at(school, spaces, |_, _| ()).await
    }

    async fn at(school: Emulator, spaces: &[(Space, &str)], then: impl FnOnce(&Emulator, &Gateway)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let gateway = gateway(data.path());
        for (space, profile) in spaces {
            let way = login(password(&school, *space, "demonstration", "pronotevs"));
            open(gateway.sign_in(&name(profile), way).await).log_out().await.unwrap();
        }
        then(&school, &gateway);
        let profiles: Vec<ProfileName> = spaces.iter().map(|(_, profile)| name(profile)).collect();
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let holders = Holders::start(gateway, profiles, USUAL_INTERVAL, &tasks, stop.clone());
        tasks.close();
        Desk { data, school, holders, tasks, stop }
    }

    async fn find(&self, login: &str) -> std::sync::Arc<Holder> {
        eventually("they are read", || self.holders.find(login).is_ok()).await;
        self.holders.find(login).unwrap().unwrap()
    }

    async fn end(self) {
        self.stop.cancel();
        self.tasks.wait().await;
    }
}

#[tokio::test]
async fn a_pupil_is_known_by_the_login_with_class_school_and_photo() {
    let desk = Desk::new(&[(Space::Student, "fanny")]).await;
    let fanny = desk.find("Demonstration").await;
    assert_eq!((fanny.last_name.as_str(), fanny.first_name.as_str()), ("PARENT", "Fanny"));
    assert!(fanny.is_pupil && fanny.class.as_deref() == Some("3A"), "{:?}", fanny.class);
    assert!(!fanny.school.is_empty() && fanny.year == 2026);
    assert!(fanny.photo.clone().unwrap().unwrap().starts_with(b"\x89PNG"));
    assert_eq!(desk.holders.find("somebody"), Ok(None));
    assert_eq!(desk.holders.logins(), ["demonstration"]);

    let asked = desk.school.sign_ins();
    for _ in 0..100 {
        desk.find("demonstration").await;
    }
    assert_eq!(desk.school.sign_ins(), asked, "showing a card asks the school nothing");
    assert!(desk.data.path().exists());
    desk.end().await;
}

#[tokio::test]
async fn a_guardians_children_are_known_by_their_number() {
    let desk = Desk::new(&[(Space::Parent, "flore")]).await;
    let (fanny, leo) = (desk.find("demonstration.1").await, desk.find("demonstration.2").await);
    assert_eq!((fanny.first_name.as_str(), leo.first_name.as_str()), ("Fanny", "Léo"));
    assert_eq!(leo.photo, Ok(None));
    assert_eq!(desk.holders.find("demonstration"), Ok(None), "a guardian has no pupil's card");
    desk.end().await;
}

#[tokio::test]
async fn a_school_that_is_down_is_no_unknown_pupil() {
    let school = Emulator::start(config()).await.unwrap();
    let down = |school: &Emulator, _: &Gateway| school.faults().next("ParametresUtilisateur", 100, Fault::Status(500));
    let desk = Desk::at(school, &[(Space::Student, "fanny")], down).await;
    eventually("it fails", || desk.holders.state().is_err()).await;
    assert!(desk.holders.find("demonstration").is_err());
    desk.end().await;
}

#[tokio::test]
async fn a_refused_sign_in_is_told_and_not_sent_for_each_card() {
    let spoil = |_: &Emulator, gateway: &Gateway| {
        let (kept, secrets) = gateway.profiles().unseal(&name("fanny")).unwrap();
        let spoiled = Secrets { token: Some("0000".into()), ..secrets };
        gateway.profiles().keep(&name("fanny"), &kept, &spoiled).unwrap();
    };
    let desk = Desk::at(strict().await, &[(Space::Student, "fanny")], spoil).await;
    desk.holders.ready().await;
    assert_eq!(desk.holders.state().unwrap_err(), "challenge: sign-in refused");
    let asked = desk.school.calls().len();
    assert!(desk.holders.find("demonstration").is_err(), "nobody is unknown because of it");
    assert_eq!(desk.school.calls().len(), asked, "to be asked for a card sends nothing");
    desk.end().await;
}
