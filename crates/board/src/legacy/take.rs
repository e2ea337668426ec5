//! A class as an old installation has it.

use secrecy::{ExposeSecret as _, SecretString};

use super::apply::{dated, name_of};
use super::{Legacy, LegacySubject, LegacyUser, Outcome, report};
use crate::db::get;
use crate::model::{ClassId, Role};
use crate::{Board, Error, passwords};

/// How to export.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExportOptions {
    /// Whether accounts get another password at the old board whose own is not known in its form. Without, they are left
    /// out.
    pub new_passwords: bool,
}

/// A class, to be written for the old board.
#[derive(Debug, Clone, Default)]
pub struct Export {
    /// What is written; its report says what is not.
    pub legacy: Legacy,
    /// The new passwords, by account.
    pub passwords: Vec<(String, SecretString)>,
}

impl Board {
    /// Takes what the old board can hold out of a class: what has no date.
    ///
    /// Since a password is known in its old form only until it is used here, most accounts cannot go back with theirs.
    ///
    /// # Errors
    /// There is no such class, or the database fails.
    pub async fn export(&self, class: ClassId, options: ExportOptions) -> Result<Export, Error> {
        let snapshot = self.snapshot(class).await?;
        let mut export = Export::default();
        let legacy = &mut export.legacy;
        legacy.week = snapshot.week.clone();
        legacy.changes = snapshot.changes.clone();
        for subject in snapshot.subjects.values() {
            let (number, name, homework) = (subject.number, subject.name.clone(), subject.note.clone());
            let told =
                report::Subject { number, name: name.clone(), homework: !homework.is_empty(), outcome: Outcome::Read };
            legacy.report.subjects.push(told);
            legacy.subjects.push(LegacySubject { number, name, homework });
        }
        let mut tx = self.0.db.begin_reading().await?;
        for (what, number) in dated(&mut tx, class).await? {
            legacy.report.odd(format!("{number} {what}"), "left out: the old board knows no dates");
        }
        let rows = sqlx::query(
            "select u.name, u.password, u.admin, u.disabled, r.role from users u \
             left join roles r on r.user_id = u.id and r.class_id = $1 \
             where u.admin = 1 or r.role is not null",
        )
        .bind(class.0)
        .fetch_all(&mut *tx)
        .await
        .map_err(Error::database("list the accounts"))?;
        for row in &rows {
            let admin = get::<i64>(row, "admin")? != 0;
            let role: Option<String> = get(row, "role")?;
            let role =
                if admin { Some(Role::Head) } else { role.and_then(|role| serde_json::from_value(role.into()).ok()) };
            let role = role.ok_or_else(|| Error::Damaged("a role".to_owned()))?;
            let disabled = get::<i64>(row, "disabled")? != 0;
            let kept: String = get(row, "password")?;
            let hash = kept.strip_prefix(passwords::LEGACY).map(|hash| SecretString::from(hash.to_owned()));
            export.account(get(row, "name")?, role, disabled, hash, options)?;
        }
        // Engines order names each in its own way.
        export.legacy.users.sort_by(|a, b| a.name.cmp(&b.name));
        export.legacy.report.users.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(export)
    }
}

impl Export {
    fn account(
        &mut self,
        name: String,
        role: Role,
        disabled: bool,
        hash: Option<SecretString>,
        options: ExportOptions,
    ) -> Result<(), Error> {
        let report = &mut self.legacy.report;
        let place = format!("account {name:?}");
        let plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let never = (!plain).then_some("its name is not of Latin letters, digits and _ only");
        let why_not = match (role, &hash) {
            (Role::Reader, _) => Some(format!("it is {} here, which there is not at the old board", name_of(role))),
            _ if disabled => Some("it is disabled".to_owned()),
            (_, None) if !options.new_passwords => {
                Some("its password is not known in the form that the old board needs".to_owned())
            }
            _ => None,
        };
        let outcome = if why_not.is_some() { Outcome::LeftOut } else { Outcome::Read };
        report.users.push(report::User { name: name.clone(), role, never, outcome });
        if let Some(why_not) = why_not {
            report.odd(place, format!("left out: {why_not}"));
            return Ok(());
        }
        let password = match hash {
            Some(hash) => hash,
            None => {
                let password = SecretString::from(passwords::invented()?);
                let digest = ring::digest::digest(&ring::digest::SHA256, password.expose_secret().as_bytes());
                self.passwords.push((name.clone(), password));
                base16ct::lower::encode_string(digest.as_ref()).into()
            }
        };
        self.legacy.users.push(LegacyUser { name, password: Some(password), role });
        Ok(())
    }
}
