//! `PageActualites`: news and surveys, as a list, or the questions of one of them.

mod save;

use serde_json::{Value, json};

pub use save::{Reply, ReplyMismatch, Save};

use super::common::{attachment, named, named_of, some_text};
use super::{Context, Function, Payload, Read};
use crate::model::{Answer, Choice, Echo, Named, News, NewsFolder, NewsItem, NewsKind, Question, QuestionKind, tab};
use crate::wire::{Malformed, Node, RemoteId, Set, write};

/// Asks for the news of some folders.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which folders.
    pub folders: Vec<NewsFolder>,
}

impl Default for Request {
    fn default() -> Self {
        Request { folders: vec![NewsFolder::Received] }
    }
}

impl Function for Request {
    const NAME: &'static str = "PageActualites";
    const TAB: Option<u32> = Some(tab::NEWS);
    type Answer = News;

    fn arguments(&self, _: &Context) -> Value {
        let folders: Set = self.folders.iter().filter_map(|folder| u32::try_from(folder.code()).ok()).collect();
        json!({ "modesAffActus": write::typed(26, folders.to_string()) })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<News, Malformed> {
        Ok(news(payload.data))
    }
}

impl Read for Request {}

/// Asks for the questions of one piece of news, where the list did not give them (data §12.3).
#[derive(Debug, Clone)]
pub struct Detail {
    id: RemoteId,
    folder: NewsFolder,
    public: Value,
    public_kind: Option<i64>,
}

impl Detail {
    /// Asks for those of an item of the list.
    #[must_use]
    pub fn of(item: &NewsItem) -> Self {
        Detail {
            id: item.id.clone(),
            folder: item.folder,
            public: item.public.as_ref().map_or(Value::Null, Echo::value),
            public_kind: item.public_kind,
        }
    }
}

impl Function for Detail {
    const NAME: &'static str = "PageActualites";
    const TAB: Option<u32> = Some(tab::NEWS);
    type Answer = Vec<Question>;

    fn arguments(&self, _: &Context) -> Value {
        json!({
            "actualite": { "N": self.id, "public": self.public, "genrePublic": self.public_kind },
            "genreRequeteActualite": 1,
            "modeAffActu": self.folder.code(),
        })
    }

    fn read(payload: Payload<'_>, _: &Context) -> Result<Vec<Question>, Malformed> {
        detail(payload.data)
    }
}

impl Read for Detail {}

/// Reads the folders of the list, one after the other.
pub(crate) fn news(data: Node<'_>) -> News {
    let mut categories = data.each("listeNatures", named);
    if categories.is_empty() {
        categories = data.each("listeCategories", named);
    }
    let mut items = Vec::new();
    for folder in data.items("listeModesAff") {
        let kind = folder.read("G").unwrap_or(NewsFolder::Received);
        items.extend(folder.each("listeActualites", |node| item(node, kind, &categories)));
    }
    News { items, categories }
}

/// Reads the questions of one piece of news.
pub(crate) fn detail(data: Node<'_>) -> Result<Vec<Question>, Malformed> {
    Ok(data.need_node("detailsActualite")?.each("listeQuestions", question))
}

fn item(node: Node<'_>, folder: NewsFolder, categories: &[Named]) -> Result<NewsItem, Malformed> {
    let summary = node.get("informationListeContenu");
    let questions = node.has("listeQuestions").then(|| node.each("listeQuestions", question));
    let carries = questions.iter().flatten().any(|question| !question.attachments.is_empty());
    let public = node.get("public");
    Ok(NewsItem {
        id: node.need("N")?,
        folder,
        kind: if node.flag("estSondage") { NewsKind::Survey } else { NewsKind::Information },
        title: some_text(node, "L"),
        category: node.get_any(&["nature", "categorie"]).and_then(|node| category(node, categories)),
        author: some_text(node, "auteur").or_else(|| some_text(node.get("elmauteur")?, "L")),
        mine: node.flag("estAuteur"),
        child: some_text(node, "prenom"),
        created: node.read("dateCreation"),
        visible_from: node.read("dateDebut"),
        visible_to: node.read("dateFin"),
        extended: node.flag("estProlonge"),
        read: node.flag("lue"),
        anonymous: node.flag("reponseAnonyme"),
        template: node.flag("estModele"),
        shared_template: node.flag("estModelePartage"),
        recipient: named_of(node, "public"),
        questions,
        has_attachments: carries || summary.is_some_and(|summary| summary.flag("avecPJ")),
        fully_answered: summary.and_then(|summary| summary.read("aToutRepondu")),
        results_visible: summary.is_some_and(|summary| summary.flag("avecCommandeVisuResultat")),
        public: public.map(Echo::of),
        public_kind: node.read("genrePublic").or_else(|| public?.read("G")),
    })
}

/// Older servers name the category by its identifier only.
fn category(node: Node<'_>, categories: &[Named]) -> Option<Named> {
    if node.has("L") {
        return node.or_note(named);
    }
    let id = node.id()?;
    categories.iter().find(|category| category.id.as_ref() == Some(&id)).cloned()
}

fn question(node: Node<'_>) -> Result<Question, Malformed> {
    let kind = node.need("genreReponse")?;
    Ok(Question {
        id: node.id(),
        label: some_text(node, "L"),
        title: some_text(node, "titre"),
        position: node.read_any(&["rang", "P"]),
        kind,
        content: node.read("texte"),
        attachments: node.each("listePiecesJointes", attachment),
        choices: node.each("listeChoix", choice),
        max_length: node.read("tailleReponse").filter(|most| *most > 0),
        max_choices: node.flag("avecMaximum").then(|| node.read("nombreReponsesMax")).flatten(),
        answer: node.maybe("reponse", |node| Ok(answer(node, kind))),
    })
}

fn choice(node: Node<'_>) -> Result<Choice, Malformed> {
    Ok(Choice {
        id: node.id(),
        label: node.text("L"),
        rank: node.need("rang")?,
        free_text: node.flag("estReponseLibre"),
    })
}

fn answer(node: Node<'_>, kind: QuestionKind) -> Answer {
    let (text, choices) = match kind {
        QuestionKind::SingleChoice | QuestionKind::MultipleChoice => (None, node.read("valeurReponse")),
        _ => (node.read("valeurReponse"), None),
    };
    Answer {
        id: node.id(),
        answered: node.flag("avecReponse"),
        expected: node.flag("estReponseAttendue"),
        respondent: node.flag("estRepondant"),
        respondent_name: node.read("strRepondant"),
        answered_at: node.read("reponduLe"),
        text,
        choices: choices.unwrap_or_default(),
        other: node.read("valeurReponseLibre"),
    }
}

#[cfg(test)]
mod tests;
