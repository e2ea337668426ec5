//! What happened to a pupil besides lessons.

use jiff::Timestamp;
use pronote::functions::school_life::Request;
use pronote::model::{SchoolLife, tab};

use crate::{Fresh, Unanswered, Viewer, Whose};

impl Viewer {
    /// What happened in a period by its name or kind, or between two moments; none when the account has no such page.
    ///
    /// A moment that is not given is the period's. When both are given and no period is, the school is asked for its
    /// first period, which is how a whole year is read.
    ///
    /// # Errors
    /// There is no such period; the school, the network, or the pace.
    pub async fn school_life(
        &self,
        whose: Whose,
        period: Option<&str>,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
    ) -> Result<Option<Fresh<SchoolLife>>, Unanswered> {
        if !self.has(tab::SCHOOL_LIFE) {
            return Ok(None);
        }
        let period = match (period, from, to) {
            (None, Some(_), Some(_)) => self.first_period(),
            (period, ..) => self.period(whose, tab::SCHOOL_LIFE, period)?,
        };
        let clock = |moment: Option<Timestamp>| moment.map(|moment| self.clock(moment));
        self.read(whose, &Request { period, from: clock(from), to: clock(to) }).await.map(Some)
    }
}
