//! Labels people make and put on discussions (`SaisieEtiquetteMessage`, data §15.7).

use serde_json::Value;

use super::{Target, list};
use crate::School;
use crate::pages::{Answer, Call, Ids, Refusal, bare, genre};
use crate::school::messages::Label;
use crate::school::{LabelId, PersonId};

/// Makes, changes or removes a label; or puts labels on discussions and takes them off.
pub(super) fn save(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let data = call.data;
    match data["commande"].as_str().unwrap_or_default() {
        "creation" => {
            let Some(name) = text(data, "libelle") else {
                return Ok(Answer::not_saved("Donnez un nom à cette étiquette."));
            };
            let id = LabelId(school.messages.labels.last().map_or(1, |label| label.id.0 + 1));
            let (short, color) = (text(data, "abr").unwrap_or_default(), text(data, "couleur").unwrap_or_default());
            school.messages.labels.put(Label { id, owner: me, name, short, color });
        }
        "modifier" => {
            let id = read(school, ids, me, &data["etiquette"])?;
            if let Some(label) = school.messages.labels.get_mut(id) {
                // The new words stand beside the label or in it.
                let word = |field: &str| text(data, field).or_else(|| text(&data["etiquette"], field));
                label.name = word("libelle").or_else(|| text(&data["etiquette"], "L")).unwrap_or_default();
                label.short = word("abr").unwrap_or_default();
                label.color = word("couleur").unwrap_or_default();
            }
        }
        "suppression" => {
            let id = read(school, ids, me, &data["etiquette"])?;
            school.messages.labels.remove(id);
            for discussion in school.messages.discussions.iter_mut() {
                if let Some(member) = discussion.members.get_mut(me) {
                    member.labels.remove(&id);
                }
            }
        }
        _ => return assign(school, ids, call),
    }
    Ok(Answer::saved())
}

fn assign(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let added = read_all(school, ids, me, &call.data["listeEtiquettesPlus"])?;
    let removed = read_all(school, ids, me, &call.data["listeEtiquettesMoins"])?;
    for target in Target::read_all(school, ids, me, &call.data["listePossessionsMessages"])? {
        let Target::Sent(place) = target else { continue };
        let discussion = school.messages.discussions.get_mut(place.discussion);
        if let Some(member) = discussion.and_then(|discussion| discussion.members.get_mut(me)) {
            member.labels.extend(added.iter().copied());
            member.labels.retain(|label| !removed.contains(label));
        }
    }
    Ok(Answer::saved())
}

fn read_all(school: &School, ids: &Ids, me: PersonId, labels: &Value) -> Result<Vec<LabelId>, Refusal> {
    bare(labels).as_array().into_iter().flatten().map(|label| read(school, ids, me, label)).collect()
}

/// Reads a label that this person has made.
fn read(school: &School, ids: &Ids, me: PersonId, label: &Value) -> Result<LabelId, Refusal> {
    let id = ids.of(label)?.filter(|id| id.genre == genre::MESSAGE_LABEL);
    id.and_then(|id| list::own_label(id.key))
        .map(LabelId)
        .filter(|id| school.messages.labels.get(*id).is_some_and(|label| label.owner == me))
        .ok_or_else(|| Refusal::denied("Cette étiquette n'est pas la vôtre."))
}

fn text(data: &Value, field: &str) -> Option<String> {
    data[field].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
