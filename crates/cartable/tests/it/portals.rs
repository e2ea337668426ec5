//! Portals at the command line: signing in through them, listing them, adding one.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails as a test does")]

use std::fs;
use std::path::Path;
use std::process::Command;

use emulator::portals::{BIRTH_DATE, PASSWORD};
use serde_json::{Value, json};

use crate::command::{Ran, cartable, typed};
use crate::running::{Running, exchange};

/// A portal of Skolengo, with EduConnect behind it.
const PORTAL: &str = "ac-reims";

/// Running portals, and a data folder to sign in through them with.
struct Portals {
    emulator: Running,
    folder: tempfile::TempDir,
}

impl Portals {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("authority.pem");
        let options = ["emulator", "--listen", "127.0.0.1:0", "--portals", "--clock", "2026-11-23T10:00:00"];
        let emulator = Running::start(&[&options[..], &["--portals-authority", authority.to_str().unwrap()]].concat());
        Portals { emulator, folder }
    }

    /// The data folder.
    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// What the emulator said after a word.
    fn said(&self, word: &str) -> &str {
        self.emulator.said.iter().find_map(|line| line.strip_prefix(word)).unwrap().trim()
    }

    fn school(&self) -> String {
        self.said("schools: ").replace("PORTAL", PORTAL)
    }

    /// Runs the binary, for which every name leads to the emulator.
    fn run(&self, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Ran {
        self.run_by(Command::new(env!("CARGO_BIN_EXE_cartable")).args(arguments), input, variables)
    }

    /// The same, where something else runs the binary.
    fn run_by(&self, command: &mut Command, input: &str, variables: &[(&str, &str)]) -> Ran {
        let detour = format!("{},{}", self.emulator.place(), self.said("authority: "));
        command
            .env_clear()
            .env("CARTABLE_DATA", self.data())
            .env("CARTABLE_DETOUR", detour)
            .env("CARTABLE_PACE_SECONDS_PER_CALL", "0")
            .envs(variables.iter().copied());
        typed(command, input)
    }

    /// Signs in, with lines typed.
    fn log_in(&self, login: &str, more: &[&str], input: &str) -> Ran {
        let school = self.school();
        let base = ["pronote", "login", "--url", &school, "--username", login, "--password-stdin"];
        self.run(&[&base[..], more].concat(), input, &[])
    }

    /// Tells the emulator what to do, or asks what it saw.
    fn control(&self, request: &str) -> Value {
        let place = self.said("control: ").trim_start_matches("http://").trim_end_matches('/');
        let (status, body) = exchange(place, &format!("{request} HTTP/1.1\r\n"), "");
        assert!((200..300).contains(&status), "{request}: {status} {body}");
        serde_json::from_str(&body).unwrap_or_default()
    }

    /// How often a password went out, by a client that did nothing wrong.
    fn passwords(&self) -> usize {
        assert_eq!(self.control("GET /violations"), json!([]));
        let journal = self.control("GET /journal");
        journal.as_array().unwrap().iter().filter(|visit| visit["holds_password"] == true).count()
    }
}

#[test]
fn the_password_is_needed_once_and_the_profile_opens_from_then_on() {
    let portals = Portals::start();
    let said = portals.log_in("eleve.ok", &["--ent", PORTAL], &format!("{PASSWORD}\n")).done();
    assert!(said.contains("kept as profile `default`"), "{said}");
    for _ in 0..2 {
        portals.run(&["pronote", "user"], "", &[]).done();
    }
    assert_eq!(portals.passwords(), 1);
    let profiles = portals.run(&["pronote", "profiles", "--json"], "", &[]).json();
    assert_eq!(profiles["data"][0]["portal"]["portal"], PORTAL);
    let shown = portals.run(&["pronote", "profiles"], "", &[]).done();
    assert!(shown.lines().any(|line| line.contains("eleve.ok") && line.contains(PORTAL)), "{shown}");
}

#[test]
fn the_portal_is_found_when_none_is_named() {
    let portals = Portals::start();
    portals.log_in("eleve.ok", &["--ent"], &format!("{PASSWORD}\n")).done();
    portals.control(&format!("POST /school?portal={PORTAL}&mode=portal-only"));
    let ran = portals.log_in("eleve.ok", &[], &format!("{PASSWORD}\n"));
    assert!(ran.err.contains("this goes through its portal"), "{}", ran.err);
    ran.done();
    assert_eq!(portals.passwords(), 2);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "a terminal is made by `script` as Linux has it")]
fn a_school_whose_portal_may_be_one_of_several_is_for_the_person_to_tell() {
    let portals = Portals::start();
    let school = portals.school().replace(PORTAL, "ac-toulouse");
    let arguments = ["pronote", "login", "--ent", "--url", &school, "--username", "eleve.ok"];
    let variables = [("CARTABLE_PRONOTE_PASSWORD", PASSWORD)];
    let nobody = portals.run(&arguments, "2\n", &variables);
    assert!(nobody.code != 0 && nobody.err.contains("ac-montpellier, ac-toulouse"), "{}", nobody.err);

    let line = format!("{} {}", env!("CARGO_BIN_EXE_cartable"), arguments.join(" "));
    let said = portals.run_by(Command::new("script").args(["-qec", &line, "/dev/null"]), "7\n2\n", &variables).done();
    assert!(said.contains("2 ac-toulouse: Académie de Toulouse") && said.contains("Signed in"), "{said}");
    let profiles = portals.run(&["pronote", "profiles", "--json"], "", &[]).json();
    assert_eq!(profiles["data"][0]["portal"]["portal"], "ac-toulouse");
    assert_eq!(portals.passwords(), 1);
}

#[test]
fn what_the_portal_asks_is_answered_on_the_next_line() {
    let portals = Portals::start();
    let date = format!("{}/{}/{}", &BIRTH_DATE[..2], &BIRTH_DATE[2..4], &BIRTH_DATE[4..]);
    portals.log_in("naissance", &["--ent", PORTAL], &format!("{PASSWORD}\n{date}\n")).done();
    let unanswered = portals.log_in("naissance", &["--ent", PORTAL], &format!("{PASSWORD}\n"));
    assert!(unanswered.code == 4 && unanswered.err.contains("date of birth"), "{}", unanswered.err);
}

#[test]
fn a_wrong_password_is_told_with_its_site_and_never_sent_again() {
    let portals = Portals::start();
    let refused = portals.log_in("faux.mdp", &["--ent", PORTAL], "faux-mot\n");
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(
        refused.err.contains("educonnect.education.gouv.fr") && !refused.err.contains("faux-mot"),
        "{}",
        refused.err
    );
    let again = portals.log_in("faux.mdp", &["--ent", PORTAL], "faux-mot\n");
    assert_eq!((again.code, portals.passwords()), (6, 1), "{}", again.err);
    assert!(refused.err.contains("is it a guardian's? Then: --space parent."), "{}", refused.err);
    assert!(again.err.contains("--again"), "{}", again.err);
}

#[test]
fn what_is_no_password_is_never_sent() {
    let portals = Portals::start();
    let long = "x".repeat(5000);
    for input in ["", "\n", "\nmotdepasse-test\n", &long] {
        let ran = portals.log_in("eleve.ok", &["--ent", PORTAL], input);
        assert_eq!(ran.code, 2, "{}", ran.err);
    }
    let nobody = portals.log_in(" ", &["--ent", PORTAL], &format!("{PASSWORD}\n"));
    assert!(nobody.code == 2 && nobody.err.contains("no login"), "{}", nobody.err);
    assert_eq!(portals.passwords(), 0);
    assert_eq!(portals.control("GET /journal"), json!([]), "nobody was asked for anything");
}

#[test]
fn a_portal_that_cannot_be_used_is_told_before_a_password_is_asked_for() {
    let portals = Portals::start();
    add(&portals.data(), "bad.toml", "schema = 1\n[[portal]]\nid = \"bad\"\nextends = \"nothing\"\n");
    for (id, code, expected) in [
        ("AC-REIMS", 8, "there is no portal `AC-REIMS`\nGive an identifier, as `cartable pronote portals`"),
        ("portail-famille", 4, "`ac-orleans-tours` replaces it"),
        ("somme-extranet", 4, "safely\nSign in with a QR code"),
        ("bad", 8, "warning: "),
    ] {
        let ran = portals.log_in("eleve.ok", &["--ent", id], "");
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
    // By its name too; it is kept by its identifier.
    portals.log_in("eleve.ok", &["--ent", "académie de reims"], &format!("{PASSWORD}\n")).done();
    let profiles = portals.run(&["pronote", "profiles", "--json"], "", &[]).json();
    assert_eq!(profiles["data"][0]["portal"]["portal"], PORTAL);
}

#[test]
fn what_is_logged_names_the_portal_s_hosts_and_neither_school_nor_person() {
    let portals = Portals::start();
    let ran = portals.log_in("eleve.ok", &["--ent", PORTAL, "--log", "trace"], &format!("{PASSWORD}\n"));
    assert!(ran.err.contains("cas.monbureaunumerique.fr") && ran.err.contains("the school"), "{}", ran.err);
    for secret in [PASSWORD, "eleve.ok", "pronote.test", "Fanny", "PARENT", "ticket=", "SAMLResponse", "identifiant="] {
        assert!(!ran.err.contains(secret), "{secret}: {}", ran.err);
    }
    ran.done();
}

#[test]
fn r16_a_password_of_the_environment_is_warned_of() {
    let portals = Portals::start();
    let school = portals.school();
    let arguments = ["pronote", "login", "--url", &school, "--username", "eleve.ok", "--ent", PORTAL];
    let ran = portals.run(&arguments, "", &[("CARTABLE_PRONOTE_PASSWORD", PASSWORD)]);
    assert!(ran.err.contains("warning: the portal's password") && !ran.err.contains(PASSWORD), "{}", ran.err);
    ran.done();
    // The same where the portal was not asked for.
    portals.control(&format!("POST /school?portal={PORTAL}&mode=portal-only"));
    let ran = portals.run(&arguments[..6], "", &[("CARTABLE_PRONOTE_PASSWORD", PASSWORD)]);
    assert!(ran.err.contains("this goes through its portal"), "{}", ran.err);
    assert!(ran.err.contains("warning: the portal's password") && !ran.err.contains(PASSWORD), "{}", ran.err);
    ran.done();
}

#[test]
fn the_way_is_shown_without_a_password() {
    let portals = Portals::start();
    let school = portals.school();
    let said = portals.run(&["pronote", "portals", "check", PORTAL, "--url", &school], "", &[]).done();
    for expected in ["Portal `ac-reims`", "cas.monbureaunumerique.fr", "educonnect.education.gouv.fr", "j_password"] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    assert!(!said.contains('?'), "no query is shown: {said}");
    let found = portals.run(&["pronote", "portals", "check", "--url", &school, "--json"], "", &[]).json();
    assert_eq!(found["data"]["reached"], "login form");
    assert_eq!(portals.passwords(), 0);
    let listed = portals.run(&["pronote", "portals", "--host", &school, "--json"], "", &[]).json();
    assert!(!listed["data"].as_array().unwrap().is_empty());
    let wrong = portals.run(&["pronote", "portals", "check", "ac-lyon", "--url", &school], "", &[]);
    assert!(wrong.code == 4 && wrong.err.contains("portals --host cas.monbureaunumerique.fr"), "{}", wrong.err);
    let host = school.trim_start_matches("https://").trim_end_matches("/pronote/");
    let said = portals.run(&["pronote", "portals", "--host", host], "", &[]).done();
    assert!(said.contains("The address of a school"), "{said}");
}

#[test]
fn portals_are_listed_and_looked_up_without_asking_anybody() {
    let data = tempfile::tempdir().unwrap();
    let list = |more: &[&str]| {
        let arguments = [&["pronote", "portals", "--json"], more].concat();
        let rows = cartable(data.path(), &arguments).json()["data"].clone();
        let ids = rows.as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned());
        ids.collect::<Vec<_>>()
    };
    assert!(list(&[]).len() > 60);
    assert!(list(&["lyon"]).contains(&"ac-lyon".to_owned()));
    assert_eq!(list(&["no-such-portal"]), Vec::<String>::new());
    let shared = ["ac-nancy-metz", "ac-reims", "ac-strasbourg", "monbureaunumerique-educonnect"];
    assert_eq!(list(&["--host", "cas.monbureaunumerique.fr"]), shared);
    assert_eq!(list(&["--host", "https://www.atrium-sud.fr/connexion/login"]), ["atrium-sud"]);
    assert!(cartable(data.path(), &["pronote", "portals", "portail"]).done().contains("retired: use ac-orleans-tours"));
}

fn add(data: &Path, file: &str, text: &str) {
    fs::create_dir_all(data.join("portals.d")).unwrap();
    fs::write(data.join("portals.d").join(file), text).unwrap();
}

#[test]
fn a_portal_that_was_added_is_confirmed_once() {
    let portals = Portals::start();
    add(
        &portals.data(),
        "ours.toml",
        "schema = 1\n[[portal]]\nid = \"ours\"\nextends = \"monbureaunumerique-educonnect\"\ndisplay = \"Ours\"\n",
    );
    let log_in = || portals.log_in("eleve.ok", &["--ent", "ours"], &format!("{PASSWORD}\n"));
    let refused = log_in();
    assert!(refused.code == 3 && refused.err.contains("educonnect.education.gouv.fr"), "{}", refused.err);
    assert!(refused.err.contains("cartable pronote portals trust ours"), "{}", refused.err);
    assert_eq!(portals.passwords(), 0);
    portals.run(&["pronote", "portals", "trust", "ours"], "", &[]).done();
    log_in().done();
    assert_eq!(portals.passwords(), 1);
}

#[test]
fn what_is_wrong_with_a_portal_that_was_added_is_told_with_its_line() {
    let data = tempfile::tempdir().unwrap();
    add(data.path(), "a.toml", "schema = 1\n[[portal]]\nid = \"good\"\nextends = \"monbureaunumerique-educonnect\"\n");
    add(
        data.path(),
        "b.toml",
        "schema = 1\n[[portal]]\nid = \"bad\"\nextends = \"monbureaunumerique-educonnect\"\nscript = \"rm\"\n",
    );
    let ran = cartable(data.path(), &["check"]);
    assert!(ran.code == 3 && ran.err.contains("b.toml:5:"), "{}", ran.err);
    assert!(ran.out.contains("Portal `good` of "), "{}", ran.out);
    let listed = cartable(data.path(), &["pronote", "portals", "good"]);
    assert!(listed.err.contains("warning: ") && listed.out.contains("not confirmed"), "{} {}", listed.out, listed.err);
}
