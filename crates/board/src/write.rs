//! A transaction that writes: it has a place in the order of all writes, and notes in the history what it changed.

use std::ops::DerefMut as _;

use serde::Serialize;
use serde_json::Value;
use sqlx::AnyConnection;

use crate::db::Tx;
use crate::model::{Actor, ClassId, Expect, tag};
use crate::{Board, Error};

/// A transaction that writes. Dropped without [`commit`](Self::commit), it did nothing.
pub(crate) struct Write {
    tx: Tx,
    revision: i64,
    /// The class that it changes, if it changes one.
    class: Option<ClassId>,
    /// When it was begun, in Unix milliseconds.
    pub(crate) at: i64,
    /// The entry of the history that it undoes.
    pub(crate) undoes: Option<i64>,
}

/// What can be changed, for the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Class,
    User,
    Subject,
    Week,
    Changes,
    Timetable,
    Assignment,
    Filling,
    Import,
}

impl Resource {
    pub(crate) const ALL: [Self; 9] = [
        Resource::Class,
        Resource::User,
        Resource::Subject,
        Resource::Week,
        Resource::Changes,
        Resource::Timetable,
        Resource::Assignment,
        Resource::Filling,
        Resource::Import,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Resource::Class => "class",
            Resource::User => "user",
            Resource::Subject => "subject",
            Resource::Week => "week",
            Resource::Changes => "changes",
            Resource::Timetable => "timetable",
            Resource::Assignment => "assignment",
            Resource::Filling => "filling",
            Resource::Import => "import",
        }
    }
}

impl Board {
    /// Begins to write what belongs to no class.
    pub(crate) async fn write(&self) -> Result<Write, Error> {
        let mut tx = self.0.db.begin().await?;
        // Taking a number takes the lock, so that writes follow each other.
        let revision = sqlx::query_scalar("update board set revision = revision + 1 returning revision")
            .fetch_one(&mut *tx)
            .await
            .map_err(Error::database("begin to write"))?;
        Ok(Write { tx, revision, class: None, at: self.now().as_millisecond(), undoes: None })
    }

    /// Begins to write what belongs to a class.
    pub(crate) async fn write_to(&self, class: ClassId) -> Result<Write, Error> {
        let mut write = self.write().await?;
        write.class = Some(class);
        let found = sqlx::query("update classes set revision = $1 where id = $2")
            .bind(write.revision)
            .bind(class.0)
            .execute(write.db())
            .await
            .map_err(Error::database("begin to write"))?;
        if found.rows_affected() == 0 { Err(Error::Missing("class")) } else { Ok(write) }
    }
}

impl Write {
    /// The connection, for a statement.
    pub(crate) fn db(&mut self) -> &mut AnyConnection {
        self.tx.deref_mut()
    }

    /// The transaction, for what reads.
    pub(crate) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// The number of this write.
    pub(crate) fn revision(&self) -> i64 {
        self.revision
    }

    /// Notes a change in the history. What is as it was before is not noted.
    pub(crate) async fn note(
        &mut self,
        by: &Actor,
        (resource, key): (Resource, &str),
        before: Option<&impl Serialize>,
        after: Option<&impl Serialize>,
    ) -> Result<(), Error> {
        let (before, after) = (before.map(value).transpose()?, after.map(value).transpose()?);
        if before == after {
            return Ok(());
        }
        let class = self.class.map(|class| class.0);
        sqlx::query(
            "insert into history \
             (class_id, at, by_user, by_name, address, via, request, resource, resource_key, before, after, undoes) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(class)
        .bind(self.at)
        .bind(by.user.map(|user| user.0))
        .bind(&by.name)
        .bind(by.address.map(|address| address.to_string()).unwrap_or_default())
        .bind(by.via)
        .bind(&by.request)
        .bind(resource.name())
        .bind(key)
        .bind(before.map(|value| value.to_string()))
        .bind(after.map(|value| value.to_string()))
        .bind(self.undoes)
        .execute(self.db())
        .await
        .map_err(Error::database("note a change in the history"))?;
        Ok(())
    }

    /// Makes it so.
    pub(crate) async fn commit(self, board: &Board) -> Result<(), Error> {
        self.tx.commit().await.map_err(Error::database("finish writing"))?;
        board.0.memory.wrote(self.revision);
        Ok(())
    }
}

impl Expect {
    /// Whether what is there is what the caller takes for granted.
    pub(crate) fn check(&self, current: Option<&impl Serialize>) -> Result<(), Error> {
        let met = match self {
            Expect::Anything => true,
            Expect::Tag(expected) => current.is_some_and(|current| tag(current) == *expected),
            Expect::Something => current.is_some(),
            Expect::Nothing => current.is_none(),
        };
        if met { Ok(()) } else { Err(Error::Stale { current: current.map(value).transpose()? }) }
    }
}

/// A thing as JSON.
pub(crate) fn value(thing: &impl Serialize) -> Result<Value, Error> {
    serde_json::to_value(thing).map_err(|error| Error::Damaged(error.to_string()))
}

/// Nothing, where a thing could be.
pub(crate) const NOTHING: Option<&Value> = None;
