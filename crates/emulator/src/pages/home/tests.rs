use serde_json::json;

use crate::pages::testing::{ANAIS, Desk, FANNY, FLORE, PAUL, elements, has_all};

#[test]
fn links_have_no_sso_and_partners_have_one() {
    let mut desk = Desk::open();
    let page = desk.read(FANNY, "PageAccueil", json!({ "avecConseilDeClasse": true }));
    let links = elements(&page["lienUtile"]["listeLiens"]);
    assert!(links.iter().any(|link| link.get("SSO").is_none() && link["url"].is_string()));
    assert!(links.iter().any(|link| link["SSO"]["codePartenaire"] == "TURBOSELF"));
    let wallet = &page["partenaireARD"]["porteMonnaie"]["V"][0];
    has_all(wallet, &["libellePorteMonnaie", "valeurSolde", "avecWarning", "hintSolde", "hintPorteMonnaie"]);
    let balance = wallet["valeurSolde"].as_str().unwrap();
    let number = balance.trim_end_matches("\u{a0}€").replace(',', ".");
    assert!(number.parse::<rust_decimal::Decimal>().unwrap().scale() == 2, "{balance}");
    assert!(page["agenda"]["listeEvenements"].as_array().unwrap().len() > 1);
    has_all(&page["menuDeLaCantine"], &["listeRepas.V[].listePlats.V[].listeAliments.V[].L"]);
    has_all(&page, &["actualites.listeModesAff", "discussions.listeMessagerie.V"]);
}

#[test]
fn a_guardian_sees_the_wallet_of_the_child_and_staff_none() {
    let mut desk = Desk::open();
    let of = |desk: &mut Desk, who| desk.read(who, "PageAccueil", json!({}))["partenaireARD"]["porteMonnaie"].clone();
    assert_eq!(of(&mut desk, FLORE), of(&mut desk, FANNY));
    assert!(desk.read(PAUL, "PageAccueil", json!({})).get("partenaireARD").is_none());
}

#[test]
fn a_partner_is_entered_with_the_sso_given_and_with_no_other() {
    let mut desk = Desk::open();
    let page = desk.read(FANNY, "PageAccueil", json!({}));
    for sso in [&page["partenaireARD"]["SSO"], &page["lienUtile"]["listeLiens"]["V"][2]["SSO"]] {
        let answer = desk.ask(FANNY, "SaisieURLPartenaire", json!({ "SSO": sso })).unwrap();
        assert!(answer.report.unwrap()["urlSSO"]["V"].as_str().unwrap().starts_with("https://"));
        assert!(desk.ask(ANAIS, "SaisieURLPartenaire", json!({ "SSO": sso })).is_err());
    }
    assert!(desk.ask(FANNY, "SaisieURLPartenaire", json!({ "SSO": { "codePartenaire": "TURBOSELF" } })).is_err());
    assert!(desk.ask(FANNY, "SaisieURLPartenaire", json!({})).is_err());
}

#[test]
fn single_widgets_can_be_asked_for() {
    let mut desk = Desk::open();
    let page = desk.read(FANNY, "PageAccueil", json!({ "widgets": [8] }));
    assert!(page.get("agenda").is_some() && page.get("lienUtile").is_some());
    assert!(page.get("actualites").is_none() && page.get("partenaireARD").is_none());
    assert!(page.get("ListeCours").is_none() && page.get("notes").is_none());
}

#[test]
fn the_day_and_the_work_of_a_pupil_are_there_for_pupil_and_guardian() {
    let mut desk = Desk::open();
    for who in [FANNY, FLORE] {
        let page = desk.read(who, "PageAccueil", json!({ "dateGrille": { "_T": 7, "V": "21/11/2025 0:0:0" } }));
        let lessons = page["ListeCours"].as_array().unwrap();
        assert!(!lessons.is_empty());
        assert!(lessons.iter().all(|lesson| lesson["DateDuCours"]["V"].as_str().unwrap().starts_with("21/11/2025")));
        assert_eq!(page["prochaineDate"]["V"], "24/11/2025");
        has_all(&page["travailAFaire"], &["listeTAF.V[].pourLe.V", "listeTAF.V[].matiere.V.L", "listeTAF.V[].TAFFait"]);
        assert!(!elements(&page["travailAFaire"]["listeTAF"]).is_empty());
        assert_eq!(elements(&page["notes"]["listeDevoirs"]).len(), 5);
        has_all(&page, &["competences.listeEvaluations.V", "vieScolaire.listeAbsences.V", "notes.page.periode.V.N"]);
    }
    let page = desk.read(PAUL, "PageAccueil", json!({}));
    assert!(page.get("notes").is_none() && page["lienUtile"].is_object());
}
