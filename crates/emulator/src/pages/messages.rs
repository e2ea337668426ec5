//! Messaging (`ListeMessagerie`, `ListeMessages`, `SaisieMessage` and their kin, data §15).
//!
//! A *message* and a *possession* (somebody's copy of it) carry the same number here: where the message is. Whoever asks is
//! always checked against it, so no identifier opens somebody else's message.

mod labels;
mod list;
mod read;
mod recipients;
mod save;
mod send;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::{Answer, Call, Ids, Refusal, bare, genre};
use crate::School;
use crate::school::messages::{Draft, Place};
use crate::school::{DiscussionId, DraftId, Kind, Person, PersonId};

/// Answers the functions of this page.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    match call.function {
        "ListeMessagerie" => {
            let unread_only = call.data["avecLu"] == false;
            Ok(Answer::read(list::list(school, ids, call.viewer.person, unread_only)))
        }
        "ListeMessages" => read::messages(school, ids, call),
        "SaisiePublicMessage" => read::participants(school, ids, call),
        "ListeRessourcesPourCommunication" => recipients::list(school, ids, call),
        "SaisieMessage" => save::save(school, ids, call),
        "SaisieEtiquetteMessage" => labels::save(school, ids, call),
        // Nobody could tell what `ListePublics` looks like: it is refused rather than invented.
        _ => Err(Refusal::unknown_function()),
    }
}

pub(super) use list::list;

/// What an identifier of messaging stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// A message that was sent.
    Sent(Place),
    /// A message that was not.
    Draft(DraftId),
}

impl Target {
    /// One number for all: drafts are those of discussion 0, which does not exist.
    fn key(self) -> u64 {
        match self {
            Self::Sent(place) => u64::from(place.discussion) << 32 | u64::from(place.number),
            Self::Draft(draft) => u64::from(draft),
        }
    }

    fn of_key(key: u64) -> Self {
        let (discussion, number) = ((key >> 32) as u32, key as u32);
        match discussion {
            0 => Self::Draft(DraftId(number)),
            _ => Self::Sent(Place { discussion: DiscussionId(discussion), number }),
        }
    }

    fn message(self, ids: &Ids) -> String {
        ids.write(genre::MESSAGE, self.key())
    }

    fn possession(self, ids: &Ids) -> String {
        ids.write(genre::POSSESSION, self.key())
    }

    /// Reads what an element names, and makes sure that it is the person's; none when it names nothing.
    fn read(school: &School, ids: &Ids, person: PersonId, element: &Value) -> Result<Option<Self>, Refusal> {
        let Some(id) = ids.of(element)? else { return Ok(None) };
        let target = match Self::of_key(id.key) {
            Self::Draft(draft) => match draft_of(school, person, draft).and_then(|draft| draft.sent) {
                Some(place) => Self::Sent(place),
                None => Self::Draft(draft),
            },
            sent => sent,
        };
        let theirs = matches!(id.genre, genre::MESSAGE | genre::POSSESSION)
            && match target {
                Self::Sent(place) => school.messages.message(person, place).is_some(),
                Self::Draft(draft) => draft_of(school, person, draft).is_some(),
            };
        if theirs { Ok(Some(target)) } else { Err(Refusal::denied("Ce message ne vous est pas destiné.")) }
    }

    /// Reads a list of possessions, wrapped or not.
    fn read_all(school: &School, ids: &Ids, person: PersonId, list: &Value) -> Result<Vec<Self>, Refusal> {
        let mut targets = Vec::new();
        for element in bare(list).as_array().into_iter().flatten() {
            targets.extend(Self::read(school, ids, person, element)?);
        }
        Ok(targets)
    }
}

fn draft_of(school: &School, person: PersonId, draft: DraftId) -> Option<&Draft> {
    school.messages.drafts.get(draft).filter(|draft| draft.author == person)
}

/// The name of somebody in messages: guardians politely, with their children.
fn name(school: &School, person: &Person) -> String {
    if person.kind != Kind::Guardian {
        return person.label();
    }
    let children: Vec<String> = person
        .children
        .iter()
        .filter_map(|child| school.people.get(*child))
        .map(|child| match child.class.and_then(|class| school.classes.get(class)) {
            Some(class) => format!("{} ({})", child.name(), class.name),
            None => child.name(),
        })
        .collect();
    format!("{} - {}", person.polite_name(), children.join(" "))
}

fn name_of(school: &School, person: PersonId) -> String {
    school.people.get(person).map(|person| name(school, person)).unwrap_or_default()
}

/// What somebody is, as messages tell it.
fn role(school: &School, person: PersonId) -> &'static str {
    match school.people.get(person).map(|person| person.kind) {
        Some(Kind::Teacher) => "Professeur",
        Some(Kind::Staff) => "Personnel",
        Some(Kind::Guardian) => "Responsable",
        Some(Kind::Student) | None => "Élève",
    }
}

/// Whether somebody works for the school.
fn is_staff(school: &School, person: PersonId) -> bool {
    school.people.get(person).is_some_and(|person| matches!(person.kind, Kind::Teacher | Kind::Staff))
}
