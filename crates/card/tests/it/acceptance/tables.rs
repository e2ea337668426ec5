//! The people of the directory over sources that have tables.

use std::fs;
use std::path::Path;

use super::{house as over_directory, the_cases};
use crate::house::{House, directory, photos};
use crate::slapd::Slapd;

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
