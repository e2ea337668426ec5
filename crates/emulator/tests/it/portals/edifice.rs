//! Edifice portals.

use emulator::portals::PASSWORD;

use super::{IdpMode, Page, Person, Portals, at_school, portals};

/// Signs in with the own form of a portal.
async fn own_form(portals: &Portals, portal: &str, login: &str) -> Page {
    let (person, page) = at_school(portals, portal).await;
    person.send(page.form().unwrap().with("email", login).with("password", PASSWORD)).await
}

/// Signs in by EduConnect, from a page that leads there.
async fn by_educonnect(person: &Person, url: &str, login: &str) -> Page {
    let page = person.relay(person.get(url).await).await;
    let page = person.identify(&page, login, PASSWORD, "").await;
    person.relay(page).await
}

#[tokio::test]
async fn the_own_form_leads_to_the_school() {
    let portals = portals(IdpMode::Current).await;
    let page = own_form(&portals, "parisclassenumerique", "eleve.ok").await;
    assert!(page.is_landing(), "{page:?}");
    assert_eq!(portals.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_own_form_works_without_anything_before_it() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let form = person.get("https://ent.ecollege78.fr/auth/login").await.form().unwrap();
    let bare = form.with("callBack", "").with("email", "eleve.ok").with("password", PASSWORD);
    let page = Person::new(&portals).send(bare).await;
    assert_eq!(page.url.as_str(), "https://ent.ecollege78.fr/");
}

#[tokio::test]
async fn the_own_form_is_not_for_those_of_educonnect() {
    let portals = portals(IdpMode::Current).await;
    assert!(!own_form(&portals, "hdf", "eleve.ok").await.is_landing());
    assert_eq!(portals.violations().len(), 1);
}

#[tokio::test]
async fn a_provider_starts_educonnect_and_keeps_the_service() {
    let portals = portals(IdpMode::OnePage).await;
    let (person, _) = at_school(&portals, "vaucluse").await;
    let page = by_educonnect(&person, "https://www.aucollege84.vaucluse.fr/auth/saml/authn/student", "eleve.ok").await;
    assert!(page.is_landing(), "{page:?}");
    let page = person.get("https://moncollege-ent.var.fr/auth/saml/authn/student").await;
    assert_eq!(page.status, 403);
}

#[tokio::test]
async fn the_profile_is_chosen_beforehand_by_the_provider() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let page = person.relay(person.get("https://nati.pf/auth/saml/authn/relative").await).await;
    assert_eq!(page.form().unwrap().value("typeUser"), Some("responsable"));
}

#[tokio::test]
async fn educonnect_starts_by_itself_and_the_service_is_asked_for_afterwards() {
    let portals = portals(IdpMode::OnePage).await;
    let person = Person::new(&portals);
    let start = "https://educonnect.education.gouv.fr/idp/profile/SAML2/Unsolicited/SSO?providerId=";
    let page = by_educonnect(&person, &format!("{start}urn:fi:ent:prod-cd83-edu:1.0"), "eleve.ok").await;
    assert_eq!(page.url.as_str(), "https://moncollege-ent.var.fr/");
    assert!(person.get(&format!("{}eleve.html", portals.school_url("var"))).await.is_landing());
    assert_eq!(person.get(&format!("{start}urn:unknown")).await.status, 400);
}

#[tokio::test]
async fn somebody_in_two_schools_chooses() {
    let portals = portals(IdpMode::OnePage).await;
    let (person, _) = at_school(&portals, "vaucluse").await;
    let start = "https://www.aucollege84.vaucluse.fr/auth/saml/authn/student";
    let page = by_educonnect(&person, start, "deux.ecoles").await;
    assert_eq!(page.forms().len(), 2);
    assert!(person.send(page.forms()[1].clone()).await.is_landing());
}

#[tokio::test]
async fn refusals_are_told_as_by_the_vendor() {
    let portals = portals(IdpMode::OnePage).await;
    for (login, sign) in [
        ("faux.mdp", "incorrect"),
        ("verrou", "temporairement bloqué"),
        ("bloque", "bloqué par votre établissement"),
        ("activer", "id=\"activation\""),
        ("renouv", "confirmPassword"),
        ("code.sms", "usage unique"),
        ("surcharge", "surchargé"),
        ("cgu", "Conditions générales"),
    ] {
        let page = own_form(&portals, "seine-et-marne", login).await;
        assert!(page.html.contains(sign), "{login}: {page:?}");
    }
    let (person, _) = at_school(&portals, "seine-et-marne").await;
    let page = by_educonnect(&person, "https://ent77.seine-et-marne.fr/auth/saml/authn/student", "inconnu").await;
    assert_eq!(page.url.path(), "/auth/login");
    let page = person.get("https://ent77.seine-et-marne.fr/cas/login?service=https://example.com/").await;
    assert!(page.status == 400 && page.html.contains("INVALID_SERVICE"));
}

#[tokio::test]
async fn a_chooser_on_another_host_leads_back() {
    let portals = portals(IdpMode::Current).await;
    let (_, page) = at_school(&portals, "exemple-edifice-chooser").await;
    assert_eq!(page.host(), "who.edifice.exemple.test");
    assert!(page.link().as_str().starts_with("https://chooser.edifice.exemple.test/auth/saml/authn/student"));
}
