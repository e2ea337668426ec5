//! What is odd in the same way at every portal: foreign hosts, plain HTTP, ways and pages without end (portals §3.5).

use std::sync::Arc;

use emulator::portals::Trap;
use portals::{Kind, Registry};
use pronote::Retry;

use crate::ways::{WAYS, Way, all_end, only};
use crate::world::World;

/// What is odd before any password was given ends before any is sent.
async fn trapped(trap: Trap, expected: impl Fn(&Kind) -> bool) {
    let world = World::start().await;
    world.emulated.set_trap(Some(trap));
    let redirects = matches!(trap, Trap::Elsewhere | Trap::PlainHttp | Trap::Loop);
    let late = |way: Way| way.idp_first && redirects;
    all_end(&world, &WAYS, "eleve.ok", |way, error| expected(&error.kind) && error.evaluated == late(way)).await;
    assert_eq!(world.passwords().len(), WAYS.into_iter().filter(|way| late(*way)).count(), "{}", world.story());
}

#[tokio::test]
async fn a_portal_that_leads_elsewhere_is_not_followed() {
    let elsewhere = "ailleurs.exemple.test".to_owned();
    trapped(Trap::Elsewhere, |kind| *kind == Kind::HostNotAllowed { host: elsewhere.clone() }).await;
}

#[tokio::test]
async fn a_form_that_goes_elsewhere_is_not_filled_in() {
    let elsewhere = "ailleurs.exemple.test".to_owned();
    let refused = [
        Kind::CredentialHostRefused { host: elsewhere.clone() },
        // Where nothing at all would be sent there.
        Kind::HostNotAllowed { host: elsewhere },
    ];
    trapped(Trap::FormElsewhere, |kind| refused.contains(kind)).await;
}

#[tokio::test]
async fn nothing_is_asked_or_sent_without_encryption() {
    trapped(Trap::PlainHttp, |kind| matches!(kind, Kind::Insecure { .. })).await;
    trapped(Trap::FormPlainHttp, |kind| matches!(kind, Kind::Insecure { .. })).await;
}

#[tokio::test]
async fn a_way_without_end_ends() {
    trapped(Trap::Loop, |kind| *kind == Kind::TooManyRedirects).await;
}

#[tokio::test]
async fn a_page_without_end_is_not_read_to_it() {
    trapped(Trap::Huge, |kind| *kind == Kind::TooLarge).await;
}

#[tokio::test]
async fn the_same_after_the_password_is_no_better() {
    let world = World::start().await;
    type Expected = fn(&Kind) -> bool;
    let ends: [(&str, Expected); 4] = [
        ("redirige.ailleurs", |kind| matches!(kind, Kind::HostNotAllowed { .. })),
        ("http.clair", |kind| matches!(kind, Kind::Insecure { .. })),
        ("boucle", |kind| *kind == Kind::TooManyRedirects),
        ("gros", |kind| *kind == Kind::TooLarge),
    ];
    for (scenario, expected) in ends {
        all_end(&world, &WAYS, scenario, |_, error| expected(&error.kind) && error.evaluated).await;
    }
    // Whatever it is called, the password does not go there: the emulator would tell.
    all_end(&world, &WAYS, "form.ailleurs", |_, error| error.evaluated && error.retry() == Retry::Never).await;
    assert_eq!(world.passwords().len(), 5 * WAYS.len(), "{}", world.story());
}

#[tokio::test]
async fn a_page_that_trickles_in_is_not_waited_for() {
    // The rows that ship wait for 20 seconds; these are theirs otherwise.
    let rows: String = WAYS
        .iter()
        .map(|way| {
            let portal = way.portal;
            format!("[[portal]]\nid = \"vite-{portal}\"\nextends = \"{portal}\"\nlimits = {{ request_seconds = 2 }}\n")
        })
        .collect();
    let (registry, faults) = Registry::with_files(&[("vite.toml".to_owned(), format!("schema = 1\n{rows}"))]);
    assert_eq!(faults, []);
    let world = World::with(Arc::new(registry)).await;
    let quick = WAYS.map(|way| Way { portal: format!("vite-{}", way.portal).leak(), ..way });
    all_end(&world, &quick, "gros.lent", |_, error| error.kind == Kind::Timeout && error.evaluated).await;
    world.emulated.set_trap(Some(Trap::Slow));
    all_end(&world, &quick, "eleve.ok", |_, error| error.kind == Kind::Timeout && !error.evaluated).await;
}

#[tokio::test]
async fn entities_in_the_portals_xml_are_not_read() {
    let world = World::start().await;
    all_end(&world, &only(&["toutatice"]), "xml.bombe", |_, error| matches!(error.kind, Kind::UnexpectedPage { .. }))
        .await;
}
