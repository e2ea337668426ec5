//! An old installation into a class, in one transaction.
//!
//! Done twice it does the same: what is there already is left as it is. What the class has and the old installation does
//! not know stays, and is listed.

use std::collections::BTreeMap;

use secrecy::ExposeSecret as _;
use sqlx::AnyConnection;

use super::{Legacy, LegacySubject, LegacyUser, Outcome, Report};
use crate::accounts::{self, Noted};
use crate::memory::users;
use crate::model::{Actor, Changes, ClassId, Role, Source, Subject, User};
use crate::passwords;
use crate::subjects::{MOST, by_hand};
use crate::write::{NOTHING, Resource, Write};
use crate::{Board, Error};

/// What is kept of a password that nobody has.
pub(super) const NO_PASSWORD: &str = "none";

/// How to import.
#[derive(Debug, Clone, Copy, Default)]
pub struct ImportOptions {
    /// Only to tell what would become of everything.
    pub dry_run: bool,
}

impl Board {
    /// Imports an old installation into a class, or tells what would become of it. With a fault in the report, nothing was
    /// done.
    ///
    /// # Errors
    /// There is no such class, or the database fails.
    pub async fn import(
        &self,
        by: &Actor,
        class: ClassId,
        legacy: &Legacy,
        options: ImportOptions,
    ) -> Result<Report, Error> {
        let mut write = self.write_to(class).await?;
        let mut import = Import { write: &mut write, by, class, report: legacy.report.clone() };
        import.subjects(&legacy.subjects).await?;
        if import.report.faults.is_empty() {
            import.week(legacy).await?;
            import.users(&legacy.users).await?;
            import.list_dated().await?;
        }
        let mut report = import.report;
        if report.faults.is_empty() && !options.dry_run {
            if report.changes_something() {
                let told = serde_json::json!({ "users": report.users.len(), "subjects": report.subjects.len() });
                write.note(by, (Resource::Import, ""), NOTHING, Some(&told)).await?;
            }
            write.commit(self).await?;
            report.imported = true;
        }
        Ok(report)
    }
}

/// An import on its way.
struct Import<'a> {
    write: &'a mut Write,
    by: &'a Actor,
    class: ClassId,
    report: Report,
}

impl Import<'_> {
    async fn subjects(&mut self, wanted: &[LegacySubject]) -> Result<(), Error> {
        let present = self.write.subjects(self.class).await?;
        let present: BTreeMap<i64, Subject> = present.into_iter().map(|subject| (subject.number, subject)).collect();
        let wanted: BTreeMap<i64, &LegacySubject> = wanted.iter().map(|subject| (subject.number, subject)).collect();
        self.compare(&present, &wanted);
        if !self.report.faults.is_empty() {
            return Ok(());
        }
        self.tell_of_numbers_put_away(&wanted).await?;
        self.put_subjects(present, wanted).await
    }

    /// Tells what becomes of the subjects, and whether they go together.
    fn compare(&mut self, present: &BTreeMap<i64, Subject>, wanted: &BTreeMap<i64, &LegacySubject>) {
        for Subject { number, name, .. } in present.values().filter(|now| !wanted.contains_key(&now.number)) {
            self.report.untouched.push(format!("subject {number} {name:?}"));
            if let Some(namesake) = wanted.values().find(|wanted| wanted.name == *name) {
                let what = format!("the class has one of that name, with number {number}: rename it or put it away");
                self.report.fault(format!("subject {} {name:?}", namesake.number), what);
            }
        }
        if self.report.untouched.len() + wanted.len() > MOST {
            self.report.fault("bot.db", format!("the class would have over {MOST} subjects"));
        }
        for (number, wanted) in wanted {
            let now = present.get(number);
            let outcome = match now {
                None => Outcome::New,
                Some(now) => outcome(is_as_wanted(now, wanted)),
            };
            self.report
                .subjects
                .iter_mut()
                .filter(|told| told.number == *number)
                .for_each(|told| told.outcome = outcome);
            if let Some(now) = now.filter(|now| now.name != wanted.name) {
                self.report
                    .odd(format!("subject {number} {:?}", wanted.name), format!("is {:?} in the class", now.name));
            }
        }
    }

    async fn put_subjects(
        &mut self,
        mut present: BTreeMap<i64, Subject>,
        wanted: BTreeMap<i64, &LegacySubject>,
    ) -> Result<(), Error> {
        let mut left: Vec<&LegacySubject> = wanted.into_values().collect();
        left.retain(|wanted| !present.get(&wanted.number).is_some_and(|now| is_as_wanted(now, wanted)));
        while !left.is_empty() {
            let holder = |wanted: &LegacySubject| {
                present
                    .values()
                    .find(|now| now.name == wanted.name && now.number != wanted.number)
                    .map(|now| now.number)
            };
            let free = left.iter().position(|wanted| holder(wanted).is_none());
            let wanted = left.remove(free.unwrap_or(0));
            // Where all have taken each other's names, one makes room first.
            if let Some(number) = holder(wanted) {
                self.write.put_subject(self.by, self.class, number, None).await?;
                present.remove(&number);
            }
            let source = present.get(&wanted.number).map(|now| by_hand(now.source.clone(), self.by));
            let subject = Subject {
                number: wanted.number,
                name: wanted.name.clone(),
                note: wanted.homework.clone(),
                source: source.unwrap_or(Source::Hand),
            };
            self.write.put_subject(self.by, self.class, subject.number, Some(&subject)).await?;
            present.insert(subject.number, subject);
        }
        Ok(())
    }

    /// Tells of numbers that a subject had which was put away: what has a date may still name them.
    async fn tell_of_numbers_put_away(&mut self, wanted: &BTreeMap<i64, &LegacySubject>) -> Result<(), Error> {
        let away: Vec<(i64, String)> =
            sqlx::query_as("select number, name from subjects where class_id = $1 and archived = 1 order by number")
                .bind(self.class.0)
                .fetch_all(self.write.db())
                .await
                .map_err(Error::database("read the subjects"))?;
        for (number, name) in away {
            if wanted.get(&number).is_some_and(|wanted| wanted.name != name) {
                let what =
                    format!("its number was that of {name:?}, which was put away: what names it names this one now");
                self.report.odd(format!("subject {number}"), what);
            }
        }
        Ok(())
    }

    async fn week(&mut self, legacy: &Legacy) -> Result<(), Error> {
        let week = self.write.week(self.class).await?;
        self.report.week = outcome(week == legacy.week);
        if week != legacy.week {
            self.write.put_week(self.by, self.class, &legacy.week).await?;
        }
        let changes = self.write.changes(self.class, None).await?.unwrap_or_default();
        let same = changes.text == legacy.changes.text && changes.rows == legacy.changes.rows;
        self.report.changes = outcome(same);
        if !same {
            let source = by_hand(changes.source, self.by);
            let changes = Changes { source, ..legacy.changes.clone() };
            self.write.put_changes(self.by, self.class, None, Some(&changes)).await?;
        }
        Ok(())
    }

    async fn users(&mut self, wanted: &[LegacyUser]) -> Result<(), Error> {
        let present = users(self.write.tx()).await?;
        let unknown = |user: &&User| {
            user.roles.contains_key(&self.class) && !wanted.iter().any(|wanted| wanted.name == user.name)
        };
        let unknown = present.iter().filter(unknown).map(|user| format!("account {:?}", user.name));
        self.report.untouched.extend(unknown);
        let mut present: BTreeMap<String, User> = present.into_iter().map(|user| (user.name.clone(), user)).collect();
        let mut outcomes = BTreeMap::new();
        for wanted in wanted {
            let hash = wanted.password.as_ref().and_then(|hash| passwords::legacy(hash.expose_secret()));
            let hash = hash.as_deref().unwrap_or(NO_PASSWORD);
            let outcome = match present.remove(&wanted.name) {
                None => self.add(wanted, hash).await?,
                Some(user) => self.meet(wanted, hash, user).await?,
            };
            outcomes.insert(wanted.name.as_str(), outcome);
        }
        for told in &mut self.report.users {
            told.outcome = outcomes.get(told.name.as_str()).copied().unwrap_or_default();
        }
        Ok(())
    }

    async fn add(&mut self, wanted: &LegacyUser, hash: &str) -> Result<Outcome, Error> {
        let id = accounts::insert(self.write, &wanted.name, hash, false).await?;
        let roles = BTreeMap::from([(self.class, wanted.role)]);
        accounts::set_roles(self.write, id, &roles).await?;
        let user = User { id, name: wanted.name.clone(), admin: false, disabled: false, roles, last_sign_in: None };
        self.write.note(self.by, (Resource::User, &user.name), NOTHING, Some(&Noted::from(&user))).await?;
        Ok(Outcome::New)
    }

    /// An account of that name is there. A password that was chosen here stays; an account that has no part in the class
    /// may be somebody else's, and gets one only if it came from the same installation.
    async fn meet(&mut self, wanted: &LegacyUser, hash: &str, user: User) -> Result<Outcome, Error> {
        let place = format!("account {:?}", user.name);
        let failed = || Error::database("look for an account");
        let kept: String = sqlx::query_scalar("select password from users where id = $1")
            .bind(user.id.0)
            .fetch_one(self.write.db())
            .await
            .map_err(failed())?;
        match user.roles.get(&self.class) {
            None if kept == hash && hash != NO_PASSWORD => {
                let mut after = user.clone();
                after.roles.insert(self.class, wanted.role);
                accounts::set_roles(self.write, user.id, &after.roles).await?;
                let (before, after) = (Noted::from(&user), Noted::from(&after));
                self.write.note(self.by, (Resource::User, &user.name), Some(&before), Some(&after)).await?;
                Ok(Outcome::Changed)
            }
            None => {
                let what = "there is one of that name, which has no part in this class: give it one if it is the same \
                            person's";
                self.report.odd(place, what);
                Ok(Outcome::LeftOut)
            }
            Some(role) => {
                if *role != wanted.role {
                    self.report.odd(place, format!("it is {} here, and stays so", name_of(*role)));
                }
                let chosen_here = kept != NO_PASSWORD && !kept.starts_with(passwords::LEGACY);
                if kept == hash || chosen_here {
                    return Ok(Outcome::Same);
                }
                // Nobody has used it here yet, and at the old board it has become another.
                sqlx::query("update users set password = $1 where id = $2")
                    .bind(hash)
                    .bind(user.id.0)
                    .execute(self.write.db())
                    .await
                    .map_err(failed())?;
                self.write.note(self.by, (Resource::User, &user.name), NOTHING, Some(&"another password")).await?;
                Ok(Outcome::Changed)
            }
        }
    }

    /// Lists what has a date: the old board knows nothing of the kind.
    async fn list_dated(&mut self) -> Result<(), Error> {
        for (what, number) in dated(self.write.db(), self.class).await? {
            self.report.untouched.push(format!("{number} {what} with a date"));
        }
        Ok(())
    }
}

fn is_as_wanted(now: &Subject, wanted: &LegacySubject) -> bool {
    now.name == wanted.name && now.note == wanted.homework
}

fn outcome(same: bool) -> Outcome {
    if same { Outcome::Same } else { Outcome::Changed }
}

/// A role in words.
pub(super) fn name_of(role: Role) -> &'static str {
    match role {
        Role::Reader => "a reader",
        Role::Editor => "an editor",
        Role::Head => "a head",
    }
}

/// How much of a class has a date, by what it is; what there is none of is left out.
pub(super) async fn dated(db: &mut AnyConnection, class: ClassId) -> Result<Vec<(&'static str, i64)>, Error> {
    let counted = [
        ("timetables", "select count(*) from timetables where class_id = $1"),
        ("days of changes", "select count(*) from day_changes where class_id = $1"),
        ("pieces of homework", "select count(*) from assignments where class_id = $1"),
    ];
    let mut found = Vec::new();
    for (what, count) in counted {
        let number = sqlx::query_scalar(count).bind(class.0).fetch_one(&mut *db).await;
        found.push((what, number.map_err(Error::database("count what has a date"))?));
    }
    found.retain(|(_, number)| *number > 0);
    Ok(found)
}
