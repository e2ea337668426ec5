//! A school's PRONOTE behind a portal.

use emulator::portals::{PASSWORD, SchoolMode};

use super::{Duration, IdpMode, Page, Person, Portals, at_school, portals};

/// Somebody who has signed in at a portal with a form of its own, and the page they came to.
async fn enter(portals: &Portals, login: &str) -> (Person, Page) {
    let (person, page) = at_school(portals, "ac-valdoise").await;
    let chosen = format!("{}&selection=eleveparent", page.url);
    let page = person.get(&chosen).await;
    let form = page.form().unwrap().with("username", login).with("password", PASSWORD);
    let page = person.send(form).await;
    (person, page)
}

/// What the portal answers to whoever is signed in: the address with the ticket.
async fn ticket(portals: &Portals) -> (Person, String) {
    let (person, _) = enter(portals, "eleve.ok").await;
    let url = portals.school_url("ac-valdoise");
    let login = format!("https://cas.moncollege.valdoise.fr/login?service={url}eleve.html");
    let (status, to) = person.once(&login).await;
    assert_eq!(status, 302);
    (person, to.unwrap().to_string())
}

#[tokio::test]
async fn a_ticket_is_good_once_for_ten_seconds_and_its_service() {
    let portals = portals(IdpMode::Current).await;
    let place = |to: (u16, Option<url::Url>)| to.1.unwrap().host_str().unwrap().to_owned();

    let (person, url) = ticket(&portals).await;
    assert_eq!(place(person.once(&url).await), "ac-valdoise.pronote.test");
    assert_eq!(place(person.once(&url).await), "cas.moncollege.valdoise.fr");

    let (person, url) = ticket(&portals).await;
    assert_eq!(place(person.once(&url.replace("eleve.html", "parent.html")).await), "cas.moncollege.valdoise.fr");

    let (person, url) = ticket(&portals).await;
    portals.pass(Duration::from_secs(11));
    assert_eq!(place(person.once(&url).await), "cas.moncollege.valdoise.fr");
}

#[tokio::test]
async fn the_page_gives_its_secret_once() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = enter(&portals, "eleve.ok").await;
    assert!(page.is_landing(), "{page:?}");
    let again = person.get(page.url.as_str()).await;
    assert!(again.html.contains("Start (") && !again.is_landing());
}

#[tokio::test]
async fn whoever_has_no_account_at_pronote_gets_a_page_without_secret() {
    let portals = portals(IdpMode::Current).await;
    let (_, page) = enter(&portals, "sans.pronote").await;
    assert!(page.host() == "ac-valdoise.pronote.test" && page.html.contains("Start (") && !page.is_landing());
}

#[tokio::test]
async fn schools_behave_as_told() {
    let portals = portals(IdpMode::Current).await;
    for (mode, sign) in [
        (SchoolMode::Suspended, "suspendue"),
        (SchoolMode::Closed, "pas disponible"),
        (SchoolMode::NoRight, "pas de compte"),
        (SchoolMode::Usual, ",f:'"),
        (SchoolMode::Pin, ",f:'"),
    ] {
        let (person, _) = enter(&portals, "eleve.ok").await;
        portals.set_school("ac-valdoise", mode);
        let page = person.get(&format!("{}eleve.html", portals.school_url("ac-valdoise"))).await;
        assert!(page.html.contains(sign), "{mode:?}: {page:?}");
        portals.set_school("ac-valdoise", SchoolMode::Usual);
    }
}

#[tokio::test]
async fn a_school_with_the_portal_alone_refuses_its_own_form_but_not_phones() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let page = format!("{}mobile.eleve.html", portals.school_url("hdf"));
    let own = format!("{page}?fd=1&login=true&bydlg=X");
    assert!(person.get(&own).await.html.contains("Start ("));
    portals.set_school("hdf", SchoolMode::PortalOnly);
    for (query, starts) in [("login=true", false), ("fd=1&login=true&bydlg=X", false), ("fd=1&login=true", true)] {
        assert_eq!(person.get(&format!("{page}?{query}")).await.html.contains("Start ("), starts, "{query}");
    }
}

#[tokio::test]
async fn the_service_is_written_as_the_school_registered_it() {
    let portals = portals(IdpMode::Current).await;
    portals.set_school("ac-valdoise", SchoolMode::Capitals);
    let (person, page) = enter(&portals, "eleve.ok").await;
    assert!(page.is_landing(), "{page:?}");
    let (_, to) = person.once(&format!("{}eleve.html", portals.school_url("ac-valdoise"))).await;
    assert!(to.unwrap().as_str().contains("AC-VALDOISE.PRONOTE.TEST"));
}

#[tokio::test]
async fn a_school_whose_tickets_are_never_good_sends_people_round() {
    let portals = portals(IdpMode::Current).await;
    let (person, url) = ticket(&portals).await;
    portals.set_school("ac-valdoise", SchoolMode::Loop);
    let (status, to) = person.once(&url).await;
    assert_eq!((status, to.unwrap().host_str().unwrap()), (302, "cas.moncollege.valdoise.fr"));
}

#[tokio::test]
async fn the_instance_information_names_the_portal() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let page = person.get(&format!("{}infoMobileApp.json?id=0D264427", portals.school_url("hdf"))).await;
    assert!(page.html.contains("\"actif\":true") && page.html.contains("https://enthdf.fr/cas/login"), "{page:?}");
}
