//! Chats: bound to a class by its code, told of news if they ask for it.
//!
//! Of a chat nothing is kept but its platform and number, and that only as long as it is bound.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;

use crate::db::{get, text_of};
use crate::keys::instant;
use crate::model::{Class, ClassId, Platform};
use crate::{Board, Error};

/// The most chats that a class has: a class is some thirty people.
const MOST_OF_CLASS: i64 = 1000;

/// When a chat is told of new homework and changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "when", content = "time")]
pub enum Alerts {
    /// As they come.
    AtOnce,
    /// Together, at a time of day of the class.
    Daily(Time),
}

/// A chat that is bound to a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    /// Where it is.
    pub platform: Platform,
    /// Its number there.
    pub peer: i64,
    /// Its class.
    pub class: ClassId,
    /// When it is told of news, if it is.
    pub alerts: Option<Alerts>,
    /// The last entry of the history that it was told of, or that was there when it asked to be told.
    pub told: i64,
    /// Since when it is bound.
    pub bound: Timestamp,
}

const COLUMNS: &str = "platform, peer, class_id, alerts, told_until, bound_at";

impl Board {
    /// A chat that is bound.
    ///
    /// # Errors
    /// The database fails.
    pub async fn chat(&self, platform: Platform, peer: i64) -> Result<Option<Chat>, Error> {
        let statement = format!("select {COLUMNS} from chats where platform = $1 and peer = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(platform.to_string())
            .bind(peer)
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("look for a chat"))?;
        row.as_ref().map(chat).transpose()
    }

    /// The chats of a class.
    ///
    /// # Errors
    /// The database fails.
    pub async fn chats(&self, class: ClassId) -> Result<Vec<Chat>, Error> {
        let statement = format!("select {COLUMNS} from chats where class_id = $1 order by bound_at, platform, peer");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(class.0)
            .fetch_all(self.0.db.pool())
            .await
            .map_err(Error::database("list the chats of a class"))?;
        rows.iter().map(chat).collect()
    }

    /// All chats that are bound, for whoever answers them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn all_chats(&self) -> Result<Vec<Chat>, Error> {
        let statement = format!("select {COLUMNS} from chats order by platform, peer");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .fetch_all(self.0.db.pool())
            .await
            .map_err(Error::database("list the chats"))?;
        rows.iter().map(chat).collect()
    }

    /// Binds a chat to the class of a code; case and blanks do not matter.
    ///
    /// # Errors
    /// No class has that code, it has too many chats, or the database fails.
    pub async fn bind_chat(&self, platform: Platform, peer: i64, code: &str) -> Result<Class, Error> {
        let plain = |code: &str| code.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        let wanted: String = plain(code);
        let classes = self.all_classes().await?;
        let is_it = |class: &&Class| class.archived.is_none() && plain(&class.code) == wanted;
        let class = classes.all.iter().find(is_it).ok_or(Error::Missing("class"))?;
        let failed = || Error::database("bind a chat");
        let mut write = self.write_to(class.id).await?;
        let count: i64 = sqlx::query_scalar("select count(*) from chats where class_id = $1")
            .bind(class.id.0)
            .fetch_one(write.db())
            .await
            .map_err(failed())?;
        if count >= MOST_OF_CLASS {
            return Err(Error::invalid("", "the class has too many chats"));
        }
        let at = write.at;
        sqlx::query(
            "insert into chats (platform, peer, class_id, told_until, bound_at) values ($1, $2, $3, 0, $4) \
             on conflict (platform, peer) do update set class_id = excluded.class_id, alerts = null, told_until = 0, \
             bound_at = excluded.bound_at",
        )
        .bind(platform.to_string())
        .bind(peer)
        .bind(class.id.0)
        .bind(at)
        .execute(write.db())
        .await
        .map_err(failed())?;
        write.commit(self).await?;
        Ok(class.clone())
    }

    /// Forgets a chat; tells whether it was bound.
    ///
    /// # Errors
    /// The database fails.
    pub async fn leave_chat(&self, platform: Platform, peer: i64) -> Result<bool, Error> {
        let mut write = self.write().await?;
        let left = sqlx::query("delete from chats where platform = $1 and peer = $2")
            .bind(platform.to_string())
            .bind(peer)
            .execute(write.db())
            .await
            .map_err(Error::database("forget a chat"))?;
        write.commit(self).await?;
        Ok(left.rows_affected() > 0)
    }

    /// Sets when a chat is told of news, from now on.
    ///
    /// # Errors
    /// It is not bound, or the database fails.
    pub async fn set_alerts(&self, platform: Platform, peer: i64, alerts: Option<Alerts>) -> Result<(), Error> {
        let mut write = self.write().await?;
        let set = sqlx::query(
            "update chats set alerts = $1, told_until = (select coalesce(max(id), 0) from history) \
             where platform = $2 and peer = $3",
        )
        .bind(alerts.as_ref().map(text_of).transpose()?)
        .bind(platform.to_string())
        .bind(peer)
        .execute(write.db())
        .await
        .map_err(Error::database("set the alerts of a chat"))?;
        if set.rows_affected() == 0 {
            return Err(Error::Missing("chat"));
        }
        write.commit(self).await
    }

    /// A number that grows with each write of whatever process: when it is the same, nothing is new.
    ///
    /// # Errors
    /// The database fails.
    pub async fn revision(&self) -> Result<i64, Error> {
        self.known().await
    }

    /// The changes of a class that came after an entry of the history, the earliest first, at most so many.
    ///
    /// # Errors
    /// The database fails.
    pub async fn news(&self, class: ClassId, after: i64, limit: u32) -> Result<Vec<crate::Entry>, Error> {
        let mut all = self.history(&crate::History { class: Some(class), before: None, limit }).await?;
        all.retain(|entry| entry.id > after);
        all.reverse();
        Ok(all)
    }
}

fn chat(row: &AnyRow) -> Result<Chat, Error> {
    let damaged = || Error::Damaged("a chat".to_owned());
    let (platform, alerts): (String, Option<String>) = (get(row, "platform")?, get(row, "alerts")?);
    Ok(Chat {
        platform: serde_json::from_value(platform.into()).map_err(|_| damaged())?,
        peer: get(row, "peer")?,
        class: ClassId(get(row, "class_id")?),
        alerts: alerts.map(|text| serde_json::from_str(&text)).transpose().map_err(|_| damaged())?,
        told: get(row, "told_until")?,
        bound: instant(get(row, "bound_at")?),
    })
}
