//! The study pages, asked as clients ask them.

mod results;
mod work;

use jiff::civil::date;
use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, Uploads, Viewer, answer, documents, instance, personal};
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
    let week = session.current_week();
    let lessons = session.ask("PageEmploiDuTemps", 16, json!({ "numeroSemaine": week }));
    assert!(lessons["ListeCours"].as_array().unwrap().len() > 20);
    let term = session.period("Trimestre 1");
    let grades = session.ask("DernieresNotes", 198, json!({ "Periode": term }));
    assert!(!elements(&grades["listeDevoirs"]).is_empty());
}
