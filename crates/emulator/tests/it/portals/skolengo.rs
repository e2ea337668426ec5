//! Skolengo portals.

use emulator::portals::PASSWORD;

use super::{IdpMode, Person, at_school, portals};

#[tokio::test]
async fn a_chooser_comes_without_selection_and_leads_on() {
    let portals = portals(IdpMode::OnePage).await;
    let (person, page) = at_school(&portals, "ac-toulouse").await;
    assert!(page.html.contains("id=\"idp-TOULO-EDU_parent_eleve\"") && page.html.contains("button-submit"));
    let page = person.send(page.form().unwrap().with("selection", "TOULO-EDU_parent_eleve")).await;
    let page = person.relay(page).await;
    let page = person.identify(&page, "eleve.ok", PASSWORD, "").await;
    assert!(person.relay(page).await.is_landing());
}

#[tokio::test]
async fn an_unknown_selection_gives_the_chooser_again() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let page = person.get("https://cas.arsene76.fr/login?selection=EDU").await;
    assert!(page.html.contains("idp-EDU_parent_eleve"), "{page:?}");
}

#[tokio::test]
async fn a_link_onward_comes_in_between_where_it_does() {
    let portals = portals(IdpMode::OnePage).await;
    let (person, page) = at_school(&portals, "agora06").await;
    let page = person.get(&format!("{}&selection=EDU", page.url)).await;
    let page = person.relay(page).await;
    let page = person.identify(&page, "eleve.ok", PASSWORD, "").await;
    let page = person.relay(page).await;
    assert!(page.html.contains("msg__content"), "{page:?}");
    assert!(person.get(page.link().as_str()).await.is_landing());
}

#[tokio::test]
async fn a_made_up_service_is_refused() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    // The last one is a school, but behind another portal.
    for service in ["https://example.com/", "http://agora06.pronote.test/pronote/", &portals.school_url("hdf")] {
        let page = person.get(&format!("https://cas.agora06.fr/login?selection=EDU&service={service}")).await;
        assert!(page.html.contains("pas autorisée à utiliser CAS"), "{service}");
    }
}

#[tokio::test]
async fn the_delegate_is_not_posted_to() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let page = person.get("https://cas.agora06.fr/login?selection=EDU").await;
    assert_eq!(person.send(page.form().unwrap().to(page.url.as_str())).await.status, 405);
}

#[tokio::test]
async fn the_own_form_comes_again_after_a_refusal() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let page = person.get("https://cas.kosmoseducation.com/login").await;
    assert!(page.html.contains("cas__login-form"));
    let page = person.send(page.form().unwrap().with("username", "eleve.ok").with("password", "faux")).await;
    assert!(page.status == 401 && page.html.contains("cas__login-form"), "{page:?}");
}
