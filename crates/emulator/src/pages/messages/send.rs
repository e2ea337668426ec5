//! Writing: new discussions, answers, drafts, forwarded messages (`SaisieMessage`, data §15.7).

use serde_json::Value;

use super::save::is_new;
use super::{Target, draft_of, is_staff, recipients};
use crate::School;
use crate::pages::{Answer, Call, Ids, Refusal, bare};
use crate::school::messages::{Content, Draft, Message, Place};
use crate::school::{Body, DraftId, File, FileId, PersonId};

/// Sends a new discussion, an answer or a draft.
pub(super) fn send(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let draft = draft(school, ids, call)?;
    let answered = match Target::read(school, ids, me, &call.data["messagePourReponse"])? {
        Some(Target::Sent(place)) => Some(place),
        // To answer the beginning of a discussion that was not sent is to send it.
        Some(Target::Draft(id)) => return begin(school, ids, call, Some(id), Vec::new()),
        None => draft.and_then(|id| draft_of(school, me, id)).and_then(|draft| draft.reply_to),
    };
    match answered {
        Some(place) => answer(school, call, place, draft),
        None => begin(school, ids, call, draft, Vec::new()),
    }
}

/// Forwards messages to others, as the beginning of a discussion.
pub(super) fn forward(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let targets = Target::read_all(school, ids, call.viewer.person, &call.data["listeMessagesTransfert"])?;
    let places: Vec<Place> = targets
        .into_iter()
        .filter_map(|target| match target {
            Target::Sent(place) => Some(place),
            Target::Draft(_) => None,
        })
        .collect();
    if places.is_empty() {
        return Ok(Answer::not_saved("Aucun message n'est à transférer."));
    }
    begin(school, ids, call, None, places)
}

/// Keeps a message without sending it: a new draft, or another text for an old one.
pub(super) fn keep(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let answered = Target::read(school, ids, me, &call.data["messagePourReponse"])?;
    let old = match (draft(school, ids, call)?, answered) {
        (Some(id), _) | (None, Some(Target::Draft(id))) => draft_of(school, me, id).cloned(),
        (None, _) => None,
    };
    let to = destinations(school, ids, call)?;
    let files = files(school, call);
    let saved = school.clock.now();
    let mut draft = old.unwrap_or_else(|| Draft {
        id: school.messages.next_draft(),
        author: me,
        saved,
        reply_to: None,
        subject: String::new(),
        to: Vec::new(),
        content: Content::default(),
        files: Vec::new(),
        trashed: false,
        sent: None,
    });
    draft.saved = saved;
    draft.content = content(&call.data["contenu"]);
    draft.files.extend(files);
    if let Some(Target::Sent(place)) = answered {
        draft.reply_to = Some(place);
    }
    // Clients send an empty subject and no recipients when they only change the text.
    if let Some(subject) = call.data["objet"].as_str().filter(|subject| !subject.is_empty()) {
        subject.clone_into(&mut draft.subject);
    }
    if !to.is_empty() {
        draft.to = to;
    }
    school.messages.drafts.put(draft);
    Ok(Answer::saved())
}

fn begin(
    school: &mut School,
    ids: &Ids,
    call: &Call<'_>,
    draft: Option<DraftId>,
    forwarded: Vec<Place>,
) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let kept = draft.and_then(|id| draft_of(school, me, id)).cloned();
    let mut to = destinations(school, ids, call)?;
    let mut subject = call.data["objet"].as_str().unwrap_or_default().to_owned();
    let content = content(&call.data["contenu"]);
    let mut files = Vec::new();
    if let Some(kept) = kept {
        files = kept.files;
        if to.is_empty() {
            to = kept.to;
        }
        if subject.is_empty() {
            subject = kept.subject;
        }
    }
    if to.is_empty() {
        return Ok(Answer::not_saved("Choisissez au moins un destinataire."));
    }
    files.extend(self::files(school, call));
    if content.text.is_empty() && files.is_empty() && forwarded.is_empty() {
        return Ok(Answer::not_saved("Le message est vide."));
    }
    let sent = school.clock.now();
    let message = Message { author: me, sent, to, aside: false, reply_to: None, content, files, forwarded };
    let discussion = school.messages.start(subject, message);
    if let Some(draft) = draft.and_then(|draft| school.messages.drafts.get_mut(draft)) {
        draft.sent = Some(Place { discussion, number: 1 });
    }
    Ok(Answer::saved())
}

fn answer(school: &mut School, call: &Call<'_>, place: Place, draft: Option<DraftId>) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let (discussion, _) = school.messages.message(me, place).ok_or_else(Refusal::expired_id)?;
    if discussion.closed {
        return Ok(Answer::not_saved("Cette discussion est fermée."));
    }
    if discussion.members.get(me).is_none_or(|member| member.left) {
        return Ok(Answer::not_saved("Vous avez quitté cette discussion."));
    }
    let (to, aside) = match audience(school, me, place, call.data["bouton"]["G"].as_i64().unwrap_or(2)) {
        Some((to, aside)) if !to.is_empty() => (to, aside),
        Some(_) => return Ok(Answer::not_saved("Il n'y a plus personne dans cette discussion.")),
        None => return Ok(Answer::not_saved("Cette action n'est pas possible.")),
    };
    let content = content(&call.data["contenu"]);
    let mut files = draft.and_then(|id| draft_of(school, me, id)).map(|draft| draft.files.clone()).unwrap_or_default();
    files.extend(self::files(school, call));
    if content.text.is_empty() && files.is_empty() {
        return Ok(Answer::not_saved("Le message est vide."));
    }
    let sent = school.clock.now();
    let reply_to = Some(place.number);
    if let Some(discussion) = school.messages.discussions.get_mut(place.discussion) {
        discussion.post(Message { author: me, sent, to, aside, reply_to, content, files, forwarded: Vec::new() });
    }
    if let Some(draft) = draft {
        school.messages.drafts.remove(draft);
    }
    Ok(Answer::saved())
}

/// To whom an answer goes by the button that was pressed, and whether some are left out; none for an unknown button.
fn audience(school: &School, me: PersonId, place: Place, button: i64) -> Option<(Vec<PersonId>, bool)> {
    let (discussion, answered) = school.messages.message(me, place)?;
    let all: Vec<PersonId> = discussion.others(me).collect();
    let to: Vec<PersonId> = match button {
        0 if answered.author == me => answered.to.iter().copied().filter(|person| all.contains(person)).collect(),
        0 => all.iter().copied().filter(|person| *person == answered.author).collect(),
        1 | 2 => all.clone(),
        3 | 4 => all.iter().copied().filter(|person| is_staff(school, *person)).collect(),
        _ => return None,
    };
    let aside = to.len() < all.len();
    Some((to, aside))
}

/// Finds which draft of ours is being written or sent; none for one the client has just made.
fn draft(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Option<DraftId>, Refusal> {
    let element = &call.data["brouillon"];
    if is_new(element) {
        return Ok(None);
    }
    match Target::read(school, ids, call.viewer.person, element)? {
        Some(Target::Draft(draft)) => Ok(Some(draft)),
        Some(Target::Sent(_)) => Err(Refusal::denied("Ce message a déjà été envoyé.")),
        None => Ok(None),
    }
}

/// Reads the recipients; one whom the viewer may not write to refuses the whole call.
fn destinations(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Vec<PersonId>, Refusal> {
    let mut to = Vec::new();
    for element in bare(&call.data["listeDestinataires"]).as_array().into_iter().flatten() {
        let Some(id) = ids.of(element)? else { continue };
        let person = u32::try_from(id.key).ok().and_then(|key| school.people.get(PersonId(key)));
        let person = person.filter(|person| person.kind.genre() == id.genre);
        match person {
            Some(person) if recipients::may_write_to(school, call.viewer, person.id) => to.push(person.id),
            _ => return Err(Refusal::denied("Vous ne pouvez pas écrire à ce destinataire.")),
        }
    }
    to.sort_unstable();
    to.dedup();
    Ok(to)
}

/// Takes the text as it is: HTML when it comes typed, plain otherwise.
fn content(value: &Value) -> Content {
    match value.as_str() {
        Some(text) => Content { text: text.to_owned(), html: false },
        None => Content { text: value["V"].as_str().unwrap_or_default().to_owned(), html: true },
    }
}

/// Puts the uploaded files that a message names into the base.
fn files(school: &mut School, call: &Call<'_>) -> Vec<FileId> {
    let mut files = Vec::new();
    for element in bare(&call.data["listeFichiers"]).as_array().into_iter().flatten() {
        let name = bare(&element["idFichier"]);
        let name = name.as_str().map_or_else(|| name.to_string(), str::to_owned);
        let Some(upload) = call.uploads.get(&name) else { continue };
        let id = FileId(school.files.last().map_or(1, |file| file.id.0 + 1));
        school.files.put(File { id, name: upload.name.clone(), body: Body::Bytes(upload.bytes.clone()) });
        files.push(id);
    }
    files
}
