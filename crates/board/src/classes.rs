//! Classes: made, renamed, set up, put away.

use jiff::tz::TimeZone;

use crate::db::{get, is_taken, text_of};
use crate::keys::{instant, random};
use crate::model::{Actor, Changes, Class, ClassId, ClassSettings, Expect, ROWS, Week};
use crate::write::{NOTHING, Resource, Write};
use crate::{Board, Error, memory};

/// The name in addresses of the class that a new board begins with, and how people read it.
const FIRST: (&str, &str) = ("class", "Класс");
/// The most classes of a board.
const MOST: usize = 1000;
/// The longest name, and name in addresses, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_SLUG: usize = 40;
/// The most holidays of a class.
const MOST_HOLIDAYS: usize = 200;

impl Board {
    /// All classes, those put away among them, the oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn classes(&self) -> Result<Vec<Class>, Error> {
        Ok(self.all_classes().await?.all.clone())
    }

    /// The class of a name in addresses.
    ///
    /// # Errors
    /// The database fails.
    pub async fn class(&self, slug: &str) -> Result<Option<Class>, Error> {
        Ok(self.all_classes().await?.all.iter().find(|class| class.slug == slug).cloned())
    }

    /// The class that is meant when none is named: the oldest that is not put away.
    ///
    /// # Errors
    /// There is none, or the database fails.
    pub async fn default_class(&self) -> Result<Class, Error> {
        let classes = self.all_classes().await?;
        let first = classes.all.iter().find(|class| class.archived.is_none()).or(classes.all.first());
        first.cloned().ok_or(Error::Missing("class"))
    }

    /// The key of the class that is meant by a name in addresses, or by none: what [`default_class`](Self::default_class)
    /// and [`class`](Self::class) find, without a copy of it.
    ///
    /// # Errors
    /// There is none, or the database fails.
    pub async fn class_id(&self, slug: Option<&str>) -> Result<ClassId, Error> {
        let classes = self.all_classes().await?;
        let found = match slug {
            Some(slug) => classes.all.iter().find(|class| class.slug == slug),
            None => classes.all.iter().find(|class| class.archived.is_none()).or(classes.all.first()),
        };
        found.map(|class| class.id).ok_or(Error::Missing("class"))
    }

    /// Makes a class.
    ///
    /// # Errors
    /// The name in addresses is taken or none, a setting will not do, or the database fails.
    pub async fn add_class(&self, by: &Actor, slug: &str, settings: ClassSettings) -> Result<Class, Error> {
        judge_slug(slug)?;
        judge(&settings)?;
        if self.all_classes().await?.all.len() >= MOST {
            return Err(Error::invalid("", "there are a thousand classes already"));
        }
        let mut write = self.write().await?;
        let class = insert(&mut write, slug, settings).await?;
        write.note(by, (Resource::Class, slug), NOTHING, Some(&class.settings)).await?;
        write.commit(self).await?;
        Ok(class)
    }

    /// Changes what the head of a class sets.
    ///
    /// # Errors
    /// There is no such class, a setting will not do, it was changed meanwhile, or the database fails.
    pub async fn set_class(
        &self,
        by: &Actor,
        id: ClassId,
        settings: ClassSettings,
        expect: Expect,
    ) -> Result<Class, Error> {
        judge(&settings)?;
        let mut write = self.write_to(id).await?;
        let before = read(&mut write, id).await?;
        expect.check(Some(&before.settings))?;
        write.set_settings(id, &settings).await?;
        write.note(by, (Resource::Class, &before.slug), Some(&before.settings), Some(&settings)).await?;
        write.commit(self).await?;
        Ok(Class { settings, ..before })
    }

    /// Puts a class away, or takes it up again. Nothing of it is lost.
    ///
    /// # Errors
    /// There is no such class, or the database fails.
    pub async fn archive_class(&self, by: &Actor, id: ClassId, archived: bool) -> Result<Class, Error> {
        let mut write = self.write_to(id).await?;
        let before = read(&mut write, id).await?;
        let at = archived.then(|| before.archived.map_or(write.at, jiff::Timestamp::as_millisecond));
        sqlx::query("update classes set archived_at = $1 where id = $2")
            .bind(at)
            .bind(id.0)
            .execute(write.db())
            .await
            .map_err(Error::database("put a class away"))?;
        let state = |archived: bool| serde_json::json!({ "archived": archived });
        let (was, is) = (state(before.archived.is_some()), state(archived));
        write.note(by, (Resource::Class, &before.slug), Some(&was), Some(&is)).await?;
        write.commit(self).await?;
        Ok(Class { archived: at.map(instant), ..before })
    }

    /// Gives a class another code; chats that are bound stay so.
    ///
    /// # Errors
    /// There is no such class, or the database fails.
    pub async fn renew_code(&self, by: &Actor, id: ClassId) -> Result<Class, Error> {
        let mut write = self.write_to(id).await?;
        let before = read(&mut write, id).await?;
        let code = code(&before.settings.name)?;
        sqlx::query("update classes set code = $1 where id = $2")
            .bind(&code)
            .bind(id.0)
            .execute(write.db())
            .await
            .map_err(Error::database("change the code of a class"))?;
        write.note(by, (Resource::Class, &before.slug), NOTHING, Some(&"another code")).await?;
        write.commit(self).await?;
        Ok(Class { code, ..before })
    }

    /// Makes the first class of a new board.
    pub(crate) async fn need_a_class(&self) -> Result<(), Error> {
        if !self.all_classes().await?.all.is_empty() {
            return Ok(());
        }
        let mut write = self.write().await?;
        let count: i64 = sqlx::query_scalar("select count(*) from classes")
            .fetch_one(write.db())
            .await
            .map_err(Error::database("count the classes"))?;
        if count == 0 {
            insert(&mut write, FIRST.0, ClassSettings::named(FIRST.1)).await?;
            write.commit(self).await?;
        }
        Ok(())
    }
}

impl Write {
    pub(crate) async fn set_settings(&mut self, id: ClassId, settings: &ClassSettings) -> Result<(), Error> {
        sqlx::query("update classes set settings = $1 where id = $2")
            .bind(text_of(settings)?)
            .bind(id.0)
            .execute(self.db())
            .await
            .map_err(Error::database("change a class"))?;
        Ok(())
    }
}

async fn insert(write: &mut Write, slug: &str, settings: ClassSettings) -> Result<Class, Error> {
    let code = code(&settings.name)?;
    let (revision, at) = (write.revision(), write.at);
    let row = sqlx::query(
        "insert into classes (slug, code, settings, week, changes, revision, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7) returning id",
    )
    .bind(slug)
    .bind(&code)
    .bind(text_of(&settings)?)
    .bind(text_of(&Week::default())?)
    .bind(text_of(&Changes::default())?)
    .bind(revision)
    .bind(at)
    .fetch_one(write.db())
    .await;
    match row {
        Ok(row) => Ok(Class { id: ClassId(get(&row, "id")?), slug: slug.to_owned(), code, archived: None, settings }),
        Err(error) if is_taken(&error) => Err(Error::Taken("class")),
        Err(error) => Err(Error::database("add a class")(error)),
    }
}

/// A class, as it is within a transaction that writes.
pub(crate) async fn read(write: &mut Write, id: ClassId) -> Result<Class, Error> {
    let row = sqlx::query("select id, slug, code, settings, archived_at from classes where id = $1")
        .bind(id.0)
        .fetch_optional(write.db())
        .await
        .map_err(Error::database("read a class"))?;
    memory::class(&row.ok_or(Error::Missing("class"))?)
}

/// A code for a class: what is short in its name, and digits that are not guessed by chance.
fn code(name: &str) -> Result<String, Error> {
    let short: String = name.chars().filter(|c| c.is_alphanumeric()).take(4).collect();
    let number = u64::from_le_bytes(random()?) % 90_000_000 + 10_000_000;
    Ok(format!("{}-{number}", if short.is_empty() { "C" } else { &short }.to_uppercase()))
}

/// Whether a name will do for a class in addresses.
///
/// # Errors
/// It will not do.
pub fn judge_slug(slug: &str) -> Result<(), Error> {
    let plain = slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if plain && !slug.is_empty() && slug.len() <= LONGEST_SLUG && !slug.starts_with('-') && !slug.ends_with('-') {
        return Ok(());
    }
    Err(Error::invalid("/slug", "it is made of small Latin letters, digits and hyphens, at most 40 of them"))
}

/// Whether settings will do.
pub(crate) fn judge(settings: &ClassSettings) -> Result<(), Error> {
    let name = settings.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "a name of 1 to 100 characters is needed"));
    }
    if settings.zone.as_deref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
        return Err(Error::invalid("/zone", "there is no such time zone; give a name such as Europe/Moscow"));
    }
    if !matches!(settings.days, 5 | 6) {
        return Err(Error::invalid("/days", "a week has 5 or 6 days"));
    }
    if settings.bells.len() > ROWS {
        return Err(Error::invalid("/bells", "there are at most 8 lessons"));
    }
    let in_order = settings.bells.iter().all(|bell| bell.from < bell.to)
        && settings.bells.windows(2).all(|pair| pair[0].to <= pair[1].from);
    if !in_order {
        return Err(Error::invalid("/bells", "lessons follow each other, and end after they begin"));
    }
    if settings.holidays.len() > MOST_HOLIDAYS {
        return Err(Error::invalid("/holidays", "there are at most 200 holidays"));
    }
    for holiday in &settings.holidays {
        if holiday.to < holiday.from {
            return Err(Error::invalid("/holidays", "a holiday ends before it begins"));
        }
        if holiday.name.chars().count() > LONGEST_NAME {
            return Err(Error::invalid("/holidays", "the name of a holiday is at most 100 characters long"));
        }
    }
    Ok(())
}
