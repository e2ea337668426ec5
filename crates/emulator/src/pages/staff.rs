//! School-life pages: the pupils of a class and their cards (`ListeRessources`, `FicheEleve`, data §16.2).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, genre, write};
use crate::School;
use crate::school::{ClassId, Kind, Person, PersonId, Sex, Space};

/// Answers the functions of this page, to those who work for the school.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    if !matches!(call.viewer.space, Space::SchoolLife | Space::Teacher) {
        return Err(Refusal::denied("Cette page est réservée au personnel."));
    }
    match call.function {
        "ListeRessources" => pupils(school, ids, call),
        _ => card(school, ids, call),
    }
}

/// Finds the number of a thing of one kind that an element names.
fn number(ids: &Ids, element: &Value, genre: u16) -> Result<u32, Refusal> {
    let id = ids.of(element)?.filter(|id| id.genre == genre);
    id.and_then(|id| u32::try_from(id.key).ok()).ok_or_else(|| Refusal::denied("Cette ressource n'existe pas."))
}

fn pupils(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let class = ClassId(number(ids, &call.data["classe"], genre::CLASS)?);
    let pupils = school.pupils(class).map(|pupil| {
        let arrangements = pupil.arrangements.iter().map(|name| json!({ "typeAmenagement": name, "handicap": "" }));
        let mut value = json!({
            "N": ids.write(Kind::Student.genre(), pupil.id),
            "L": pupil.name(),
            "G": Kind::Student.genre(),
            "nom": pupil.surname,
            "prenoms": pupil.first_name,
            "sexe": match pupil.sex {
                Sex::Female => "F",
                Sex::Male => "M",
            },
            "entree": write::date(school.year.first),
            "neLe": write::date(birth(school, pupil)),
            "listeProjets": write::list(arrangements),
        });
        for (rank, option) in (1..).zip(&pupil.options) {
            value[format!("option{rank}")] = json!(option);
        }
        value
    });
    Ok(Answer::read(json!({ "listeRessources": write::list(pupils) })))
}

/// The day of birth; clients need one, so somebody without one was born when the year began.
fn birth(school: &School, person: &Person) -> Date {
    person.birth.unwrap_or(school.year.first)
}

fn card(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = PersonId(number(ids, &call.data["Eleve"], Kind::Student.genre())?);
    let pupil = school.people.get(pupil).filter(|person| person.kind == Kind::Student);
    let pupil = pupil.ok_or_else(|| Refusal::denied("Cet élève n'existe pas."))?;
    let mut card = json!({});
    if call.data["AvecEleve"] != false {
        card["Identite"] = write::element(identity(pupil));
    }
    if call.data["AvecResponsables"] != false {
        let guardians = school.guardians(pupil.id).map(|guardian| {
            let mut value = identity(guardian);
            // A guardian's name stands whole in the place of the surname.
            value["nom"] = json!(guardian.name());
            value["autoriseEmail"] = json!(!guardian.email.is_empty());
            value["lienParente"] = json!(match guardian.sex {
                Sex::Female => "MÈRE",
                Sex::Male => "PÈRE",
            });
            value["niveauResponsabilite"] = json!("LEGAL");
            value["contactUrgence"] = json!(true);
            value["autoriseRecupererEnfant"] = json!(true);
            value
        });
        card["Responsables"] = write::list(guardians);
    }
    Ok(Answer::read(card))
}

/// Who somebody is; here the day of birth is plain text.
fn identity(person: &Person) -> Value {
    let mut value = json!({
        "nom": person.surname,
        "prenom": person.first_name,
        "prenom2": "",
        "prenom3": "",
        "adresse1": person.street,
        "adresse2": "",
        "adresse3": "",
        "adresse4": "",
        "CP": person.postal_code,
        "ville": person.city,
        "pays": "France",
        "email": person.email,
        "telPort": if person.phone.is_empty() { String::new() } else { format!("0{}", person.phone) },
        "telFixe": "",
        "telAutre": "",
        "villeNaiss": "",
    });
    if let Some(birth) = person.birth {
        value["dateNaiss"] = json!(birth.strftime("%d/%m/%Y").to_string());
    }
    value
}

#[cfg(test)]
mod tests;
