//! A sign-in from its beginning to PRONOTE's page, and what is said truly when it does not get there.

use std::sync::{Arc, Mutex};

use emulator::Emulator;
use emulator::portals::IdpMode;
use jiff::Timestamp;
use portals::{Kind, Portals, Progress, Registry, SignIn};
use pronote::login::{Credentials, Device, Entrance};
use pronote::pace::Pacer;
use pronote::{Client, Space};
use transport::Transport;

use crate::stage::{
    self, Asked, CAS, EDUCONNECT, ELSEWHERE, Reply, SCHOOL, Stage, after_the_form, form, page, ticket, to,
};
use crate::world::{World, landed};

#[tokio::test]
async fn a_sign_in_through_a_portal_ends_at_pronote() {
    let stage = Stage::play(after_the_form(|_| ticket())).await;
    let Ok(Progress::Landed(_)) = stage.enter("scene").await else { panic!("{}", stage.story()) };
    let [asked] = &stage.passwords()[..] else { panic!("{}", stage.story()) };
    assert_eq!(
        (asked.method.as_str(), asked.host.as_str(), asked.body.as_str()),
        ("POST", CAS, "lt=LT-1&username=emilie.dupont&password=M0t-de%2Fpasse+secret")
    );
    assert!(asked.headers.contains("origin: https://cas.exemple.test\r\n"), "{}", asked.headers);
    assert!(asked.headers.contains("referer: https://cas.exemple.test/login\r\n"), "{}", asked.headers);
}

#[tokio::test]
async fn a_sign_in_through_educonnect_ends_at_pronote() {
    let world = World::start().await;
    for (portal, login) in [("ac-reims", "eleve.ok"), ("agora06", "parent.ok")] {
        landed(world.enter(portal, login).await, &world);
    }
    assert_eq!(world.passwords().len(), 2, "{}", world.story());
    assert_eq!(world.emulated.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_portal_that_is_gone_is_sent_nothing() {
    let world = World::start().await;
    for (portal, code) in
        [("portail-famille", "RETIRED"), ("somme-extranet", "REFUSED"), ("nulle-part", "NO_SUCH_PORTAL")]
    {
        let sign_in = portals::SignIn { portal: Some(portal.to_owned()), ..world.sign_in("ac-reims", "eleve.ok") };
        let error = world.portals.sign_in(&world.client, sign_in).await.unwrap_err();
        assert_eq!((error.code(), error.evaluated), (code, false));
    }
    assert!(world.emulated.journal().is_empty());
}

#[tokio::test]
async fn a_check_goes_up_to_the_form_and_says_nothing_secret() {
    let stage = Stage::play(|_| page(form())).await;
    let check = stage.check("scene").await;
    assert_eq!(
        (check.reached.as_str(), &check.fields[..]),
        ("login form", &["lt", "username", "password"].map(String::from)[..])
    );
    assert_eq!(
        check.hops.iter().map(|hop| (hop.host.as_str(), hop.path.as_str())).collect::<Vec<_>>(),
        [(SCHOOL, "/pronote/eleve.html"), (CAS, "/login")]
    );
    assert!(stage.asked().iter().all(|asked| asked.method == "GET"));
    let printed = format!("{check:?}");
    assert!(!printed.contains("LT-1") && !printed.contains("service="), "{printed}");

    let stage = Stage::play(|_| to(format!("https://{ELSEWHERE}/"))).await;
    let check = stage.check("scene").await;
    assert_eq!((check.reached.as_str(), check.hops.len()), ("HOST_NOT_ALLOWED", 2));
}

#[tokio::test]
async fn the_portal_is_found_from_the_schools_redirect() {
    let stage = Stage::play(after_the_form(|_| ticket())).await;
    let sign_in = portals::SignIn { portal: None, ..stage::sign_in("scene") };
    let registry = Registry::builtin();
    let error = Portals::new(registry).sign_in(&stage.client, sign_in).await.unwrap_err();
    assert_eq!(error.kind, Kind::UnknownPortal { host: CAS.to_owned() });

    let world = World::start().await;
    let sign_in = portals::SignIn { portal: None, ..world.sign_in("ac-reims", "eleve.ok") };
    landed(world.portals.sign_in(&world.client, sign_in).await, &world);
}

#[tokio::test]
async fn what_was_landed_on_opens_a_session_of_pronote() {
    let world = World::start().await;
    let landing = landed(world.enter("ac-reims", "eleve.ok").await, &world);
    let sign_in = pronote::login::SignIn::new(Credentials::Portal(landing), Device::new("Étagère"));
    let Entrance::Open(_) = world.client.sign_in(sign_in).await.unwrap() else { panic!("steps") };
}

#[tokio::test]
async fn the_demonstration_of_this_machine_is_its_own_portal() {
    let school = emulator::School::demo(emulator::Clock::system());
    let school = Emulator::start(emulator::Config { portal: true, ..emulator::Config::new(school) }).await.unwrap();
    let transport = Transport::new(transport::Config::default()).unwrap();
    let client = Client::new(transport, Pacer::unlimited(Arc::new(Timestamp::now)));
    let sign_in = SignIn {
        school: school.url().parse().unwrap(),
        space: Space::Student,
        portal: None,
        profile: None,
        login: "demonstration".to_owned(),
        password: "pronotevs".into(),
    };
    let progress = Portals::new(Registry::builtin()).sign_in(&client, sign_in).await;
    let Ok(Progress::Landed(_)) = progress else { panic!("{progress:?}") };
}

#[tokio::test]
async fn a_network_that_is_refused_is_no_wrong_password() {
    let world = World::start().await;
    world.emulated.set_idp(IdpMode::Filtered);
    let error = world.refused("ac-reims", "eleve.ok").await;
    assert_eq!((error.kind, error.evaluated), (Kind::NetworkFiltered, false));
    assert!(world.passwords().is_empty());
}

#[tokio::test]
async fn a_page_that_goes_on_by_itself_says_what_a_redirect_would() {
    let stage =
        educonnect(|_| page("<meta http-equiv=refresh content='0; url=https://assistance.phm.education.gouv.fr/'>"))
            .await;
    let error = stage.refused("scene-edu").await;
    assert_eq!((error.kind, error.evaluated), (Kind::NetworkFiltered, false));
}

#[tokio::test]
async fn a_portal_that_will_be_closed_is_open_as_long_as_it_shows_its_form() {
    let html =
        format!("<p>Fermeture du portail du 14 juillet au 20 août</p>{}", form().replace("<form", "<form id=fm1"));
    let stage = Stage::play(move |asked| if asked.method == "GET" { page(&html) } else { ticket() }).await;
    let Ok(Progress::Landed(_)) = stage.enter("scene-apereo").await else { panic!("{}", stage.story()) };
}

#[tokio::test]
async fn toutatice_is_told_what_its_block_for_pupils_says() {
    let way = |block: &str, idp: &str| {
        format!(
            "<div class={block}><form method=post action=/wayf/Ctrl><input name=entityID><input name=return>\
             <input name=_saml_idp value={idp}></form></div>"
        )
    };
    let html = way("autresprofils", "academie") + &way("eduouprofils", "edu");
    let stage = Stage::play(move |asked| if asked.method == "GET" { page(&html) } else { page("") }).await;
    stage.refused("scene-toutatice").await;
    let posted: Vec<_> = stage.asked().into_iter().filter(|asked| asked.method == "POST").collect();
    assert!(matches!(&posted[..], [one] if one.body.ends_with("_saml_idp=edu")), "{posted:?}");
}

/// A portal that leads to EduConnect, which is played by a function.
async fn educonnect(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Stage {
    let saml = format!("<form method=post action='https://{EDUCONNECT}/idp'><input name=SAMLRequest></form>");
    Stage::play(move |asked| if asked.host == CAS { page(saml.clone()) } else { answer(asked) }).await
}

/// EduConnect's form.
const CREDENTIALS: &str = "<form method=post><input name=j_username><input type=password name=j_password></form>";

#[tokio::test]
async fn an_old_conversation_begins_again_once_and_never_after_the_password() {
    let stale = || Reply::Page(400, "Stale request".into());
    let first = Arc::new(Mutex::new(true));
    let stage = educonnect(move |asked| match asked.body.contains("j_password") {
        // The ticket comes from EduConnect here, which changes nothing.
        true => ticket(),
        false if std::mem::take(&mut *first.lock().unwrap()) => stale(),
        false => page(CREDENTIALS),
    })
    .await;
    let Ok(Progress::Landed(_)) = stage.enter("scene-edu").await else { panic!("{}", stage.story()) };
    assert_eq!((stage.asked_of(EDUCONNECT), stage.passwords().len()), (3, 1), "{}", stage.story());

    let stage = educonnect(move |_| stale()).await;
    let error = stage.refused("scene-edu").await;
    assert_eq!((error.code(), error.evaluated), ("UNEXPECTED_PAGE", false), "{error}");
    assert_eq!(stage.asked_of(EDUCONNECT), 2, "{}", stage.story());

    let stage =
        educonnect(move |asked| if asked.body.contains("j_password") { stale() } else { page(CREDENTIALS) }).await;
    let error = stage.refused("scene-edu").await;
    assert_eq!((error.code(), error.evaluated), ("UNEXPECTED_PAGE", true), "{error}");
    assert_eq!((stage.asked_of(EDUCONNECT), stage.passwords().len()), (2, 1), "{}", stage.story());
}

#[tokio::test]
async fn what_a_person_answers_is_posted_to_where_the_password_may_go_or_not_asked() {
    for (form, sent) in [
        ("<form method=post action=/next>", true),
        ("<form action=/next>", false),
        ("<form method=post action='https://autre.exemple.test/'>", false),
    ] {
        let html = format!("Saisissez le code reçu par SMS {form}<input name=code></form>");
        let stage = educonnect(move |asked| match (asked.body.contains("j_password"), asked.path.as_str()) {
            (true, _) => page(html.clone()),
            (false, "/next") => ticket(),
            _ => page(CREDENTIALS),
        })
        .await;
        let outcome = stage.enter("scene-edu").await;
        assert_eq!(outcome.is_ok(), sent, "{form}");
        let Ok(Progress::Question(pending)) = outcome else { continue };
        let answer = pending.question().answer("246810").unwrap();
        assert!(pending.answer(answer).await.is_ok(), "{}", stage.story());
        let holds = |asked: &&Asked| asked.path.contains("246810") || asked.body.contains("246810");
        assert_eq!(stage.asked().iter().filter(holds).count(), 1, "{}", stage.story());
    }
}

#[tokio::test]
async fn a_form_that_comes_after_another_page_blames_nobody() {
    let stage = Stage::play(after_the_form(|asked| match asked.method.as_str() {
        "POST" => page("<div class=msg__content>Bienvenue <a href=/suite>Continuer</a></div>"),
        _ => page(form()),
    }))
    .await;
    let error = stage.refused("scene").await;
    assert_eq!((error.kind, error.evaluated), (Kind::SecondLoginRequested, true));
    assert_eq!(stage.passwords().len(), 1);
}

#[tokio::test]
async fn the_portals_own_words_decide_what_its_form_again_means() {
    let wrong = || Kind::WrongCredentials { idp: CAS.to_owned(), profile: portals::Profile::Pupil };
    for (words, kind) in [
        ("", wrong()),
        ("Identifiant ou mot de passe incorrect", wrong()),
        ("Incorrect. Après cinq essais votre compte sera bloqué", wrong()),
        ("Votre compte est verrouillé", Kind::AccountLocked { temporary: false }),
        ("Votre mot de passe a expiré", Kind::PasswordRenewal),
        ("Le mercredi, le secrétariat n'ouvre qu'à midi", Kind::PortalMessage),
    ] {
        let html = format!("<p class=error>{words}</p>{}", form());
        let stage = Stage::play(after_the_form(move |_| page(html.clone()))).await;
        let error = stage.refused("scene").await;
        assert_eq!((&error.kind, error.evaluated), (&kind, true), "{words}");
    }
    // What was written there before the password was sent is no answer to it.
    let html = format!("<p class=error>Maintenance samedi. Un compte bloqué se débloque ici.</p>{}", form());
    let stage = Stage::play(move |_| page(html.clone())).await;
    assert_eq!(stage.refused("scene").await.kind, wrong());
}

#[tokio::test]
async fn a_portal_and_a_school_that_send_each_other_around_are_stopped() {
    let stage = Stage::play_all(move |asked| match (asked.host.as_str(), asked.method.as_str()) {
        (SCHOOL, _) => to(format!("https://{CAS}/login?service=x&n={}", asked.path.len())),
        (_, "POST") => ticket(),
        _ if asked.headers.contains("cookie: in=1") => ticket(),
        _ => Reply::With("Set-Cookie: in=1\r\n".into(), form()),
    })
    .await;
    let error = stage.refused("scene").await;
    assert_eq!((error.kind, error.evaluated), (Kind::ServiceLoop, true), "{}", stage.story());
    assert_eq!(stage.passwords().len(), 1);
}

#[tokio::test]
async fn a_portal_that_sends_back_without_asking_anything_says_nothing_of_the_account() {
    let stage = Stage::play_all(move |asked| match asked.host.as_str() {
        SCHOOL if asked.path.contains("?back") => page("<body onload=\"Start ({h:'1',a:3})\">>PRONOTE 2026.2.5<"),
        SCHOOL => to(format!("https://{CAS}/login?service=x")),
        _ => to(format!("https://{SCHOOL}/pronote/eleve.html?back")),
    })
    .await;
    let error = stage.refused("scene").await;
    assert_eq!((error.code(), error.evaluated), ("UNEXPECTED_PAGE", false), "{error}");
}

#[tokio::test]
async fn an_address_that_is_not_pronotes_is_told_as_such() {
    let stage = Stage::play_all(|_| page("<h1>Bienvenue sur le portail</h1>")).await;
    assert_eq!(stage.refused("scene").await.kind, Kind::NotPronote);
}
