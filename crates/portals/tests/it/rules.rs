//! The security rules, by their numbers (portals §5).

use std::sync::Arc;
use std::time::{Duration, Instant};

use emulator::portals::SchoolMode;
use portals::{Kind, Portals, Progress, Question, Registry};
use pronote::Retry;

use crate::logs;
use crate::stage::{
    self, Asked, CAS, EDUCONNECT, ELSEWHERE, LOGIN, OTHER, PASSWORD, Reply, SCHOOL, Stage, form, page, ticket, to,
};
use crate::world::{World, landed};

/// The portal's form, and what it answers when it is filled in.
fn after_the_form(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> impl Fn(&Asked) -> Reply + Send + Sync {
    move |asked| {
        if asked.host == CAS && asked.path.starts_with("/login?service") { page(form()) } else { answer(asked) }
    }
}

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
async fn r01_nothing_is_sent_without_tls() {
    let insecure_form = form().replace("/login?x=1", "http://cas.exemple.test/login");
    let pages: [Reply; 4] = [
        to("http://cas.exemple.test/login"),
        page(insecure_form),
        page("<meta http-equiv=refresh content='0;url=http://cas.exemple.test/x'>"),
        page(
            "<div class=msg__content>…</div><form method=post action='http://cas.exemple.test/x'><input name=SAMLRequest></form>",
        ),
    ];
    for reply in pages {
        let reply = Arc::new(std::sync::Mutex::new(Some(reply)));
        let stage = Stage::play(move |_| reply.lock().unwrap().take().unwrap_or(Reply::Silence)).await;
        let error = stage.refused("scene").await;
        assert_eq!((error.code(), error.evaluated), ("INSECURE_ADDRESS", false), "{error}");
        assert_eq!(stage.asked().len(), 2, "{}", stage.story());
    }
}

#[tokio::test]
async fn r01_a_school_without_tls_is_not_signed_in_to() {
    let stage = Stage::play(|_| page(form())).await;
    for school in ["http://192.0.2.1/pronote", "http://ecole.exemple.test/pronote", "http://127.0.0.1:1/pronote"] {
        let sign_in = portals::SignIn { school: school.parse().unwrap(), ..stage::sign_in("scene") };
        let error = stage.portals.sign_in(&stage.client, sign_in).await.unwrap_err();
        assert!(!error.evaluated && error.code() != "WRONG_CREDENTIALS", "{school}: {error}");
    }
    assert!(stage.asked().is_empty());
}

#[tokio::test]
async fn r01_an_unknown_authority_is_not_trusted() {
    let (stage, other) = (Stage::play(|_| page(form())).await, Stage::play(|_| page(form())).await);
    let mut detour = stage.detour.clone();
    detour.authority = other.detour.authority.clone();
    let client = stage::client(detour);
    let error = stage.portals.sign_in(&client, stage::sign_in("scene")).await.unwrap_err();
    assert_eq!((error.kind, error.evaluated), (Kind::Tls, false));
    assert!(stage.asked().is_empty());
}

#[tokio::test]
async fn r02_the_password_goes_to_no_other_host() {
    for action in [
        format!("https://{ELSEWHERE}/login"),
        format!("https://{OTHER}/login"),
        format!("https://{SCHOOL}/pronote/eleve.html"),
        format!("https://{CAS}:8443/login"),
        format!("//{ELSEWHERE}/login"),
        format!("https://{CAS}@{ELSEWHERE}/login"),
    ] {
        let html = form().replace("/login?x=1", &action);
        let stage = Stage::play(move |_| page(html.clone())).await;
        let error = stage.refused("scene").await;
        assert!(matches!(error.code(), "CREDENTIAL_HOST_REFUSED" | "HOST_NOT_ALLOWED"), "{action}: {error}");
        assert!(!error.evaluated);
        assert!(stage.passwords().is_empty() && stage.asked().len() == 2, "{action}\n{}", stage.story());
    }
}

#[tokio::test]
async fn r02_the_password_is_never_in_an_address() {
    for method in ["get", "", "dialog"] {
        let html = form().replace("method='post'", &format!("method='{method}'"));
        let stage = Stage::play(move |_| page(html.clone())).await;
        let error = stage.refused("scene").await;
        assert_eq!((error.code(), error.evaluated), ("UNEXPECTED_PAGE", false));
        assert!(stage.passwords().is_empty(), "{}", stage.story());
    }
}

#[tokio::test]
async fn r03_every_address_is_checked_before_it_is_asked() {
    let link = format!("<div class=msg__content><a href='https://{ELSEWHERE}/'>Continuer</a></div>");
    for reply in [
        to(format!("https://{ELSEWHERE}/")),
        to(format!("//{ELSEWHERE}/")),
        Reply::To(307, format!("https://{ELSEWHERE}/")),
        page(format!("<meta http-equiv=refresh content='0; url=https://{ELSEWHERE}/'>")),
        page(format!("<form method=post action='https://{ELSEWHERE}/'><input name=SAMLRequest value=x></form>")),
        page(format!("<form action='https://{ELSEWHERE}/'><input name=shib_idp_ls_supported value=x></form>")),
        page(link),
        to(format!("https://{CAS}.pirate.test/")),
        to(format!("https://user:secret@{CAS}/")),
    ] {
        let reply = Arc::new(std::sync::Mutex::new(Some(reply)));
        let stage = Stage::play(move |_| reply.lock().unwrap().take().unwrap_or(Reply::Silence)).await;
        let error = stage.refused("scene").await;
        assert!(!error.evaluated && matches!(error.code(), "HOST_NOT_ALLOWED" | "PORTAL_MESSAGE"), "{error}");
        assert_eq!(stage.asked().len(), 2, "{}", stage.story());
    }
}

#[tokio::test]
async fn r03_a_host_that_is_not_allowed_is_named() {
    let stage = Stage::play(|_| to(format!("https://{ELSEWHERE}/nouveau?secret=1"))).await;
    let error = stage.refused("scene").await;
    assert_eq!(error.kind, Kind::HostNotAllowed { host: ELSEWHERE.to_owned() });
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn r04_a_saml_response_goes_to_its_consumer_and_nowhere_else() {
    for (action, method) in [
        (format!("https://{CAS}/autre"), "post"),
        (format!("https://{ELSEWHERE}/saml/SAMLAssertionConsumer"), "post"),
        (format!("https://{SCHOOL}/saml/SAMLAssertionConsumer"), "post"),
        (format!("https://{CAS}/saml/SAMLAssertionConsumer"), "get"),
    ] {
        let html = format!(
            "<form method={method} action='{action}'><input name=SAMLResponse value=bearer><input name=RelayState></form>"
        );
        let stage = Stage::play(move |asked| if asked.host == CAS { page(html.clone()) } else { Reply::Silence }).await;
        let error = stage.refused("scene-edu").await;
        assert!(!error.evaluated, "{error}");
        let sent = |asked: &Asked| format!("{}{}", asked.path, asked.body).contains("bearer");
        assert!(!stage.asked().iter().any(sent), "{action}\n{}", stage.story());
    }
}

#[tokio::test]
async fn r04_a_relay_state_is_bounded() {
    let html = format!(
        "<form method=post action='https://{EDUCONNECT}/idp'><input name=SAMLRequest value=x><input name=RelayState value='{}'></form>",
        "r".repeat(5000)
    );
    let stage = Stage::play(move |_| page(html.clone())).await;
    assert_eq!(stage.refused("scene-edu").await.kind, Kind::TooLarge);
    assert_eq!(stage.asked_of(EDUCONNECT), 0);
}

#[tokio::test]
async fn r05_only_what_belongs_to_the_form_is_sent() {
    let html = format!(
        "<form id=other><input type=hidden name=stolen value=1></form>{}<input type=hidden name=outside value=1>\
         <input type=hidden name=also value=1 form=other>",
        form().replace(
            "<input name=username>",
            "<form action='https://ailleurs.pirate.test/'><input type=checkbox name=unchecked><input type=hidden name=off disabled>\
             <input name=username>"
        )
    );
    let stage = Stage::play(move |asked| if asked.method == "GET" { page(html.clone()) } else { ticket() }).await;
    let Ok(Progress::Landed(_)) = stage.enter("scene").await else { panic!("{}", stage.story()) };
    assert_eq!(stage.passwords()[0].body, "lt=LT-1&username=emilie.dupont&password=M0t-de%2Fpasse+secret");
}

#[tokio::test]
async fn r05_two_fields_for_a_password_are_for_a_new_one() {
    let html = form().replace("<input name=username>", "<input name=username><input type=password name=new>");
    let stage = Stage::play(move |_| page(html.clone())).await;
    let error = stage.refused("scene").await;
    assert_eq!((error.kind, error.evaluated), (Kind::PasswordRenewal, false));
    assert!(stage.passwords().is_empty());
}

#[tokio::test]
async fn r05_a_base_on_another_host_misleads_nobody() {
    let html = format!("<base href='https://{ELSEWHERE}/'>{}", form().replace("/login?x=1", "login"));
    let stage = Stage::play(move |_| page(html.clone())).await;
    assert_eq!(stage.refused("scene").await.code(), "UNEXPECTED_PAGE");
    assert_eq!((stage.passwords().len(), stage.asked_of(ELSEWHERE)), (0, 0));
}

#[tokio::test]
async fn r06_redirects_pages_headers_and_controls_are_bounded() {
    let endless = |asked: &Asked| to(format!("https://{CAS}/{}", asked.path.len()) + &"x".repeat(asked.path.len()));
    let stage = Stage::play(endless).await;
    assert_eq!(stage.refused("scene").await.kind, Kind::TooManyRedirects);
    assert!(stage.asked().len() <= 17, "{}", stage.story());

    let refreshes = |asked: &Asked| page(format!("<meta http-equiv=refresh content='0;url=/{}'>", asked.path.len()));
    let stage = Stage::play(refreshes).await;
    assert_eq!(stage.refused("scene").await.kind, Kind::TooManyRedirects);
    assert!(stage.asked().len() <= 17, "{}", stage.story());

    // Pages between redirects do not make the way endless either.
    let relays = |asked: &Asked| {
        page(format!("<form method=post action='/{}'><input name=SAMLRequest></form>", asked.path.len()))
    };
    let stage = Stage::play(relays).await;
    assert_eq!(stage.refused("scene").await.kind, Kind::TooManyRedirects);
    assert_eq!(stage.asked().len(), 40, "{}", stage.story());

    let large = || page("x".repeat((2 << 20) + 1));
    let headers = || Reply::With((0..70).map(|n| format!("X-{n}: {}\r\n", "h".repeat(1000))).collect(), form());
    let controls = || page(format!("<form>{}</form>", "<input name=a>".repeat(201)));
    let elements = || page("<b>".repeat(20_001));
    let attributes = || page(format!("<a {}>", (0..100_000).map(|n| format!("a{n} ")).collect::<String>()));
    let replies: [Box<dyn Fn() -> Reply + Send + Sync>; 5] =
        [Box::new(large), Box::new(headers), Box::new(controls), Box::new(elements), Box::new(attributes)];
    for reply in replies {
        let stage = Stage::play(move |_| reply()).await;
        let error = stage.refused("scene").await;
        assert_eq!((&error.kind, error.evaluated), (&Kind::TooLarge, false), "{error}");
        assert_eq!(stage.asked().len(), 2, "{}", stage.story());
    }
}

#[tokio::test]
async fn r07_a_silent_portal_is_not_waited_for() {
    let stage = Stage::play(|_| Reply::Silence).await;
    let began = Instant::now();
    let error = stage.refused("scene-pressee").await;
    assert_eq!((&error.kind, error.retry()), (&Kind::Timeout, Retry::Later(None)));
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn r07_the_whole_sign_in_has_a_time() {
    let slow = |asked: &Asked| {
        std::thread::sleep(Duration::from_millis(600));
        to(format!("https://{CAS}/{}", "x".repeat(asked.path.len())))
    };
    let stage = Stage::play(slow).await;
    let began = Instant::now();
    assert_eq!(stage.refused("scene-pressee").await.kind, Kind::Timeout);
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn r08_nothing_is_sent_again_once_the_password_was() {
    for reply in [
        Reply::Raw(Vec::new()),
        Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx".to_vec()),
        Reply::Page(500, "x".into()),
    ] {
        let reply = Arc::new(std::sync::Mutex::new(Some(reply)));
        let answer = move |_: &Asked| reply.lock().unwrap().take().unwrap_or_else(ticket);
        let stage = Stage::play(after_the_form(answer)).await;
        let error = stage.refused("scene").await;
        assert!(error.evaluated && error.code() != "WRONG_CREDENTIALS", "{error}");
        assert_eq!(error.retry(), Retry::Never);
        assert_eq!(stage.passwords().len(), 1, "{}", stage.story());
    }
}

#[tokio::test]
async fn r08_a_lost_answer_is_asked_for_again_once_before_the_password() {
    let first = Arc::new(std::sync::Mutex::new(Some(Reply::Raw(Vec::new()))));
    let script = after_the_form(|_| ticket());
    let stage = Stage::play(move |asked| first.lock().unwrap().take().unwrap_or_else(|| script(asked))).await;
    let Ok(Progress::Landed(_)) = stage.enter("scene").await else { panic!("{}", stage.story()) };

    let stage = Stage::play(|_| Reply::Raw(Vec::new())).await;
    assert_eq!(stage.refused("scene").await.kind, Kind::Unreachable);
    assert_eq!(stage.asked_of(CAS), 2, "{}", stage.story());
}

#[tokio::test]
async fn r08_a_refused_password_is_not_sent_again() {
    let stage = Stage::play(|_| page(form())).await;
    let error = stage.refused("scene").await;
    assert_eq!(error.kind, Kind::WrongCredentials { idp: CAS.to_owned(), profile: portals::Profile::Pupil });
    assert_eq!((error.evaluated, error.retry()), (true, Retry::Never));

    let error = stage.refused("scene").await;
    assert_eq!((error.code(), error.evaluated), ("ALREADY_REFUSED", false));
    assert_eq!(stage.passwords().len(), 1, "{}", stage.story());

    // Another one may be tried; then no more for a while.
    let other = |password: &str| portals::SignIn { password: password.into(), ..stage::sign_in("scene") };
    let error = stage.portals.sign_in(&stage.client, other("second")).await.unwrap_err();
    assert_eq!(error.code(), "WRONG_CREDENTIALS");
    let error = stage.portals.sign_in(&stage.client, other("third")).await.unwrap_err();
    assert_eq!((error.code(), error.evaluated), ("TOO_MANY_ATTEMPTS", false));
    assert_eq!(stage.asked().iter().filter(|asked| asked.method == "POST").count(), 2);
}

#[tokio::test]
async fn r08_the_same_wrong_password_at_once_is_sent_once() {
    let stage = Stage::play(|_| page(form())).await;
    let (a, b, c) = tokio::join!(stage.refused("scene"), stage.refused("scene"), stage.refused("scene"));
    let mut codes = [a.code(), b.code(), c.code()];
    codes.sort_unstable();
    assert_eq!(codes, ["ALREADY_REFUSED", "ALREADY_REFUSED", "WRONG_CREDENTIALS"]);
    assert_eq!(stage.passwords().len(), 1);
}

#[tokio::test]
async fn r08_a_caller_that_goes_away_does_not_make_a_refusal_forgotten() {
    let stage = Stage::play(|asked| {
        if asked.method == "POST" {
            std::thread::sleep(Duration::from_millis(300));
        }
        page(form())
    })
    .await;
    let away = tokio::time::timeout(Duration::from_millis(200), stage.enter("scene")).await;
    assert!(away.is_err());
    assert_eq!(stage.refused("scene").await.code(), "ALREADY_REFUSED");
    assert_eq!(stage.passwords().len(), 1);
}

#[tokio::test]
async fn r09_a_second_site_never_gets_the_password() {
    // Refused by the one, or accepted: the other asks in vain.
    let second = form().replace("/login?x=1", &format!("https://{CAS}/login"));
    let html = format!("<form method=post action='https://{OTHER}/x'><input name=SAMLRequest></form>");
    let stage = Stage::play(after_the_form(move |asked| match (asked.host.as_str(), asked.method.as_str()) {
        (CAS, "POST") => page(html.clone()),
        _ => page(second.replace(&format!("https://{CAS}"), &format!("https://{OTHER}"))),
    }))
    .await;
    let error = stage.refused("scene").await;
    assert_eq!((error.kind, error.evaluated), (Kind::SecondLoginRequested, true));
    assert_eq!(stage.passwords().len(), 1, "{}", stage.story());
}

#[tokio::test]
async fn r10_a_suspended_address_is_left_alone() {
    let world = World::start().await;
    world.emulated.set_school("ac-reims", SchoolMode::Suspended);
    let error = world.refused("ac-reims", "eleve.ok").await;
    assert!(matches!(error.kind, Kind::IpSuspended { .. }) && matches!(error.retry(), Retry::Later(_)), "{error}");
    let asked = world.emulated.journal().len();
    let error = world.refused("ac-reims", "eleve.ok").await;
    assert!(matches!(error.kind, Kind::IpSuspended { until: Some(_) }), "{error}");
    assert_eq!(world.emulated.journal().len(), asked, "{}", world.story());
}

#[tokio::test]
async fn r11_no_secret_can_be_printed() {
    let world = World::start().await;
    let sign_in = world.sign_in("ac-reims", "naissance");
    let printed = format!("{sign_in:?}");
    let progress = world.portals.sign_in(&world.client, sign_in).await.unwrap();
    let printed = format!("{printed}{progress:?}");
    let Progress::Question(pending) = progress else { panic!("{}", world.story()) };
    let answer = pending.question().answer("04/03/2012").unwrap();
    let printed = format!("{printed}{answer:?}{pending:?}");
    let landing = landed(pending.answer(answer).await, &world);
    let printed = format!("{printed}{landing:?}");
    for secret in ["naissance", emulator::portals::PASSWORD, "2012", "0403"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[tokio::test]
async fn r12_no_log_holds_a_secret() {
    let lines = logs::all();
    let world = World::start().await;
    landed(world.enter("ac-reims", "eleve.ok").await, &world);
    landed(world.enter("seine-et-marne", "eleve.ok").await, &world);
    world.refused("ac-reims", "faux.mdp").await;
    let stage = Stage::play(after_the_form(|_| ticket())).await;
    let Ok(Progress::Landed(_)) = stage.enter("scene").await else { panic!("{}", stage.story()) };

    let lines = lines.lock().unwrap().join("\n");
    assert!(lines.contains("educonnect.education.gouv.fr") && lines.contains("/login"), "{lines}");
    for secret in [
        emulator::portals::PASSWORD,
        "faux.mdp",
        PASSWORD,
        LOGIN,
        "LT-1",
        "ST-secret-ticket",
        "0123456789ABCDEF",
        "ticket=",
        "identifiant=",
        "service=",
        "SAMLRequest",
        "SAMLResponse",
        "RelayState",
        "execution",
    ] {
        // The emulator's and the HTTP library's own lines are not what goes into a log of Cartable.
        assert!(!lines.contains(secret), "{secret}\n{lines}");
    }
}

#[tokio::test]
async fn r13_cookies_are_of_one_sign_in_and_of_no_public_suffix() {
    let cookies =
        "Set-Cookie: own=1; Path=/\r\nSet-Cookie: country=1; Domain=fr\r\nSet-Cookie: land=1; Domain=gouv.fr\r\n";
    let answer = after_the_form(|_| ticket());
    let stage = Stage::play(move |asked| match answer(asked) {
        Reply::Page(_, html) => Reply::With(cookies.to_owned(), html),
        other => other,
    })
    .await;
    for _ in 0..2 {
        let Ok(Progress::Landed(_)) = stage.enter("scene").await else { panic!("{}", stage.story()) };
    }
    let asked = stage.asked();
    assert!(
        asked
            .iter()
            .filter(|asked| asked.method == "GET" && asked.host == CAS)
            .all(|asked| !asked.headers.contains("cookie:"))
    );
    assert!(
        asked.iter().filter(|asked| asked.method == "POST").all(|asked| asked.headers.contains("cookie: own=1\r\n"))
    );
    assert!(asked.iter().filter(|asked| asked.host == SCHOOL).all(|asked| !asked.headers.contains("own=1")));
}

#[tokio::test]
async fn r14_nothing_of_a_page_is_run_or_fetched() {
    let html = format!(
        "<!DOCTYPE html [<!ENTITY x SYSTEM 'https://{CAS}/entity'>]><link rel=stylesheet href=/s.css><script src=/s.js></script>\
         <img src=/i.png><iframe src=/f.html></iframe><video src=/v></video><script>location='/moved'</script>&x;{}",
        form()
    );
    let stage = Stage::play(move |asked| if asked.method == "GET" { page(html.clone()) } else { ticket() }).await;
    let Ok(Progress::Landed(_)) = stage.enter("scene").await else { panic!("{}", stage.story()) };
    assert_eq!(stage.asked().len(), 5, "{}", stage.story());
}

#[tokio::test]
async fn r15_what_a_portal_says_is_plain_and_short() {
    let long =
        format!("<div class=error><b>Refusé</b>\u{202e}\u{1b}[31m &lt;script&gt; {}</div>{}", "é".repeat(5000), form());
    let stage = Stage::play(after_the_form(move |_| page(long.clone()))).await;
    let error = stage.refused("scene").await;
    let said = error.said.clone().unwrap();
    assert!(said.starts_with("Refusé [31m <script> é") && said.chars().count() <= 300, "{said}");
    assert_eq!(error.host.as_deref(), Some(CAS));
    assert!(error.to_string().contains("(at cas.exemple.test), which says: “Refusé"), "{error}");
}

#[tokio::test]
async fn r17_a_captcha_is_left_to_the_person() {
    for captcha in [
        "<iframe src='https://www.google.com/recaptcha/api2'></iframe>",
        "<div class='h-captcha'></div>",
        "<input type=hidden name='g-recaptcha-response'>",
        "<script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
    ] {
        let html = form().replace("<input name=username>", &format!("{captcha}<input name=username>"));
        let stage = Stage::play(move |_| page(html.clone())).await;
        let error = stage.refused("scene").await;
        assert_eq!((error.kind, error.evaluated), (Kind::CaptchaRequired, false), "{captcha}");
        assert!(stage.passwords().is_empty());
    }
}

#[tokio::test]
async fn r17_what_a_portal_asks_is_asked_of_the_person_each_time() {
    let world = World::start().await;
    for (login, question, wrong, code) in [
        ("naissance", Question::BirthDate, "01/01/2001", "IDENTITY_CONFIRMATION"),
        ("code.sms", Question::Code, "000000", "MFA_REQUIRED"),
    ] {
        let Ok(Progress::Question(pending)) = world.enter("ac-reims", login).await else { panic!("{}", world.story()) };
        assert_eq!((pending.question(), pending.host()), (&question, EDUCONNECT));
        let answer = pending.question().answer(wrong).unwrap();
        let error = pending.answer(answer).await.unwrap_err();
        assert_eq!((error.code(), error.evaluated), (code, true), "{error}");
        // A wrong answer is not held against the password, and no answer is kept.
        let Ok(Progress::Question(pending)) = world.enter("ac-reims", login).await else { panic!("{}", world.story()) };
        assert_eq!(pending.unanswered().code(), code);
    }
    assert_eq!(world.emulated.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn r20_no_address_of_a_private_network_is_reached() {
    for private in
        ["https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://169.254.169.254/", "https://localhost/"]
    {
        let stage = Stage::play(move |_| to(private)).await;
        let error = stage.refused("scene").await;
        assert!(matches!(error.kind, Kind::HostNotAllowed { .. }), "{private}: {error}");
        assert_eq!(stage.asked().len(), 2, "{}", stage.story());
    }
    // A name of the portal's that leads there is refused once it is resolved.
    let stage = Stage::play(|_| to(format!("https://{OTHER}/"))).await;
    let mut detour = stage.detour.clone();
    detour.hosts.insert(OTHER.to_owned(), "10.0.0.1:443".parse().unwrap());
    let client = stage::client(detour);
    let error = stage.portals.sign_in(&client, stage::sign_in("scene")).await.unwrap_err();
    assert_eq!((error.kind, error.evaluated), (Kind::HostNotAllowed { host: OTHER.to_owned() }, false));
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
    let _ = (LOGIN, PASSWORD);
}
