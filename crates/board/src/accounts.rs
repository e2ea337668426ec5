//! Accounts: who may do what in which class, and signing in.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use secrecy::SecretString;
use serde::Serialize;

use crate::db::{get, is_taken, text_of};
use crate::memory::users;
use crate::model::{Actor, ClassId, Expect, Role, User, UserId, tag};
use crate::passwords::{self, Checked};
use crate::write::{NOTHING, Resource, Write};
use crate::{Board, Error, KeyKind};

/// The longest name of an account, in characters.
const LONGEST_NAME: usize = 50;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its name: letters and digits of any script, and `_`.
    pub name: String,
    /// Its password.
    pub password: SecretString,
    /// Whether the password has to be long and uncommon; not where old clients make accounts.
    pub strong: bool,
    /// Whether it administers the school.
    pub admin: bool,
    /// What it may do, by class.
    pub roles: BTreeMap<ClassId, Role>,
}

/// What changes of an account.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// Whether it administers the school.
    pub admin: Option<bool>,
    /// Whether it is kept out.
    pub disabled: Option<bool>,
    /// What it may do, by class: all of it.
    pub roles: Option<BTreeMap<ClassId, Role>>,
    /// What it may do in some classes, nothing where there is none; in others that stays as it is.
    pub roles_in: BTreeMap<ClassId, Option<Role>>,
    /// What the caller takes for granted, by [`User::tag`].
    pub expect: Expect,
}

/// Somebody who has just signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The key, to be shown with each request: 64 hexadecimal digits.
    pub key: String,
    /// The account.
    pub user: Arc<User>,
}

/// An account, as the history knows it.
#[derive(Serialize)]
pub(crate) struct Noted<'a> {
    name: &'a str,
    admin: bool,
    disabled: bool,
    roles: &'a BTreeMap<ClassId, Role>,
}

impl<'a> From<&'a User> for Noted<'a> {
    fn from(user: &'a User) -> Self {
        Noted { name: &user.name, admin: user.admin, disabled: user.disabled, roles: &user.roles }
    }
}

impl User {
    /// The tag of what may be changed of it, for [`UserChange::expect`].
    #[must_use]
    pub fn tag(&self) -> String {
        tag(&Noted::from(self))
    }

    /// Whether it may decide about an account as a whole: it administers the school, or heads every class that the other has
    /// a part in.
    #[must_use]
    pub fn governs(&self, other: &User) -> bool {
        let heads = |class: &ClassId| self.role_in(*class) == Some(Role::Head);
        self.admin || (!other.admin && !other.roles.is_empty() && other.roles.keys().all(heads))
    }
}

impl Board {
    /// Whether there is any account.
    ///
    /// # Errors
    /// The database fails.
    pub async fn has_users(&self) -> Result<bool, Error> {
        Ok(!self.accounts().await?.by_id.is_empty())
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn users(&self) -> Result<Vec<User>, Error> {
        users(&mut self.0.db.begin_reading().await?).await
    }

    /// The account of a name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn user(&self, name: &str) -> Result<Option<Arc<User>>, Error> {
        let accounts = self.accounts().await?;
        Ok(accounts.by_name.get(name).and_then(|id| accounts.by_id.get(id)).cloned())
    }

    /// Makes an account.
    ///
    /// # Errors
    /// The name is taken or none, the password will not do, or the database fails.
    pub async fn add_user(&self, by: &Actor, new: NewUser) -> Result<User, Error> {
        let NewUser { name, password, strong, admin, roles } = new;
        judge_name(&name)?;
        passwords::judge(&password, strong)?;
        if self.user(&name).await?.is_some() {
            return Err(Error::Taken("user"));
        }
        let hash = self.0.passwords.hash(&password).await?;
        let mut write = self.write().await?;
        let id = insert(&mut write, &name, &hash, admin).await?;
        set_roles(&mut write, id, &roles).await?;
        let user = User { id, name, admin, disabled: false, roles, last_sign_in: None };
        write.note(by, (Resource::User, &user.name), NOTHING, Some(&Noted::from(&user))).await?;
        write.commit(self).await?;
        Ok(user)
    }

    /// Changes what an account may do.
    ///
    /// # Errors
    /// There is no such account, it would be the last that administers the school, or the database fails.
    pub async fn set_user(&self, by: &Actor, id: UserId, change: UserChange) -> Result<User, Error> {
        let mut write = self.write().await?;
        let all = users(write.tx()).await?;
        let before = all.iter().find(|user| user.id == id).ok_or(Error::Missing("user"))?;
        change.expect.check(Some(&Noted::from(before)))?;
        let mut roles = change.roles.unwrap_or_else(|| before.roles.clone());
        for (class, role) in change.roles_in {
            match role {
                Some(role) => roles.insert(class, role),
                None => roles.remove(&class),
            };
        }
        let after = User {
            admin: change.admin.unwrap_or(before.admin),
            disabled: change.disabled.unwrap_or(before.disabled),
            roles,
            ..before.clone()
        };
        let governs = |user: &User| user.admin && !user.disabled;
        let others = all.iter().any(|user| user.id != id && governs(user));
        if governs(before) && !governs(&after) && !others {
            return Err(Error::invalid("/admin", "somebody has to administer the school"));
        }
        sqlx::query("update users set admin = $1, disabled = $2 where id = $3")
            .bind(i64::from(after.admin))
            .bind(i64::from(after.disabled))
            .bind(id.0)
            .execute(write.db())
            .await
            .map_err(Error::database("change an account"))?;
        set_roles(&mut write, id, &after.roles).await?;
        write.note(by, (Resource::User, &after.name), Some(&Noted::from(before)), Some(&Noted::from(&after))).await?;
        write.commit(self).await?;
        Ok(after)
    }

    /// Gives an account another password; all of its keys are good no more.
    ///
    /// # Errors
    /// There is no such account, the password will not do, or the database fails.
    pub async fn set_password(&self, by: &Actor, id: UserId, password: &SecretString) -> Result<(), Error> {
        passwords::judge(password, true)?;
        let hash = self.0.passwords.hash(password).await?;
        let mut write = self.write().await?;
        let changed = sqlx::query("update users set password = $1 where id = $2")
            .bind(hash)
            .bind(id.0)
            .execute(write.db())
            .await
            .map_err(Error::database("change a password"))?;
        if changed.rows_affected() == 0 {
            return Err(Error::Missing("user"));
        }
        forget_keys(&mut write, id).await?;
        let name: String = sqlx::query_scalar("select name from users where id = $1")
            .bind(id.0)
            .fetch_one(write.db())
            .await
            .map_err(Error::database("change a password"))?;
        write.note(by, (Resource::User, &name), NOTHING, Some(&"another password")).await?;
        write.commit(self).await?;
        self.0.held.forget_user(id);
        Ok(())
    }

    /// Removes an account, with its keys.
    ///
    /// # Errors
    /// There is no such account, it is the last that administers the school, or the database fails.
    pub async fn remove_user(&self, by: &Actor, id: UserId) -> Result<(), Error> {
        let mut write = self.write().await?;
        let all = users(write.tx()).await?;
        let user = all.iter().find(|user| user.id == id).ok_or(Error::Missing("user"))?;
        if user.admin && !all.iter().any(|other| other.id != id && other.admin && !other.disabled) {
            return Err(Error::invalid("/admin", "somebody has to administer the school"));
        }
        delete(&mut write, by, user).await?;
        write.commit(self).await?;
        self.0.held.forget_user(id);
        Ok(())
    }

    /// Takes an account out of a class; one that has no other part goes away. Tells whether it was in the class.
    ///
    /// # Errors
    /// The database fails.
    pub async fn leave_class(&self, by: &Actor, class: ClassId, name: &str) -> Result<bool, Error> {
        let mut write = self.write_to(class).await?;
        let all = users(write.tx()).await?;
        let Some(user) = all.into_iter().find(|user| user.name == name && user.roles.contains_key(&class)) else {
            return Ok(false);
        };
        if user.admin || user.roles.len() > 1 {
            let mut after = user.clone();
            after.roles.remove(&class);
            set_roles(&mut write, user.id, &after.roles).await?;
            forget_keys(&mut write, user.id).await?;
            write.note(by, (Resource::User, name), Some(&Noted::from(&user)), Some(&Noted::from(&after))).await?;
        } else {
            delete(&mut write, by, &user).await?;
        }
        write.commit(self).await?;
        self.0.held.forget_user(user.id);
        Ok(true)
    }

    /// Signs in with a name and a password.
    ///
    /// # Errors
    /// The password is wrong (or nobody has that name: nothing tells the two apart), it was tried too often, the account is
    /// kept out, too many sign in, or the database fails.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &SecretString,
        from: IpAddr,
        kind: KeyKind,
    ) -> Result<SignedIn, Error> {
        let now = || self.now().as_millisecond();
        self.0.tries.ask(name, from, now())?;
        let user = self.user(name).await?;
        let kept = match &user {
            Some(user) => self.kept_password(user.id).await?,
            None => None,
        };
        match self.0.passwords.check(password, kept).await? {
            Checked::Wrong => {
                self.0.tries.wrong(name, from, now());
                Err(Error::WrongPassword)
            }
            Checked::Right { rehash } => {
                let user = user.ok_or(Error::WrongPassword)?;
                self.0.tries.right(name);
                if user.disabled {
                    return Err(Error::Disabled);
                }
                self.note_sign_in(user.id, rehash).await?;
                let key = self.give_key(user.id, from, kind).await?;
                Ok(SignedIn { key, user })
            }
        }
    }

    /// Whether a password is that of an account: for those who are asked again before something grave.
    ///
    /// # Errors
    /// It is not, it was tried too often, or the database fails.
    pub async fn prove(&self, user: &User, password: &SecretString, from: IpAddr) -> Result<(), Error> {
        let now = || self.now().as_millisecond();
        self.0.tries.ask(&user.name, from, now())?;
        let kept = self.kept_password(user.id).await?;
        match self.0.passwords.check(password, kept).await? {
            Checked::Right { .. } => Ok(()),
            Checked::Wrong => {
                self.0.tries.wrong(&user.name, from, now());
                Err(Error::WrongPassword)
            }
        }
    }

    async fn kept_password(&self, user: UserId) -> Result<Option<String>, Error> {
        sqlx::query_scalar("select password from users where id = $1")
            .bind(user.0)
            .fetch_optional(self.0.db.pool())
            .await
            .map_err(Error::database("look for an account"))
    }

    async fn note_sign_in(&self, user: UserId, rehash: Option<String>) -> Result<(), Error> {
        sqlx::query("update users set last_sign_in = $1, password = coalesce($2, password) where id = $3")
            .bind(self.now().as_millisecond())
            .bind(rehash)
            .bind(user.0)
            .execute(self.0.db.pool())
            .await
            .map_err(Error::database("note who signed in"))?;
        Ok(())
    }
}

/// Adds an account with a hash; the name has been judged.
pub(crate) async fn insert(write: &mut Write, name: &str, hash: &str, admin: bool) -> Result<UserId, Error> {
    let row = sqlx::query(
        "insert into users (name, password, admin, disabled, created_at) values ($1, $2, $3, 0, $4) returning id",
    )
    .bind(name)
    .bind(hash)
    .bind(i64::from(admin))
    .bind(write.at)
    .fetch_one(write.db())
    .await;
    match row {
        Ok(row) => Ok(UserId(get(&row, "id")?)),
        Err(error) if is_taken(&error) => Err(Error::Taken("user")),
        Err(error) => Err(Error::database("add an account")(error)),
    }
}

/// Gives an account the roles it has, and no other.
pub(crate) async fn set_roles(write: &mut Write, user: UserId, roles: &BTreeMap<ClassId, Role>) -> Result<(), Error> {
    let failed = || Error::database("change what an account may do");
    sqlx::query("delete from roles where user_id = $1").bind(user.0).execute(write.db()).await.map_err(failed())?;
    for (class, role) in roles {
        let role = text_of(role)?;
        sqlx::query("insert into roles (user_id, class_id, role) select $1, id, $2 from classes where id = $3")
            .bind(user.0)
            .bind(role.trim_matches('"'))
            .bind(class.0)
            .execute(write.db())
            .await
            .map_err(failed())?;
    }
    Ok(())
}

async fn forget_keys(write: &mut Write, user: UserId) -> Result<(), Error> {
    let forgotten = sqlx::query("delete from keys where user_id = $1").bind(user.0).execute(write.db()).await;
    forgotten.map(|_| ()).map_err(Error::database("forget the keys of an account"))
}

async fn delete(write: &mut Write, by: &Actor, user: &User) -> Result<(), Error> {
    forget_keys(write, user.id).await?;
    sqlx::query("delete from users where id = $1")
        .bind(user.id.0)
        .execute(write.db())
        .await
        .map_err(Error::database("remove an account"))?;
    write.note(by, (Resource::User, &user.name), Some(&Noted::from(user)), NOTHING).await
}

/// Whether a name will do for an account: letters and digits of any script, and `_`, at most 50 of them.
///
/// # Errors
/// It will not do.
pub fn judge_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return Err(Error::invalid("/name", "a name is made of letters, digits and _"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid("/name", "a name is at most 50 characters long"));
    }
    Ok(())
}
