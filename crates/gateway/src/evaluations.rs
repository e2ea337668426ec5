//! The evaluations of a period.

use pronote::functions::evaluations::Request;
use pronote::model::{Evaluation, tab};

use crate::{Fresh, Unanswered, Viewer, Whose};

impl Viewer {
    /// The evaluations of a period by its name or kind; none when the account has no evaluations.
    ///
    /// # Errors
    /// There is no such period; the school, the network, or the pace.
    pub async fn evaluations(
        &self,
        whose: Whose,
        period: Option<&str>,
    ) -> Result<Option<Fresh<Vec<Evaluation>>>, Unanswered> {
        if !self.has(tab::EVALUATIONS) {
            return Ok(None);
        }
        let period = self.period(whose, tab::EVALUATIONS, period)?;
        self.read(whose, &Request { period }).await.map(Some)
    }
}
