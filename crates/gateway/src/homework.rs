//! The homework due in a stretch of time.

use jiff::civil::Time;
use pronote::functions::homework::Request;
use pronote::model::{Homework, tab};

use crate::{Chosen, Range, Unanswered, Viewer, Whose};

impl Viewer {
    /// The homework of some weeks, and the places in it of what is due within a stretch, in the order of time; none when
    /// the account has no homework. Homework is due at the first moment of its day.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn homework(
        &self,
        whose: Whose,
        range: &Range,
    ) -> Result<Option<Vec<Chosen<Vec<Homework>>>>, Unanswered> {
        if !self.has(tab::HOMEWORK) {
            return Ok(None);
        }
        let Some(weeks) = self.weeks(range) else { return Ok(Some(Vec::new())) };
        let page = self.read(whose, &Request { weeks }).await?;
        let due = |place: &usize| page[*place].due;
        let is_due = |place: &usize| range.contains(self.moment(due(place).to_datetime(Time::midnight())));
        let mut places: Vec<usize> = (0..page.len()).filter(is_due).collect();
        places.sort_by_key(due);
        Ok(Some(vec![Chosen { page, places }]))
    }
}
