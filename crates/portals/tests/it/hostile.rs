//! A portal that means harm: every sign-in ends, soon, with an error that says the truth.

use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::portals::HOSTILE;
use portals::Registry;

use crate::world::World;

/// How each ends, and whether the password was sent by then: only where the portal's own form asked for it.
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
/// No sign-in takes longer, on a slow machine that does other things meanwhile. Without limits, most would never end.
const SOON: Duration = Duration::from_secs(45);

/// A row for each, which follows it.
fn rows() -> Arc<Registry> {
    let row = |nastiness: &str| {
        format!(
            "[[portal]]\nid = \"hostile-{nastiness}\"\ndisplay = \"Hostile\"\nstatus = \"supported\"\nfamily = \"cas-form\"\n\
             evidence = \"D\"\nentry = {{ cas_root = \"https://hostile.exemple.test/hostile-{nastiness}\" }}\n\
             detect = {{ hosts = [\"hostile.exemple.test\"] }}\nprofiles.pupil = {{ idp = \"local\" }}\n\
             limits = {{ total_seconds = {} }}\n\n",
            if matches!(nastiness, "slow" | "silent") { 2 } else { 60 }
        )
    };
    let text = format!("schema = 1\n\n{}", HOSTILE.map(row).concat());
    let (registry, faults) = Registry::with_files(&[("hostile.toml".to_owned(), text)]);
    assert!(faults.is_empty(), "{faults:?}");
    Arc::new(registry)
}

#[tokio::test]
async fn every_sign_in_at_a_portal_that_means_harm_ends_soon_and_with_the_truth() {
    let world = World::with(rows()).await;
    for (index, (nastiness, code, evaluated)) in ENDS.into_iter().enumerate() {
        let began = Instant::now();
        let login = format!("eleve.ok+{index}");
        let error = world.refused(&format!("hostile-{nastiness}"), &login).await;
        assert_eq!((error.code(), error.evaluated), (code, evaluated), "{nastiness}: {error}\n{}", world.story());
        assert!(began.elapsed() < SOON, "{nastiness} took {:?}", began.elapsed());
        let sent = world.passwords().iter().filter(|visit| visit.login.as_ref() == Some(&login)).count();
        assert!(sent <= usize::from(evaluated), "{nastiness}: {sent}\n{}", world.story());
        let told = format!("{error}{}", error.advice());
        assert!(!told.chars().any(char::is_control) && told.len() < 2000, "{nastiness}: {told}");
    }
    assert_eq!(HOSTILE, ENDS.map(|(nastiness, ..)| nastiness));
    assert!(world.emulated.journal().iter().all(|visit| visit.host != "ailleurs.exemple.test"), "{}", world.story());
    assert_eq!(world.emulated.violations(), Vec::<String>::new());
}
