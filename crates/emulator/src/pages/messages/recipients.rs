//! Who may be written to (`ListeRessourcesPourCommunication`, data §15.6).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::name;
use crate::School;
use crate::pages::{Answer, Call, Ids, Refusal, Viewer, genre, write};
use crate::school::{Kind, Person, PersonId, SubjectId};

/// Answers with the people of one kind that the viewer may write to.
pub(super) fn list(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let asked = call.data["onglet"]["G"].as_u64();
    let kind = [Kind::Teacher, Kind::Staff, Kind::Student, Kind::Guardian]
        .into_iter()
        .find(|kind| asked == Some(u64::from(kind.genre())));
    let Some(kind) = kind else { return Err(Refusal::denied("Ce type de destinataire n'existe pas.")) };
    let taught = taught(school, call.viewer);
    let people = reachable(school, call.viewer).filter(|person| person.kind == kind);
    let people = people.map(|person| recipient(school, ids, call.viewer, &taught, person));
    Ok(Answer::read(json!({ "listeRessourcesPourCommunication": write::list(people) })))
}

/// Whether the viewer may begin a discussion with somebody.
pub(super) fn may_write_to(school: &School, viewer: Viewer, person: PersonId) -> bool {
    reachable(school, viewer).any(|reached| reached.id == person)
}

/// Everybody the viewer may write to: the staff, and for families their own teachers. The staff may write to all.
fn reachable(school: &School, viewer: Viewer) -> impl Iterator<Item = &Person> {
    let families = matches!(school.people.get(viewer.person).map(|me| me.kind), Some(Kind::Student | Kind::Guardian));
    let taught = if families { taught(school, viewer) } else { BTreeMap::new() };
    let others = school.people.iter().filter(move |person| person.id != viewer.person);
    others.filter(move |person| match person.kind {
        Kind::Staff => true,
        Kind::Teacher => !families || taught.contains_key(&person.id),
        Kind::Student | Kind::Guardian => !families,
    })
}

/// The teachers of the pupils the viewer stands for, with what they teach them.
fn taught(school: &School, viewer: Viewer) -> BTreeMap<PersonId, BTreeSet<SubjectId>> {
    let me = school.people.get(viewer.person);
    let children = me.into_iter().flat_map(|me| me.children.iter().filter_map(|child| school.people.get(*child)));
    let pupils: Vec<&Person> = me.into_iter().filter(|person| person.kind == Kind::Student).chain(children).collect();
    let mut taught: BTreeMap<PersonId, BTreeSet<SubjectId>> = BTreeMap::new();
    for lesson in &school.lessons {
        if pupils.iter().any(|pupil| school.is_for(lesson.audience, pupil)) {
            for teacher in &lesson.teachers {
                taught.entry(*teacher).or_default().insert(lesson.subject);
            }
        }
    }
    taught
}

fn recipient(
    school: &School,
    ids: &Ids,
    viewer: Viewer,
    taught: &BTreeMap<PersonId, BTreeSet<SubjectId>>,
    person: &Person,
) -> Value {
    let mut value = write::person(ids, person);
    value["L"] = json!(name(school, person));
    value["avecDiscussion"] = json!(true);
    value["refusMess"] = json!(false);
    if !person.email.is_empty() && matches!(person.kind, Kind::Teacher | Kind::Staff) {
        value["email"] = json!(person.email);
    }
    match person.kind {
        Kind::Teacher => {
            // To families, what the teacher teaches them; to colleagues, all of it.
            let all = || person.subjects.iter().copied().collect();
            let subjects = taught.get(&person.id).cloned().unwrap_or_else(all);
            let subjects = subjects.into_iter().filter_map(|subject| school.subjects.get(subject));
            value["listeRessources"] = write::list(
                subjects.map(|subject| json!({ "N": ids.write(genre::SUBJECT, subject.id), "L": subject.name })),
            );
            value["estPrincipal"] = json!(is_head_teacher(school, viewer, person.id));
        }
        Kind::Staff => {
            let function = u64::from(person.id);
            value["fonction"] =
                write::element(json!({ "N": ids.write(genre::FUNCTION, function), "L": person.function }));
        }
        Kind::Student | Kind::Guardian => {}
    }
    value
}

/// Whether a teacher is the head teacher of the class of the pupil the viewer stands for.
fn is_head_teacher(school: &School, viewer: Viewer, teacher: PersonId) -> bool {
    let pupil = school.people.get(viewer.child.unwrap_or(viewer.person));
    let class = pupil.and_then(|pupil| pupil.class).and_then(|class| school.classes.get(class));
    class.is_some_and(|class| class.head_teacher == Some(teacher))
}
