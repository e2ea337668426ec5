//! What came from PRONOTE: what it is there, and what it is here.

use sqlx::any::AnyRow;

use super::{COLUMNS, Filling};
use crate::Error;
use crate::db::get;
use crate::model::ClassId;
use crate::write::Write;

/// What kind of thing came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bells,
    Subject,
    Week,
    Changes,
    Assignment,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::Bells => "bells",
            Kind::Subject => "subject",
            Kind::Week => "week",
            Kind::Changes => "changes",
            Kind::Assignment => "assignment",
        }
    }
}

/// A thing that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin {
    /// What tells it apart there, in every session.
    pub(super) key: String,
    /// What tells it apart here: a number, a key, a day.
    pub(super) resource: String,
    /// What it was when it came, where that is needed to know it again.
    pub(super) body: String,
}

impl Origin {
    pub(super) fn new(key: impl Into<String>, resource: impl ToString) -> Self {
        Origin { key: key.into(), resource: resource.to_string(), body: String::new() }
    }

    /// The number or key of what it is here.
    pub(super) fn number(&self) -> Result<i64, Error> {
        self.resource.parse().map_err(|_| Error::Damaged("what came from PRONOTE: a number".to_owned()))
    }
}

/// How a class is bound, within a transaction that writes.
pub(super) async fn filling(write: &mut Write, class: ClassId) -> Result<Option<Filling>, Error> {
    let statement = format!("select {COLUMNS} from fillings where class_id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(class.0)
        .fetch_optional(write.db())
        .await
        .map_err(Error::database("tell how a class is bound to PRONOTE"))?;
    row.as_ref().map(super::filling).transpose()
}

/// All that came of a kind, in the order of the keys.
pub(super) async fn origins(write: &mut Write, class: ClassId, kind: Kind) -> Result<Vec<Origin>, Error> {
    let rows = sqlx::query(
        "select origin_key, resource_key, body from imported where class_id = $1 and kind = $2 order by origin_key",
    )
    .bind(class.0)
    .bind(kind.name())
    .fetch_all(write.db())
    .await
    .map_err(Error::database("tell what came from PRONOTE"))?;
    let origin = |row: &AnyRow| {
        Ok(Origin { key: get(row, "origin_key")?, resource: get(row, "resource_key")?, body: get(row, "body")? })
    };
    rows.iter().map(origin).collect()
}

/// What came under a key.
pub(super) async fn origin(write: &mut Write, class: ClassId, kind: Kind, key: &str) -> Result<Option<Origin>, Error> {
    let row =
        sqlx::query("select resource_key, body from imported where class_id = $1 and kind = $2 and origin_key = $3")
            .bind(class.0)
            .bind(kind.name())
            .bind(key)
            .fetch_optional(write.db())
            .await
            .map_err(Error::database("tell what came from PRONOTE"))?;
    let origin = |row: AnyRow| {
        Ok(Origin { key: key.to_owned(), resource: get(&row, "resource_key")?, body: get(&row, "body")? })
    };
    row.map(origin).transpose()
}

/// Notes that something came.
pub(super) async fn put(write: &mut Write, class: ClassId, kind: Kind, origin: &Origin) -> Result<(), Error> {
    sqlx::query(
        "insert into imported (class_id, kind, origin_key, resource_key, body) values ($1, $2, $3, $4, $5) \
         on conflict (class_id, kind, origin_key) do update set resource_key = excluded.resource_key, \
         body = excluded.body",
    )
    .bind(class.0)
    .bind(kind.name())
    .bind(&origin.key)
    .bind(&origin.resource)
    .bind(&origin.body)
    .execute(write.db())
    .await
    .map_err(Error::database("note what came from PRONOTE"))?;
    Ok(())
}

/// Forgets that something came.
pub(super) async fn forget(write: &mut Write, class: ClassId, kind: Kind, key: &str) -> Result<(), Error> {
    sqlx::query("delete from imported where class_id = $1 and kind = $2 and origin_key = $3")
        .bind(class.0)
        .bind(kind.name())
        .bind(key)
        .execute(write.db())
        .await
        .map_err(Error::database("forget what came from PRONOTE"))?;
    Ok(())
}
