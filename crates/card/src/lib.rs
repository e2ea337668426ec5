//! Digital cards: who somebody is according to an institution's sources, whether a card may be shown, and the card itself,
//! as an answer to a card application, as a picture, and as a code that proves it.
//!
//! ```
//! # tokio::runtime::Runtime::new().unwrap().block_on(async {
//! use std::sync::Arc;
//!
//! use card::answer;
//! use card::config::{Surroundings, parse};
//! use card::connector::Connector;
//!
//! # let folder = tempfile::tempdir().unwrap();
//! # std::fs::create_dir(folder.path().join("photos")).unwrap();
//! # std::fs::write(folder.path().join("photos/alice.jpg"), include_bytes!("../tests/pictures/progressive.jpg")).unwrap();
//! let people = "login;name;first;number\nalice;Martin;Alice;22100001\n";
//! std::fs::write(folder.path().join("people.csv"), people).unwrap();
//! let text = r#"
//!     [card]
//!     tokens = ["env:CARD_TOKEN"]
//!     [[card.source]]
//!     name = "people"
//!     kind = "csv"
//!     role = "identity"
//!     file = "people.csv"
//!     photos = "photos"
//!     [card.affiliation]
//!     from = "student"
//!     [card.fields]
//!     lastname = "{{ people.name }}"
//!     firstname = "{{ people.first }}"
//!     idNumber = "{{ people.number }}"
//!     title = "Carte d'étudiant"
//!     photo = "people.photo"
//! "#;
//! let around = Surroundings {
//!     folder: folder.path(),
//!     secret: &|_| Ok("a-token-of-many-letters".into()),
//!     other: &|_, _| None,
//! };
//! let config = parse(text, &around).map_err(|faults| faults.into_iter().map(|fault| fault.what).collect::<String>())?;
//! let clock = Arc::new(|| "2026-11-22T11:00:00Z".parse().expect("a moment"));
//! let connector = Connector::open(config, clock);
//!
//! let finding = connector.find("alice").await;
//! let answer = answer::card(&finding, "alice", connector.config());
//! assert_eq!(answer.status, 200);
//! assert!(answer.body.starts_with(br#"{"lastname":"Martin","firstname":"Alice""#));
//! assert_eq!(answer::card(&connector.find("bob").await, "bob", connector.config()).status, 404);
//! # Ok::<(), String>(()) }).unwrap();
//! ```
//!
//! ```text
//! config.rs      the section [card] of a configuration, read whole
//! source.rs      where people come from: ldap, sql, csv, rest, esup-sgc, and what is plugged in from outside
//! record.rs      what a source says of one person
//! expression.rs  templates and expressions: the filters and tests that read what directories write
//! connector.rs   asks the sources, and decides       derive.rs   what is decided by what they say
//! year.rs        the academic year                    measure.rs  whether a text fits on its line
//! model.rs       what is decided: a card, or why there is none
//! answer.rs      the answers to card applications
//! explain.rs     why somebody has a card, or none     audit.rs    the same, of everybody at once
//! photo.rs       photos, made ready                   qr.rs       codes, and what is written in them
//! render.rs      the card as a picture                verify.rs   codes that prove a card for a moment
//! ```
//!
//! A person is never told about by halves: what cannot be found out is an error, and neither "nobody" nor "no card".

pub mod answer;
pub mod audit;
pub mod config;
pub mod connector;
mod derive;
pub mod explain;
pub mod expression;
mod letters;
pub mod measure;
pub mod model;
pub mod panel;
pub mod photo;
pub mod qr;
pub mod record;
pub mod render;
pub mod source;
pub mod verify;
pub mod year;

use std::sync::Arc;

/// Configurations to begin with.
pub mod samples {
    /// A university: a directory that follows SUPANN.
    pub const UNIVERSITY: &str = include_str!("../samples/university.toml");
    /// A small school: a file of people, and a folder of photos.
    pub const SCHOOL: &str = include_str!("../samples/school.toml");
}

/// Tells the present moment. Tests fix it.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;
