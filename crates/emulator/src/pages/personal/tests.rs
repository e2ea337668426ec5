use serde_json::json;

use crate::pages::testing::{Desk, FANNY, FLORE, has_all};
use crate::school::PersonId;

const STRINGS: [&str; 12] = [
    "adresse1",
    "adresse2",
    "adresse3",
    "adresse4",
    "codePostal",
    "ville",
    "province",
    "pays",
    "eMail",
    "indicatifTel",
    "telephonePortable",
    "numeroINE",
];

#[test]
fn every_field_is_a_text_whatever_the_tab() {
    let mut desk = Desk::open();
    for who in [FANNY, FLORE] {
        let data = desk.read(who, "PageInfosPerso", json!({}));
        for field in STRINGS {
            assert!(data["Informations"][field].is_string(), "{field}");
        }
        assert_eq!(data["Informations"]["numeroINE"], "001");
        assert!(data["Informations"]["telephonePortable"].as_str().unwrap().chars().all(|c| c.is_ascii_digit()));
        assert_eq!(data["securisation"]["mode"], 0);
        has_all(&data, &["iCal.liste.V[].paramICal", "iCal.liste.V[].paramSuppl"]);
    }
}

#[test]
fn a_guardian_reads_the_data_of_a_child_by_the_signature() {
    let mut desk = Desk::open();
    let own = desk.read(FLORE, "PageInfosPerso", json!({}));
    assert!(own["Informations"]["eMail"].as_str().unwrap().starts_with("flore."));
    let child = json!({ "ressource": desk.person(FLORE, "PARENT Léo") });
    let data = desk.ask_signed(FLORE, "PageInfosPerso", &child, &json!({})).unwrap().data;
    assert!(data["Informations"]["eMail"].as_str().unwrap().starts_with("leo."));
    let other = json!({ "ressource": desk.person(FLORE, "NOËL Anaïs") });
    assert_eq!(desk.ask_signed(FLORE, "PageInfosPerso", &other, &json!({})).unwrap_err().code, 3);
}

#[test]
fn a_calendar_secret_opens_one_calendar_and_fits_in_an_address() {
    let desk = Desk::open();
    let token = super::calendar_token(&desk.school, PersonId(1));
    assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    assert_eq!(super::calendar_owner(&desk.school, &token), Some(PersonId(1)));
    assert_eq!(super::calendar_owner(&desk.school, "AAAA"), None);
}
