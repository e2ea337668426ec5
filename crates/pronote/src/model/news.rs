use jiff::civil::DateTime;
use serde::Serialize;

use super::{Attachment, Echo, Named, codes};
use crate::wire::{Html, RemoteId, Set};

/// The news of some folders, and the categories they are sorted in.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct News {
    /// In the order of the server.
    pub items: Vec<NewsItem>,
    /// Every category of the school.
    pub categories: Vec<Named>,
}

codes! {
    /// Where a piece of news stands for the reader.
    NewsFolder {
        /// Sent to the reader.
        Received = 0,
        /// Published by the reader.
        Published = 1,
        /// Written by the reader and not published yet.
        Draft = 2,
        /// A model to write others from.
        Template = 3,
    }
}

/// What a piece of news asks of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NewsKind {
    /// To be read, perhaps acknowledged.
    Information,
    /// To be answered.
    Survey,
}

/// A piece of news or a survey (data §12.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewsItem {
    /// What the server calls it in this session.
    pub id: RemoteId,
    /// Where it stands.
    pub folder: NewsFolder,
    /// Information or survey.
    pub kind: NewsKind,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// The school's category.
    pub category: Option<Named>,
    /// Who signed it.
    pub author: Option<String>,
    /// Whether the reader wrote it.
    pub mine: bool,
    /// The first name of the child it is about, in a parent's account.
    pub child: Option<String>,
    /// When it was written.
    pub created: Option<DateTime>,
    /// The first moment it is shown.
    pub visible_from: Option<DateTime>,
    /// The last day it is shown.
    pub visible_to: Option<DateTime>,
    /// Whether it was prolonged.
    pub extended: bool,
    /// Whether the reader has read it.
    pub read: bool,
    /// Whether answers are anonymous.
    pub anonymous: bool,
    /// Whether it is a template.
    pub template: bool,
    /// Whether others may use it as a template.
    pub shared_template: bool,
    /// Who received it: the reader, or the reader's child.
    pub recipient: Option<Named>,
    /// Its text and questions; `None` when the server gives them only on demand ([`Detail`]).
    ///
    /// [`Detail`]: crate::functions::news::Detail
    pub questions: Option<Vec<Question>>,
    /// Whether files come with it.
    pub has_attachments: bool,
    /// Whether every question was answered, when the server says so.
    pub fully_answered: Option<bool>,
    /// Whether the reader may see the results of the survey.
    pub results_visible: bool,
    /// The recipient, to be named again in every save.
    #[serde(skip)]
    pub(crate) public: Option<Echo>,
    /// The kind of recipient, to be named again in every save.
    #[serde(skip)]
    pub(crate) public_kind: Option<i64>,
}

codes! {
    /// How a question is answered.
    QuestionKind {
        /// By saying that it was read.
        Acknowledgement = 0,
        /// By a text.
        Text = 1,
        /// By one of the choices.
        SingleChoice = 2,
        /// By some of the choices.
        MultipleChoice = 3,
        /// Not at all: it is an information.
        Information = 4,
        /// Not at all: it is a text between questions.
        Comment = 5,
    }
}

/// A question of a survey, or the text of an information (data §12.2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// What the server calls it; without it there is no answering.
    pub id: Option<RemoteId>,
    /// The title with its number: `Q 1 : Sortie`.
    pub label: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// Its place among the others.
    pub position: Option<i64>,
    /// How it is answered.
    pub kind: QuestionKind,
    /// Its text.
    pub content: Option<Html>,
    /// Files that come with it.
    pub attachments: Vec<Attachment>,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// The longest text that is taken, in characters.
    pub max_length: Option<u32>,
    /// The most choices that are taken.
    pub max_choices: Option<u32>,
    /// What was answered, or is expected.
    pub answer: Option<Answer>,
}

/// One of the choices of a question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// What the server calls it.
    pub id: Option<RemoteId>,
    /// What it says.
    pub label: String,
    /// What an answer calls it.
    pub rank: u32,
    /// Whether choosing it asks for a text ("other").
    pub free_text: bool,
}

/// What a reader answered to a question, or is expected to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Answer {
    /// What the server calls the answer.
    pub id: Option<RemoteId>,
    /// Whether it was given.
    pub answered: bool,
    /// Whether one is expected of this reader.
    pub expected: bool,
    /// Whether this reader is one of those asked.
    pub respondent: bool,
    /// Who answered, or is to answer.
    pub respondent_name: Option<String>,
    /// When it was given.
    pub answered_at: Option<DateTime>,
    /// The text given.
    pub text: Option<String>,
    /// The ranks of the choices taken.
    pub choices: Set,
    /// The text beside the choice that asks for one.
    pub other: Option<String>,
}
