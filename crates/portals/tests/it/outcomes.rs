//! What a sign-in can end with (portals §2.16), at a portal of every family that can end so.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use emulator::portals::{IdpMode, SchoolMode};
use futures_util::future::join_all;
use jiff::Timestamp;
use portals::{Error, Kind, Portals, Profile, Progress, Question, Registry, SignIn, Status};
use pronote::pace::Pacer;
use pronote::{Client, Retry, Space};
use transport::{Detour, Transport};

use crate::ways::{EDUCONNECT, WAYS, Way, all_are_asked, all_end, by_educonnect, only, way};
use crate::world::{World, landed};

#[tokio::test]
async fn a_refusal_names_the_site_that_refused_and_the_kind_of_account() {
    let world = World::start().await;
    all_end(&world, &WAYS, "faux.mdp", |way, error| {
        assert!(error.advice().contains("guardian"), "{}", error.advice());
        error.kind == Kind::WrongCredentials { idp: way.idp.to_owned(), profile: Profile::Pupil }
            && (error.host.as_deref(), error.evaluated, error.retry()) == (Some(way.idp), true, Retry::Never)
    })
    .await;
    assert_eq!(world.passwords().len(), WAYS.len());
}

#[tokio::test]
async fn what_was_refused_is_not_sent_again() {
    let world = World::start().await;
    for scenario in ["faux.mdp", "faux.mdp"] {
        let _ = join_all(WAYS.iter().map(|way| way.enter(&world, scenario))).await;
    }
    all_end(&world, &WAYS, "faux.mdp", |_, error| {
        matches!(error.kind, Kind::AlreadyRefused { until: None }) && !error.evaluated
    })
    .await;
    assert_eq!(world.passwords().len(), WAYS.len(), "{}", world.story());
}

#[tokio::test]
async fn the_other_kind_of_account_is_refused_by_educonnect() {
    let world = World::start().await;
    join_all(by_educonnect().into_iter().map(async |way| {
        let sign_in = SignIn { space: Space::Parent, ..way.sign_in(&world, "eleve.ok") };
        let error = world.portals.sign_in(&world.client, sign_in).await.unwrap_err();
        let expected = Kind::WrongCredentials { idp: EDUCONNECT.to_owned(), profile: Profile::Guardian };
        assert_eq!(error.kind, expected, "{}: {error}\n{}", way.portal, world.story());
    }))
    .await;
}

#[tokio::test]
async fn an_account_that_wants_something_of_its_owner_says_what_and_where() {
    let world = World::start().await;
    for (scenario, code) in [
        ("verrou", "ACCOUNT_LOCKED"),
        ("bloque", "ACCOUNT_LOCKED"),
        ("renouv", "PASSWORD_RENEWAL"),
        ("activer", "ACTIVATION_REQUIRED"),
        ("cgu", "PORTAL_ACTION"),
    ] {
        all_end(&world, &WAYS, scenario, |way, error| {
            let told = error.host.as_deref() == Some(way.idp) && error.advice().contains(way.idp);
            let code = match (way.portal, code) {
                // Keycloak keeps to itself that an account is locked, and has its own steps for the rest.
                ("iledefrance", "ACCOUNT_LOCKED") => "WRONG_CREDENTIALS",
                ("iledefrance", "ACTIVATION_REQUIRED") => "PORTAL_ACTION",
                (_, code) => code,
            };
            error.code() == code && told && error.evaluated && error.retry() == Retry::Never
        })
        .await;
    }
    assert_eq!(world.passwords().len(), 5 * WAYS.len());
}

#[tokio::test]
async fn an_account_that_the_portal_or_pronote_does_not_know_is_no_wrong_password() {
    let world = World::start().await;
    let knows = ["vaucluse", "var", "ac-orleans-tours", "poitiers-dispatcher", "laclasse-educonnect", "toutatice"];
    let account = |_: Way, error: &Error| error.kind == Kind::NoPortalAccount && error.evaluated;
    all_end(&world, &only(&knows), "inconnu", account).await;
    // A service provider's own error page says nothing that could be relied on.
    let unexpected = |_: Way, error: &Error| matches!(&error.kind, Kind::UnexpectedPage { title: Some(title) } if title.starts_with("opensaml::"));
    all_end(&world, &only(&["ac-nantes", "ac-reunion"]), "inconnu", unexpected).await;
    all_end(&world, &WAYS, "sans.pronote", |_, error| error.kind == Kind::NoPronoteAccess && error.evaluated).await;
}

#[tokio::test]
async fn a_portal_that_is_closed_or_overloaded_is_tried_later() {
    let world = World::start().await;
    let later = |error: &Error| error.retry() == Retry::Later(None) && error.evaluated;
    all_end(&world, &WAYS, "ferme", |_, error| error.kind == Kind::PortalClosed { pronote: false } && later(error))
        .await;
    all_end(&world, &WAYS, "surcharge", |_, error| error.kind == Kind::PortalOverloaded && later(error)).await;
}

#[tokio::test]
async fn the_date_of_birth_is_asked_and_given() {
    let world = World::start().await;
    all_are_asked(&world, &by_educonnect(), "naissance", |asked| *asked == Question::BirthDate, "04/03/2012").await;
    world.emulated.reset();
    world.emulated.set_idp(IdpMode::CurrentWithBirthDate);
    all_are_asked(&world, &by_educonnect(), "eleve.ok", |asked| *asked == Question::BirthDate, "2012-03-04").await;
}

#[tokio::test]
async fn a_code_is_asked_and_given() {
    let world = World::start().await;
    all_are_asked(&world, &by_educonnect(), "code.sms", |asked| *asked == Question::Code, " 246 810 ").await;
}

#[tokio::test]
async fn one_of_several_accounts_is_chosen() {
    let world = World::start().await;
    let several = |asked: &Question| matches!(asked, Question::Choice { options } if options.len() == 2);
    all_are_asked(&world, &only(&["vaucluse", "var", "ac-orleans-tours"]), "deux.ecoles", several, "2").await;
}

#[tokio::test]
async fn a_wrong_answer_is_not_asked_again_and_one_that_nobody_gives_is_told() {
    let world = World::start().await;
    for (scenario, text, code) in
        [("naissance", "01/01/2001", "IDENTITY_CONFIRMATION"), ("code.sms", "000000", "MFA_REQUIRED")]
    {
        join_all(by_educonnect().into_iter().map(async |way| {
            let Ok(Progress::Question(pending)) = way.enter(&world, scenario).await else { panic!("{}", way.portal) };
            let answer = pending.question().answer(text).unwrap();
            let error = pending.answer(answer).await.unwrap_err();
            assert_eq!((error.code(), error.host.as_deref()), (code, Some(EDUCONNECT)), "{}: {error}", way.portal);
        }))
        .await;
        let Ok(Progress::Question(pending)) = way("ac-reims", EDUCONNECT).enter(&world, scenario).await else {
            panic!("{}", world.story())
        };
        assert_eq!(pending.unanswered().code(), code);
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_does_not_send_the_password_again() {
    let world = World::start().await;
    let pending: Vec<_> = join_all(by_educonnect().into_iter().map(|way| way.enter(&world, "naissance"))).await;
    let before = world.passwords().len();
    world.emulated.pass(Duration::from_secs(3600));
    for progress in pending {
        let Ok(Progress::Question(pending)) = progress else { panic!("{progress:?}") };
        let answer = pending.question().answer("04/03/2012").unwrap();
        let error = pending.answer(answer).await.unwrap_err();
        assert!(matches!(error.kind, Kind::UnexpectedPage { .. }), "{error}");
    }
    assert_eq!(world.passwords().len(), before);
}

#[tokio::test]
async fn a_network_that_educonnect_refuses_is_told_and_the_password_stays_here() {
    let world = World::start().await;
    world.emulated.set_idp(IdpMode::Filtered);
    all_end(&world, &by_educonnect(), "eleve.ok", |_, error| {
        let told = error.to_string().contains("not looked at");
        error.kind == Kind::NetworkFiltered && told && !error.evaluated && error.retry() == Retry::Never
    })
    .await;
    assert_eq!(world.passwords().len(), 0);
}

/// Signs in by every way to schools in a mode.
async fn schools_in(mode: SchoolMode, expected: impl Fn(Way, &Error) -> bool) {
    let world = World::start().await;
    for way in WAYS {
        world.emulated.set_school(way.school, mode);
    }
    // Two ways lead to one school: what one learns of it would stop the other.
    let (first, second): (Vec<_>, Vec<_>) = WAYS.into_iter().partition(|way| way.school == way.portal);
    all_end(&world, &first, "eleve.ok", &expected).await;
    let client = Client::new(world.client.transport().clone(), Pacer::unlimited(Arc::new(Timestamp::now)));
    all_end(&World { client, ..world }, &second, "eleve.ok", &expected).await;
}

#[tokio::test]
async fn a_school_that_suspends_the_address_is_left_alone() {
    schools_in(SchoolMode::Suspended, |way, error| {
        matches!(error.kind, Kind::IpSuspended { .. })
            && error.evaluated == way.portal_first
            && matches!(error.retry(), Retry::Later(_))
    })
    .await;
}

#[tokio::test]
async fn a_school_that_has_had_too_many_requests_is_left_alone() {
    schools_in(SchoolMode::RateLimited, |way, error| {
        matches!(error.kind, Kind::RateLimited { .. }) && error.evaluated == way.portal_first
    })
    .await;
}

#[tokio::test]
async fn a_school_that_is_closed_is_told_from_a_portal_that_is() {
    schools_in(SchoolMode::Closed, |way, error| {
        error.kind == Kind::PortalClosed { pronote: true } && error.evaluated == way.portal_first
    })
    .await;
}

#[tokio::test]
async fn a_school_where_nobody_has_a_right_is_no_wrong_password() {
    schools_in(SchoolMode::NoRight, |_, error| error.kind == Kind::NoPronoteAccess && error.evaluated).await;
}

#[tokio::test]
async fn a_school_that_wants_its_own_login_once_is_opened_in_a_browser() {
    schools_in(SchoolMode::Binding, |_, error| error.kind == Kind::AccountBindingRequired && error.evaluated).await;
}

#[tokio::test]
async fn a_school_that_takes_no_ticket_ends_the_way_round() {
    schools_in(SchoolMode::Loop, |_, error| error.kind == Kind::ServiceLoop && error.evaluated).await;
}

#[tokio::test]
async fn a_school_that_the_portal_does_not_know_is_told() {
    schools_in(SchoolMode::Unlisted, |_, error| error.kind == Kind::ServiceNotAllowed).await;
}

#[tokio::test]
async fn a_school_is_signed_in_to_as_it_was_registered_letter_for_letter() {
    let world = World::start().await;
    let asked_first: Vec<_> = WAYS.into_iter().filter(|way| !way.portal_first).collect();
    for way in &asked_first {
        world.emulated.set_school(way.school, SchoolMode::Capitals);
    }
    join_all(asked_first.iter().map(async |way| landed(way.enter(&world, "eleve.ok").await, &world))).await;
}

#[tokio::test]
async fn a_portal_that_is_gone_or_unsafe_is_sent_nothing() {
    let world = World::start().await;
    let registry = Registry::builtin();
    let gone: Vec<_> = registry.iter().filter(|row| matches!(row.status, Status::Retired | Status::Refused)).collect();
    assert!(gone.len() >= 4, "{gone:?}");
    for row in gone {
        let sign_in = SignIn { school: world.school("agora06"), ..world.sign_in(&row.id, "eleve.ok") };
        let error = world.portals.sign_in(&world.client, sign_in).await.unwrap_err();
        let expected = match row.status {
            Status::Refused => Kind::Refused,
            _ => Kind::Retired { replaced_by: row.replaced_by.clone() },
        };
        assert_eq!((error.kind, error.evaluated), (expected, false), "{}", row.id);
    }
    assert_eq!(world.emulated.journal(), []);
}

#[tokio::test]
async fn a_discovery_page_that_does_not_know_the_choice_is_not_asked_again() {
    let row = "schema = 1\n[[portal]]\nid = \"autre-origine\"\nextends = \"ac-nantes\"\nwayf = { entity_id = \
               \"https://cas3.e-lyco.fr/shibboleth\", return = \"https://cas3.e-lyco.fr/Shibboleth.sso/Login\", \
               return_param = \"entityID\", action = \"selection\", origin = \"https://idp.exemple.fr/idp\" }\n";
    let (registry, faults) = Registry::with_files(&[("x.toml".to_owned(), row.to_owned())]);
    assert_eq!(faults, []);
    let world = World::with(Arc::new(registry)).await;
    let other = [Way { school: "ac-nantes", ..way("autre-origine", EDUCONNECT) }];
    all_end(&world, &other, "eleve.ok", |_, error| error.kind == Kind::SelectionRejected && !error.evaluated).await;
}

#[tokio::test]
async fn a_service_that_the_portal_has_lost_is_asked_for_again() {
    let world = World::start().await;
    for way in only(&["ac-orleans-tours"]) {
        landed(way.enter(&world, "sans.service").await, &world);
    }
}

#[tokio::test]
async fn a_site_that_cannot_be_trusted_or_reached_is_told_apart() {
    let world = World::start().await;
    let stranger = emulator::portals::Portals::start(emulator::portals::Config::new(emulator::Config::new(
        emulator::School::demo(emulator::Clock::system()),
    )))
    .await
    .unwrap();
    let nobody = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap().local_addr().unwrap();
    let untrusted = Detour::to(world.emulated.address(), stranger.authority());
    let unreachable = Detour::to(nobody, world.emulated.authority());
    for (detour, kind) in [(untrusted, Kind::Tls), (unreachable, Kind::Unreachable)] {
        let transport = Transport::new(transport::Config { detour: Some(detour), ..Default::default() }).unwrap();
        let client = Client::new(transport, Pacer::unlimited(Arc::new(Timestamp::now)));
        let portals = Portals::new(Registry::builtin());
        for way in WAYS {
            let error = portals.sign_in(&client, way.sign_in(&world, "eleve.ok")).await.unwrap_err();
            assert_eq!((&error.kind, error.evaluated), (&kind, false), "{}: {error}", way.portal);
        }
    }
}
