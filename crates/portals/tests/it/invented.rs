//! A region that nobody has heard of: its portals are rows in a user's file, and no code (portals §4.3).

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use emulator::portals::{Config, IdpMode, Place, PlaceKind};
use emulator::{Clock, School};
use jiff::civil::date;
use portals::{Kind, Portals, Progress, Registry, SignIn};
use pronote::Client;
use pronote::pace::Pacer;
use tokio::net::{TcpListener, TcpStream};
use transport::Transport;

use crate::world::{World, landed};

/// What its users write.
const NEUSTRIE: &str = r#"
schema = 1

[[portal]]
id = "neustrie"
aliases = ["neustrie-colleges"]
display = "Mon bureau de Neustrie"
region = "Neustrie"
family = "skolengo"
entry.cas_root = "https://cas.neustrie.example.fr"
entry.set_query = { selection = "NEU-EDU_parent_eleve" }
detect.hosts = ["cas.neustrie.example.fr"]
profiles.pupil = { idp = "educonnect" }
profiles.guardian = { idp = "educonnect" }

[[portal]]
id = "neustrie-lycees"
display = "Les lycées de Neustrie"
family = "edifice"
entry.cas_root = "https://lycees.neustrie.example.fr/cas"
detect.hosts = ["lycees.neustrie.example.fr"]
profiles.pupil = { idp = "local" }
profiles.guardian = { idp = "educonnect", provider_id = "urn:fi:ent:neustrie:1.0" }

[[portal]]
id = "neustrie-scribe"
extends = "eole-scribe"
display = "Un collège de Neustrie"
entry.cas_root = "https://scribe.neustrie.example.fr/sso"
detect.hosts = ["scribe.neustrie.example.fr"]

[[portal]]
id = "neustrie-chaine"
display = "Un autre collège de Neustrie"
family = "form-chain"
detect.hosts = ["chaine.neustrie.example.fr"]
profiles.pupil = { idp = "local" }
profiles.guardian = { idp = "local" }
steps = [
  { get = { url = "https://chaine.neustrie.example.fr/sso/login?service={service}" } },
  { expect = { marker = { selector = "form#fm1" } } },
  { submit = { selector = "form#fm1", credentials = true } },
]

[[portal]]
id = "neustrie-detours"
display = "Les détours de Neustrie"
family = "form-chain"
detect.hosts = ["detours.neustrie.example.fr"]
profiles.pupil = { idp = "educonnect" }
profiles.guardian = { idp = "educonnect" }
hosts.assertion = ["detours.neustrie.example.fr/saml/"]
steps = [
  { get = { url = "https://detours.neustrie.example.fr/login", set_query = { service = "{service}", selection = "NEU" } } },
  "relay_saml",
  "educonnect",
  { follow_link = { selector = ".msg__content" } },
]
"#;

/// All of them.
const PORTALS: [&str; 5] = ["neustrie", "neustrie-lycees", "neustrie-scribe", "neustrie-chaine", "neustrie-detours"];

fn place(id: &str, host: &str, kind: PlaceKind) -> Place {
    Place { id: id.to_owned(), host: format!("{host}.neustrie.example.fr"), kind }
}

async fn neustrie(files: &str) -> World {
    let mut config = Config::new(emulator::Config::new(School::demo(Clock::Fixed(date(2026, 11, 18).at(10, 0, 0, 0)))));
    let form = || PlaceKind::CasForm { root: "/sso".to_owned(), lenient: false };
    config.places = vec![
        place(
            "neustrie",
            "cas",
            PlaceKind::Skolengo { edu: vec!["NEU-EDU_parent_eleve".to_owned()], local: Vec::new(), notice: true },
        ),
        place(
            "neustrie-lycees",
            "lycees",
            PlaceKind::Edifice {
                local: true,
                routes: Vec::new(),
                provider: Some("urn:fi:ent:neustrie:1.0".to_owned()),
                chooser: Some("qui.neustrie.example.fr".to_owned()),
            },
        ),
        place("neustrie-scribe", "scribe", form()),
        place("neustrie-chaine", "chaine", form()),
        place(
            "neustrie-detours",
            "detours",
            PlaceKind::Skolengo { edu: vec!["NEU".to_owned(), "NEU2".to_owned()], local: Vec::new(), notice: true },
        ),
    ];
    let (registry, faults) = Registry::with_files(&[("neustrie.toml".to_owned(), files.to_owned())]);
    assert_eq!(faults, []);
    World::of(config, Arc::new(registry)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_of_the_users_is_signed_in_through_and_found_by_itself() {
    let world = neustrie(NEUSTRIE).await;
    let mut accounts = 0;
    for idp in [IdpMode::Current, IdpMode::Legacy] {
        world.emulated.set_idp(idp);
        for portal in PORTALS {
            for (scenario, named) in [("eleve.ok", true), ("parent.ok", true), ("eleve.ok", false)] {
                accounts += 1;
                let login = format!("{scenario}+{accounts}");
                let sign_in = SignIn { portal: named.then(|| portal.to_owned()), ..world.sign_in(portal, &login) };
                landed(world.portals.sign_in(&world.client, sign_in).await, &world);
                let sent = world.passwords().iter().filter(|visit| visit.login.as_ref() == Some(&login)).count();
                assert_eq!(sent, 1, "{portal} as {login}");
            }
        }
    }
    let (by_alias, login) = (Some("neustrie-colleges".to_owned()), "eleve.ok+alias");
    let sign_in = SignIn { portal: by_alias, ..world.sign_in("neustrie", login) };
    landed(world.portals.sign_in(&world.client, sign_in).await, &world);
    assert_eq!(world.emulated.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_of_a_school_on_a_port_of_its_own_is_signed_in_through_and_found_by_itself() {
    // EOLE listens on 8443; here any free port does.
    let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let host = format!("scribe.college.example.fr:{}", door.local_addr().unwrap().port());
    let row = format!(
        "schema = 1\n[[portal]]\nid = \"college\"\nextends = \"eole-scribe\"\ndisplay = \"Un collège\"\n\
         entry.cas_root = \"https://{host}\"\ndetect.hosts = [\"{host}\"]\n"
    );
    let (registry, faults) = Registry::with_files(&[("college.toml".to_owned(), row)]);
    assert_eq!(faults, []);
    let mut config = Config::new(emulator::Config::new(School::demo(Clock::system())));
    let kind = PlaceKind::CasForm { root: String::new(), lenient: false };
    config.places = vec![Place { id: "college".to_owned(), host: host.clone(), kind }];
    let world = World::of(config, Arc::new(registry)).await;
    assert_eq!(world.portals.registry().get("college").unwrap().credential_hosts, [host]);

    let emulated = world.emulated.address();
    let relay = tokio::spawn(async move {
        while let Ok((mut from, _)) = door.accept().await {
            let mut to = TcpStream::connect(emulated).await.unwrap();
            tokio::spawn(async move { drop(tokio::io::copy_bidirectional(&mut from, &mut to).await) });
        }
    });
    for (login, named) in [("eleve.ok", true), ("parent.ok", true), ("eleve.ok+found", false)] {
        let portal = named.then(|| "college".to_owned());
        let sign_in = SignIn { portal, ..world.sign_in("college", login) };
        landed(world.portals.sign_in(&world.client, sign_in).await, &world);
    }
    let error = world.refused("college", "faux.mdp").await;
    assert!(matches!(error.kind, Kind::WrongCredentials { .. }), "{error:?}");
    assert_eq!((world.passwords().len(), world.emulated.violations()), (4, Vec::new()));
    relay.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_asks_who_one_is_shows_its_own_form_to_those_whose_account_is_its_own() {
    let world = neustrie(NEUSTRIE).await;
    landed(world.enter("neustrie-lycees", "eleve.ok").await, &world);
    assert!(world.emulated.journal().iter().all(|visit| visit.host != "qui.neustrie.example.fr"), "{}", world.story());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_of_the_users_refuses_a_wrong_password_once() {
    let world = neustrie(NEUSTRIE).await;
    for portal in PORTALS {
        let login = format!("faux.mdp+{portal}");
        let error = world.refused(portal, &login).await;
        assert!(matches!(error.kind, Kind::WrongCredentials { .. }), "{portal}: {error:?}");
        world.refused(portal, &login).await;
        assert_eq!(world.passwords().iter().filter(|visit| visit.login.as_ref() == Some(&login)).count(), 1);
    }
    assert_eq!(world.emulated.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_shows_the_way_to_the_form_of_a_region_of_the_users() {
    let world = neustrie(NEUSTRIE).await;
    let school = world.school("neustrie-chaine");
    let check = world.portals.check(&world.client, &school, pronote::Space::Student, None).await.unwrap();
    assert_eq!((check.portal.as_str(), check.reached.as_str()), ("neustrie-chaine", "login form"));
    assert!(["username", "password"].iter().all(|name| check.fields.iter().any(|field| field == name)), "{check:?}");
    assert!(check.hops.iter().all(|hop| hop.took < Duration::from_secs(20)));
    assert!(world.passwords().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_region_that_nobody_has_written_down_gives_the_file_to_write() {
    let world = neustrie("schema = 1\n").await;
    let sign_in = SignIn { portal: None, ..world.sign_in("neustrie", "eleve.ok") };
    let error = world.portals.sign_in(&world.client, sign_in).await.unwrap_err();
    assert_eq!(error.kind, Kind::UnknownPortal { host: "cas.neustrie.example.fr".to_owned() });
    let draft = world.portals.registry().draft(&error).unwrap();

    // The selection is not known yet: the portal's chooser is asked, and the person says which.
    let world = neustrie(&draft).await;
    let sign_in = SignIn { portal: None, ..world.sign_in("neustrie", "eleve.ok") };
    let progress = world.portals.sign_in(&world.client, sign_in).await.unwrap();
    let progress = match progress {
        Progress::Question(pending) => {
            let answer = pending.question().answer("1").unwrap();
            pending.answer(answer).await
        }
        landed @ Progress::Landed(_) => Ok(landed),
    };
    landed(progress, &world);
    assert_eq!(world.emulated.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r18_a_portal_that_has_moved_is_named_and_only_a_person_adds_it() {
    // The portal of this school is elsewhere now: no row knows where.
    let moved = |world: &World| SignIn { portal: Some("hdf".to_owned()), ..world.sign_in("neustrie", "eleve.ok") };
    let world = neustrie("schema = 1\n").await;
    let error = world.portals.sign_in(&world.client, moved(&world)).await.unwrap_err();
    assert_eq!(error.kind, Kind::HostNotAllowed { host: "cas.neustrie.example.fr".to_owned() });
    assert!(!error.evaluated);
    let hosts: Vec<_> = world.emulated.journal().into_iter().map(|visit| visit.host).collect();
    assert_eq!(hosts, ["neustrie.pronote.test"], "nothing else is asked, and no row is fetched");

    let draft = world.portals.registry().draft(&error).unwrap();
    let world = neustrie(&draft).await;
    let hdf = world.portals.registry().get("hdf").unwrap();
    assert_eq!(hdf.overrides, ["hosts.navigate"]);
    assert_eq!(hdf.credential_hosts, ["educonnect.education.gouv.fr"], "where passwords may go is as it was");
    let error = world.portals.sign_in(&world.client, moved(&world)).await.unwrap_err();
    assert!(!matches!(error.kind, Kind::HostNotAllowed { .. }), "{error:?}");
    assert!(world.passwords().is_empty());

    // A school of another portal is no portal that has moved: no file is proposed.
    let other = SignIn { portal: Some("hdf".to_owned()), ..world.sign_in("ac-valdoise", "eleve.ok") };
    let error = world.portals.sign_in(&world.client, other).await.unwrap_err();
    assert_eq!(error.kind, Kind::HostNotAllowed { host: "cas.moncollege.valdoise.fr".to_owned() });
    assert_eq!(world.portals.registry().draft(&error), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r01_only_a_school_on_this_machine_may_be_its_own_portal_without_tls() {
    let school = School::demo(Clock::Fixed(date(2026, 11, 18).at(10, 0, 0, 0)));
    let account = school.accounts.iter().find(|account| account.space == emulator::school::Space::Student).unwrap();
    let (login, password) = (account.login.clone(), account.password.clone());
    let emulated = emulator::Emulator::start(emulator::Config { portal: true, ..emulator::Config::new(school) }).await;
    let emulated = emulated.unwrap();
    let client = Client::new(
        Transport::new(transport::Config::default()).unwrap(),
        Pacer::unlimited(Arc::new(jiff::Timestamp::now)),
    );
    let portals = Portals::new(Registry::builtin());
    let sign_in = |school: &str, portal: Option<&str>| SignIn {
        school: school.parse().unwrap(),
        space: pronote::Space::Student,
        portal: portal.map(str::to_owned),
        profile: None,
        login: login.clone(),
        password: password.as_str().into(),
    };
    let end = portals.sign_in(&client, sign_in(emulated.url(), None)).await;
    assert!(matches!(end, Ok(Progress::Landed(_))), "{end:?}");

    let by_name = emulated.url().replace("127.0.0.1", "localhost");
    let error = portals.sign_in(&client, sign_in(&by_name, None)).await.unwrap_err();
    assert!(matches!(error.kind, Kind::Insecure { .. }), "{error:?}");
    let error = portals.sign_in(&client, sign_in(emulated.url(), Some("hdf"))).await.unwrap_err();
    assert!(matches!(error.kind, Kind::Insecure { .. } | Kind::HostNotAllowed { .. }), "{error:?}");
    assert!(!error.evaluated);
}
