//! `PageEquipePedagogique`: who teaches a pupil (data §16.4).

use std::collections::BTreeMap;

use serde_json::json;

use super::write::{list, person};
use super::{Answer, Call, Ids, Refusal, genre};
use crate::school::{Frequency, Kind, Person, PersonId, School, SubjectId};

/// Answers `PageEquipePedagogique`.
pub(crate) fn answer(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = call.viewer.pupil(school)?;
    let slot = u32::from(school.year.day.slot_minutes());
    let teachers =
        teachers(school, pupil).into_iter().filter_map(|(id, subjects)| Some((school.people.get(id)?, subjects)));
    let staff =
        school.people.iter().filter(|person| person.kind == Kind::Staff).map(|person| (person, BTreeMap::new()));
    let team = (1..).zip(teachers.chain(staff)).map(|(order, (adult, subjects))| {
        let mut value = person(ids, adult);
        value["P"] = json!(order);
        value["estEnleve"] = json!(false);
        value["matieres"] = list(subjects.into_iter().filter_map(|(subject, slots)| {
            let subject = school.subjects.get(subject)?;
            // Lessons of one fortnight count half: slots are counted twice a fortnight.
            let minutes = slots * slot / 2;
            Some(json!({
                "N": ids.write(genre::SUBJECT, subject.id),
                "L": subject.name,
                "volumeHoraire": format!("{}h{:02}", minutes / 60, minutes % 60),
            }))
        }));
        value
    });
    Ok(Answer::read(json!({ "liste": list(team) })))
}

/// The teachers of a pupil with the slots they teach each subject in a fortnight.
pub(crate) fn teachers(school: &School, pupil: &Person) -> BTreeMap<PersonId, BTreeMap<SubjectId, u32>> {
    let mut teachers: BTreeMap<PersonId, BTreeMap<SubjectId, u32>> = BTreeMap::new();
    for lesson in school.lessons.iter().filter(|lesson| school.is_for(lesson.audience, pupil)) {
        let weeks = if lesson.frequency == Frequency::Weekly { 2 } else { 1 };
        for teacher in &lesson.teachers {
            *teachers.entry(*teacher).or_default().entry(lesson.subject).or_default() +=
                u32::from(lesson.slots) * weeks;
        }
    }
    teachers
}
