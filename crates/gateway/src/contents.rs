//! What was done in the lessons of a stretch of time.

use pronote::functions::contents::Request;
use pronote::model::{Contents, LessonContent, tab};

use crate::{Chosen, Range, Unanswered, Viewer, Whose};

impl Viewer {
    /// The contents of some weeks, and the places in it of the lessons that lie within a stretch altogether and in which
    /// something was done, in the order of time; none when the account has no contents.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn contents(&self, whose: Whose, range: &Range) -> Result<Option<Vec<Chosen<Contents>>>, Unanswered> {
        if !self.has(tab::CONTENTS) {
            return Ok(None);
        }
        let Some(weeks) = self.weeks(range) else { return Ok(Some(Vec::new())) };
        let page = self.read(whose, &Request { weeks }).await?;
        let within = |lesson: &LessonContent| {
            let (start, end) = (lesson.start.map(|start| self.moment(start)), lesson.end.map(|end| self.moment(end)));
            start.is_some_and(|start| start >= range.from && end.unwrap_or(start) <= range.to)
        };
        let mut places: Vec<usize> = (0..page.lessons.len())
            .filter(|place| !page.lessons[*place].items.is_empty() && within(&page.lessons[*place]))
            .collect();
        places.sort_by_key(|place| page.lessons[*place].start);
        Ok(Some(vec![Chosen { page, places }]))
    }
}
