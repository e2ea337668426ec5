//! A database, on each engine there is.

use std::path::Path;
use std::time::{Duration, Instant};

use card::record::{Datum, Record};
use card::source::sql::{Config, Sql};
use card::source::{Source as _, SourceError};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};
use tempfile::TempDir;

use super::text;

/// A database for a test, and how one reads what it is about.
pub(crate) struct Place {
    /// Where it is. On SQLite, a file in the folder.
    pub(crate) url: String,
    pub(crate) folder: TempDir,
    pub(crate) engine: &'static str,
}

/// One on each engine there is.
pub(crate) async fn places(tables: &[(&'static str, &str)]) -> Vec<Place> {
    let mut places = Vec::new();
    for (engine, variable) in
        [("sqlite", None), ("postgres", Some("CARTABLE_TEST_POSTGRES")), ("mysql", Some("CARTABLE_TEST_MYSQL"))]
    {
        let server = match variable.map(std::env::var) {
            None => None,
            Some(Ok(url)) => Some(url),
            Some(Err(_)) if std::env::var_os("CI").is_some() => panic!("{} is not set", variable.unwrap()),
            Some(Err(_)) => {
                eprintln!("skipped on {engine}: {} names none", variable.unwrap());
                continue;
            }
        };
        let place = Place::on(engine, server).await;
        for (on, statement) in tables {
            if on.is_empty() || *on == engine {
                place.run(statement).await;
            }
        }
        places.push(place);
    }
    places
}

impl Place {
    async fn on(engine: &'static str, server: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Some(server) = server else {
            std::fs::write(folder.path().join("people.db"), b"").unwrap();
            return Place { url: "sqlite:people.db".to_owned(), folder, engine };
        };
        let name = format!("card_{:016x}", random());
        let (base, _) = server.rsplit_once('/').unwrap();
        execute(&server, &format!("create database {name}")).await;
        Place { url: format!("{base}/{name}"), folder, engine }
    }

    pub(crate) async fn run(&self, statement: &str) {
        let path = format!("sqlite://{}/people.db", self.folder.path().display());
        execute(if self.engine == "sqlite" { &path } else { &self.url }, statement).await;
    }

    fn settings(&self, more: &str) -> Config {
        let mut table: toml::Table = toml::from_str(&format!("url = '{}'", self.url)).unwrap();
        table.extend(toml::from_str::<toml::Table>(more).unwrap());
        table.try_into().unwrap()
    }

    fn open(&self, more: &str) -> Sql {
        Sql::open(self.settings(more), self.folder.path()).unwrap()
    }
}

async fn execute(url: &str, statement: &str) {
    let statement = sqlx::raw_sql(AssertSqlSafe(statement.to_owned()));
    match url.split(':').next().unwrap() {
        "sqlite" => drop(sqlx::SqliteConnection::connect(url).await.unwrap().execute(statement).await.unwrap()),
        "postgres" => drop(sqlx::PgConnection::connect(url).await.unwrap().execute(statement).await.unwrap()),
        _ => drop(sqlx::MySqlConnection::connect(url).await.unwrap().execute(statement).await.unwrap()),
    }
}

fn random() -> u64 {
    use std::hash::{BuildHasher as _, RandomState};
    RandomState::new().hash_one(std::process::id())
}

const PEOPLE: &[(&str, &str)] = &[
    ("", "create table people (login varchar(40), nom varchar(40), numero varchar(20), photo varchar(200))"),
    ("", "insert into people values ('amartin', 'Martin', '22100001', 'QUJD'), ('blefevre', 'Lefèvre', '000AA12345', null),
          ('twice', 'One', '', ''), ('twice', 'Two', null, null), ('a''b', 'Quote', '1', ' ')"),
];
const QUERY: &str =
    "query = 'select login, nom as \"NOM\", numero, photo from people where lower(login) = lower(:key)'";
const LIST: &str = "list = 'select login from people'";

async fn find(sql: &Sql, key: &str) -> Option<Record> {
    sql.find(key, &[]).await.unwrap()
}

#[tokio::test]
async fn a_person_is_a_row_and_every_column_is_there() {
    for place in places(PEOPLE).await {
        // MySQL takes double quotes for a text.
        let sql = place.open(&QUERY.replace('"', if place.engine == "mysql" { "`" } else { "\"" }));
        let record = find(&sql, "AMARTIN").await.unwrap();
        assert_eq!((text(&record, "nom"), text(&record, "numero")), (Some("Martin"), Some("22100001")));
        assert_eq!(text(&find(&sql, "blefevre").await.unwrap(), "nom"), Some("Lefèvre"));
        assert!(find(&sql, "a'b").await.unwrap().get("photo").is_empty(), "blank is nothing");
        let long = "x".repeat(300);
        for key in ["nobody", "%", "' or ''='", "amartin' --", "a\0", "", &long] {
            assert_eq!(find(&sql, key).await, None, "{} {key}", place.engine);
        }
        assert!(matches!(sql.find("twice", &[]).await, Err(SourceError::Ambiguous)));
        assert_eq!(sql.columns(), None, "nothing was asked at the beginning");
        assert_eq!(sql.check().await.unwrap(), "the query has 4 columns");
        assert_eq!(sql.columns().unwrap(), ["login", "nom", "numero", "photo"]);
        assert_eq!(sql.keys(None).await.unwrap(), None);
    }
}

#[tokio::test]
async fn people_are_listed_when_a_query_says_how() {
    for place in places(PEOPLE).await {
        let sql = place.open(&format!("query = 'select * from people where login = :username'\n{LIST}"));
        assert_eq!(sql.keys(None).await.unwrap().unwrap(), ["a'b", "amartin", "blefevre", "twice"]);
        assert_eq!(sql.keys(Some("twice")).await.unwrap().unwrap(), [""; 0]);
    }
}

#[tokio::test]
async fn photos_are_bytes_base64_or_files() {
    for place in places(PEOPLE).await {
        let bytes = match place.engine {
            "postgres" => "decode('FFD8', 'hex')",
            _ => "x'FFD8'",
        };
        let sql = place.open(&format!(
            "query = \"select {bytes} as b, photo, 'amartin.jpg' as file from people where login = :key\""
        ));
        let record = find(&sql, "amartin").await.unwrap();
        let photo = |sql: Sql, name: &'static str| {
            let record = record.clone();
            async move {
                let has = sql.has_photo("amartin", name, &record).await.unwrap();
                let photos = sql.photos("amartin", name, &record).await.unwrap();
                assert_eq!(has, !photos.is_empty());
                photos.first().map(|photo| photo.bytes.to_vec())
            }
        };
        let query = "query = 'select photo from people where login = :key'";
        assert_eq!(photo(place.open(query), "b").await.unwrap(), b"\xff\xd8");
        assert_eq!(photo(place.open(query), "photo").await.unwrap(), b"ABC");
        assert_eq!(photo(place.open(query), "file").await.unwrap(), b"amartin.jpg", "what is no base64 is no picture");
        assert_eq!(photo(place.open(query), "none").await, None);

        std::fs::create_dir(place.folder.path().join("photos")).unwrap();
        std::fs::write(place.folder.path().join("photos/amartin.JPG"), b"a picture").unwrap();
        assert_eq!(photo(place.open(&format!("{query}\nphotos = 'photos'")), "file").await.unwrap(), b"a picture");
    }
}

#[tokio::test]
async fn every_usual_type_is_a_text() {
    let types = [
        ("sqlite", "select 1 as i, 1.5 as f, true as b, date('2004-02-29') as d, 'x' as t, null as n, :key as k"),
        (
            "postgres",
            "select 1::smallint as i, 2::int as i4, 3::bigint as i8, 1.5::float8 as f, 2.25::float4 as f4, true as b, false as b0,
             '2004-02-29'::date as d, '2004-02-29 12:30:00'::timestamp as ts, '2004-02-29 12:30:00+02'::timestamptz as tz,
             '12:30:00'::time as h, 12345.6700::numeric as num, -0.05::numeric as num2, 1e20::numeric as num3,
             '0a0b0c0d-0102-0304-0506-0708090a0b0c'::uuid as u, 'x'::varchar as t, 'x'::char(3) as c, 'x'::name as na,
             '{\"a\": 1}'::jsonb as j, '[1]'::json as js, array['a', null, 'b'] as a, null as n, 'calm'::mood as e, :key as k",
        ),
        (
            "mysql",
            "select cast(1 as signed) as i, cast(18446744073709551615 as unsigned) as u, 1.5e0 as f, true as b,
             cast('2004-02-29' as date) as d, cast('2004-02-29 12:30:00' as datetime) as ts, cast('12:30:00' as time) as h,
             cast(12345.6700 as decimal(10, 4)) as num, 'x' as t, null as n, m.mood as e, m.since as tz, m.y as y, m.l as l,
             cast(:key as char) as k from moods m",
        ),
    ];
    let expected = [
        ("i", "1"),
        ("i4", "2"),
        ("i8", "3"),
        ("f", "1.5"),
        ("f4", "2.25"),
        ("b", "1"),
        ("b0", "0"),
        ("d", "2004-02-29"),
        ("ts", "2004-02-29T12:30:00"),
        ("tz", "2004-02-29T10:30:00Z"),
        ("h", "12:30:00"),
        ("num", "12345.6700"),
        ("num2", "-0.05"),
        ("num3", "100000000000000000000"),
        ("uuid", "-"),
        ("t", "x"),
        ("na", "x"),
        ("js", "[1]"),
        ("j", "{\"a\": 1}"),
        ("a", "a"),
        ("e", "calm"),
        ("y", "2004"),
        ("l", "long"),
        ("k", "amartin"),
    ];
    let tables = [
        ("postgres", "create type mood as enum ('calm')"),
        ("mysql", "create table moods (mood enum('calm'), since timestamp, y year, l longtext)"),
        ("mysql", "set time_zone = '+00:00'; insert into moods values ('calm', '2004-02-29 10:30:00', 2004, 'long')"),
    ];
    for place in places(&tables).await {
        let (_, query) = types.iter().find(|(engine, _)| *engine == place.engine).unwrap();
        let sql = place.open(&format!("query = '''{query}'''"));
        let record = find(&sql, "amartin").await.unwrap();
        assert!(record.get("n").is_empty());
        assert!(record.iter().count() >= 6);
        for (name, value) in expected {
            let held = text(&record, name);
            assert!(held.is_none() || held == Some(value), "{} {name}: {held:?}", place.engine);
        }
        assert!(["i", "b", "d", "f", "t", "k"].iter().all(|name| text(&record, name).is_some()), "{}", place.engine);
        if place.engine == "postgres" {
            assert_eq!(record.get("a").len(), 2, "an array is several values");
            assert_eq!(text(&record, "u"), Some("0a0b0c0d-0102-0304-0506-0708090a0b0c"));
            let fault = place
                .open("query = \"select '10.0.0.1'::inet as address, :key as k\"")
                .find("x", &[])
                .await
                .unwrap_err();
            assert!(
                fault.to_string().contains("column `address`") && fault.to_string().contains("cast it to text"),
                "{fault}"
            );
        }
    }
}

#[tokio::test]
async fn nothing_can_be_changed() {
    for place in places(PEOPLE).await {
        let change = match place.engine {
            "postgres" => "with gone as (delete from people where login = :key returning login) select * from gone",
            _ => "delete from people where login = :key",
        };
        let sql = place.open(&format!("query = '{change}'"));
        assert!(sql.find("amartin", &[]).await.is_err(), "{}", place.engine);
        let sql = place.open("query = 'select login from people where login = :key'");
        assert!(find(&sql, "amartin").await.is_some(), "{}", place.engine);
    }
}

#[tokio::test]
async fn what_only_looks_like_the_key_is_somebody_else() {
    let rene = [("", "insert into people values ('rene', 'E', '1', ''), ('rené', 'É', '2', '')")];
    let tables: Vec<_> = PEOPLE.iter().chain(&rene).copied().collect();
    for place in places(&tables).await {
        let sql = place.open("query = 'select login, nom from people where login = :key'\nkey_column = 'login'");
        for (key, name) in [("rene", "E"), ("rené", "É")] {
            assert_eq!(text(&find(&sql, key).await.unwrap(), "nom"), Some(name), "{}", place.engine);
        }
        assert_eq!(find(&sql, "rené ").await, None);
        assert!(
            place
                .open("query = 'select nom from people where login = :key'\nkey_column = 'login'")
                .check()
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn a_slow_query_is_stopped_and_the_next_one_is_answered() {
    for place in places(PEOPLE).await {
        let slow = match place.engine {
            "postgres" => "select pg_sleep(20)::text as x where :key = :key",
            "mysql" => "select sleep(20) as x, :key as k",
            _ => "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) as x, :key as k from n",
        };
        let query = "select 'quick' as q from (select 1 as x) s where :key = 'amartin'";
        let sql = place.open(&format!("query = \"{slow}\"\nconnections = 1\ntimeout_ms = 500"));
        for _ in 0..2 {
            let began = Instant::now();
            let error = sql.find("amartin", &[]).await.unwrap_err();
            assert!(matches!(error, SourceError::Slow(500) | SourceError::Unreachable(_)), "{} {error}", place.engine);
            assert!(began.elapsed() < Duration::from_secs(2));
        }
        let quick = place.open(&format!("query = \"{query}\"\nconnections = 1"));
        assert_eq!(text(&find(&quick, "amartin").await.unwrap(), "q"), Some("quick"));
    }
}

#[tokio::test]
async fn what_is_wrong_is_told_without_the_key() {
    for place in places(PEOPLE).await {
        let sql = place.open("query = 'select 1 from nowhere where x = :key'");
        let error = sql.find("amartin", &[]).await.unwrap_err();
        assert!(matches!(error, SourceError::Unreadable(_)), "{} {error}", place.engine);
        assert!(!error.to_string().contains("amartin"), "{error}");
        let told = sql.check().await.unwrap_err().to_string();
        assert!(told.contains("nowhere"), "{} {told}", place.engine);
    }
}

#[tokio::test]
async fn a_view_that_is_made_anew_goes_on() {
    for place in places(PEOPLE).await {
        place.run("create view v as select login, nom from people").await;
        let sql = place.open("query = 'select * from v where login = :key'\nconnections = 1");
        assert!(find(&sql, "amartin").await.unwrap().get("numero").is_empty());
        place.run("drop view v").await;
        place.run("create view v as select numero, login, nom from people").await;
        assert_eq!(text(&find(&sql, "amartin").await.unwrap(), "numero"), Some("22100001"), "{}", place.engine);
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_unreachable_and_not_needed_to_begin() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["sqlite:none.db", "postgres://x@127.0.0.1:1/x", "mysql://x@127.0.0.1:1/x"] {
        let config = format!("url = '{url}'\nquery = 'select 1 where 1 = :key'\ntimeout_ms = 400");
        let sql = Sql::open(toml::from_str(&config).unwrap(), folder.path()).unwrap();
        let error = sql.find("amartin", &[]).await.unwrap_err();
        assert!(matches!(error, SourceError::Unreachable(_)), "{url}: {error}");
        assert!(sql.check().await.is_err());
    }
    std::fs::write(folder.path().join("text.db"), "this is no database, and long enough to be seen as none").unwrap();
    let config = "url = 'sqlite:text.db'\nquery = 'select :key'";
    let sql = Sql::open(toml::from_str(config).unwrap(), folder.path()).unwrap();
    assert!(matches!(sql.find("amartin", &[]).await, Err(SourceError::Unreadable(_))));
}

#[tokio::test]
async fn a_server_elsewhere_has_to_prove_who_it_is_and_a_wrong_password_is_told() {
    for place in places(&[]).await.iter().filter(|place| place.engine != "sqlite") {
        let sql = place.open("query = 'select :key as k'\nca = '/etc/ssl/certs/ca-certificates.crt'");
        let error = sql.find("amartin", &[]).await.unwrap_err();
        assert!(matches!(error, SourceError::Unreachable(_)), "it has no certificate: {error}");
        if place.engine == "mysql" {
            let sql = place.open("query = 'select :key as k'\npassword = 'wrong'");
            let error = sql.find("amartin", &[]).await.unwrap_err();
            assert!(matches!(error, SourceError::Refused(_)), "{error}");
        }
    }
}

#[tokio::test]
async fn settings_that_cannot_be_right_are_refused() {
    for (config, why) in [
        ("url = 'http://x:geheim@y/'\nquery = 'select :key'", "no address"),
        ("url = 'geheim'\nquery = 'select :key'", "no address"),
        ("url = 'postgres://x:geheim@:x/y'\nquery = 'select :key'", "no address"),
        ("url = 'sqlite:x'\nquery = 'select 1'", "no `:key`"),
        ("url = 'sqlite:x'\nquery = 'select :login'", "`:login`"),
        ("url = 'sqlite:x'\nquery = 'select :key'\nlist = 'select :key'", "no single key"),
        ("url = 'sqlite:x'\nquery = 'select :key'\nphotos = 'none'", "folder of photos"),
    ] {
        let fault = Sql::open(toml::from_str(config).unwrap(), Path::new("/")).err().unwrap();
        assert!(fault.contains(why), "{fault}");
        assert!(!fault.contains("geheim"), "{fault}");
    }
}

#[test]
fn without_a_runtime_it_is_told_so() {
    let config = toml::from_str("url = 'sqlite:x'\nquery = 'select :key'").unwrap();
    assert!(Sql::open(config, Path::new("/")).is_err());
    assert!(Datum::from("x").text().is_some());
}
