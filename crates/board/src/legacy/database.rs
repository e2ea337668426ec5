//! `bot.db`, read: accounts, subjects and their homework. It is opened for reading only, and never written beside.

use std::collections::BTreeSet;
use std::path::Path;

use secrecy::SecretString;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection as _};
use tokio::fs;

use super::report::{Outcome, Report, Subject, User};
use super::text::{Encoding, decode};
use super::{Legacy, LegacySubject, LegacyUser};
use crate::db::{escaped, get};
use crate::model::Role;
use crate::subjects::MOST as MOST_SUBJECTS;

/// The largest database: years of keys that nobody threw away fit in.
const MOST_BYTES: u64 = 256 << 20;
/// The most accounts; there may be as many subjects as a class has.
const MOST_USERS: usize = 10_000;
/// The largest text, in bytes: as large as a body that the old board took.
const MOST_TEXT: usize = 8 << 20;
/// The longest name that the old board gave; and the longest that is kept, in characters: indexes hold no more.
const LONGEST_NAME: usize = 50;
const LONGEST_KEPT: usize = 500;
/// The largest number of a subject that every client can read.
const GREATEST: i64 = 1 << 53;

/// SHA-256 of nothing, and of the password of a fresh installation.
const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const FRESH: &str = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4";

/// Its tables, with their columns.
const TABLES: [(&str, &[&str]); 2] =
    [("UserData", &["user", "pass", "pr_level"]), ("Homeworkdata", &["ID", "Subject", "Homework"])];

/// Reads a database into an installation. What cannot be read is a fault in its report; that there is none, an oddity.
pub(super) async fn read(path: &Path, encoding: Encoding, legacy: &mut Legacy) {
    let report = &mut legacy.report;
    match fs::metadata(path).await {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return report.odd("bot.db", "is missing: there are no accounts and no subjects");
        }
        Err(error) => return report.fault("bot.db", format!("cannot be read: {error}")),
        Ok(found) if !found.is_file() => return report.fault("bot.db", "is no file"),
        Ok(found) if found.len() > MOST_BYTES => return report.fault("bot.db", "is over 256 MiB large"),
        Ok(_) => {}
    }
    for ending in ["-journal", "-wal"] {
        let beside = format!("bot.db{ending}");
        if fs::metadata(path.with_file_name(&beside)).await.is_ok_and(|found| found.len() > 0) {
            let what = "something was being written when this copy was made: end the old server, and copy again";
            report.fault(beside, what);
        }
    }
    if let Err(error) = read_tables(path, encoding, legacy).await {
        let told = error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
        legacy.report.fault("bot.db", format!("cannot be read: {told}"));
    }
}

async fn read_tables(path: &Path, encoding: Encoding, legacy: &mut Legacy) -> Result<(), sqlx::Error> {
    sqlx::any::install_default_drivers();
    let address = format!("sqlite://{}?mode=ro&immutable=1", escaped(path));
    let mut bot = AnyConnection::connect(&address).await?;
    let sound: String = sqlx::query_scalar("pragma quick_check(1)").fetch_one(&mut bot).await?;
    if sound == "ok" {
        if has_tables(&mut bot, &mut legacy.report).await? {
            read_users(&mut bot, encoding, legacy).await?;
            read_subjects(&mut bot, encoding, legacy).await?;
        }
    } else {
        legacy.report.fault("bot.db", format!("is damaged: {sound}"));
    }
    bot.close().await
}

/// Whether the tables are there, as plain tables: a view or a computed column might cost any time.
async fn has_tables(bot: &mut AnyConnection, report: &mut Report) -> Result<bool, sqlx::Error> {
    let mut whole = true;
    for (table, columns) in TABLES {
        let found = "select cast(x.name as text) as name from sqlite_master m join pragma_table_xinfo(m.name) x \
                     where m.type = 'table' and m.sql not like 'create virtual%' and x.hidden = 0 \
                     and lower(m.name) = lower($1)";
        let found: Vec<String> = sqlx::query_scalar(found).bind(table).fetch_all(&mut *bot).await?;
        for column in columns {
            if !found.iter().any(|found| found.eq_ignore_ascii_case(column)) {
                report.fault("bot.db", format!("there is no column {column} of a table {table}"));
                whole = false;
            }
        }
    }
    let others = "select cast(name as text) from sqlite_master where type in ('table', 'view') \
                  and lower(name) not in ('userdata', 'homeworkdata', 'passkeys') and name not like 'sqlite%' \
                  order by name limit 100";
    let others: Vec<String> = sqlx::query_scalar(others).fetch_all(&mut *bot).await?;
    for other in others {
        report.odd("bot.db", format!("what is in {other:?} is not taken: the old board does not know it"));
    }
    Ok(whole)
}

async fn read_users(bot: &mut AnyConnection, encoding: Encoding, legacy: &mut Legacy) -> Result<(), sqlx::Error> {
    // As bytes: what stands there may be in any encoding.
    let rows = "select cast(user as blob) as name, cast(pass as blob) as pass, cast(pr_level as text) as level \
                from UserData order by user limit $1";
    let rows = rows_of(bot, rows, MOST_USERS, "accounts", &mut legacy.report).await?;
    let report = &mut legacy.report;
    let mut names = BTreeSet::new();
    for row in rows {
        let Some(name) = text(&row, "name", "the name of an account", encoding, report) else { continue };
        let place = format!("account {name:?}");
        if name.is_empty() {
            report.odd("bot.db", "an account has no name: left out");
            continue;
        }
        if !names.insert(name.clone()) {
            report.fault(place, "there are two of that name");
            continue;
        }
        if !fits(&place, &name, report) {
            continue;
        }
        let hash = text(&row, "pass", "the hash of a password", encoding, report).unwrap_or_default();
        let (password, never) = password_of(&hash, &place, report);
        let signs_in = name.strip_suffix('\n').unwrap_or(&name);
        let plain = signs_in.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !signs_in.is_empty();
        let never = never.or((!plain).then_some("its name is not of Latin letters, digits and _ only"));
        let level: Option<String> = get(&row, "level").unwrap_or_default();
        let role = match level.as_deref() {
            Some("2") => Role::Head,
            Some("1") => Role::Editor,
            level => {
                let level = level.unwrap_or("none");
                report.odd(place, format!("its level is {level}, and has to be 1 or 2: taken as 1"));
                Role::Editor
            }
        };
        report.users.push(User { name: name.clone(), role, never, outcome: Outcome::Read });
        legacy.users.push(LegacyUser { name, password, role });
    }
    Ok(())
}

/// What is kept of a hash; and why nobody could sign in with it, if so.
fn password_of(hash: &str, place: &str, report: &mut Report) -> (Option<SecretString>, Option<&'static str>) {
    let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    match hash {
        EMPTY => {
            report.odd(place, "its password is empty: nobody can sign in with it until it is given one");
            return (None, None);
        }
        FRESH => report.odd(place, "its password is still the one of a fresh installation: change it"),
        _ => {}
    }
    match is_hash {
        false => (None, Some("no password fits its hash")),
        true if hash.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            (Some(hash.to_ascii_lowercase().into()), Some("its hash is written in capitals; now it can sign in"))
        }
        true => (Some(hash.into()), None),
    }
}

async fn read_subjects(bot: &mut AnyConnection, encoding: Encoding, legacy: &mut Legacy) -> Result<(), sqlx::Error> {
    let rows = "select cast(ID as bigint) as number, cast(Subject as blob) as name, cast(Homework as blob) as homework \
                from Homeworkdata order by ID limit $1";
    let rows = rows_of(bot, rows, MOST_SUBJECTS, "subjects", &mut legacy.report).await?;
    let report = &mut legacy.report;
    let mut names = BTreeSet::new();
    for row in rows {
        let number: i64 = get(&row, "number").unwrap_or_default();
        let place = format!("subject {number}");
        if !(1..=GREATEST).contains(&number) {
            report.odd(place, "no timetable can name that number: left out");
            continue;
        }
        let Some(name) = text(&row, "name", &place, encoding, report) else { continue };
        if !names.insert(name.clone()) {
            report.fault(place, format!("there is another called {name:?}"));
            continue;
        }
        if !fits(&place, &name, report) {
            continue;
        }
        if name.trim().is_empty() {
            report.odd(&*place, "its name is blank: kept");
        }
        let is_null = matches!(get::<Option<Vec<u8>>>(&row, "homework"), Ok(None));
        if is_null {
            report.odd(&*place, "its homework is NULL: taken as empty");
        }
        let Some(homework) = text(&row, "homework", &place, encoding, report) else { continue };
        let told = Subject { number, name: name.clone(), homework: !homework.is_empty(), outcome: Outcome::Read };
        report.subjects.push(told);
        legacy.subjects.push(LegacySubject { number, name, homework });
    }
    Ok(())
}

/// Whether a name can be kept; tells what is odd about it.
fn fits(place: &str, name: &str, report: &mut Report) -> bool {
    let length = name.chars().count() - usize::from(name.ends_with('\n'));
    if length > LONGEST_KEPT {
        report.odd(place, format!("its name is over {LONGEST_KEPT} characters long: left out"));
        return false;
    }
    if length > LONGEST_NAME {
        report.odd(place, format!("its name is over {LONGEST_NAME} characters long: kept"));
    }
    if name.ends_with('\n') {
        report.odd(place, "its name ends in a line feed: kept");
    }
    true
}

/// The rows of a query, unless there are too many.
async fn rows_of(
    bot: &mut AnyConnection,
    query: &'static str,
    most: usize,
    what: &str,
    report: &mut Report,
) -> Result<Vec<AnyRow>, sqlx::Error> {
    let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let rows = sqlx::query(query).bind(limit).fetch_all(bot).await?;
    if rows.len() > most {
        report.fault("bot.db", format!("there are over {most} {what}"));
        return Ok(Vec::new());
    }
    Ok(rows)
}

/// The text of a column; NULL is empty. What cannot be read is a fault.
fn text(row: &AnyRow, column: &'static str, place: &str, encoding: Encoding, report: &mut Report) -> Option<String> {
    let bytes: Option<Vec<u8>> = get(row, column).ok()?;
    let bytes = bytes.unwrap_or_default();
    if bytes.len() > MOST_TEXT {
        report.fault(format!("bot.db, {place}"), format!("is over {} MiB large", MOST_TEXT >> 20));
        return None;
    }
    match decode(bytes, encoding) {
        Ok(decoded) => {
            decoded.oddities().for_each(|what| report.odd(format!("bot.db, {place}"), what));
            Some(decoded.text)
        }
        Err(what) => {
            report.fault(format!("bot.db, {place}"), what);
            None
        }
    }
}
