//! The people of the directory over sources that have tables.

use std::fs;
use std::path::Path;

use super::{house as over_directory, the_cases};
use crate::house::{House, directory, people, photos};
use crate::slapd::Slapd;
use crate::sources::sql::places;

fn with_source(source: &str) -> String {
    let text = fs::read_to_string(directory().join("tables.toml")).unwrap();
    text.replace("#SOURCE", &format!("[[card.source]]\nname = \"people\"\nrole = \"identity\"\n{source}"))
}

/// A file with a folder of photos.
fn over_file(folder: &Path) -> House {
    fs::copy(directory().join("people.csv"), folder.join("people.csv")).unwrap();
    fs::create_dir(folder.join("photos")).unwrap();
    for (login, photo) in photos() {
        fs::write(folder.join("photos").join(format!("{login}.JPG")), photo).unwrap();
    }
    House::open(&with_source("kind = \"csv\"\nfile = \"people.csv\"\nphotos = \"photos\""), folder)
}

/// Everybody's answer is that of the directory, but for its name.
async fn is_as_over_a_directory(house: &House, kind: &str) {
    let Some(slapd) = Slapd::start() else { return };
    let expected = over_directory(&slapd);
    for login in ["amartin", "blefevre", "cpetit", "droux", "egarcia", "fbensaid", "gmoreau", "hnguyen", "nobody"] {
        let (expected, answer) = (expected.answer(login).await, house.answer(login).await);
        assert_eq!(answer.status, expected.status, "{login}");
        let named = String::from_utf8(expected.body).unwrap().replace("_in_ldap", &format!("_in_{kind}"));
        assert_eq!(String::from_utf8(answer.body).unwrap(), named, "{login}");
    }
}

#[tokio::test]
async fn a_file_answers_the_cases_and_as_a_directory() {
    let folder = tempfile::tempdir().unwrap();
    let house = over_file(folder.path());
    the_cases(&house, "csv").await;
    is_as_over_a_directory(&house, "csv").await;
}

#[tokio::test]
async fn a_database_answers_the_cases_and_as_a_directory() {
    for place in places(&[]).await {
        let bytes = match place.engine {
            "postgres" => "bytea",
            "mysql" => "longblob",
            _ => "blob",
        };
        place.run(&table(place.engine, bytes)).await;
        let source = format!(
            "kind = \"sql\"\nurl = '{}'\nkey_column = \"login\"\nlist = \"select login from people order by login\"\n\
             query = \"select * from people where lower(login) = lower(:username)\"",
            place.url
        );
        let text = with_source(&source).replace("[card]\n", "[card]\nallow_clear_secrets = true\n");
        let house = House::open(&text, place.folder.path());
        the_cases(&house, "sql").await;
        is_as_over_a_directory(&house, "sql").await;
    }
}

/// The people as a table, with their photos.
fn table(engine: &str, bytes: &str) -> String {
    let (columns, rows) = people();
    let defined: Vec<String> = columns.iter().map(|name| format!("{name} varchar(100)")).collect();
    let letters = if engine == "mysql" { "default character set utf8mb4" } else { "" };
    let mut statements = format!("create table people ({}, photo {bytes}) {letters};", defined.join(", "));
    let photos = photos();
    for row in rows {
        let photo = photos.iter().find(|(login, _)| *login == row[0]);
        let photo = photo.map_or("null".to_owned(), |(_, photo)| {
            let hex: String = photo.iter().map(|byte| format!("{byte:02x}")).collect();
            if engine == "postgres" { format!("decode('{hex}', 'hex')") } else { format!("x'{hex}'") }
        });
        let values: Vec<String> = row.iter().map(|value| format!("'{value}'")).collect();
        statements.push_str(&format!("insert into people values ({}, {photo});", values.join(", ")));
    }
    statements
}
