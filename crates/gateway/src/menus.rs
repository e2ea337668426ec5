//! What the canteen serves in a stretch of time.

use jiff::civil::Time;
use jiff::{Timestamp, ToSpan as _};
use pronote::functions::menus::Request;
use pronote::model::{Menus, tab};

use crate::{Chosen, Range, Unanswered, Viewer, Whose};

impl Viewer {
    /// The stretch someone asks menus for: without an end it lasts one day of the calendar less an hour, so that the
    /// first moment of the next day is not in it.
    #[must_use]
    pub fn menu_range(&self, from: Option<Timestamp>, to: Option<Timestamp>) -> Range {
        let range = self.range(from, to);
        if to.is_some_and(|to| to >= range.from) {
            return range;
        }
        Range { to: range.to.checked_sub(1.hour()).unwrap_or(range.to), ..range }
    }

    /// The menus of each week that a stretch touches, and the places in it of the days that begin within the stretch;
    /// none when the account has no menus.
    ///
    /// # Errors
    /// The school, the network, or the pace.
    pub async fn menus(&self, whose: Whose, range: &Range) -> Result<Option<Vec<Chosen<Menus>>>, Unanswered> {
        if !self.has(tab::MENUS) {
            return Ok(None);
        }
        let mut menus = Vec::new();
        for week in self.weeks(range).into_iter().flatten() {
            let page = self.read(whose, &Request { date: self.instance().monday_of(week) }).await?;
            let begins = |place: &usize| self.moment(page.days[*place].date.to_datetime(Time::midnight()));
            let places = (0..page.days.len()).filter(|place| range.contains(begins(place))).collect();
            menus.push(Chosen { page, places });
        }
        Ok(Some(menus))
    }
}
