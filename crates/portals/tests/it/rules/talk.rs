//! What is kept, told and asked: R11 to R15, R17.

use portals::{Kind, Progress, Question};

use crate::logs;
use crate::stage::{CAS, EDUCONNECT, LOGIN, PASSWORD, Reply, SCHOOL, Stage, after_the_form, form, page, ticket};
use crate::world::{World, landed};

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
        "pronote.test",
        SCHOOL,
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
    assert!(said.starts_with("Refusé [31m ‹script› é") && said.chars().count() <= 300, "{said}");
    assert_eq!(error.host.as_deref(), Some(CAS));
    assert!(error.to_string().contains("; cas.exemple.test says: “Refusé"), "{error}");

    let stage = Stage::play(|_| page("<title>Tout va bien</title>")).await;
    let told = stage.refused("scene").await.to_string();
    assert_eq!(told, "cas.exemple.test: a page came that is not known: “Tout va bien”");
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
async fn r17_a_captcha_beside_a_choice_or_a_question_is_left_to_the_person_too() {
    let captcha = "<div class='h-captcha'></div>";
    let chooser = format!("<form>{captcha}<input type=radio name=selection value=EDU></form>");
    let stage = Stage::play(move |_| page(&chooser)).await;
    let Ok(Progress::Question(pending)) = stage.enter("scene").await else { panic!("{}", stage.story()) };
    let answer = pending.question().answer("1").unwrap();
    assert_eq!(pending.answer(answer).await.unwrap_err().kind, Kind::CaptchaRequired);
    assert_eq!(stage.asked().len(), 2, "{}", stage.story());

    let code = format!("<p>Votre code</p><form method=post action=/code>{captcha}<input name=code></form>");
    let stage = Stage::play(after_the_form(move |_| page(&code))).await;
    assert_eq!(stage.refused("scene").await.kind, Kind::CaptchaRequired);
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
