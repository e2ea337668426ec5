//! A class as a document: everything of it that people wrote, out of one board and into another, or back again.
//!
//! Accounts, chats and the history stay where they are, and so does the name of the class in addresses.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{
    Actor, Changes, ClassId, ClassSettings, NO_CHANGE, NO_LESSON, Plan, Source, Subject, Task, Week, tag,
};
use crate::write::{NOTHING, Resource, Write};
use crate::{Board, Error, assignments, changes, classes, subjects, timetable};

/// The version of the documents that are written and read.
const VERSION: u32 = 1;
/// The most of each kind that a document holds: some ten years of a class.
const MOST: usize = 20_000;

/// A class as a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of this form: 1.
    pub version: u32,
    /// What its head sets.
    pub settings: ClassSettings,
    /// Its subjects.
    pub subjects: Vec<Subject>,
    /// The timetable without a date.
    pub week: Week,
    /// The changes without a date.
    pub changes: Changes,
    /// The timetables with a date.
    pub timetables: Vec<Plan>,
    /// The changes of days.
    pub days: BTreeMap<Date, Changes>,
    /// The homework with a date.
    pub assignments: Vec<Task>,
}

/// What became of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Of the settings.
    pub settings: Tally,
    /// Of the subjects.
    pub subjects: Tally,
    /// Of the timetable without a date.
    pub week: Tally,
    /// Of the changes without a date.
    pub changes: Tally,
    /// Of the timetables with a date.
    pub timetables: Tally,
    /// Of the changes of days.
    pub days: Tally,
    /// Of the homework with a date.
    pub assignments: Tally,
    /// Numbers that timetables, changes or homework name, and no subject has.
    pub unknown: BTreeSet<i64>,
}

/// How much of a kind became what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Was not there.
    pub added: usize,
    /// Was there, and is otherwise now.
    pub changed: usize,
    /// Was there, and the document has it not.
    pub removed: usize,
    /// Is as it was.
    pub same: usize,
}

impl Taken {
    /// Whether anything is not as it was.
    #[must_use]
    pub fn changes_anything(&self) -> bool {
        let tallies =
            [self.settings, self.subjects, self.week, self.changes, self.timetables, self.days, self.assignments];
        tallies.iter().any(|tally| tally.added + tally.changed + tally.removed > 0)
    }
}

impl Board {
    /// A class as a document.
    ///
    /// # Errors
    /// There is no such class, or the database fails.
    pub async fn document(&self, class: ClassId) -> Result<Document, Error> {
        let whole = self.snapshot_around(class, Date::ZERO, Date::MAX).await?;
        Ok(Document {
            version: VERSION,
            settings: whole.class.settings,
            subjects: whole.subjects.into_values().collect(),
            week: whole.week,
            changes: whole.changes,
            timetables: whole.timetables.into_iter().map(|timetable| timetable.plan).collect(),
            days: whole.dated_changes,
            assignments: whole.assignments.into_iter().map(|assignment| assignment.task).collect(),
        })
    }

    /// Makes a class what a document says, in one transaction, or tells what that would change. What it says already stays
    /// as it is, with where it comes from; the rest counts as written by hand. A second time changes nothing.
    ///
    /// # Errors
    /// Something in it will not do, there is no such class, or the database fails.
    pub async fn take_document(
        &self,
        by: &Actor,
        class: ClassId,
        document: Document,
        dry_run: bool,
    ) -> Result<Taken, Error> {
        judge(&document)?;
        let mut write = self.write_to(class).await?;
        let mut taken = Taken { unknown: unknown(&document), ..Taken::default() };
        let present = classes::read(&mut write, class).await?;
        taken.settings = tally_one(present.settings == document.settings);
        write.set_settings(class, &document.settings).await?;
        write.note(by, (Resource::Class, &present.slug), Some(&present.settings), Some(&document.settings)).await?;
        taken.week = tally_one(write.week(class).await? == document.week);
        write.put_week(by, class, &document.week).await?;
        taken.subjects = write.take_subjects(by, class, document.subjects).await?;
        taken.changes = write.take_changes(by, class, None, document.changes).await?;
        taken.days = write.take_days(by, class, document.days).await?;
        taken.timetables = write.take_timetables(by, class, document.timetables).await?;
        taken.assignments = write.take_assignments(by, class, document.assignments).await?;
        if dry_run {
            return Ok(taken);
        }
        if taken.changes_anything() {
            write.note(by, (Resource::Import, ""), NOTHING, Some(&taken)).await?;
        }
        write.commit(self).await?;
        Ok(taken)
    }
}

impl Write {
    async fn take_subjects(&mut self, by: &Actor, class: ClassId, wanted: Vec<Subject>) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        let present = self.subjects(class).await?;
        let mut present: BTreeMap<i64, Subject> =
            present.into_iter().map(|subject| (subject.number, subject)).collect();
        for subject in wanted {
            let before = present.remove(&subject.number);
            let source = before.as_ref().map(|before| before.source.clone()).unwrap_or_default();
            let after = Subject { source, ..subject };
            match &before {
                None => tally.added += 1,
                Some(before) if *before == after => {
                    tally.same += 1;
                    continue;
                }
                Some(_) => tally.changed += 1,
            }
            let after = Subject { source: subjects::by_hand(after.source, by), ..after };
            self.keep_subject(by, class, before.as_ref(), &after).await?;
        }
        tally.removed = present.len();
        for number in present.into_keys() {
            self.put_subject(by, class, number, None).await?;
        }
        Ok(tally)
    }

    async fn take_changes(
        &mut self,
        by: &Actor,
        class: ClassId,
        day: Option<Date>,
        wanted: Changes,
    ) -> Result<Tally, Error> {
        let before = self.changes(class, day).await?;
        let source = before.as_ref().map(|before| before.source.clone()).unwrap_or_default();
        let after = Changes { source, ..wanted };
        if before.as_ref() == Some(&after) {
            return Ok(tally_one(true));
        }
        let after = Changes { source: subjects::by_hand(after.source, by), ..after };
        self.put_changes(by, class, day, Some(&after)).await?;
        Ok(if before.is_some() { tally_one(false) } else { Tally { added: 1, ..Tally::default() } })
    }

    async fn take_days(&mut self, by: &Actor, class: ClassId, wanted: BTreeMap<Date, Changes>) -> Result<Tally, Error> {
        let mut tally = Tally::default();
        for day in self.days_with_changes(class).await? {
            if !wanted.contains_key(&day) {
                tally.removed += 1;
                self.put_changes(by, class, Some(day), None).await?;
            }
        }
        for (day, changes) in wanted {
            let one = self.take_changes(by, class, Some(day), changes).await?;
            tally.added += one.added;
            tally.changed += one.changed;
            tally.same += one.same;
        }
        Ok(tally)
    }

    async fn take_timetables(&mut self, by: &Actor, class: ClassId, wanted: Vec<Plan>) -> Result<Tally, Error> {
        let plain = |plan: &Plan| tag(&Plan { source: Source::Hand, ..plan.clone() });
        let mut wanted = Wanted::new(wanted, plain);
        let mut tally = Tally::default();
        for timetable in self.timetables(class).await? {
            if wanted.has(&plain(&timetable.plan)) {
                tally.same += 1;
            } else {
                tally.removed += 1;
                self.put_timetable(by, class, timetable.id, None).await?;
            }
        }
        for plan in wanted.rest() {
            tally.added += 1;
            self.add_timetable(by, class, Plan { source: Source::Hand, ..plan }).await?;
        }
        Ok(tally)
    }

    async fn take_assignments(&mut self, by: &Actor, class: ClassId, wanted: Vec<Task>) -> Result<Tally, Error> {
        let plain = |task: &Task| tag(&Task { source: Source::Hand, ..task.clone() });
        let mut wanted = Wanted::new(wanted, plain);
        let mut tally = Tally::default();
        for assignment in self.all_assignments(class).await? {
            if wanted.has(&plain(&assignment.task)) {
                tally.same += 1;
            } else {
                tally.removed += 1;
                self.put_assignment(by, class, assignment.id, None).await?;
            }
        }
        for task in wanted.rest() {
            tally.added += 1;
            self.add_assignment(by, class, Task { source: Source::Hand, ..task }).await?;
        }
        Ok(tally)
    }
}

/// What a document has of a kind that goes by its content; the same may stand in it several times.
struct Wanted<T> {
    things: Vec<Option<T>>,
    places: HashMap<String, Vec<usize>>,
}

impl<T> Wanted<T> {
    fn new(things: Vec<T>, tag: impl Fn(&T) -> String) -> Self {
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, thing) in things.iter().enumerate() {
            places.entry(tag(thing)).or_default().push(place);
        }
        Wanted { things: things.into_iter().map(Some).collect(), places }
    }

    /// Whether there is still one like that, which is then dealt with.
    fn has(&mut self, tag: &str) -> bool {
        let place = self.places.get_mut(tag).and_then(Vec::pop);
        place.and_then(|place| self.things.get_mut(place)).is_some_and(|thing| thing.take().is_some())
    }

    /// What is not dealt with.
    fn rest(self) -> impl Iterator<Item = T> {
        self.things.into_iter().flatten()
    }
}

fn tally_one(same: bool) -> Tally {
    Tally { changed: usize::from(!same), same: usize::from(same), ..Tally::default() }
}

fn judge(document: &Document) -> Result<(), Error> {
    if document.version != VERSION {
        return Err(Error::invalid("/version", "only version 1 is understood"));
    }
    let lengths = [document.timetables.len(), document.days.len(), document.assignments.len()];
    if lengths.into_iter().any(|length| length > MOST) {
        return Err(Error::invalid("", "there is too much in it"));
    }
    classes::judge(&document.settings)?;
    subjects::judge_all(&document.subjects)?;
    timetable::judge(&document.week)?;
    document.timetables.iter().try_for_each(timetable::judge_plan)?;
    std::iter::once(&document.changes).chain(document.days.values()).try_for_each(changes::judge)?;
    document.assignments.iter().try_for_each(assignments::judge)
}

/// The numbers that something of a document names, and no subject of it has.
fn unknown(document: &Document) -> BTreeSet<i64> {
    let weeks = std::iter::once(&document.week).chain(document.timetables.iter().map(|plan| &plan.week));
    let changes = std::iter::once(&document.changes).chain(document.days.values());
    let named = weeks.flat_map(|week| week.rows.iter().flatten());
    let named = named.chain(changes.flat_map(|changes| &changes.rows));
    let named = named.chain(document.assignments.iter().map(|task| &task.subject));
    let known: BTreeSet<i64> = document.subjects.iter().map(|subject| subject.number).collect();
    named.copied().filter(|number| !known.contains(number) && ![NO_CHANGE, NO_LESSON].contains(number)).collect()
}
