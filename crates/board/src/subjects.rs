//! Subjects, and their homework without a date.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::db::{json, text_of};
use crate::memory;
use crate::model::{Actor, Changes, ClassId, Expect, Plan, Source, Subject, Week};
use crate::write::{NOTHING, Resource, Write};
use crate::{Board, Error};

/// The longest name of a subject, in characters.
pub(crate) const LONGEST_NAME: usize = 50;
/// The most subjects of a class.
pub(crate) const MOST: usize = 500;
/// The greatest number of a subject that is taken from elsewhere: there has to be room to count on.
const GREATEST: i64 = 1_000_000_000;
/// The longest homework, in bytes: what an old client may send.
const LONGEST_NOTE: usize = 8 << 20;

/// What changes of a subject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct SubjectChange {
    /// Its name.
    pub name: Option<String>,
    /// Its homework without a date.
    pub note: Option<String>,
}

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

    /// Changes a subject.
    ///
    /// # Errors
    /// There is no such subject, the name will not do or is taken, the homework is too long, it was changed meanwhile, or
    /// the database fails.
    pub async fn set_subject(
        &self,
        by: &Actor,
        class: ClassId,
        number: i64,
        change: SubjectChange,
        expect: Expect,
    ) -> Result<Subject, Error> {
        let SubjectChange { name, note } = change;
        name.as_deref().map_or(Ok(()), judge_name)?;
        if note.as_ref().is_some_and(|note| note.len() > LONGEST_NOTE) {
            return Err(Error::invalid("/note", "the text is too long"));
        }
        let mut write = self.write_to(class).await?;
        let before = write.subject(class, number).await?.ok_or(Error::Missing("subject"))?;
        expect.check(Some(&before))?;
        let after = Subject {
            number,
            name: name.unwrap_or(before.name),
            note: note.unwrap_or(before.note),
            source: by_hand(before.source, by),
        };
        write.put_subject(by, class, number, Some(&after)).await?;
        write.commit(self).await?;
        Ok(after)
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
        let change = SubjectChange { name: Some(name.to_owned()), note: None };
        self.set_subject(by, class, number, change, expect).await
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
        let change = SubjectChange { name: None, note: Some(note.to_owned()) };
        self.set_subject(by, class, number, change, expect).await
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

    /// Puts one subject away. What names it keeps naming it.
    ///
    /// # Errors
    /// There is no such subject, it was changed meanwhile, or the database fails.
    pub async fn remove_subject(&self, by: &Actor, class: ClassId, number: i64, expect: Expect) -> Result<(), Error> {
        let mut write = self.write_to(class).await?;
        let before = write.subject(class, number).await?.ok_or(Error::Missing("subject"))?;
        expect.check(Some(&before))?;
        write.put_subject(by, class, number, None).await?;
        write.commit(self).await
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
        let Some(subject) = subject else {
            sqlx::query("update subjects set archived = 1 where class_id = $1 and number = $2")
                .bind(class.0)
                .bind(number)
                .execute(self.db())
                .await
                .map_err(Error::database("put a subject away"))?;
            self.note(by, (Resource::Subject, &number.to_string()), before.as_ref(), NOTHING).await?;
            return Ok(before.is_some());
        };
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
        self.keep_subject(by, class, before.as_ref(), subject).await?;
        Ok(true)
    }

    /// Puts a subject in its place, whoever else may have its name.
    pub(crate) async fn keep_subject(
        &mut self,
        by: &Actor,
        class: ClassId,
        before: Option<&Subject>,
        subject: &Subject,
    ) -> Result<(), Error> {
        sqlx::query(
            "insert into subjects (class_id, number, name, note, source, archived) \
             values ($1, $2, $3, $4, $5, 0) \
             on conflict (class_id, number) do update set name = excluded.name, note = excluded.note, \
             source = excluded.source, archived = 0",
        )
        .bind(class.0)
        .bind(subject.number)
        .bind(&subject.name)
        .bind(text_of(&subject.note)?)
        .bind(text_of(&subject.source)?)
        .execute(self.db())
        .await
        .map_err(Error::database("keep a subject"))?;
        self.note(by, (Resource::Subject, &subject.number.to_string()), before, Some(subject)).await
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

/// Whether a character may stand in the name of a subject.
pub(crate) fn fits(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '(' | ')') || c.is_whitespace()
}

/// Whether a name will do for a subject: letters and digits of any script, `_`, `-`, brackets and white space, at most 50
/// (`board-api.md`, section 5), and something in it to read.
///
/// # Errors
/// It will not do.
pub fn judge_name(name: &str) -> Result<(), Error> {
    if !name.chars().all(fits) || !name.chars().any(|c| !c.is_whitespace()) || name.ends_with('\n') {
        return Err(Error::invalid("/name", "a name is made of letters, digits, blanks, brackets, - and _"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid("/name", "a name is at most 50 characters long"));
    }
    Ok(())
}

/// Whether subjects will do together.
pub(crate) fn judge_all(subjects: &[Subject]) -> Result<(), Error> {
    subjects.iter().try_for_each(|subject| judge_name(&subject.name))?;
    let numbers: BTreeSet<i64> = subjects.iter().map(|subject| subject.number).collect();
    let names: BTreeSet<&str> = subjects.iter().map(|subject| subject.name.as_str()).collect();
    if numbers.len() < subjects.len() || names.len() < subjects.len() {
        return Err(Error::invalid("/subjects", "two subjects have the same number or the same name"));
    }
    if numbers.iter().any(|number| !(1..=GREATEST).contains(number)) {
        return Err(Error::invalid("/subjects", "the numbers of subjects go from 1 to 1000000000"));
    }
    if subjects.len() > MOST {
        return Err(Error::invalid("/subjects", "a class has at most 500 subjects"));
    }
    if subjects.iter().any(|subject| subject.note.len() > LONGEST_NOTE) {
        return Err(Error::invalid("/subjects", "the text is too long"));
    }
    Ok(())
}
