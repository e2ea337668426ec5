//! Filling a class from PRONOTE: to which sign-in it is bound, what came of the last pass, and whose word stands.
//!
//! This crate asks nobody: it is given what was read ([`Imported`], plain values), and lays it over the class.
//!
//! ```text
//! imported.rs   what was read
//! lay.rs        laying it over the class, in one transaction      fate.rs   what becomes of one thing
//! origins.rs    what came from there, and what it is here
//! clean.rs      taking it all away again
//! ```
//!
//! The rules: what a person wrote stands and is marked ([`Source::Override`]); what a person removed does not come back;
//! what PRONOTE no longer has is taken away if nobody changed it, and only within days that were read in full.
//!
//! [`Source::Override`]: crate::Source::Override

mod clean;
mod fate;
mod imported;
mod lay;
mod origins;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::any::AnyRow;

pub use imported::{Imported, ImportedChanges, ImportedHomework, ImportedTask, ImportedWeek, Line, Piece, Row};

use crate::db::{get, text_of};
use crate::keys::instant;
use crate::model::{Actor, ClassId};
use crate::subjects::FILLING;
use crate::write::{NOTHING, Resource};
use crate::{Board, Error};

/// The longest name of a sign-in, and of a child, in characters.
const LONGEST_PROFILE: usize = 64;
const LONGEST_CHILD: usize = 200;

/// A class that is filled from PRONOTE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filling {
    /// The class.
    pub class: ClassId,
    /// The name of the kept sign-in that it is read with.
    pub profile: String,
    /// The child whose pages are read, in a parent's account: a number from 1, or a part of the name; perhaps empty.
    pub child: String,
    /// Who bound it.
    pub by: String,
    /// When it was bound.
    pub bound: Timestamp,
    /// When the last pass ended.
    pub last: Option<Timestamp>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Which sign-in the school refused, by a mark of whoever fills; kept when the class is bound to the same name again.
    pub refused: Option<String>,
}

impl Filling {
    /// Whether it is not filled any more until it is bound again.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.state == PassState::Stopped)
    }
}

/// What came of a pass: in words for people, without secrets and names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub state: PassState,
    /// The step at which it went wrong, as the protocol names it; empty when it went well.
    #[serde(default)]
    pub step: String,
    /// What went wrong, in English; empty when it went well.
    #[serde(default)]
    pub words: String,
    /// What a person can do about it, in English; perhaps empty.
    #[serde(default)]
    pub advice: String,
    /// Before when nothing is asked again.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What it changed.
    #[serde(default)]
    pub report: FillReport,
}

/// How a pass ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PassState {
    /// The board is as PRONOTE was.
    Filled,
    /// The school is not to be asked for now; it is asked again later.
    Waiting,
    /// It went wrong; it is tried again later.
    Failed,
    /// Nothing is asked any more until the class is bound again.
    Stopped,
}

/// What a pass changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FillReport {
    /// Subjects.
    pub subjects: Counts,
    /// Weeks of the timetable.
    pub weeks: Counts,
    /// Days with changes.
    pub changes: Counts,
    /// Homework.
    pub assignments: Counts,
    /// How much stands as a person wrote it, or stays away since a person removed it, although PRONOTE has it too.
    pub by_hand: u32,
    /// How much does not fit on the board.
    pub left_out: u32,
}

/// How many things were changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// New ones.
    pub added: u32,
    /// Those that are different now.
    pub changed: u32,
    /// Those that were taken away.
    pub removed: u32,
}

impl FillReport {
    /// Whether nothing on the board changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [self.subjects, self.weeks, self.changes, self.assignments].iter().all(|counts| *counts == Counts::default())
    }
}

const COLUMNS: &str = "class_id, profile, child, bound_by, bound_at, last_at, outcome, refused";

impl Board {
    /// Binds a class to a sign-in that is kept under a name, and to a child of a parent's account. A class that is bound
    /// already is bound anew: what was filled stays, and what stopped goes on.
    ///
    /// # Errors
    /// There is no such class, the names are empty or too long, or the database fails.
    pub async fn bind_filling(&self, by: &Actor, class: ClassId, profile: &str, child: &str) -> Result<Filling, Error> {
        let (profile, child) = (profile.trim(), child.trim());
        if profile.is_empty() || profile.chars().count() > LONGEST_PROFILE {
            return Err(Error::invalid("/profile", "the name of a profile of 1 to 64 characters is needed"));
        }
        if profile.chars().chain(child.chars()).any(char::is_control) {
            return Err(Error::invalid("/profile", "a name has no control characters"));
        }
        if child.chars().count() > LONGEST_CHILD {
            return Err(Error::invalid("/child", "the name of a child is at most 200 characters long"));
        }
        let mut write = self.write_to(class).await?;
        let before = origins::filling(&mut write, class).await?;
        let at = write.at;
        sqlx::query(
            "insert into fillings (class_id, profile, child, bound_by, bound_at) values ($1, $2, $3, $4, $5) \
             on conflict (class_id) do update set \
             refused = case when fillings.profile = excluded.profile then fillings.refused else null end, \
             profile = excluded.profile, child = excluded.child, bound_by = excluded.bound_by, \
             bound_at = excluded.bound_at, last_at = null, outcome = null",
        )
        .bind(class.0)
        .bind(profile)
        .bind(child)
        .bind(&by.name)
        .bind(at)
        .execute(write.db())
        .await
        .map_err(Error::database("bind a class to PRONOTE"))?;
        // The child is left out: the history is kept for longer than the binding.
        let after = json!({ "profile": profile, "at": at });
        let before = before.map(|before| json!({ "profile": before.profile, "at": before.bound.as_millisecond() }));
        write.note(by, (Resource::Filling, ""), before.as_ref(), Some(&after)).await?;
        let filling = origins::filling(&mut write, class).await?.ok_or(Error::Missing("filling"))?;
        write.commit(self).await?;
        Ok(filling)
    }

    /// Unbinds a class, and leaves a clean board: all that came from PRONOTE and that nobody changed goes away; what a
    /// person wrote over stays, as theirs. Subjects stay, as the class's own, when something else names them.
    ///
    /// # Errors
    /// The class is not bound, or the database fails.
    pub async fn unbind_filling(&self, by: &Actor, class: ClassId) -> Result<FillReport, Error> {
        let mut write = self.write_to(class).await?;
        let before = origins::filling(&mut write, class).await?.ok_or(Error::Missing("filling"))?;
        let report = clean::clean(&mut write, by, class).await?;
        for statement in ["delete from imported where class_id = $1", "delete from fillings where class_id = $1"] {
            sqlx::query(statement)
                .bind(class.0)
                .execute(write.db())
                .await
                .map_err(Error::database("unbind a class from PRONOTE"))?;
        }
        let before = json!({ "profile": before.profile, "at": before.bound.as_millisecond() });
        write.note(by, (Resource::Filling, ""), Some(&before), NOTHING).await?;
        write.commit(self).await?;
        Ok(report)
    }

    /// The classes that are bound, by key; those that are put away among them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn fillings(&self) -> Result<Vec<Filling>, Error> {
        let statement = format!("select {COLUMNS} from fillings order by class_id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
            .fetch_all(self.0.db.pool())
            .await
            .map_err(Error::database("list the classes that are bound to PRONOTE"))?;
        rows.iter().map(filling).collect()
    }

    /// How a class is bound, if it is.
    ///
    /// # Errors
    /// The database fails.
    pub async fn filling(&self, class: ClassId) -> Result<Option<Filling>, Error> {
        let statement = format!("select {COLUMNS} from fillings where class_id = $1");
        let row = sqlx::query(sqlx::AssertSqlSafe(statement))
            .bind(class.0)
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("tell how a class is bound to PRONOTE"))?;
        row.as_ref().map(filling).transpose()
    }

    /// Lays what was read over a class, in one transaction. What is on the board already is not written again: without
    /// news nothing is.
    ///
    /// # Errors
    /// The class is not bound any more, or otherwise than when reading began; it has too much of something; or the
    /// database fails.
    pub async fn fill(&self, filling: &Filling, imported: &Imported) -> Result<FillReport, Error> {
        let mut write = self.write_to(filling.class).await?;
        let bound = origins::filling(&mut write, filling.class).await?;
        if !bound.is_some_and(|bound| bound.is_same_binding(filling)) {
            return Err(Error::Missing("filling"));
        }
        let by = Actor::program(FILLING);
        let (report, touched) = lay::lay(&mut write, &by, filling.class, imported).await?;
        if touched {
            write.commit(self).await?;
        }
        Ok(report)
    }

    /// Notes what came of a pass, and which sign-in was refused in it, if one was. It is no change of the class. Nothing
    /// is noted when the class was unbound or bound anew meanwhile.
    ///
    /// # Errors
    /// The database fails.
    pub async fn note_pass(&self, filling: &Filling, outcome: &Outcome, refused: Option<&str>) -> Result<(), Error> {
        sqlx::query(
            "update fillings set last_at = $1, outcome = $2, refused = $3 \
             where class_id = $4 and bound_at = $5 and profile = $6 and child = $7",
        )
        .bind(self.now().as_millisecond())
        .bind(text_of(outcome)?)
        .bind(refused)
        .bind(filling.class.0)
        .bind(filling.bound.as_millisecond())
        .bind(&filling.profile)
        .bind(&filling.child)
        .execute(self.0.db.pool())
        .await
        .map_err(Error::database("note a pass"))?;
        Ok(())
    }
}

impl Filling {
    fn is_same_binding(&self, other: &Self) -> bool {
        (self.bound, &self.profile, &self.child) == (other.bound, &other.profile, &other.child)
    }
}

fn filling(row: &AnyRow) -> Result<Filling, Error> {
    let outcome: Option<String> = get(row, "outcome")?;
    let outcome = outcome.map(|text| serde_json::from_str(&text)).transpose();
    Ok(Filling {
        class: ClassId(get(row, "class_id")?),
        profile: get(row, "profile")?,
        child: get(row, "child")?,
        by: get(row, "bound_by")?,
        bound: instant(get(row, "bound_at")?),
        last: get::<Option<i64>>(row, "last_at")?.map(instant),
        outcome: outcome.map_err(|error| Error::Damaged(format!("outcome: {error}")))?,
        refused: get(row, "refused")?,
    })
}
