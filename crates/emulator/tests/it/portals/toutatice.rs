//! Toutatice's conversation in XML (portals §2.12).

use emulator::portals::{PASSWORD, Portals};
use url::Url;

use super::{IdpMode, Page, Person, portals};

const REMOTE_USER: &str = "https://www.toutatice.fr/idp/Authn/RemoteUser";

/// Goes through the chooser and EduConnect, up to the page that begins the conversation.
async fn to_the_conversation(portals: &Portals, login: &str) -> (Person, Url) {
    let person = Person::new(portals);
    let chooser = person.get("https://www.toutatice.fr/portail/auth/MonEspace").await;
    assert!(chooser.html.contains("class=\"eduouprofils\""), "{chooser:?}");
    let form = chooser.form().unwrap();
    assert_eq!(form.value("_saml_idp"), Some("educonnect"));
    let page = person.send(form).await;
    let page = person.relay(page).await;
    let page = person.identify(&page, login, PASSWORD, "eleve").await;
    let loader = person.relay(page).await;
    assert_eq!(loader.url.path(), "/idp/Loader", "{loader:?}");
    (person, loader.url)
}

fn query(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

/// What stands between the tags of a name.
fn inside<'p>(page: &'p Page, name: &str) -> &'p str {
    let (_, rest) = page.html.split_once(&format!("<{name}>")).unwrap_or_else(|| panic!("{page:?}"));
    rest.split('<').next().unwrap()
}

/// The first question of the conversation.
async fn first(person: &Person, conversation: &str, session: &str) -> Page {
    let query = format!("conversation={conversation}&redirectToLoaderRemoteUser=0&sessionid={session}");
    person.get(&format!("{REMOTE_USER}?{query}")).await
}

#[tokio::test]
async fn two_questions_lead_to_a_session() {
    let portals = portals(IdpMode::Current).await;
    let (person, loader) = to_the_conversation(&portals, "eleve.ok").await;
    let session = query(&loader, "sessionid");
    let answer = first(&person, &query(&loader, "conversation"), &session).await;
    let (next, uid) = (inside(&answer, "conversation"), inside(&answer, "uidInSession"));
    let home = person.get(&format!("{REMOTE_USER}?conversation={next}&uidInSession={uid}&sessionid={session}")).await;
    assert_eq!((home.status, home.url.path()), (200, "/portail/auth/MonEspace"), "{home:?}");
    assert!(person.get(&format!("{}eleve.html", portals.school_url("toutatice"))).await.is_landing());
}

#[tokio::test]
async fn the_conversation_is_toutatices_own() {
    let portals = portals(IdpMode::Current).await;
    let (person, loader) = to_the_conversation(&portals, "eleve.ok").await;
    let session = query(&loader, "sessionid");
    // EduConnect's number is another one, but for old clients that take it for this one.
    assert_ne!(query(&loader, "conversation"), "e1s2");
    inside(&first(&person, "e1s2", &session).await, "erreurTechnique");
    inside(&first(&person, &query(&loader, "conversation"), "autre").await, "erreurTechnique");
    inside(&first(&Person::new(&portals), &query(&loader, "conversation"), &session).await, "erreurTechnique");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_xml() {
    let portals = portals(IdpMode::Current).await;
    for (login, tag) in [("inconnu", "erreurFonctionnelle"), ("surcharge", "erreurTechnique")] {
        let (person, loader) = to_the_conversation(&portals, login).await;
        let answer = first(&person, &query(&loader, "conversation"), &query(&loader, "sessionid")).await;
        assert!(!inside(&answer, tag).is_empty());
    }
    let (person, loader) = to_the_conversation(&portals, "xml.bombe").await;
    let answer = first(&person, &query(&loader, "conversation"), &query(&loader, "sessionid")).await;
    assert!(answer.html.contains("<!ENTITY e9"));
}
