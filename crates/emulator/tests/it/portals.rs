//! Regional portals, as a browser without scripts sees them.

mod cas;
mod control;
mod edifice;
mod educonnect;
mod entry;
mod keycloak;
mod person;
mod pronotepy;
mod services;
mod skolengo;
mod toutatice;
mod traps;

use std::sync::LazyLock;
use std::time::Duration;

use emulator::School;
use emulator::portals::{Config, IdpMode, PlaceKind, Portals};

use person::{Page, Person};

/// Portals with EduConnect in a mode.
async fn portals(idp: IdpMode) -> Portals {
    // The same for all: inventing a school takes longer than everything else here.
    static SCHOOL: LazyLock<School> = LazyLock::new(super::school);
    let config = Config { idp, ..Config::new(emulator::Config::new(SCHOOL.clone())) };
    Portals::start(config).await.unwrap()
}

/// A pupil in front of the school of a portal.
async fn at_school(portals: &Portals, portal: &str) -> (Person, Page) {
    let person = Person::new(portals);
    let page = person.get(&format!("{}eleve.html", portals.school_url(portal))).await;
    (person, page)
}

#[tokio::test]
async fn every_place_answers_where_its_school_sends_people() {
    let portals = portals(IdpMode::Current).await;
    for place in portals.places().iter().filter(|place| place.kind != PlaceKind::Hostile) {
        let (_, page) = at_school(&portals, &place.id).await;
        assert!(page.status == 200, "{}: {} {}", place.id, page.status, page.url);
        assert_ne!(page.host(), format!("{}.pronote.test", place.id));
    }
    assert_eq!(portals.violations(), Vec::<String>::new());
}
