//! Someone who types commands at an invented school.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::school::School;

/// The time at which most stories begin: a Tuesday morning.
pub(crate) const CLOCK: [&str; 2] = ["--clock", "2026-11-17T10:00:00"];

/// A person with an account, and a folder of their own.
pub(crate) struct Person {
    pub(crate) school: School,
    pub(crate) folder: tempfile::TempDir,
    login: &'static str,
    space: &'static str,
}

impl Person {
    /// The pupil of the demonstration.
    pub(crate) fn pupil() -> Self {
        Self::of("demonstration", "student", &[])
    }

    /// The mother of two of the demonstration.
    pub(crate) fn parent() -> Self {
        Self::of("demonstration", "parent", &[])
    }

    /// Someone else, at a school started with more options.
    pub(crate) fn of(login: &'static str, space: &'static str, options: &[&str]) -> Self {
        let school = School::start(&[&CLOCK[..], options].concat());
        Person { school, folder: tempfile::tempdir().unwrap(), login, space }
    }

    /// Runs `cartable pronote …` in the person's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cartable"))
            .args(["--data", "data", "pronote"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CARTABLE_PRONOTE_URL", &self.school.url)
            .env("CARTABLE_PRONOTE_USERNAME", self.login)
            .env("CARTABLE_PRONOTE_PASSWORD", "pronotevs")
            .env("CARTABLE_PRONOTE_SPACE", self.space)
            .env_remove("CARTABLE_PRONOTE_PROFILE")
            .output()
            .unwrap()
    }

    /// What a command prints, when it succeeds.
    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The JSON a command prints.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.says(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// The things on a page.
    pub(crate) fn list(&self, arguments: &[&str]) -> Vec<Value> {
        self.json(arguments)["data"].as_array().unwrap().clone()
    }

    /// The identifier of the first thing on a page for which that holds.
    pub(crate) fn id(&self, arguments: &[&str], holds: impl Fn(&Value) -> bool) -> String {
        let list = self.list(arguments);
        list.iter().find(|thing| holds(thing)).unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Asserts that a command fails with that exit code, and gives what it says.
    pub(crate) fn fails(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    /// A path in the person's folder.
    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// Every file below a folder, by its name from there, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}
