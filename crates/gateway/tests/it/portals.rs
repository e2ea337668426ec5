//! Signing in through portals: what is sent once, what is kept, and what waits for a person.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;

use emulator::portals::{BIRTH_DATE, Config, PASSWORD, Portals, SchoolMode};
use emulator::{Clock, School};
use gateway::viewers::{self, Admission, Door, Reply, TokenShape, Way};
use gateway::{Error, Gateway, PortalAccount, ProfileName, Secrets, ThroughPortal, Viewers};
use jiff::Timestamp;
use portals::{Progress, Question, Registry, SignIn};
use pronote::functions::homework;
use pronote::login::{Answers, Device, Entrance};
use pronote::pace::{Limits, Why};
use pronote::{Cause, Session, Space};
use secrecy::{ExposeSecret as _, SecretString};
use transport::{Detour, Transport};

/// Where the clients of these tests ask from.
const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
/// A portal of Skolengo with EduConnect behind it.
const PORTAL: &str = "ac-reims";

async fn start() -> Portals {
    let school = emulator::Config::new(School::demo(Clock::Fixed("2026-11-23T10:00:00".parse().unwrap())));
    Portals::start(Config::new(school)).await.unwrap()
}

/// A gateway for which every name leads to the emulator.
fn gateway(data: &Path, portals: &Portals) -> Gateway {
    let detour = Some(Detour::to(portals.address(), portals.authority()));
    let transport = Transport::new(transport::Config { detour, ..transport::Config::default() }).unwrap();
    let limits = Limits { seconds_per_call: 0.0, ..Limits::default() };
    Gateway::open(data, transport, limits, Arc::new(Timestamp::now)).unwrap()
}

fn sign_in(portals: &Portals, login: &str) -> SignIn {
    SignIn {
        school: portals.school_url(PORTAL).parse().unwrap(),
        space: Space::Student,
        portal: Some(PORTAL.to_owned()),
        profile: None,
        login: login.to_owned(),
        password: PASSWORD.into(),
    }
}

fn name() -> ProfileName {
    "anna".parse().unwrap()
}

/// Signs in and keeps a profile, as the command line does.
async fn keep(gateway: &Gateway, sign_in: SignIn, keep_password: bool) -> Result<Session, Error> {
    let Progress::Landed(landing) = gateway.through_portal(sign_in.clone()).await? else { panic!("it asks") };
    let device = Device::new("test");
    let Entrance::Open(session) = gateway.land(landing, &device).await? else { panic!("the school asks") };
    let SignIn { portal, profile: kind, login, password, space, .. } = sign_in;
    let through = ThroughPortal {
        account: PortalAccount { portal, kind, login },
        password: keep_password.then_some(password),
        device,
        write: false,
    };
    match gateway.take_over(&name(), session, space, through).await? {
        Entrance::Open(session) => Ok(session),
        Entrance::Steps(_) => panic!("the school asks"),
    }
}

/// How often a password went out.
fn passwords(portals: &Portals) -> usize {
    assert_eq!(portals.violations(), [""; 0]);
    portals.journal().iter().filter(|visit| visit.holds_password).count()
}

fn files_under(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

fn spoil(gateway: &Gateway) {
    let (profile, secrets) = gateway.profiles().unseal(&name()).unwrap();
    gateway.profiles().keep(&name(), &profile, &Secrets { token: Some("0000".into()), ..secrets }).unwrap();
}

#[tokio::test]
async fn r16_the_app_token_is_kept_and_no_portal_password() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let session = keep(&gateway(data.path(), &portals), sign_in(&portals, "eleve.ok"), false).await.unwrap();
    assert!(session.writer().is_err(), "it was not opened for writing");
    for _ in 0..2 {
        let resumed = gateway(data.path(), &portals).resume(&name(), false).await.unwrap();
        assert!(matches!(resumed, Entrance::Open(_)));
    }
    assert_eq!(passwords(&portals), 1, "the portal is needed once");
    let (profile, secrets) = gateway(data.path(), &portals).profiles().unseal(&name()).unwrap();
    assert!(secrets.password.is_none() && secrets.token.is_some());
    assert_eq!(profile.portal.unwrap().portal.as_deref(), Some(PORTAL));
}

#[tokio::test]
async fn r16_a_portal_password_that_is_to_be_kept_is_sealed_and_bound_to_its_portal() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path(), &portals);
    keep(&gateway, sign_in(&portals, "eleve.ok"), true).await.unwrap();
    for path in files_under(data.path()) {
        assert!(!String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(PASSWORD), "{}", path.display());
    }
    let (_, secrets) = gateway.profiles().unseal(&name()).unwrap();
    assert_eq!(secrets.password.unwrap().expose_secret(), PASSWORD);
    let path = data.path().join("pronote/profiles/anna.json");
    let moved = fs::read_to_string(&path).unwrap().replace(PORTAL, "ac-lyon");
    fs::write(&path, moved).unwrap();
    assert!(matches!(gateway.profiles().unseal(&name()), Err(Error::Unsealed { .. })));
}

#[tokio::test]
async fn a_kept_portal_password_is_used_once_when_the_token_is_no_longer_good() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path(), &portals);
    keep(&gateway, sign_in(&portals, "eleve.ok"), true).await.unwrap();
    spoil(&gateway);
    assert!(matches!(gateway.resume(&name(), false).await.unwrap(), Entrance::Open(_)));
    assert_eq!(passwords(&portals), 2);
    // It is taken over once more: the next time needs no portal.
    assert!(matches!(gateway.resume(&name(), false).await.unwrap(), Entrance::Open(_)));
    assert_eq!(passwords(&portals), 2);
}

#[tokio::test]
async fn without_a_kept_password_a_token_that_is_no_longer_good_asks_nobody() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path(), &portals);
    keep(&gateway, sign_in(&portals, "eleve.ok"), false).await.unwrap();
    spoil(&gateway);
    let refused = gateway.resume(&name(), false).await.unwrap_err();
    assert!(matches!(refused, Error::Pronote(error) if matches!(error.cause, Cause::Unopened(_))));
    assert_eq!(passwords(&portals), 1);
}

#[tokio::test]
async fn a_renewal_never_answers_what_a_portal_asks() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path(), &portals);
    keep(&gateway, sign_in(&portals, "eleve.ok"), true).await.unwrap();
    spoil(&gateway);
    portals.set_idp(emulator::portals::IdpMode::CurrentWithBirthDate);
    let asked = gateway.resume(&name(), false).await.unwrap_err();
    assert!(matches!(asked, Error::PortalAsks { question: Question::BirthDate, .. }), "{asked}");
}

#[tokio::test]
async fn r10_a_renewal_waits_after_the_portal_was_closed() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path(), &portals);
    keep(&gateway, sign_in(&portals, "eleve.ok"), true).await.unwrap();
    // Its portal closes.
    let (profile, secrets) = gateway.profiles().unseal(&name()).unwrap();
    let account = profile.portal.clone().map(|account| PortalAccount { login: "ferme".to_owned(), ..account });
    let profile = gateway::Profile { portal: account, ..profile };
    gateway.profiles().keep(&name(), &profile, &Secrets { token: Some("0000".into()), ..secrets }).unwrap();
    let closed = gateway.resume(&name(), false).await.unwrap_err();
    assert!(matches!(&closed, Error::Portal(error) if error.code() == "PORTAL_CLOSED"), "{closed}");
    // Another process is held back, too.
    let gateway = self::gateway(data.path(), &portals);
    spoil(&gateway);
    let asked = passwords(&portals);
    let held_back = gateway.resume(&name(), false).await.unwrap_err();
    let Error::Pronote(error) = held_back else { panic!("{held_back}") };
    assert!(matches!(&error.cause, Cause::Paused(paused) if paused.why == Why::PortalClosed), "{error}");
    assert_eq!(passwords(&portals), asked);
}

#[tokio::test]
async fn a_school_that_gives_no_code_leaves_the_portal_s_session() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path(), &portals);
    portals.school().script("JetonAppliMobile", |_, answer| *answer = serde_json::json!({}));
    let nothing = keep(&gateway, sign_in(&portals, "eleve.ok"), false).await.unwrap_err();
    assert!(matches!(nothing, Error::NothingToKeep), "{nothing}");
    keep(&gateway, sign_in(&portals, "eleve.ok"), true).await.unwrap();
    assert!(gateway.profiles().unseal(&name()).unwrap().1.token.is_none());
    assert!(matches!(gateway.resume(&name(), false).await.unwrap(), Entrance::Open(_)));
    assert_eq!(passwords(&portals), 3);
}

#[tokio::test]
async fn a_code_that_does_not_let_in_is_told_as_such() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let gateway = gateway(data.path(), &portals);
    // What the school gives is none of its codes.
    let other = serde_json::json!("00112233445566778899AABBCCDDEEFF");
    portals.school().script("JetonAppliMobile", move |_, answer| answer["jeton"] = other.clone());
    let why = keep(&gateway, sign_in(&portals, "eleve.ok"), false).await.unwrap_err();
    assert!(matches!(&why, Error::Pronote(_)), "{why}");
    keep(&gateway, sign_in(&portals, "eleve.ok"), true).await.unwrap();
}

#[tokio::test]
async fn a_portal_that_was_added_gets_nothing_before_it_is_confirmed() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let row =
        "schema = 1\n[[portal]]\nid = \"ours\"\nextends = \"monbureaunumerique-educonnect\"\ndisplay = \"Ours\"\n";
    let registry = || {
        let (registry, faults) = Registry::with_files(&[("ours.toml".to_owned(), row.to_owned())]);
        assert_eq!(faults, []);
        registry
    };
    let gateway = gateway(data.path(), &portals).with_portals(registry());
    let ours = || SignIn { portal: Some("ours".to_owned()), ..sign_in(&portals, "eleve.ok") };
    let refused = gateway.through_portal(ours()).await.unwrap_err();
    let Error::Unconfirmed { portal, hosts } = refused else { panic!("{refused}") };
    assert!(portal == "ours" && hosts.contains(&"educonnect.education.gouv.fr".to_owned()), "{hosts:?}");
    assert_eq!(portals.journal(), []);

    gateway.trust(gateway.portals().registry().get("ours").unwrap()).unwrap();
    assert!(matches!(gateway.through_portal(ours()).await.unwrap(), Progress::Landed(_)));
    let again = self::gateway(data.path(), &portals).with_portals(registry());
    assert!(again.trusts(again.portals().registry().get("ours").unwrap()).unwrap(), "it is asked once");
}

/// Everyone who is signed in, over a gateway.
fn viewers(gateway: Gateway, keep_sign_ins: bool) -> Viewers {
    Viewers::open(gateway, viewers::Config { keep_sign_ins, ..viewers::Config::default() }).unwrap()
}

fn door(way: Way) -> Door {
    Door { way, device: Device::new("test"), answers: None, write: false, next: false, shape: TokenShape::Long }
}

fn reply(answer: &str) -> Reply {
    Reply { answer: Some(SecretString::from(answer)), ..Reply::default() }
}

#[tokio::test]
async fn a_question_waits_under_a_continuation_and_takes_one_answer() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let viewers = viewers(gateway(data.path(), &portals), false);
    let asked = viewers.sign_in(HOME, door(Way::Portal(sign_in(&portals, "naissance")))).await.unwrap();
    let Admission::Question { continuation, host, question } = asked else { panic!("{asked:?}") };
    assert_eq!((host.as_str(), question), ("educonnect.education.gouv.fr", Question::BirthDate));
    let nonsense = viewers.go_on(continuation.expose(), reply("yesterday")).await.unwrap_err();
    assert!(matches!(nonsense, Error::NotAnAnswer(_)));
    let date = format!("{}/{}/{}", &BIRTH_DATE[..2], &BIRTH_DATE[2..4], &BIRTH_DATE[4..]);
    let open = viewers.go_on(continuation.expose(), reply(&date)).await.unwrap();
    assert!(matches!(open, Admission::Open { lasting: true, .. }));
    let gone = viewers.go_on(continuation.expose(), reply(&date)).await.unwrap_err();
    assert!(matches!(gone, Error::NoSteps));
    assert_eq!((passwords(&portals), viewers.census().steps), (1, 0));
}

#[tokio::test]
async fn a_pin_of_the_school_is_asked_once_after_a_portal() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    portals.set_school(PORTAL, SchoolMode::Pin);
    let viewers = viewers(gateway(data.path(), &portals), false);
    let asked = viewers.sign_in(HOME, door(Way::Portal(sign_in(&portals, "eleve.ok")))).await.unwrap();
    let Admission::Steps { continuation, .. } = asked else { panic!("{asked:?}") };
    let answers = Answers { pin: Some("1234".into()), ..Answers::default() };
    let open = viewers.go_on(continuation.expose(), answers).await.unwrap();
    assert!(matches!(open, Admission::Open { lasting: true, .. }));
    assert_eq!(passwords(&portals), 1);
}

#[tokio::test]
async fn a_session_that_a_portal_opened_heals_without_the_portal() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let viewers = viewers(gateway(data.path(), &portals), false);
    let open = viewers.sign_in(HOME, door(Way::Portal(sign_in(&portals, "eleve.ok")))).await.unwrap();
    let Admission::Open { viewer, .. } = open else { panic!("{open:?}") };
    portals.school().expire_sessions().await;
    viewer.read(gateway::Whose::OWN, &homework::Request { weeks: 12..=12 }).await.unwrap();
    assert_eq!((viewer.state(), passwords(&portals)), (gateway::SessionState::Open, 1));
}

#[tokio::test]
async fn a_kept_sign_in_outlives_the_process_without_the_portal() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let first = viewers(gateway(data.path(), &portals), true);
    let open = first.sign_in(HOME, door(Way::Portal(sign_in(&portals, "eleve.ok")))).await.unwrap();
    let Admission::Open { token, viewer, .. } = open else { panic!("{open:?}") };
    drop(viewer);
    first.close().await;
    drop(first);
    let second = viewers(gateway(data.path(), &portals), true);
    assert!(second.viewer(token.expose()).await.unwrap().is_some());
    assert_eq!(passwords(&portals), 1);
    for path in files_under(data.path()) {
        assert!(!String::from_utf8_lossy(&fs::read(&path).unwrap()).contains(PASSWORD), "{}", path.display());
    }
}

#[tokio::test]
async fn where_the_school_refuses_its_own_form_its_portal_is_found() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    portals.set_school(PORTAL, SchoolMode::PortalOnly);
    let viewers = viewers(gateway(data.path(), &portals), false);
    let anywhere = SignIn { portal: None, ..sign_in(&portals, "eleve.ok") };
    let open = viewers.sign_in(HOME, door(Way::Either(anywhere))).await.unwrap();
    assert!(matches!(open, Admission::Open { lasting: true, .. }));
    assert_eq!(passwords(&portals), 1);
}

#[tokio::test]
async fn a_refused_portal_password_is_counted_and_not_sent_again() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let viewers = viewers(gateway(data.path(), &portals), false);
    for _ in 0..2 {
        let refused = viewers.sign_in(HOME, door(Way::Portal(sign_in(&portals, "faux.mdp")))).await.unwrap_err();
        assert!(matches!(refused, Error::Portal(_)), "{refused}");
    }
    assert_eq!(passwords(&portals), 1);
    let census = viewers.census();
    assert_eq!((census.sign_ins, census.failed_sign_ins.values().sum::<u64>()), (0, 2));
    assert_eq!(census.failed_sign_ins.get("WRONG_CREDENTIALS"), Some(&1));
}

#[tokio::test]
async fn sign_ins_of_one_account_at_once_are_all_taken_over() {
    let (portals, data) = (start().await, tempfile::tempdir().unwrap());
    let viewers = viewers(gateway(data.path(), &portals), false);
    let enter = || viewers.sign_in(HOME, door(Way::Portal(sign_in(&portals, "eleve.ok"))));
    let (one, other, third) = tokio::join!(enter(), enter(), enter());
    for admission in [one, other, third] {
        let admission = admission.unwrap();
        assert!(matches!(admission, Admission::Open { lasting: true, .. }), "{admission:?}");
    }
}
