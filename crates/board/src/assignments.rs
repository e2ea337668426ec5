//! Homework with a date.

use jiff::civil::Date;

use crate::db::{get, json, text_of};
use crate::memory;
use crate::model::{Actor, Assignment, ClassId, Expect, Task};
use crate::subjects::{by_hand, fresh};
use crate::write::{NOTHING, Resource, Write};
use crate::{Board, Error};

/// The longest text, in bytes, and the most and longest links.
const LONGEST: usize = 1 << 20;
const MOST_LINKS: usize = 20;
const LONGEST_LINK: usize = 2000;

/// Which homework is wanted.
#[derive(Debug, Clone, Default)]
pub struct Assignments {
    /// The first day that it is due.
    pub from: Option<Date>,
    /// The last day that it is due.
    pub to: Option<Date>,
    /// The number of its subject.
    pub subject: Option<i64>,
    /// What comes after one of a due day and a key.
    pub after: Option<(Date, i64)>,
    /// The most that is wanted.
    pub limit: u32,
}

impl Board {
    /// Homework by the day that it is due, then by key.
    ///
    /// # Errors
    /// The database fails.
    pub async fn assignments(&self, class: ClassId, wanted: &Assignments) -> Result<Vec<Assignment>, Error> {
        let (after_due, after_id) = wanted.after.map_or((String::new(), 0), |(due, id)| (due.to_string(), id));
        let rows = sqlx::query(
            "select id, task from assignments where class_id = $1 and due >= $2 and due <= $3 \
             and (subject = $4 or $5 = 1) and (due > $6 or (due = $6 and id > $7)) order by due, id limit $8",
        )
        .bind(class.0)
        .bind(wanted.from.unwrap_or(Date::ZERO).to_string())
        .bind(wanted.to.unwrap_or(Date::MAX).to_string())
        .bind(wanted.subject.unwrap_or(0))
        .bind(i64::from(wanted.subject.is_none()))
        .bind(after_due)
        .bind(after_id)
        .bind(i64::from(wanted.limit))
        .fetch_all(self.0.db.pool())
        .await
        .map_err(Error::database("list homework"))?;
        rows.iter().map(memory::assignment).collect()
    }

    /// A piece of homework.
    ///
    /// # Errors
    /// The database fails.
    pub async fn assignment(&self, class: ClassId, id: i64) -> Result<Option<Assignment>, Error> {
        let row = sqlx::query("select id, task from assignments where class_id = $1 and id = $2")
            .bind(class.0)
            .bind(id)
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("read homework"))?;
        row.as_ref().map(memory::assignment).transpose()
    }

    /// Gives homework.
    ///
    /// # Errors
    /// It will not do, there is no such subject, or the database fails.
    pub async fn add_assignment(&self, by: &Actor, class: ClassId, mut task: Task) -> Result<Assignment, Error> {
        judge(&task)?;
        task.source = fresh(task.source, by);
        let mut write = self.write_to(class).await?;
        if write.subject(class, task.subject).await?.is_none() {
            return Err(Error::invalid("/subject", "there is no such subject"));
        }
        let assignment = write.add_assignment(by, class, task).await?;
        write.commit(self).await?;
        Ok(assignment)
    }

    /// Replaces a piece of homework.
    ///
    /// # Errors
    /// There is none, it will not do, it was changed meanwhile, or the database fails.
    pub async fn set_assignment(
        &self,
        by: &Actor,
        class: ClassId,
        id: i64,
        mut task: Task,
        expect: Expect,
    ) -> Result<Assignment, Error> {
        judge(&task)?;
        let mut write = self.write_to(class).await?;
        let before = write.assignment(class, id).await?.ok_or(Error::Missing("assignment"))?;
        expect.check(Some(&before))?;
        if task.subject != before.task.subject && write.subject(class, task.subject).await?.is_none() {
            return Err(Error::invalid("/subject", "there is no such subject"));
        }
        task.source = by_hand(before.task.source, by);
        write.put_assignment(by, class, id, Some(&task)).await?;
        write.commit(self).await?;
        Ok(Assignment { id, task })
    }

    /// Takes a piece of homework away.
    ///
    /// # Errors
    /// There is none, it was changed meanwhile, or the database fails.
    pub async fn remove_assignment(&self, by: &Actor, class: ClassId, id: i64, expect: Expect) -> Result<(), Error> {
        let mut write = self.write_to(class).await?;
        let before = write.assignment(class, id).await?.ok_or(Error::Missing("assignment"))?;
        expect.check(Some(&before))?;
        write.put_assignment(by, class, id, None).await?;
        write.commit(self).await
    }
}

impl Write {
    pub(crate) async fn assignment(&mut self, class: ClassId, id: i64) -> Result<Option<Assignment>, Error> {
        let row = sqlx::query("select task from assignments where class_id = $1 and id = $2")
            .bind(class.0)
            .bind(id)
            .fetch_optional(self.db())
            .await
            .map_err(Error::database("read homework"))?;
        row.map(|row| Ok(Assignment { id, task: json(&row, "task")? })).transpose()
    }

    /// All homework with a date.
    pub(crate) async fn all_assignments(&mut self, class: ClassId) -> Result<Vec<Assignment>, Error> {
        let rows = sqlx::query("select id, task from assignments where class_id = $1 order by due, id")
            .bind(class.0)
            .fetch_all(self.db())
            .await
            .map_err(Error::database("list homework"))?;
        rows.iter().map(memory::assignment).collect()
    }

    pub(crate) async fn add_assignment(&mut self, by: &Actor, class: ClassId, task: Task) -> Result<Assignment, Error> {
        let row =
            sqlx::query("insert into assignments (class_id, subject, due, task) values ($1, $2, $3, $4) returning id")
                .bind(class.0)
                .bind(task.subject)
                .bind(task.due.to_string())
                .bind(text_of(&task)?)
                .fetch_one(self.db())
                .await
                .map_err(Error::database("keep homework"))?;
        let id: i64 = get(&row, "id")?;
        self.note(by, (Resource::Assignment, &id.to_string()), NOTHING, Some(&task)).await?;
        Ok(Assignment { id, task })
    }

    /// Puts homework in its place, or takes it away.
    pub(crate) async fn put_assignment(
        &mut self,
        by: &Actor,
        class: ClassId,
        id: i64,
        task: Option<&Task>,
    ) -> Result<(), Error> {
        let failed = || Error::database("keep homework");
        let before = self.assignment(class, id).await?.map(|assignment| assignment.task);
        match task {
            None => {
                let statement = sqlx::query("delete from assignments where class_id = $1 and id = $2");
                statement.bind(class.0).bind(id).execute(self.db()).await.map_err(failed())?;
            }
            Some(task) => {
                sqlx::query(
                    "insert into assignments (id, class_id, subject, due, task) values ($1, $2, $3, $4, $5) \
                     on conflict (id) do update set subject = excluded.subject, due = excluded.due, task = excluded.task",
                )
                .bind(id)
                .bind(class.0)
                .bind(task.subject)
                .bind(task.due.to_string())
                .bind(text_of(task)?)
                .execute(self.db())
                .await
                .map_err(failed())?;
            }
        }
        self.note(by, (Resource::Assignment, &id.to_string()), before.as_ref(), task).await
    }
}

/// Whether homework will do.
pub(crate) fn judge(task: &Task) -> Result<(), Error> {
    if task.text.trim().is_empty() {
        return Err(Error::invalid("/text", "a text is needed"));
    }
    if task.text.len() > LONGEST {
        return Err(Error::invalid("/text", "the text is too long"));
    }
    if task.due < task.given {
        return Err(Error::invalid("/due", "it is due before it is given"));
    }
    if task.links.len() > MOST_LINKS {
        return Err(Error::invalid("/links", "there are at most 20 links"));
    }
    let web = |link: &String| link.starts_with("https://") || link.starts_with("http://");
    if !task.links.iter().all(|link| web(link) && link.len() <= LONGEST_LINK && !link.contains(char::is_whitespace)) {
        return Err(Error::invalid("/links", "a link begins with https:// or http://, and has no blanks"));
    }
    Ok(())
}
