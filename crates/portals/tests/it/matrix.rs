//! Every row that ships, as pupil and as guardian, at EduConnect in every mode, and with every account that fails
//! (portals §3.6).

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use emulator::portals::IdpMode;
use futures_util::StreamExt as _;
use portals::{Error, Family, Kind, Pending, Portal, Progress, Question, Registry, SignIn, Status};
use pronote::Space;

use crate::world::World;

/// How many sign-ins go at once: more would wait for the same two cores.
const AT_ONCE: usize = 8;

/// The rows to sign in through.
fn rows() -> Vec<Portal> {
    // Each school of `eole-scribe` has a host of its own: `invented.rs` signs in through a row that extends it.
    let played = |portal: &&Portal| portal.status.signs_in() && portal.id != "eole-scribe";
    Registry::builtin().iter().filter(played).cloned().collect()
}

/// Signs in through every row with each of some accounts, and holds every end against what it must be. Each password must
/// have gone to one site, once, and that one may have it.
async fn everywhere(idp: IdpMode, scenarios: &[&str], right: fn(&Portal, &str, &Result<Progress, Error>) -> bool) {
    static ACCOUNTS: AtomicUsize = AtomicUsize::new(0);
    let world = World::start().await;
    world.emulated.set_idp(idp);
    let cells: Vec<_> = rows()
        .into_iter()
        .flat_map(|portal| scenarios.iter().map(move |scenario| (portal.clone(), *scenario)))
        // An account of its own each, so that sign-ins side by side are told apart.
        .map(|(portal, scenario)| {
            (portal, scenario, format!("{scenario}+{}", ACCOUNTS.fetch_add(1, Ordering::Relaxed)))
        })
        .collect();
    let end = async |(portal, scenario, login): &(Portal, &str, String)| {
        let mut end = world.enter(&portal.id, login).await;
        if let Ok(Progress::Question(pending)) = end {
            end = choose(pending, login).await;
        }
        (!right(portal, scenario, &end)).then(|| format!("{} as {scenario}: {end:?}", portal.id))
    };
    let ends = futures_util::stream::iter(&cells).map(end).buffer_unordered(AT_ONCE);
    let mut wrong: Vec<String> = ends.filter_map(async |wrong| wrong).collect().await;

    let mut hosts: HashMap<String, Vec<String>> = HashMap::new();
    for visit in world.passwords() {
        hosts.entry(visit.login.unwrap_or_default()).or_default().push(visit.host);
    }
    for (portal, scenario, login) in &cells {
        match hosts.get(login).map_or(&[][..], Vec::as_slice) {
            [host] if portal.credential_hosts.contains(host) => {}
            hosts => wrong.push(format!("{} as {scenario}: the password went to {hosts:?}", portal.id)),
        }
    }
    assert!(wrong.is_empty(), "{} of {} cells:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
    assert_eq!(world.emulated.violations(), [""; 0]);
}

/// Answers the chooser of a portal whose way to EduConnect is not known, as somebody with an account there would.
async fn choose(pending: Box<Pending>, login: &str) -> Result<Progress, Error> {
    let Question::Choice { options } = pending.question() else { return Ok(Progress::Question(pending)) };
    let wanted = if login.starts_with("parent") { "Parent" } else { "Élève" };
    let chosen = options.iter().position(|option| option.contains(wanted) || option.contains("EDU"));
    match chosen.map(|chosen| pending.question().answer(&(chosen + 1).to_string())) {
        Some(Ok(answer)) => pending.answer(answer).await,
        _ => Ok(Progress::Question(pending)),
    }
}

async fn everybody_signs_in(idp: IdpMode) {
    everywhere(idp, &["eleve.ok", "parent.ok"], |_, _, end| matches!(end, Ok(Progress::Landed(_)))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_while_educonnect_is_as_today() {
    everybody_signs_in(IdpMode::Current).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_while_educonnect_has_one_page() {
    everybody_signs_in(IdpMode::OnePage).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_while_educonnect_has_no_token() {
    everybody_signs_in(IdpMode::Legacy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_signs_in_through_every_row_while_educonnect_has_two_old_pages() {
    everybody_signs_in(IdpMode::Legacy2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_account_that_fails_gives_its_kind_at_every_row() {
    let scenarios = [
        "faux.mdp",
        "verrou",
        "renouv",
        "activer",
        "cgu",
        "sans.pronote",
        "ferme",
        "surcharge",
        "redirige.ailleurs",
        "form.ailleurs",
        "http.clair",
        "boucle",
    ];
    everywhere(IdpMode::Current, &scenarios, |portal, scenario, end| {
        let Err(Error { kind, .. }) = end else { return false };
        // A Keycloak says the same of a locked account as of a wrong password, and asks for whatever an account has to do
        // in the same way (portals §2.7).
        let keycloak = portal.family == Some(Family::EdificeOidc);
        match scenario {
            "faux.mdp" => matches!(kind, Kind::WrongCredentials { .. }),
            "verrou" if keycloak => matches!(kind, Kind::WrongCredentials { .. }),
            "verrou" => matches!(kind, Kind::AccountLocked { .. }),
            "renouv" => *kind == Kind::PasswordRenewal,
            "activer" if keycloak => *kind == Kind::PortalAction,
            "activer" => *kind == Kind::ActivationRequired,
            "cgu" => *kind == Kind::PortalAction,
            "sans.pronote" => *kind == Kind::NoPronoteAccess,
            "ferme" => *kind == Kind::PortalClosed { pronote: false },
            "surcharge" => *kind == Kind::PortalOverloaded,
            "redirige.ailleurs" => matches!(kind, Kind::HostNotAllowed { .. }),
            "form.ailleurs" => matches!(kind, Kind::CredentialHostRefused { .. }),
            "http.clair" => matches!(kind, Kind::Insecure { .. }),
            "boucle" => *kind == Kind::TooManyRedirects,
            _ => false,
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_asked_is_asked_of_the_person_at_every_row() {
    everywhere(IdpMode::Current, &["naissance", "code.sms"], |portal, scenario, end| {
        // Who checks the passwords of pupils, as these accounts are.
        let own = ["moselle", "iledefrance"].contains(&portal.id.as_str()) || portal.id.starts_with("primaire-");
        let national = !own && portal.credential_hosts.iter().any(|host| host.contains(".educ"));
        match (scenario, end) {
            // Nobody but EduConnect asks for it.
            ("naissance", Ok(Progress::Landed(_))) => !national,
            ("naissance", Ok(Progress::Question(pending))) => *pending.question() == Question::BirthDate,
            ("code.sms", Ok(Progress::Question(pending))) => *pending.question() == Question::Code,
            ("code.sms", Err(error)) => error.kind == Kind::MfaRequired,
            // Skolengo's own form knows no codes.
            ("code.sms", Ok(Progress::Landed(_))) => !national && portal.family == Some(Family::Skolengo),
            _ => false,
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_without_end_is_too_large_at_every_row() {
    everywhere(IdpMode::Current, &["gros"], |_, _, end| matches!(end, Err(error) if error.kind == Kind::TooLarge))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_portal_of_a_school_is_found_by_its_redirect() {
    let world = World::start().await;
    let rows = rows();
    let found = async |portal: &Portal| {
        let sign_in = SignIn { portal: None, ..world.sign_in(&portal.id, &format!("eleve.ok+{}", portal.id)) };
        let end = world.portals.sign_in(&world.client, sign_in).await;
        (portal.id.clone(), end)
    };
    let ends: Vec<_> = futures_util::stream::iter(&rows).map(found).buffer_unordered(AT_ONCE).collect().await;
    let mut told_apart = Vec::new();
    for (id, end) in ends {
        match end {
            Ok(Progress::Landed(_)) => {}
            Ok(Progress::Question(pending)) => assert!(matches!(pending.question(), Question::Choice { .. }), "{id}"),
            Err(Error { kind: Kind::AmbiguousPortal { candidates }, .. }) => {
                assert_eq!(candidates, ["ac-montpellier", "ac-toulouse"], "{id}");
                told_apart.push(id);
            }
            // These have to be named: their schools' redirects do not tell them from the usual row.
            Err(Error { kind: Kind::WrongCredentials { .. }, .. }) => assert_eq!(id, "agricole-normandie"),
            Err(error) => panic!("{id}: {error:?}"),
        }
    }
    told_apart.sort_unstable();
    assert_eq!(told_apart, ["ac-montpellier", "ac-toulouse"]);
    assert_eq!(world.emulated.violations(), [""; 0]);
}

#[tokio::test]
async fn finding_the_portal_of_a_school_asks_nothing_of_the_portal() {
    let world = World::start().await;
    let school = world.school("ac-reims");
    let found = world.portals.find(&world.client, &school, Space::Student).await.unwrap();
    assert_eq!(found, "ac-nancy-metz", "the first of those that do the same");
    let asked = world.emulated.journal();
    assert!(!asked.is_empty() && asked.iter().all(|visit| visit.host == "ac-reims.pronote.test"), "{}", world.story());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_row_is_checked_up_to_its_form_without_a_password() {
    let world = World::start().await;
    let rows = rows();
    let check = async |portal: &Portal| {
        let school = world.school(&portal.id);
        let check = world.portals.check(&world.client, &school, Space::Student, Some(&portal.id)).await;
        (portal.id.clone(), check.unwrap())
    };
    let checks: Vec<_> = futures_util::stream::iter(&rows).map(check).buffer_unordered(AT_ONCE).collect().await;
    for (id, check) in checks {
        assert_eq!(check.portal, id);
        match check.reached.as_str() {
            "login form" => assert!(check.fields.iter().any(|name| name.contains("password")), "{id}: {check:?}"),
            // The choosers of portals whose way to EduConnect is not known.
            "question" => assert!(["ain", "charente"].contains(&id.as_str()), "{id}: {check:?}"),
            _ => panic!("{id}: {check:?}"),
        }
        assert!(check.hops.iter().all(|hop| !hop.path.contains('?')), "{id}");
    }
    assert!(world.passwords().is_empty());
    assert_eq!(world.emulated.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_that_are_gone_say_what_replaces_them_without_any_request() {
    let world = World::start().await;
    let registry = Registry::builtin();
    let gone: Vec<_> = registry.iter().filter(|portal| !portal.status.signs_in()).collect();
    assert_eq!(gone.len(), 5);
    for portal in gone {
        let error = world.refused(&portal.id, "eleve.ok").await;
        let expected = match portal.status {
            Status::Retired => Kind::Retired { replaced_by: portal.replaced_by.clone() },
            _ => Kind::Refused,
        };
        assert_eq!(error.kind, expected, "{}", portal.id);
        assert!(!error.evaluated);
        let successor = portal.replaced_by.as_deref().and_then(|id| registry.get(id));
        assert!(successor.is_none_or(|portal| portal.status.signs_in()));
    }
    assert!(world.emulated.journal().is_empty());
}
