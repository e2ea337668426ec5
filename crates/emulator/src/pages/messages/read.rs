//! The messages of a discussion and who takes part in it (`ListeMessages`, `SaisiePublicMessage`, data §15.3 to §15.5).

use jiff::civil::DateTime;
use serde_json::{Value, json};

use super::{Target, draft_of, name, name_of, role};
use crate::School;
use crate::pages::{Answer, Call, Ids, Refusal, write};
use crate::school::messages::{Content, Discussion, Draft, Message, Place};
use crate::school::{DraftId, FileId, PersonId};

/// How many messages a page holds, when the client asks for pages.
const PAGE: usize = 20;

/// Answers with the messages of the discussion that the possessions belong to, and marks them read when asked to.
pub(super) fn messages(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let person = call.viewer.person;
    let possessions = Target::read_all(school, ids, person, &call.data["listePossessionsMessages"])?;
    let asked = Target::read(school, ids, person, &call.data["message"])?;
    let place = match possessions.first().copied().or(asked) {
        Some(Target::Sent(place)) => place,
        Some(Target::Draft(draft)) => return unsent(school, ids, person, draft),
        None => return Err(Refusal::denied("Aucun message n'est désigné.")),
    };
    let seen = call.data["nbMessagesVus"].as_u64().and_then(|seen| usize::try_from(seen).ok()).unwrap_or(0);
    let asked = match asked {
        Some(Target::Sent(message)) if message.discussion == place.discussion => Some(message.number),
        _ => None,
    };
    let missing = || Refusal::denied("Cette discussion n'existe plus.");
    let mut data = {
        let discussion = school.messages.discussions.get(place.discussion).ok_or_else(missing)?;
        page(school, ids, person, discussion, seen, asked)
    };
    if call.data["marquerCommeLu"] == true {
        let discussion = school.messages.discussions.get_mut(place.discussion).ok_or_else(missing)?;
        let unread = discussion.members.get_mut(person).map(|member| std::mem::take(&mut member.unread));
        data["nbMarquerLu"] = json!(unread.map_or(0, |unread| unread.len()));
    }
    Ok(Answer::read(data))
}

/// A whole discussion, or the page that comes before the `seen` latest messages; `asked` is the message to answer.
fn page(school: &School, ids: &Ids, me: PersonId, discussion: &Discussion, seen: usize, asked: Option<u32>) -> Value {
    let numbers: Vec<u32> = discussion.seen_by(me).map(|(number, _)| number).collect();
    let end = numbers.len().saturating_sub(seen);
    let start = if seen == 0 { 0 } else { end.saturating_sub(PAGE) };
    let unread = discussion.members.get(me).map(|member| &member.unread);
    let sent = numbers[start..end].iter().filter_map(|number| {
        let place = Place { discussion: discussion.id, number: *number };
        let mut value = message(school, ids, me, place, discussion.message(*number)?);
        value["lu"] = json!(!unread.is_some_and(|unread| unread.contains(number)));
        Some(value)
    });
    let of_this = |draft: &&Draft| draft.reply_to.is_some_and(|place| place.discussion == discussion.id);
    let drafts = school.messages.drafts_of(me).filter(of_this).map(|draft| draft_message(school, ids, draft));
    let left = discussion.members.get(me).is_none_or(|member| member.left);
    let others = discussion.others(me).count();
    let may_answer = !discussion.closed && !left && others > 0;
    let answered = asked.or(numbers.last().copied()).unwrap_or(1);
    let mut reply = json!({
        "N": Target::Sent(Place { discussion: discussion.id, number: answered }).message(ids),
        "G": 0,
        "nbDestinataires": others,
    });
    if discussion.closed {
        reply["ferme"] = json!(true);
    }
    json!({
        "listeMessages": write::list(sent.chain(drafts)),
        "messagePourReponse": write::element(reply),
        "listeBoutons": write::list(if may_answer { buttons(others) } else { Vec::new() }),
        "nbPossessionsMessage": numbers.len(),
    })
}

/// What can be done with an answer, the usual thing first: to send it to everybody, or to one.
fn buttons(others: usize) -> Vec<Value> {
    let button = |number: u8, label: &str| json!({ "N": "0", "G": number, "L": label });
    match others {
        0 | 1 => vec![button(0, "Envoyer")],
        _ => vec![button(2, "Envoyer à tous"), button(0, "Envoyer à l'auteur")],
    }
}

/// The beginning of a discussion that was not sent, shown as a discussion that holds this draft only.
fn unsent(school: &School, ids: &Ids, me: PersonId, draft: DraftId) -> Result<Answer, Refusal> {
    let draft = draft_of(school, me, draft).ok_or_else(Refusal::expired_id)?;
    if let Some(place) = draft.reply_to
        && let Some((discussion, _)) = school.messages.message(me, place)
    {
        return Ok(Answer::read(page(school, ids, me, discussion, 0, Some(place.number))));
    }
    let id = Target::Draft(draft.id).message(ids);
    Ok(Answer::read(json!({
        "listeMessages": write::list([draft_message(school, ids, draft)]),
        "messagePourReponse": write::element(json!({ "N": id, "G": 0, "nbDestinataires": draft.to.len() })),
        "listeBoutons": write::list(buttons(1)),
        "nbPossessionsMessage": 1,
    })))
}

fn message(school: &School, ids: &Ids, me: PersonId, place: Place, message: &Message) -> Value {
    let source =
        message.reply_to.map(|number| Target::Sent(Place { discussion: place.discussion, number }).message(ids));
    let mine = message.author == me;
    let target = Target::Sent(place);
    let mut value = json!({
        "N": target.message(ids),
        "messageSource": write::element(json!({ "N": source.as_deref().unwrap_or("0") })),
        "possessionMessage": write::element(json!({ "N": target.possession(ids) })),
        "date": write::date_time(message.sent),
        "libelleDate": long_date(message.sent),
        "emetteur": mine,
        "lu": true,
        "public_gauche": if mine { "Moi".to_owned() } else { name_of(school, message.author) },
        "hint_gauche": if mine { "" } else { role(school, message.author) },
        "nbPublic": message.to.len(),
        "estUnAparte": message.aside,
        "estHTML": message.content.html,
        "contenu": content(&message.content),
        "listeDocumentsJoints": files(school, ids, &message.files),
    });
    if let [only] = message.to[..] {
        value["public_droite"] = json!(if only == me { "Moi".to_owned() } else { name_of(school, only) });
        value["hint_droite"] = json!(if only == me { "" } else { role(school, only) });
    }
    // Forwarded messages are shown as they are, to whoever received what forwards them; one that forwards in turn is cut there.
    let forwarded: Vec<Value> = message
        .forwarded
        .iter()
        .filter_map(|place| {
            let found = school.messages.discussions.get(place.discussion)?.message(place.number)?;
            let bare = Message { forwarded: Vec::new(), ..found.clone() };
            Some(self::message(school, ids, me, *place, &bare))
        })
        .collect();
    if !forwarded.is_empty() {
        value["listeMessagesPourContexte"] = write::list(forwarded);
    }
    value
}

fn draft_message(school: &School, ids: &Ids, draft: &Draft) -> Value {
    let target = Target::Draft(draft.id);
    let source = draft.reply_to.map(|place| Target::Sent(place).message(ids));
    json!({
        "N": target.message(ids),
        "brouillon": true,
        "messageSource": write::element(json!({ "N": source.unwrap_or_else(|| target.message(ids)) })),
        "possessionMessage": write::element(json!({ "N": target.possession(ids) })),
        "date": write::date_time(draft.saved),
        "libelleDate": long_date(draft.saved),
        "emetteur": true,
        "lu": true,
        "public_gauche": "Moi",
        "hint_gauche": "",
        "nbPublic": draft.to.len(),
        "estUnAparte": false,
        "estHTML": draft.content.html,
        "contenu": content(&draft.content),
        "listeDocumentsJoints": files(school, ids, &draft.files),
    })
}

fn content(content: &Content) -> Value {
    if content.html { write::html(&content.text) } else { json!(content.text) }
}

fn files(school: &School, ids: &Ids, files: &[FileId]) -> Value {
    write::list(files.iter().filter_map(|file| school.files.get(*file)).map(|file| write::attachment(ids, file)))
}

/// Such as `jeu. 11/09/25 16h35`.
fn long_date(moment: DateTime) -> String {
    const DAYS: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
    let day = usize::try_from(moment.weekday().to_monday_zero_offset()).ok().and_then(|day| DAYS.get(day));
    format!("{} {}", day.unwrap_or(&""), moment.strftime("%d/%m/%y %Hh%M"))
}

/// Answers with everybody else in a discussion, or with those one message was for.
pub(super) fn participants(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let me = call.viewer.person;
    let people: Vec<(PersonId, bool)> = match Target::read(school, ids, me, &call.data["message"])? {
        None => return Err(Refusal::denied("Aucun message n'est désigné.")),
        Some(Target::Draft(draft)) => {
            let draft = draft_of(school, me, draft).ok_or_else(Refusal::expired_id)?;
            draft.to.iter().map(|person| (*person, false)).collect()
        }
        Some(Target::Sent(place)) => {
            let (discussion, message) = school.messages.message(me, place).ok_or_else(Refusal::expired_id)?;
            if call.data["estPublicParticipant"] == true {
                let others = discussion.members.iter().filter(|member| member.person != me);
                others.map(|member| (member.person, member.left)).collect()
            } else {
                message.to.iter().map(|person| (*person, false)).collect()
            }
        }
    };
    let people = people.into_iter().zip(0..).filter_map(|((id, left), rank)| {
        let person = school.people.get(id)?;
        let mut value = write::person(ids, person);
        value["L"] = json!(name(school, person));
        value["P"] = json!(rank);
        value["refusMess"] = json!(false);
        if left {
            value["estSorti"] = json!(true);
        }
        Some(value)
    });
    Ok(Answer::read(json!({ "listeDest": write::list(people) })))
}
