//! MonLycée.net.

use emulator::portals::{CODE, PASSWORD};

use super::{IdpMode, Person, at_school, portals};

#[tokio::test]
async fn both_ways_in_lead_to_the_school() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "iledefrance").await;
    assert_eq!(page.host(), "auth.monlycee.net");
    let form = page.form().unwrap().with("username", "eleve.ok").with("password", PASSWORD);
    assert!(person.send(form).await.is_landing());

    let person = Person::new(&portals);
    let page = person.get("https://psn.monlycee.net/").await;
    let form = page.form().unwrap().with("username", "parent.ok").with("password", PASSWORD);
    assert_eq!(person.send(form).await.url.as_str(), "https://ent.monlycee.net/");
    assert!(person.get(&format!("{}parent.html", portals.school_url("iledefrance"))).await.is_landing());
    assert_eq!(portals.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn refusals_and_demands_are_keycloaks() {
    let portals = portals(IdpMode::Current).await;
    for (login, sign) in [
        ("faux.mdp", "aria-invalid=\"true\""),
        ("verrou", "aria-invalid=\"true\""),
        ("renouv", "password-new"),
        ("cgu", "kc-action-form"),
        ("code.sms", "kc-otp-login-form"),
    ] {
        let (person, page) = at_school(&portals, "iledefrance").await;
        let page = person.send(page.form().unwrap().with("username", login).with("password", PASSWORD)).await;
        assert!(page.html.contains(sign), "{login}: {page:?}");
        if login == "code.sms" {
            let page = person.send(page.form().unwrap().with("otp", "0")).await;
            assert!(person.send(page.form().unwrap().with("otp", CODE)).await.is_landing());
        }
    }
}

#[tokio::test]
async fn a_form_is_good_once() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "iledefrance").await;
    let form = page.form().unwrap().with("username", "eleve.ok").with("password", "faux");
    assert_eq!(person.send(form.clone()).await.status, 200);
    assert_eq!(person.send(form).await.status, 400);
}
