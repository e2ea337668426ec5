//! What happens when a file changes under us.

use std::fs;
use std::time::{Duration, Instant};

use super::*;

const PEOPLE: &str = "login;nom;prénom;photo\namartin;Martin;Alice;a1\nblefevre;Lefèvre;Benoît;b2\n";

struct Place {
    folder: tempfile::TempDir,
    csv: Csv,
}

impl Place {
    fn with(content: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("people.csv"), content).unwrap();
        fs::create_dir(folder.path().join("photos")).unwrap();
        fs::write(folder.path().join("photos/b2.JPG"), b"a picture").unwrap();
        let config = "file = 'people.csv'\nphotos = 'photos'\nphoto_column = 'PHOTO'";
        let csv = Csv::open(toml::from_str(config).unwrap(), folder.path()).unwrap();
        Place { folder, csv }
    }

    fn write(&self, content: &str) {
        fs::write(self.folder.path().join("people.csv"), content).unwrap();
    }

    async fn name(&self, key: &str) -> Option<String> {
        let record = self.csv.find(key, &[]).await.unwrap()?;
        record.get("nom").first().and_then(|name| name.text()).map(str::to_owned)
    }

    /// Asks until the answer is as it should be.
    async fn becomes(&self, key: &str, name: Option<&str>) {
        let began = Instant::now();
        while self.name(key).await.as_deref() != name {
            assert!(began.elapsed() < Duration::from_secs(10), "{key} does not become {name:?}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn fault(&self) -> String {
        self.csv.check().await.unwrap_err().to_string()
    }
}

#[tokio::test]
async fn every_column_and_the_photo_are_there_by_name() {
    let place = Place::with(PEOPLE);
    let record = place.csv.find("BLEFEVRE", &[]).await.unwrap().unwrap();
    assert_eq!(record.get("Prenom")[0].text(), Some("Benoît"));
    assert_eq!(place.csv.columns().unwrap(), ["login", "nom", "prenom", "photo"]);
    let photos = place.csv.photos("blefevre", "photo", &record).await.unwrap();
    assert_eq!(&*photos[0].bytes, b"a picture");
    assert!(!place.csv.has_photo("amartin", "photo", &record).await.unwrap());
    assert_eq!(place.csv.check().await.unwrap(), "2 people");
    assert_eq!(place.csv.find("*", &[]).await.unwrap(), None);
}

#[tokio::test]
async fn a_change_takes_the_place_of_what_was_there_whole() {
    let place = Place::with(PEOPLE);
    place.write(&PEOPLE.replace("Martin", "Durand").replace("blefevre", "cpetit"));
    place.becomes("amartin", Some("Durand")).await;
    assert_eq!(place.name("blefevre").await, None);
    assert_eq!(place.name("cpetit").await.as_deref(), Some("Lefèvre"));
}

#[tokio::test]
async fn a_file_that_cannot_be_believed_is_refused_and_told_of() {
    let place = Place::with(&format!("{PEOPLE}cpetit;Petit;Chloé;\n"));
    for (content, why) in [
        ("login;nom;prénom;photo\namartin;Wrong;Alice;a1\nblef", "cells"),
        ("login;nom;photo\namartin;Wrong;a1\nb;b;b\n", "lost its column `prenom`"),
        ("login;nom;prénom;photo\namartin;Wrong;Alice;a1\n", "it has 1 people and had 3"),
        ("login;nom;prénom;photo\na;Wrong;;\nA;Wrong;;\n", "one key"),
        ("", "empty"),
    ] {
        place.write(content);
        let fault = place.fault().await;
        assert!(fault.contains(why), "{fault}");
        assert!(!fault.contains("Wrong"), "{fault}");
        assert_eq!(place.name("amartin").await.as_deref(), Some("Martin"));
    }
    fs::remove_file(place.folder.path().join("people.csv")).unwrap();
    assert!(place.fault().await.contains("No such file"));
    place.write(PEOPLE);
    place.becomes("cpetit", None).await;
    assert_eq!(place.csv.check().await.unwrap(), "2 people");
}

#[tokio::test]
async fn a_file_that_is_being_written_is_waited_for() {
    let place = Place::with(PEOPLE);
    let path = place.folder.path().join("people.csv");
    let writer = std::thread::spawn(move || {
        for rows in 0..40 {
            let rows: String = (0..rows).map(|row| format!("p{row};New;x;\n")).collect();
            fs::write(&path, format!("{PEOPLE}{rows}")).unwrap();
            std::thread::sleep(Duration::from_millis(25));
        }
    });
    while !writer.is_finished() {
        let seen = place.name("p0").await;
        assert!(seen.is_none() || place.name("p38").await.is_some(), "a part of it was taken");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    place.becomes("p38", Some("New")).await;
}

#[test]
fn what_is_wrong_at_the_beginning_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let open = |config: &str| Csv::open(toml::from_str(config).unwrap(), folder.path()).err().unwrap();
    assert!(open("file = 'none.csv'").contains("No such file"));
    fs::write(folder.path().join("people.csv"), PEOPLE).unwrap();
    assert!(open("file = 'people.csv'\nkey_column = 'numero'").contains("no column `numero`"));
    assert!(open("file = 'people.csv'\nphoto_column = 'Fichier'").contains("no column `fichier`"));
    assert!(open("file = 'people.csv'\nphotos = 'none'").contains("folder of photos"));
}
