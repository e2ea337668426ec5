//! The commands that need no account: emulator, decode, find, completions, man.

use crate::command::{cartable, typing};
use crate::running::Running;
use crate::school::School;

#[test]
fn the_emulator_says_one_line_when_it_is_ready_and_ends_cleanly() {
    let school = Running::start(&["emulator", "--listen", "127.0.0.1:0", "--profile", "g26", "--encrypt"]);
    let [said] = &school.said[..] else { panic!("{:?}", school.said) };
    let url = said.strip_prefix("emulator ready: ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && url.ends_with("/pronote/"), "{url}");
    assert_eq!(school.end("-INT"), Some(0));
}

#[test]
fn a_school_can_be_written_changed_and_served() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("school.toml");
    let path = file.to_str().unwrap();
    cartable(data.path(), &["emulator", "--write-school", path]).done();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("Collège Cartable", "Collège de la Mer", 1)).unwrap();
    let school = School::start(&["--school", path]);
    let told = cartable(data.path(), &["pronote", "instance", "--url", &school.url, "--json"]).json();
    assert_eq!(told["data"]["name"], "Collège de la Mer");

    std::fs::write(&file, "name = 3").unwrap();
    let wrong = cartable(data.path(), &["emulator", "--school", path]);
    assert_eq!(wrong.code, 3);
    assert!(wrong.err.contains("line 1"), "{}", wrong.err);
}

#[test]
fn schools_near_a_place_are_found() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let directory = school.url.replace("pronote/", "swie/geoloc.php");
    let find = |latitude: &str, longitude: &str| {
        let place = ["--lat", latitude, "--lon", longitude, "--directory", &directory, "--json"];
        cartable(data.path(), &[&["pronote", "find"][..], &place].concat())
    };
    assert_eq!(find("48.85", "2.35").json()["data"][0]["name"], "Collège Cartable");
    assert_eq!(find("-33.86", "151.2").json()["data"], serde_json::json!([]), "nothing there");
    assert_eq!(find("91", "0").code, 2);
}

#[test]
fn a_captured_answer_is_decoded_with_what_could_not_be_read() {
    let data = tempfile::tempdir().unwrap();
    let answer = r#"{"data":{"General":{"PremierLundi":{"_T":7,"V":"01/09/2025"},"NomEtablissement":[]}}}"#;
    let decode = |arguments: &[&str], text| typing(data.path(), &[&["pronote", "decode"], arguments].concat(), text);
    let decoded = decode(&["FonctionParametres", "-", "--json"], answer).json();
    assert_eq!(decoded["data"]["first_monday"], "2025-09-01");
    assert!(decoded["diagnostics"][0]["path"].as_str().unwrap().contains("NomEtablissement"));

    let unknown = decode(&["PageInconnue", "-"], answer);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("PageEmploiDuTemps (tab 16)"), "{}", unknown.err);
    assert_eq!(decode(&["FonctionParametres", "-"], "<html>").code, 3);
    assert_eq!(decode(&["FonctionParametres", "-"], "[]").code, 7);
    assert_eq!(decode(&["FonctionParametres", "missing.json"], "").code, 3);
}

#[test]
fn any_function_can_be_asked_and_none_that_changes_something_unasked() {
    let (school, data) = (School::start(&[]), tempfile::tempdir().unwrap());
    let sign_in = ["pronote", "login", "--url", &school.url, "--username", "demonstration", "--password-stdin"];
    typing(data.path(), &sign_in, "pronotevs").done();
    let request = |arguments: &[&str]| cartable(data.path(), &[&["pronote", "request"], arguments].concat());
    let answer = request(&["PageMenus", r#"{"date":{"_T":7,"V":"23/11/2026"}}"#, "--tab", "10"]).json();
    assert!(answer["data"].is_object());
    let unasked = request(&["SaisieTAFFaitEleve", "--tab", "88"]);
    assert!(unasked.code == 2 && unasked.err.contains("Add --write"), "{}", unasked.err);
    assert_eq!(request(&["PageMenus", "{", "--tab", "10"]).code, 2);
    assert_eq!(request(&["PageInconnue"]).code, 4, "the server denies what it does not know");
}

#[test]
fn completions_and_man_pages_know_every_command() {
    let data = tempfile::tempdir().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = cartable(data.path(), &["completions", shell]).done();
        assert!(script.contains("timetable") && script.contains("diagnose"), "{shell}");
    }
    let man = data.path().join("man");
    cartable(data.path(), &["man", man.to_str().unwrap()]).done();
    let page = std::fs::read_to_string(man.join("cartable-pronote-login.1")).unwrap();
    assert!(page.contains("keep\\-password"), "{page}");
}

#[test]
fn help_documents_the_exit_codes() {
    let data = tempfile::tempdir().unwrap();
    let help = cartable(data.path(), &["--help"]).done();
    assert!(help.contains("Exit codes:") && help.contains("4  refused"), "{help}");
    assert_eq!(cartable(data.path(), &["nonsense"]).code, 2);
}
