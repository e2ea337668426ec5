//! `PageBulletins` and `SaisieAccuseReceptionDocument`: report cards (data §9).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::grades::{service_element, shown, shown_overall};
use super::lesson::subject_element;
use super::picture;
use super::write::{element, list, mark, person};
use super::{Answer, Call, Ids, Refusal, genre, read};
use crate::school::{Averages, Happening, Period, Person, Report, School, SubjectAverage};

/// Answers the functions of report cards.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    if call.function == "SaisieAccuseReceptionDocument" {
        return acknowledge(school, ids, call);
    }
    let pupil = call.viewer.pupil(school)?;
    let Some(period) = read::period(school, ids, call.data)?.filter(|period| school.has_reports(period)) else {
        // A period without reports answers nothing at all.
        return Ok(Answer::read(json!({})));
    };
    Ok(Answer::read(match published(school, pupil, period) {
        Ok(report) => page(school, ids, pupil, period, report),
        // Clients disagree about the letter case.
        Err(notice) => json!({ "Message": notice, "message": notice }),
    }))
}

/// The report card of a pupil, or why it cannot be read yet.
pub(crate) fn published<'a>(school: &'a School, pupil: &Person, period: &Period) -> Result<&'a Report, String> {
    let publication = school
        .publications
        .iter()
        .find(|publication| Some(publication.class) == pupil.class && publication.period == period.id);
    let report = school.reports.iter().find(|report| report.pupil == pupil.id && report.period == period.id);
    match (publication, report) {
        (Some(publication), _) if publication.from > school.clock.today() => {
            Err(format!("Le bulletin sera publié le {}.", publication.from.strftime("%d/%m/%Y")))
        }
        (Some(_), Some(report)) => Ok(report),
        _ => Err("Le bulletin n'est pas publié.".to_owned()),
    }
}

fn page(school: &School, ids: &Ids, pupil: &Person, period: &Period, report: &Report) -> Value {
    let averages = school.averages(pupil, period);
    let comments = |comments: Vec<(&String, &String)>| {
        list(comments.into_iter().map(|(heading, text)| json!({ "N": "0", "L": text, "Intitule": heading })))
    };
    let (own, class) = shown_overall(school, pupil, &averages).unwrap_or_default();
    let class_name = pupil.class.and_then(|class| school.classes.get(class)).map_or("", |class| &class.name);
    json!({
        "Editable": false,
        "ListeServices": list((1..).zip(&averages.subjects).map(|(order, average)| {
            subject(school, ids, pupil, (order, average), report)
        })),
        "ObjetListeAppreciations": element(json!({
            "Editable": false,
            "ListeAppreciations": comments(report.overall.iter().map(|(heading, text)| (heading, text)).collect()),
        })),
        "General": element(json!({ "MoyenneEleve": mark(own), "MoyenneClasse": mark(class) })),
        "Classe": element(json!({ "N": pupil.class.map_or("0".to_owned(), |class| ids.write(genre::CLASS, class)), "L": class_name })),
        "graphe": STANDARD.encode(chart(&averages)),
        "ParametresAffichages": {
            "AvecCoefficient": true, "AvecMoyenneEleve": true, "AvecMoyenneClasse": true, "AvecMoyenneInfSup": true,
            "AvecMoyenneMediane": false, "AvecClassementEleve": false, "AvecVolumeHoraire": false, "AvecNombreDevoirs": false,
            "NombreAppreciations": 1, "NombreMoyennesPeriodes": 0, "listePeriodes": [], "listeLibellesPeriodes": [],
            "ListeIntitulesAppreciations": ["Appréciations"],
        },
        "existeServiceAvecNotes": !averages.subjects.is_empty(),
        "existeServiceSansNotes": false,
        "ListeSurMatieres": list([]),
        "ListeAbsences": school_life(school, pupil, period),
        "NoteBareme": mark("20"),
        "baremeParDefaut": mark("20"),
        "listeAccusesReception": list(school.guardians(pupil.id).map(|guardian| {
            let mut value = person(ids, guardian);
            value["aPrisConnaissance"] = json!(report.read_by.contains(&guardian.id));
            value
        })),
    })
}

fn subject(
    school: &School,
    ids: &Ids,
    pupil: &Person,
    (order, average): (u32, &SubjectAverage),
    report: &Report,
) -> Value {
    let mut value = service_element(school, ids, average.subject);
    let comment = report.comments.iter().find(|(subject, _)| *subject == average.subject).map(|(_, text)| text);
    let teachers = super::team::teachers(school, pupil);
    let teachers = teachers.iter().filter(|(_, subjects)| subjects.contains_key(&average.subject));
    let matter = school
        .subjects
        .get(average.subject)
        .map_or_else(|| json!({ "N": "0", "L": "" }), |subject| subject_element(ids, subject));
    let shown = |average_of| shown(school, average.subject, average_of);
    for (key, part) in [
        ("Matiere", element(matter)),
        ("SurMatiere", element(json!({ "N": "0" }))),
        ("Coefficient", mark("1")),
        ("MoyenneEleve", shown(average.pupil)),
        ("MoyenneClasse", shown(average.class)),
        ("MoyenneInf", shown(average.min)),
        ("MoyenneSup", shown(average.max)),
        ("ListeAppreciations", list(comment.map(|text| json!({ "N": "0", "L": text })))),
        (
            "ListeProfesseurs",
            list(teachers.filter_map(|(id, _)| school.people.get(*id)).map(|teacher| person(ids, teacher))),
        ),
        ("OrdreRegroupement", json!(0)),
        ("OrdreDansRegroupement", json!(order)),
        ("AvecMatiere", json!(true)),
        ("AvecSousMatiere", json!(false)),
    ] {
        value[key] = part;
    }
    value
}

/// The absences and delays of the period in words.
fn school_life(school: &School, pupil: &Person, period: &Period) -> Value {
    let count = |wanted: fn(&Happening) -> bool| {
        school
            .events
            .iter()
            .filter(|event| event.pupil == pupil.id && period.contains(event.at.date()) && wanted(&event.what))
            .count()
    };
    let words = |count: usize, what: &str| match count {
        0 => format!("Aucun(e) {what}"),
        count => format!("{count} {what}(s)"),
    };
    json!({
        "strAbsences": words(count(|what| matches!(what, Happening::Absence(_))), "absence"),
        "strRetards": words(count(|what| matches!(what, Happening::Delay(_))), "retard"),
        "strPunitions": words(count(|what| matches!(what, Happening::Punishment(_))), "punition"),
        "strSanctions": words(count(|what| what.genre() == 42), "sanction"),
    })
}

/// A bar for each subject: the pupil before the class.
fn chart(averages: &Averages) -> Vec<u8> {
    use rust_decimal::prelude::ToPrimitive as _;
    let height = |value: Option<rust_decimal::Decimal>| value.and_then(|value| value.to_u32()).unwrap_or(0).min(20);
    let bars: Vec<(u32, u32)> =
        averages.subjects.iter().map(|average| (height(average.pupil), height(average.class))).collect();
    picture::bars(&bars, 20)
}

/// A guardian confirms having read a report card.
fn acknowledge(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = call.viewer.pupil(school)?.id;
    if !call.viewer.is_guardian() {
        return Ok(Answer::not_saved("Seul un responsable peut accuser réception du bulletin."));
    }
    let period = read::period(school, ids, call.data)?.map(|period| period.id);
    let guardian = call.viewer.person;
    let report = school.reports.iter_mut().find(|report| report.pupil == pupil && Some(report.period) == period);
    Ok(match report {
        Some(report) => {
            if !report.read_by.contains(&guardian) {
                report.read_by.push(guardian);
            }
            Answer::saved()
        }
        None => Answer::not_saved("Le bulletin n'est pas publié."),
    })
}
