//! Subjects, and their homework without a date.

use std::collections::BTreeSet;

use crate::db::{json, text_of};
use crate::memory;
use crate::model::{Actor, Changes, ClassId, Expect, Plan, Source, Subject, Week};
use crate::write::{Resource, Write};
use crate::{Board, Error};

/// The longest name of a subject, in characters.
const LONGEST_NAME: usize = 50;
/// The most subjects of a class.
pub(crate) const MOST: usize = 500;
/// The longest homework, in bytes: what an old client may send.
const LONGEST_NOTE: usize = 8 << 20;

impl Board {
    /// Adds subjects, numbered from the greatest number present on; without homework.
    ///
    /// # Errors
    /// A name will not do; one is there already or stands twice, and then none is added; or the database fails.
    pub async fn add_subjects(&self, by: &Actor, class: ClassId, names: &[String]) -> Result<Vec<Subject>, Error> {
        names.iter().try_for_each(|name| judge_name(name))?;
        let mut write = self.write_to(class).await?;
        let added = write.add_subjects(by, class, names, &Source::Hand).await?;
        write.commit(self).await?;
        Ok(added)
    }

    /// Renames a subject.
    ///
    /// # Errors
    /// There is no such subject, the name will not do or is taken, it was changed meanwhile, or the database fails.
    pub async fn rename_subject(
        &self,
        by: &Actor,
        class: ClassId,
        number: i64,
        name: &str,
        expect: Expect,
    ) -> Result<Subject, Error> {
        judge_name(name)?;
        self.change_subject(by, class, number, expect, |subject| name.clone_into(&mut subject.name)).await
    }

    /// Sets the homework without a date of a subject.
    ///
    /// # Errors
    /// There is no such subject, it was changed meanwhile, or the database fails.
    pub async fn set_note(
        &self,
        by: &Actor,
        class: ClassId,
        number: i64,
        note: &str,
        expect: Expect,
    ) -> Result<Subject, Error> {
        if note.len() > LONGEST_NOTE {
            return Err(Error::invalid("/text", "the text is too long"));
        }
        self.change_subject(by, class, number, expect, |subject| note.clone_into(&mut subject.note)).await
    }

    /// Puts subjects away; gives the numbers of those that were there. What names them keeps naming them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn remove_subjects(&self, by: &Actor, class: ClassId, numbers: &[i64]) -> Result<Vec<i64>, Error> {
        let mut write = self.write_to(class).await?;
        let mut removed = Vec::new();
        for number in numbers.iter().copied().collect::<BTreeSet<_>>() {
            if write.put_subject(by, class, number, None).await? {
                removed.push(number);
            }
        }
        write.commit(self).await?;
        Ok(removed)
    }

    async fn change_subject(
        &self,
        by: &Actor,
        class: ClassId,
        number: i64,
        expect: Expect,
        change: impl FnOnce(&mut Subject),
    ) -> Result<Subject, Error> {
        let mut write = self.write_to(class).await?;
        let before = write.subject(class, number).await?.ok_or(Error::Missing("subject"))?;
        expect.check(Some(&before))?;
        let mut after = before;
        change(&mut after);
        after.source = by_hand(after.source, by);
        write.put_subject(by, class, number, Some(&after)).await?;
        write.commit(self).await?;
        Ok(after)
    }
}

impl Write {
    /// A subject that is not put away.
    pub(crate) async fn subject(&mut self, class: ClassId, number: i64) -> Result<Option<Subject>, Error> {
        let row = sqlx::query(
            "select number, name, note, source from subjects where class_id = $1 and number = $2 and archived = 0",
        )
        .bind(class.0)
        .bind(number)
        .fetch_optional(self.db())
        .await
        .map_err(Error::database("read a subject"))?;
        row.as_ref().map(memory::subject).transpose()
    }

    /// All subjects that are not put away, by number.
    pub(crate) async fn subjects(&mut self, class: ClassId) -> Result<Vec<Subject>, Error> {
        let rows = sqlx::query(
            "select number, name, note, source from subjects where class_id = $1 and archived = 0 order by number",
        )
        .bind(class.0)
        .fetch_all(self.db())
        .await
        .map_err(Error::database("read the subjects"))?;
        rows.iter().map(memory::subject).collect()
    }

    /// Adds subjects; all or none.
    pub(crate) async fn add_subjects(
        &mut self,
        by: &Actor,
        class: ClassId,
        names: &[String],
        source: &Source,
    ) -> Result<Vec<Subject>, Error> {
        let present = self.subjects(class).await?;
        let mut taken: BTreeSet<&str> = present.iter().map(|subject| subject.name.as_str()).collect();
        if !names.iter().all(|name| taken.insert(name)) {
            return Err(Error::Taken("subject"));
        }
        if taken.len() > MOST {
            return Err(Error::invalid("", "a class has at most 500 subjects"));
        }
        let first = self.next_number(class, present.last().map_or(0, |last| last.number)).await?;
        let mut added = Vec::new();
        for (number, name) in (first..).zip(names) {
            let subject = Subject { number, name: name.clone(), note: String::new(), source: source.clone() };
            self.put_subject(by, class, number, Some(&subject)).await?;
            added.push(subject);
        }
        Ok(added)
    }

    /// The number of the next subject: one more than the greatest present. The number of one that was put away is given
    /// again, unless something with a date names it.
    async fn next_number(&mut self, class: ClassId, greatest: i64) -> Result<i64, Error> {
        let failed = || Error::database("number a subject");
        let away: Vec<i64> =
            sqlx::query_scalar("select number from subjects where class_id = $1 and archived = 1 and number > $2")
                .bind(class.0)
                .bind(greatest)
                .fetch_all(self.db())
                .await
                .map_err(failed())?;
        if away.is_empty() {
            return Ok(greatest + 1);
        }
        let mut named: BTreeSet<i64> =
            sqlx::query_scalar("select distinct subject from assignments where class_id = $1")
                .bind(class.0)
                .fetch_all(self.db())
                .await
                .map_err(failed())?
                .into_iter()
                .collect();
        let plans = sqlx::query("select plan from timetables where class_id = $1").bind(class.0).fetch_all(self.db());
        for row in plans.await.map_err(failed())? {
            named.extend(json::<Plan>(&row, "plan")?.week.rows.into_iter().flatten());
        }
        let days =
            sqlx::query("select changes from day_changes where class_id = $1").bind(class.0).fetch_all(self.db());
        for row in days.await.map_err(failed())? {
            named.extend(json::<Changes>(&row, "changes")?.rows);
        }
        let kept = away.into_iter().filter(|number| named.contains(number)).max();
        Ok(kept.unwrap_or(greatest).max(greatest) + 1)
    }

    /// Puts a subject in its place, or away; tells whether anything was there or is now.
    pub(crate) async fn put_subject(
        &mut self,
        by: &Actor,
        class: ClassId,
        number: i64,
        subject: Option<&Subject>,
    ) -> Result<bool, Error> {
        let before = self.subject(class, number).await?;
        match subject {
            None => {
                sqlx::query("update subjects set archived = 1 where class_id = $1 and number = $2")
                    .bind(class.0)
                    .bind(number)
                    .execute(self.db())
                    .await
                    .map_err(Error::database("put a subject away"))?;
            }
            Some(subject) => {
                let namesake: Option<i64> = sqlx::query_scalar(
                    "select number from subjects where class_id = $1 and archived = 0 and name = $2 and number <> $3",
                )
                .bind(class.0)
                .bind(&subject.name)
                .bind(number)
                .fetch_optional(self.db())
                .await
                .map_err(Error::database("look for a subject"))?;
                if namesake.is_some() {
                    return Err(Error::Taken("subject"));
                }
                sqlx::query(
                    "insert into subjects (class_id, number, name, note, source, archived) \
                     values ($1, $2, $3, $4, $5, 0) \
                     on conflict (class_id, number) do update set name = excluded.name, note = excluded.note, \
                     source = excluded.source, archived = 0",
                )
                .bind(class.0)
                .bind(number)
                .bind(&subject.name)
                .bind(&subject.note)
                .bind(text_of(&subject.source)?)
                .execute(self.db())
                .await
                .map_err(Error::database("keep a subject"))?;
            }
        }
        self.note(by, (Resource::Subject, &number.to_string()), before.as_ref(), subject).await?;
        Ok(before.is_some() || subject.is_some())
    }

    /// The timetable without a date, as it is.
    pub(crate) async fn week(&mut self, class: ClassId) -> Result<Week, Error> {
        let row = sqlx::query("select week from classes where id = $1")
            .bind(class.0)
            .fetch_one(self.db())
            .await
            .map_err(Error::database("read the timetable"))?;
        json(&row, "week")
    }
}

/// Where something comes from once somebody has changed it: what PRONOTE gave stays marked as written over.
pub(crate) fn by_hand(source: Source, by: &Actor) -> Source {
    match source {
        Source::Pronote { origin } if by.via != FILLING => Source::Override { origin },
        source => source,
    }
}

/// Where something new comes from: a person, unless PRONOTE gave it.
pub(crate) fn fresh(source: Source, by: &Actor) -> Source {
    if by.via == FILLING { source } else { Source::Hand }
}

/// By which door what PRONOTE gives comes in.
pub(crate) const FILLING: &str = "pronote";

/// Whether a name will do for a subject: letters and digits of any script, `_`, `-`, brackets and white space, at most 50
/// (`board-api.md`, section 5), and something in it to read.
pub(crate) fn judge_name(name: &str) -> Result<(), Error> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '(' | ')') || c.is_whitespace();
    if !name.chars().all(fits) || !name.chars().any(|c| !c.is_whitespace()) || name.ends_with('\n') {
        return Err(Error::invalid("/name", "a name is made of letters, digits, blanks, brackets, - and _"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid("/name", "a name is at most 50 characters long"));
    }
    Ok(())
}
