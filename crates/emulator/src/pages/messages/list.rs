//! The list of discussions (`ListeMessagerie`, data §15.1 and §15.2).

use std::cmp::Reverse;

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::{Target, is_staff, name_of};
use crate::School;
use crate::pages::{Ids, genre, write};
use crate::school::PersonId;
use crate::school::messages::{Discussion, Draft, Folder, Member, Place};

/// PRONOTE's numbers of the labels everybody has, with their names.
const LABELS: [(u64, &str); 5] =
    [(1, "Réception"), (2, "Archives"), (3, "Envoyés"), (DRAFTS, "Brouillons"), (TRASH, "Corbeille")];
const ARCHIVE: u64 = 2;
const DRAFTS: u64 = 4;
const TRASH: u64 = 5;

/// Where the numbers of labels people made begin, so that they differ from [`LABELS`].
const OWN_LABELS: u64 = 100;

/// The discussions and drafts of somebody, the latest first.
pub(crate) fn list(school: &School, ids: &Ids, person: PersonId, unread_only: bool) -> Value {
    let mut nodes: Vec<(DateTime, Value)> = school
        .messages
        .of(person)
        .filter(|(_, member)| !unread_only || !member.unread.is_empty())
        .filter_map(|(discussion, member)| node(school, ids, discussion, member))
        .collect();
    if !unread_only {
        let begun = school.messages.drafts_of(person).filter(|draft| draft.reply_to.is_none());
        nodes.extend(begun.map(|draft| (draft.saved, draft_node(school, ids, draft))));
    }
    nodes.sort_by_key(|(date, _)| Reverse(*date));
    let own = school.messages.labels.iter().filter(|label| label.owner == person).map(|label| {
        let id = ids.write(genre::MESSAGE_LABEL, OWN_LABELS + u64::from(label.id));
        json!({ "N": id, "L": label.name, "G": 0, "abr": label.short, "couleur": label.color })
    });
    let labels = LABELS.into_iter().map(|(number, name)| json!({ "N": label(ids, number), "L": name, "G": number }));
    json!({
        "listeEtiquettes": write::list(labels.chain(own)),
        "listeMessagerie": write::list(nodes.into_iter().map(|(_, node)| node)),
        "messagerieDesactivee": false,
    })
}

fn label(ids: &Ids, number: u64) -> String {
    ids.write(genre::MESSAGE_LABEL, number)
}

/// Finds whose number a label of [`list`] carries: only people's own ones.
pub(super) fn own_label(key: u64) -> Option<u32> {
    key.checked_sub(OWN_LABELS).and_then(|number| u32::try_from(number).ok())
}

/// One discussion, with the date of its last message; none when nothing in it is this member's.
fn node(school: &School, ids: &Ids, discussion: &Discussion, member: &Member) -> Option<(DateTime, Value)> {
    let person = member.person;
    let targets: Vec<Target> = discussion
        .seen_by(person)
        .map(|(number, _)| Target::Sent(Place { discussion: discussion.id, number }))
        .collect();
    let (first, last) = (*targets.first()?, *targets.last()?);
    let (_, message) = discussion.seen_by(person).next_back()?;
    let of_this = |draft: &&Draft| draft.reply_to.is_some_and(|place| place.discussion == discussion.id);
    let drafts = school.messages.drafts_of(person).filter(of_this);
    let others: Vec<String> = discussion
        .members
        .iter()
        .filter(|member| member.person != person)
        .map(|member| name_of(school, member.person))
        .collect();
    let may_change = discussion.creator == person || is_staff(school, person);
    let mut node = json!({
        "N": last.message(ids),
        "estUneDiscussion": true,
        "profondeur": 0,
        "objet": discussion.subject,
        "public": others.join(", "),
        "nbPublic": others.len(),
        "nombreMessages": targets.len(),
        "nbNonLus": member.unread.len(),
        "nbBrouillons": drafts.count(),
        "lu": member.unread.is_empty(),
        "ferme": discussion.closed,
        "fermable": may_change,
        "avecReponse": !discussion.closed && !member.left,
        "avecModifObjet": may_change,
        "libelleDate": message.sent.strftime("%d/%m/%y").to_string(),
        "listePossessionsMessages": write::list(targets.iter().map(|target| json!({ "N": target.possession(ids) }))),
        "messagePourParticipants": write::element(json!({ "N": first.message(ids) })),
        "dernierPossessionMessage": write::element(json!({ "N": last.possession(ids) })),
        "estNonPossede": false,
    });
    if discussion.creator != person {
        node["initiateur"] = json!(name_of(school, discussion.creator));
    }
    // Clients of today fail on labels they do not know here, so only what somebody chose to do adds one.
    let folder = match member.folder {
        Folder::Trash => Some(TRASH),
        Folder::Archive => Some(ARCHIVE),
        Folder::Inbox | Folder::Deleted => None,
    };
    let own = member.labels.iter().map(|label| OWN_LABELS + u64::from(*label));
    let labels: Vec<Value> = folder.into_iter().chain(own).map(|number| json!({ "N": label(ids, number) })).collect();
    if !labels.is_empty() {
        node["listeEtiquettes"] = write::list(labels);
    }
    Some((message.sent, node))
}

/// The beginning of a discussion that was not sent.
fn draft_node(school: &School, ids: &Ids, draft: &Draft) -> Value {
    let target = Target::Draft(draft.id);
    let names: Vec<String> = draft.to.iter().map(|person| name_of(school, *person)).collect();
    json!({
        "N": target.message(ids),
        "estUneDiscussion": true,
        "profondeur": 0,
        "objet": draft.subject,
        "public": names.join(", "),
        "nbPublic": names.len(),
        "nombreMessages": 0,
        "nbNonLus": 0,
        "nbBrouillons": 1,
        "lu": true,
        "ferme": false,
        "fermable": false,
        "avecReponse": true,
        "avecModifObjet": true,
        "libelleDate": draft.saved.strftime("%d/%m/%y").to_string(),
        "listePossessionsMessages": write::list([json!({ "N": target.possession(ids) })]),
        "messagePourParticipants": write::element(json!({ "N": target.message(ids) })),
        "dernierPossessionMessage": write::element(json!({ "N": target.possession(ids) })),
        "estNonPossede": false,
        "listeEtiquettes": write::list([json!({ "N": label(ids, if draft.trashed { TRASH } else { DRAFTS }) })]),
    })
}
