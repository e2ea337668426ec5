//! Lesson contents and homework.

use jiff::civil::date;
use serde_json::{Value, json};

use super::super::{Upload, documents};
use super::{Session, elements, has, mother, pupil};

#[test]
fn contents_belong_to_lessons_of_the_timetable() {
    let mut session = pupil();
    let monday = session.school.year.first_monday();
    let data = session.ask("PageEmploiDuTemps", 16, json!({ "numeroSemaine": 1 }));
    let friday = date(monday.year(), monday.month(), monday.day() + 4).strftime("%d/%m/%Y").to_string();
    let starts = |lesson: &&Value| lesson["DateDuCours"]["V"].as_str().unwrap().starts_with(&friday);
    let lesson = data["ListeCours"].as_array().unwrap().iter().find(starts).unwrap().clone();
    let data = session.ask("PageCahierDeTexte", 89, json!({ "domaine": { "_T": 8, "V": "[1..1]" } }));
    let content = elements(&data["ListeCahierDeTextes"])
        .iter()
        .find(|content| content["cours"]["V"]["N"] == lesson["N"])
        .unwrap();
    assert_eq!(content["N"], lesson["cahierDeTextes"]["V"]["N"]);
    has(content, &["Matiere", "listeGroupes", "listeProfesseurs", "Date", "DateFin"]);
    has(
        &elements(&content["listeContenus"])[0],
        &["descriptif", "categorie", "ListePieceJointe", "ListeThemes", "training"],
    );

    let one =
        session.ask("donneesContenusCDT", 89, json!({ "cahierDeTextes": { "N": content["N"] }, "pourTAF": true }));
    let one = &elements(&one["ListeCahierDeTextes"])[0];
    assert_eq!(one["N"], content["N"]);
    elements(&one["ListeTravailAFaire"]);
    let resources = session.ask("RessourcePedagogique", 99, json!({ "avecRessourcesPronote": true }));
    has(&elements(&resources["listeRessources"])[0], &["ressource", "date", "matiere"]);
}

fn homework(session: &mut Session) -> Vec<Value> {
    let week = session.current_week();
    let domain = format!("[{}..{}]", week, week + 2);
    let data = session.ask("PageCahierDeTexte", 88, json!({ "domaine": { "_T": 8, "V": domain } }));
    elements(&data["ListeTravauxAFaire"]).clone()
}

#[test]
fn homework_is_ticked_and_stays_ticked() {
    let mut session = pupil();
    let list = homework(&mut session);
    for element in &list {
        has(
            element,
            &["N", "descriptif", "PourLe", "TAFFait", "Matiere", "niveauDifficulte", "ListePieceJointe", "ListeThemes"],
        );
    }
    let todo = list.iter().find(|element| element["TAFFait"] == json!(false)).unwrap()["N"].clone();
    let report = session.save("SaisieTAFFaitEleve", 88, json!({ "listeTAF": [{ "N": todo, "TAFFait": true }] }));
    assert_eq!(report, json!({}));
    let after = homework(&mut session);
    assert_eq!(after.iter().find(|element| element["N"] == todo).unwrap()["TAFFait"], json!(true));
    session.save("SaisieTAFFaitEleve", 88, json!({ "listeTAF": [{ "N": todo, "TAFFait": false, "E": 2 }] }));
    let after = homework(&mut session);
    assert_eq!(after.iter().find(|element| element["N"] == todo).unwrap()["TAFFait"], json!(false));
}

#[test]
fn a_guardian_may_not_tick_homework() {
    let mut session = mother();
    let todo = homework(&mut session)[0]["N"].clone();
    let report = session.save("SaisieTAFFaitEleve", 88, json!({ "listeTAF": [{ "N": todo, "TAFFait": true }] }));
    assert_eq!(report["_erreurSaisie_"], json!(true));
}

#[test]
fn a_file_is_handed_in_read_back_and_taken_back() {
    let mut session = pupil();
    let open = |element: &&Value| element["peuRendre"] == json!(true) && element["genreRendu"] == json!(2);
    let id = homework(&mut session).iter().find(open).unwrap()["N"].clone();
    let find = |session: &mut Session| homework(session).into_iter().find(|element| element["N"] == id).unwrap();
    let element = |key: &str| json!({ "listeFichiers": [{ "E": 1, "G": 1, "L": "rédaction.txt", "N": -1001, "idFichier": key, "TAF": { "N": id } }] });
    let report = session.save("SaisieTAFARendreEleve", 88, element("selecfile_1_5"));
    assert_eq!(report["_erreurSaisie_"], json!(true), "nothing was uploaded");

    let upload = Upload { name: "redaction.txt".to_owned(), bytes: b"Il pleut.".to_vec() };
    session.uploads.insert("selecfile_1_5".to_owned(), upload);
    assert_eq!(session.save("SaisieTAFARendreEleve", 88, element("selecfile_1_5")), json!({}));
    let document = find(&mut session)["documentRendu"]["V"].clone();
    assert_eq!(document["L"], "rédaction.txt");
    let file = documents::file(&session.school, &session.ids, &json!({ "N": document["N"], "Actif": true })).unwrap();
    assert_eq!(file.bytes, b"Il pleut.");

    session.save("SaisieTAFARendreEleve", 88, json!({ "listeFichiers": [{ "E": 3, "TAF": { "N": id } }] }));
    assert!(find(&mut session).get("documentRendu").is_none());
}
