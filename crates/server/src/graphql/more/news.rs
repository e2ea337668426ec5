//! News and surveys with their questions and answers.

use async_graphql::Enum;
use gateway::ids;
use gateway::{Viewer, Whose};
use pronote::functions::news;
use pronote::model;

use super::view::{Attachment, Pen, RichText, Show, choice, view};
use super::{Answer as Answered, Date, gone, page};

view! {
    /// News and surveys, and the categories they are sorted in.
    News of News {
        /// The news, in the order of the school.
        items: Vec<NewsItem> = |it, pen| listed(&it.items, pen),
        /// Every category of the school.
        categories: Vec<String>,
    }
}

choice! {
    /// Where a piece of news stands for its reader. As an argument, `OTHER` stands for nothing.
    NewsFolder of NewsFolder {
        /// Sent to the reader.
        Received,
        /// Published by the reader.
        Published,
        /// Written by the reader and not published yet.
        Draft,
        /// A model to write others from.
        Template,
    }
}

impl NewsFolder {
    fn of_model(self) -> Option<model::NewsFolder> {
        Some(match self {
            NewsFolder::Received => model::NewsFolder::Received,
            NewsFolder::Published => model::NewsFolder::Published,
            NewsFolder::Draft => model::NewsFolder::Draft,
            NewsFolder::Template => model::NewsFolder::Template,
            NewsFolder::Other => return None,
        })
    }
}

/// What a piece of news asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "model::NewsKind")]
pub(crate) enum NewsKind {
    /// To be read, perhaps acknowledged.
    Information,
    /// To be answered.
    Survey,
}

impl Show<NewsKind> for model::NewsKind {
    fn show(&self, _: &Pen<'_>) -> NewsKind {
        (*self).into()
    }
}

view! {
    /// A piece of news, or a survey.
    NewsItem of NewsItem {
        /// What names it in mutations, in every session.
        key: String = |_, _| String::new(),
        /// Where it stands.
        folder: NewsFolder,
        /// Information or survey.
        kind: NewsKind,
        /// Its title, if it has one.
        title: Option<String>,
        /// The school's category.
        category: Option<String>,
        /// Who signed it.
        author: Option<String>,
        /// Whether the reader wrote it.
        mine: bool,
        /// The first name of the child it is about, in a parent's account.
        child: Option<String>,
        /// When it was written.
        created: Option<Date>,
        /// The first moment it is shown.
        visible_from: Option<Date>,
        /// The last day it is shown.
        visible_to: Option<Date>,
        /// Whether it was prolonged.
        extended: bool,
        /// Whether the reader has read it.
        read: bool,
        /// Whether answers are anonymous.
        anonymous: bool,
        /// Whether files come with it.
        has_attachments: bool,
        /// Whether every question was answered, when the school says so.
        fully_answered: Option<bool>,
        /// Whether the reader may see the results of the survey.
        results_visible: bool,
        /// Its text and questions; null in a list of a school that gives them one by one: see `newsItem`.
        questions: Option<Vec<Question>>,
    }
}

choice! {
    /// How a question is answered.
    QuestionKind of QuestionKind {
        /// By saying that it was read.
        Acknowledgement,
        /// By a text.
        Text,
        /// By one of the choices.
        SingleChoice,
        /// By some of the choices.
        MultipleChoice,
        /// Not at all: it is an information.
        Information,
        /// Not at all: it is a text between questions.
        Comment,
    }
}

view! {
    /// A question of a survey, or the text of an information.
    Question of Question {
        /// Its title.
        title: Option<String>,
        /// Its title with its number, as the school shows it.
        label: Option<String>,
        /// How it is answered.
        kind: QuestionKind,
        /// Its text.
        content: Option<RichText>,
        /// The files that come with it.
        attachments: Vec<Attachment>,
        /// What can be chosen.
        choices: Vec<Choice>,
        /// The longest text that is taken, in characters.
        max_length: Option<i32>,
        /// The most choices that are taken.
        max_choices: Option<i32>,
        /// What was answered, or is expected.
        answer: Option<Answer>,
    }
}

view! {
    /// One of the choices of a question.
    Choice of Choice {
        /// What it says.
        label: String,
        /// What an answer calls it.
        rank: i32,
        /// Whether choosing it asks for a text.
        free_text: bool,
    }
}

view! {
    /// What a reader answered to a question, or is expected to.
    Answer of Answer {
        /// Whether it was given.
        answered: bool,
        /// Whether one is expected of this reader.
        expected: bool,
        /// Who answered, or is to answer.
        respondent: Option<String> = |it, _| it.respondent_name.clone(),
        /// When it was given.
        answered_at: Option<Date>,
        /// The text given.
        text: Option<String>,
        /// The ranks of the choices taken.
        choices: Vec<i32>,
        /// The text beside the choice that asks for one.
        other: Option<String>,
    }
}

fn listed(items: &[model::NewsItem], pen: &Pen<'_>) -> Vec<NewsItem> {
    items.iter().zip(ids::ids(items)).map(|(item, key)| NewsItem { key, ..item.show(pen) }).collect()
}

pub(super) async fn list(viewer: &Viewer, whose: Whose, folders: Option<Vec<NewsFolder>>) -> Answered<News> {
    let request = match folders {
        Some(folders) => news::Request { folders: folders.into_iter().filter_map(NewsFolder::of_model).collect() },
        None => news::Request::default(),
    };
    page(viewer, whose, &request, Show::show).await
}

/// One piece of the news received, with its questions even where the list leaves them out.
pub(super) async fn item(viewer: &Viewer, whose: Whose, key: String) -> Answered<NewsItem> {
    if !viewer.has(model::tab::NEWS) {
        return Ok(None);
    }
    let news = viewer.read(whose, &news::Request::default()).await?;
    let place = ids::ids(&news.items).into_iter().position(|known| known == key);
    let place = place.ok_or_else(|| gone("news", &key))?;
    let (item, pen) = (&news.items[place], Pen { viewer, whose });
    let questions = match &item.questions {
        Some(questions) => questions.show(&pen),
        None => viewer.read(whose, &news::Detail::of(item)).await?.value.show(&pen),
    };
    Ok(Some(NewsItem { key, questions: Some(questions), ..item.show(&pen) }))
}
