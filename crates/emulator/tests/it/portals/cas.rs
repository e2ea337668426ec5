//! CAS servers with a form of their own, and Net O'Centre's that delegates as well (portals §2.8, §2.9).

use emulator::portals::{CODE, Config, PASSWORD, Place, PlaceKind, Portals};

use super::{IdpMode, Page, Person, at_school, portals};

const ORLEANS: &str = "https://auth.recia.fr/cas/login";

/// Fills in the first form of a page.
async fn fill(person: &Person, page: &Page, login: &str, password: &str) -> Page {
    person.send(page.form().unwrap().with("username", login).with("password", password)).await
}

#[tokio::test]
async fn the_form_of_a_cas_server_leads_to_pronote() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "atrium-sud").await;
    assert!(page.html.contains("id=\"fm1\"") && page.html.contains("name=\"lt\""), "{page:?}");
    assert!(fill(&person, &page, "eleve.ok", PASSWORD).await.is_landing());
    // With the session, nothing is asked.
    assert!(person.get(&format!("{}eleve.html", portals.school_url("atrium-sud"))).await.is_landing());
    assert_eq!(portals.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_form_is_good_once_and_a_refusal_brings_another() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "atrium-sud").await;
    let refused = fill(&person, &page, "eleve.ok", "faux").await;
    assert!(refused.html.contains("id=\"loginErrorsPanel\"") && refused.html.contains("id=\"fm1\""), "{refused:?}");
    let stale = fill(&person, &page, "eleve.ok", PASSWORD).await;
    assert!(!stale.is_landing() && !stale.html.contains("loginErrorsPanel"), "{stale:?}");
    assert!(fill(&person, &refused, "eleve.ok", PASSWORD).await.is_landing());
}

#[tokio::test]
async fn a_lenient_server_lets_in_without_service_and_a_strict_one_does_not() {
    let school = emulator::Config::new(crate::school());
    let kind = PlaceKind::CasForm { root: "/cas".to_owned(), lenient: false };
    let strict = Place { id: "scribe".to_owned(), host: "scribe.exemple.test".to_owned(), kind };
    let portals = Portals::start(Config { places: vec![strict], ..Config::new(school) }).await.unwrap();
    let person = Person::new(&portals);
    let page = person.get("https://www.atrium-sud.fr/connexion/login").await;
    let inside = fill(&person, &page, "eleve.ok", PASSWORD).await;
    assert!(inside.html.contains("view-genericsuccess-security") && !inside.html.contains("fm1"), "{inside:?}");
    assert_eq!(person.get("https://scribe.exemple.test/cas/login").await.status, 400);
    let (person, page) = at_school(&portals, "scribe").await;
    assert_eq!(fill(&person, &page, "faux.mdp", "faux").await.status, 401);
    let (person, page) = at_school(&portals, "scribe").await;
    assert!(fill(&person, &page, "eleve.ok", PASSWORD).await.is_landing());
}

#[tokio::test]
async fn accounts_that_want_something_get_a_page_in_between() {
    let portals = portals(IdpMode::Current).await;
    for (login, sign) in [
        ("verrou", "verrouillé"),
        ("renouv", "confirmedPassword"),
        ("activer", "Compte à activer"),
        ("cgu", "aupForm"),
        ("inconnu", "view-unresolvedprincipal"),
        ("ferme", "view-closed"),
        ("surcharge", "surchargé"),
    ] {
        let (person, page) = at_school(&portals, "atrium-sud").await;
        let page = fill(&person, &page, login, PASSWORD).await;
        assert!(page.html.contains(sign) && page.host() == "www.atrium-sud.fr", "{login}: {page:?}");
    }
}

#[tokio::test]
async fn a_code_is_asked_until_it_is_right() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "atrium-sud").await;
    let asked = fill(&person, &page, "code.sms", PASSWORD).await;
    let again = person.send(asked.form().unwrap().with("token", "000000")).await;
    assert!(again.html.contains("name=\"token\""), "{again:?}");
    assert!(person.send(again.form().unwrap().with("token", CODE)).await.is_landing());
}

#[tokio::test]
async fn net_o_centre_goes_to_educonnect_where_it_is_told_to() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "ac-orleans-tours").await;
    assert_eq!(page.host(), "auth.recia.fr", "without idpId, a form of its own");
    assert!(fill(&person, &page, "eleve.ok", PASSWORD).await.is_landing());
    let person = Person::new(&portals);
    let service = "https%3A%2F%2Fac-orleans-tours.pronote.test%2Fpronote%2Feleve.html";
    let page = person.get(&format!("{ORLEANS}?service={service}&idpId=parentEleveEN-IdP")).await;
    let page = person.relay(page).await;
    let page = person.identify(&page, "eleve.ok", PASSWORD, "eleve").await;
    assert!(person.relay(page).await.is_landing());
    let refused = person.get(&format!("{ORLEANS}?service=https%3A%2F%2Fexample.com%2F")).await;
    assert!(refused.status == 403 && refused.html.contains("pas autorisée à utiliser CAS"), "{refused:?}");
}

#[tokio::test]
async fn somebody_with_two_schools_chooses_one() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = at_school(&portals, "ac-orleans-tours").await;
    let page = fill(&person, &page, "deux.ecoles", PASSWORD).await;
    let forms = page.forms();
    assert!(forms.len() == 2 && page.html.contains("id=\"form-u1\""), "{page:?}");
    let nobody = person.send(forms[0].clone().with("credential", "u9")).await;
    assert_eq!(nobody.status, 404, "an account that was not offered");
    let (person, page) = at_school(&portals, "ac-orleans-tours").await;
    let page = fill(&person, &page, "deux.ecoles", PASSWORD).await;
    assert!(person.send(page.forms()[1].clone()).await.is_landing());
}
