//! What happens to the password: R2, R5, R8, R9, R10.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use emulator::portals::SchoolMode;
use portals::{Kind, Progress};
use pronote::Retry;

use crate::stage::{self, Asked, CAS, ELSEWHERE, OTHER, Reply, SCHOOL, Stage, after_the_form, form, page, ticket};
use crate::world::World;

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
async fn r08_nothing_is_sent_again_once_the_password_was() {
    for reply in [
        Reply::Raw(Vec::new()),
        Reply::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx".to_vec()),
        Reply::Page(500, "x".into()),
    ] {
        let reply = Arc::new(Mutex::new(Some(reply)));
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
    let first = Arc::new(Mutex::new(Some(Reply::Raw(Vec::new()))));
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

    let asked = stage.asked().len();
    let error = stage.refused("scene").await;
    assert_eq!((error.code(), error.evaluated), ("ALREADY_REFUSED", false));
    assert_eq!((stage.asked().len(), stage.passwords().len()), (asked, 1), "{}", stage.story());

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
