//! `PagePresence`: absences, delays, punishments and the like (data §11).

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use super::write::{attachment, date, date_time, element, list, person, set};
use super::{Answer, Call, Ids, Refusal, genre, read};
use crate::school::{
    Absence, Delay, Event, FileId, Happening, Measure, Observation, Person, PersonId, Punishment, School, SubjectId,
    Whose,
};

/// Answers `PagePresence`.
pub(crate) fn answer(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = call.viewer.pupil(school)?;
    let period = read::period(school, ids, call.data)?;
    let bounds = period.map_or((school.year.first, school.year.last), |period| (period.start, period.end));
    let from = read::day(&call.data["DateDebut"]).unwrap_or(bounds.0);
    let to = read::day(&call.data["DateFin"]).unwrap_or(bounds.1);
    let events: Vec<&Event> = school
        .events
        .iter()
        .filter(|event| {
            let until = event.what.until().unwrap_or(event.at).date();
            event.pupil == pupil.id && event.at.date() <= to && until >= from
        })
        .collect();
    Ok(Answer::read(json!({
        "listeAbsences": list(events.iter().map(|event| self::event(school, ids, event))),
        "autorisations": permissions(),
        "Matieres": list(hours(school, ids, pupil, (from, to), &events)),
        "listeRecapitulatifs": list(totals(&events)),
        "listeSanctionUtilisateur": list([]),
        "nbMaxJoursDeclarationAbsence": 30,
        "commentaireAbsenceObligatoire": false,
        "commentaireRetardObligatoire": false,
    })))
}

fn permissions() -> Value {
    json!({
        "absence": true, "saisieMotifAbsence": false, "retard": true, "saisieMotifRetard": false, "punition": true, "exclusion": true,
        "sanction": true, "mesureConservatoire": true, "infirmerie": true, "absenceRepas": true, "absenceInternat": true,
        "retardInternat": true, "observation": true, "incident": true, "commission": true, "dispense": true,
        "totalHeuresManquees": true,
    })
}

/// An element of `listeAbsences`.
pub(crate) fn event(school: &School, ids: &Ids, event: &Event) -> Value {
    let genre = event.what.genre();
    // The old library looks up the kind here, and calls observations 45.
    let page_kind = match genre {
        46 => 45,
        72 => 71,
        other => other,
    };
    let mut value = json!({
        "N": ids.write(genre, event.id),
        "G": genre,
        "page": { "Onglet": 19, "Membre": ids.write(4, event.pupil), "Absence": page_kind, "message": "" },
        "listeMotifs": list(reason(ids, &event.reason)),
    });
    let own = match &event.what {
        Happening::Absence(absence) => self::absence(event, absence),
        Happening::Delay(delay) => self::delay(event, delay),
        Happening::Punishment(punishment) => self::punishment(school, ids, event, punishment),
        Happening::Observation(observation) => self::observation(school, ids, event, observation),
        Happening::Measure(measure) => self::measure(school, ids, event, measure),
        Happening::Exemption(exemption) => json!({
            "L": exemption.label,
            "dateDebut": date_time(event.at),
            "dateFin": date_time(exemption.until),
            "justifie": true,
            "reglee": true,
            "enAttente": false,
            "strGenreDispense": exemption.label,
            "matiere": subject(school, ids, Some(exemption.subject)),
        }),
        Happening::Other(other) => json!({
            "L": other.label,
            "date": date_time(event.at),
            "dateDebut": date_time(event.at),
            "dateFin": date_time(other.until),
        }),
    };
    if let (Some(value), Value::Object(own)) = (value.as_object_mut(), own) {
        value.extend(own);
    }
    value
}

/// Reasons are known by their text alone: the number is made from it.
fn reason(ids: &Ids, reason: &str) -> Option<Value> {
    let key = reason.bytes().fold(5_381_u64, |key, byte| (key * 33 + u64::from(byte)) & 0xffff_ffff);
    (!reason.is_empty()).then(|| json!({ "N": ids.write(genre::FIXED, (1 << 40) | key), "L": reason }))
}

fn absence(event: &Event, absence: &Absence) -> Value {
    json!({
        "dateDebut": date_time(event.at),
        "dateFin": date_time(absence.until),
        "ouverte": absence.open,
        "justifie": absence.justified,
        "reglee": absence.settled,
        "estMotifNonEncoreConnu": event.reason.is_empty(),
        "aJustifierParParents": !absence.justified,
        "NbrHeures": format!("{}h{:02}", absence.minutes / 60, absence.minutes % 60),
        "NbrJours": absence.days,
        "avecSaisie": false,
    })
}

fn delay(event: &Event, delay: &Delay) -> Value {
    json!({
        "date": date_time(event.at),
        "duree": delay.minutes,
        "justifie": delay.justified,
        "reglee": delay.settled,
        "estMotifNonEncoreConnu": event.reason.is_empty(),
        "aJustifierParParents": !delay.justified,
        "justification": delay.justification,
        "avecSaisie": false,
    })
}

fn punishment(school: &School, ids: &Ids, event: &Event, punishment: &Punishment) -> Value {
    let scheduled = !punishment.sessions.is_empty();
    let by = school.people.get(punishment.by);
    let giver = by.map(|by| {
        let mut giver = person(ids, by);
        giver["fonction"] = element(if by.function.is_empty() {
            json!({ "N": "0" })
        } else {
            json!({ "N": ids.write(genre::FIXED, 400 + u64::from(by.id)), "L": by.function })
        });
        giver
    });
    let nature = u64::from(punishment.nature);
    let mut value = json!({
        "dateDemande": date_time(event.at),
        "placeDemande": school.year.day.slot_at(event.at.time()),
        "horsCours": punishment.outside_lessons,
        "estUneExclusion": punishment.nature == 0,
        "nature": element(json!({
            "N": ids.write(genre::FIXED, 500 + nature),
            "L": punishment.title,
            "G": nature,
            "estProgrammable": scheduled,
            "estAvecARParent": false,
        })),
        "travailAFaire": punishment.work,
        "documentsTAF": files(school, ids, &punishment.work_files),
        "circonstances": punishment.circumstances,
        "documentsCirconstances": list([]),
        "demandeur": element(giver.unwrap_or_else(|| json!({ "N": "0", "L": "" }))),
        "matiere": element(json!({ "N": "0" })),
        "estProgrammable": scheduled,
        "programmation": list((1_u64..).zip(&punishment.sessions).map(|(number, (day, slot, minutes))| json!({
            "N": ids.write(genre::FIXED, (1 << 41) | (u64::from(event.id) << 4) | number),
            "date": date(*day),
            "place": slot,
            "placeExecution": slot,
            "duree": minutes,
        }))),
        "estLieAUnIncident": false,
        "publierTafApresDebutRetenue": false,
    });
    if punishment.minutes > 0 {
        value["duree"] = json!(punishment.minutes);
    }
    value
}

fn observation(school: &School, ids: &Ids, event: &Event, observation: &Observation) -> Value {
    json!({
        "L": observation.heading,
        "date": date_time(event.at),
        "estLue": observation.read,
        "avecARObservation": observation.kind == 1,
        "genreObservation": observation.kind,
        "rubrique": element(json!({
            "N": ids.write(45, u64::from(observation.kind) + 1),
            "L": observation.heading,
            "G": observation.kind,
        })),
        "matiere": subject(school, ids, observation.subject),
        "commentaire": observation.comment,
        "demandeur": element(adult(school, ids, observation.by)),
    })
}

fn measure(school: &School, ids: &Ids, event: &Event, measure: &Measure) -> Value {
    json!({
        "nature": element(json!({ "N": ids.write(genre::FIXED, 550_u64), "L": measure.title, "G": 10 })),
        "commentaire": "",
        "estUneExclusion": true,
        "circonstances": "",
        "documentsCirconstances": list([]),
        "decideur": element(adult(school, ids, measure.decided_by)),
        "demandeur": element(adult(school, ids, measure.asked_by)),
        "dateDemande": date_time(event.at),
        "dateDebut": date(event.at.date()),
        "dateFin": date(measure.until),
        "estLieAUnIncident": false,
        "interditAcces": set(measure.banned_from.iter().map(|place| u32::from(*place))),
    })
}

fn adult(school: &School, ids: &Ids, id: PersonId) -> Value {
    school.people.get(id).map_or_else(|| json!({ "N": "0", "L": "" }), |adult| person(ids, adult))
}

fn subject(school: &School, ids: &Ids, subject: Option<SubjectId>) -> Value {
    let subject = subject.and_then(|subject| school.subjects.get(subject));
    element(subject.map_or_else(|| json!({ "N": "0" }), |subject| super::lesson::subject_element(ids, subject)))
}

fn files(school: &School, ids: &Ids, files: &[FileId]) -> Value {
    list(files.iter().filter_map(|file| school.files.get(*file)).map(|file| attachment(ids, file)))
}

/// How often and how long, for absences and delays.
fn totals(events: &[&Event]) -> Vec<Value> {
    let total = |genre: u16, of: fn(&Happening) -> Option<(u32, bool)>| {
        let (mut count, mut minutes, mut unexcused) = (0, 0, 0);
        for (missed, justified) in events.iter().filter_map(|event| of(&event.what)) {
            count += 1;
            minutes += missed;
            unexcused += u32::from(!justified);
        }
        json!({
            "G": genre,
            "NombreTotal": count,
            "NbrHeures": format!("{}h{:02}", minutes / 60, minutes % 60),
            "NombreNonJustifie": unexcused,
        })
    };
    vec![
        total(13, |what| match what {
            Happening::Absence(absence) => Some((absence.minutes, absence.justified)),
            _ => None,
        }),
        total(14, |what| match what {
            Happening::Delay(delay) => Some((delay.minutes, delay.justified)),
            _ => None,
        }),
    ]
}

/// The seconds of lessons that took place in each subject, and those missed.
fn hours(school: &School, ids: &Ids, pupil: &Person, (from, to): (Date, Date), events: &[&Event]) -> Vec<Value> {
    let away: Vec<(DateTime, DateTime)> = events
        .iter()
        .filter_map(|event| match &event.what {
            Happening::Absence(absence) => Some((event.at, absence.until)),
            _ => None,
        })
        .collect();
    let mut subjects: BTreeMap<SubjectId, (i64, i64)> = BTreeMap::new();
    for entry in school.timetable(Whose::Pupil(pupil), from, to.min(school.clock.today())) {
        let Some(subject) = entry.subject().filter(|_| !entry.cancelled()) else { continue };
        let (start, end) = entry.bounds(school);
        let seconds = end.duration_since(start).as_secs();
        let (attended, missed) = subjects.entry(subject).or_default();
        if away.iter().any(|(gone, back)| *gone < end && *back > start) {
            *missed += seconds;
        } else {
            *attended += seconds;
        }
    }
    (1..)
        .zip(subjects)
        .map(|(order, (subject, (attended, missed)))| {
            let name = school.subjects.get(subject).map_or("", |subject| &subject.name);
            json!({
                "N": ids.write(genre::SUBJECT, subject), "L": name, "G": genre::SUBJECT, "P": order,
                "regroupement": 0, "dansRegroupement": 0,
                "suivi": attended, "absence": missed, "excluCours": 0, "excluEtab": 0, "infirmerie": 0,
            })
        })
        .collect()
}
