//! What is to be sent to chats, on the disk until it is sent; and which events were seen.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::any::AnyRow;

use crate::db::{get, is_taken, json, text_of};
use crate::keys::instant;
use crate::model::Platform;
use crate::{Board, Error};

/// For how long an event is known again, in milliseconds: platforms repeat for some hours.
const KNOWN_FOR: i64 = 24 * 60 * 60 * 1000;

/// An event of a platform, and what is said about it.
#[derive(Debug, Clone, Default)]
pub struct Intake {
    /// What tells it from others; one without is never taken for a repetition.
    pub event: Option<String>,
    /// Answers: to whom, and what.
    pub messages: Vec<(i64, Value)>,
    /// Chats that were told of the history, and up to which entry.
    pub told: Vec<(i64, i64)>,
}

/// A message that waits to be sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Its key; later ones are greater.
    pub id: i64,
    /// To whom.
    pub peer: i64,
    /// What.
    pub body: Value,
    /// Since when it waits.
    pub created: Timestamp,
    /// When it is to be sent.
    pub due: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}

impl Board {
    /// Takes events in, in one transaction: of those not seen before, the answers are put in the queue and given back, the
    /// events in their order. What is given is on the disk.
    ///
    /// # Errors
    /// The database fails; then none was taken in.
    pub async fn take_in(&self, platform: Platform, events: &[Intake]) -> Result<Vec<Outgoing>, Error> {
        let failed = || Error::database("take in what a chat says");
        let (name, now) = (platform.to_string(), self.now());
        let at = now.as_millisecond();
        let mut tx = self.0.db.begin().await?;
        // A write first, so that the lock is waited for.
        sqlx::query("delete from events where at < $1")
            .bind(at - KNOWN_FOR)
            .execute(&mut *tx)
            .await
            .map_err(failed())?;
        let mut queued = Vec::new();
        for Intake { event, messages, told } in events {
            if let Some(event) = event {
                let new =
                    sqlx::query("insert into events (platform, event, at) values ($1, $2, $3) on conflict do nothing")
                        .bind(&name)
                        .bind(event)
                        .bind(at)
                        .execute(&mut *tx)
                        .await
                        .map_err(failed())?;
                if new.rows_affected() == 0 {
                    continue;
                }
            }
            for (peer, body) in messages {
                let row = sqlx::query(
                    "insert into outbox (platform, peer, body, created_at, due_at, tries) values ($1, $2, $3, $4, $4, 0) \
                     returning id",
                )
                .bind(&name)
                .bind(peer)
                .bind(text_of(body)?)
                .bind(at)
                .fetch_one(&mut *tx)
                .await
                .map_err(failed())?;
                let id = get(&row, "id")?;
                queued.push(Outgoing { id, peer: *peer, body: body.clone(), created: now, due: now, tries: 0 });
            }
            for (peer, until) in told {
                sqlx::query("update chats set told_until = $1 where platform = $2 and peer = $3 and told_until < $1")
                    .bind(until)
                    .bind(&name)
                    .bind(peer)
                    .execute(&mut *tx)
                    .await
                    .map_err(failed())?;
            }
        }
        tx.commit().await.map_err(failed())?;
        Ok(queued)
    }

    /// What waits to be sent after a key, in the order it was put there, whether due or not, at most so much.
    ///
    /// # Errors
    /// The database fails.
    pub async fn waiting(&self, platform: Platform, after: i64, limit: u32) -> Result<Vec<Outgoing>, Error> {
        let rows = sqlx::query(
            "select id, peer, body, created_at, due_at, tries from outbox where platform = $1 and id > $2 \
             order by id limit $3",
        )
        .bind(platform.to_string())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.0.db.pool())
        .await
        .map_err(Error::database("list what is to be sent"))?;
        rows.iter().map(outgoing).collect()
    }

    /// How many wait to be sent.
    ///
    /// # Errors
    /// The database fails.
    pub async fn count_waiting(&self, platform: Platform) -> Result<i64, Error> {
        sqlx::query_scalar("select count(*) from outbox where platform = $1")
            .bind(platform.to_string())
            .fetch_one(self.0.db.pool())
            .await
            .map_err(Error::database("count what is to be sent"))
    }

    /// Takes messages out of the queue: they were sent, or are given up.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sent(&self, ids: &[i64]) -> Result<(), Error> {
        let failed = || Error::database("note what was sent");
        let mut tx = self.0.db.begin().await?;
        for id in ids {
            sqlx::query("delete from outbox where id = $1").bind(id).execute(&mut *tx).await.map_err(failed())?;
        }
        tx.commit().await.map_err(failed())
    }

    /// Puts a message off that could not be sent, perhaps with another body.
    ///
    /// # Errors
    /// The database fails.
    pub async fn postpone(&self, id: i64, until: Timestamp, body: Option<&Value>) -> Result<(), Error> {
        let body = body.map(text_of).transpose()?;
        sqlx::query("update outbox set due_at = $1, tries = tries + 1, body = coalesce($2, body) where id = $3")
            .bind(until.as_millisecond())
            .bind(body)
            .bind(id)
            .execute(self.0.db.pool())
            .await
            .map_err(Error::database("put a message off"))?;
        Ok(())
    }

    /// Whether an event was seen before; notes it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn seen(&self, platform: Platform, event: &str) -> Result<bool, Error> {
        let noted = sqlx::query("insert into events (platform, event, at) values ($1, $2, $3)")
            .bind(platform.to_string())
            .bind(event)
            .bind(self.now().as_millisecond())
            .execute(self.0.db.pool())
            .await;
        match noted {
            Ok(_) => Ok(false),
            Err(error) if is_taken(&error) => Ok(true),
            Err(error) => Err(Error::database("note an event")(error)),
        }
    }

    /// How far a platform was listened to, in its own words.
    ///
    /// # Errors
    /// The database fails.
    pub async fn position(&self, platform: Platform) -> Result<Option<String>, Error> {
        sqlx::query_scalar("select position from positions where platform = $1")
            .bind(platform.to_string())
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("tell how far a platform was listened to"))
    }

    /// Notes how far a platform was listened to.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_position(&self, platform: Platform, position: &str) -> Result<(), Error> {
        sqlx::query(
            "insert into positions (platform, position) values ($1, $2) \
             on conflict (platform) do update set position = excluded.position",
        )
        .bind(platform.to_string())
        .bind(position)
        .execute(self.0.db.pool())
        .await
        .map_err(Error::database("note how far a platform was listened to"))?;
        Ok(())
    }

    /// Whether an event was taken in before; does not note it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn knows(&self, platform: Platform, event: &str) -> Result<bool, Error> {
        let known = sqlx::query("select event from events where platform = $1 and event = $2")
            .bind(platform.to_string())
            .bind(event)
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("look for an event"))?;
        Ok(known.is_some())
    }
}

fn outgoing(row: &AnyRow) -> Result<Outgoing, Error> {
    let tries: i64 = get(row, "tries")?;
    Ok(Outgoing {
        id: get(row, "id")?,
        peer: get(row, "peer")?,
        body: json(row, "body")?,
        created: instant(get(row, "created_at")?),
        due: instant(get(row, "due_at")?),
        tries: u32::try_from(tries).unwrap_or(u32::MAX),
    })
}
