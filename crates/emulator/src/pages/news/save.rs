//! What readers do with news: read, acknowledge, answer, delete (`SaisieActualites`, data §12.4).

use std::collections::BTreeSet;

use pronote::wire::Set;
use serde_json::Value;

use super::{find, question_key};
use crate::School;
use crate::pages::{Answer, Call, Ids, Refusal, bare, genre};
use crate::school::NewsId;
use crate::school::news::{Asks, Question, Reply};

/// The longest text an answer may hold, in characters.
pub(super) const LONGEST_TEXT: usize = 200;

/// What is to be changed about one piece of news.
struct Change {
    item: NewsId,
    read: Option<bool>,
    deleted: bool,
    /// A rank and the new answer, none to take the old one back.
    replies: Vec<(u32, Option<Reply>)>,
}

/// Saves all that is sent, or nothing: a report says why.
pub(super) fn save(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let person = call.viewer.person;
    let mut changes = Vec::new();
    for sent in call.data["listeActualites"].as_array().into_iter().flatten() {
        let item = find(school, ids, person, sent)?;
        let replies = match replies(school, ids, item, sent)? {
            Ok(replies) => replies,
            Err(reason) => return Ok(Answer::not_saved(reason)),
        };
        let deleted = sent["supprimee"] == true;
        changes.push(Change { item, read: sent["lue"].as_bool(), deleted, replies });
    }
    for change in changes {
        let Some(item) = school.news.items.get_mut(change.item) else { continue };
        let reader = item.reader_mut(person);
        reader.deleted |= change.deleted;
        reader.read = change.read.unwrap_or(reader.read);
        for (rank, reply) in change.replies {
            match reply {
                Some(reply) => reader.answer(reply),
                None => reader.replies.retain(|old| old.question != rank),
            }
        }
    }
    Ok(Answer::saved())
}

type Replies = Result<Vec<(u32, Option<Reply>)>, &'static str>;

fn replies(school: &School, ids: &Ids, item: NewsId, sent: &Value) -> Result<Replies, Refusal> {
    let Some(item) = school.news.items.get(item) else { return Ok(Ok(Vec::new())) };
    if sent["marqueLueSeulement"] == true || sent["supprimee"] == true {
        return Ok(Ok(Vec::new()));
    }
    let mut replies = Vec::new();
    for question in sent["listeQuestions"].as_array().into_iter().flatten() {
        let id = ids.of(question)?.filter(|id| id.genre == genre::QUESTION);
        let found =
            (1..).zip(&item.questions).find(|(rank, _)| id.map(|id| id.key) == Some(question_key(item.id, *rank)));
        let Some((rank, asked)) = found else {
            return Err(Refusal::denied("Cette question n'appartient pas à cette information."));
        };
        let given = match reply(school, rank, asked, bare(&question["reponse"])) {
            Ok(given) => given,
            Err(reason) => return Ok(Err(reason)),
        };
        // An acknowledgement is never taken back, and what asks nothing has no answer.
        let clears = given.is_none() && asked.asks != Asks::Acknowledgement;
        if asked.wants_reply() && (given.is_some() || clears) {
            replies.push((rank, given));
        }
    }
    Ok(Ok(replies))
}

/// Reads one answer; none when the reader says there is none.
fn reply(school: &School, rank: u32, asked: &Question, answer: &Value) -> Result<Option<Reply>, &'static str> {
    if answer["avecReponse"] != true {
        return Ok(None);
    }
    let mut reply = Reply { question: rank, at: school.clock.now(), choices: BTreeSet::new(), text: String::new() };
    let value = &answer["valeurReponse"];
    match asked.asks {
        Asks::Single | Asks::Multiple => {
            let chosen = bare(value).as_str().and_then(Set::parse).ok_or("La réponse est illisible.")?;
            reply.choices = chosen.iter().collect();
            if reply.choices.iter().any(|choice| *choice == 0 || *choice > asked.last_choice()) {
                return Err("Ce choix n'existe pas.");
            }
            if reply.choices.is_empty() {
                return Ok(None);
            }
            let most = if asked.asks == Asks::Single { 1 } else { asked.at_most };
            if most > 0 && reply.choices.len() > most {
                return Err("Trop de choix ont été faits.");
            }
            if asked.other && reply.choices.contains(&asked.last_choice()) {
                reply.text = answer["valeurReponseLibre"].as_str().unwrap_or_default().to_owned();
            }
        }
        _ => reply.text = bare(value).as_str().unwrap_or_default().to_owned(),
    }
    if reply.text.chars().count() > LONGEST_TEXT {
        return Err("La réponse est trop longue.");
    }
    Ok(Some(reply))
}
