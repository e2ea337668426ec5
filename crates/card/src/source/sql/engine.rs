//! Which database it is, and how it is asked: never for long, and never to change anything.

use std::net::IpAddr;
use std::path::Path;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use secrecy::{ExposeSecret as _, SecretString};
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions, MySqlSslMode};
use sqlx::pool::PoolOptions;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{
    AssertSqlSafe, Column as _, Connection as _, Database, Encode, Executor, IntoArguments, MySql, Pool, Postgres,
    Row as _, SqlSafeStr as _, Sqlite, SqliteConnection, Statement as _, Type,
};
use transport::Url;

use super::Config;
use super::query::{Dialect, Query};
use super::value::Speaks;
use crate::record::{Datum, Record};
use crate::source::SourceError;
use crate::source::key::column;

/// How long a connection may be idle.
const IDLE: Duration = Duration::from_secs(60);
/// How many queries stay prepared: it would be gone on with although a view has been made anew.
const NOTHING: usize = 0;
/// What has SQLite look whether a table or view has been made anew: otherwise its columns would go by the old names.
const REFRESH: &str = "select 1 from sqlite_schema limit 0";
/// How many steps SQLite takes before it looks at the time.
const STEPS: i32 = 10_000;

/// A database.
pub(crate) enum Engine {
    Sqlite(Pool<Sqlite>),
    Postgres(Pool<Postgres>),
    MySql(Pool<MySql>),
}

/// Does the same on whichever it is, which is then called `DB`.
macro_rules! on {
    ($engine:expr, $pool:ident => $work:expr) => {
        match $engine {
            Engine::Sqlite($pool) => {
                type DB = Sqlite;
                $work
            }
            Engine::Postgres($pool) => {
                type DB = Postgres;
                $work
            }
            Engine::MySql($pool) => {
                type DB = MySql;
                $work
            }
        }
    };
}

impl Engine {
    /// Reads the address; nothing is asked yet.
    pub(crate) fn open(config: &Config, folder: &Path, patience: Duration, connections: u32) -> Result<Self, String> {
        let url = config.url.expose_secret();
        let scheme = url.split(':').next().unwrap_or_default();
        if scheme == "sqlite" {
            let file = url.trim_start_matches("sqlite:").trim_start_matches("//");
            return Ok(Engine::Sqlite(sqlite(&folder.join(file), patience, connections)));
        }
        // Not repeated: it may hold a password.
        let fault = || "`url` is no address of a database: sqlite:FILE, postgres://…, mysql://…".to_owned();
        let parsed = Url::parse(url).map_err(|_| fault())?;
        let password = config.password.as_ref().map(SecretString::expose_secret);
        let ca = config.ca.as_ref().map(|ca| folder.join(ca));
        let verified = !says_how_secure(&parsed) && (ca.is_some() || !is_here(&parsed));
        match scheme {
            "postgres" | "postgresql" => {
                let mut options = PgConnectOptions::from_str(url).map_err(|_| fault())?;
                options = password.iter().fold(options, |options, password| options.password(password));
                options = ca.iter().fold(options, PgConnectOptions::ssl_root_cert);
                if verified {
                    options = options.ssl_mode(PgSslMode::VerifyFull);
                }
                Ok(Engine::Postgres(postgres(options, patience, connections)))
            }
            "mysql" | "mariadb" => {
                let mut options = MySqlConnectOptions::from_str(url).map_err(|_| fault())?;
                options = password.iter().fold(options, |options, password| options.password(password));
                options = ca.iter().fold(options, MySqlConnectOptions::ssl_ca);
                if verified {
                    options = options.ssl_mode(MySqlSslMode::VerifyIdentity);
                }
                Ok(Engine::MySql(mysql(options, patience, connections)))
            }
            _ => Err(fault()),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Engine::Sqlite(_) => Dialect::Sqlite,
            Engine::Postgres(_) => Dialect::Postgres,
            Engine::MySql(_) => Dialect::MySql,
        }
    }

    /// The first rows of a query.
    pub(crate) async fn records(&self, query: &Query, key: &str, most: usize) -> Result<Vec<Record>, SourceError> {
        on!(self, pool => fetch(pool, query, key, most, record::<DB>).await)
    }

    /// The first texts of the first rows of a query.
    pub(crate) async fn texts(&self, query: &Query, most: usize) -> Result<Vec<String>, SourceError> {
        let texts = on!(self, pool => fetch(pool, query, "", most, first::<DB>).await)?;
        Ok(texts.into_iter().flatten().collect())
    }

    /// The names of the columns of a query, which the database looks at and does not run.
    pub(crate) async fn columns(&self, query: &Query) -> Result<Vec<String>, SourceError> {
        on!(self, pool => {
            let mut connection = pool.acquire().await.map_err(|error| told(&error))?;
            let text = AssertSqlSafe(Arc::clone(&query.text)).into_sql_str();
            let prepared: Result<<DB as Database>::Statement, _> = (&mut *connection).prepare(text).await;
            // Nobody is named in it: the key was not given.
            let prepared = prepared.map_err(|error| match &error {
                sqlx::Error::Database(fault) => SourceError::Unreadable(format!("the query: {}", fault.message())),
                _ => told(&error),
            })?;
            Ok(prepared.columns().iter().map(|name| column(name.name())).collect())
        })
    }
}

fn sqlite(file: &Path, patience: Duration, connections: u32) -> Pool<Sqlite> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(patience)
        .statement_cache_capacity(NOTHING);
    let pool = SqlitePoolOptions::new()
        .after_connect(move |connection, _| Box::pin(hurry(connection, patience)))
        .before_acquire(move |connection, _| {
            Box::pin(async move {
                hurry(connection, patience).await?;
                connection.execute(REFRESH).await?;
                Ok(true)
            })
        });
    bounded(pool, patience, connections).connect_lazy_with(options)
}

/// Stops what a connection does after a time, counted from now.
async fn hurry(connection: &mut SqliteConnection, patience: Duration) -> sqlx::Result<()> {
    let end = Instant::now() + patience;
    connection.lock_handle().await?.set_progress_handler(STEPS, move || Instant::now() < end);
    Ok(())
}

fn postgres(options: PgConnectOptions, patience: Duration, connections: u32) -> Pool<Postgres> {
    let set = format!("set default_transaction_read_only = on; set statement_timeout = {}", patience.as_millis());
    let pool = PgPoolOptions::new().after_connect(move |connection, _| {
        let set = set.clone();
        Box::pin(async move { connection.execute(sqlx::raw_sql(AssertSqlSafe(set))).await.map(drop) })
    });
    bounded(pool, patience, connections).connect_lazy_with(options.statement_cache_capacity(NOTHING))
}

fn mysql(options: MySqlConnectOptions, patience: Duration, connections: u32) -> Pool<MySql> {
    let mysql = format!("set session max_execution_time = {}", patience.as_millis());
    let mariadb = format!("set session max_statement_time = {}", patience.as_secs_f64());
    let pool = MySqlPoolOptions::new().after_connect(move |connection, _| {
        let limits = [mysql.clone(), mariadb.clone()];
        Box::pin(async move {
            connection.execute("set session transaction read only").await?;
            for limit in limits {
                // Each knows one of the two.
                let _ = connection.execute(sqlx::raw_sql(AssertSqlSafe(limit))).await;
            }
            Ok(())
        })
    });
    bounded(pool, patience, connections).connect_lazy_with(options.statement_cache_capacity(NOTHING))
}

fn bounded<DB: Database>(pool: PoolOptions<DB>, patience: Duration, connections: u32) -> PoolOptions<DB> {
    // Before whoever asks gives up, so that it is told from a slow query.
    pool.max_connections(connections).min_connections(0).acquire_timeout(patience * 3 / 4).idle_timeout(IDLE)
}

/// Whether the address says itself how secure it is to be.
fn says_how_secure(url: &Url) -> bool {
    url.query_pairs().any(|(name, _)| name.starts_with("ssl"))
}

/// Whether the database is on this machine.
fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let socket = host.is_empty() || host.starts_with("%2F") || host.starts_with('/');
    socket || host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Runs a query, and reads no more rows than are of use.
async fn fetch<DB, T>(
    pool: &Pool<DB>,
    query: &Query,
    key: &str,
    most: usize,
    read: fn(&DB::Row) -> Result<T, SourceError>,
) -> Result<Vec<T>, SourceError>
where
    DB: Speaks,
    DB::Arguments: IntoArguments<DB>,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'q> &'q str: Encode<'q, DB> + Type<DB>,
{
    let mut connection = pool.acquire().await.map_err(|error| told(&error))?;
    let mut asked = sqlx::query(AssertSqlSafe(Arc::clone(&query.text)));
    for _ in 0..query.keys {
        asked = asked.bind(key);
    }
    let mut rows = asked.fetch(&mut *connection);
    let mut found = Vec::new();
    while let Some(row) = rows.next().await {
        found.push(read(&row.map_err(|error| told(&error))?)?);
        if found.len() >= most {
            break;
        }
    }
    drop(rows);
    if found.is_empty() {
        // Nobody, or the end of what was to tell: SQLite's thread ends without a word.
        connection.ping().await.map_err(|error| told(&error))?;
    }
    Ok(found)
}

fn record<DB: Speaks>(row: &DB::Row) -> Result<Record, SourceError> {
    let mut record = Record::default();
    for (at, named) in row.columns().iter().enumerate() {
        let name = column(named.name());
        let values = DB::cell(row, at).ok_or_else(|| {
            let kind = DB::type_name(row, at);
            SourceError::Unreadable(format!(
                "column `{name}` holds {kind} that cannot be read: cast it to text in the query"
            ))
        })?;
        for value in values {
            let blank = value.text().is_some_and(|text| text.trim().is_empty());
            if !name.is_empty() && !blank {
                record.add(&name, value);
            }
        }
    }
    Ok(record)
}

fn first<DB: Speaks>(row: &DB::Row) -> Result<Option<String>, SourceError> {
    let values =
        DB::cell(row, 0).ok_or_else(|| SourceError::Unreadable("the keys are to be cast to text".to_owned()))?;
    Ok(values.into_iter().find_map(|value| match value {
        Datum::Text(text) => Some(text),
        Datum::Bytes(_) => None,
    }))
}

/// What an error means. What a database says of one may hold the key, and is not repeated.
fn told(error: &sqlx::Error) -> SourceError {
    match error {
        sqlx::Error::Io(error) => SourceError::Unreachable(error.to_string()),
        sqlx::Error::Tls(error) => SourceError::Unreachable(error.to_string()),
        sqlx::Error::PoolTimedOut => SourceError::Unreachable("no connection in time".to_owned()),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => SourceError::Unreachable("it was closed".to_owned()),
        sqlx::Error::Database(fault) => {
            let code =
                fault.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().map(|error| error.number().to_string());
            let code = code.or_else(|| fault.code().map(Into::into)).unwrap_or_default();
            match code.as_str() {
                // PostgreSQL, MySQL and MariaDB, SQLite.
                "28000" | "28P01" | "42501" | "1044" | "1045" | "1142" | "1143" | "1227" | "1698" => {
                    SourceError::Refused(format!("error {code}"))
                }
                "53300" | "57P01" | "57P02" | "57P03" | "1040" | "1053" | "14" => {
                    SourceError::Unreachable(format!("error {code}"))
                }
                "57014" | "1969" | "3024" | "9" | "5" => {
                    SourceError::Unreachable(format!("the query was stopped, error {code}"))
                }
                _ => SourceError::Unreadable(format!("the query fails with error {code}")),
            }
        }
        _ => SourceError::Unreadable("it cannot be asked".to_owned()),
    }
}
