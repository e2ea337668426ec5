//! News: read, acknowledged, answered, deleted.

use pronote::functions::news::{self, Detail, Request, Save};
use pronote::model::{NewsItem, Question, QuestionKind, SaveReport};
use pronote::wire::Set;

use super::{Hand, Unchanged, find};
use crate::{Viewer, Whose};

/// What a reader replies to one question of a survey.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The place of the question among those of the survey, from 1.
    pub question: u32,
    /// The text, for a question that takes one; or the text of the choice that asks for one.
    pub text: Option<String>,
    /// The ranks of the choices.
    pub choices: Vec<u32>,
}

impl Reply {
    /// The same as its question takes it.
    fn fitting(self, questions: &[Question]) -> Result<(&Question, news::Reply), Unchanged> {
        let question = self.question.checked_sub(1).and_then(|place| questions.get(place as usize));
        let question = question.ok_or_else(|| Unchanged::Unfit(format!("there is no question {}", self.question)))?;
        let reply = match question.kind {
            QuestionKind::SingleChoice | QuestionKind::MultipleChoice => {
                news::Reply::Choices { ranks: self.choices.into_iter().collect::<Set>(), other: self.text }
            }
            QuestionKind::Acknowledgement => news::Reply::Acknowledged,
            _ => news::Reply::Text(self.text.unwrap_or_default()),
        };
        Ok((question, reply))
    }
}

impl Hand<'_> {
    async fn news(&self, key: &str) -> Result<NewsItem, Unchanged> {
        find(&self.read(&Request::default()).await?.items, "news", key).cloned()
    }

    async fn questions(&self, item: &NewsItem) -> Result<Vec<Question>, Unchanged> {
        match &item.questions {
            Some(questions) => Ok(questions.clone()),
            None => self.read(&Detail::of(item)).await,
        }
    }
}

impl Viewer {
    /// Marks news read or unread.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn mark_news(&self, whose: Whose, key: &str, read: bool) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let item = hand.news(key).await?;
        hand.save(&Save::mark_read(&item, read)).await
    }

    /// Acknowledges news that asks for it.
    ///
    /// # Errors
    /// Nothing was changed: also when the news does not ask for it.
    pub async fn acknowledge_news(&self, whose: Whose, key: &str) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let item = hand.news(key).await?;
        let save = Save::acknowledge(&item, &hand.questions(&item).await?)?;
        hand.save(&save).await
    }

    /// Answers questions of a survey.
    ///
    /// # Errors
    /// Nothing was changed: also when a reply does not fit its question.
    pub async fn answer_news(&self, whose: Whose, key: &str, replies: Vec<Reply>) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let item = hand.news(key).await?;
        let questions = hand.questions(&item).await?;
        let replies = replies.into_iter().map(|reply| reply.fitting(&questions)).collect::<Result<Vec<_>, _>>()?;
        let save = Save::answer(&item, replies)?;
        hand.save(&save).await
    }

    /// Takes news out of the reader's list, for good.
    ///
    /// # Errors
    /// Nothing was changed.
    pub async fn delete_news(&self, whose: Whose, key: &str) -> Result<SaveReport, Unchanged> {
        let hand = Hand::of(self, whose)?;
        let item = hand.news(key).await?;
        hand.save(&Save::delete(&item)).await
    }
}
