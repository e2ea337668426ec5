//! The timetable of a stretch of time, week by week.

use pronote::functions::timetable::{Presence, Request, When};
use pronote::model::{Timetable, TimetableEntry, tab};

use crate::{Fresh, Range, Unanswered, Viewer, Whose};

/// A week of a timetable, and what of it begins in the stretch that was asked for.
#[derive(Debug, Clone)]
pub struct Week {
    /// Its number.
    pub number: u32,
    /// Whether the school says that there are lessons in it.
    pub filled: bool,
    /// The page of the whole week.
    pub page: Fresh<Timetable>,
    /// The places in the page of what begins in the stretch, in the order of time.
    pub chosen: Vec<usize>,
}

impl Viewer {
    /// What begins in a stretch of time, its ends included; none when the account has no timetable.
    ///
    /// The school is asked once which weeks have lessons, then for each week.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn timetable(&self, whose: Whose, range: &Range) -> Result<Option<Vec<Week>>, Unanswered> {
        if !self.has(tab::TIMETABLE) {
            return Ok(None);
        }
        let Some(weeks) = self.weeks(range) else { return Ok(Some(Vec::new())) };
        let presence = self.read(whose, &Presence).await?;
        let mut timetable = Vec::new();
        for number in weeks {
            let page = self.read(whose, &Request { when: When::Week(number) }).await?;
            let chosen = in_time(&page.entries, |entry| range.contains(self.moment(entry.start)));
            timetable.push(Week { number, filled: presence.weeks.contains(number), page, chosen });
        }
        Ok(Some(timetable))
    }
}

/// The places of what is kept, in the order of time; what begins together stays in the order of the server.
fn in_time(entries: &[TimetableEntry], keep: impl Fn(&TimetableEntry) -> bool) -> Vec<usize> {
    let mut places: Vec<usize> = (0..entries.len()).filter(|place| keep(&entries[*place])).collect();
    places.sort_by_key(|place| (entries[*place].start, entries[*place].position));
    places
}
