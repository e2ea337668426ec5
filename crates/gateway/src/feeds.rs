//! Calendars to subscribe to: what an account shows of one person's year to whoever has the secret.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use pronote::Cause;
use pronote::functions::{Read, homework, menus, timetable};
use pronote::model::{EntryKind, Menus, TimetableEntry};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::tokens::Digest;
use crate::{Fresh, Unanswered, Viewer, Whose};

/// How far back a calendar goes: what someone may still want to look up.
const WEEKS_BACK: i64 = 4;
/// How old the pages of weeks may be that are neither this one nor the next: they change seldom, and there are forty.
pub(crate) const FAR_FRESH: Duration = Duration::from_secs(12 * 60 * 60);

/// What a calendar shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedKind {
    /// Lessons, detentions, activities and holidays.
    Timetable,
    /// Homework, as tasks.
    Homework,
    /// Lessons with a test.
    Tests,
    /// What the canteen serves.
    Menu,
}

impl FeedKind {
    /// Every kind.
    pub const ALL: [FeedKind; 4] = [FeedKind::Timetable, FeedKind::Homework, FeedKind::Tests, FeedKind::Menu];
}

/// A calendar to subscribe to, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    pub(crate) secret: Digest,
    /// The child it is about; none when it is about the account's own person.
    pub child: Option<String>,
    /// What it shows.
    pub kinds: BTreeSet<FeedKind>,
    /// When it was opened.
    pub opened: Timestamp,
}

impl Feed {
    /// What to revoke it by.
    #[must_use]
    pub fn id(&self) -> String {
        self.secret.hex().chars().take(16).collect()
    }

    /// Writes the calendar. The same pages give the same text.
    ///
    /// # Errors
    /// The account has no such child any more; or the school, the network, or the pace.
    pub(crate) async fn write(&self, viewer: &Viewer, fresh: Duration) -> Result<String, Unanswered> {
        let whose = self.child.as_deref().map_or(Ok(Whose::OWN), |child| viewer.child(child))?;
        let reader = Reader { near: viewer.lasting(fresh), far: viewer.lasting(FAR_FRESH.max(fresh)), whose };
        let context = viewer.context(whose);
        let school = viewer.session(whose)?.school().key();
        let zone = viewer.zone().iana_name().unwrap_or("UTC");
        // Not when it is written: a calendar that says the same is the same to the byte.
        let calendar = Calendar::new(&context, &school, zone, self.opened);
        let mut calendar = calendar.expect("the zone of an account is one of the time zone database");
        let today = context.instance.today(viewer.now().to_zoned(viewer.zone().clone()).date());
        let from = today.checked_sub(WEEKS_BACK.weeks()).unwrap_or(today);
        let weeks = context.instance.week_range(from, context.instance.last_date);
        let this_week = context.instance.week_of(today);
        let is_wanted = |kind| self.kinds.contains(&kind);
        if is_wanted(FeedKind::Timetable) || is_wanted(FeedKind::Tests) {
            let mut entries = reader.timetable(weeks.clone(), this_week).await?;
            if !is_wanted(FeedKind::Timetable) {
                entries.retain(|entry| matches!(&entry.kind, EntryKind::Lesson(lesson) if lesson.test));
            }
            calendar.entries(&entries);
        }
        if is_wanted(FeedKind::Timetable) {
            calendar.holidays(&context.instance.holidays);
        }
        if is_wanted(FeedKind::Homework)
            && let Some(page) = reader.near(&homework::Request { weeks }).await?
        {
            calendar.homework(&page.value);
        }
        if is_wanted(FeedKind::Menu) {
            for page in reader.menus(today, from).await? {
                calendar.menus(&page.days);
            }
        }
        Ok(calendar.finish())
    }
}

/// Reads the pages of one person, for a calendar.
struct Reader {
    near: Viewer,
    far: Viewer,
    whose: Whose,
}

impl Reader {
    /// A page that changes often; none when the account has no such page.
    async fn near<R: Read + Sync>(&self, request: &R) -> Result<Option<Fresh<R::Answer>>, Unanswered>
    where
        R::Answer: Send + Sync + 'static,
    {
        if_there(self.near.read(self.whose, request).await)
    }

    /// A page that changes seldom.
    async fn far<R: Read + Sync>(&self, request: &R) -> Result<Option<Fresh<R::Answer>>, Unanswered>
    where
        R::Answer: Send + Sync + 'static,
    {
        if_there(self.far.read(self.whose, request).await)
    }

    /// The entries of the weeks that have some.
    async fn timetable(
        &self,
        weeks: std::ops::RangeInclusive<u32>,
        this_week: u32,
    ) -> Result<Vec<TimetableEntry>, Unanswered> {
        let Some(presence) = self.far(&timetable::Presence).await? else { return Ok(Vec::new()) };
        let mut entries = Vec::new();
        for week in weeks.filter(|week| presence.weeks.is_empty() || presence.weeks.contains(*week)) {
            let request = timetable::Request { when: timetable::When::Week(week) };
            let is_near = (this_week..=this_week + 1).contains(&week);
            let page = if is_near { self.near(&request).await? } else { self.far(&request).await? };
            entries.extend(page.into_iter().flat_map(|page| page.entries.clone()));
        }
        Ok(entries)
    }

    /// The menus from a day on, of the weeks that have some.
    async fn menus(&self, today: Date, from: Date) -> Result<Vec<Fresh<Menus>>, Unanswered> {
        let Some(this) = self.near(&menus::Request { date: today }).await? else { return Ok(Vec::new()) };
        let instance = self.near.instance();
        let (first, this_week) = (instance.week_of(from), instance.week_of(today));
        let mut pages = Vec::new();
        for week in this.weeks.iter().filter(|week| *week >= first && *week != this_week) {
            pages.extend(self.far(&menus::Request { date: instance.monday_of(week) }).await?);
        }
        pages.push(this);
        Ok(pages)
    }
}

/// A page that an account does not have leaves its part empty; whatever else goes wrong must not look like nothing.
fn if_there<T>(page: Result<Fresh<T>, Unanswered>) -> Result<Option<Fresh<T>>, Unanswered> {
    match page {
        Err(Unanswered::Pronote(error)) if matches!(error.cause, Cause::NoTab | Cause::Denied) => Ok(None),
        page => page.map(Some),
    }
}
