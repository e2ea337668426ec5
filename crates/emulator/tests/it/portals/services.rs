//! La Classe, Shibboleth service providers, the bare entry and the hub (portals §2.9 to §2.11, §2.13).

use emulator::portals::{PASSWORD, SchoolMode};

use super::{IdpMode, Page, Person, at_school, portals};

/// Goes through EduConnect as a pupil.
async fn by_educonnect(person: &Person, page: Page, login: &str) -> Page {
    let page = person.relay(page).await;
    assert_eq!(page.host(), "educonnect.education.gouv.fr", "{page:?}");
    let page = person.identify(&page, login, PASSWORD, "eleve").await;
    person.relay(page).await
}

#[tokio::test]
async fn la_classe_carries_the_service_through_its_form() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "laclasse").await;
    let form = page.form().unwrap();
    assert_eq!(form.value("ticket"), Some("True"));
    let refused = person.send(form.clone().with("username", "eleve.ok").with("password", "faux")).await;
    assert!(refused.status == 200 && refused.html.contains("id=\"error-content\""), "{refused:?}");
    assert!(person.send(form.with("username", "eleve.ok").with("password", PASSWORD)).await.is_landing());
    // Its own page has no form at all: one client takes any for a refusal.
    let person = Person::new(&portals);
    let form = person.get("https://www.laclasse.com/sso/login").await.form().unwrap();
    assert_eq!(form.value("ticket"), Some("False"));
    let home = person.send(form.with("username", "eleve.ok").with("password", PASSWORD)).await;
    assert!(home.status == 200 && home.form().is_none(), "{home:?}");
}

#[tokio::test]
async fn la_classe_leads_to_educonnect_by_a_link_that_keeps_the_service() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "laclasse").await;
    assert!(page.html.contains("id=\"parentPortalIdp\""), "{page:?}");
    let page = person.get(page.link().as_str()).await;
    assert!(by_educonnect(&person, page, "eleve.ok").await.is_landing());
    let (person, page) = at_school(&portals, "laclasse").await;
    let page = person.get(page.link().as_str()).await;
    assert!(
        by_educonnect(&person, page, "ferme")
            .await
            .html
            .contains("fermé pendant l'été".replace('\'', "&#x27;").as_str())
    );
}

#[tokio::test]
async fn a_discovery_page_asks_once_and_only_comes_back_to_its_own() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "ac-nantes").await;
    assert_eq!(page.url.path(), "/discovery/WAYF");
    let form = page.form().unwrap();
    let unknown = person.send(form.clone().with("origin", "https://idp.exemple.fr/")).await;
    assert!(unknown.html.contains("n'existe pas") && unknown.form().is_some(), "{unknown:?}");
    let chosen = person.send(form.clone().with("origin", "https://educonnect.education.gouv.fr/idp")).await;
    assert!(by_educonnect(&person, chosen, "eleve.ok").await.is_landing());
    let elsewhere = person.send(form.with("return", "https://ailleurs.exemple.test/")).await;
    assert!(elsewhere.html.contains("opensaml::"), "{elsewhere:?}");
}

#[tokio::test]
async fn a_discovery_page_that_is_told_the_choice_redirects_at_once() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let sp = "https%3A%2F%2Fcas3.e-lyco.fr";
    let origin = "https%3A%2F%2Feduconnect.education.gouv.fr%2Fidp";
    let page = person
        .get(&format!(
            "https://cas3.e-lyco.fr/discovery/WAYF?entityID={sp}%2Fshibboleth&returnX={sp}%2FShibboleth.sso%2FLogin&\
             returnIDParam=entityID&action=selection&origin={origin}"
        ))
        .await;
    assert_eq!(page.host(), "educonnect.education.gouv.fr");
    let home = by_educonnect(&person, page, "eleve.ok").await;
    assert_eq!((home.host(), home.status), ("cas3.e-lyco.fr", 200));
    assert!(person.get(&format!("{}eleve.html", portals.school_url("ac-nantes"))).await.is_landing());
}

#[tokio::test]
async fn reunion_and_the_dispatcher_sign_in_without_a_service() {
    let portals = portals(IdpMode::Current).await;
    let reunion = "https://sso.ac-reunion.fr/saml/discovery/?idp_ident=https://educonnect.education.gouv.fr/idp";
    for (portal, entry, posts) in [
        ("ac-reunion", reunion, true),
        ("poitiers-dispatcher", "https://sp-ts.ac-poitiers.fr/dispatcher/index2.php", false),
    ] {
        let person = Person::new(&portals);
        let page = person.get(entry).await;
        assert_eq!(page.html.contains("SAMLRequest"), posts, "{portal}: {page:?}");
        let home = by_educonnect(&person, page, "eleve.ok").await;
        assert_eq!(home.status, 200, "{portal}: {home:?}");
        assert!(person.get(&format!("{}eleve.html", portals.school_url(portal))).await.is_landing(), "{portal}");
    }
    let person = Person::new(&portals);
    let other = person.get("https://sso.ac-reunion.fr/saml/discovery/?idp_ident=https://autre.exemple.fr/idp").await;
    assert!(other.html.contains("opensaml::saml2md::MetadataException"), "{other:?}");
}

#[tokio::test]
async fn the_hub_says_when_a_service_is_missing_or_not_trusted() {
    let portals = portals(IdpMode::Current).await;
    let hub = "https://hubeduconnect.index-education.net/EduConnect/cas/login";
    let person = Person::new(&portals);
    // As one client looks for it, letter for letter.
    let missing = "<label id=\"zone_msgDetail\">L&#x27;url de service est vide</label>";
    assert!(person.get(&format!("{hub}?service=")).await.html.contains(missing));
    let strange = person.get(&format!("{hub}?service=https://exemple.fr/pronote/")).await;
    assert!(strange.html.contains("n&#x27;est pas une url de confiance."), "{strange:?}");
    // It serves every school that offers it.
    for portal in ["ac-bordeaux2", "agora06"] {
        let page = person.get(&format!("{hub}?service={}eleve.html", portals.school_url(portal))).await;
        let page = if page.is_landing() { page } else { by_educonnect(&person, page, "eleve.ok").await };
        assert!(page.host().ends_with(".pronote.test") || page.html.contains("selection"), "{portal}: {page:?}");
    }
    portals.set_school("ac-bordeaux2", SchoolMode::Unlisted);
    let (_, page) = at_school(&portals, "ac-bordeaux2").await;
    assert!(page.html.contains("confiance"), "{page:?}");
}
