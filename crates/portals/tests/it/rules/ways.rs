//! Where a sign-in goes, and how far: R1, R3, R4, R6, R7, R20.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portals::{Kind, Progress, Question};
use pronote::Retry;

use crate::stage::{self, Asked, CAS, EDUCONNECT, ELSEWHERE, OTHER, Reply, SCHOOL, Stage, form, page, to};

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
        let reply = Arc::new(Mutex::new(Some(reply)));
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
        let reply = Arc::new(Mutex::new(Some(reply)));
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
async fn r04_a_login_form_takes_no_saml_response_along() {
    let html = form().replace("<input name=username>", "<input name=SAMLResponse value=bearer><input name=username>");
    let stage = Stage::play(move |_| page(html.clone())).await;
    assert_eq!(stage.refused("scene").await.kind, Kind::HostNotAllowed { host: CAS.to_owned() });
    assert!(stage.passwords().is_empty(), "{}", stage.story());
}

#[tokio::test]
async fn r04_a_relay_state_is_bounded() {
    let long = "r".repeat(5000);
    let saml = format!(
        "<form method=post action='https://{EDUCONNECT}/idp'><input name=SAMLRequest value=x><input name=RelayState value='{long}'></form>"
    );
    let redirect = format!("https://{EDUCONNECT}/idp?SAMLRequest=x&RelayState={long}");
    for in_address in [false, true] {
        let (saml, redirect) = (saml.clone(), redirect.clone());
        let stage = Stage::play(move |_| if in_address { to(&redirect) } else { page(&saml) }).await;
        let error = stage.refused("scene-edu").await;
        assert_eq!((error.kind, error.host.as_deref()), (Kind::TooLarge, Some(CAS)));
        assert_eq!(stage.asked_of(EDUCONNECT), 0);
    }
}

#[tokio::test]
async fn r06_one_of_several_accounts_is_chosen_once() {
    let account = |id: u8| {
        format!(
            "<form method=post action=/auth/saml/selectUser><input name=id value={id}><button>École {id}</button></form>"
        )
    };
    let accounts = account(1) + &account(2);
    let saml =
        format!("<form method=post action='https://{CAS}/auth/saml/acs'><input name=SAMLResponse value=x></form>");
    let stage = Stage::play(move |asked| match (asked.host.as_str(), asked.method.as_str()) {
        (CAS, "POST") => page(&accounts),
        (CAS, _) => to(format!("https://{EDUCONNECT}/idp")),
        (_, "POST") => page(&saml),
        _ => page("<form method=post><input name=j_username><input type=password name=j_password></form>"),
    })
    .await;
    let Ok(Progress::Question(pending)) = stage.enter("scene-edifice").await else { panic!("{}", stage.story()) };
    assert_eq!(*pending.question(), Question::Choice { options: vec!["École 1".to_owned(), "École 2".to_owned()] });
    let answer = pending.question().answer("2").unwrap();
    assert_eq!(pending.answer(answer).await.unwrap_err().kind, Kind::SelectionRejected);
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
