//! What goes wrong everywhere when it is told to, and the place that means harm (portals §3.5).

use emulator::portals::{HOSTILE, PASSWORD, Trap};

use super::{IdpMode, Person, at_school, portals};
use crate::http;

#[tokio::test]
async fn a_trap_is_met_before_any_password() {
    let portals = portals(IdpMode::Current).await;
    portals.set_trap(Some(Trap::Elsewhere));
    let (_, page) = at_school(&portals, "atrium-sud").await;
    assert_eq!(page.host(), "ailleurs.exemple.test");
    assert_eq!(portals.violations().len(), 1, "whoever follows is told on");
    portals.set_trap(Some(Trap::FormElsewhere));
    for portal in ["atrium-sud", "laclasse", "yvelines", "ac-valdoise", "iledefrance"] {
        let (_, page) = at_school(&portals, portal).await;
        assert!(page.html.contains("action=\"https://ailleurs.exemple.test/vol\""), "{portal}: {page:?}");
    }
    portals.set_trap(Some(Trap::Loop));
    let person = Person::new(&portals);
    let mut url = "https://www.atrium-sud.fr/connexion/login".to_owned();
    for _ in 0..30 {
        let (status, to) = person.once(&url).await;
        assert_eq!(status, 302);
        url = to.unwrap().into();
    }
    portals.set_trap(None);
    assert_eq!(at_school(&portals, "atrium-sud").await.1.host(), "www.atrium-sud.fr");
}

#[tokio::test]
async fn a_trap_is_set_over_the_control_port() {
    let portals = portals(IdpMode::Current).await;
    let post =
        async |path: &str| http::send("POST", &format!("{}{path}", portals.control_url()), &[], b"").await.status;
    assert_eq!((post("trap?kind=elsewhere").await, post("trap?kind=x").await), (200, 400));
    assert_eq!(at_school(&portals, "atrium-sud").await.1.host(), "ailleurs.exemple.test");
    assert_eq!(post("trap").await, 200);
    assert_eq!(at_school(&portals, "atrium-sud").await.1.host(), "www.atrium-sud.fr");
}

#[tokio::test]
async fn the_accounts_that_meet_harm_meet_it_after_the_password() {
    let portals = portals(IdpMode::Current).await;
    for (login, host) in [("redirige.ailleurs", "ailleurs.exemple.test"), ("form.ailleurs", "www.atrium-sud.fr")] {
        let (person, page) = at_school(&portals, "atrium-sud").await;
        let page = person.send(page.form().unwrap().with("username", login).with("password", PASSWORD)).await;
        assert_eq!(page.host(), host, "{login}: {page:?}");
        if login == "form.ailleurs" {
            person.send(page.form().unwrap().with("password", PASSWORD)).await;
        }
    }
    let violations = portals.violations();
    assert!(violations.iter().any(|violation| violation.contains("POST ailleurs.exemple.test/vol")), "{violations:?}");
}

#[tokio::test]
async fn the_place_that_means_harm_knows_all_its_ways() {
    let portals = portals(IdpMode::Current).await;
    for nastiness in HOSTILE {
        let place = portals.places().iter().find(|place| place.id == format!("hostile-{nastiness}")).unwrap();
        assert_eq!(place.host, "hostile.exemple.test");
    }
    let person = Person::new(&portals);
    let once =
        async |nastiness: &str| person.once(&format!("https://hostile.exemple.test/hostile-{nastiness}/login")).await;
    assert_eq!(once("redirects").await.1.unwrap().query(), Some("n=1"));
    assert_eq!(once("loopback").await.1.unwrap().as_str(), "https://127.0.0.1/");
    assert_eq!(once("captcha").await.0, 200);
    assert_eq!(once("nothing").await.0, 404);
}
