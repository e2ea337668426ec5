//! EduConnect in its modes.

use emulator::portals::{BIRTH_DATE, CODE, PASSWORD};

use super::{Duration, IdpMode, Page, Person, Portals, at_school, portals};

/// A pupil in front of EduConnect's own form, by way of a Skolengo portal.
async fn in_front(portals: &Portals) -> (Person, Page) {
    let person = Person::new(portals);
    let service = format!("{}eleve.html", portals.school_url("ac-reims"));
    let page = person.get(&format!("https://cas.monbureaunumerique.fr/login?selection=EDU&service={service}")).await;
    let page = person.relay(page).await;
    assert!(page.html.contains("j_password"), "{page:?}");
    (person, page)
}

/// Signs in, and goes on to the school.
async fn sign_in(portals: &Portals, login: &str, password: &str, profile: &str) -> Page {
    let (person, page) = in_front(portals).await;
    let page = person.identify(&page, login, password, profile).await;
    person.relay(page).await
}

#[tokio::test]
async fn somebody_with_the_right_profile_lands_in_every_mode() {
    for mode in [IdpMode::Current, IdpMode::OnePage, IdpMode::Legacy, IdpMode::Legacy2] {
        let portals = portals(mode).await;
        let profile = if mode == IdpMode::Current { "eleve" } else { "" };
        let page = sign_in(&portals, "eleve.ok", PASSWORD, profile).await;
        assert!(page.is_landing(), "{mode:?}: {page:?}");
        let passwords = portals.journal().into_iter().filter(|visit| visit.holds_password).count();
        assert_eq!((passwords, portals.violations()), (1, Vec::new()), "{mode:?}");
    }
}

#[tokio::test]
async fn a_wrong_profile_is_refused_like_a_wrong_password() {
    let portals = portals(IdpMode::Current).await;
    for (login, profile) in [("eleve.ok", "responsable"), ("parent.ok", "eleve"), ("eleve.ok", "")] {
        let page = sign_in(&portals, login, PASSWORD, profile).await;
        assert!(page.html.contains("aria-invalid=\"true\""), "{login} {profile}");
    }
    let page = sign_in(&portals, "eleve.ok", "faux", "eleve").await;
    assert!(page.html.contains("aria-invalid=\"true\""));
    assert_eq!(portals.violations(), Vec::<String>::new());
}

#[tokio::test]
async fn credentials_at_the_probe_are_a_bad_request_and_a_violation() {
    let portals = portals(IdpMode::Current).await;
    let person = Person::new(&portals);
    let provider = "https://enthdf.fr/auth/saml/metadata/idp.xml";
    let url = format!("https://educonnect.education.gouv.fr/idp/profile/SAML2/Unsolicited/SSO?providerId={provider}");
    let probe = person.get(&url).await;
    assert!(probe.html.contains("shib_idp_ls_supported") && probe.url.query() == Some("execution=e1s1"));
    assert_eq!(person.identify(&probe, "eleve.ok", PASSWORD, "eleve").await.status, 400);
    assert_eq!(portals.violations().len(), 1);
}

#[tokio::test]
async fn every_form_wants_the_token_of_its_own_page() {
    let portals = portals(IdpMode::Current).await;
    let (person, page) = in_front(&portals).await;
    let form = page.form().unwrap().with("j_username", "eleve.ok").with("j_password", PASSWORD);
    let page = person.send(form.with("csrf_token", "old").with("typeUser", "eleve")).await;
    assert_eq!(page.status, 400);
}

#[tokio::test]
async fn a_conversation_lasts_five_minutes() {
    let portals = portals(IdpMode::OnePage).await;
    let (person, page) = in_front(&portals).await;
    portals.pass(Duration::from_secs(301));
    assert_eq!(person.identify(&page, "eleve.ok", PASSWORD, "").await.status, 400);
}

#[tokio::test]
async fn the_date_of_birth_and_the_code_are_asked_until_they_are_right() {
    let portals = portals(IdpMode::Current).await;
    for (login, field, right) in [("naissance", "password-input", BIRTH_DATE), ("code.sms", "code", CODE)] {
        let (person, page) = in_front(&portals).await;
        let page = person.identify(&page, login, PASSWORD, "eleve").await;
        let again = person.send(page.form().unwrap().with(field, "1")).await;
        let page = person.send(again.form().unwrap().with(field, right)).await;
        assert!(person.relay(page).await.is_landing(), "{login}");
    }
    portals.set_idp(IdpMode::CurrentWithBirthDate);
    let page = sign_in(&portals, "eleve.ok", PASSWORD, "eleve").await;
    assert!(page.html.contains("dateNaissance"));
}

#[tokio::test]
async fn accounts_that_need_something_get_their_page() {
    let portals = portals(IdpMode::Current).await;
    for (login, sign) in [
        ("verrou", "verrouillé"),
        ("renouv", "renouvelé"),
        ("activer", "moncompte.educonnect"),
        ("cgu", "Conditions générales"),
        ("faux.mdp", "incorrect"),
    ] {
        let page = sign_in(&portals, login, PASSWORD, "eleve").await;
        assert!(page.html.contains(sign), "{login}: {page:?}");
    }
}

#[tokio::test]
async fn the_same_wrong_password_twice_is_a_violation() {
    let portals = portals(IdpMode::Current).await;
    for (login, password, violations) in
        [("eleve.ok", "faux", 0), ("eleve.ok", "autre", 0), ("eleve.ok+2", "faux", 0), ("eleve.ok", "faux", 1)]
    {
        sign_in(&portals, login, password, "eleve").await;
        assert_eq!(portals.violations().len(), violations, "{login} {password}");
    }
}

#[tokio::test]
async fn a_lock_follows_the_first_refusal() {
    let portals = portals(IdpMode::Current).await;
    assert!(sign_in(&portals, "verrou", "faux", "eleve").await.html.contains("incorrect"));
    assert!(sign_in(&portals, "verrou", "autre", "eleve").await.html.contains("verrouillé"));
}

#[tokio::test]
async fn an_assertion_is_good_once_and_only_where_it_is_meant_for() {
    let portals = portals(IdpMode::Legacy).await;
    let (person, page) = in_front(&portals).await;
    let relay = person.identify(&page, "eleve.ok", PASSWORD, "").await.form().unwrap();
    assert!(relay.value("SAMLResponse").is_some());
    let elsewhere = person.send(relay.clone().to("https://cas.eclat-bfc.fr/saml/SAMLAssertionConsumer")).await;
    assert_eq!((elsewhere.status, portals.violations().len()), (403, 1));

    portals.reset();
    let (person, page) = in_front(&portals).await;
    let relay = person.identify(&page, "eleve.ok", PASSWORD, "").await.form().unwrap();
    assert!(person.send(relay.clone()).await.is_landing());
    assert_eq!(person.send(relay).await.status, 403);
    let (_, page) = at_school(&portals, "ac-reims").await;
    assert_eq!(page.host(), "cas.monbureaunumerique.fr");
}

#[tokio::test]
async fn a_network_is_filtered_before_anything() {
    let portals = portals(IdpMode::Filtered).await;
    let person = Person::new(&portals);
    let page = person.get("https://cas.agora06.fr/login?selection=EDU").await;
    let page = person.relay(page).await;
    assert_eq!(page.host(), "assistance.phm.education.gouv.fr");
}
