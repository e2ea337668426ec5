//! The emulator's place that means harm: whatever it answers, a sign-in ends soon, as an error of a known kind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::portals::HOSTILE;
use portals::{Kind, Registry};

use crate::world::World;

/// What each of its portals ends with, and whether the password was sent by then: to itself alone, by an honest form.
const ENDS: [(&str, &str, bool); HOSTILE.len()] = [
    ("redirects", "TOO_MANY_REDIRECTS", false),
    ("refresh", "TOO_MANY_REDIRECTS", false),
    ("huge", "TOO_LARGE", false),
    ("endless", "TOO_LARGE", false),
    ("gzip", "TOO_LARGE", false),
    ("gzip-endless", "TOO_LARGE", false),
    ("slow", "TIMEOUT", false),
    ("silent", "TIMEOUT", false),
    ("truncated", "UNREACHABLE", false),
    ("headers", "UNREACHABLE", false),
    ("cookies", "WRONG_CREDENTIALS", true),
    ("malformed", "UNEXPECTED_PAGE", false),
    ("deep", "TOO_LARGE", false),
    ("nested-forms", "CREDENTIAL_HOST_REFUSED", false),
    ("fields", "TOO_LARGE", false),
    ("attributes", "TOO_LARGE", false),
    ("title", "TOO_LARGE", false),
    ("entities", "UNEXPECTED_PAGE", false),
    ("not-html", "UNEXPECTED_PAGE", false),
    ("base", "UNEXPECTED_PAGE", false),
    ("get-form", "UNEXPECTED_PAGE", false),
    ("script-action", "UNEXPECTED_PAGE", false),
    ("data-action", "UNEXPECTED_PAGE", false),
    ("plain-action", "INSECURE_ADDRESS", false),
    ("plain-redirect", "INSECURE_ADDRESS", false),
    ("user-info", "HOST_NOT_ALLOWED", false),
    ("port", "CREDENTIAL_HOST_REFUSED", false),
    ("loopback", "HOST_NOT_ALLOWED", false),
    ("loopback-v6", "HOST_NOT_ALLOWED", false),
    ("mapped", "HOST_NOT_ALLOWED", false),
    ("private", "HOST_NOT_ALLOWED", false),
    ("replay", "UNEXPECTED_PAGE", true),
    ("rude-text", "WRONG_CREDENTIALS", true),
    ("two-passwords", "PASSWORD_RENEWAL", false),
    ("relay-state", "TOO_LARGE", false),
    ("saml-elsewhere", "HOST_NOT_ALLOWED", false),
    ("captcha", "CAPTCHA_REQUIRED", false),
];

/// What a request may take there, in seconds; the rows that ship have 20.
const PATIENCE: u64 = 3;

/// A row for each of its portals.
fn registry() -> Arc<Registry> {
    let file = |nastiness: &str| {
        let row = include_str!("hostile.toml").replace("NASTINESS", nastiness);
        (format!("{nastiness}.toml"), row)
    };
    let (registry, faults) = Registry::with_files(&HOSTILE.map(file));
    assert_eq!(faults, []);
    Arc::new(registry)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_means_harm_gets_nothing_and_keeps_nobody() {
    let world = World::with(registry()).await;
    let mut wrong = String::new();
    for (nastiness, code, evaluated) in ENDS {
        let began = Instant::now();
        let portal = format!("hostile-{nastiness}");
        let end = world.enter(&portal, &format!("faux.mdp+{nastiness}")).await;
        let took = began.elapsed();
        match &end {
            Err(error) if (error.code(), error.evaluated) == (code, evaluated) => {}
            end => wrong += &format!("{nastiness}: {end:?}, not {code}\n"),
        }
        if took > Duration::from_secs(PATIENCE + 5) {
            wrong += &format!("{nastiness} took {took:?}\n");
        }
        if let Err(error) = end {
            let said = error.said.as_deref().unwrap_or_default();
            let title = match &error.kind {
                Kind::UnexpectedPage { title } => title.as_deref().unwrap_or_default(),
                _ => "",
            };
            for text in [said, title] {
                assert!(text.chars().count() <= 300 && !text.chars().any(char::is_control), "{nastiness}: {text}");
                assert!(!text.contains(['<', '\u{202E}']), "{nastiness}: {text}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(world.emulated.violations(), [""; 0]);
    let journal = world.emulated.journal();
    for nastiness in HOSTILE {
        let path = format!("/hostile-{nastiness}/");
        let requests = journal.iter().filter(|visit| visit.path.starts_with(&path)).count();
        assert!(requests <= 40, "{nastiness}: {requests} requests");
    }
    let sent = journal.iter().filter(|visit| visit.holds_password).count();
    assert_eq!(sent, ENDS.iter().filter(|(_, _, evaluated)| *evaluated).count(), "{}", world.story());
}
