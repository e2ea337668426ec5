//! `SaisieActualites`: marks news read, acknowledges, answers surveys, deletes.

use serde_json::{Value, json};

use crate::functions::save::save_report;
use crate::functions::{Context, Function, Payload, Write};
use crate::model::{Echo, NewsItem, NewsKind, Question, QuestionKind, SaveReport, tab};
use crate::wire::{Malformed, Set, write};

/// Changes what the reader did with one piece of news (data §12.4).
#[derive(Debug, Clone)]
pub struct Save {
    item: Value,
}

/// What a reader replies to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// "I have read this."
    Acknowledged,
    /// A text.
    Text(String),
    /// One or more choices, by rank, and the text of the choice that asks for one.
    Choices {
        /// The ranks chosen.
        ranks: Set,
        /// The text of "other".
        other: Option<String>,
    },
}

/// A reply that does not fit its question; nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyMismatch {
    /// The question cannot be answered by anyone.
    #[error("this question takes no answer")]
    NotAsked,
    /// A text for choices, choices for a text…
    #[error("this question takes another kind of answer")]
    WrongKind,
    /// A rank that none of the choices has, or none at all.
    #[error("no such choice")]
    UnknownChoice,
    /// More choices than the question takes.
    #[error("too many choices")]
    TooManyChoices,
    /// A text beside choices none of which asks for one.
    #[error("none of these choices takes a text")]
    NoFreeText,
    /// A text longer than the question takes.
    #[error("the text is too long")]
    TooLong,
}

impl Save {
    /// Marks an item read or unread.
    #[must_use]
    pub fn mark_read(item: &NewsItem, read: bool) -> Self {
        Self::new(item, json!({ "lue": read, "marqueLueSeulement": true, "supprimee": false, "listeQuestions": [] }))
    }

    /// Takes an item out of the reader's list, for good.
    #[must_use]
    pub fn delete(item: &NewsItem) -> Self {
        let read = item.read;
        Self::new(item, json!({ "lue": read, "marqueLueSeulement": false, "supprimee": true, "listeQuestions": [] }))
    }

    /// Acknowledges every question of an information that asks for it.
    ///
    /// # Errors
    /// [`ReplyMismatch::NotAsked`] when none does.
    pub fn acknowledge(item: &NewsItem, questions: &[Question]) -> Result<Self, ReplyMismatch> {
        let asked = questions.iter().filter(|question| question.kind == QuestionKind::Acknowledgement);
        Self::answer(item, asked.map(|question| (question, Reply::Acknowledged)))
    }

    /// Answers questions of an item, and marks it read.
    ///
    /// # Errors
    /// A reply does not fit its question, or there is none.
    pub fn answer<'a>(
        item: &NewsItem,
        replies: impl IntoIterator<Item = (&'a Question, Reply)>,
    ) -> Result<Self, ReplyMismatch> {
        let questions =
            replies.into_iter().map(|(question, reply)| answered(question, &reply)).collect::<Result<Vec<_>, _>>()?;
        if questions.is_empty() {
            return Err(ReplyMismatch::NotAsked);
        }
        let change =
            json!({ "lue": true, "marqueLueSeulement": false, "supprimee": false, "listeQuestions": questions });
        Ok(Self::new(item, change))
    }

    fn new(item: &NewsItem, mut change: Value) -> Self {
        let state = match item.kind {
            NewsKind::Information => 2,
            NewsKind::Survey => 4,
        };
        change["N"] = json!(item.id);
        change["L"] = json!(item.title.as_deref().unwrap_or_default());
        change["E"] = json!(state);
        change["validationDirecte"] = json!(true);
        change["saisieActualite"] = json!(false);
        // Servers silently ignore a save that names another recipient than the one they sent.
        change["genrePublic"] = json!(item.public_kind);
        change["public"] = item.public.as_ref().map_or(Value::Null, Echo::value);
        Save { item: change }
    }
}

fn answered(question: &Question, reply: &Reply) -> Result<Value, ReplyMismatch> {
    let (Some(id), Some(answer)) = (&question.id, &question.answer) else { return Err(ReplyMismatch::NotAsked) };
    check(question, reply)?;
    let (value, other) = match reply {
        Reply::Acknowledged => (json!(""), ""),
        Reply::Text(text) => (json!(text), ""),
        Reply::Choices { ranks, other } => (write::typed(26, ranks.to_string()), other.as_deref().unwrap_or_default()),
    };
    // An answer that does not exist yet has a small number for a name.
    let name = match &answer.id {
        None => json!(0),
        Some(id) => id.as_str().parse::<i64>().map_or_else(|_| json!(id), |number| json!(number)),
    };
    Ok(json!({
        "N": id,
        "L": question.label.as_deref().unwrap_or_default(),
        "E": 2,
        "genreReponse": question.kind.code(),
        "reponse": {
            "N": name,
            "E": if answer.answered { 2 } else { 1 },
            "Actif": true,
            "avecReponse": true,
            "estReponseAttendue": answer.expected,
            "_validationSaisie": true,
            "valeurReponse": value,
            "valeurReponseLibre": other,
        },
    }))
}

fn check(question: &Question, reply: &Reply) -> Result<(), ReplyMismatch> {
    match (question.kind, reply) {
        (QuestionKind::Information | QuestionKind::Comment | QuestionKind::Other(_), _) => Err(ReplyMismatch::NotAsked),
        (QuestionKind::Acknowledgement, Reply::Acknowledged) => Ok(()),
        (QuestionKind::Text, Reply::Text(text)) => match question.max_length {
            Some(most) if text.chars().count() > most as usize => Err(ReplyMismatch::TooLong),
            _ => Ok(()),
        },
        (QuestionKind::SingleChoice | QuestionKind::MultipleChoice, Reply::Choices { ranks, other }) => {
            let choice = |rank| question.choices.iter().find(|choice| choice.rank == rank);
            let wanted = ranks.iter().count();
            let most = match question.kind {
                QuestionKind::SingleChoice => Some(1),
                _ => question.max_choices.map(|most| most as usize),
            };
            if wanted == 0 || !ranks.iter().all(|rank| choice(rank).is_some()) {
                Err(ReplyMismatch::UnknownChoice)
            } else if most.is_some_and(|most| wanted > most) {
                Err(ReplyMismatch::TooManyChoices)
            } else if other.is_some() && !ranks.iter().filter_map(choice).any(|choice| choice.free_text) {
                Err(ReplyMismatch::NoFreeText)
            } else {
                Ok(())
            }
        }
        _ => Err(ReplyMismatch::WrongKind),
    }
}

impl Function for Save {
    const NAME: &'static str = "SaisieActualites";
    const TAB: Option<u32> = Some(tab::NEWS);
    type Answer = SaveReport;

    fn arguments(&self, _: &Context) -> Value {
        json!({ "listeActualites": [self.item], "saisieActualite": false })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<SaveReport, Malformed> {
        Ok(save_report(payload.report))
    }
}

impl Write for Save {}
