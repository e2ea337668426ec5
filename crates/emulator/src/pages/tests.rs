//! The study pages, asked as clients ask them.

use jiff::civil::date;
use serde_json::{Value, json};

use super::testing::busy;
use super::{Answer, Call, Ids, Refusal, Upload, Uploads, Viewer, answer, documents, instance, personal};
use crate::school::{Account, Space};
use crate::{Clock, School};

/// A session: a school and the account that has signed in.
struct Session {
    school: School,
    ids: Ids,
    account: Account,
    uploads: Uploads,
}

impl Session {
    fn of(login: &str, space: Space) -> Self {
        Self::in_school(School::demo(Clock::Fixed(date(2025, 11, 20).at(10, 15, 0, 0))), login, space)
    }

    fn in_school(school: School, login: &str, space: Space) -> Self {
        let account = school.account(login, space).unwrap().clone();
        Self { school, ids: Ids::for_session(1, "7"), account, uploads: Uploads::new() }
    }

    fn try_ask(&mut self, function: &str, tab: i64, data: &Value, signature: &Value) -> Result<Answer, Refusal> {
        let viewer = Viewer::of(&self.school, &self.ids, &self.account, signature, data)?;
        let call = Call { function, tab: Some(tab), data, signature, viewer, uploads: &self.uploads };
        answer(&mut self.school, &self.ids, &call)
    }

    fn ask(&mut self, function: &str, tab: i64, data: Value) -> Value {
        self.try_ask(function, tab, &data, &Value::Null).unwrap().data
    }

    fn save(&mut self, function: &str, tab: i64, data: Value) -> Value {
        self.try_ask(function, tab, &data, &Value::Null).unwrap().report.unwrap()
    }

    fn parameters(&mut self) -> Value {
        self.ask("ParametresUtilisateur", 7, json!({}))
    }

    fn period(&self, name: &str) -> Value {
        let data = instance::instance(&self.school, &self.ids, self.account.space, "2026.1.3");
        let periods = data["General"]["ListePeriodes"].as_array().unwrap().clone();
        periods.into_iter().find(|period| period["L"] == name).unwrap()
    }

    fn current_week(&self) -> u32 {
        self.school.year.week(self.school.clock.today())
    }
}

fn pupil() -> Session {
    Session::of("demonstration", Space::Student)
}

fn mother() -> Session {
    Session::of("demonstration", Space::Guardian)
}

fn elements(list: &Value) -> &Vec<Value> {
    assert_eq!(list["_T"], 24, "{list}");
    list["V"].as_array().unwrap()
}

/// Fails on the first of the fields that an element lacks.
fn has(element: &Value, fields: &[&str]) {
    for field in fields {
        assert!(!element[*field].is_null(), "no {field} in {element}");
    }
}

/// Every value anywhere in an answer.
fn everywhere<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str, &'a Value)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                visit(name, value);
                everywhere(value, visit);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| everywhere(value, visit)),
        _ => {}
    }
}

#[test]
fn the_instance_tells_the_calendar_as_clients_read_it() {
    let session = pupil();
    let data = instance::instance(&session.school, &session.ids, Space::Student, "2026.1.3");
    let general = &data["General"];
    has(
        general,
        &["PremierLundi", "DerniereDate", "JourOuvre", "PlacesParJour", "listeJoursFeries", "LibellesFrequences"],
    );
    assert_eq!(general["PremierLundi"], json!({ "_T": 7, "V": "01/09/2025" }));
    assert_eq!(elements(&general["ListeHeures"]).len(), 21);
    let ends = elements(&general["ListeHeuresFin"]);
    assert_eq!(ends.len(), 21);
    assert_eq!((&ends[0]["L"], &ends[19]["L"], &ends[20]["G"]), (&json!("08h30"), &json!("18h00"), &json!(20)));
    assert_eq!(general["DomainesFrequences"].as_array().unwrap().len(), 3);
    let periods = general["ListePeriodes"].as_array().unwrap();
    assert_eq!(periods.len(), 6);
    for period in periods {
        has(period, &["N", "L", "G", "dateDebut", "dateFin"]);
    }
}

#[test]
fn every_space_is_told_who_it_is() {
    for (login, space, name) in [
        ("demonstration", Space::Student, "PARENT Fanny"),
        ("demonstration", Space::Guardian, "PARENT Flore"),
        ("demonstration", Space::Teacher, "BROWN J."),
        ("demonstration2", Space::SchoolLife, "MARTIN P."),
    ] {
        let data = Session::of(login, space).parameters();
        assert_eq!(data["ressource"]["L"], name);
        has(&data["ressource"], &["N", "G", "Etablissement", "avecPhoto", "listeOngletsPourPeriodes"]);
        assert!(data["autorisations"]["tailleMaxRenduTafEleve"].is_u64());
        let text = data["listeOnglets"].to_string();
        assert!(text.contains("{\"G\":7}") && text.contains("{\"G\":49}"), "{text}");
    }
    let children = mother().parameters()["ressource"]["listeRessources"].clone();
    let names: Vec<&str> = children.as_array().unwrap().iter().map(|child| child["L"].as_str().unwrap()).collect();
    assert_eq!(names, ["PARENT Fanny", "PARENT Léo"]);
    let classes = Session::of("demonstration2", Space::SchoolLife).parameters()["listeClasses"].clone();
    has(&elements(&classes)[0], &["N", "L", "estResponsable", "niveau"]);
}

#[test]
fn the_current_term_is_the_default_period() {
    let data = pupil().parameters();
    for tab in elements(&data["ressource"]["listeOngletsPourPeriodes"]) {
        assert_eq!(tab["periodeParDefaut"]["V"]["L"], "Trimestre 1");
        assert_eq!(elements(&tab["listePeriodes"]).len(), 3);
    }
}

#[test]
fn a_week_of_lessons_has_every_needed_field_and_no_forbidden_one() {
    let mut session = pupil();
    let week = session.current_week();
    let data = session.ask("PageEmploiDuTemps", 16, json!({ "NumeroSemaine": week, "numeroSemaine": week }));
    let lessons = data["ListeCours"].as_array().unwrap();
    assert!(lessons.len() > 20);
    for lesson in lessons {
        has(lesson, &["N", "place", "duree", "DateDuCours", "DateDuCoursFin", "ListeContenus"]);
        assert_ne!(lesson["estRetenue"], json!(false));
        let first = &elements(&lesson["ListeContenus"])[0];
        assert!(first["estHoraire"] == json!(true) || !first["N"].is_null(), "{first}");
    }
    let count = |field: &str| lessons.iter().filter(|lesson| !lesson[field].is_null()).count();
    for field in
        ["estAnnule", "estRetenue", "estSortiePedagogique", "dispenseEleve", "listeVisios", "memo", "cahierDeTextes"]
    {
        assert!(count(field) > 0, "{field}");
    }
    let starts: Vec<&str> = lessons.iter().map(|lesson| lesson["DateDuCours"]["V"].as_str().unwrap()).collect();
    assert!(starts.is_sorted(), "{starts:?}");
}

#[test]
fn detentions_and_outings_can_be_left_out() {
    let mut session = pupil();
    let week = session.current_week();
    let asked = json!({ "numeroSemaine": week, "avecRetenuesEleve": false, "avecCoursSortiePeda": false });
    let data = session.ask("PageEmploiDuTemps", 16, asked);
    everywhere(&data, &mut |name, _| assert!(name != "estRetenue" && name != "estSortiePedagogique"));
}

#[test]
fn a_week_an_interval_and_a_domain_give_the_same_lessons() {
    let mut session = pupil();
    let week = session.current_week();
    let by_week = session.ask("PageEmploiDuTemps", 16, json!({ "numeroSemaine": week.to_string() }));
    let unpadded =
        json!({ "DateDebut": { "_T": 7, "V": "17/11/2025 0:0:0" }, "DateFin": { "_T": 7, "V": "23/11/2025 0:0:0" } });
    let by_days = session.ask("PageEmploiDuTemps", 16, unpadded);
    let by_domain =
        session.ask("PageEmploiDuTemps", 16, json!({ "Domaine": { "_T": 8, "V": format!("[{week}..{week}]") } }));
    assert_eq!(by_week["ListeCours"], by_days["ListeCours"]);
    assert_eq!(by_week["ListeCours"], by_domain["ListeCours"]);
    let one_day = session.ask("PageEmploiDuTemps", 16, json!({ "dateDebut": { "_T": 7, "V": "20/11/2025" } }));
    everywhere(&one_day["ListeCours"], &mut |name, value| {
        if name == "DateDuCours" {
            assert!(value["V"].as_str().unwrap().starts_with("20/11/2025"));
        }
    });
    assert_eq!(session.ask("PageEmploiDuTemps", 16, json!({ "numeroSemaine": -3 }))["ListeCours"], json!([]));
}

#[test]
fn a_pupil_sees_no_other_timetable_and_a_teacher_sees_any_class() {
    let mut session = pupil();
    let other = session.school.people.iter().find(|person| person.first_name == "Léo").unwrap();
    let data = json!({ "ressource": { "N": session.ids.write(4, other.id), "G": 4 } });
    assert_eq!(session.try_ask("PageEmploiDuTemps", 16, &data, &Value::Null).unwrap_err().code, 3);
    let mut session = Session::of("demonstration", Space::Teacher);
    let data = json!({ "ressource": { "N": session.ids.write(1, 1_u64), "G": 1 } });
    assert!(session.ask("PageEmploiDuTemps", 16, data)["ListeCours"].as_array().unwrap().len() > 20);
}

#[test]
fn a_guardian_chooses_a_child_by_signature_or_data_and_nobody_else() {
    let mut session = mother();
    let child = |session: &Session, name: &str| {
        let child = session.school.people.iter().find(|person| person.name() == name).unwrap();
        json!({ "N": session.ids.write(4, child.id), "G": 4 })
    };
    let (leo, anais) = (child(&session, "PARENT Léo"), child(&session, "NOËL Anaïs"));
    let lessons = |session: &mut Session, data: Value, signature: Value| {
        session.try_ask("PageEmploiDuTemps", 16, &data, &signature).map(|answer| answer.data["ListeCours"].clone())
    };
    let first = lessons(&mut session, json!({}), Value::Null).unwrap();
    let by_signature = lessons(&mut session, json!({}), json!({ "membre": leo })).unwrap();
    assert_ne!(first, by_signature);
    assert_eq!(by_signature, lessons(&mut session, json!({ "ressource": leo }), Value::Null).unwrap());
    assert_eq!(lessons(&mut session, json!({}), json!({ "membre": anais })).unwrap_err().code, 3);
    let foreign = json!({ "membre": { "N": Ids::for_session(1, "8").write(4, 2_u64), "G": 4 } });
    assert_eq!(lessons(&mut session, json!({}), foreign).unwrap_err().code, 22);
}

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

#[test]
fn the_timetable_pdf_and_the_calendar_need_no_session() {
    let mut session = pupil();
    let asked = json!({ "genreGenerationPDF": 0, "domaine": { "_T": 8, "V": "[0]" } });
    let url = session.ask("GenerationPDF", 16, asked)["url"]["V"].clone();
    let document = documents::generated(&session.school, url.as_str().unwrap()).unwrap();
    assert_eq!((document.name.as_str(), document.media_type), ("Emploi du temps.pdf", "application/pdf"));
    assert!(documents::generated(&session.school, "DocumentsGeneres/901-AAAA/x.pdf").is_none());
    let token = personal::calendar_token(&session.school, session.account.person);
    let calendar = String::from_utf8(documents::calendar(&session.school, &token).unwrap().bytes).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n") && calendar.trim_end().ends_with("END:VCALENDAR"));
    assert!(
        calendar.contains("STATUS:CANCELLED") && calendar.contains("DTSTART:20250905T060000Z"),
        "{}",
        &calendar[..600]
    );
    assert!(documents::calendar(&session.school, "rien").is_none());
}

#[test]
fn photos_and_attachments_are_found_by_identifier() {
    let mut session = pupil();
    let photo = json!({ "N": session.parameters()["ressource"]["N"], "Actif": true });
    assert!(documents::file(&session.school, &session.ids, &photo).unwrap().bytes.starts_with(b"\x89PNG"));
    let grades = session.ask("DernieresNotes", 198, json!({ "Periode": session.period("Trimestre 1") }));
    let grade = elements(&grades["listeDevoirs"]).iter().find(|grade| !grade["libelleSujet"].is_null()).unwrap();
    let subject = json!({ "N": grade["N"], "Actif": true, "G": "DevoirSujet" });
    assert_eq!(documents::file(&session.school, &session.ids, &subject).unwrap().media_type, "application/pdf");
    assert!(documents::file(&session.school, &session.ids, &json!({ "N": "48#x" })).is_none());
}

#[test]
fn no_answer_holds_a_null_or_an_empty_identifier() {
    let mut session = pupil();
    let term = session.period("Trimestre 1");
    let weeks = json!({ "domaine": { "_T": 8, "V": "[1..44]" } });
    for (function, tab, data) in [
        ("ParametresUtilisateur", 7, json!({})),
        ("PageEmploiDuTemps", 16, json!({ "Domaine": { "_T": 8, "V": "[1..44]" }, "avecAbsencesEleve": true })),
        ("PageCahierDeTexte", 88, weeks.clone()),
        ("PageCahierDeTexte", 89, weeks),
        ("DernieresNotes", 198, json!({ "Periode": term })),
        ("PageBulletins", 13, json!({ "periode": term })),
        ("DernieresEvaluations", 201, json!({ "periode": term })),
        ("PagePresence", 19, json!({ "periode": term })),
    ] {
        let answer = session.ask(function, tab, data);
        everywhere(&answer, &mut |name, value| {
            assert!(!value.is_null(), "{function}: {name}");
            assert!(name != "N" || value.as_str().is_some_and(|id| !id.is_empty()), "{function}: {name}");
        });
    }
}

#[test]
fn our_own_library_reads_every_page_without_a_diagnostic() {
    use pronote::functions::{Context, decode, instance as parameters, user};

    for (login, space) in [
        ("demonstration", Space::Student),
        ("demonstration", Space::Guardian),
        ("demonstration", Space::Teacher),
        ("demonstration2", Space::SchoolLife),
    ] {
        let mut session = Session::of(login, space);
        let data = instance::instance(&session.school, &session.ids, space, "2026.1.3");
        let (read, diagnostics) =
            decode::read::<parameters::Request>(&json!({ "data": data }).to_string(), &Context::default()).unwrap();
        assert_eq!(diagnostics, []);
        let context = Context { instance: read.into(), ..Context::default() };
        let data = json!({ "data": session.parameters() });
        let (read, diagnostics) = decode::read::<user::Request>(&data.to_string(), &context).unwrap();
        assert_eq!(diagnostics, []);
        let context = Context { user: read.into(), ..context };
        let mut check = |function: &str, tab: u32, asked: Value| {
            let data = json!({ "data": session.ask(function, tab.into(), asked) });
            let decoded = decode::decode(function, Some(tab), &data.to_string(), &context).unwrap();
            assert_eq!(decoded.diagnostics, [], "{function} {tab}");
        };
        if matches!(space, Space::Student | Space::Guardian | Space::Teacher) {
            check(
                "PageEmploiDuTemps",
                16,
                json!({ "Domaine": { "_T": 8, "V": "[1..44]" }, "avecAbsencesEleve": true }),
            );
        }
        if matches!(space, Space::Student | Space::Guardian) {
            let weeks = json!({ "domaine": { "_T": 8, "V": "[1..44]" } });
            check("PageEmploiDuTemps_DomainePresence", 16, json!({}));
            check("PageCahierDeTexte", 88, weeks.clone());
            check("PageCahierDeTexte", 89, weeks);
            check("RessourcePedagogique", 99, json!({}));
            check("DernieresNotes", 198, json!({}));
            check("DernieresEvaluations", 201, json!({}));
            check("PagePresence", 19, json!({}));
            check("PageEquipePedagogique", 37, json!({}));
            check("GenerationPDF", 16, json!({ "genreGenerationPDF": 0 }));
        }
    }
}

#[test]
fn our_own_library_reads_reports_published_and_not() {
    use pronote::functions::{Context, decode};

    let mut session = pupil();
    for (term, published) in [("Trimestre 1", true), ("Trimestre 2", false)] {
        let data = json!({ "data": session.ask("PageBulletins", 13, json!({ "periode": session.period(term) })) });
        let decoded = decode::decode("PageBulletins", Some(13), &data.to_string(), &Context::default()).unwrap();
        assert_eq!((decoded.diagnostics, &decoded.value["published"]), (vec![], &json!(published)));
    }
}

#[test]
fn a_tab_of_another_space_and_an_unknown_function_are_refused() {
    let mut session = pupil();
    assert_eq!(session.try_ask("ListeRessources", 105, &json!({}), &Value::Null).unwrap_err().code, 3);
    assert_eq!(session.try_ask("PageInconnue", 7, &json!({}), &Value::Null).unwrap_err().code, 3);
}

#[test]
fn the_same_school_answers_the_same_bytes() {
    let ask = || {
        let mut session = pupil();
        let week = session.current_week();
        session.ask("PageEmploiDuTemps", 16, json!({ "numeroSemaine": week })).to_string()
    };
    assert_eq!(ask(), ask());
}

#[test]
fn a_page_of_five_thousand_pupils_still_answers() {
    let school = School::generate(5_000, 1, Clock::Fixed(date(2025, 11, 20).at(10, 15, 0, 0)));
    let last = school.people.iter().rfind(|person| person.kind == crate::school::Kind::Student).unwrap().id;
    let mut session = Session::in_school(school, &format!("eleve{last}"), Space::Student);
    let start = busy();
    let week = session.current_week();
    let lessons = session.ask("PageEmploiDuTemps", 16, json!({ "numeroSemaine": week }));
    assert!(lessons["ListeCours"].as_array().unwrap().len() > 20);
    let term = session.period("Trimestre 1");
    let grades = session.ask("DernieresNotes", 198, json!({ "Periode": term }));
    assert!(!elements(&grades["listeDevoirs"]).is_empty());
    let taken = busy() - start;
    assert!(taken.as_secs() < 5, "{taken:?}");
}
