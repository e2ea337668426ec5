//! Who changed what, when and from where; and undoing it.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::db::get;
use crate::keys::instant;
use crate::model::{Actor, ClassId, ClassSettings, Subject, Task, UserId, Week};
use crate::model::{Changes, Plan};
use crate::write::{Resource, Write, value};
use crate::{Board, Error, classes};

/// Which of the history is wanted.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Of a class; without one, of all and of what belongs to none.
    pub class: Option<ClassId>,
    /// What came before an entry.
    pub before: Option<i64>,
    /// The most that is wanted.
    pub limit: u32,
}

/// A change, in the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its key; later ones are greater.
    pub id: i64,
    /// The class that was changed, if one was.
    pub class: Option<ClassId>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What was changed: `class`, `user`, `subject`, `week`, `changes`, `timetable`, `assignment`, `filling` or
    /// `import`.
    pub resource: String,
    /// Which of them: a number, a day, a name, or nothing where there is only one.
    pub key: String,
    /// What it was; nothing when it was not there.
    pub before: Option<Value>,
    /// What it became; nothing when it was taken away.
    pub after: Option<Value>,
    /// The entry that it undoes.
    pub undoes: Option<i64>,
}

impl Entry {
    /// Whether it is of a kind that can be undone.
    #[must_use]
    pub fn can_be_undone(&self) -> bool {
        let settings = |state: &Option<Value>| state.as_ref().is_none_or(|state| state.get("name").is_some());
        match self.resource.as_str() {
            "subject" | "week" | "changes" | "timetable" | "assignment" => true,
            "class" => self.before.is_some() && settings(&self.before) && settings(&self.after),
            _ => false,
        }
    }
}

const COLUMNS: &str =
    "id, class_id, at, by_user, by_name, address, via, request, resource, resource_key, before, after, undoes";

impl Board {
    /// The history, the latest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn history(&self, wanted: &History) -> Result<Vec<Entry>, Error> {
        let (class, before) = (wanted.class.map_or(0, |class| class.0), wanted.before.unwrap_or(i64::MAX));
        let statement = format!(
            "select {COLUMNS} from history where (class_id = $1 or $2 = 1) and id < $3 order by id desc limit $4"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(class)
            .bind(i64::from(wanted.class.is_none()))
            .bind(before)
            .bind(i64::from(wanted.limit))
            .fetch_all(self.0.db.pool())
            .await
            .map_err(Error::database("read the history"))?;
        rows.iter().map(entry).collect()
    }

    /// An entry of the history.
    ///
    /// # Errors
    /// The database fails.
    pub async fn entry(&self, id: i64) -> Result<Option<Entry>, Error> {
        let statement = format!("select {COLUMNS} from history where id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(id)
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("read the history"))?;
        row.as_ref().map(entry).transpose()
    }

    /// Undoes a change of a class, if what it made is still so; gives the entry that notes it.
    ///
    /// # Errors
    /// There is no such entry in the class, it cannot be undone, it was changed again since, or the database fails.
    pub async fn undo(&self, by: &Actor, class: ClassId, id: i64) -> Result<Entry, Error> {
        let mut write = self.write_to(class).await?;
        let entry = write.entry(class, id).await?.ok_or(Error::Missing("change"))?;
        if !entry.can_be_undone() {
            return Err(Error::invalid("", "this kind of change cannot be undone"));
        }
        let current = write.current(class, &entry).await?;
        if current != entry.after {
            return Err(Error::Stale { current });
        }
        write.undoes = Some(id);
        write.restore(by, class, &entry).await?;
        let last: i64 = sqlx::query_scalar("select max(id) from history where class_id = $1")
            .bind(class.0)
            .fetch_one(write.db())
            .await
            .map_err(Error::database("read the history"))?;
        let noted = write.entry(class, last).await?.ok_or(Error::Missing("change"))?;
        write.commit(self).await?;
        Ok(noted)
    }
}

impl Write {
    async fn entry(&mut self, class: ClassId, id: i64) -> Result<Option<Entry>, Error> {
        let statement = format!("select {COLUMNS} from history where class_id = $1 and id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(class.0)
            .bind(id)
            .fetch_optional(self.db())
            .await
            .map_err(Error::database("read the history"))?;
        row.as_ref().map(entry).transpose()
    }

    /// What an entry is about, as it is now.
    async fn current(&mut self, class: ClassId, entry: &Entry) -> Result<Option<Value>, Error> {
        let key = &entry.key;
        match resource(&entry.resource)? {
            Resource::Subject => self.subject(class, number(key)?).await?.as_ref().map(value).transpose(),
            Resource::Week => value(&self.week(class).await?).map(Some),
            Resource::Changes => self.changes(class, day(key)?).await?.as_ref().map(value).transpose(),
            Resource::Timetable => {
                let timetable = self.timetable(class, number(key)?).await?;
                timetable.map(|timetable| value(&timetable.plan)).transpose()
            }
            Resource::Assignment => {
                let assignment = self.assignment(class, number(key)?).await?;
                assignment.map(|assignment| value(&assignment.task)).transpose()
            }
            Resource::Class => value(&classes::read(self, class).await?.settings).map(Some),
            Resource::User | Resource::Filling | Resource::Import => Ok(None),
        }
    }

    /// Puts back what was there before an entry.
    async fn restore(&mut self, by: &Actor, class: ClassId, entry: &Entry) -> Result<(), Error> {
        let (key, before) = (&entry.key, &entry.before);
        match resource(&entry.resource)? {
            Resource::Subject => {
                let subject = read::<Subject>(before)?;
                self.put_subject(by, class, number(key)?, subject.as_ref()).await.map(|_| ())
            }
            Resource::Week => self.put_week(by, class, &read::<Week>(before)?.unwrap_or_default()).await,
            Resource::Changes => self.put_changes(by, class, day(key)?, read::<Changes>(before)?.as_ref()).await,
            Resource::Timetable => self.put_timetable(by, class, number(key)?, read::<Plan>(before)?.as_ref()).await,
            Resource::Assignment => self.put_assignment(by, class, number(key)?, read::<Task>(before)?.as_ref()).await,
            Resource::Class => {
                let settings = read::<ClassSettings>(before)?.ok_or(Error::Missing("change"))?;
                let now = classes::read(self, class).await?;
                self.set_settings(class, &settings).await?;
                self.note(by, (Resource::Class, &now.slug), Some(&now.settings), Some(&settings)).await
            }
            Resource::User | Resource::Filling | Resource::Import => Ok(()),
        }
    }
}

fn entry(row: &AnyRow) -> Result<Entry, Error> {
    let state = |column| -> Result<Option<Value>, Error> {
        let text: Option<String> = get(row, column)?;
        let state = text.map(|text| serde_json::from_str(&text)).transpose();
        state.map_err(|error| Error::Damaged(format!("{column}: {error}")))
    };
    let via: String = get(row, "via")?;
    let address: String = get(row, "address")?;
    Ok(Entry {
        id: get(row, "id")?,
        class: get::<Option<i64>>(row, "class_id")?.map(ClassId),
        at: instant(get(row, "at")?),
        by: Actor {
            user: get::<Option<i64>>(row, "by_user")?.map(UserId),
            name: get(row, "by_name")?,
            address: address.parse().ok(),
            via: crate::model::DOORS.into_iter().find(|door| *door == via).unwrap_or("other"),
            request: get(row, "request")?,
        },
        resource: get(row, "resource")?,
        key: get(row, "resource_key")?,
        before: state("before")?,
        after: state("after")?,
        undoes: get(row, "undoes")?,
    })
}

fn resource(name: &str) -> Result<Resource, Error> {
    let found = Resource::ALL.into_iter().find(|resource| resource.name() == name);
    found.ok_or_else(|| Error::Damaged("the history".to_owned()))
}

fn read<T: DeserializeOwned>(state: &Option<Value>) -> Result<Option<T>, Error> {
    let read = state.clone().map(serde_json::from_value).transpose();
    read.map_err(|error| Error::Damaged(format!("the history: {error}")))
}

fn number(key: &str) -> Result<i64, Error> {
    key.parse().map_err(|_| Error::Damaged("the history: a number".to_owned()))
}

fn day(key: &str) -> Result<Option<jiff::civil::Date>, Error> {
    if key.is_empty() {
        return Ok(None);
    }
    key.parse().map(Some).map_err(|_| Error::Damaged("the history: a day".to_owned()))
}
