//! News and surveys.

use pronote::functions::news::{Detail, Request};
use pronote::model::{News, NewsItem, Question, tab};

use crate::{Fresh, Unanswered, Viewer, Whose};

impl Viewer {
    /// The news that were received; none when the account has none.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn news(&self, whose: Whose) -> Result<Option<Fresh<News>>, Unanswered> {
        if !self.has(tab::NEWS) {
            return Ok(None);
        }
        self.read(whose, &Request::default()).await.map(Some)
    }

    /// The text and questions of a piece of news that came without them.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn questions(&self, whose: Whose, item: &NewsItem) -> Result<Fresh<Vec<Question>>, Unanswered> {
        self.read(whose, &Detail::of(item)).await
    }
}
