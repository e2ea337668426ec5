//! Grades, report cards, evaluations, school life and the teaching team.

use serde_json::{Value, json};

use super::super::documents;
use super::{elements, has, mother, pupil};

#[test]
fn grades_carry_what_clients_need_and_name_known_periods() {
    let mut session = pupil();
    let term = session.period("Trimestre 1");
    for key in ["Periode", "periode"] {
        let data = session.ask("DernieresNotes", 198, json!({ key: { "N": term["N"], "L": "x", "G": 2 } }));
        let grades = elements(&data["listeDevoirs"]);
        assert!(grades.len() > 30);
        for grade in grades {
            has(grade, &["N", "note", "bareme", "baremeParDefaut", "date", "service", "periode", "noteMax", "noteMin"]);
            assert_eq!(grade["periode"]["V"]["N"], term["N"]);
            assert!(grade["coefficient"].is_number());
        }
        let services = elements(&data["listeServices"]);
        for service in services {
            has(service, &["N", "L", "moyEleve", "baremeMoyEleve", "moyClasse", "moyMin", "moyMax"]);
        }
        assert!(services.iter().any(|service| service["moyEleve"]["V"] == ""), "a hidden average");
        has(&data, &["moyGenerale", "moyGeneraleClasse"]);
    }
    let unknown = session.ask("DernieresNotes", 198, json!({ "Periode": { "N": session.ids.write(11, 99_u64) } }));
    assert!(elements(&unknown["listeDevoirs"]).is_empty());
}

#[test]
fn the_overall_average_of_some_classes_is_hidden() {
    let mut session = mother();
    let leo = session.school.people.iter().find(|person| person.first_name == "Léo").unwrap().id;
    let signature = json!({ "membre": { "N": session.ids.write(4, leo), "G": 4 } });
    let data = json!({ "Periode": { "N": session.period("Trimestre 1")["N"] } });
    let data = session.try_ask("DernieresNotes", 198, &data, &signature).unwrap().data;
    assert!(data.get("moyGenerale").is_none());
    assert!(!elements(&data["listeServices"]).is_empty());
}

#[test]
fn a_published_report_has_its_pdf_and_is_acknowledged_by_a_guardian() {
    let mut session = mother();
    let term = json!({ "periode": { "N": session.period("Trimestre 1")["N"], "G": 2 }, "classe": {}, "eleve": {} });
    let data = session.ask("PageBulletins", 13, term.clone());
    for subject in elements(&data["ListeServices"]) {
        has(
            subject,
            &[
                "N",
                "couleur",
                "Matiere",
                "SurMatiere",
                "Coefficient",
                "MoyenneEleve",
                "MoyenneInf",
                "ListeAppreciations",
            ],
        );
    }
    elements(&data["ObjetListeAppreciations"]["V"]["ListeAppreciations"]);
    let url =
        session.ask("GenerationPDF", 13, json!({ "genreGenerationPDF": 2, "periode": term["periode"] }))["url"]["V"]
            .clone();
    let document = documents::generated(&session.school, url.as_str().unwrap()).unwrap();
    assert!(document.bytes.starts_with(b"%PDF"));
    assert_eq!(session.save("SaisieAccuseReceptionDocument", 13, term.clone()), json!({}));
    let read = session.ask("PageBulletins", 13, term)["listeAccusesReception"].clone();
    assert_eq!(elements(&read)[0]["aPrisConnaissance"], json!(true));
}

#[test]
fn an_unpublished_report_says_so_and_a_semester_has_none() {
    let mut session = pupil();
    let later = session.ask("PageBulletins", 13, json!({ "periode": session.period("Trimestre 2") }));
    assert!(later["Message"].as_str().unwrap().contains("sera publié"));
    assert_eq!(later["Message"], later["message"]);
    let semester = session.ask("PageBulletins", 13, json!({ "periode": session.period("Semestre 1") }));
    assert_eq!(semester, json!({}));
}

#[test]
fn evaluations_have_skills_with_and_without_an_item() {
    let mut session = pupil();
    let data = session.ask("DernieresEvaluations", 201, json!({ "periode": session.period("Trimestre 1") }));
    let evaluations = elements(&data["listeEvaluations"]);
    assert!(!evaluations.is_empty());
    let (mut with, mut without) = (0, 0);
    for evaluation in evaluations {
        has(evaluation, &["N", "L", "descriptif", "date", "matiere", "individu", "listePaliers"]);
        assert!(evaluation["coefficient"].is_u64());
        for skill in elements(&evaluation["listeNiveauxDAcquisitions"]) {
            has(skill, &["N", "L", "abbreviation", "ordre", "coefficient", "domaine"]);
            assert!(skill["pilier"]["V"]["strPrefixes"].is_string());
            if skill["item"].is_null() { without += 1 } else { with += 1 }
        }
    }
    assert!(with > 0 && without > 0);
}

#[test]
fn school_life_has_every_kind_of_event() {
    let mut session = pupil();
    let data = session.ask("PagePresence", 19, json!({ "periode": session.period("Année continue") }));
    let events = elements(&data["listeAbsences"]);
    for genre in [13, 14, 15, 21, 22, 40, 41, 42, 44, 46, 72, 73, 105, 121] {
        assert!(events.iter().any(|event| event["G"] == genre), "{genre}");
    }
    for event in events {
        has(event, &["N", "G", "page", "listeMotifs"]);
        let unknown_reason = event["estMotifNonEncoreConnu"] == json!(true);
        match event["G"].as_i64() {
            Some(13) => has(event, &["dateDebut", "dateFin", "NbrHeures", "NbrJours"]),
            Some(14) => has(event, &["date", "duree"]),
            Some(41) => {
                has(event, &["dateDemande", "placeDemande", "nature", "demandeur", "programmation", "documentsTAF"]);
            }
            Some(46) => has(event, &["rubrique", "matiere"]),
            Some(72) => has(event, &["nature", "decideur", "demandeur", "dateDebut", "dateFin", "interditAcces"]),
            _ => {}
        }
        if matches!(event["G"].as_i64(), Some(13 | 14)) && !unknown_reason {
            assert!(!elements(&event["listeMotifs"]).is_empty());
        }
        assert!(event["estUneExclusion"].is_null() || event["G"] == 41 || event["G"] == 72, "{event}");
    }
    let hours = elements(&data["Matieres"]);
    assert!(hours.iter().any(|subject| subject["absence"].as_i64().unwrap() > 0));
    assert!(hours.iter().all(|subject| subject["suivi"].as_i64().unwrap() > 3_600));
}

#[test]
fn the_team_teaches_and_has_hours() {
    let data = pupil().ask("PageEquipePedagogique", 37, Value::Null);
    let team = elements(&data["liste"]);
    for adult in team {
        has(adult, &["N", "L", "P", "G", "matieres"]);
    }
    let mathematics = team.iter().find(|adult| adult["L"] == "BROWN J.").unwrap();
    assert_eq!(elements(&mathematics["matieres"])[0]["volumeHoraire"], "4h00");
}
