//! Personal data (`PageInfosPerso`, data §18).

use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, genre, write};
use crate::School;
use crate::school::{Kind, Person, PersonId};

/// `&o=1`, the parameter that asks the calendar for lessons, as PRONOTE writes it.
const LESSONS: &str = "266f3d31";

/// Answers with the data of whoever asks, or of the child that the signature names; the tab does not matter.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let named = ids.of(&call.signature["ressource"])?.filter(|id| id.genre == Kind::Student.genre());
    let person = named.and(call.viewer.child).unwrap_or(call.viewer.person);
    let person = school.people.get(person).ok_or_else(|| Refusal::denied("Ce compte n'a pas de titulaire."))?;
    let account = school.accounts.get(call.viewer.account);
    let mode = account.and_then(|account| account.second_factor.as_ref()).map_or(0, |factor| factor.strategy);
    Ok(Answer::read(json!({
        "Informations": information(person),
        "iCal": {
            "avecLienPerso": true,
            "avecAgenda": false,
            "avecEDT": true,
            "liste": write::list([json!({
                "G": 0,
                "L": "Emploi du temps",
                "P": 1,
                "paramICal": calendar_token(school, call.viewer.child.unwrap_or(call.viewer.person)),
                "paramSuppl": LESSONS,
                "exportAgenda": false,
                "exportEDT": true,
            })]),
        },
        "securisation": {
            "mode": mode,
            "modesPossibles": write::set([1, 2, 3]),
            "listeSourcesConnexions": write::list([]),
        },
    })))
}

/// The secret part of the address of somebody's calendar (data §5.7); it needs no session.
pub(crate) fn calendar_token(school: &School, person: PersonId) -> String {
    let id = Ids::stable(school.seed).write(genre::CALENDAR, person);
    id.split_once('#').map(|(_, secret)| secret.to_owned()).unwrap_or_default()
}

/// Whose calendar a secret opens.
pub(crate) fn calendar_owner(school: &School, token: &str) -> Option<PersonId> {
    let id = Ids::stable(school.seed).read(&format!("{}#{token}", genre::CALENDAR)).ok()?;
    u32::try_from(id.key).ok().map(PersonId).filter(|person| school.people.get(*person).is_some())
}

fn information(person: &Person) -> Value {
    json!({
        "adresse1": person.street,
        "adresse2": "",
        "adresse3": "",
        "adresse4": "",
        "codePostal": person.postal_code,
        "ville": person.city,
        "province": "",
        "pays": if person.city.is_empty() { "" } else { "France" },
        "eMail": person.email,
        "indicatifTel": "33",
        "telephonePortable": person.phone,
        "numeroINE": person.national_id,
    })
}

#[cfg(test)]
mod tests;
