//! Saves of homework: `SaisieTAFFaitEleve` and `SaisieTAFARendreEleve` (data §7.2 and §7.3).

use serde_json::Value;

use super::user::MAX_HAND_IN;
use super::{Answer, Call, Ids, Refusal, genre, read};
use crate::school::{Body, File, FileId, HandedIn, HomeworkId, PersonId, School};

/// Answers the saves of homework; only pupils may make them.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = call.viewer.pupil(school)?.id;
    if call.viewer.is_guardian() {
        return Ok(Answer::not_saved("Seul l'élève peut modifier son travail à faire."));
    }
    let handing_in = call.function == "SaisieTAFARendreEleve";
    for element in read::list(call.data, if handing_in { "listeFichiers" } else { "listeTAF" }) {
        let homework = if handing_in { read::bare(&element["TAF"]) } else { element };
        let Some(id) = ids.of(homework)?.filter(|id| id.genre == genre::HOMEWORK) else {
            return Ok(Answer::not_saved("Le travail à faire n'est pas indiqué."));
        };
        let id = HomeworkId(u32::try_from(id.key).unwrap_or(u32::MAX));
        let saved =
            if handing_in { hand_in(school, call, pupil, id, element) } else { tick(school, pupil, id, element) };
        if let Err(reason) = saved {
            return Ok(Answer::not_saved(reason));
        }
    }
    Ok(Answer::saved())
}

const UNKNOWN: &str = "Ce travail à faire ne vous est pas destiné.";

/// Whether the homework is the pupil's.
fn is_own(school: &School, pupil: PersonId, id: HomeworkId) -> bool {
    match (school.people.get(pupil), school.homework.get(id)) {
        (Some(pupil), Some(homework)) => school.is_for(homework.audience, pupil),
        _ => false,
    }
}

fn tick(school: &mut School, pupil: PersonId, id: HomeworkId, element: &Value) -> Result<(), &'static str> {
    if !is_own(school, pupil, id) {
        return Err(UNKNOWN);
    }
    let homework = school.homework.get_mut(id).ok_or(UNKNOWN)?;
    if element["TAFFait"] == Value::Bool(true) {
        homework.done.insert(pupil);
    } else {
        homework.done.remove(&pupil);
    }
    Ok(())
}

/// Takes an uploaded file, or removes the one handed in when the element names no upload (states 2 and 3, data §7.3).
fn hand_in(
    school: &mut School,
    call: &Call<'_>,
    pupil: PersonId,
    id: HomeworkId,
    element: &Value,
) -> Result<(), &'static str> {
    if !is_own(school, pupil, id) {
        return Err(UNKNOWN);
    }
    if !school.homework.get(id).is_some_and(|homework| school.takes_files(homework)) {
        return Err("Ce travail n'est pas ou plus à rendre par fichier.");
    }
    let now = school.clock.now();
    let next = FileId(school.files.last().map_or(1, |file| file.id.0.saturating_add(1)));
    let homework = school.homework.get_mut(id).ok_or(UNKNOWN)?;
    let former = homework.handed_in.iter().find(|handed_in| handed_in.pupil == pupil).map(|handed_in| handed_in.file);
    let upload = match element["idFichier"].as_str() {
        Some(key) => Some(call.uploads.get(key).ok_or("Le fichier n'a pas été reçu.")?),
        None => None,
    };
    if upload.is_some_and(|upload| upload.bytes.len() > MAX_HAND_IN) {
        return Err("Le fichier est trop volumineux.");
    }
    homework.handed_in.retain(|handed_in| handed_in.pupil != pupil);
    if let Some(upload) = upload {
        homework.handed_in.push(HandedIn { pupil, file: next, at: now, correction: String::new() });
        homework.done.insert(pupil);
        let name = element["L"].as_str().filter(|name| !name.is_empty()).unwrap_or(&upload.name).to_owned();
        school.files.put(File { id: next, name, body: Body::Bytes(upload.bytes.clone()) });
    }
    if let Some(former) = former {
        school.files.remove(former);
    }
    Ok(())
}
