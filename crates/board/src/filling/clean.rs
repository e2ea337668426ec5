//! Taking away all that came from PRONOTE.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sqlx::any::AnyRow;

use super::FillReport;
use super::origins::{self, Kind};
use crate::db::{get, json, text_of};
use crate::model::{Actor, Changes, ClassId, Plan, Source, Task};
use crate::write::{Resource, Write};
use crate::{Error, classes};

/// Takes away what nobody changed. What a person wrote over stays, and is theirs.
pub(super) async fn clean(write: &mut Write, by: &Actor, class: ClassId) -> Result<FillReport, Error> {
    let mut report = FillReport::default();
    let mut named = BTreeSet::new();
    for (id, mut task) in
        all::<Task>(write, class, "select id, task as body from assignments where class_id = $1").await?
    {
        if task.source.is_untouched() {
            write.put_assignment(by, class, id, None).await?;
            report.assignments.removed += 1;
            continue;
        }
        named.insert(task.subject);
        if make_own(&mut task.source) {
            write.put_assignment(by, class, id, Some(&task)).await?;
            report.assignments.changed += 1;
        }
    }
    for (id, mut plan) in
        all::<Plan>(write, class, "select id, plan as body from timetables where class_id = $1").await?
    {
        if plan.source.is_untouched() {
            write.put_timetable(by, class, id, None).await?;
            report.weeks.removed += 1;
            continue;
        }
        named.extend(plan.week.rows.iter().flatten());
        if make_own(&mut plan.source) {
            write.put_timetable(by, class, id, Some(&plan)).await?;
            report.weeks.changed += 1;
        }
    }
    for (day, mut changes) in days(write, class).await? {
        if changes.source.is_untouched() {
            write.put_changes(by, class, Some(day), None).await?;
            report.changes.removed += 1;
            continue;
        }
        named.extend(changes.rows);
        if make_own(&mut changes.source) {
            write.put_changes(by, class, Some(day), Some(&changes)).await?;
            report.changes.changed += 1;
        }
    }
    named.extend(write.week(class).await?.rows.into_iter().flatten());
    named.extend(write.changes(class, None).await?.unwrap_or_default().rows);
    for mut subject in write.subjects(class).await? {
        let number = subject.number;
        if subject.source.is_untouched() && subject.note.is_empty() && !named.contains(&number) {
            write.put_subject(by, class, number, None).await?;
            report.subjects.removed += 1;
        } else if make_own(&mut subject.source) {
            write.put_subject(by, class, number, Some(&subject)).await?;
            report.subjects.changed += 1;
        }
    }
    bells(write, by, class).await?;
    Ok(report)
}

/// Makes something the class's own; tells whether it was not.
fn make_own(source: &mut Source) -> bool {
    std::mem::take(source) != Source::Hand
}

/// Takes the school's hours away, if they are still those that came.
async fn bells(write: &mut Write, by: &Actor, class: ClassId) -> Result<(), Error> {
    let Some(origin) = origins::origin(write, class, Kind::Bells, "").await? else { return Ok(()) };
    let before = classes::read(write, class).await?;
    if text_of(&before.settings.bells)? != origin.body {
        return Ok(());
    }
    let mut settings = before.settings.clone();
    settings.bells.clear();
    write.set_settings(class, &settings).await?;
    write.note(by, (Resource::Class, &before.slug), Some(&before.settings), Some(&settings)).await
}

/// All things of a kind, with their keys.
async fn all<T: serde::de::DeserializeOwned>(
    write: &mut Write,
    class: ClassId,
    statement: &'static str,
) -> Result<Vec<(i64, T)>, Error> {
    let rows = rows(write, class, statement).await?;
    rows.iter().map(|row| Ok((get(row, "id")?, json(row, "body")?))).collect()
}

/// The changes of all days.
async fn days(write: &mut Write, class: ClassId) -> Result<Vec<(Date, Changes)>, Error> {
    let rows = rows(write, class, "select day, changes as body from day_changes where class_id = $1").await?;
    let day = |row| {
        let day: String = get(row, "day")?;
        let day = day.parse().map_err(|_| Error::Damaged("the day of changes".to_owned()))?;
        Ok((day, json(row, "body")?))
    };
    rows.iter().map(day).collect()
}

async fn rows(write: &mut Write, class: ClassId, statement: &'static str) -> Result<Vec<AnyRow>, Error> {
    let rows = sqlx::query(statement).bind(class.0).fetch_all(write.db()).await;
    rows.map_err(Error::database("read what came from PRONOTE"))
}
