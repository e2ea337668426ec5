//! What is done with discussions besides writing (`SaisieMessage`, data §15.7).

use serde_json::Value;

use super::{Target, is_staff, send};
use crate::School;
use crate::pages::{Answer, Call, Ids, Refusal};
use crate::school::messages::{Discussion, Folder, Member, Place};
use crate::school::{DiscussionId, PersonId};

/// Does what `commande` says; without one, sends a message.
pub(super) fn save(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let command = call.data["commande"].as_str().unwrap_or_default();
    match command {
        "" => return send::send(school, ids, call),
        "brouillon" => return send::keep(school, ids, call),
        "transfert" => return send::forward(school, ids, call),
        "viderCorbeille" => return Ok(empty_trash(school, call.viewer.person)),
        _ => {}
    }
    let me = call.viewer.person;
    let data = call.data;
    let list = if command == "purger" { "listeMessagesPurge" } else { "listePossessionsMessages" };
    let mut targets = Target::read_all(school, ids, me, &data[list])?;
    for one in ["possessionMessage", "message"] {
        targets.extend(Target::read(school, ids, me, &data[one])?);
    }
    if targets.is_empty() {
        return Err(Refusal::denied("Aucun message n'est désigné."));
    }
    let flag = |name: &str| data[name].as_bool().unwrap_or(true);
    match command {
        "pourLu" => mark_read(school, me, &targets, flag("lu")),
        "corbeille" => move_to(school, me, &targets, Folder::Trash),
        "restauration" => move_to(school, me, &targets, Folder::Inbox),
        "suppression" | "purger" => move_to(school, me, &targets, Folder::Deleted),
        "archive" => {
            let folder = if flag("archiver") { Folder::Archive } else { Folder::Inbox };
            move_to(school, me, &targets, folder);
        }
        "entrerSortirDiscussion" => for_each_member(school, me, &targets, |member| member.left = flag("estSorti")),
        "entrerSortirConversation" => for_each_member(school, me, &targets, |member| member.left = !flag("entrer")),
        "pourOuvrirFermer" => {
            let open = flag("ouvrir");
            return Ok(change(school, me, &targets, |discussion| discussion.closed = !open));
        }
        "modificationObjetDiscussion" => {
            let subject = data["objet"].as_str().unwrap_or_default();
            return Ok(change(school, me, &targets, |discussion| subject.clone_into(&mut discussion.subject)));
        }
        // Reports go to people outside the base, and nobody in it would ever see them.
        "signalement" | "signalementSuppression" => {
            return Ok(Answer::not_saved("Le signalement n'est pas proposé par cet établissement."));
        }
        _ => return Err(Refusal::denied("Cette commande n'existe pas.")),
    }
    Ok(Answer::saved())
}

fn places(targets: &[Target]) -> impl Iterator<Item = Place> {
    targets.iter().filter_map(|target| match target {
        Target::Sent(place) => Some(*place),
        Target::Draft(_) => None,
    })
}

fn for_each_member(school: &mut School, me: PersonId, targets: &[Target], mut change: impl FnMut(&mut Member)) {
    for place in places(targets) {
        let discussion = school.messages.discussions.get_mut(place.discussion);
        if let Some(member) = discussion.and_then(|discussion| discussion.members.get_mut(me)) {
            change(member);
        }
    }
}

/// Marks these messages, and no others of their discussions; what somebody wrote is always read.
fn mark_read(school: &mut School, me: PersonId, targets: &[Target], read: bool) {
    for place in places(targets) {
        let Some(discussion) = school.messages.discussions.get_mut(place.discussion) else { continue };
        let received = discussion.message(place.number).is_some_and(|message| message.author != me);
        let Some(member) = discussion.members.get_mut(me) else { continue };
        if read {
            member.unread.remove(&place.number);
        } else if received {
            member.unread.insert(place.number);
        }
    }
}

/// Moves whole discussions. Drafts that begin one have a trash too; one that answers is simply deleted.
fn move_to(school: &mut School, me: PersonId, targets: &[Target], folder: Folder) {
    for_each_member(school, me, targets, |member| member.folder = folder);
    for target in targets {
        let Target::Draft(id) = target else { continue };
        let Some(draft) = school.messages.drafts.get_mut(*id) else { continue };
        match folder {
            Folder::Trash if draft.reply_to.is_none() => draft.trashed = true,
            Folder::Trash | Folder::Deleted => {
                school.messages.drafts.remove(*id);
            }
            Folder::Inbox | Folder::Archive => draft.trashed = false,
        }
    }
}

fn empty_trash(school: &mut School, me: PersonId) -> Answer {
    for discussion in school.messages.discussions.iter_mut() {
        if let Some(member) = discussion.members.get_mut(me)
            && member.folder == Folder::Trash
        {
            member.folder = Folder::Deleted;
        }
    }
    let thrown: Vec<_> = school.messages.drafts_of(me).filter(|draft| draft.trashed).map(|draft| draft.id).collect();
    for id in thrown {
        school.messages.drafts.remove(id);
    }
    Answer::saved()
}

/// Changes discussions for everybody, which only who began them and the staff may do.
fn change(school: &mut School, me: PersonId, targets: &[Target], mut change: impl FnMut(&mut Discussion)) -> Answer {
    let ids: Vec<DiscussionId> = places(targets).map(|place| place.discussion).collect();
    let allowed = |id: &DiscussionId| {
        is_staff(school, me) || school.messages.discussions.get(*id).is_some_and(|discussion| discussion.creator == me)
    };
    if ids.is_empty() || !ids.iter().all(allowed) {
        return Answer::not_saved("Vous ne pouvez pas modifier cette discussion.");
    }
    for id in ids {
        if let Some(discussion) = school.messages.discussions.get_mut(id) {
            change(discussion);
        }
    }
    Answer::saved()
}

/// Whether a JSON element is one the client has just made: it has a negative number, or none of ours.
pub(super) fn is_new(element: &Value) -> bool {
    element.is_null() || !element["N"].is_string()
}
