//! The grades of a period.

use pronote::functions::grades::Request;
use pronote::model::{Grades, tab};

use crate::{Fresh, Unanswered, Viewer, Whose};

impl Viewer {
    /// The grades of a period by its name or kind; none when the account has no grades.
    ///
    /// # Errors
    /// There is no such period; the school, the network, or the pace.
    pub async fn grades(&self, whose: Whose, period: Option<&str>) -> Result<Option<Fresh<Grades>>, Unanswered> {
        if !self.has(tab::GRADES) {
            return Ok(None);
        }
        let period = self.period(whose, tab::GRADES, period)?;
        self.read(whose, &Request { period }).await.map(Some)
    }
}
