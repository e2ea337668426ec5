//! The week without a date, and the timetables that hold from a day on.

use crate::db::{get, json, text_of};
use crate::model::{Actor, ClassId, Expect, Plan, ROWS, Timetable, Week};
use crate::subjects::{by_hand, fresh};
use crate::write::{NOTHING, Resource, Write};
use crate::{Board, Error};

/// The most timetables with a date that a class has.
const MOST: i64 = 500;
/// The longest text of a week, in bytes.
const LONGEST: usize = 8 << 20;

impl Board {
    /// Sets the week without a date, as a whole.
    ///
    /// # Errors
    /// A day has too many lessons, it was changed meanwhile, or the database fails.
    pub async fn set_week(&self, by: &Actor, class: ClassId, week: Week, expect: Expect) -> Result<Week, Error> {
        judge(&week)?;
        let mut write = self.write_to(class).await?;
        expect.check(Some(&write.week(class).await?))?;
        write.put_week(by, class, &week).await?;
        write.commit(self).await?;
        Ok(week)
    }

    /// Adds a timetable that holds from a day on.
    ///
    /// # Errors
    /// It will not do, there are too many, or the database fails.
    pub async fn add_timetable(&self, by: &Actor, class: ClassId, mut plan: Plan) -> Result<Timetable, Error> {
        judge_plan(&plan)?;
        plan.source = fresh(plan.source, by);
        let mut write = self.write_to(class).await?;
        let timetable = write.add_timetable(by, class, plan).await?;
        write.commit(self).await?;
        Ok(timetable)
    }

    /// Replaces a timetable.
    ///
    /// # Errors
    /// There is no such timetable, it will not do, it was changed meanwhile, or the database fails.
    pub async fn set_timetable(
        &self,
        by: &Actor,
        class: ClassId,
        id: i64,
        mut plan: Plan,
        expect: Expect,
    ) -> Result<Timetable, Error> {
        judge_plan(&plan)?;
        let mut write = self.write_to(class).await?;
        let before = write.timetable(class, id).await?.ok_or(Error::Missing("timetable"))?;
        expect.check(Some(&before))?;
        plan.source = by_hand(before.plan.source, by);
        write.put_timetable(by, class, id, Some(&plan)).await?;
        write.commit(self).await?;
        Ok(Timetable { id, plan })
    }

    /// Removes a timetable.
    ///
    /// # Errors
    /// There is no such timetable, it was changed meanwhile, or the database fails.
    pub async fn remove_timetable(&self, by: &Actor, class: ClassId, id: i64, expect: Expect) -> Result<(), Error> {
        let mut write = self.write_to(class).await?;
        let before = write.timetable(class, id).await?.ok_or(Error::Missing("timetable"))?;
        expect.check(Some(&before))?;
        write.put_timetable(by, class, id, None).await?;
        write.commit(self).await
    }
}

impl Write {
    pub(crate) async fn put_week(&mut self, by: &Actor, class: ClassId, week: &Week) -> Result<(), Error> {
        let before = self.week(class).await?;
        sqlx::query("update classes set week = $1 where id = $2")
            .bind(text_of(week)?)
            .bind(class.0)
            .execute(self.db())
            .await
            .map_err(Error::database("keep the timetable"))?;
        self.note(by, (Resource::Week, ""), Some(&before), Some(week)).await
    }

    pub(crate) async fn timetable(&mut self, class: ClassId, id: i64) -> Result<Option<Timetable>, Error> {
        let row = sqlx::query("select plan from timetables where class_id = $1 and id = $2")
            .bind(class.0)
            .bind(id)
            .fetch_optional(self.db())
            .await
            .map_err(Error::database("read a timetable"))?;
        row.map(|row| Ok(Timetable { id, plan: json(&row, "plan")? })).transpose()
    }

    /// All timetables with a date.
    pub(crate) async fn timetables(&mut self, class: ClassId) -> Result<Vec<Timetable>, Error> {
        let rows = sqlx::query("select id, plan from timetables where class_id = $1 order by valid_from, id")
            .bind(class.0)
            .fetch_all(self.db())
            .await
            .map_err(Error::database("list the timetables"))?;
        rows.iter().map(|row| Ok(Timetable { id: get(row, "id")?, plan: json(row, "plan")? })).collect()
    }

    pub(crate) async fn add_timetable(&mut self, by: &Actor, class: ClassId, plan: Plan) -> Result<Timetable, Error> {
        let failed = || Error::database("keep a timetable");
        let count: i64 = sqlx::query_scalar("select count(*) from timetables where class_id = $1")
            .bind(class.0)
            .fetch_one(self.db())
            .await
            .map_err(failed())?;
        if count >= MOST {
            return Err(Error::invalid("", "a class has at most 500 timetables"));
        }
        let row = sqlx::query("insert into timetables (class_id, valid_from, plan) values ($1, $2, $3) returning id")
            .bind(class.0)
            .bind(plan.valid_from.to_string())
            .bind(text_of(&plan)?)
            .fetch_one(self.db())
            .await
            .map_err(failed())?;
        let id: i64 = get(&row, "id")?;
        self.note(by, (Resource::Timetable, &id.to_string()), NOTHING, Some(&plan)).await?;
        Ok(Timetable { id, plan })
    }

    /// Puts a timetable in its place, or removes it.
    pub(crate) async fn put_timetable(
        &mut self,
        by: &Actor,
        class: ClassId,
        id: i64,
        plan: Option<&Plan>,
    ) -> Result<(), Error> {
        let failed = || Error::database("keep a timetable");
        let before = self.timetable(class, id).await?.map(|timetable| timetable.plan);
        match plan {
            None => {
                let statement = sqlx::query("delete from timetables where class_id = $1 and id = $2");
                statement.bind(class.0).bind(id).execute(self.db()).await.map_err(failed())?;
            }
            Some(plan) => {
                sqlx::query(
                    "insert into timetables (id, class_id, valid_from, plan) values ($1, $2, $3, $4) \
                     on conflict (id) do update set valid_from = excluded.valid_from, plan = excluded.plan",
                )
                .bind(id)
                .bind(class.0)
                .bind(plan.valid_from.to_string())
                .bind(text_of(plan)?)
                .execute(self.db())
                .await
                .map_err(failed())?;
            }
        }
        self.note(by, (Resource::Timetable, &id.to_string()), before.as_ref(), plan).await
    }
}

/// Whether a week will do.
pub(crate) fn judge(week: &Week) -> Result<(), Error> {
    if week.rows.iter().any(|rows| rows.len() > ROWS) {
        return Err(Error::invalid("/week/rows", "a day has at most 8 lessons"));
    }
    if week.texts.iter().map(String::len).sum::<usize>() > LONGEST {
        return Err(Error::invalid("/week/texts", "the texts are too long"));
    }
    Ok(())
}

/// Whether a timetable will do.
pub(crate) fn judge_plan(plan: &Plan) -> Result<(), Error> {
    judge(&plan.week)?;
    if plan.valid_to.is_some_and(|last| last < plan.valid_from) {
        return Err(Error::invalid("/valid_to", "it ends before it begins"));
    }
    Ok(())
}
