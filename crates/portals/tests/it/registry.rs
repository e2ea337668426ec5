//! The registry as its users see it: what ships, and how a portal is found.

use portals::{Family, Registry};
use url::Url;

/// The list that the first clients knew, in its order (graphql-api §5).
const FIRST: [&str; 39] = [
    "ac-besancon",
    "ac-bordeaux",
    "ac-bordeaux2",
    "ac-caen",
    "ac-clermont",
    "ac-dijon",
    "ac-grenoble",
    "ac-lille",
    "ac-limoges",
    "ac-lyon",
    "ac-montpellier",
    "ac-nancy-metz",
    "ac-nantes",
    "ac-orleans-tours",
    "ac-poitiers",
    "ac-reims",
    "ac-rouen",
    "ac-strasbourg",
    "ac-toulouse",
    "agora06",
    "arsene76",
    "atrium-sud",
    "haute-garonne",
    "hdf",
    "iledefrance",
    "seine-et-marne",
    "somme",
    "eure-normandie",
    "parisclassenumerique",
    "ljr-munich",
    "toutatice",
    "laclasse",
    "lyceeconnecte",
    "portail-famille",
    "cybercolleges42",
    "ac-valdoise",
    "ac-lille2",
    "moncollege-essonne",
    "monbureaunumerique-educonnect",
];

fn ids<'r>(portals: impl IntoIterator<Item = &'r portals::Portal>) -> Vec<&'r str> {
    portals.into_iter().map(|portal| portal.id.as_str()).collect()
}

#[test]
fn every_identifier_of_the_first_list_is_there_in_its_order() {
    let registry = Registry::builtin();
    assert_eq!(ids(registry.iter())[..39], FIRST);
    assert_eq!(registry.iter().count(), 74);
    for id in FIRST {
        assert_eq!(registry.get(id).map(|portal| portal.id.as_str()), Some(id));
    }
}

#[test]
fn no_row_that_ships_has_a_fault() {
    let (_, faults) = Registry::with_files(&[]);
    assert_eq!(faults, []);
}

#[test]
fn a_name_is_as_good_as_an_identifier() {
    let registry = Registry::builtin();
    let id = |name: &str| registry.get(name).map(|portal| portal.id.as_str());
    assert_eq!(id("ENT \"L'Eure en Normandie\""), Some("eure-normandie"));
    assert_eq!(id("ent agora 06 (nice)"), Some("agora06"));
    assert_eq!(id("Académie de Reims"), Some("ac-reims"));
    assert_eq!(id("AC-REIMS"), None, "identifiers count as written");
    assert_eq!(id(""), None);
}

#[test]
fn families_have_the_number_of_rows_that_the_list_gives_them() {
    let registry = Registry::builtin();
    let count = |family| FIRST.iter().filter(|id| registry.get(id).and_then(|one| one.family) == family).count();
    assert_eq!(count(Some(Family::Skolengo)), 18);
    assert_eq!(count(Some(Family::Edifice)), 13);
    for family in [Family::EdificeOidc, Family::Apereo, Family::CasForm, Family::Laclasse, Family::ShibWayf] {
        assert_eq!(count(Some(family)), 1, "{family:?}");
    }
    assert_eq!((count(Some(Family::Toutatice)), count(Some(Family::HubEduconnect)), count(None)), (1, 1, 1));
}

#[test]
fn a_password_goes_to_educonnect_or_to_the_portal_itself() {
    let registry = Registry::builtin();
    let hosts = |id: &str| registry.get(id).map(|portal| portal.credential_hosts.clone()).unwrap_or_default();
    assert_eq!(hosts("ac-reims"), ["educonnect.education.gouv.fr"]);
    assert_eq!(hosts("parisclassenumerique"), ["ent.parisclassenumerique.fr"]);
    assert_eq!(hosts("moselle"), ["ariane57.moselle-education.fr", "educonnect.education.gouv.fr"]);
    assert_eq!(hosts("iledefrance"), ["auth.monlycee.net"]);
    assert_eq!(hosts("agricole-normandie"), ["auth.educagri.fr"]);
    assert!(hosts("portail-famille").is_empty());
}

#[test]
fn hosts_that_several_share_name_them_in_the_order_of_the_list() {
    let registry = Registry::builtin();
    let at = |host: &str| ids(registry.of_host(host));
    assert_eq!(at("cas.eclat-bfc.fr"), ["ac-besancon", "ac-dijon"]);
    assert_eq!(at("mon.lyceeconnecte.fr"), ["ac-bordeaux", "ac-limoges", "ac-poitiers", "lyceeconnecte"]);
    assert_eq!(at("cas.ent.auvergnerhonealpes.fr"), ["ac-clermont", "ac-grenoble", "ac-lyon"]);
    assert_eq!(at("cas.mon-ent-occitanie.fr"), ["ac-montpellier", "ac-toulouse"]);
    let grand_est = ["ac-nancy-metz", "ac-reims", "ac-strasbourg", "monbureaunumerique-educonnect"];
    assert_eq!(at("cas.monbureaunumerique.fr"), grand_est);
    assert_eq!(at("https://cas.monbureaunumerique.fr/login?selection=EDU"), grand_est);
    assert_eq!(at("atrium-sud.fr"), ["atrium-sud"]);
    assert_eq!(at("www.atrium-sud.fr"), ["atrium-sud"]);
    assert_eq!(at("seshat.ac-orleans-tours.fr:8443"), ["portail-famille"]);
    assert_eq!(at("enthdf.fr"), ["hdf"]);
    assert_eq!(at("nothing.example"), [""; 0]);
    assert_eq!(at(""), [""; 0]);
}

#[test]
fn words_are_found_without_accents_in_identifiers_names_regions_and_hosts() {
    let registry = Registry::builtin();
    assert_eq!(ids(registry.search("besancon")), ["ac-besancon"]);
    assert!(ids(registry.search("GRAND est")).contains(&"ac-reims"));
    assert!(ids(registry.search("enthdf")).contains(&"somme"), "the host that it uses today");
    assert!(ids(registry.search("hauts-de-france")).starts_with(&["ac-lille"]));
    assert_eq!(registry.search("").len(), 74);
    assert!(registry.search("no such portal").is_empty());
}

#[test]
fn where_rows_do_the_same_a_redirect_finds_one() {
    let registry = Registry::builtin();
    let found = |url: &str| ids(registry.detect(&Url::parse(url).expect("an address")));
    assert_eq!(found("https://cas.monbureaunumerique.fr/login?service=x"), ["ac-nancy-metz"]);
    assert_eq!(found("https://mon.lyceeconnecte.fr/cas/login?service=x"), ["ac-bordeaux"]);
    assert_eq!(found("https://cas.mon-ent-occitanie.fr/login?service=x"), ["ac-montpellier", "ac-toulouse"]);
    assert_eq!(
        found("https://cas.mon-ent-occitanie.fr/login?service=x&selection=TOULO-EDU_parent_eleve"),
        ["ac-toulouse"],
        "what the school has registered tells twins apart"
    );
    assert_eq!(found("https://ent.l-educdenormandie.fr/cas/login"), ["normandie"]);
    assert_eq!(found("https://seshat.ac-orleans-tours.fr:8443/identite"), ["portail-famille"]);
    assert_eq!(found("https://elsewhere.example.fr/"), [""; 0]);
    assert_eq!(found("http://cas.monbureaunumerique.fr/login"), [""; 0], "no TLS");
    assert_eq!(found("http://127.0.0.1:4000/cas/login"), ["demonstration"]);
    assert_eq!(found("http://localhost:4000/cas/login"), [""; 0], "a name, not a literal address");
}

proptest::proptest! {
    #[test]
    fn no_search_is_too_odd(text in "\\PC*") {
        let registry = Registry::builtin();
        let _ = (registry.search(&text), registry.of_host(&text), registry.get(&text));
    }
}
