//! `DernieresEvaluations`: evaluations of skills (data §10).

use serde_json::{Value, json};

use super::grades::period_element;
use super::write::{date, element, list, person};
use super::{Answer, Call, Ids, Refusal, genre, read};
use crate::school::{Evaluation, PersonId, SKILL_LEVELS, School, Skill};

/// Answers `DernieresEvaluations`.
pub(crate) fn answer(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let pupil = call.viewer.pupil(school)?;
    let today = school.clock.today();
    let period = read::period(school, ids, call.data)?;
    let mut evaluations: Vec<&Evaluation> = school
        .evaluations
        .iter()
        .filter(|evaluation| {
            let in_period = period.is_some_and(|period| period.contains(evaluation.date));
            in_period && evaluation.date <= today && school.is_for(evaluation.audience, pupil)
        })
        .collect();
    evaluations.sort_by_key(|evaluation| std::cmp::Reverse(evaluation.date));
    let evaluations = evaluations.into_iter().filter_map(|evaluation| one(school, ids, evaluation, pupil.id));
    Ok(Answer::read(json!({ "listeEvaluations": list(evaluations) })))
}

fn one(school: &School, ids: &Ids, evaluation: &Evaluation, pupil: PersonId) -> Option<Value> {
    let subject = school.subjects.get(evaluation.subject)?;
    let teacher = school.people.get(evaluation.teacher)?;
    let term = school.year.term(evaluation.date)?;
    let acquisitions = (1_u64..)
        .zip(&evaluation.skills)
        .filter_map(|(order, skill)| acquisition(ids, u64::from(evaluation.id) * 100 + order, order, skill, pupil));
    Some(json!({
        "N": ids.write(genre::EVALUATION, evaluation.id),
        "L": evaluation.name,
        "descriptif": evaluation.description,
        "coefficient": evaluation.coefficient,
        "date": date(evaluation.date),
        "matiere": element(json!({
            "N": ids.write(genre::SUBJECT, subject.id),
            "L": subject.name,
            "G": genre::SUBJECT,
            "couleur": subject.color,
            "ordre": subject.id.0,
            "serviceConcerne": element(super::grades::service_element(school, ids, subject.id)),
        })),
        "individu": element(person(ids, teacher)),
        "periode": element(period_element(ids, term)),
        "listePaliers": list([json!({ "N": ids.write(genre::FIXED, 300_u64), "L": "Cycle 4" })]),
        "ListeThemes": list([]),
        "listeNiveauxDAcquisitions": list(acquisitions),
    }))
}

/// What the pupil reached in one skill. Every part has a number of its own: `key` and the part.
fn acquisition(ids: &Ids, key: u64, order: u64, skill: &Skill, pupil: PersonId) -> Option<Value> {
    let level = skill.levels.iter().find(|(person, _)| *person == pupil)?.1;
    let (label, abbreviation, ..) = SKILL_LEVELS.get(usize::from(level).checked_sub(1)?)?;
    let id = |part: u64| ids.write(genre::EVALUATION, (key << 8) | part | 1 << 48);
    let mut value = json!({
        "N": id(1),
        "L": label,
        "G": level,
        "abbreviation": abbreviation,
        "ordre": order,
        "coefficient": skill.coefficient,
        "domaine": element(json!({ "N": id(2), "L": skill.domain })),
        "pilier": element(json!({ "N": id(3), "L": skill.pillar, "G": 23, "strPrefixes": skill.prefixes })),
    });
    if let Some(item) = &skill.item {
        value["item"] = element(json!({ "N": id(4), "L": item }));
    }
    Some(value)
}
