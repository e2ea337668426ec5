//! News and surveys (`PageActualites`, `SaisieActualites`, data §12).

mod save;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::{Answer, Call, Ids, Refusal, bare, genre, write};
use crate::School;
use crate::school::news::{Asks, NewsItem, Question, State};
use crate::school::{CategoryId, NewsId, Person, PersonId};

/// Answers the functions of this page.
pub(crate) fn answer(school: &mut School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    match call.function {
        "SaisieActualites" => save::save(school, ids, call),
        _ if call.data["genreRequeteActualite"] == 1 => detail(school, ids, call),
        _ => Ok(Answer::read(list(school, ids, call.viewer.person, &modes(call.data)))),
    }
}

/// The modes asked for: 0 received, 1 published by me, 2 drafts, 3 templates; the first one alone by default.
fn modes(data: &Value) -> Vec<u32> {
    let asked = bare(&data["modesAffActus"]).as_str().and_then(pronote::wire::Set::parse).unwrap_or_default();
    let modes: Vec<u32> = asked.iter().filter(|mode| *mode <= 3).collect();
    if modes.is_empty() { vec![0] } else { modes }
}

/// The news of each mode.
pub(super) fn list(school: &School, ids: &Ids, person: PersonId, modes: &[u32]) -> Value {
    let categories = write::list(school.news.categories.iter().enumerate().map(|(at, category)| {
        json!({ "N": ids.write(genre::CATEGORY, category.id), "L": category.name, "estDefaut": at == 0 })
    }));
    let lists: Vec<Value> = modes
        .iter()
        .map(|mode| {
            // The newest first, as they are shown.
            let mut items: Vec<&NewsItem> =
                school.news.items.iter().filter(|item| belongs(school, item, person, *mode)).collect();
            items.sort_by_key(|item| std::cmp::Reverse((item.created, item.id)));
            let items = items.into_iter().map(|item| news_item(school, ids, person, item));
            json!({ "G": mode, "listeActualites": write::list(items) })
        })
        .collect();
    json!({
        "genreRequeteActualite": 0,
        "listeCategories": categories,
        "listeNatures": categories,
        "listeModesAff": lists,
    })
}

fn belongs(school: &School, item: &NewsItem, person: PersonId, mode: u32) -> bool {
    match mode {
        0 => item.reaches(school, person),
        1 => item.author == person && item.state == State::Published,
        2 => item.author == person && item.state == State::Draft,
        _ => item.author == person && item.state == State::Template,
    }
}

/// Finds what an element names, if the person may see it.
fn find(school: &School, ids: &Ids, person: PersonId, element: &Value) -> Result<NewsId, Refusal> {
    let item = ids
        .of(element)?
        .filter(|id| id.genre == genre::NEWS)
        .and_then(|id| school.news.items.iter().find(|item| u64::from(item.id) == id.key))
        .filter(|item| item.author == person || item.reaches(school, person));
    item.map(|item| item.id).ok_or_else(|| Refusal::denied("Cette information ne vous est pas destinée."))
}

fn detail(school: &School, ids: &Ids, call: &Call<'_>) -> Result<Answer, Refusal> {
    let person = call.viewer.person;
    let id = find(school, ids, person, &call.data["actualite"])?;
    let questions = school.news.items.get(id).map(|item| questions(school, ids, person, item));
    Ok(Answer::read(json!({ "genreRequeteActualite": 1, "detailsActualite": { "listeQuestions": questions } })))
}

fn news_item(school: &School, ids: &Ids, reader: PersonId, item: &NewsItem) -> Value {
    let author = school.people.get(item.author);
    let recipient = school.people.get(reader);
    let category = write::element(category(school, ids, item.category));
    json!({
        "N": ids.write(genre::NEWS, item.id),
        "L": item.title,
        "estInformation": !item.survey,
        "estSondage": item.survey,
        "lue": item.read_by(reader),
        "reponseAnonyme": item.anonymous,
        "dateCreation": write::date_time(item.created),
        "dateDebut": write::date(item.from),
        "dateFin": write::date(item.to),
        "estProlonge": false,
        "auteur": author.map(Person::label).unwrap_or_default(),
        "estAuteur": item.author == reader,
        "elmauteur": write::element(author.map(|person| write::person(ids, person)).unwrap_or_else(|| json!({}))),
        "public": write::element(recipient.map(|person| {
            let mut public = write::person(ids, person);
            public["P"] = json!(0);
            public
        }).unwrap_or_else(|| json!({}))),
        "genrePublic": recipient.map(|person| person.kind.genre()),
        "categorie": category,
        "nature": category,
        "estModele": item.state == State::Template,
        "estModelePartage": false,
        "estPublic": true,
        "estPartage": false,
        "informationListeContenu": {
            "avecPJ": item.questions.iter().any(|question| !question.files.is_empty()),
            "aToutRepondu": (1..).zip(&item.questions)
                .all(|(rank, question)| !question.wants_reply() || item.reply(reader, rank).is_some()),
            "avecCommandeVisuResultat": false,
        },
        "listeQuestions": questions(school, ids, reader, item),
    })
}

fn category(school: &School, ids: &Ids, id: CategoryId) -> Value {
    let name = school.news.categories.get(id).map(|category| category.name.as_str());
    json!({ "N": ids.write(genre::CATEGORY, id), "L": name.unwrap_or_default() })
}

fn questions(school: &School, ids: &Ids, reader: PersonId, item: &NewsItem) -> Value {
    let numbered = (1..).zip(&item.questions);
    write::list(numbered.map(|(rank, question)| {
        let files = question.files.iter().filter_map(|file| school.files.get(*file));
        json!({
            "N": ids.write(genre::QUESTION, question_key(item.id, rank)),
            "L": if item.survey { format!("Q {rank} : {}", question.title) } else { question.title.clone() },
            "titre": question.title,
            "P": rank,
            "rang": rank,
            "genreReponse": asks(question.asks),
            "texte": write::html(&question.text),
            "tailleReponse": save::LONGEST_TEXT,
            "avecMaximum": question.at_most > 0,
            "nombreReponsesMax": question.at_most,
            "listePiecesJointes": write::list(files.map(|file| write::attachment(ids, file))),
            "listeChoix": choices(ids, item.id, rank, question),
            "reponse": write::element(reply(school, ids, reader, item, rank, question)),
        })
    }))
}

/// One number for a question among all: its news, and its rank in it.
fn question_key(item: NewsId, rank: u32) -> u64 {
    u64::from(item) << 8 | u64::from(rank)
}

/// PRONOTE's number for what is asked.
fn asks(asks: Asks) -> u8 {
    match asks {
        Asks::Acknowledgement => 0,
        Asks::Text => 1,
        Asks::Single => 2,
        Asks::Multiple => 3,
        Asks::Nothing => 4,
        Asks::OnlyText => 5,
    }
}

fn choices(ids: &Ids, item: NewsId, question: u32, asked: &Question) -> Value {
    let number = |rank: u32| ids.write(genre::CHOICE, question_key(item, question) << 8 | u64::from(rank));
    let listed = (1..).zip(&asked.choices).map(|(rank, label)| json!({ "N": number(rank), "L": label, "rang": rank }));
    let rank = asked.last_choice();
    let other = asked.other.then(|| json!({ "N": number(rank), "L": "Autre", "rang": rank, "estReponseLibre": true }));
    write::list(listed.chain(other))
}

fn reply(school: &School, ids: &Ids, reader: PersonId, item: &NewsItem, rank: u32, question: &Question) -> Value {
    let name = school.people.get(reader).map(Person::label).unwrap_or_default();
    let mut value = json!({
        "N": "0",
        "avecReponse": false,
        "estReponseAttendue": question.wants_reply(),
        "estRepondant": true,
        "strRepondant": name,
    });
    let Some(reply) = item.reply(reader, rank) else { return value };
    // One answer of one reader to one question: the three together make its number.
    let key = u64::from(reader) << 32 | question_key(item.id, rank) & 0xFFFF_FFFF;
    value["N"] = json!(ids.write(genre::NEWS_ANSWER, key));
    value["avecReponse"] = json!(true);
    value["reponduLe"] = write::date_time(reply.at);
    match question.asks {
        Asks::Single | Asks::Multiple => {
            value["valeurReponse"] = write::domain(reply.choices.iter().copied());
            if question.other && reply.choices.contains(&question.last_choice()) {
                value["valeurReponseLibre"] = json!(reply.text);
            }
        }
        _ => value["valeurReponse"] = json!(reply.text),
    }
    value
}
