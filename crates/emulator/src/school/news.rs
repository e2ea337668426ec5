//! News and surveys.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::ids::numbered;
use super::{CategoryId, ClassId, FileId, Kind, NewsId, PersonId, School, Shelf};

/// News and surveys of the school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct News {
    /// The categories; the first one is the default.
    #[serde(default)]
    pub categories: Shelf<Category>,
    /// The news.
    #[serde(default)]
    pub items: Shelf<NewsItem>,
}

/// A category of news.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The number.
    pub id: CategoryId,
    /// Its name, such as `Divers`.
    pub name: String,
}

/// A piece of news, or a survey.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewsItem {
    /// The number.
    pub id: NewsId,
    /// The title.
    pub title: String,
    /// Whether it asks questions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub survey: bool,
    /// Whether the answers are anonymous.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anonymous: bool,
    /// The category.
    pub category: CategoryId,
    /// Who published it.
    pub author: PersonId,
    /// When it was written.
    pub created: DateTime,
    /// The first day it is shown.
    pub from: Date,
    /// The last day it is shown.
    pub to: Date,
    /// How far it has come.
    #[serde(default)]
    pub state: State,
    /// Who receives it.
    #[serde(default)]
    pub audience: Audience,
    /// The text, in one question for plain news, and what is asked.
    pub questions: Vec<Question>,
    /// What readers did with it; who is absent did nothing.
    #[serde(default)]
    pub readers: Shelf<Reader>,
}

/// How far a piece of news has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its audience sees it.
    #[default]
    Published,
    /// Its author still writes it.
    Draft,
    /// Its author keeps it to make others from it.
    Template,
}

/// Who receives a piece of news.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// These kinds of people…
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<Kind>,
    /// …only of these classes, unless there is none: pupils by their class, guardians by their children's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassId>,
    /// And these people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonId>,
}

/// A text with what is asked about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The title.
    pub title: String,
    /// The text, in HTML.
    pub text: String,
    /// What is asked.
    pub asks: Asks,
    /// For choices: what can be chosen; the first has rank 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// For choices: whether a last one, with a text of one's own, is added.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
    /// For several choices: how many at most; 0 for any number.
    #[serde(default)]
    pub at_most: usize,
    /// Files and links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileId>,
}

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// To say that it was read.
    Acknowledgement,
    /// A text.
    Text,
    /// One choice.
    Single,
    /// Some choices.
    Multiple,
    /// Nothing: plain news.
    Nothing,
    /// Nothing: a text inside a survey.
    OnlyText,
}

/// What one reader did with a piece of news.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// Who.
    pub person: PersonId,
    /// Whether it counts as read.
    #[serde(default)]
    pub read: bool,
    /// Whether this reader has deleted it from the own list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The answers, one a question at most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<Reply>,
}

/// A reader's answer to a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Which question, by its place: the first has rank 1.
    pub question: u32,
    /// When.
    pub at: DateTime,
    /// The ranks that were chosen.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub choices: BTreeSet<u32>,
    /// The text that was written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

numbered! {
    Category: CategoryId;
    NewsItem: NewsId;
}

impl super::Numbered for Reader {
    type Id = PersonId;

    fn id(&self) -> PersonId {
        self.person
    }
}

impl Audience {
    /// Whether somebody belongs to it.
    pub fn holds(&self, school: &School, person: PersonId) -> bool {
        if self.people.contains(&person) {
            return true;
        }
        let Some(person) = school.people.get(person).filter(|person| self.kinds.contains(&person.kind)) else {
            return false;
        };
        let in_classes = |class: Option<ClassId>| class.is_some_and(|class| self.classes.contains(&class));
        self.classes.is_empty()
            || in_classes(person.class)
            || person.children.iter().filter_map(|child| school.people.get(*child)).any(|child| in_classes(child.class))
    }
}

impl NewsItem {
    /// Whether somebody receives it today and has not deleted it.
    pub fn reaches(&self, school: &School, person: PersonId) -> bool {
        let today = school.clock.today();
        self.state == State::Published
            && self.from <= today
            && today <= self.to
            && !self.readers.get(person).is_some_and(|reader| reader.deleted)
            && self.audience.holds(school, person)
    }

    /// Whether somebody has read it.
    pub fn read_by(&self, person: PersonId) -> bool {
        self.readers.get(person).is_some_and(|reader| reader.read)
    }

    /// Finds a question by its rank.
    pub fn question(&self, rank: u32) -> Option<&Question> {
        self.questions.get(usize::try_from(rank).ok()?.checked_sub(1)?)
    }

    /// Somebody's answer to a question.
    pub fn reply(&self, person: PersonId, rank: u32) -> Option<&Reply> {
        self.readers.get(person)?.replies.iter().find(|reply| reply.question == rank)
    }

    /// What somebody did with it, to change that.
    pub fn reader_mut(&mut self, person: PersonId) -> &mut Reader {
        self.readers.get_or_put(person, || Reader { person, read: false, deleted: false, replies: Vec::new() })
    }
}

impl Question {
    /// The rank of the last choice, the free one counted.
    pub fn last_choice(&self) -> u32 {
        self.choices.len() as u32 + u32::from(self.other)
    }

    /// Whether an answer is waited for.
    pub fn wants_reply(&self) -> bool {
        !matches!(self.asks, Asks::Nothing | Asks::OnlyText)
    }
}

impl Reader {
    /// Puts an answer in the place of the former one.
    pub fn answer(&mut self, reply: Reply) {
        self.replies.retain(|old| old.question != reply.question);
        self.replies.push(reply);
        self.replies.sort_by_key(|reply| reply.question);
    }
}
