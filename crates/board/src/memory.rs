//! What is kept in memory: the accounts, the list of classes, and each class that is asked for, as a whole.
//!
//! Every write raises one number in the database. A process knows the number of its own writes at once, and looks for
//! those of others at most ten times a second; what was read under a smaller number is read again when it is needed.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Duration, Instant};

use jiff::ToSpan as _;
use jiff::civil::Date;
use sqlx::Row as _;

use crate::db::{Tx, get, json};
use crate::keys::instant;
use crate::model::{Assignment, Changes, Class, ClassId, Plan, Subject, Timetable, User, UserId};
use crate::{Board, Error, Snapshot, unlocked};

/// How often another process' writes are looked for.
const LOOK: Duration = Duration::from_millis(100);
/// The most classes that are held as a whole.
const MOST_CLASSES: usize = 512;
/// How many days back a class is held; older days are read when they are asked for.
const DAYS_BACK: i64 = 21;

/// What is kept in memory.
#[derive(Default)]
pub(crate) struct Memory {
    /// The number of the last write that is known.
    known: AtomicI64,
    looked: Mutex<Option<Instant>>,
    /// Whoever looks. Given back too when it goes away before it has seen.
    looking: tokio::sync::Mutex<()>,
    accounts: Kept<Accounts>,
    classes: Kept<Classes>,
    snapshots: RwLock<HashMap<ClassId, Arc<Snapshot>>>,
    /// Whoever reads for all others.
    reading: tokio::sync::Mutex<()>,
}

/// Something that is kept, with the number of the last write that it was read after.
type Kept<T> = RwLock<Option<(i64, Arc<T>)>>;

impl Memory {
    /// Notes a write, of this process or seen of another.
    pub(crate) fn wrote(&self, revision: i64) {
        self.known.fetch_max(revision, Ordering::AcqRel);
    }
}

/// All accounts.
pub(crate) struct Accounts {
    pub(crate) by_id: HashMap<UserId, Arc<User>>,
    pub(crate) by_name: HashMap<String, UserId>,
}

/// All classes.
pub(crate) struct Classes {
    pub(crate) all: Vec<Class>,
    revisions: HashMap<ClassId, i64>,
}

/// What is kept as a whole.
trait Whole: Sized + Send + Sync {
    fn read(tx: &mut Tx) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl Whole for Accounts {
    async fn read(tx: &mut Tx) -> Result<Self, Error> {
        let users = users(tx).await?;
        let by_name = users.iter().map(|user| (user.name.clone(), user.id)).collect();
        let by_id = users.into_iter().map(|user| (user.id, Arc::new(user))).collect();
        Ok(Accounts { by_id, by_name })
    }
}

impl Whole for Classes {
    async fn read(tx: &mut Tx) -> Result<Self, Error> {
        let rows = sqlx::query("select id, slug, code, settings, archived_at, revision from classes order by id")
            .fetch_all(&mut **tx)
            .await
            .map_err(Error::database("list the classes"))?;
        let all: Vec<Class> = rows.iter().map(class).collect::<Result<_, _>>()?;
        let revisions = rows.iter().map(|row| Ok((ClassId(get(row, "id")?), get(row, "revision")?)));
        Ok(Classes { all, revisions: revisions.collect::<Result<_, Error>>()? })
    }
}

impl Board {
    /// The number of the last write, of whatever process.
    pub(crate) async fn known(&self) -> Result<i64, Error> {
        let memory = &self.0.memory;
        let due = unlocked(memory.looked.lock()).is_none_or(|last| last.elapsed() >= LOOK);
        if due && let Ok(_looking) = memory.looking.try_lock() {
            let looked = sqlx::query_scalar("select revision from board")
                .fetch_one(self.0.db.pool())
                .await
                .map_err(Error::database("tell whether it was changed"))?;
            memory.wrote(looked);
            *unlocked(memory.looked.lock()) = Some(Instant::now());
        }
        Ok(memory.known.load(Ordering::Acquire))
    }

    /// All accounts.
    pub(crate) async fn accounts(&self) -> Result<Arc<Accounts>, Error> {
        self.kept(&self.0.memory.accounts).await
    }

    /// All classes, the oldest first.
    pub(crate) async fn all_classes(&self) -> Result<Arc<Classes>, Error> {
        self.kept(&self.0.memory.classes).await
    }

    /// What is kept, if nothing was written since it was read; otherwise it is read again, by one for all.
    async fn kept<T: Whole>(&self, kept: &Kept<T>) -> Result<Arc<T>, Error> {
        let known = self.known().await?;
        let fresh = || {
            let kept = unlocked(kept.read());
            kept.as_ref().filter(|(revision, _)| *revision >= known).map(|(_, thing)| Arc::clone(thing))
        };
        if let Some(thing) = fresh() {
            return Ok(thing);
        }
        let _reading = self.0.memory.reading.lock().await;
        if let Some(thing) = fresh() {
            return Ok(thing);
        }
        let mut tx = self.0.db.begin_reading().await?;
        let revision = revision(&mut tx).await?;
        let thing = Arc::new(T::read(&mut tx).await?);
        // Who has seen a write in one thing sees it in all.
        self.0.memory.wrote(revision);
        *unlocked(kept.write()) = Some((revision, Arc::clone(&thing)));
        Ok(thing)
    }

    /// A class as a whole: what has no date, and what has one from three weeks ago on. It is as it is now, and of one
    /// moment.
    ///
    /// # Errors
    /// There is no such class, or the database fails.
    pub async fn snapshot(&self, class: ClassId) -> Result<Arc<Snapshot>, Error> {
        let classes = self.all_classes().await?;
        let revision = *classes.revisions.get(&class).ok_or(Error::Missing("class"))?;
        let held = unlocked(self.0.memory.snapshots.read()).get(&class).cloned();
        let earliest = self.now().to_zoned(self.0.zone.clone()).date().saturating_sub(DAYS_BACK.days());
        // A day later it holds a day too many, which harms nobody; until a week too few would be missing.
        if let Some(held) = held.filter(|held| held.revision >= revision && held.since <= earliest) {
            return Ok(held);
        }
        let read = Arc::new(self.read_snapshot(class, earliest.saturating_sub(7.days()), None).await?);
        let mut snapshots = unlocked(self.0.memory.snapshots.write());
        if snapshots.len() >= MOST_CLASSES && !snapshots.contains_key(&class) {
            snapshots.clear();
        }
        let newer = snapshots.get(&class).is_none_or(|held| held.revision <= read.revision);
        if newer {
            snapshots.insert(class, Arc::clone(&read));
        }
        Ok(read)
    }

    /// A class with what has a date within some days, both included: for days before [`Snapshot::since`].
    ///
    /// # Errors
    /// There is no such class, or the database fails.
    pub async fn snapshot_around(&self, class: ClassId, from: Date, to: Date) -> Result<Snapshot, Error> {
        self.read_snapshot(class, from, Some(to)).await
    }

    async fn read_snapshot(&self, id: ClassId, since: Date, until: Option<Date>) -> Result<Snapshot, Error> {
        let failed = || Error::database("read a class");
        let mut tx = self.0.db.begin_reading().await?;
        let row = sqlx::query(
            "select id, slug, code, settings, archived_at, revision, week, changes from classes where id = $1",
        )
        .bind(id.0)
        .fetch_optional(&mut *tx)
        .await
        .map_err(failed())?
        .ok_or(Error::Missing("class"))?;
        let subjects = sqlx::query(
            "select number, name, note, source from subjects where class_id = $1 and archived = 0 order by number",
        )
        .bind(id.0)
        .fetch_all(&mut *tx)
        .await
        .map_err(failed())?;
        let timetables = sqlx::query("select id, plan from timetables where class_id = $1 order by valid_from, id")
            .bind(id.0)
            .fetch_all(&mut *tx)
            .await
            .map_err(failed())?;
        let (from, to) = (since.to_string(), until.unwrap_or(Date::MAX).to_string());
        let changes =
            sqlx::query("select day, changes from day_changes where class_id = $1 and day >= $2 and day <= $3")
                .bind(id.0)
                .bind(&from)
                .bind(&to)
                .fetch_all(&mut *tx)
                .await
                .map_err(failed())?;
        let assignments = sqlx::query(
            "select id, task from assignments where class_id = $1 and due >= $2 and due <= $3 \
             order by due, subject, id",
        )
        .bind(id.0)
        .bind(&from)
        .bind(&to)
        .fetch_all(&mut *tx)
        .await
        .map_err(failed())?;
        self.0.memory.wrote(get(&row, "revision")?);
        let dated = |row| Ok((date(row, "day")?, json::<Changes>(row, "changes")?));
        Ok(Snapshot {
            class: class(&row)?,
            revision: get(&row, "revision")?,
            subjects: subjects
                .iter()
                .map(|row| subject(row).map(|subject| (subject.number, subject)))
                .collect::<Result<_, _>>()?,
            week: json(&row, "week")?,
            changes: json(&row, "changes")?,
            timetables: timetables
                .iter()
                .map(|row| Ok(Timetable { id: get(row, "id")?, plan: json::<Plan>(row, "plan")? }))
                .collect::<Result<_, Error>>()?,
            dated_changes: changes.iter().map(dated).collect::<Result<BTreeMap<_, _>, Error>>()?,
            assignments: assignments.iter().map(assignment).collect::<Result<_, _>>()?,
            since,
        })
    }
}

async fn revision(tx: &mut Tx) -> Result<i64, Error> {
    let revision = sqlx::query_scalar("select revision from board").fetch_one(&mut **tx).await;
    revision.map_err(Error::database("tell whether it was changed"))
}

/// All accounts with their roles, by name.
pub(crate) async fn users(tx: &mut Tx) -> Result<Vec<User>, Error> {
    let failed = || Error::database("list the accounts");
    let rows = sqlx::query("select id, name, admin, disabled, last_sign_in from users order by name")
        .fetch_all(&mut **tx)
        .await
        .map_err(failed())?;
    let roles = sqlx::query("select user_id, class_id, role from roles").fetch_all(&mut **tx).await.map_err(failed())?;
    let mut by_user: HashMap<i64, BTreeMap<ClassId, crate::Role>> = HashMap::new();
    for row in &roles {
        let role: String = get(row, "role")?;
        let role = serde_json::from_value(role.into()).map_err(|_| Error::Damaged("a role".to_owned()))?;
        by_user.entry(get(row, "user_id")?).or_default().insert(ClassId(get(row, "class_id")?), role);
    }
    rows.iter()
        .map(|row| {
            let id: i64 = get(row, "id")?;
            Ok(User {
                id: UserId(id),
                name: get(row, "name")?,
                admin: get::<i64>(row, "admin")? != 0,
                disabled: get::<i64>(row, "disabled")? != 0,
                roles: by_user.remove(&id).unwrap_or_default(),
                last_sign_in: get::<Option<i64>>(row, "last_sign_in")?.map(instant),
            })
        })
        .collect()
}

/// A row as a class.
pub(crate) fn class(row: &sqlx::any::AnyRow) -> Result<Class, Error> {
    Ok(Class {
        id: ClassId(get(row, "id")?),
        slug: get(row, "slug")?,
        code: get(row, "code")?,
        settings: json(row, "settings")?,
        archived: get::<Option<i64>>(row, "archived_at")?.map(instant),
    })
}

/// A row as a subject.
pub(crate) fn subject(row: &sqlx::any::AnyRow) -> Result<Subject, Error> {
    Ok(Subject {
        number: get(row, "number")?,
        name: get(row, "name")?,
        note: json(row, "note")?,
        source: json(row, "source")?,
    })
}

/// A row as a piece of dated homework.
pub(crate) fn assignment(row: &sqlx::any::AnyRow) -> Result<Assignment, Error> {
    Ok(Assignment { id: get(row, "id")?, task: json(row, "task")? })
}

fn date(row: &sqlx::any::AnyRow, column: &'static str) -> Result<Date, Error> {
    let text: String = row.try_get(column).map_err(Error::database("give what was stored"))?;
    text.parse().map_err(|_| Error::Damaged(format!("{column}: not a date")))
}
