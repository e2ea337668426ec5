use serde_json::json;

use crate::pages::genre;
use crate::pages::testing::{Desk, FANNY, FLORE, PAUL, elements, has_all};

#[test]
fn every_pupil_of_a_class_has_an_identity_and_a_guardian() {
    let mut desk = Desk::open();
    let class = desk.school.classes.first().unwrap().id;
    let class = json!({ "N": desk.ids(PAUL).write(genre::CLASS, class), "G": 1 });
    let data = desk.read(PAUL, "ListeRessources", json!({ "classe": class }));
    let pupils = elements(&data["listeRessources"]);
    assert!(pupils.len() > 10);
    for pupil in pupils {
        has_all(pupil, &["N", "L", "nom", "prenoms", "sexe", "entree.V", "neLe.V", "listeProjets.V"]);
        let card = desk.read(
            PAUL,
            "FicheEleve",
            json!({ "Eleve": { "N": pupil["N"] }, "AvecEleve": true, "AvecResponsables": true }),
        );
        has_all(&card["Identite"]["V"], &["CP", "nom", "pays", "ville"]);
        assert!(card["Identite"]["V"]["dateNaiss"].is_string());
        assert!(!elements(&card["Responsables"]).is_empty());
        for guardian in elements(&card["Responsables"]) {
            has_all(guardian, &["CP", "nom", "pays", "ville", "autoriseEmail", "lienParente", "niveauResponsabilite"]);
        }
    }
}

#[test]
fn families_and_wrong_numbers_are_refused() {
    let mut desk = Desk::open();
    for who in [FANNY, FLORE] {
        let class = json!({ "N": desk.ids(who).write(genre::CLASS, 1_u64) });
        assert_eq!(desk.ask(who, "ListeRessources", json!({ "classe": class })).unwrap_err().code, 3);
    }
    let teacher = desk.person(PAUL, "BROWN Julie");
    assert_eq!(desk.ask(PAUL, "FicheEleve", json!({ "Eleve": teacher })).unwrap_err().code, 3);
}
