//! What the gateway mends of its 2.x ancestor's ways, beyond what the cases say.

use emulator::school::{Body, File, FileId, Happening};
use jiff::civil::{Date, date};
use serde_json::{Value, json};

use super::desk::{Desk, period_of, until};
use crate::fixture::{self, list, mark};

#[tokio::test]
async fn an_empty_portal_and_a_null_account_kind_are_none() {
    let desk = Desk::open().await;
    for (field, value) in [("cas", json!("")), ("account", Value::Null)] {
        let mut login = desk.jean();
        login[field] = value;
        desk.token(&login).await;
    }
}

#[tokio::test]
async fn signing_out_upstream_ends_the_keeping_alive() {
    let desk = Desk::open().await;
    let (leaver, stayer) = (desk.student().await, desk.student().await);
    let [left, stayed] = desk.sessions()[..] else { panic!("two sessions were opened") };
    for token in [&leaver, &stayer] {
        desk.data(token, "mutation{setKeepAlive(enabled:true)}").await;
    }
    desk.data(&leaver, "mutation{logout}").await;
    let (before, then) = (desk.presences(left), desk.presences(stayed));
    until("some time has passed", || desk.presences(stayed) >= then + 5).await;
    assert_eq!(desk.presences(left), before);
}

#[tokio::test]
async fn only_numbers_and_texts_are_dates() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    for wrong in ["true", "1.5", "{day:1}", "NOW", r#""1599004800000""#, r#""""#] {
        let answer = desk.ask(&token, &format!("{{timetable(from:{wrong}){{from}}}}")).await;
        assert!(answer["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{wrong}: {answer}");
        assert!(answer["data"].is_null() || answer["data"]["timetable"].is_null(), "{wrong}: {answer}");
    }
}

#[tokio::test]
async fn arguments_that_are_null_are_left_out() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let day = r#"from:"2020-09-02""#;
    let ask = async |arguments: &str| desk.data(&token, &format!("{{timetable({day}{arguments}){{from}}}}")).await;
    assert_eq!(ask(", to:null").await, ask("").await);
    let marks = desk.data(&token, "{marks(period:null){subjects{name}}}").await;
    assert_eq!(marks, desk.data(&token, "{marks{subjects{name}}}").await);
}

#[tokio::test]
async fn attachments_know_the_subject_and_the_date_of_what_they_belong_to() {
    let desk = Desk::open().await;
    let token = desk.student().await;
    let data = desk.data(&token, r#"{homeworks(from:"2020-09-03"){files{id subject time}}}"#).await;
    let file = &data["homeworks"][0]["files"][0];
    assert_eq!(file["subject"], "MATHS");
    assert!(file["time"].as_str().is_some_and(|time| time.parse::<i64>().is_ok()), "{file}");
}

#[tokio::test]
async fn a_link_is_told_as_the_link_it_is() {
    let desk = Desk::open().await;
    let link = "https://example.org/exercice";
    let body = Body::Url(link.to_owned());
    desk.school.school().files.put(File { id: FileId(1), name: "Exercice".to_owned(), body });
    let token = desk.student().await;
    let data = desk.data(&token, r#"{homeworks(from:"2020-09-03"){files{name url}}}"#).await;
    assert_eq!(data["homeworks"][0]["files"], json!([{ "name": "Exercice", "url": link }]));
}

#[tokio::test]
async fn an_average_of_zero_is_zero() {
    let desk = Desk::open().await;
    desk.school.script("DernieresNotes", |_, page| page["moyGenerale"] = mark("0,00"));
    let token = desk.student().await;
    let data = desk.data(&token, "{marks{averages{student}}}").await;
    assert_eq!(data["marks"]["averages"]["student"].as_f64(), Some(0.0));
}

#[tokio::test]
async fn a_mark_without_a_title_is_a_mark() {
    let desk = Desk::open().await;
    desk.school.script("DernieresNotes", |_, page| {
        list(page, "listeDevoirs")[0].as_object_mut().unwrap().remove("commentaire");
    });
    let token = desk.student().await;
    let data = desk.data(&token, "{marks{subjects{marks{title}}}}").await;
    assert_eq!(data["marks"]["subjects"][0]["marks"], json!([{ "title": "" }, { "title": "DS" }]));
}

#[tokio::test]
async fn a_mark_of_a_subject_that_is_not_listed_brings_its_subject() {
    let desk = Desk::open().await;
    desk.school.script("DernieresNotes", |_, page| {
        let service = &mut list(page, "listeDevoirs")[0]["service"]["V"];
        service["L"] = json!("ARTS");
        service["N"] = json!("12#arts");
    });
    let token = desk.student().await;
    let data = desk.data(&token, "{marks{subjects{name averages{student} marks{title}}}}").await;
    let [.., arts] = &data["marks"]["subjects"].as_array().unwrap()[..] else { panic!("{data}") };
    assert_eq!((&arts["name"], &arts["marks"]), (&json!("ARTS"), &json!([{ "title": "DS" }])));
    assert_eq!(arts["averages"]["student"].as_f64(), Some(-1.0));
}

#[tokio::test]
async fn texts_that_are_missing_are_empty() {
    let desk = Desk::open().await;
    desk.school.script("PageCahierDeTexte", |_, page| {
        for homework in list(page, "ListeTravauxAFaire") {
            homework.as_object_mut().unwrap().remove("descriptif");
        }
        for content in list(page, "ListeCahierDeTextes") {
            for entry in list(content, "listeContenus") {
                entry.as_object_mut().unwrap().remove("descriptif");
                entry["categorie"]["V"].as_object_mut().unwrap().remove("L");
            }
        }
    });
    desk.school.script("PageActualites", |_, page| {
        for item in list(&mut page["listeModesAff"][0], "listeActualites") {
            list(item, "listeQuestions")[0].as_object_mut().unwrap().remove("texte");
        }
    });
    let token = desk.student().await;
    let query = r#"{homeworks(from:"2020-09-03"){description htmlDescription} infos{content htmlContent}
        contents(from:"2020-09-02"){description htmlDescription category}}"#;
    let data = desk.data(&token, query).await;
    let empty = json!({ "description": "", "htmlDescription": "" });
    assert_eq!(data["homeworks"], json!([empty, empty]));
    assert_eq!(data["infos"], json!([{ "content": "", "htmlContent": "" }]));
    assert_eq!(data["contents"][0]["description"], "");
    assert_eq!(data["contents"][0]["htmlDescription"], "");
}

#[tokio::test]
async fn parts_that_are_missing_cost_nothing_else() {
    let desk = Desk::open().await;
    desk.school.script("DernieresEvaluations", |_, page| {
        list(page, "listeEvaluations")[0].as_object_mut().unwrap().remove("individu");
    });
    desk.school.script("PagePresence", |_, page| {
        page.as_object_mut().unwrap().remove("Matieres");
        for event in list(page, "listeAbsences") {
            event.as_object_mut().unwrap().remove("nature");
        }
    });
    desk.school.script("PageActualites", |_, page| {
        list(&mut page["listeModesAff"][0], "listeActualites")[0]["listeQuestions"]["V"] = json!([]);
    });
    let token = desk.student().await;
    let query = "{evaluations{teacher} absences{punishments{giver detention{id}} totals{subject}} infos{title content files{id}}}";
    let data = desk.data(&token, query).await;
    assert_eq!(data["evaluations"], json!([{ "teacher": "" }]));
    let absences = json!({ "punishments": [{ "giver": "Mme S", "detention": null }], "totals": [] });
    assert_eq!(data["absences"], absences);
    assert_eq!(data["infos"], json!([{ "title": "Réunion", "content": "", "files": [] }]));
}

#[tokio::test]
async fn half_an_hour_of_a_detention_is_not_lost() {
    let desk = Desk::open().await;
    for event in desk.school.school().events.iter_mut() {
        if let Happening::Punishment(punishment) = &mut event.what {
            punishment.sessions = vec![(date(2020, 9, 15), 5, 60)];
        }
    }
    let token = desk.student().await;
    let data = desk.data(&token, "{absences{punishments{detention{from to}}}}").await;
    let detention = json!({ "from": 1_600_158_600_000_u64, "to": 1_600_162_200_000_u64 });
    assert_eq!(data["absences"]["punishments"], json!([{ "detention": detention }]));
}

/// The period that is asked for on a day, when the school proposes none.
async fn period_on(day: Date, arguments: &str) -> String {
    let desk = Desk::on(day.at(15, 0, 0, 0)).await;
    desk.school.script("ParametresUtilisateur", |_, user| {
        for tab in list(&mut user["ressource"], "listeOngletsPourPeriodes") {
            tab.as_object_mut().unwrap().remove("periodeParDefaut");
        }
    });
    let token = desk.student().await;
    desk.data(&token, &format!("{{marks{arguments}{{averages{{student}}}}}}")).await;
    period_of(&desk.last("DernieresNotes"))
}

#[tokio::test]
async fn the_last_day_of_a_term_belongs_to_it() {
    assert_eq!(period_on(date(2020, 11, 30), "").await, "Trimestre 1");
    assert_eq!(period_on(date(2020, 12, 1), "").await, "Trimestre 2");
}

#[tokio::test]
async fn the_kind_of_a_period_stands_for_the_one_of_now() {
    let day = date(2021, 2, 10);
    assert_eq!(period_on(day, r#"(period:"trimester")"#).await, "Trimestre 2");
    assert_eq!(period_on(day, r#"(period:"semester")"#).await, "Semestre 2");
    assert_eq!(period_on(day, r#"(period:"year")"#).await, "Année continue");
}

#[tokio::test]
async fn a_range_is_asked_of_the_first_period_whatever_its_name() {
    let desk = Desk::open().await;
    for (period, name) in desk.school.school().year.periods.iter_mut().zip(["T1", "T2", "T3"]) {
        period.name = name.to_owned();
    }
    let token = desk.student().await;
    desk.data(&token, r#"{absences(from:"2020-09-01",to:"2021-07-01"){absences{from}}}"#).await;
    assert_eq!(period_of(&desk.last("PagePresence")), "T1");
}

#[tokio::test]
async fn a_school_of_new_caledonia_lives_by_its_own_clocks() {
    let desk = Desk::open().await;
    desk.school.script("FonctionParametres", |_, answer| answer["pourNouvelleCaledonie"] = json!(true));
    let token = desk.student().await;
    let data = desk.data(&token, r#"{params{forNewCaledonia firstDay} timetable(from:"2020-09-02"){from}}"#).await;
    assert_eq!(data["params"], json!({ "forNewCaledonia": true, "firstDay": 1_598_792_400_000_u64 }));
    // Eight o'clock in Nouméa.
    assert_eq!(data["timetable"][0]["from"], json!(1_598_994_000_000_u64));
}

#[tokio::test]
async fn what_an_account_does_not_say_is_zero() {
    let desk = Desk::open().await;
    desk.school.script("ParametresUtilisateur", |_, user| {
        user["autorisations"].as_object_mut().unwrap().remove("tailleMaxRenduTafEleve");
    });
    let token = desk.parent().await;
    let data = desk.data(&token, "{user{authorizations{maxUserWorkFileSize canPrint hasPassword}}}").await;
    let expected = json!({ "maxUserWorkFileSize": 0, "canPrint": true, "hasPassword": true });
    assert_eq!(data["user"]["authorizations"], expected);
}

#[tokio::test]
async fn children_of_one_name_are_told_apart_by_id_only() {
    let desk = Desk::open().await;
    desk.school.school().people.get_mut(fixture::SISTER).unwrap().first_name = "Jean".to_owned();
    let token = desk.parent().await;
    let data = desk.data(&token, r#"{timetable(student:"DUPONT Jean", from:"2020-09-02"){subject}}"#).await;
    assert_eq!(data["timetable"][0]["subject"], "MATHS", "the first of that name");
}
