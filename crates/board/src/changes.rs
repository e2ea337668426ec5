//! Changes to the timetable: those of a day, and those without a date.

use jiff::civil::Date;

use crate::db::{json, text_of};
use crate::model::{Actor, Changes, ClassId, Expect};
use crate::subjects::{by_hand, fresh};
use crate::write::{Resource, Write};
use crate::{Board, Error};

/// The longest text, in bytes.
const LONGEST: usize = 8 << 20;

impl Board {
    /// Sets the changes of a day, or those without a date.
    ///
    /// # Errors
    /// The text is too long, they were changed meanwhile, or the database fails.
    pub async fn set_changes(
        &self,
        by: &Actor,
        class: ClassId,
        day: Option<Date>,
        mut changes: Changes,
        expect: Expect,
    ) -> Result<Changes, Error> {
        judge(&changes)?;
        let mut write = self.write_to(class).await?;
        let before = write.changes(class, day).await?;
        expect.check(before.as_ref())?;
        changes.source = match before {
            Some(before) => by_hand(before.source, by),
            None => fresh(changes.source, by),
        };
        write.put_changes(by, class, day, Some(&changes)).await?;
        write.commit(self).await?;
        Ok(changes)
    }

    /// Removes the changes of a day.
    ///
    /// # Errors
    /// There are none, they were changed meanwhile, or the database fails.
    pub async fn remove_changes(&self, by: &Actor, class: ClassId, day: Date, expect: Expect) -> Result<(), Error> {
        let mut write = self.write_to(class).await?;
        let before = write.changes(class, Some(day)).await?.ok_or(Error::Missing("change"))?;
        expect.check(Some(&before))?;
        write.put_changes(by, class, Some(day), None).await?;
        write.commit(self).await
    }

    /// The changes of days, both ends included, at most so many.
    ///
    /// # Errors
    /// The database fails.
    pub async fn changes_between(
        &self,
        class: ClassId,
        from: Date,
        to: Date,
        limit: u32,
    ) -> Result<Vec<(Date, Changes)>, Error> {
        let rows = sqlx::query(
            "select day, changes from day_changes where class_id = $1 and day >= $2 and day <= $3 order by day limit $4",
        )
        .bind(class.0)
        .bind(from.to_string())
        .bind(to.to_string())
        .bind(i64::from(limit))
        .fetch_all(self.0.db.pool())
        .await
        .map_err(Error::database("list the changes"))?;
        let read = |row| {
            let day: String = crate::db::get(row, "day")?;
            let day = day.parse().map_err(|_| Error::Damaged("the day of changes".to_owned()))?;
            Ok((day, json(row, "changes")?))
        };
        rows.iter().map(read).collect()
    }
}

impl Write {
    /// The changes of a day, or those without a date, which are always there.
    pub(crate) async fn changes(&mut self, class: ClassId, day: Option<Date>) -> Result<Option<Changes>, Error> {
        let row = match day {
            None => {
                let statement = sqlx::query("select changes from classes where id = $1").bind(class.0);
                statement.fetch_optional(self.db()).await
            }
            Some(day) => {
                let statement = sqlx::query("select changes from day_changes where class_id = $1 and day = $2");
                statement.bind(class.0).bind(day.to_string()).fetch_optional(self.db()).await
            }
        };
        let row = row.map_err(Error::database("read the changes"))?;
        row.map(|row| json(&row, "changes")).transpose()
    }

    /// The days that have changes of their own.
    pub(crate) async fn days_with_changes(&mut self, class: ClassId) -> Result<Vec<Date>, Error> {
        let days: Vec<String> = sqlx::query_scalar("select day from day_changes where class_id = $1 order by day")
            .bind(class.0)
            .fetch_all(self.db())
            .await
            .map_err(Error::database("list the changes"))?;
        let read = |day: String| day.parse().map_err(|_| Error::Damaged("the day of changes".to_owned()));
        days.into_iter().map(read).collect()
    }

    /// Puts changes in their place, or removes those of a day; those without a date are emptied.
    pub(crate) async fn put_changes(
        &mut self,
        by: &Actor,
        class: ClassId,
        day: Option<Date>,
        changes: Option<&Changes>,
    ) -> Result<(), Error> {
        let before = self.changes(class, day).await?;
        let none = Changes::default();
        let after = if day.is_none() { Some(changes.unwrap_or(&none)) } else { changes };
        let done = match (day, after) {
            (None, after) => {
                let statement = sqlx::query("update classes set changes = $1 where id = $2");
                statement.bind(text_of(after.unwrap_or(&none))?).bind(class.0).execute(self.db()).await
            }
            (Some(day), None) => {
                let statement = sqlx::query("delete from day_changes where class_id = $1 and day = $2");
                statement.bind(class.0).bind(day.to_string()).execute(self.db()).await
            }
            (Some(day), Some(changes)) => {
                sqlx::query(
                    "insert into day_changes (class_id, day, changes) values ($1, $2, $3) \
                     on conflict (class_id, day) do update set changes = excluded.changes",
                )
                .bind(class.0)
                .bind(day.to_string())
                .bind(text_of(changes)?)
                .execute(self.db())
                .await
            }
        };
        done.map_err(Error::database("keep the changes"))?;
        let key = day.map(|day| day.to_string()).unwrap_or_default();
        self.note(by, (Resource::Changes, &key), before.as_ref(), after).await
    }
}

/// Whether changes will do.
pub(crate) fn judge(changes: &Changes) -> Result<(), Error> {
    if changes.text.len() > LONGEST {
        return Err(Error::invalid("/text", "the text is too long"));
    }
    Ok(())
}
